//! Types: those of the server, enums, domains, composites, ranges; collations.

use super::access::{self, dress};
use super::builder::{Builder, ident, literal};
use super::genes::Gene;

/// What is asked of a type.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Class {
    Number,
    Text,
    Range,
    Enum,
    /// A composite.
    Row,
    Other,
}

/// A type.
#[derive(Clone)]
pub(super) struct Type {
    pub(super) sql: String,
    pub(super) class: Class,
    /// Constants of it, without a cast.
    pub(super) literals: Vec<String>,
    pub(super) is_sortable: bool,
    pub(super) is_own: bool,
    pub(super) is_domain: bool,
}

/// The server's own: name, class, constants.
const BUILT_IN: [(&str, Class, &[&str]); 22] = [
    ("integer", Class::Number, &["0", "1", "-7"]),
    ("bigint", Class::Number, &["0", "42"]),
    ("smallint", Class::Number, &["0", "3"]),
    ("integer", Class::Number, &["5", "1"]),
    ("numeric(10,2)", Class::Number, &["0", "1.50"]),
    ("numeric", Class::Number, &["0", "2.25"]),
    ("double precision", Class::Number, &["0", "1.5"]),
    ("text", Class::Text, &["''", "'a'", "'it''s'"]),
    ("text", Class::Text, &["'x'", "'b'"]),
    ("character varying(20)", Class::Text, &["'a'", "'b'"]),
    ("character varying(40)", Class::Text, &["'a'", "'c'"]),
    ("character(3)", Class::Text, &["'abc'", "'x'"]),
    ("boolean", Class::Other, &["true", "false"]),
    ("date", Class::Other, &["'2024-01-02'", "CURRENT_DATE"]),
    ("timestamp without time zone", Class::Other, &["'2024-01-02 03:04:05'", "LOCALTIMESTAMP"]),
    ("timestamp with time zone", Class::Other, &["now()", "'2024-01-02 03:04:05+00'"]),
    ("interval", Class::Other, &["'1 day'", "'02:00:00'"]),
    ("jsonb", Class::Other, &["'{}'", "'[1, 2]'"]),
    ("uuid", Class::Other, &["gen_random_uuid()", "'00000000-0000-0000-0000-000000000001'"]),
    ("integer[]", Class::Other, &["'{}'", "'{1,2}'", "ARRAY[1, 2]"]),
    ("text[]", Class::Other, &["'{}'", "ARRAY['a', 'b']"]),
    ("int4range", Class::Range, &["'[1,5)'", "'empty'"]),
];

const LABELS: [&str; 6] = ["low", "mid", "high", "it's", "Top", "none"];
const NAMES: [&str; 7] = ["mood", "kind", "Odd Type", "amount", "pair", "users", "span"];

/// A type for a column.
pub(super) fn any(b: &Builder<'_>, gene: &Gene<'_>) -> Type {
    if !b.types.is_empty() && gene.chance("own_type", 25) {
        let it = gene.choose("type", &b.types, |one| one.sql.clone()).unwrap();
        // PostgreSQL checks no new rule of a domain where it is an array's or a composite's.
        if !it.is_domain && gene.chance("array", 12) {
            let literals = vec!["'{}'".to_owned()];
            return Type { sql: format!("{}[]", it.sql), class: Class::Other, literals, ..it.clone() };
        }
        return it.clone();
    }
    built_in(gene)
}

/// A type of the server.
pub(super) fn built_in(gene: &Gene<'_>) -> Type {
    let (sql, class, literals) = gene.pick("built_in", &BUILT_IN);
    let literals = literals.iter().map(|one| (*one).to_owned()).collect();
    Type { sql: sql.to_owned(), class, literals, is_sortable: true, is_own: false, is_domain: false }
}

impl Type {
    /// A constant.
    pub(super) fn literal(&self, gene: &Gene<'_>, name: &str) -> String {
        gene.choose(name, &self.literals, Clone::clone).cloned().unwrap_or_else(|| "NULL".to_owned())
    }

