//! Owners, comments, grants and default privileges.

use super::builder::{Builder, ROLES, ident, literal};
use super::genes::Gene;

/// A role, quoted.
pub(super) fn role(gene: &Gene<'_>, name: &str) -> String {
    ident(gene.pick(name, &ROLES))
}

/// Comment, owner and grants of an object that was just made; `privileges` is empty where it takes none.
pub(super) fn dress(b: &mut Builder<'_>, gene: &Gene<'_>, word: &str, name: &str, privileges: &str) {
    comment(b, gene, word, name);
    if gene.chance("owned", 12) {
        let owner = ident(gene.pick("owner", &ROLES[1..]));
        b.say(format!("ALTER {word} {name} OWNER TO {owner}"));
    }
    grant(b, gene, word, name, privileges);
}

/// Grants, to roles and to everyone, with and without the right to pass them on; and what is revoked.
pub(super) fn grant(b: &mut Builder<'_>, gene: &Gene<'_>, word: &str, name: &str, privileges: &str) {
    if privileges.is_empty() {
        return;
    }
    let list: Vec<&str> = privileges.split(", ").collect();
    // GRANT knows tables only.
    let word = match word {
        "VIEW" | "MATERIALIZED VIEW" | "FOREIGN TABLE" => "TABLE",
        "AGGREGATE" => "FUNCTION",
        "SERVER" => "FOREIGN SERVER",
        _ => word,
    };
    for n in 0..2 {
        let gene = gene.at("grant").at(n);
        if gene.chance("is", 10) {
            let to = if gene.chance("public", 25) { "PUBLIC".to_owned() } else { role(&gene, "to") };
            let some = gene.some("what", &list, list.len(), |one| (*one).to_owned()).join(", ");
            let option = if to != "PUBLIC" && gene.chance("option", 20) { " WITH GRANT OPTION" } else { "" };
            b.say(format!("GRANT {some} ON {word} {name} TO {to}{option}"));
        }
    }
    if gene.chance("revoked", 4) {
        let from = gene.pick("revoked_from", &["PUBLIC", "CURRENT_USER"]);
        b.say(format!("REVOKE ALL ON {word} {name} FROM {from}"));
    }
}

/// A comment.
pub(super) fn comment(b: &mut Builder<'_>, gene: &Gene<'_>, word: &str, name: &str) {
    if gene.chance("commented", 12) {
        let text = literal(gene.pick("comment", &["one", "two's", "three\nlines -- and\n/* more"]));
        b.say(format!("COMMENT ON {word} {name} IS {text}"));
    }
}

/// Default privileges; first of all, so that they take part in what is made.
pub(super) fn defaults(b: &mut Builder<'_>) {
    let Some(gene) = b.has("default_privileges", 10) else { return };
    for n in 0..3 {
        let gene = gene.at(n);
        if !gene.chance("is", 60) {
            continue;
        }
        let (what, privilege) = gene.pick(
            "what",
            &[
                ("TABLES", "SELECT"),
                ("TABLES", "ALL"),
                ("SEQUENCES", "USAGE"),
                ("FUNCTIONS", "EXECUTE"),
                ("TYPES", "USAGE"),
            ],
        );
        let within = match gene.chance("within", 50) {
            true => format!(" IN SCHEMA {}", gene.choose("schema", &b.schemas, Clone::clone).unwrap()),
            false => String::new(),
        };
        // Those of roles that make nothing here.
        let of = format!(" FOR ROLE {}", role(&gene, "of"));
        let to = role(&gene, "to");
        b.say(match within.is_empty() && gene.chance("revoke", 30) {
            true => format!("ALTER DEFAULT PRIVILEGES{of} REVOKE ALL ON {what} FROM PUBLIC"),
            false => format!("ALTER DEFAULT PRIVILEGES{of}{within} GRANT {privilege} ON {what} TO {to}"),
        });
    }
}
