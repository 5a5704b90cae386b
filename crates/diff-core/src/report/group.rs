//! What an entry is about, and under which heading it stands.

use serde::{Deserialize, Serialize};
use strum::EnumIter;

use crate::{Change, Delta, Kind};

/// What an entry is about. The order is the one in which reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EnumIter)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Tables that only new has.
    MissingTables,
    /// Tables that only old has.
    ExtraTables,
    /// Columns that only new has.
    MissingColumns,
    /// Columns that only old has.
    ExtraColumns,
    /// Types of columns, enum types, domains.
    Types,
    /// NOT NULL.
    Nullability,
    /// Defaults, identity and generated columns.
    Defaults,
    /// Primary keys.
    PrimaryKeys,
    /// Foreign keys.
    ForeignKeys,
    /// Unique, check and exclusion constraints.
    Constraints,
    /// Indexes.
    Indexes,
    /// Views and materialized views.
    Views,
    /// Functions, procedures, operators, triggers.
    Routines,
    /// Owners, grants, policies, row security.
    Security,
    /// Schemas, extensions, sequences, settings of tables, replication, text search.
    Other,
    /// Comments.
    Comments,
    /// Objects of which only a made-up name differs.
    Names,
}

/// The groups that are about whole tables.
pub const TABLE_GROUPS: [Group; 2] = [Group::MissingTables, Group::ExtraTables];

impl Group {
    /// The heading, given what the two sides are called.
    pub fn title(self, old: &str, new: &str) -> String {
        let fixed = match self {
            Self::MissingTables => return format!("Tables only in {new}"),
            Self::ExtraTables => return format!("Tables only in {old}"),
            Self::MissingColumns => return format!("Columns only in {new}"),
            Self::ExtraColumns => return format!("Columns only in {old}"),
            Self::Types => "Types",
            Self::Nullability => "Nullability",
            Self::Defaults => "Defaults, identity, generated columns",
            Self::PrimaryKeys => "Primary keys",
            Self::ForeignKeys => "Foreign keys",
            Self::Constraints => "Unique, check and exclusion constraints",
            Self::Indexes => "Indexes",
            Self::Views => "Views",
            Self::Routines => "Functions, procedures, operators, triggers",
            Self::Security => "Access: owners, grants, policies",
            Self::Other => "Schemas, extensions, sequences, settings, replication",
            Self::Comments => "Comments",
            Self::Names => "Names only",
        };
        fixed.to_owned()
    }

    /// Where a difference belongs; `attribute` is absent for what only one side has.
    pub(crate) fn of(delta: &Delta, attribute: Option<&str>) -> Self {
        let is_missing = matches!(delta.change, Change::Added(_));
        match (delta.id.kind(), attribute) {
            (_, Some("owner" | "grants" | "security_labels")) => Self::Security,
            (_, Some("comment")) => Self::Comments,
            (Kind::Table | Kind::Partition | Kind::ForeignTable, None) if is_missing => Self::MissingTables,
            (Kind::Table | Kind::Partition | Kind::ForeignTable, None) => Self::ExtraTables,
            (Kind::Column, None) if is_missing => Self::MissingColumns,
            (Kind::Column, None) => Self::ExtraColumns,
            (Kind::Column, Some("type" | "collation")) => Self::Types,
            (Kind::Column, Some("nullable")) => Self::Nullability,
            (Kind::Column, Some(_)) => Self::Defaults,
            (
                Kind::Enum
                | Kind::Domain
                | Kind::DomainCheck
                | Kind::Composite
                | Kind::Range
                | Kind::BaseType
                | Kind::Collation,
                _,
            ) => Self::Types,
            (Kind::PrimaryKey, _) => Self::PrimaryKeys,
            (Kind::ForeignKey, _) => Self::ForeignKeys,
            (Kind::Unique | Kind::Check | Kind::Exclusion, _) => Self::Constraints,
            (Kind::Index, _) => Self::Indexes,
            (Kind::View | Kind::MaterializedView | Kind::ViewColumn | Kind::Rule, _) => Self::Views,
            (
                Kind::Function
                | Kind::Procedure
                | Kind::Aggregate
                | Kind::Trigger
                | Kind::EventTrigger
                | Kind::Operator
                | Kind::OperatorClass
                | Kind::OperatorFamily
                | Kind::Cast
                | Kind::Transform
                | Kind::Language,
                _,
            ) => Self::Routines,
            (Kind::Policy | Kind::DefaultPrivileges, _)
            | (Kind::Table | Kind::Partition, Some("row_security")) => Self::Security,
            _ => Self::Other,
        }
    }
}
