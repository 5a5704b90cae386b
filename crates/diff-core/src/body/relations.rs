//! Tables, columns, views, sequences.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ObjectId;

/// How a table survives a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// What replication identifies rows by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// The primary key, or an index that says so.
    #[default]
    Default,
    /// All columns.
    Full,
    /// Nothing.
    Nothing,
}

/// A table's own attributes; its columns, constraints and indexes are objects beneath it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Storage parameters: `fillfactor`, `autovacuum_enabled`; those of its TOAST table begin with `toast.`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// The access method, where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// The tablespace, where it is not the database's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// What replication identifies rows by; an index that it is says so itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: ReplicaIdentity,
    /// The composite type that it is made of, as `format_type` prints it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub of_type: Option<String>,
}

/// A partition: a table whose columns are its parent's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The access method, where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// The tablespace, where it is not the database's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// What replication identifies rows by; an index that it is says so itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: ReplicaIdentity,
}

/// A foreign table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignTable {
    /// The server.
    pub server: String,
    /// What the foreign data wrapper is told.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// The tables that it inherits from, in their order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherits: Vec<ObjectId>,
    /// The partitioned table that it is a partition of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub of: Option<ObjectId>,
    /// The bound, where it is a partition.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bound: Option<String>,
}

/// How a sequence counts. What its type implies is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// How it counts.
    pub counting: Counting,
    /// The column that it is dropped with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owned_by: Option<ObjectId>,
    /// Logged or not (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
}

/// Who may set the value of an identity column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// `GENERATED ALWAYS`.
    Always,
    /// `GENERATED BY DEFAULT`.
    ByDefault,
}

/// An identity column's sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Whether an INSERT may give a value.
    pub mode: IdentityMode,
    /// How it counts.
    pub counting: Counting,
    /// The sequence's own name, where it is not `table_column_seq`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sequence_name: Option<String>,
}

/// Where the value of a generated column lives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GeneratedMode {
    /// Written with the row.
    Stored,
    /// Computed when read (PostgreSQL 18).
    Virtual,
}

/// A generated column's expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// Stored or virtual.
    pub mode: GeneratedMode,
    /// As `pg_get_expr` prints it.
    pub expression: String,
}

/// What a NOT NULL constraint has beyond being there (PostgreSQL 18).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotNull {
    /// Its name, where it is not `table_column_not_null`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: Option<String>,
    /// Set where inheriting tables do not get it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_inherit: bool,
    /// Set where rows that were there before have not been checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_valid: bool,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Set where it comes from the tables that this one inherits from, and from nowhere else.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// Set where the NOT NULL is more than that (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: Option<NotNull>,
    /// Where long values go: `plain`, `external`, `extended`, `main`; absent where it is the type's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    /// How values are compressed: `pglz`, `lz4`; absent where the server decides.
    #[serde(default, skip_serializing_if = "is_default")]
    pub compression: Option<String>,
    /// How many values ANALYZE samples, where it is set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
    /// `n_distinct`, `n_distinct_inherited`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// What the foreign data wrapper is told about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_options: BTreeMap<String, String>,
}

/// A column that a view gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OutputColumn {
    /// Its name.
    pub name: String,
    /// As `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// A view or a materialized view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct View {
    /// As `pg_get_viewdef` prints it, without the semicolon.
    pub definition: String,
    /// Its columns in their order, which the definition implies. Never compared.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<OutputColumn>,
    /// `security_barrier`, `check_option`, `fillfactor` and the like.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// Of a materialized view: the access method, where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// Of a materialized view: the tablespace, where it is not the database's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
}

/// A column of a view or a materialized view that carries something of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    /// What an INSERT through the view puts there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// Of a materialized view: where long values go.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    /// Of a materialized view: how values are compressed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub compression: Option<String>,
    /// Of a materialized view: how many values ANALYZE samples, where it is set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
    /// Of a materialized view: `n_distinct`, `n_distinct_inherited`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}
