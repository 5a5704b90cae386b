//! Extensions, foreign data, event triggers, publications, subscriptions.

use super::access::{self, dress, role};
use super::builder::{Builder, Shape, ident, literal, names};
use super::genes::Gene;

/// Wrappers, servers and user mappings, before foreign tables.
pub(super) fn foreign_servers(b: &mut Builder<'_>) {
    if !b.root.both("foreign", 25) {
        return;
    }
    let gene = b.root.at("foreign");
    let options = |gene: &Gene<'_>| match gene.chance("options", 50) {
        true => format!(
            " OPTIONS (host {}{})",
            literal(gene.pick("host", &["h", "i'j"])),
            if gene.chance("second", 50) { ", port '1'" } else { "" }
        ),
        false => String::new(),
    };
    let mut wrappers = Vec::new();
    for bare in ["wrap", "Odd wrap"] {
        let gene = gene.at(bare);
        if gene.chance("is", 75) {
            let name = ident(bare);
            b.say(format!("CREATE FOREIGN DATA WRAPPER {name}{}", options(&gene)));
            access::comment(b, &gene, "FOREIGN DATA WRAPPER", &name);
            access::grant(b, &gene, "FOREIGN DATA WRAPPER", &name, "USAGE");
            wrappers.push(name);
        }
    }
    for bare in ["far", "Away"] {
        let gene = gene.at(bare);
        let Some(wrapper) = gene.choose("wrapper", &wrappers, Clone::clone) else { return };
        if !gene.chance("is", 75) {
            continue;
        }
        let name = ident(bare);
        let version = gene.pick("version", &["", " VERSION '1'", " VERSION '2'"]);
        let kind = gene.pick("type", &["", "", "", " TYPE 'x'"]);
        b.say(format!(
            "CREATE SERVER {name}{kind}{version} FOREIGN DATA WRAPPER {wrapper}{}",
            options(&gene)
        ));
        dress(b, &gene, "SERVER", &name, "USAGE");
        b.servers.push(bare.to_owned());
        for (n, who) in ["PUBLIC", "CURRENT_USER"].iter().enumerate() {
            let gene = gene.at("mapping").at(n);
            if gene.chance("is", 40) {
                let own = if gene.chance("options", 50) { " OPTIONS (user 'u')" } else { "" };
                b.say(format!("CREATE USER MAPPING FOR {who} SERVER {name}{own}"));
            }
        }
        if gene.chance("mapped", 30) {
            let who = role(&gene, "who");
            b.say(format!("CREATE USER MAPPING FOR {who} SERVER {name}"));
        }
    }
}

/// What comes last.
pub(super) fn all(b: &mut Builder<'_>) {
    if let Some(gene) = b.has("extensions", 15) {
        extensions(b, &gene);
    }
    if let Some(gene) = b.has("event_triggers", 15) {
        event_triggers(b, &gene);
    }
    if let Some(gene) = b.has("publications", 30) {
        for n in 0..2 {
            publication(b, &gene.at(n));
        }
    }
    if let Some(gene) = b.has("subscriptions", 6) {
        subscription(b, &gene);
    }
}

fn extensions(b: &mut Builder<'_>, gene: &Gene<'_>) {
    for name in ["pg_trgm", "citext"] {
        let gene = gene.at(name);
        if gene.chance("is", 60) {
            let schema = gene.choose("schema", &b.schemas, Clone::clone).unwrap();
            let sql = format!("CREATE EXTENSION {name} WITH SCHEMA {schema}");
            b.say(sql);
        }
    }
}

