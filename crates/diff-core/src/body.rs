//! What each kind of object is made of: one struct a kind, as PostgreSQL prints its parts.
//!
//! Comparing works on the serialized fields, so a field that is added here is compared from then on.
//! A field that holds its default is left out of the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumIter, EnumString, IntoStaticStr};

use crate::ObjectId;

/// An object's own attributes; the variant is its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case")]
#[strum_discriminants(
    name(Kind),
    doc = "The kind of an object. Its written form is the one used in ids: `materialized_view`.",
    derive(PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumString, EnumIter, IntoStaticStr),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case")
)]
pub enum Body {
    /// A namespace.
    Schema(Schema),
    /// An installed extension; what it owns is not part of the snapshot.
    Extension(Extension),
    /// An enum type.
    Enum(Enum),
    /// A domain with its constraints.
    Domain(Domain),
    /// A sequence that is not an identity column's own.
    Sequence(Sequence),
    /// A plain or partitioned table.
    Table(Table),
    /// A table that is a partition of another. Only what differs from the parent stands beneath it.
    Partition(Partition),
    /// A column of a table.
    Column(Column),
    /// A primary key.
    PrimaryKey(Constraint),
    /// A unique constraint.
    Unique(Constraint),
    /// A check constraint of a table.
    Check(Constraint),
    /// A foreign key.
    ForeignKey(Constraint),
    /// An exclusion constraint.
    Exclusion(Constraint),
    /// An index that backs no constraint.
    Index(Index),
    /// A view.
    View(View),
    /// A materialized view.
    MaterializedView(View),
    /// A function; the path's last part carries the types of its arguments.
    Function(Function),
    /// A trigger that a user made.
    Trigger(Trigger),
    /// A row security policy.
    Policy(Policy),
}

impl Body {
    /// The kind that this body is of.
    pub fn kind(&self) -> Kind {
        self.into()
    }

    /// Whether the object's name carries no meaning of its own, so that two of the same parent and body
    /// are one object under two names: PostgreSQL and SQLAlchemy make up names for these.
    pub fn has_incidental_name(&self) -> bool {
        match self {
            Self::PrimaryKey(_)
            | Self::Unique(_)
            | Self::Check(_)
            | Self::ForeignKey(_)
            | Self::Exclusion(_)
            | Self::Index(_) => true,
            Self::Sequence(sequence) => sequence.owned_by.is_some(),
            _ => false,
        }
    }
}

impl Kind {
    /// Whether `pg_class` holds such objects and others are contained in them.
    pub fn is_relation(self) -> bool {
        matches!(self, Self::Table | Self::Partition | Self::View | Self::MaterializedView)
    }

    /// The word for one such object, for people: `foreign key`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum type",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Partition => "partition",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique constraint",
            Self::Check => "check constraint",
            Self::ForeignKey => "foreign key",
            Self::Exclusion => "exclusion constraint",
            Self::Index => "index",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function => "function",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
        }
    }

    /// The word for several such objects.
    pub fn plural(self) -> String {
        let label = self.label();
        match label.strip_suffix(['x', 'y']) {
            Some(stem) if label.ends_with('x') => format!("{stem}xes"),
            Some(stem) if !label.ends_with("key") => format!("{stem}ies"),
            _ => format!("{label}s"),
        }
    }
}

/// Attributes that are kept in the file and shown, yet are no difference. Where a column stands among
/// others cannot be changed without writing the table anew, and every history of migrations shifts it.
pub(crate) const INFORMATION: &[&str] = &["position"];

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A namespace has no attributes of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {}

/// As `pg_extension` holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The schema that its objects are in.
    pub schema: String,
    /// The installed version.
    pub version: String,
}

/// An enum type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// The labels in their order.
    pub labels: Vec<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The type beneath, as `format_type` prints it.
    #[serde(rename = "type")]
    pub base: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The default, if it has one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// The collation, where it is not the one of the type beneath.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    /// The definition of each check by its name, as `pg_get_constraintdef` prints it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: BTreeMap<String, String>,
}

/// How a sequence counts. What its type implies is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The type of its values; an identity column's own sequence has the column's.
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub value_type: Option<String>,
    /// The first value.
    pub start: i64,
    /// The step, negative where it counts down.
    pub increment: i64,
    /// The smallest value, where it is not the one that type and direction imply.
    #[serde(default, skip_serializing_if = "is_default")]
    pub minimum: Option<i64>,
    /// The largest value, where it is not the one that type and direction imply.
    #[serde(default, skip_serializing_if = "is_default")]
    pub maximum: Option<i64>,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again at the end.
    pub cycle: bool,
}

