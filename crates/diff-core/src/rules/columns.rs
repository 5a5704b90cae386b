//! Columns that one side lacks, or that differ in NULL, default, identity, expression or storage.

mod defaults;

use super::{BASE, BRIEF, Case, Lock, Mode, Rule, Severity, Work, added, altered, columns, own, removed};
use crate::{Body, Column, GeneratedMode, Group, Kind};
use defaults::is_volatile;

const SCAN: &[Lock] = &[own(Mode::AccessExclusive, Work::Scan)];

const REWRITE: &[Lock] = &[own(Mode::AccessExclusive, Work::Rewrite)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "add-required-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        may_be_refused: true,
        breaks_code: true,
        locks: SCAN,
        effect: "Queries that name the column fail, and a NOT NULL column without a default cannot be added \
                 to a table that has rows. INSERTs of code that does not know it fail.",
        remedy: "Add it nullable, let the code write it, fill the old rows in batches, then set NOT NULL; or \
                 give it a constant default.",
        applies: |case| matches!(added(case), Some(Body::Column(column)) if is_required(column)),
        ..BASE
    },
    Rule {
        id: "add-computed-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        locks: REWRITE,
        effect: "Queries that name the column fail, and adding a serial, identity or stored generated column \
                 rewrites the table while nobody can use it.",
        remedy: "On a large table add a plain nullable column, fill it in batches and by a trigger, then set \
                 the default, identity or expression.",
        applies: |case| {
            matches!(added(case), Some(Body::Column(column))
                if column.serial || column.identity.is_some() || is_stored(column))
        },
        ..BASE
    },
    Rule {
        id: "add-column-volatile-default",
        group: Group::MissingColumns,
        severity: Severity::High,
        locks: REWRITE,
        effect: "Queries that name the column fail. Its default gives each row another value, so adding it \
                 rewrites the table while nobody can use it.",
        remedy: "Add the column without a default, set the default, fill the old rows in batches, then set NOT \
                 NULL where it is wanted.",
        applies: |case| {
            matches!(added(case), Some(Body::Column(column))
                if column.default.as_ref().is_some_and(|default| is_volatile(default, case)))
        },
        ..BASE
    },
    Rule {
        id: "add-column-checked-domain",
        group: Group::MissingColumns,
        severity: Severity::High,
        locks: REWRITE,
        effect: "Queries that name the column fail. Its type is a domain with rules, so adding it rewrites the \
                 table while nobody can use it.",
        remedy: "Add it with the type beneath the domain, and put the rule on the table: CHECK … NOT VALID, \
                 then VALIDATE CONSTRAINT.",
        applies: |case| {
            matches!(added(case), Some(Body::Column(_)))
                && case.delta.new_object().is_some_and(|column| {
                    column.depends_on.iter().any(|id| id.kind() == Kind::Domain && is_strict(case, id))
                })
        },
        ..BASE
    },
    Rule {
        id: "add-column",
        group: Group::MissingColumns,
        severity: Severity::High,
        locks: BRIEF,
        effect: "Queries that name the column fail. Adding it is brief: nothing is rewritten for a nullable \
                 column or a constant default.",
        remedy: "Is there a migration that adds it? Run it, before the code that uses it is deployed.",
        applies: |case| matches!(added(case), Some(Body::Column(_))),
        ..BASE
    },
    Rule {
        id: "extra-required-column",
        group: Group::ExtraColumns,
        severity: Severity::High,
        loses_data: true,
        breaks_code: true,
        locks: BRIEF,
        effect: "INSERTs of code that does not know the column fail: it is NOT NULL and has no default. \
                 Dropping it loses its data.",
        remedy: "Declare it in the model, or drop its NOT NULL now and the column a release later.",
        applies: |case| matches!(removed(case), Some(Body::Column(column)) if is_required(column)),
        ..BASE
    },
    Rule {
        id: "drop-column",
        group: Group::ExtraColumns,
        loses_data: true,
        breaks_code: true,
        locks: BRIEF,
        effect: "Dropping it loses its data, and with it the indexes and constraints that use it.",
        remedy: "If the data matters, declare the column in the model. If not, drop it in the release after \
                 the one in which the last code stopped to use it.",
        applies: |case| matches!(removed(case), Some(Body::Column(_))),
        ..BASE
    },
    Rule {
        id: "set-not-null",
        group: Group::Nullability,
        attributes: &["nullable"],
        severity: Severity::High,
        may_be_refused: true,
        breaks_code: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Scan)
                .when("unless a valid CHECK rules NULL out already", |case| !is_proved(case)),
        ],
        effect: "Code meets NULLs that the models rule out. SET NOT NULL reads the whole table while nobody \
                 can use it, and fails if there is one NULL.",
        remedy: "Count the NULLs and fill them. Then add CHECK (column IS NOT NULL) NOT VALID, validate it, \
                 set NOT NULL, drop the check. If NULLs are meant, mend the model.",
        applies: |case| columns(case).is_some_and(|(old, new)| old.nullable && !new.nullable),
        ..BASE
    },
    Rule {
        id: "drop-not-null",
        group: Group::Nullability,
        attributes: &["nullable"],
        breaks_code: true,
        locks: BRIEF,
        effect: "INSERTs that the models allow fail. DROP NOT NULL is brief.",
        remedy: "Make sure that readers can meet a NULL, then drop it; or declare the column as NOT NULL.",
        applies: |case| columns(case).is_some_and(|(old, new)| !old.nullable && new.nullable),
        ..BASE
    },
    Rule {
        id: "drop-expression",
        group: Group::Defaults,
        attributes: &["generated"],
        breaks_code: true,
        locks: BRIEF,
        effect: "The column is computed in the database and plain in the models: code that is to fill it cannot.",
        remedy: "DROP EXPRESSION is brief and keeps the values; deploy the code that fills the column with it.",
        applies: |case| columns(case).is_some_and(|(old, new)| is_stored(old) && new.generated.is_none()),
        ..BASE
    },
    Rule {
        id: "change-generated",
        group: Group::Defaults,
        attributes: &["generated"],
        severity: Severity::High,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Rewrite).when("where the column is stored", |case| {
                columns(case).is_some_and(|(_, new)| is_stored(new))
            }),
        ],
        effect: "The computed values differ; changing the expression of a stored column rewrites the table.",
        remedy: "On a large table add a new column beside it, fill it, then switch.",
        applies: |case| columns(case).is_some_and(|(old, new)| old.generated != new.generated),
        ..BASE
    },
    Rule {
        id: "change-identity",
        group: Group::Defaults,
        attributes: &["identity", "serial"],
        may_be_refused: true,
        breaks_code: true,
        locks: BRIEF,
        effect: "New rows get their number in another way: INSERTs that give one may fail, or those that \
                 give none.",
        remedy: "Drop the default before adding an identity, and set the sequence behind the largest value \
                 in use with setval.",
        applies: |case| {
            columns(case).is_some_and(|(old, new)| old.identity != new.identity || old.serial != new.serial)
        },
        ..BASE
    },
    Rule {
        id: "default-missing",
        group: Group::Defaults,
        attributes: &["default"],
        locks: BRIEF,
        effect: "INSERTs that leave the column out store NULL, or fail where it is NOT NULL.",
        remedy: "SET DEFAULT is brief and leaves old rows as they are.",
        applies: |case| {
            columns(case).is_some_and(|(old, new)| old.default.is_none() && new.default.is_some())
        },
        ..BASE
    },
    Rule {
        id: "default-extra",
        group: Group::Defaults,
        attributes: &["default"],
        severity: Severity::Low,
        breaks_code: true,
        locks: BRIEF,
        effect: "The database fills in a value that the models do not know of.",
        remedy: "If it is wanted, give the model a server_default; else DROP DEFAULT, which is brief.",
        applies: |case| {
            columns(case).is_some_and(|(old, new)| old.default.is_some() && new.default.is_none())
        },
        ..BASE
    },
    Rule {
        id: "change-default",
        group: Group::Defaults,
        attributes: &["default"],
        locks: BRIEF,
        effect: "New rows get another value, depending on who writes them. Old rows keep theirs.",
        remedy: "Decide which one is meant; SET DEFAULT is brief.",
        applies: |case| columns(case).is_some_and(|(old, new)| old.default != new.default),
        ..BASE
    },
    Rule {
        id: "not-null-settings",
        group: Group::Defaults,
        attributes: &["not_null"],
        severity: Severity::Low,
        locks: BRIEF,
        effect: "Both sides rule NULL out; the name of the constraint, whom it is inherited by, or whether old rows \
                 were looked at is not the same.",
        remedy: "Bring it over when nothing else is to be done; renaming and validating are safe.",
        applies: |case| columns(case).is_some(),
        ..BASE
    },
    Rule {
        id: "foreign-column-options",
        group: Group::Defaults,
        attributes: &["foreign_options"],
        locks: BRIEF,
        effect: "The foreign server is asked for another column, or for its values in another way.",
        remedy: "ALTER FOREIGN TABLE … OPTIONS is brief.",
        applies: |case| columns(case).is_some(),
        ..BASE
    },
    Rule {
        id: "column-storage",
        group: Group::Defaults,
        attributes: &["storage", "compression"],
        severity: Severity::Low,
        locks: BRIEF,
        effect: "Long values are kept or compressed in another way. Rows that are there stay as they are.",
        remedy: "SET STORAGE and SET COMPRESSION are brief. What is there changes when it is written again, as \
                 by pg_repack.",
        applies: |case| columns(case).is_some(),
        ..BASE
    },
    Rule {
        id: "column-statistics",
        group: Group::Defaults,
        attributes: &["statistics", "options"],
        severity: Severity::Low,
        locks: &[own(Mode::ShareUpdateExclusive, Work::Brief)],
        effect: "The planner knows more, or less, of the column; plans of queries may differ.",
        remedy: "SET STATISTICS is brief and blocks no reader or writer. ANALYZE afterwards.",
        applies: |case| columns(case).is_some(),
        ..BASE
    },
];

