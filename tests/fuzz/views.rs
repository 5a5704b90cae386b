//! Views and materialized views, over tables and over each other.

use super::access::{self, dress};
use super::builder::{Builder, Column, Relation, Shape, ident, literal};
use super::genes::Gene;
use super::tables::{NAMES, TABLE_PRIVILEGES, relation};
use super::types::{self, Class, Type};

/// What a query gives.
struct Query {
    text: String,
    columns: Vec<Column>,
    is_updatable: bool,
}

/// Views that come when functions and partitioned tables are there.
pub(super) fn late(b: &mut Builder<'_>) {
    for n in 0..4 {
        let gene = b.root.at("late view").at(n);
        if !gene.chance("is", 45) {
            continue;
        }
        let Some((schema, bare)) = b.place(&gene, "relation", &NAMES) else { continue };
        match gene.chance("materialized", 25) {
            true => materialized(b, &gene, &schema, &bare),
            false => view(b, &gene, &schema, &bare),
        };
    }
}

fn query(b: &Builder<'_>, gene: &Gene<'_>) -> Option<Query> {
    let from = gene.choose("from", &b.relations, |one| one.name.clone())?;
    let mut columns = Vec::new();
    let mut texts = Vec::new();
    let mut say = |name: &str, data_type: &Type, text: String| {
        if columns.iter().any(|one: &Column| one.name == name) {
            return;
        }
        texts.push(format!("{text} AS {}", ident(name)));
        let data_type = data_type.clone();
        let name = name.to_owned();
        columns.push(Column { name, data_type, is_plain: false, is_virtual: false, not_null: false });
    };
    let is_grouped = gene.chance("grouped", 10);
    let mut groups = Vec::new();
    for column in &from.columns {
        let gene = gene.at("take").at(&column.name);
        if !gene.chance("is", 60) {
            continue;
        }
        let own = format!("x.{}", ident(&column.name));
        let text = match column.data_type.class {
            Class::Number if gene.chance("sum", 15) => format!("({own} + 0)::{}", column.data_type.sql),
            Class::Text if gene.chance("upper", 15) => {
                format!("upper({own}::text)::{}", column.data_type.sql)
            }
            _ => own.clone(),
        };
        let name =
            if gene.chance("renamed", 15) { format!("{}_v", column.name) } else { column.name.clone() };
        if is_grouped && (text != own || column.is_virtual) {
            continue;
        }
        groups.push(own);
        say(&name, &column.data_type, text);
    }
    let mut is_updatable = from.shape == Shape::Table && !is_grouped;
    if gene.chance("constant", 25) {
        let data_type = types::any(b, &gene.at("constant"));
        say("fixed", &data_type, data_type.constant(gene, "constant value"));
    }
    let mut join = String::new();
    if gene.chance("join", 25) {
        let other = gene.choose("other", &b.relations, |one| one.name.clone())?;
        let column = gene.choose("joined", &other.columns, |one| one.name.clone())?;
        join = format!(" {} {} y ON true", gene.pick("how", &["LEFT JOIN", "JOIN"]), other.name);
        let own = format!("y.{}", ident(&column.name));
        say("joined", &column.data_type, own.clone());
        groups.push(own);
        is_updatable = false;
    }
    let functions: Vec<_> = b.functions.iter().filter(|one| one.argument.is_none() && !one.is_set).collect();
    if let Some(function) = gene.choose("function", &functions, |one| one.name.clone())
        && gene.chance("calls", 20)
        && !is_grouped
    {
        let kind = Type {
            sql: function.returns.clone(),
            class: Class::Other,
            literals: Vec::new(),
            is_sortable: true,
            is_own: true,
            is_domain: false,
        };
        say("called", &kind, format!("{}()", function.name));
    }
    let is_counted = from.columns.iter().any(|one| one.name == "counted");
    if texts.is_empty() || is_grouped && !is_counted {
        texts.push("count(*) AS counted".to_owned());
        is_updatable = false;
        columns.push(Column {
            name: "counted".to_owned(),
            data_type: Type {
                sql: "bigint".to_owned(),
                class: Class::Number,
                literals: vec!["0".to_owned()],
                is_sortable: true,
                is_own: false,
                is_domain: false,
            },
            is_plain: false,
            is_virtual: false,
            not_null: false,
        });
    }
    let mut text = format!("SELECT {} FROM {} x{join}", texts.join(", "), from.name);
    if let Some(column) = gene.choose("filter", &from.columns, |one| one.name.clone())
        && gene.chance("filtered", 30)
    {
        let own = format!("x.{}", ident(&column.name));
        let filter = match gene.chance("condition", 60) {
            true => types::condition(&gene.at("condition"), &own, &column.data_type),
            false => format!("{own} IS NOT NULL"),
        };
        text.push_str(&format!(" WHERE {filter}"));
    }
    if is_grouped && !groups.is_empty() {
        text.push_str(&format!(" GROUP BY {}", groups.join(", ")));
    }
    Some(Query { text, columns, is_updatable })
}

