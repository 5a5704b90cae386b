//! Runs the extractor in the user's own Python, and reads what it sends back.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use diff_core::{Finding, Origin};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::ModelOptions;
use crate::error::Error;

/// One script, in parts; the last one calls the first.
const SCRIPT: &str = concat!(
    include_str!("extract/main.py"),
    include_str!("extract/project.py"),
    include_str!("extract/sources.py"),
    include_str!("extract/statements.py"),
    include_str!("extract/failures.py"),
);

/// Stands before the answer: applications print whatever they like while they are imported.
const MARK: u8 = 0x1e;

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
pub(super) struct Extracted {
    #[serde(default)]
    pub(super) sqlalchemy: String,
    #[serde(default)]
    pub(super) statements: Vec<Statement>,
    #[serde(default)]
    pub(super) origins: Vec<TableOrigin>,
    #[serde(default)]
    failed_imports: Vec<FailedImport>,
    #[serde(default)]
    warnings: Vec<String>,
    error: Option<Failure>,
}

/// One statement of DDL, in creation order.
#[derive(Deserialize)]
pub(super) struct Statement {
    pub(super) sql: String,
    kind: String,
    pub(super) object: Option<Vec<String>>,
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
pub(super) struct TableOrigin {
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

#[derive(Deserialize)]
struct Failure {
    message: String,
    #[serde(default)]
    traceback: Option<String>,
    #[serde(default)]
    hint: Option<String>,
}

fn origin(file: Option<&String>, line: Option<u32>) -> Option<Origin> {
    Some(Origin { file: file?.clone(), line: line? })
}

impl Statement {
    /// What the statement makes, for people: `table public.users`, `an index of public.users`.
    pub(super) fn subject(&self) -> String {
        let kind = self.kind.replace('_', " ");
        match (&self.object, self.kind.as_str()) {
            (None, _) => format!("a statement ({kind})"),
            (Some(path), "index") => format!("an index of {}", path.join(".")),
            (Some(path), "foreign_key" | "comment") => format!("a {kind} of {}", path.join(".")),
            (Some(path), _) => format!("{kind} {}", path.join(".")),
        }
    }

    /// The schema in which it makes something; none for a schema itself.
    pub(super) fn schema(&self) -> Option<&str> {
        self.object.as_ref().filter(|path| path.len() > 1)?.first().map(String::as_str)
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        origin(self.file.as_ref(), self.line)
    }
}

impl TableOrigin {
    /// The paths of the table and its parts, each with where it is declared.
    pub(super) fn paths(&self) -> impl Iterator<Item = (Vec<String>, Origin)> {
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
    pub(super) fn findings(&self) -> Vec<Finding> {
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

/// The Python command: the one given, else the project's own environment, else `python3`.
pub(crate) fn command(options: &ModelOptions) -> String {
    options.python.clone().unwrap_or_else(|| {
        let own = ".venv/bin/python";
        if Path::new(own).exists() { own.to_owned() } else { "python3".to_owned() }
    })
}

/// Imports the models and returns their DDL for a server of the given major version.
pub(super) async fn extract(
    targets: &[String],
    options: &ModelOptions,
    major: Option<u32>,
) -> Result<Extracted, Error> {
    let command = command(options);
    let request = Request {
        targets,
        server_version: major.map(|major| major * 10_000),
        path: &options.paths,
        environment: &options.environment,
        init: options.init.as_deref(),
    };
    let request = serde_json::to_string(&request).expect("a request holds nothing JSON cannot");
    let failed = |reason: String| Error::Python { command: command.clone(), reason };
    let (stdout, stderr) = run(&command, &request).await.map_err(failed)?;
    let Some(at) = stdout.iter().position(|byte| *byte == MARK) else {
        return Err(failed(format!("it gave no answer; it said: {}", tail(&stderr))));
    };
    let extracted: Extracted = serde_json::from_slice(&stdout[at + 1..]).map_err(|error| {
        failed(format!("its answer cannot be read ({error}); it said: {}", tail(&stderr)))
    })?;
    match extracted.error {
        Some(Failure { message, traceback, hint }) => Err(Error::Models {
            message,
            traceback: traceback.unwrap_or_default(),
            hint: hint.unwrap_or_default(),
        }),
        None => Ok(extracted),
    }
}

/// Runs `command -` with the request and the script on standard input; gives both outputs. Not as an argument:
/// those can be read by everybody on the machine, and settings may be secret.
async fn run(command: &str, request: &str) -> Result<(Vec<u8>, Vec<u8>), String> {
    let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or("its quotes do not match")?;
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{error}; install Python, or name the command with --python"))?;
    let stdin = child.stdin.take();
    let script = script(request);
    let feed = async {
        if let Some(mut stdin) = stdin {
            // A command that ends without reading explains itself on its outputs.
            let _ = stdin.write_all(script.as_bytes()).await;
        }
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), feed);
    let output = output.map_err(|error| error.to_string())?;
    Ok((output.stdout, output.stderr))
}

/// The script, as if it had been called with the request. A JSON text is a literal of Python too.
fn script(request: &str) -> String {
    let literal = serde_json::to_string(request).expect("a text is JSON");
    format!("import sys; sys.argv[1:] = [{literal}]\n{SCRIPT}")
}

/// The last lines of what a program said.
fn tail(bytes: &[u8]) -> String {
    const LINES: usize = 8;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(LINES)..].join("\n");
    if last.is_empty() { "nothing".to_owned() } else { last }
}