fn event_triggers(b: &mut Builder<'_>, gene: &Gene<'_>) {
    if !gene.chance("function", 80) || b.take("routine", "public.on_event()").is_none() {
        return;
    }
    b.say("CREATE FUNCTION public.on_event() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$");
    for bare in ["watch", "Odd watch"] {
        let gene = gene.at(bare);
        if !gene.chance("is", 60) {
            continue;
        }
        let event = gene.pick("event", &["ddl_command_end", "sql_drop"]);
        // In the order of the alphabet, in which a plan writes them.
        let tags = match event {
            "ddl_command_end" if gene.chance("tags", 50) => " WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE')",
            _ => "",
        };
        let name = ident(bare);
        b.say(format!("CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION public.on_event()"));
        if gene.chance("enabled", 25) {
            let how = gene.pick("how", &["DISABLE", "ENABLE ALWAYS"]);
            b.say(format!("ALTER EVENT TRIGGER {name} {how}"));
        }
        access::comment(b, &gene, "EVENT TRIGGER", &name);
    }
}

fn publication(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let name = ident(gene.pick("name", &["news", "Odd news"]));
    b.take("publication", &name)?;
    let tables: Vec<_> =
        b.relations.iter().filter(|one| one.is_table() && !one.is_unlogged).cloned().collect();
    let via_root = gene.chance("root", 30);
    let mut parts = Vec::new();
    let has_schema = gene.chance("schemas", 20);
    let is_all = gene.chance("all", 10);
    if has_schema && !is_all {
        parts.push(format!("TABLES IN SCHEMA {}", gene.choose("schema", &b.schemas, Clone::clone)?));
    }
    for table in tables.iter().filter(|_| !is_all) {
        let gene = gene.at(&table.gene_path);
        if !gene.chance("is", 40) {
            continue;
        }
        let mut text = format!(
            "TABLE {}",
            if table.shape == Shape::Table { format!("ONLY {}", table.name) } else { table.name.clone() }
        );
        let plain: Vec<_> = table.columns.iter().filter(|one| one.is_plain).cloned().collect();
        let may_pick = via_root || table.shape == Shape::Table;
        if !has_schema && may_pick && gene.chance("columns", 25) {
            let mut some = gene.some("list", &plain, 3, |one| one.name.clone());
            some.sort_by_key(|one| plain.iter().position(|it| it.name == one.name));
            text.push_str(&format!(" ({})", names(&some)));
        }
        let simple: Vec<_> = plain.iter().filter(|one| !one.data_type.is_own).cloned().collect();
        if let Some(column) = gene.choose("filter", &simple, |one| one.name.clone())
            && may_pick
            && gene.chance("filtered", 25)
        {
            text.push_str(&format!(" WHERE ({} IS NOT NULL)", ident(&column.name)));
        }
        parts.push(text);
    }
    let what = match is_all {
        true => " FOR ALL TABLES".to_owned(),
        false if parts.is_empty() => String::new(),
        false => format!(" FOR {}", parts.join(", ")),
    };
    let mut options = Vec::new();
    if gene.chance("some", 30) {
        options.push(format!("publish = {}", gene.pick("publish", &["'insert'", "'insert, truncate'"])));
    }
    if via_root {
        options.push("publish_via_partition_root = true".to_owned());
    }
    let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
    b.say(format!("CREATE PUBLICATION {name}{what}{options}"));
    dress(b, gene, "PUBLICATION", &name, "");
    Some(())
}

fn subscription(b: &mut Builder<'_>, gene: &Gene<'_>) {
    if !gene.chance("is", 80) {
        return;
    }
    let name = ident(gene.pick("name", &["feed", "Odd feed"]));
    let publications = gene.pick("publications", &["news", "news, more"]);
    let mut options = vec!["connect = false".to_owned(), "slot_name = NONE".to_owned()];
    for (option, percent) in [("binary = true", 20), ("streaming = on", 20), ("disable_on_error = true", 20)]
    {
        if gene.chance(option, percent) {
            options.push(option.to_owned());
        }
    }
    b.say(format!(
        "CREATE SUBSCRIPTION {name} CONNECTION 'host=nowhere.invalid dbname=x' PUBLICATION {publications} WITH ({})",
        options.join(", ")
    ));
    dress(b, gene, "SUBSCRIPTION", &name, "");
}
