//! Extensions, conversions, text search, statistics, replication, foreign data, default privileges.

use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;

use super::Writer;
use super::access::{self, Grants};
use crate::plan::sql::{address, foreign_options, ident, literal, name, qualified};
use crate::plan::work::Work;
use crate::plan::{Action, Statement};
use crate::{
    Body, Definition, Extension, ForeignDataWrapper, ForeignServer, HIDDEN, ObjectId, Publication, Published,
    Statistics, Subscription, TextSearchConfiguration, UserMapping, collect,
};

type Options = BTreeMap<String, String>;

/// Changes an extension.
pub(super) fn alter_extension(writer: &mut Writer<'_, '_>, old: &Extension, new: &Extension) {
    let alter = format!("ALTER {}", address(writer.id));
    if old.version != new.version {
        writer.alter("version", format!("{alter} UPDATE TO {}", literal(&new.version)));
    }
    if old.schema != new.schema {
        writer.alter("schema", format!("{alter} SET SCHEMA {}", ident(&new.schema)));
    }
}

/// A conversion; the definition of a default one begins with DEFAULT.
pub(super) fn create_conversion(writer: &mut Writer<'_, '_>, it: &Definition) {
    let own = name(writer.id);
    writer.create(match it.definition.strip_prefix("DEFAULT ") {
        Some(rest) => format!("CREATE DEFAULT CONVERSION {own} {rest}"),
        None => format!("CREATE CONVERSION {own} {}", it.definition),
    });
}

/// A text search configuration with its mappings.
pub(super) fn create_configuration(writer: &mut Writer<'_, '_>, it: &TextSearchConfiguration) {
    writer.create(format!("CREATE {} (PARSER = {})", address(writer.id), it.parser));
    for (token, dictionaries) in &it.mappings {
        map_token(writer, "ADD", token, dictionaries);
    }
}

fn map_token(writer: &mut Writer<'_, '_>, word: &str, token: &str, dictionaries: &[String]) {
    let sql = format!(
        "ALTER {} {word} MAPPING FOR {} WITH {}",
        address(writer.id),
        ident(token),
        dictionaries.join(", ")
    );
    writer.alter("mappings", sql);
}

/// Changes the mappings of a text search configuration.
pub(super) fn alter_configuration(
    writer: &mut Writer<'_, '_>,
    old: &TextSearchConfiguration,
    new: &TextSearchConfiguration,
) {
    for token in old.mappings.keys().filter(|token| !new.mappings.contains_key(*token)) {
        let sql = format!("ALTER {} DROP MAPPING FOR {}", address(writer.id), ident(token));
        writer.alter("mappings", sql);
    }
    for (token, dictionaries) in &new.mappings {
        match old.mappings.get(token) {
            None => map_token(writer, "ADD", token, dictionaries),
            Some(before) if before != dictionaries => map_token(writer, "ALTER", token, dictionaries),
            Some(_) => {}
        }
    }
}

/// Extended statistics.
pub(super) fn create_statistics(writer: &mut Writer<'_, '_>, it: &Statistics) {
    writer.create(format!("CREATE {} {}", address(writer.id), it.definition));
    if it.target.is_some() {
        set_target(writer, it.target);
    }
}

/// How many values ANALYZE samples.
pub(super) fn set_target(writer: &mut Writer<'_, '_>, target: Option<i32>) {
    writer.alter("target", format!("ALTER {} SET STATISTICS {}", address(writer.id), target.unwrap_or(-1)));
}

/// A publication.
pub(super) fn create_publication(writer: &mut Writer<'_, '_>, it: &Publication) {
    let what = match (it.all_tables, published(&it.tables, &it.schemas)) {
        (true, _) => " FOR ALL TABLES".to_owned(),
        (false, None) => String::new(),
        (false, Some(list)) => format!(" FOR {list}"),
    };
    writer.create(format!("CREATE {}{what} WITH ({})", address(writer.id), publication_options(it)));
}

fn publication_options(it: &Publication) -> String {
    let mut options = vec![format!("publish = {}", literal(&it.publish.join(", ")))];
    if it.via_root {
        options.push("publish_via_partition_root = true".to_owned());
    }
    options.extend(it.generated_columns.iter().map(|how| format!("publish_generated_columns = {how}")));
    options.join(", ")
}

/// `TABLE a, TABLE b (x) WHERE (y), TABLES IN SCHEMA c`.
fn published(tables: &BTreeMap<ObjectId, Published>, schemas: &[String]) -> Option<String> {
    let one = |(id, what): (&ObjectId, &Published)| {
        let columns = what.columns.as_ref().map_or_else(String::new, |names| {
            format!(" ({})", names.iter().map(|name| ident(name)).join(", "))
        });
        let filter = what.filter.as_ref().map_or_else(String::new, |text| format!(" WHERE ({text})"));
        format!("TABLE ONLY {}{columns}{filter}", qualified(id.path()))
    };
    let list = tables
        .iter()
        .map(one)
        .chain(schemas.iter().map(|schema| format!("TABLES IN SCHEMA {}", ident(schema))))
        .join(", ");
    (!list.is_empty()).then_some(list)
}