fn is_required(column: &Column) -> bool {
    let filled =
        column.default.is_some() || column.serial || column.identity.is_some() || column.generated.is_some();
    !column.nullable && !filled
}

fn is_stored(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|generated| generated.mode == GeneratedMode::Stored)
}

/// Whether a domain of new refuses anything.
fn is_strict(case: &Case<'_, '_>, domain: &crate::ObjectId) -> bool {
    let objects = &case.context.new.objects;
    let is_required = || matches!(objects.get(domain).map(|object| &object.body), Some(Body::Domain(domain)) if !domain.nullable);
    let has_check = || case.context.new.within(domain.path()).any(|(id, _)| id.kind() == Kind::DomainCheck);
    is_required() || has_check()
}

/// Whether a valid check of old rules NULL out, so that PostgreSQL need not look at the rows.
fn is_proved(case: &Case<'_, '_>) -> bool {
    let id = &case.delta.id;
    let says = format!("({} IS NOT NULL)", crate::plan::sql::ident(id.name()));
    let rules_out = |definition: &str| {
        definition.contains(&says)
            && !definition.contains(" OR ")
            && !definition.contains("NOT (")
            && !definition.ends_with(" NOT VALID")
    };
    altered(case).is_some()
        && case
            .context
            .old
            .within(id.parent())
            .any(|(_, object)| matches!(&object.body, Body::Check(check) if rules_out(&check.definition)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check, column};
    use super::Group;

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
    fn nullability() {
        let nullable = column(r#""type": "text", "nullable": true"#);
        let required = column(r#""type": "text", "nullable": false"#);
        check(ID, &nullable, &required, Group::Nullability, "set-not-null");
        check(ID, &required, &nullable, Group::Nullability, "drop-not-null");
    }

    #[test]
    fn defaults() {
        let with = |default: &str| column(&format!(r#""type": "text", "nullable": true{default}"#));
        let (none, one, two) = (with(""), with(r#", "default": "1""#), with(r#", "default": "2""#));
        check(ID, &none, &one, Group::Defaults, "default-missing");
        check(ID, &one, &none, Group::Defaults, "default-extra");
        check(ID, &one, &two, Group::Defaults, "change-default");
        check(ID, &with(r#", "serial": true"#), &none, Group::Defaults, "change-identity");
        check(ID, &none, &with(r#", "storage": "external""#), Group::Defaults, "column-storage");
        check(ID, &none, &with(r#", "statistics": 500"#), Group::Defaults, "column-statistics");
    }
}
