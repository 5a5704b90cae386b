//! Columns: types that are regretted later, and keys that run out.

use super::tables::referenced;
use super::{BASE, Lint, Seen};
use crate::{Body, Column, Kind, ObjectId, Severity};

/// The largest `integer`.
const MOST: u64 = i32::MAX as u64;

pub(super) const INTEGER_PRIMARY_KEY: Lint = Lint {
    id: "integer-primary-key",
    severity: Severity::Medium,
    effect: "It runs out at 2,147,483,647, which rolled back and deleted rows use up too; widening it then rewrites \
             the table.",
    remedy: "bigint from the beginning; for a table that stands, a second column, filled in batches, and a swap.",
    finds: |seen| {
        if seen.id.kind() != Kind::PrimaryKey {
            return None;
        }
        let [column] = seen.columns()[..] else { return None };
        let Body::Column(it) = &seen.around.get(column)?.body else { return None };
        let is_drawn = it.serial || it.identity.is_some();
        let is_small = matches!(it.data_type.as_str(), "integer" | "smallint");
        (is_drawn && is_small).then(|| format!("{} is {}{}", column.name(), it.data_type, used(seen)))
    },
    ..BASE
};

/// How many of the numbers the rows alone take, where that is known and much.
fn used(seen: &Seen<'_>) -> String {
    let table = ObjectId::new(Kind::Table, seen.id.parent());
    let rows = seen.around.snapshot.sizes.get(&table).map_or(0, |size| size.rows);
    let percent = rows.saturating_mul(100) / MOST;
    if percent < 1 { String::new() } else { format!(", and {percent} % of its numbers are rows already") }
}

pub(super) const SEQUENCE_TOO_SMALL: Lint = Lint {
    id: "sequence-too-small",
    severity: Severity::Medium,
    effect: "The column has room for more than its sequence gives: INSERTs fail at 2,147,483,647.",
    remedy: "ALTER SEQUENCE … AS bigint, which is brief.",
    finds: |seen| {
        let Body::Sequence(sequence) = seen.body() else { return None };
        let Body::Column(column) = &seen.around.get(sequence.owned_by.as_ref()?)?.body else { return None };
        let is_small = matches!(sequence.counting.value_type.as_deref(), Some("integer" | "smallint"));
        (is_small && column.data_type == "bigint")
            .then(|| "it counts in integer for a bigint column".to_owned())
    },
    ..BASE
};

pub(super) const FOREIGN_KEY_TYPE: Lint = Lint {
    id: "foreign-key-type",
    severity: Severity::Medium,
    effect: "The two columns can hold different values: one day a key has no room in the column that refers to it.",
    remedy: "Give both the same type, the wider one.",
    finds: |seen| {
        let other = referenced(seen)?;
        let types = |parent: &[String]| {
            let needed = seen.object.depends_on.iter();
            let columns = needed.filter(|id| id.kind() == Kind::Column && id.parent() == parent);
            columns.filter_map(|id| column(seen, id)).map(|it| it.data_type.clone()).collect::<Vec<_>>()
        };
        let (own, theirs) = (types(seen.id.parent()), types(other));
        // Of several columns the snapshot does not say which belong together.
        match (&own[..], &theirs[..]) {
            ([own], [theirs]) if own != theirs => Some(format!("{own} refers to {theirs}")),
            _ => None,
        }
    },
    ..BASE
};

pub(super) const TIMESTAMP_WITHOUT_ZONE: Lint = Lint {
    id: "timestamp-without-zone",
    effect: "It says what a clock showed, not when: readers in another zone take it for another moment.",
    remedy: "DateTime(timezone=True), unless it is a time of day somewhere, such as an opening hour.",
    finds: |seen| of_type(seen, |it| it.starts_with("timestamp") && it.ends_with("without time zone")),
    ..BASE
};

pub(super) const JSON: Lint = Lint {
    id: "json-column",
    effect: "json has no equality and no index: DISTINCT, GROUP BY and UNION fail on it.",
    remedy: "jsonb, unless the very text must be kept.",
    finds: |seen| of_type(seen, |it| it == "json"),
    ..BASE
};

pub(super) const CHAR: Lint = Lint {
    id: "char-column",
    effect: "Values are padded with blanks, which comparisons ignore and concatenation drops.",
    remedy: "text, with a CHECK where the length matters.",
    finds: |seen| of_type(seen, |it| it.starts_with("character(")),
    ..BASE
};

