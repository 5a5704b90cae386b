//! What belongs to a relation: constraints, indexes, triggers, rules, policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ObjectId;

/// A constraint of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Storage parameters of the index behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// The tablespace of the index behind it, where it is not the database's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// Set where the table is clustered on the index behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clustered: bool,
    /// Set where replication identifies rows by the index behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: bool,
    /// The comment of the index behind it, which is not the constraint's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index_comment: Option<String>,
    /// Of a partition: the constraint of the parent that it is a part of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attached_to: Option<ObjectId>,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The tablespace, where it is not the database's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// Set where the table is clustered on it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clustered: bool,
    /// Set where replication identifies rows by it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: bool,
    /// How many values ANALYZE samples, by the number of an expression from 1, where it is set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: BTreeMap<String, i32>,
    /// Of a partition: the index of the parent that it is a part of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attached_to: Option<ObjectId>,
}

/// When a trigger fires, as to replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// As `pg_get_triggerdef` prints it.
    pub definition: String,
    /// When it fires.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
}

/// A rewrite rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RewriteRule {
    /// As `pg_get_ruledef` prints it.
    pub definition: String,
    /// When it applies.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
}

/// A row security policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
