//! Relations of chance: tables, sequences, foreign tables, and views among them, so that a name is now this, now that.

use super::access::{self, dress};
use super::builder::{Builder, Column, ROLES, Relation, Shape, ident, literal};
use super::genes::Gene;
use super::types::{self, Class};
use super::{columns, constraints, views};

pub(super) const NAMES: [&str; 9] =
    ["users", "orders", "Items", "order", "a b", "notes", "log", "quo\"te", "amount"];
pub(super) const TABLE_PRIVILEGES: &str =
    "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN";

/// All of them.
pub(super) fn all(b: &mut Builder<'_>) {
    for n in 0..7 {
        let gene = b.root.at("relation").at(n);
        if gene.chance("is", 75) {
            one(b, &gene);
        }
    }
    if let Some(gene) = b.has("inheritance", 30) {
        inheritance(b, &gene);
    }
    if let Some(gene) = b.has("typed_tables", 15) {
        typed(b, &gene);
    }
}

fn one(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    let (schema, bare) = b.place(gene, "relation", &NAMES)?;
    let name = format!("{schema}.{}", ident(&bare));
    let has_foreign = b.root.both("foreign", 25);
    match gene.below("what", 20) {
        0..=11 => table(b, gene, &schema, &bare),
        12..=14 => views::view(b, gene, &schema, &bare),
        15 => views::materialized(b, gene, &schema, &bare),
        16 => sequence(b, gene, &name),
        17..=18 if has_foreign => foreign(b, gene, &schema, &bare),
        _ => table(b, gene, &schema, &bare),
    }
}

fn sequence(b: &mut Builder<'_>, gene: &Gene<'_>, name: &str) -> Option<()> {
    let data_type = gene.pick("type", &["bigint", "bigint", "integer", "smallint"]);
    let options = columns::counting(gene, data_type);
    let unlogged = if gene.chance("unlogged", 10) { "UNLOGGED " } else { "" };
    b.say(format!("CREATE {unlogged}SEQUENCE {name} AS {data_type} {options}"));
    dress(b, gene, "SEQUENCE", name, "USAGE, SELECT, UPDATE");
    if data_type == "bigint" {
        b.sequences.push(name.to_owned());
    }
    Some(())
}

/// A table with what belongs to it, but for keys to others.
pub(super) fn table(b: &mut Builder<'_>, gene: &Gene<'_>, schema: &str, bare: &str) -> Option<()> {
    let name = format!("{schema}.{}", ident(bare));
    let (texts, columns) = columns::columns(b, gene, false);
    let is_unlogged = gene.chance("unlogged", 6);
    let unlogged = if is_unlogged { "UNLOGGED " } else { "" };
    let options = storage(gene);
    b.say(format!("CREATE {unlogged}TABLE {name} (\n    {}\n){options}", texts.join(",\n    ")));
    let shape = Shape::Table;
    finish(b, gene, Relation { is_unlogged, ..relation(gene, schema, bare, shape, columns) });
    Some(())
}

pub(super) fn relation(
    gene: &Gene<'_>,
    schema: &str,
    bare: &str,
    shape: Shape,
    columns: Vec<Column>,
) -> Relation {
    Relation {
        gene_path: gene.path().to_owned(),
        schema: schema.to_owned(),
        bare: bare.to_owned(),
        name: format!("{schema}.{}", ident(bare)),
        shape,
        columns,
        keys: Vec::new(),
        is_unlogged: false,
        is_child: false,
    }
}

/// Storage parameters.
pub(super) fn storage(gene: &Gene<'_>) -> String {
    let mut options = Vec::new();
    if gene.chance("fillfactor", 10) {
        options.push(format!("fillfactor = {}", gene.pick("fill", &[70, 90])));
    }
    if gene.chance("vacuum", 8) {
        options.push("autovacuum_enabled = false".to_owned());
    }
    if gene.chance("toast", 5) {
        options.push("toast.autovacuum_enabled = false".to_owned());
    }
    if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) }
}

/// Constraints, attributes of columns, access; then it can be referred to.
pub(super) fn finish(b: &mut Builder<'_>, gene: &Gene<'_>, mut table: Relation) {
    constraints::all(b, gene, &mut table);
    if b.root.both("column_attributes", 50) {
        column_attributes(b, gene, &table);
    }
    let name = table.name.clone();
    dress(b, gene, "TABLE", &name, TABLE_PRIVILEGES);
    column_access(b, gene, &table);
    b.relations.push(table);
}

