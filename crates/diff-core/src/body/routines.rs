//! Functions, procedures, languages, event triggers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::Enabled;

/// Whether a function's result may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    /// At any time.
    #[default]
    Volatile,
    /// Not within a statement.
    Stable,
    /// Never.
    Immutable,
}

/// Whether a function may run in parallel workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Parallel {
    /// No parallel plan at all.
    #[default]
    Unsafe,
    /// Only in the leader.
    Restricted,
    /// Anywhere.
    Safe,
}

/// A function or a procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Routine {
    /// The arguments with names and defaults, as `pg_get_function_arguments` prints them.
    pub arguments: String,
    /// The result, as `pg_get_function_result` prints it; a procedure has none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: Option<String>,
    /// The language.
    pub language: String,
    /// Whether it is a window function.
    #[serde(default, skip_serializing_if = "is_default")]
    pub window: bool,
    /// Whether its result may change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub volatility: Volatility,
    /// Whether NULL for an argument gives NULL without a call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub strict: bool,
    /// Whether it runs with the rights of its owner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub security_definer: bool,
    /// Whether it tells nothing about its arguments but by its result.
    #[serde(default, skip_serializing_if = "is_default")]
    pub leakproof: bool,
    /// Whether it may run in parallel workers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parallel: Parallel,
    /// The cost of a call, where it is not the one that the language implies.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cost: Option<String>,
    /// How many rows it gives, where it is not 1000.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rows: Option<String>,
    /// The planner support function.
    #[serde(default, skip_serializing_if = "is_default")]
    pub support: Option<String>,
    /// The types that transforms apply to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transforms: Vec<String>,
    /// Settings during a call; values as `pg_proc.proconfig` holds them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub settings: BTreeMap<String, String>,
    /// The file of a C function, or the symbol's library.
    #[serde(default, skip_serializing_if = "is_default")]
    pub library: Option<String>,
    /// Whether the body is SQL that was parsed when it was defined (PostgreSQL 14).
    #[serde(default, skip_serializing_if = "is_default")]
    pub sql_body: bool,
    /// The body: source text, a symbol, or `BEGIN ATOMIC …` and `RETURN …`.
    pub definition: String,
}

/// A procedural language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// Whether every user may use it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trusted: bool,
    /// The handler.
    #[serde(default, skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    /// What runs DO blocks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inline: Option<String>,
    /// What checks functions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub validator: Option<String>,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    /// The event: `ddl_command_end`.
    pub event: String,
    /// The command tags that it is for; all where empty.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<String>,
    /// The function, qualified and quoted.
    pub function: String,
    /// When it fires.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
}