    /// A constant that does not depend on the moment, with its type.
    pub(super) fn constant(&self, gene: &Gene<'_>, name: &str) -> String {
        let fixed: Vec<String> = self
            .literals
            .iter()
            .filter(|one| !one.contains("()") && !one.contains("CURRENT") && !one.contains("LOCAL"))
            .cloned()
            .collect();
        let text = gene.choose(name, &fixed, Clone::clone).cloned().unwrap_or_else(|| "NULL".to_owned());
        format!("({text})::{}", self.sql)
    }
}

/// Collations and types.
pub(super) fn all(b: &mut Builder<'_>) {
    if let Some(gene) = b.has("collations", 20) {
        for n in 0..2 {
            collation(b, &gene.at(n));
        }
    }
    if let Some(gene) = b.has("types", 70) {
        for n in 0..5 {
            one(b, &gene.at(n));
        }
    }
}

fn collation(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 70) {
        return None;
    }
    let (schema, bare) = b.place(gene, "collation", &["plain", "Sorted"])?;
    let name = format!("{schema}.{}", ident(&bare));
    let how = gene.pick(
        "how",
        &[
            "provider = libc, locale = 'C'",
            "provider = libc, locale = 'POSIX'",
            "provider = builtin, locale = 'C'",
            "provider = builtin, locale = 'C.UTF-8'",
        ],
    );
    b.say(format!("CREATE COLLATION {name} ({how})"));
    dress(b, gene, "COLLATION", &name, "");
    b.collations.push(name);
    Some(())
}

fn one(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let (schema, bare) = b.place(gene, "relation", &NAMES)?;
    let name = format!("{schema}.{}", ident(&bare));
    let (made, word) = match gene.below("what", 10) {
        0..=3 => (enumeration(b, gene, &name), "TYPE"),
        4..=6 => (domain(b, gene, &name), "DOMAIN"),
        7..=8 => (composite(b, gene, &name), "TYPE"),
        _ => (range(b, gene, &name, &schema, &bare)?, "TYPE"),
    };
    dress(b, gene, word, &name, "USAGE");
    b.types.push(made);
    Some(())
}

fn enumeration(b: &mut Builder<'_>, gene: &Gene<'_>, name: &str) -> Type {
    let mut labels: Vec<&str> = LABELS.to_vec();
    labels.retain(|label| gene.chance(format!("has {label}"), 60));
    if labels.is_empty() {
        labels.push("only");
    }
    if gene.chance("swaps", 15) {
        labels.reverse();
    }
    let literals: Vec<String> = labels.iter().map(|label| literal(label)).collect();
    b.say(format!("CREATE TYPE {name} AS ENUM ({})", literals.join(", ")));
    Type {
        sql: name.to_owned(),
        class: Class::Enum,
        literals,
        is_sortable: true,
        is_own: true,
        is_domain: false,
    }
}

fn domain(b: &mut Builder<'_>, gene: &Gene<'_>, name: &str) -> Type {
    // A range type cannot be made anew beside itself, so nothing but columns may be of it.
    let base = any(b, &gene.at("base"));
    let base = if base.is_own && base.class == Class::Range { built_in(gene) } else { base };
    let mut sql = format!("CREATE DOMAIN {name} AS {}", base.sql);
    if base.class == Class::Text && !b.collations.is_empty() && !base.is_own && gene.chance("collated", 20) {
        sql.push_str(&format!(" COLLATE {}", gene.choose("collation", &b.collations, Clone::clone).unwrap()));
    }
    if gene.chance("default", 30) {
        sql.push_str(&format!(" DEFAULT {}", base.literal(gene, "value")));
    }
    if gene.chance("not_null", 15) {
        sql.push_str(" NOT NULL");
    }
    b.say(sql);
    for n in 0..2 {
        let gene = gene.at("check").at(n);
        if gene.chance("is", 35) {
            let check = condition(&gene, "VALUE", &base);
            let check_name = gene.pick("name", &["limits", "Other rule", "checked"]);
            let constraint = ident(check_name);
            if b.take(&format!("check {name}"), &constraint).is_none() {
                continue;
            }
            let not_valid = if gene.chance("not_valid", 15) { " NOT VALID" } else { "" };
            b.say(format!("ALTER DOMAIN {name} ADD CONSTRAINT {constraint} CHECK ({check}){not_valid}"));
            access::comment(b, &gene, "CONSTRAINT", &format!("{constraint} ON DOMAIN {name}"));
        }
    }
    // A domain over a composite is none itself.
    let class = if base.class == Class::Row { Class::Other } else { base.class };
    Type { sql: name.to_owned(), is_own: true, is_domain: true, class, ..base }
}

