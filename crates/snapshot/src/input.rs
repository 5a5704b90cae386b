//! What others hand in, read as the sources read it, without a server and without Python: tests hand in anything.

use std::path::Path;

use diff_core::{Finding, Origin};

use crate::python::answered;

/// What the extractor of models answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Models {
    /// What each statement makes, and in which schema.
    pub statements: Vec<(String, Option<String>)>,
    /// Of each table the lines of it and of its parts.
    pub origins: Vec<Vec<(Vec<String>, Origin)>>,
    /// What went wrong without stopping it.
    pub findings: Vec<Finding>,
}

/// What the extractor of models answers.
///
/// # Errors
/// Why it is none of its answers.
pub fn models(answer: &[u8]) -> Result<Models, String> {
    let told: crate::models::Extracted =
        answered("python3", answer, b"").map_err(|error| error.to_string())?;
    let statements = told.statements.iter().map(|it| (it.subject(), it.schema().map(str::to_owned)));
    let origins = told.origins.iter().map(|table| table.paths().collect());
    Ok(Models { statements: statements.collect(), origins: origins.collect(), findings: told.findings() })
}

/// What the script of migrations answers: how many revisions it tells of.
///
/// # Errors
/// Why it is none of its answers.
pub fn migrations(answer: &[u8]) -> Result<usize, String> {
    let told: crate::migrations::Built =
        answered("python3", answer, b"").map_err(|error| error.to_string())?;
    Ok(told.history.len())
}

/// The statements of a file of SQL, each with the line on which it begins.
///
/// # Errors
/// The first line that is for psql alone.
pub fn statements(text: &str) -> Result<Vec<(usize, &str)>, usize> {
    let split = crate::sql::split::split(text).map_err(|foreign| foreign.line)?;
    Ok(split.into_iter().map(|statement| (statement.line, statement.text)).collect())
}

/// What of a migration's file goes forward, and the version that its name tells.
pub fn migration<'t>(name: &str, text: &'t str) -> (&'t str, Option<String>) {
    let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    (crate::sql::files::forward(text), crate::sql::files::version(&name))
}