/// A view.
pub(super) fn view(b: &mut Builder<'_>, gene: &Gene<'_>, schema: &str, bare: &str) -> Option<()> {
    let name = format!("{schema}.{}", ident(bare));
    let query = query(b, gene)?;
    let mut options = Vec::new();
    if gene.chance("barrier", 15) {
        options.push("security_barrier = true");
    }
    if gene.chance("invoker", 15) {
        options.push("security_invoker = true");
    }
    if query.is_updatable && gene.chance("checks", 15) {
        options.push(gene.pick("check", &["check_option = local", "check_option = cascaded"]));
    }
    let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
    b.say(format!("CREATE VIEW {name}{options} AS {}", query.text));
    let made = relation(gene, schema, bare, Shape::View, query.columns);
    for column in &made.columns {
        let gene = gene.at("of").at(&column.name);
        if gene.chance("default", 8) && !column.data_type.literals.is_empty() {
            let default = column.data_type.literal(&gene, "value");
            b.say(format!("ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT {default}", ident(&column.name)));
        }
    }
    dress(b, gene, "VIEW", &name, TABLE_PRIVILEGES);
    super::tables::column_access(b, gene, &made);
    b.relations.push(made);
    Some(())
}

/// A materialized view.
pub(super) fn materialized(b: &mut Builder<'_>, gene: &Gene<'_>, schema: &str, bare: &str) -> Option<()> {
    let name = format!("{schema}.{}", ident(bare));
    let query = query(b, gene)?;
    // It is filled, and nothing answers for a foreign table, seen through views or not.
    if b.relations.iter().any(|one| one.shape == Shape::Foreign) {
        return None;
    }
    let options = if gene.chance("options", 20) { " WITH (fillfactor = 80)" } else { "" };
    b.say(format!("CREATE MATERIALIZED VIEW {name}{options} AS {}", query.text));
    let made = relation(gene, schema, bare, Shape::Materialized, query.columns);
    for column in &made.columns {
        let gene = gene.at("of").at(&column.name);
        if gene.chance("statistics", 8) {
            let own = ident(&column.name);
            b.say(format!("ALTER MATERIALIZED VIEW {name} ALTER COLUMN {own} SET STATISTICS 77"));
        }
        access::comment(b, &gene, "COLUMN", &format!("{name}.{}", ident(&column.name)));
    }
    if gene.chance("text", 5) {
        b.say(format!("COMMENT ON MATERIALIZED VIEW {name} IS {}", literal("m")));
    }
    dress(b, gene, "MATERIALIZED VIEW", &name, "SELECT, MAINTAIN");
    b.relations.push(made);
    Some(())
}

/// The relations that rows can be put into directly.
pub(super) fn tables(b: &Builder<'_>) -> Vec<Relation> {
    b.relations.iter().filter(|one| one.is_table()).cloned().collect()
}