/// Changes a publication: lets go of what it loses, then takes what it gains.
pub(super) fn alter_publication(
    [before, writer]: [&mut Writer<'_, '_>; 2],
    old: &Publication,
    new: &Publication,
    changes: &impl Fn(&str) -> bool,
) {
    let work = writer.work;
    let alter = format!("ALTER {}", address(writer.id));
    let mut options = Vec::new();
    if old.publish != new.publish {
        options.push(format!("publish = {}", literal(&new.publish.join(", "))));
    }
    if old.via_root != new.via_root {
        options.push(format!("publish_via_partition_root = {}", new.via_root));
    }
    if old.generated_columns != new.generated_columns {
        options.push(format!(
            "publish_generated_columns = {}",
            new.generated_columns.as_deref().unwrap_or("none")
        ));
    }
    if !options.is_empty() {
        writer.alter("publish", format!("{alter} SET ({})", options.join(", ")));
    }
    if !changes("tables") && !changes("schemas") {
        return;
    }
    // Columns and filters hold on to columns: what is touched is published anew.
    let is_touched = |id: &ObjectId| {
        let columns = work.altered.keys().chain(&work.dropped);
        columns.into_iter().any(|other| *other == id || other.parent() == id.path())
    };
    let leaves = |(id, what): &(&ObjectId, &Published)| new.tables.get(*id) != Some(what) || is_touched(id);
    let gone = collect::set(old.tables.iter().filter(leaves).map(|(id, _)| id));
    let gone_schemas = old.schemas.iter().filter(|schema| !new.schemas.contains(schema));
    // A table that goes leaves its publications by itself.
    let drops = gone.iter().map(|id| format!("TABLE ONLY {}", qualified(id.path())));
    let drops =
        drops.chain(gone_schemas.map(|schema| format!("TABLES IN SCHEMA {}", ident(schema)))).join(", ");
    if !drops.is_empty() {
        before.alter("tables", format!("{alter} DROP {drops}"));
    }
    let comes = |(id, what): &(&ObjectId, &Published)| old.tables.get(*id) != Some(what) || gone.contains(id);
    let tables = new.tables.iter().filter(comes).map(|(id, what)| (id.clone(), what.clone()));
    let tables = collect::map(tables);
    let schemas = new.schemas.iter().filter(|schema| !old.schemas.contains(schema)).cloned().collect_vec();
    if let Some(list) = published(&tables, &schemas) {
        writer.alter("tables", format!("{alter} ADD {list}"));
    }
}

/// A subscription. Its connection string is no part of a snapshot: it is for whoever runs this to fill in.
pub(super) fn create_subscription(writer: &mut Writer<'_, '_>, it: &Subscription) {
    let mut options = vec!["connect = false".to_owned()];
    options.extend(it.options.iter().map(|(name, value)| subscription_option(name, value)));
    let publications = it.publications.iter().map(|name| ident(name)).join(", ");
    writer.create(format!(
        "CREATE {} CONNECTION '' PUBLICATION {publications} WITH ({})",
        address(writer.id),
        options.join(", ")
    ));
    if it.enabled {
        writer.alter("enabled", format!("ALTER {} ENABLE", address(writer.id)));
    }
}

/// `slot_name = NONE` is no name of a slot.
fn subscription_option(name: &str, value: &str) -> String {
    let is_none = name == "slot_name" && value.eq_ignore_ascii_case("none");
    let value = if is_none { "NONE".to_owned() } else { literal(value) };
    format!("{name} = {value}")
}

/// Changes a subscription.
pub(super) fn alter_subscription(writer: &mut Writer<'_, '_>, old: &Subscription, new: &Subscription) {
    let alter = format!("ALTER {}", address(writer.id));
    if old.enabled && !new.enabled {
        writer.alter("enabled", format!("{alter} DISABLE"));
    }
    if old.publications != new.publications {
        let publications = new.publications.iter().map(|name| ident(name)).join(", ");
        writer
            .alter("publications", format!("{alter} SET PUBLICATION {publications} WITH (refresh = false)"));
    }
    let changed = new.options.iter().filter(|(name, value)| old.options.get(*name) != Some(value));
    let changed = changed.map(|(name, value)| subscription_option(name, value)).collect_vec();
    let reset =
        old.options.keys().filter(|name| !new.options.contains_key(*name)).map(|name| match name.as_str() {
            "slot_name" => format!("slot_name = {}", literal(writer.id.name())),
            "synchronous_commit" => "synchronous_commit = 'off'".to_owned(),
            "streaming" | "binary" | "disable_on_error" | "run_as_owner" | "failover" => {
                format!("{name} = false")
            }
            "password_required" => format!("{name} = true"),
            _ => format!("{name} = any"),
        });
    let changed = changed.into_iter().chain(reset).collect_vec();
    if !changed.is_empty() {
        writer.alter("options", format!("{alter} SET ({})", changed.join(", ")));
    }
    if !old.enabled && new.enabled {
        writer.alter("enabled", format!("{alter} ENABLE"));
    }
}