/// A condition on a value of a type that its constants meet.
pub(super) fn condition(gene: &Gene<'_>, value: &str, data_type: &Type) -> String {
    match data_type.class {
        Class::Number => match gene.below("form", 4) {
            0 => format!("{value} > {}", gene.pick("limit", &["-10", "-100"])),
            1 => format!("{value} BETWEEN -10 AND {}", gene.pick("limit", &["100", "1000"])),
            2 => format!("{value} IN (0, 1, 2, 3, 5, 42, -7, 1.5, 2.25)"),
            _ => format!("abs({value}) < 1000 OR {value} IS NULL"),
        },
        Class::Text => match gene.below("form", 4) {
            0 => format!("length({value}) < {}", gene.pick("limit", &["15", "19"])),
            1 => format!("{value} <> ALL (ARRAY['y', 'z'])"),
            2 => format!("{value} !~ '^z+$'"),
            _ => format!("lower({value}) = lower({value}) AND NOT {value} = 'q'"),
        },
        _ => format!("{value} IS NOT NULL OR {}", gene.pick("limit", &["1 = 1", "true", "2 > 1"])),
    }
}

fn composite(b: &mut Builder<'_>, gene: &Gene<'_>, name: &str) -> Type {
    let mut attributes = Vec::new();
    let mut comments = Vec::new();
    for attribute in ["x", "y", "Odd", "order"] {
        let gene = gene.at(attribute);
        if gene.chance("is", 65) || attribute == "x" {
            let data_type = any(b, &gene);
            let is_range = data_type.is_own && data_type.class == Class::Range;
            let data_type = if data_type.is_domain || is_range { built_in(&gene) } else { data_type };
            attributes.push(format!("{} {}", ident(attribute), data_type.sql));
            comments.push((gene, format!("{name}.{}", ident(attribute))));
        }
    }
    b.say(format!("CREATE TYPE {name} AS ({})", attributes.join(", ")));
    for (gene, path) in comments {
        access::comment(b, &gene, "COLUMN", &path);
    }
    Type {
        sql: name.to_owned(),
        class: Class::Row,
        literals: Vec::new(),
        is_sortable: true,
        is_own: true,
        is_domain: false,
    }
}

fn range(b: &mut Builder<'_>, gene: &Gene<'_>, name: &str, schema: &str, bare: &str) -> Option<Type> {
    let (subtype, literal) = gene.pick(
        "subtype",
        &[("numeric", "'[1,5)'"), ("double precision", "'[1,5)'"), ("text", "'[a,b)'"), ("time", "'empty'")],
    );
    let is_named = gene.chance("named", 40);
    let multirange = if is_named { format!("{bare} many") } else { default_multirange(bare) };
    b.take("relation", &format!("{schema}.{multirange}"))?;
    let mut parts = vec![format!("subtype = {subtype}")];
    if subtype == "double precision" && gene.chance("diff", 50) {
        parts.push("subtype_diff = float8mi".to_owned());
    }
    if is_named {
        parts.push(format!("multirange_type_name = {schema}.{}", ident(&multirange)));
    }
    b.say(format!("CREATE TYPE {name} AS RANGE ({})", parts.join(", ")));
    let literals = vec![literal.to_owned()];
    Some(Type {
        sql: name.to_owned(),
        class: Class::Range,
        literals,
        is_sortable: true,
        is_own: true,
        is_domain: false,
    })
}

fn default_multirange(bare: &str) -> String {
    match bare.contains("range") {
        true => bare.replacen("range", "multirange", 1),
        false => format!("{bare}_multirange"),
    }
}
