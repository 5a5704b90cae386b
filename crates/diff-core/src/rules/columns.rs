//! Columns that one side lacks, or that differ.

use super::{Rule, Severity, added, altered, removed};
use crate::{Body, Column, Delta, Group};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "add-required-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        loses_data: false,
        effect: "Queries that name the column fail, and a NOT NULL column without a default cannot be added \
                 to a table that has rows.",
        remedy: "Add it nullable, let the code write it, fill the old rows in batches, then set NOT NULL; or \
                 give it a constant default.",
        applies: |delta| matches!(added(delta), Some(Body::Column(column)) if is_required(column)),
    },
    Rule {
        id: "add-computed-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        loses_data: false,
        effect: "Queries that name the column fail, and adding it rewrites the table while nobody can use it.",
        remedy: "On a large table add a plain nullable column, fill it in batches and by a trigger, then set \
                 the default, identity or expression.",
        applies: |delta| {
            matches!(added(delta), Some(Body::Column(column))
                if column.serial || column.identity.is_some() || column.generated.is_some())
        },
    },
    Rule {
        id: "add-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        loses_data: false,
        effect: "Queries that name the column fail. Adding it is brief: nothing is rewritten for a nullable \
                 column or a constant default.",
        remedy: "Is there a migration that adds it? Run it, before the code that uses it is deployed.",
        applies: |delta| matches!(added(delta), Some(Body::Column(_))),
    },
    Rule {
        id: "extra-required-column",
        group: Group::ExtraColumns,
        severity: Severity::High,
        loses_data: false,
        effect: "INSERTs of code that does not know the column fail: it is NOT NULL and has no default.",
        remedy: "Declare it in the model, or drop its NOT NULL now and the column a release later.",
        applies: |delta| matches!(removed(delta), Some(Body::Column(column)) if is_required(column)),
    },
    Rule {
        id: "drop-column",
        group: Group::ExtraColumns,
        severity: Severity::Medium,
        loses_data: true,
        effect: "Dropping it loses its data, and with it the indexes and constraints that use it.",
        remedy: "If the data matters, declare the column in the model. If not, drop it in the release after \
                 the one in which the last code stopped to use it.",
        applies: |delta| matches!(removed(delta), Some(Body::Column(_))),
    },
    Rule {
        id: "widen-type",
        group: Group::Types,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Values that the models allow are refused. Widening is brief: rows and indexes stay as they \
                 are.",
        remedy: "ALTER COLUMN … TYPE with a lock timeout; views that use the column must be made again.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| is_widening(&old.data_type, &new.data_type)),
    },
    Rule {
        id: "model-type-narrower",
        group: Group::Types,
        severity: Severity::Medium,
        loses_data: true,
        effect: "The database holds values that the model does not expect; narrowing rewrites the table and \
                 fails on values that do not fit.",
        remedy: "Look for the longest value first. Mostly it is the model that should be widened.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| is_widening(&new.data_type, &old.data_type)),
    },
    Rule {
        id: "change-type",
        group: Group::Types,
        severity: Severity::High,
        loses_data: false,
        effect: "Changing the type rewrites the table and its indexes while nobody can use it, and fails on \
                 values that do not convert.",
        remedy: "On a large table add a new column, fill it by a trigger and in batches, then switch; on a \
                 small one ALTER COLUMN … TYPE … USING. Is the model right? Look at the values first.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| old.data_type != new.data_type),
    },
    Rule {
        id: "change-collation",
        group: Group::Types,
        severity: Severity::High,
        loses_data: false,
        effect: "Order and, for some collations, equality differ; every index on the column is built anew.",
        remedy: "Decide which one is meant, and rebuild on a copy of the column where the table is large.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| old.collation != new.collation),
    },
    Rule {
        id: "set-not-null",
        group: Group::Nullability,
        severity: Severity::High,
        loses_data: false,
        effect: "Code meets NULLs that the models rule out. SET NOT NULL reads the whole table while nobody \
                 can use it, and fails if there is one NULL.",
        remedy: "Count the NULLs and fill them. Then add CHECK (column IS NOT NULL) NOT VALID, validate it, \
                 set NOT NULL, drop the check. If NULLs are meant, mend the model.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| old.nullable && !new.nullable),
    },
    Rule {
        id: "drop-not-null",
        group: Group::Nullability,
        severity: Severity::Medium,
        loses_data: false,
        effect: "INSERTs that the models allow fail. DROP NOT NULL is brief.",
        remedy: "Make sure that readers can meet a NULL, then drop it; or declare the column as NOT NULL.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| !old.nullable && new.nullable),
    },
    Rule {
        id: "change-generated",
        group: Group::Defaults,
        severity: Severity::High,
        loses_data: false,
        effect: "The computed values differ; changing the expression of a stored column rewrites the table.",
        remedy: "On a large table add a new column beside it, fill it, then switch.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| old.generated != new.generated),
    },
    Rule {
        id: "change-identity",
        group: Group::Defaults,
        severity: Severity::Medium,
        loses_data: false,
        effect: "New rows get their number in another way: INSERTs that give one may fail, or those that \
                 give none.",
        remedy: "Drop the default before adding an identity, and set the sequence behind the largest value \
                 in use with setval.",
        applies: |delta| {
            columns(delta).is_some_and(|(old, new)| old.identity != new.identity || old.serial != new.serial)
        },
    },
    Rule {
        id: "default-missing",
        group: Group::Defaults,
        severity: Severity::Medium,
        loses_data: false,
        effect: "INSERTs that leave the column out store NULL, or fail where it is NOT NULL.",
        remedy: "SET DEFAULT is brief and leaves old rows as they are.",
        applies: |delta| {
            columns(delta).is_some_and(|(old, new)| old.default.is_none() && new.default.is_some())
        },
    },
    Rule {
        id: "default-extra",
        group: Group::Defaults,
        severity: Severity::Low,
        loses_data: false,
        effect: "The database fills in a value that the models do not know of.",
        remedy: "If it is wanted, give the model a server_default; else DROP DEFAULT, which is brief.",
        applies: |delta| {
            columns(delta).is_some_and(|(old, new)| old.default.is_some() && new.default.is_none())
        },
    },
    Rule {
        id: "change-default",
        group: Group::Defaults,
        severity: Severity::Medium,
        loses_data: false,
        effect: "New rows get another value, depending on who writes them. Old rows keep theirs.",
        remedy: "Decide which one is meant; SET DEFAULT is brief.",
        applies: |delta| columns(delta).is_some_and(|(old, new)| old.default != new.default),
    },
];