/// A sequence of its own, or one that a serial column owns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// How it counts.
    pub counting: Counting,
    /// The column that it is dropped with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owned_by: Option<ObjectId>,
}

/// How a table survives a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// Written to the log.
    #[default]
    Permanent,
    /// Emptied after a crash, and absent on replicas.
    Unlogged,
}

/// Whether policies apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSecurity {
    /// Every row is seen by those who may read the table.
    #[default]
    Off,
    /// Policies apply, but not to the owner.
    On,
    /// Policies apply to the owner too.
    Forced,
    /// Off, and forced once it is switched on.
    OffForced,
}

/// A table's own attributes; its columns, constraints and indexes are objects beneath it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Logged or not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    /// As `pg_get_partkeydef` prints it: `RANGE (placed_at)`; absent where the table is not partitioned.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<String>,
    /// The tables that it inherits from, in their order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherits: Vec<ObjectId>,
    /// Whether policies apply.
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: RowSecurity,
    /// Storage parameters: `fillfactor`, `autovacuum_enabled` and the like.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// A partition: a table whose columns are its parent's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// The partitioned table.
    pub of: ObjectId,
    /// As `pg_get_expr` prints it: `FOR VALUES FROM (1) TO (9)`, or `DEFAULT`.
    pub bound: String,
    /// Logged or not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    /// Set where it is partitioned in turn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<String>,
    /// Whether policies apply to those who name it directly.
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: RowSecurity,
    /// Storage parameters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// Who may set the value of an identity column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// `GENERATED ALWAYS`.
    Always,
    /// `GENERATED BY DEFAULT`.
    ByDefault,
}

/// An identity column's sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Whether an INSERT may give a value.
    pub mode: IdentityMode,
    /// How it counts.
    pub counting: Counting,
}

/// Where the value of a generated column lives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedMode {
    /// Written with the row.
    Stored,
    /// Computed when read (PostgreSQL 18).
    Virtual,
}

/// A generated column's expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// Stored or virtual.
    pub mode: GeneratedMode,
    /// As `pg_get_expr` prints it.
    pub expression: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its place among the table's columns, from 1, without gaps. Never compared.
    pub position: u32,
    /// As `format_type` prints it: `character varying(80)`.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The default; a constant is written as a plain literal without its cast.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// Whether the default draws from the sequence that this column owns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub serial: bool,
    /// Set where it is an identity column.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: Option<Identity>,
    /// Set where its value is computed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<Generated>,
    /// The collation, where it is not the type's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// As `pg_get_constraintdef` prints it, without the name.
    pub definition: String,
    /// Set where partitions lack it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
    /// Set where the triggers that enforce it are switched off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub disabled: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Whether it forbids duplicates.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: bool,
    /// What `pg_get_indexdef` prints after the table's name: `USING btree (lower(email))`.
    pub definition: String,
    /// Set where a build failed and left it unusable.
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
}

/// A view or a materialized view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// As `pg_get_viewdef` prints it, without the semicolon.
    pub definition: String,
    /// `security_barrier`, `check_option`, `fillfactor` and the like.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// As `pg_get_functiondef` prints it.
    pub definition: String,
}

/// When a trigger fires, as to replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enabled {
    /// In ordinary sessions.
    #[default]
    Origin,
    /// Never.
    Disabled,
    /// Only when rows are replicated.
    Replica,
    /// In both.
    Always,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// As `pg_get_triggerdef` prints it.
    pub definition: String,
    /// When it fires.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
}

/// A row security policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether it adds to what may be seen, or takes away from it.
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// The roles it is for, `PUBLIC` where for all.
    pub roles: Vec<String>,
    /// Which rows are seen.
    #[serde(default, skip_serializing_if = "is_default")]
    pub using: Option<String>,
    /// Which rows may be written.
    #[serde(default, skip_serializing_if = "is_default")]
    pub check: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_kind_has_words() {
        let words: Vec<String> = Kind::iter().map(Kind::plural).collect();
        assert!(words.contains(&"indexes".to_owned()), "{words:?}");
        assert!(words.contains(&"policies".to_owned()), "{words:?}");
        assert!(words.contains(&"foreign keys".to_owned()), "{words:?}");
        assert!(words.contains(&"primary keys".to_owned()), "{words:?}");
    }
}