fn column_attributes(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) {
    let alter = format!("ALTER TABLE {}", table.name);
    for column in &table.columns {
        let gene = gene.at("set").at(&column.name);
        let own = format!("{alter} ALTER COLUMN {}", ident(&column.name));
        let is_long = column.data_type.class == Class::Text && !column.is_virtual;
        if is_long && gene.chance("storage", 12) {
            b.say(format!("{own} SET STORAGE {}", gene.pick("way", &["EXTERNAL", "PLAIN", "MAIN"])));
        }
        if is_long && gene.chance("compression", 8) {
            b.say(format!("{own} SET COMPRESSION pglz"));
        }
        if !column.is_virtual && gene.chance("statistics", 8) {
            b.say(format!("{own} SET STATISTICS {}", gene.pick("target", &[10, 500])));
        }
        if gene.chance("options", 6) {
            b.say(format!("{own} SET (n_distinct = {})", gene.pick("distinct", &["5", "-0.5"])));
        }
    }
}

/// Comments and grants of columns.
pub(super) fn column_access(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) {
    for column in &table.columns {
        let gene = gene.at("dress").at(&column.name);
        access::comment(b, &gene, "COLUMN", &format!("{}.{}", table.name, ident(&column.name)));
        if gene.chance("granted", 6) {
            let what = gene.pick("grant", &["SELECT", "UPDATE", "INSERT"]);
            // To one who owns nothing: grants of columns to owners change hands with the table.
            let (own, to) = (ident(&column.name), ROLES[0]);
            b.say(format!("GRANT {what} ({own}) ON {} TO {to}", table.name));
        }
    }
}

fn foreign(b: &mut Builder<'_>, gene: &Gene<'_>, schema: &str, bare: &str) -> Option<()> {
    let server = gene.pick("server", &["far", "Away"]);
    if !b.servers.contains(&server.to_owned()) {
        return table(b, gene, schema, bare);
    }
    let name = format!("{schema}.{}", ident(bare));
    let (texts, columns) = columns::columns(b, gene, true);
    let options = if gene.chance("options", 50) {
        format!(" OPTIONS (file {})", literal(gene.pick("file", &["a", "b'c"])))
    } else {
        String::new()
    };
    b.say(format!(
        "CREATE FOREIGN TABLE {name} (\n    {}\n) SERVER {}{options}",
        texts.join(",\n    "),
        ident(server)
    ));
    let made = relation(gene, schema, bare, Shape::Foreign, columns);
    dress(b, gene, "FOREIGN TABLE", &name, "SELECT, INSERT, UPDATE, DELETE");
    column_access(b, gene, &made);
    b.relations.push(made);
    Some(())
}

/// A parent and children. PostgreSQL cannot make a column that was inherited the table's own, nor the reverse: children
/// either list none of the parent's columns and always inherit, or list all of them and do so at times.
fn inheritance(b: &mut Builder<'_>, gene: &Gene<'_>) {
    if !gene.chance("parent", 85) || b.take("relation", "public.parent").is_none() {
        return;
    }
    table(b, &gene.at("parent"), "public", "parent");
    let parent = b.relations.last().unwrap().clone();
    for bare in ["child", "Second child"] {
        let gene = gene.at(bare);
        if !gene.chance("is", 70) || b.take("relation", &format!("public.{bare}")).is_none() {
            continue;
        }
        let name = format!("public.{}", ident(bare));
        let unlogged = if parent.is_unlogged { "UNLOGGED " } else { "" };
        let own = gene.chance("own", 60).then(|| types::built_in(&gene));
        let text = own.as_ref().map_or_else(String::new, |one| format!("own {}", one.sql));
        b.say(format!("CREATE {unlogged}TABLE {name} ({text}) INHERITS ({})", parent.name));
        let mut columns = parent.columns.clone();
        columns.extend(own.map(|data_type| Column {
            name: "own".to_owned(),
            data_type,
            is_plain: true,
            is_virtual: false,
            not_null: false,
        }));
        let made = relation(&gene, "public", bare, Shape::Table, columns);
        dress(b, &gene, "TABLE", &name, TABLE_PRIVILEGES);
        b.relations.push(Relation { is_child: true, is_unlogged: parent.is_unlogged, ..made });
    }
}

/// Columns are added to a table at its end, and a type wants its order: its attributes come and go at the end too.
fn typed(b: &mut Builder<'_>, gene: &Gene<'_>) {
    if !gene.chance("type", 85) || b.take("relation", "public.row_type").is_none() {
        return;
    }
    let attributes: Vec<String> = ["x", "Odd", "order"][..=gene.below("attributes", 3)]
        .iter()
        .map(|name| format!("{} {}", ident(name), types::built_in(&gene.at(name)).sql))
        .collect();
    b.say(format!("CREATE TYPE public.row_type AS ({})", attributes.join(", ")));
    if gene.chance("is", 80) && b.take("relation", "public.typed").is_some() {
        let not_null = if gene.chance("not_null", 40) { " (x NOT NULL)" } else { "" };
        b.say(format!("CREATE TABLE public.typed OF public.row_type{not_null}"));
        dress(b, gene, "TABLE", "public.typed", TABLE_PRIVILEGES);
    }
}
