//! Extensions, text search, statistics, replication, foreign data, default privileges.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ObjectId;

/// What stands for the value of an option that may be a secret. Such values are in no snapshot.
pub const HIDDEN: &str = "***";

/// A namespace has no attributes of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Schema {}

/// As `pg_extension` holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The schema that its objects are in.
    pub schema: String,
    /// The installed version.
    pub version: String,
}

/// A text search configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TextSearchConfiguration {
    /// The parser, qualified and quoted.
    pub parser: String,
    /// The dictionaries by token type, in their order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mappings: BTreeMap<String, Vec<String>>,
}

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// What stands after the name: `(ndistinct) ON a, b FROM public.t`.
    pub definition: String,
    /// How many values ANALYZE samples, where it is set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target: Option<i32>,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Whether it publishes every table.
    #[serde(default, skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// `insert`, `update`, `delete`, `truncate`, sorted.
    pub publish: Vec<String>,
    /// Whether changes of partitions are published as the root's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub via_root: bool,
    /// Whether generated columns are published: `stored` (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated_columns: Option<String>,
    /// The tables.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: BTreeMap<ObjectId, Published>,
    /// The schemas of which all tables are published, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schemas: Vec<String>,
}

/// What is published of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The columns, sorted: their order means nothing; all where absent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Option<Vec<String>>,
    /// Which rows, as `pg_get_expr` prints it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub filter: Option<String>,
}

/// A subscription. Its connection string is never read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The publications, sorted.
    pub publications: Vec<String>,
    /// Whether it is switched on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: bool,
    /// Its parameters, as CREATE SUBSCRIPTION names them; those with their default are left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// A foreign data wrapper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignDataWrapper {
    /// The handler.
    #[serde(default, skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    /// The validator.
    #[serde(default, skip_serializing_if = "is_default")]
    pub validator: Option<String>,
    /// Its options; secrets are left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignServer {
    /// The foreign data wrapper.
    pub wrapper: String,
    /// Its type.
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub server_type: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// Its options; secrets are left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// A user mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UserMapping {
    /// Its options; the value of a secret is `***`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
}

/// What roles may do with objects that another role will create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DefaultPrivileges {
    /// Privileges by role, `PUBLIC` for all, `*` behind those that may be passed on. Without a schema the owner's own stand here too.
    pub privileges: BTreeMap<String, BTreeSet<String>>,
}
