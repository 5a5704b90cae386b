//! What PostgreSQL knows of its own types: how values are stored, and how they become those of another.

use crate::plan::work::Work;

/// How PostgreSQL stores a type of its own unless told otherwise.
pub(super) fn own_storage(data_type: &str) -> &'static str {
    let main = ["numeric", "inet", "cidr"];
    let fixed = [
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "boolean",
        "date",
        "time",
        "timestamp",
        "interval",
        "uuid",
        "money",
        "oid",
        "\"char\"",
        "point",
        "macaddr",
    ];
    if data_type.ends_with("[]") {
        "EXTENDED"
    } else if main.iter().any(|name| data_type.starts_with(name)) {
        "MAIN"
    } else if fixed.iter().any(|name| data_type.starts_with(name)) {
        "PLAIN"
    } else {
        "EXTENDED"
    }
}

pub(super) fn is_text(data_type: &str) -> bool {
    family(data_type) == Some(Family::Text)
}

#[derive(PartialEq)]
enum Family {
    Number,
    Text,
    Time,
    Json,
}

/// Types between whose values PostgreSQL casts by itself on assignment.
fn family(data_type: &str) -> Option<Family> {
    let bare = data_type.split('(').next().unwrap_or(data_type).trim_end();
    match bare {
        _ if data_type.ends_with("[]") => None,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Some(Family::Number),
        "text" | "character varying" | "character" | "name" => Some(Family::Text),
        "date" => Some(Family::Time),
        _ if bare.starts_with("timestamp") => Some(Family::Time),
        "json" | "jsonb" => Some(Family::Json),
        _ => None,
    }
}

/// Whether a column's type becomes one of another kind, to which values are not assigned by themselves.
pub(in crate::plan) fn changes_family(old: &str, new: &str) -> bool {
    old != new && (family(old).is_none() || family(old) != family(new))
}

/// How the values are carried over, where PostgreSQL does not know by itself.
pub(super) fn using(column: &str, old: &str, new: &str, work: &Work<'_>) -> String {
    let (from, to) = (family(old), family(new));
    if old != new && from.is_some() && from == to || to == Some(Family::Text) && !old.contains('.') {
        return String::new();
    }
    let bare = |data_type: &str| data_type.split('(').next().unwrap_or(data_type).to_owned();
    if bare(old) == bare(new) && !new.contains('.') {
        return String::new();
    }
    if let Some(row) = super::types::row_of(work, column, old, new) {
        return format!(" USING {row}");
    }
    let is_direct =
        from == Some(Family::Text) || matches!((old, new), ("boolean", "integer") | ("integer", "boolean"));
    match is_direct {
        true => format!(" USING {column}::{new}"),
        // Through text: there need be no cast between the two.
        false => format!(" USING {column}::text::{new}"),
    }
}
