//! Types.

use serde::{Deserialize, Serialize};

use super::is_default;

/// An enum type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// The labels in their order.
    pub labels: Vec<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Composite {
    /// Its attributes in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// As `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// The collation, where it is not the type's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    /// Its comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A kind whose DDL is one clause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What stands after the name in its CREATE statement.
    pub definition: String,
}
