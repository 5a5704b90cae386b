//! Triggers, rules, policies and row security.

use super::access::{self, role};
use super::builder::{Builder, Relation, Shape, ident};
use super::genes::Gene;
use super::types::condition;
use super::views::tables;

/// All of them.
pub(super) fn all(b: &mut Builder<'_>) {
    if let Some(gene) = b.has("triggers", 50) {
        for table in tables(b) {
            for n in 0..2 {
                trigger(b, &gene.at(&table.gene_path).at(n), &table);
            }
        }
        for view in b.relations.clone().iter().filter(|one| one.shape == Shape::View) {
            view_trigger(b, &gene.at(&view.gene_path), view);
        }
    }
    if let Some(gene) = b.has("rules", 25) {
        for table in b.relations.clone().iter().filter(|one| matches!(one.shape, Shape::Table | Shape::View))
        {
            rule(b, &gene.at(&table.gene_path), table);
        }
    }
    if let Some(gene) = b.has("policies", 35) {
        for table in tables(b) {
            policies(b, &gene.at(&table.gene_path), &table);
        }
    }
}

fn trigger(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) -> Option<()> {
    let function = gene.choose("function", &b.trigger_functions, Clone::clone)?.clone();
    if !gene.chance("is", 30) {
        return None;
    }
    let bare = gene.pick("name", &["touch", "Odd one", "zz"]);
    b.take(&format!("trigger {}", table.name), bare)?;
    let is_partitioned = table.shape == Shape::Partitioned;
    let is_constraint = gene.chance("constraint", 15);
    let is_row = is_constraint || gene.chance("row", 70);
    let timing = if is_constraint { "AFTER" } else { gene.pick("timing", &["BEFORE", "AFTER"]) };
    let column = gene.choose("column", &table.columns, |one| one.name.clone())?;
    let mut events = vec![gene.pick("event", &["INSERT", "UPDATE", "DELETE"]).to_owned()];
    if events[0] == "UPDATE" && gene.chance("of", 40) {
        events[0] = format!("UPDATE OF {}", ident(&column.name));
    }
    if events[0] != "INSERT" && gene.chance("also", 30) {
        events.push("INSERT".to_owned());
    }
    let has_tables = timing == "AFTER" && !is_constraint && events.len() == 1 && !events[0].contains(" OF");
    let transition =
        match has_tables && !(is_row && (is_partitioned || table.is_child)) && gene.chance("tables", 20) {
            true if events[0] == "INSERT" => " REFERENCING NEW TABLE AS fresh",
            true => " REFERENCING OLD TABLE AS stale",
            false => "",
        };
    let when = match is_row && events.len() == 1 && gene.chance("when", 25) {
        true if events[0] == "DELETE" => format!(" WHEN (OLD.{} IS NOT NULL)", ident(&column.name)),
        true if !column.is_plain => String::new(),
        true => format!(" WHEN (NEW.{} IS NULL)", ident(&column.name)),
        false => String::new(),
    };
    let word = if is_constraint { "CONSTRAINT TRIGGER" } else { "TRIGGER" };
    let deferred = match is_constraint && gene.chance("deferred", 50) {
        true => " DEFERRABLE INITIALLY DEFERRED",
        false => "",
    };
    let each = if is_row { "ROW" } else { "STATEMENT" };
    let argument = gene.pick("argument", &["", "", "'a'"]);
    let name = ident(bare);
    b.say(format!(
        "CREATE {word} {name} {timing} {} ON {}{deferred}{transition} FOR EACH {each}{when} EXECUTE FUNCTION {function}({argument})",
        events.join(" OR "),
        table.name
    ));
    if gene.chance("enabled", 20) {
        let how = gene.pick("how", &["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]);
        b.say(format!("ALTER TABLE {} {how} TRIGGER {name}", table.name));
    }
    access::comment(b, gene, "TRIGGER", &format!("{name} ON {}", table.name));
    Some(())
}

fn view_trigger(b: &mut Builder<'_>, gene: &Gene<'_>, view: &Relation) -> Option<()> {
    let function = gene.choose("function", &b.trigger_functions, Clone::clone)?.clone();
    if gene.chance("is", 25) {
        let event = gene.pick("event", &["INSERT", "UPDATE", "DELETE"]);
        b.say(format!(
            "CREATE TRIGGER instead INSTEAD OF {event} ON {} FOR EACH ROW EXECUTE FUNCTION {function}()",
            view.name
        ));
    }
    Some(())
}

fn rule(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) -> Option<()> {
    if !gene.chance("is", 30) {
        return None;
    }
    let name = ident(gene.pick("name", &["guard", "Odd rule"]));
    let event = gene.pick("event", &["INSERT", "UPDATE", "DELETE"]);
    let column = ident(&gene.choose("column", &table.columns, |one| one.name.clone())?.name);
    let others = tables(b);
    let action = match gene.choose("other", &others, |one| one.name.clone()) {
        Some(other) if gene.chance("acts", 40) => format!("ALSO DELETE FROM {}", other.name),
        _ => gene.pick("does", &["INSTEAD NOTHING", "ALSO NOTHING"]).to_owned(),
    };
    let filter = match gene.chance("where", 30) {
        true if event == "INSERT" => format!(" WHERE NEW.{column} IS NULL"),
        true => format!(" WHERE OLD.{column} IS NULL"),
        false => String::new(),
    };
    b.say(format!("CREATE RULE {name} AS ON {event} TO {}{filter} DO {action}", table.name));
    if table.shape == Shape::Table && gene.chance("enabled", 15) {
        let how = gene.pick("how", &["DISABLE", "ENABLE ALWAYS"]);
        b.say(format!("ALTER TABLE {} {how} RULE {name}", table.name));
    }
    access::comment(b, gene, "RULE", &format!("{name} ON {}", table.name));
    Some(())
}

fn policies(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) {
    for word in ["ENABLE", "FORCE"] {
        if gene.chance(word, 30) {
            b.say(format!("ALTER TABLE {} {word} ROW LEVEL SECURITY", table.name));
        }
    }
    for bare in ["seen", "Own rows"] {
        let gene = gene.at(bare);
        if !gene.chance("is", 30) {
            continue;
        }
        let Some(column) = gene.choose("column", &table.columns, |one| one.name.clone()) else { continue };
        let text = condition(&gene, &ident(&column.name), &column.data_type);
        let command = gene.pick("for", &["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]);
        let kind = if gene.chance("restrictive", 20) { " AS RESTRICTIVE" } else { "" };
        let to = if gene.chance("to", 40) { format!(" TO {}", role(&gene, "role")) } else { String::new() };
        let using = if command == "INSERT" { String::new() } else { format!(" USING ({text})") };
        let check = match matches!(command, "INSERT")
            || matches!(command, "ALL" | "UPDATE") && gene.chance("check", 40)
        {
            true => format!(" WITH CHECK ({text})"),
            false => String::new(),
        };
        let name = ident(bare);
        b.say(format!("CREATE POLICY {name} ON {}{kind} FOR {command}{to}{using}{check}", table.name));
        access::comment(b, &gene, "POLICY", &format!("{name} ON {}", table.name));
    }
}
