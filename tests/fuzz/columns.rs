//! Columns of chance: types, defaults, generated values, identities.

use super::builder::{Builder, Column, ident, literal};
use super::genes::Gene;
use super::types::{self, Class};

const COLUMNS: [&str; 7] = ["id", "name", "Value", "order", "a b", "ref", "extra"];

/// Columns: their definitions, and what is known about them.
pub(super) fn columns(b: &mut Builder<'_>, gene: &Gene<'_>, is_foreign: bool) -> (Vec<String>, Vec<Column>) {
    let (mut texts, mut columns) = (Vec::new(), Vec::<Column>::new());
    for (n, name) in COLUMNS.iter().enumerate() {
        let gene = gene.at("column").at(name);
        if n > 0 && !gene.chance("is", 60) {
            continue;
        }
        let name = if gene.chance("renamed", 8) { format!("{name}2") } else { (*name).to_owned() };
        let data_type = types::any(b, &gene);
        let mut column = Column {
            name,
            data_type,
            is_plain: true,
            is_virtual: false,
            not_null: gene.chance("not_null", 30),
        };
        let text = definition(b, &gene, &mut column, &columns, is_foreign);
        texts.push(text);
        columns.push(column);
    }
    (texts, columns)
}

fn definition(
    b: &Builder<'_>,
    gene: &Gene<'_>,
    column: &mut Column,
    before: &[Column],
    is_foreign: bool,
) -> String {
    let data_type = column.data_type.clone();
    let is_counting = matches!(data_type.sql.as_str(), "integer" | "bigint" | "smallint");
    let mut text = format!("{} {}", ident(&column.name), data_type.sql);
    let is_collatable = data_type.class == Class::Text && !data_type.is_own;
    if is_collatable && gene.chance("collated", 10) {
        let own = gene.choose("collation", &b.collations, Clone::clone).cloned();
        text.push_str(&format!(" COLLATE {}", own.unwrap_or_else(|| "\"C\"".to_owned())));
    }
    let mut more = String::new();
    match gene.below("filled", 16) {
        0..=1 if is_counting && !is_foreign => {
            let mode = gene.pick("identity", &["ALWAYS", "BY DEFAULT"]);
            let options = match gene.chance("counts", 40) {
                true => format!(" ({})", counting(&gene.at("count"), &data_type.sql)),
                false => String::new(),
            };
            more = format!(" GENERATED {mode} AS IDENTITY{options}");
            column.not_null = true;
        }
        2..=3 if is_counting && !is_foreign => {
            let serial = match data_type.sql.as_str() {
                "integer" => "serial",
                "bigint" => "bigserial",
                _ => "smallserial",
            };
            text = text.replacen(&data_type.sql, serial, 1);
            column.not_null = true;
        }
        4..=5 => {
            if let Some(expression) = generated(b, gene, column, before) {
                let is_virtual =
                    !data_type.is_own && !expression.contains("public.") && gene.chance("virtual", 35);
                column.is_virtual = is_virtual;
                column.is_plain = false;
                let mode = if is_virtual { "VIRTUAL" } else { "STORED" };
                more = format!(" GENERATED ALWAYS AS ({expression}) {mode}");
            }
        }
        6..=10 => more = format!(" DEFAULT {}", default(b, gene, column)),
        _ => {}
    }
    text.push_str(&more);
    if column.not_null && !more.contains("IDENTITY") && !text.contains("serial") {
        let name = if gene.chance("not_null_named", 10) {
            format!(" CONSTRAINT {}", ident(&format!("{} there", column.name)))
        } else {
            String::new()
        };
        text.push_str(&format!("{name} NOT NULL"));
    }
    text
}

/// A constant, a function or a sequence.
fn default(b: &Builder<'_>, gene: &Gene<'_>, column: &Column) -> String {
    let fits: Vec<_> = b
        .functions
        .iter()
        .filter(|one| one.argument.is_none() && !one.is_set && one.returns == column.data_type.sql)
        .collect();
    if !fits.is_empty() && gene.chance("by_function", 60) {
        return format!("{}()", gene.choose("function", &fits, |one| one.name.clone()).unwrap().name);
    }
    if column.data_type.sql == "bigint" && !b.sequences.is_empty() && gene.chance("by_sequence", 50) {
        return format!("nextval({})", literal(gene.choose("sequence", &b.sequences, Clone::clone).unwrap()));
    }
    column.data_type.literal(gene, "default")
}

fn generated(b: &Builder<'_>, gene: &Gene<'_>, column: &Column, before: &[Column]) -> Option<String> {
    let sources: Vec<&Column> = before
        .iter()
        .filter(|one| one.is_plain && one.data_type.class == column.data_type.class && !one.data_type.is_own)
        .collect();
    let by: Vec<_> = b
        .functions
        .iter()
        .filter(|one| one.is_immutable && !one.is_set && one.returns == column.data_type.sql)
        .filter(|one| one.argument.is_none())
        .collect();
    if !by.is_empty() && gene.chance("generated_by", 50) {
        return Some(format!("{}()", gene.choose("generator", &by, |one| one.name.clone())?.name));
    }
    let source = gene.choose("source", &sources, |one| one.name.clone())?;
    let name = ident(&source.name);
    let cast = &column.data_type.sql;
    match column.data_type.class {
        Class::Number => Some(format!("({name} {})::{cast}", gene.pick("op", &["+ 1", "* 2", "- 3"]))),
        Class::Text => {
            Some(format!("{}({name}::text)::{cast}", gene.pick("fn", &["lower", "upper", "btrim"])))
        }
        _ => None,
    }
}

/// How a sequence counts.
pub(super) fn counting(gene: &Gene<'_>, data_type: &str) -> String {
    let mut parts = Vec::new();
    if gene.chance("down", 15) {
        parts.push("INCREMENT BY -1 MAXVALUE -1 START WITH -1".to_owned());
    } else {
        if gene.chance("by", 40) {
            parts.push(format!("INCREMENT BY {}", gene.pick("increment", &[2, 10])));
        }
        if gene.chance("start", 40) {
            parts.push(format!("START WITH {}", gene.pick("first", &[100, 10])));
        }
        if gene.chance("most", 30) {
            let most = if data_type == "smallint" { 1000 } else { 100_000 };
            parts.push(format!("MAXVALUE {most}"));
        }
        if gene.chance("least", 20) {
            parts.push(format!("MINVALUE {}", gene.pick("minimum", &[0, -5])));
        }
    }
    if gene.chance("cache", 20) {
        parts.push("CACHE 7".to_owned());
    }
    if gene.chance("cycle", 20) || parts.is_empty() {
        parts.push("CYCLE".to_owned());
    }
    parts.join(" ")
}