fn columns(delta: &Delta) -> Option<(&Column, &Column)> {
    match altered(delta)? {
        (Body::Column(old), Body::Column(new)) => Some((old, new)),
        _ => None,
    }
}

fn is_required(column: &Column) -> bool {
    let filled =
        column.default.is_some() || column.serial || column.identity.is_some() || column.generated.is_some();
    !column.nullable && !filled
}

/// Whether PostgreSQL changes one type into the other without touching a row: the same family with a
/// larger limit or none, and for numbers the same scale (manual, "ALTER TABLE", notes).
fn is_widening(old: &str, new: &str) -> bool {
    let ((old_family, old_limits), (new_family, new_limits)) = (limits(old), limits(new));
    if old == new {
        return false;
    }
    match (old_family, new_family) {
        ("character varying", "text") => true,
        ("text", "character varying") => new_limits.is_empty(),
        ("character varying" | "bit varying" | "numeric", _) if old_family == new_family => {
            match (&old_limits[..], &new_limits[..]) {
                ([_, ..], []) => true,
                ([from], [to]) => from <= to,
                ([from, scale], [to, new_scale]) => from <= to && scale == new_scale,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Splits `numeric(10,2)` into its family and its numbers.
fn limits(data_type: &str) -> (&str, Vec<u32>) {
    match data_type.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        Some((family, limits)) => {
            (family, limits.split(',').filter_map(|limit| limit.parse().ok()).collect())
        }
        None => (data_type, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check, column};
    use super::{Group, is_widening};

    const ID: &str = "column:public.t.c";

    #[test]
    fn missing_and_extra() {
        let nullable = column(r#""type": "text", "nullable": true"#);
        let required = column(r#""type": "text", "nullable": false"#);
        let filled = column(r#""type": "text", "nullable": false, "default": "''""#);
        let serial = column(r#""type": "integer", "nullable": false, "serial": true"#);
        check(ID, "", &nullable, Group::MissingColumns, "add-column");
        check(ID, "", &required, Group::MissingColumns, "add-required-column");
        check(ID, "", &filled, Group::MissingColumns, "add-column");
        check(ID, "", &serial, Group::MissingColumns, "add-computed-column");
        check(ID, &nullable, "", Group::ExtraColumns, "drop-column");
        check(ID, &required, "", Group::ExtraColumns, "extra-required-column");
        check(ID, &filled, "", Group::ExtraColumns, "drop-column");
    }

    #[test]
    fn types_and_nullability() {
        let of = |data_type: &str| column(&format!(r#""type": "{data_type}", "nullable": true"#));
        check(ID, &of("character varying(40)"), &of("character varying(80)"), Group::Types, "widen-type");
        check(ID, &of("text"), &of("character varying(80)"), Group::Types, "model-type-narrower");
        check(ID, &of("integer"), &of("bigint"), Group::Types, "change-type");
        let required = column(r#""type": "text", "nullable": false"#);
        check(ID, &of("text"), &required, Group::Nullability, "set-not-null");
        check(ID, &required, &of("text"), Group::Nullability, "drop-not-null");
    }

    #[test]
    fn defaults() {
        let with = |default: &str| column(&format!(r#""type": "text", "nullable": true{default}"#));
        check(ID, &with(""), &with(r#", "default": "1""#), Group::Defaults, "default-missing");
        check(ID, &with(r#", "default": "1""#), &with(""), Group::Defaults, "default-extra");
        check(
            ID,
            &with(r#", "default": "1""#),
            &with(r#", "default": "2""#),
            Group::Defaults,
            "change-default",
        );
        check(ID, &with(r#", "serial": true"#), &with(""), Group::Defaults, "change-identity");
    }

    #[test]
    fn widening_is_what_rewrites_nothing() {
        for (old, new) in [
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "character varying"),
            ("character varying(10)", "text"),
            ("text", "character varying"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
        ] {
            assert!(is_widening(old, new), "{old} to {new}");
        }
        for (old, new) in [
            ("character varying(20)", "character varying(10)"),
            ("text", "character varying(10)"),
            ("character varying", "character varying(10)"),
            ("numeric(10,2)", "numeric(12,3)"),
            ("integer", "bigint"),
            ("character(5)", "character(9)"),
            ("text", "text"),
        ] {
            assert!(!is_widening(old, new), "{old} to {new}");
        }
    }
}
