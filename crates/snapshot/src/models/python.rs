//! What the extractor is told and sends back: the models' DDL, with the line of each object.

use std::collections::BTreeMap;

use diff_core::{Finding, Origin};
use serde::{Deserialize, Serialize};

use super::ModelOptions;
use crate::error::Error;
use crate::python::{ask, command};

/// One script, in parts; the last one calls the first.
const SCRIPT: &str = concat!(
    include_str!("extract/main.py"),
    include_str!("extract/models.py"),
    include_str!("extract/project.py"),
    include_str!("extract/sources.py"),
    include_str!("extract/statements.py"),
    include_str!("extract/failures.py"),
);

/// What the extractor is told.
#[derive(Serialize)]
struct Request<'a> {
    targets: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    server_version: Option<u32>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'a [String],
    environment: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    init: Option<&'a str>,
}

/// What the extractor sends back.
#[derive(Deserialize)]
pub(crate) struct Extracted {
    #[serde(default)]
    pub(crate) sqlalchemy: String,
    #[serde(default)]
    pub(crate) statements: Vec<Statement>,
    #[serde(default)]
    pub(crate) origins: Vec<TableOrigin>,
    #[serde(default)]
    failed_imports: Vec<FailedImport>,
    #[serde(default)]
    warnings: Vec<String>,
}

/// One statement of DDL, in creation order.
#[derive(Deserialize)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    kind: String,
    pub(crate) object: Option<Vec<String>>,
    file: Option<String>,
    line: Option<u32>,
}

#[derive(Clone, Deserialize)]
struct Place {
    file: Option<String>,
    line: Option<u32>,
}

/// Where a table and its parts are declared.
#[derive(Deserialize)]
pub(crate) struct TableOrigin {
    schema: Option<String>,
    table: String,
    file: Option<String>,
    line: Option<u32>,
    #[serde(default)]
    columns: BTreeMap<String, Place>,
    #[serde(default)]
    indexes: BTreeMap<String, Place>,
    #[serde(default)]
    constraints: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
struct FailedImport {
    module: String,
    error: String,
    file: Option<String>,
    line: Option<u32>,
}

fn origin(file: Option<&String>, line: Option<u32>) -> Option<Origin> {
    Some(Origin { file: file?.clone(), line: line? })
}

impl Statement {
    /// What the statement makes, for people: `table public.users`, `an index of public.users`.
    pub(crate) fn subject(&self) -> String {
        let kind = self.kind.replace('_', " ");
        match (&self.object, self.kind.as_str()) {
            (None, _) => format!("a statement ({kind})"),
            (Some(path), "index") => format!("an index of {}", path.join(".")),
            (Some(path), "foreign_key" | "comment") => format!("a {kind} of {}", path.join(".")),
            (Some(path), _) => format!("{kind} {}", path.join(".")),
        }
    }

    /// The schema in which it makes something; none for a schema itself.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.object.as_ref().filter(|path| path.len() > 1)?.first().map(String::as_str)
    }

    pub(crate) fn origin(&self) -> Option<Origin> {
        origin(self.file.as_ref(), self.line)
    }
}

impl TableOrigin {
    /// The paths of the table and its parts, each with where it is declared.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (Vec<String>, Origin)> {
        let table = vec![self.schema.clone().unwrap_or_else(|| "public".to_owned()), self.table.clone()];
        let own = origin(self.file.as_ref(), self.line).map(|origin| (table.clone(), origin));
        let parts = self.columns.iter().chain(&self.indexes).chain(&self.constraints);
        let parts = parts.filter_map(move |(name, place)| {
            Some((
                [&table[..], std::slice::from_ref(name)].concat(),
                origin(place.file.as_ref(), place.line)?,
            ))
        });
        own.into_iter().chain(parts)
    }
}

impl Extracted {
    /// What went wrong without stopping the extraction.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let failed = self.failed_imports.iter().map(|failed| Finding {
            message: format!(
                "module {} could not be imported and is left out: {}",
                failed.module, failed.error
            ),
            is_loss: false,
            detail: None,
            origin: origin(failed.file.as_ref(), failed.line),
        });
        let warnings = self.warnings.iter().map(|text| Finding {
            message: text.clone(),
            is_loss: false,
            detail: None,
            origin: None,
        });
        failed.chain(warnings).collect()
    }
}

/// Imports the models and returns their DDL for a server of the given major version.
pub(super) async fn extract(
    targets: &[String],
    options: &ModelOptions,
    major: Option<u32>,
) -> Result<Extracted, Error> {
    let request = Request {
        targets,
        server_version: major.map(|major| major * 10_000),
        path: &options.paths,
        environment: &options.environment,
        init: options.init.as_deref(),
    };
    ask(&command(options), SCRIPT, &request).await
}