pub(super) const MONEY: Lint = Lint {
    id: "money-column",
    effect: "money depends on a setting of the server for its digits; time with time zone cannot be computed with.",
    remedy: "numeric for amounts, timestamptz for moments.",
    finds: |seen| {
        of_type(seen, |it| {
            it == "money"
                || (it.starts_with("time") && it.ends_with("with time zone") && !it.starts_with("timestamp"))
        })
    },
    ..BASE
};

pub(super) const REG_TYPE: Lint = Lint {
    id: "reg-column",
    severity: Severity::Medium,
    effect: "It holds a number that the server gave: pg_upgrade refuses such columns.",
    remedy: "Keep the name as text.",
    finds: |seen| {
        of_type(seen, |it| {
            matches!(
                it,
                "regproc"
                    | "regprocedure"
                    | "regoper"
                    | "regoperator"
                    | "regconfig"
                    | "regdictionary"
                    | "regcollation"
                    | "regnamespace"
            )
        })
    },
    ..BASE
};

pub(super) const SERIAL: Lint = Lint {
    id: "serial-column",
    is_taste: true,
    effect: "A serial is a default and a sequence side by side: each has an owner and grants of its own.",
    remedy: "Identity(always=False) in the model: one thing, and in the standard.",
    finds: |seen| seen.column().filter(|it| it.serial).map(|_| "serial".to_owned()),
    ..BASE
};

pub(super) const VARCHAR_LIMIT: Lint = Lint {
    id: "varchar-limit",
    is_taste: true,
    effect: "Narrowing the limit rewrites the table, and it guards nothing but length.",
    remedy: "text with a CHECK: its limit changes without a rewrite.",
    finds: |seen| of_type(seen, |it| it.starts_with("character varying(") && !it.ends_with("[]")),
    ..BASE
};

pub(super) const NULLABLE_UNIQUE: Lint = Lint {
    id: "nullable-unique",
    is_taste: true,
    effect: "NULL is not equal to NULL: any number of rows without a value pass.",
    remedy: "NOT NULL, or NULLS NOT DISTINCT from PostgreSQL 15 on.",
    finds: |seen| {
        let Body::Unique(unique) = seen.body() else { return None };
        let columns = seen.columns();
        let nullable = columns.iter().find(|id| column(seen, id).is_some_and(|it| it.nullable))?;
        (!unique.definition.contains("NULLS NOT DISTINCT"))
            .then(|| format!("{} may be NULL", nullable.name()))
    },
    ..BASE
};

pub(super) const NULLABLE_BOOLEAN: Lint = Lint {
    id: "nullable-boolean",
    is_taste: true,
    effect: "Yes, no and neither: WHERE NOT flag leaves out those that are neither.",
    remedy: "NOT NULL with a default, or an enum that names the third case.",
    finds: |seen| {
        let column = seen.column()?;
        (column.data_type == "boolean" && column.nullable).then(|| "boolean that may be NULL".to_owned())
    },
    ..BASE
};

pub(super) const NULLABLE_FOREIGN_KEY: Lint = Lint {
    id: "nullable-foreign-key",
    is_taste: true,
    effect: "Rows may belong to nothing.",
    remedy: "NOT NULL, unless a row without a parent has a meaning.",
    finds: |seen| {
        referenced(seen)?;
        let columns = seen.columns();
        let nullable = columns.iter().find(|id| column(seen, id).is_some_and(|it| it.nullable))?;
        Some(format!("{} may be NULL", nullable.name()))
    },
    ..BASE
};

pub(super) const NO_COMMENT: Lint = Lint {
    id: "column-without-comment",
    is_taste: true,
    effect: "Nobody is told what it holds.",
    remedy: "COMMENT ON COLUMN, or `comment=` in the model.",
    finds: |seen| {
        let is_bare = seen.column().is_some() && seen.object.comment.is_none();
        is_bare.then(|| "no comment".to_owned())
    },
    ..BASE
};

fn column<'a>(seen: &Seen<'a>, id: &ObjectId) -> Option<&'a Column> {
    match &seen.around.get(id)?.body {
        Body::Column(column) => Some(column),
        _ => None,
    }
}

fn of_type(seen: &Seen<'_>, is_meant: fn(&str) -> bool) -> Option<String> {
    let column = seen.column()?;
    is_meant(&column.data_type).then(|| column.data_type.clone())
}