/// A foreign data wrapper.
pub(super) fn create_wrapper(writer: &mut Writer<'_, '_>, it: &ForeignDataWrapper) {
    let clause = |word: &str, function: &Option<String>| {
        function.as_ref().map_or_else(String::new, |name| format!(" {word} {name}"))
    };
    let sql = format!(
        "CREATE {}{}{}{}",
        address(writer.id),
        clause("HANDLER", &it.handler),
        clause("VALIDATOR", &it.validator),
        options(&it.options)
    );
    writer.create(sql);
}

/// Changes a foreign data wrapper.
pub(super) fn alter_wrapper(writer: &mut Writer<'_, '_>, old: &ForeignDataWrapper, new: &ForeignDataWrapper) {
    let alter = format!("ALTER {}", address(writer.id));
    for (attribute, word, old, new) in [
        ("handler", "HANDLER", &old.handler, &new.handler),
        ("validator", "VALIDATOR", &old.validator, &new.validator),
    ] {
        match new {
            _ if old == new => {}
            Some(function) => writer.alter(attribute, format!("{alter} {word} {function}")),
            None => writer.alter(attribute, format!("{alter} NO {word}")),
        }
    }
    change_options(writer, &old.options, &new.options);
}

/// A foreign server.
pub(super) fn create_server(writer: &mut Writer<'_, '_>, it: &ForeignServer) {
    let clause = |word: &str, text: &Option<String>| {
        text.as_ref().map_or_else(String::new, |text| format!(" {word} {}", literal(text)))
    };
    let (kind, version) = (clause("TYPE", &it.server_type), clause("VERSION", &it.version));
    let sql = format!(
        "CREATE {}{kind}{version} FOREIGN DATA WRAPPER {}{}",
        address(writer.id),
        ident(&it.wrapper),
        options(&it.options)
    );
    writer.create(sql);
}

/// Changes a foreign server.
pub(super) fn alter_server(writer: &mut Writer<'_, '_>, old: &ForeignServer, new: &ForeignServer) {
    if old.version != new.version {
        let version = new.version.as_ref().map_or_else(|| "NULL".to_owned(), |text| literal(text));
        writer.alter("version", format!("ALTER {} VERSION {version}", address(writer.id)));
    }
    change_options(writer, &old.options, &new.options);
}

/// A user mapping. A secret is no part of a snapshot: it is for whoever runs this to fill in.
pub(super) fn create_mapping(writer: &mut Writer<'_, '_>, it: &UserMapping) {
    writer.create(format!("CREATE {}{}", address(writer.id), options(&it.options)));
}

fn options(options: &Options) -> String {
    let list = foreign_options(options);
    if list.is_empty() { String::new() } else { format!(" OPTIONS ({list})") }
}

/// `OPTIONS (…)` behind ALTER, where they differ.
pub(super) fn change_options(writer: &mut Writer<'_, '_>, old: &Options, new: &Options) {
    let changes = option_changes(old, new);
    if !changes.is_empty() {
        writer.alter("options", format!("ALTER {} OPTIONS ({changes})", address(writer.id)));
    }
}

/// `ADD a 'x', SET b 'y', DROP c`. What has become a secret, or is another one, is not said.
pub(super) fn option_changes(old: &Options, new: &Options) -> String {
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("DROP {}", ident(name)));
    let is_told = |(name, value): &(&String, &String)| old.get(*name) != Some(value) && *value != HIDDEN;
    let set = new.iter().filter(is_told).map(|(name, value)| {
        let word = if old.contains_key(name) { "SET" } else { "ADD" };
        format!("{word} {} {}", ident(name), literal(value))
    });
    gone.chain(set).join(", ")
}

/// Default privileges: from what is given in old, or by PostgreSQL itself, to what is given in new.
pub(super) fn default_privileges(work: &Work<'_>, id: &ObjectId) -> Vec<Statement> {
    let (Some(owner), Some(class)) = (id.path().first(), id.path().get(1)) else { return Vec::new() };
    let schema = id.path().get(2);
    let given = |object: Option<&crate::Object>| -> Grants {
        match object.map(|object| &object.body) {
            Some(Body::DefaultPrivileges(it)) => it.privileges.clone(),
            _ if schema.is_some() => Grants::new(),
            _ => access::built_in(class),
        }
    };
    // In a schema nothing is given but what stands there; else the owner has everything where it is not named.
    let own = schema.is_none().then_some(owner.as_str());
    let is_whole = |(role, set): &(String, BTreeSet<String>)| own == Some(role) && set.contains("ALL");
    let whole = |grants: Grants| collect::map(grants.into_iter().filter(|one| !is_whole(one)));
    let within = schema.map_or_else(String::new, |schema| format!(" IN SCHEMA {}", ident(schema)));
    let prefix = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{within}", ident(owner));
    let (old, new) = (whole(given(work.old.objects.get(id))), whole(given(work.new.objects.get(id))));
    access::grant_changes(&old, &new, own)
        .into_iter()
        .map(|change| Statement {
            sql: format!("{prefix} {}", change.sql(&change.privileges.join(", "), &format!(" ON {class}"))),
            object: id.clone(),
            action: Action::Alter("privileges"),
            effect: None,
        })
        .collect()
}
