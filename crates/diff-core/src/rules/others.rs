//! Names, comments, extensions, sequences, replication, and what else stands beside tables.

use super::{BASE, BRIEF, Case, Lock, Mode, On, Rule, Severity, Work, added, either, removed};
use crate::{Body, Change, Group, Kind};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "renamed",
        group: Group::Names,
        severity: Severity::High,
        breaks_code: true,
        locks: BRIEF,
        effect: "The two are known to be one under two names. Renaming is brief and keeps all rows, but code that \
                 uses the old name fails.",
        remedy: "Where old code must go on, leave a view with the old name, or go by way of a second column; else \
                 rename when the new code is deployed.",
        applies: |case| is_renamed(case) && names_matter(case.delta.id.kind()),
        ..BASE
    },
    Rule {
        id: "index-name",
        group: Group::Names,
        severity: Severity::Low,
        effect: "Only the index's name differs; nothing behaves differently.",
        remedy: "Leave it, or rename: ALTER INDEX … RENAME TO locks no table. Never drop and create.",
        applies: |case| is_renamed(case) && case.delta.id.kind() == Kind::Index,
        ..BASE
    },
    Rule {
        id: "name-only",
        group: Group::Names,
        severity: Severity::Low,
        locks: BRIEF,
        effect: "Only a name differs that PostgreSQL or SQLAlchemy made up; nothing behaves differently.",
        remedy: "Leave it, or rename: ALTER TABLE … RENAME CONSTRAINT. Never drop and create.",
        applies: is_renamed,
        ..BASE
    },
    Rule {
        id: "comment-differs",
        group: Group::Comments,
        severity: Severity::Low,
        locks: &[Lock::new(On::Only, Mode::ShareUpdateExclusive, Work::Brief).when(
            "for a comment on the table or a column",
            |case| {
                let kind = case.delta.id.kind();
                kind.is_relation() || kind == Kind::Column
            },
        )],
        effect: "Only the documentation differs.",
        remedy: "COMMENT ON is brief and blocks no reader or writer.",
        applies: |_| true,
        ..BASE
    },
    Rule {
        id: "extension-extra",
        group: Group::Other,
        loses_data: true,
        breaks_code: true,
        effect: "Dropping the extension takes its types, operators and functions along, and what rests on them.",
        remedy: "Declare it, or see with DROP EXTENSION without CASCADE that nothing rests on it.",
        applies: |case| matches!(removed(case), Some(Body::Extension(_))),
        ..BASE
    },
    Rule {
        id: "extension-differs",
        group: Group::Other,
        effect: "Types, operators or functions of the extension are missing, or of another version.",
        remedy: "CREATE EXTENSION, or ALTER EXTENSION … UPDATE, as a role that may, and in a step of its own.",
        applies: |case| matches!(either(case), Some(Body::Extension(_))),
        ..BASE
    },
    Rule {
        id: "schema-missing",
        group: Group::Other,
        severity: Severity::High,
        effect: "Everything in the schema is missing too.",
        remedy: "CREATE SCHEMA in the migration that makes the first table in it.",
        applies: |case| matches!(added(case), Some(Body::Schema(_))),
        ..BASE
    },
    Rule {
        id: "schema-extra",
        group: Group::Other,
        severity: Severity::Low,
        effect: "The schema is there and nobody declared it; what is in it is told by itself.",
        remedy: "Leave it, or DROP SCHEMA without CASCADE, which fails while anything is in it.",
        applies: |case| matches!(removed(case), Some(Body::Schema(_))),
        ..BASE
    },
    Rule {
        id: "sequence-extra",
        group: Group::Other,
        severity: Severity::Low,
        loses_data: true,
        breaks_code: true,
        effect: "No column owns it; functions and triggers may draw from it. Dropping it loses its position.",
        remedy: "If it is wanted, declare it in the models as Sequence(…, metadata=…), or ignore it by pattern.",
        applies: |case| matches!(removed(case), Some(Body::Sequence(_))),
        ..BASE
    },
    Rule {
        id: "sequence-differs",
        group: Group::Other,
        effect: "Numbers are drawn in another way, or run out earlier. While a sequence is altered, INSERTs that \
                 draw from it wait, briefly.",
        remedy: "ALTER SEQUENCE is brief. Is the type wide enough for the column?",
        applies: |case| matches!(either(case), Some(Body::Sequence(_))),
        ..BASE
    },
    Rule {
        id: "statistics-differ",
        group: Group::Other,
        severity: Severity::Low,
        locks: &[Lock::new(On::Named, Mode::ShareUpdateExclusive, Work::Brief)],
        effect: "The planner knows of columns together on one side alone; plans of queries may differ.",
        remedy: "CREATE STATISTICS is brief and blocks no reader or writer. ANALYZE afterwards.",
        applies: |case| matches!(either(case), Some(Body::Statistics(_))),
        ..BASE
    },
    Rule {
        id: "publication-differs",
        group: Group::Other,
        severity: Severity::High,
        locks: &[Lock::new(On::Named, Mode::ShareUpdateExclusive, Work::Brief)],
        effect: "Subscribers get other rows, or none.",
        remedy: "ALTER PUBLICATION is brief; then ALTER SUBSCRIPTION … REFRESH PUBLICATION on every subscriber.",
        applies: |case| matches!(either(case), Some(Body::Publication(_))),
        ..BASE
    },
];

fn is_renamed(case: &Case<'_, '_>) -> bool {
    matches!(case.delta.change, Change::Renamed { .. })
}

/// Whether code speaks of such an object by its name.
fn names_matter(kind: Kind) -> bool {
    use Kind::{
        Check, Column, Exclusion, ForeignKey, Index, Policy, PrimaryKey, Sequence, Statistics, Trigger,
        Unique,
    };
    kind == Column
        || !matches!(
            kind,
            Check
                | Exclusion
                | ForeignKey
                | Index
                | Policy
                | PrimaryKey
                | Sequence
                | Statistics
                | Trigger
                | Unique
                | Kind::DomainCheck
                | Kind::Rule
        )
}
