//! Runs a script in the user's own Python, and reads what it sends back.

use std::path::Path;
use std::process::Stdio;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::Error;
use crate::models::ModelOptions;

/// Stands before the answer: applications print whatever they like while they are imported.
const MARK: u8 = 0x1e;

/// What every script may answer in place of what it was asked.
#[derive(Deserialize)]
struct Answer {
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
    #[serde(default)]
    traceback: Option<String>,
    #[serde(default)]
    hint: Option<String>,
}

/// The Python command: the one given, else the project's own environment, else `python3`.
pub(crate) fn command(options: &ModelOptions) -> String {
    options.python.clone().unwrap_or_else(|| {
        let own = ".venv/bin/python";
        if Path::new(own).exists() { own.to_owned() } else { "python3".to_owned() }
    })
}

/// Runs `script` and gives its answer to `request`.
pub(crate) async fn ask<T: DeserializeOwned>(
    command: &str,
    script: &str,
    request: &impl Serialize,
) -> Result<T, Error> {
    let request = serde_json::to_string(request).expect("a request holds nothing JSON cannot");
    let failed = |reason: String| Error::Python { command: command.to_owned(), reason };
    let (stdout, stderr) = run(command, script, &request).await.map_err(failed)?;
    answered(command, &stdout, &stderr)
}

/// The answer in what a script has written, behind whatever else was printed.
pub(crate) fn answered<T: DeserializeOwned>(command: &str, stdout: &[u8], stderr: &[u8]) -> Result<T, Error> {
    let failed = |reason: String| Error::Python { command: command.to_owned(), reason };
    let Some(at) = stdout.iter().position(|byte| *byte == MARK) else {
        return Err(failed(format!("it gave no answer; it said: {}", tail(stderr))));
    };
    let answer = &stdout[at + 1..];
    let unreadable = |error: serde_json::Error| {
        failed(format!("its answer cannot be read ({error}); it said: {}", tail(stderr)))
    };
    if let Some(Failure { message, traceback, hint }) =
        serde_json::from_slice::<Answer>(answer).map_err(unreadable)?.error
    {
        return Err(Error::Models {
            message,
            traceback: traceback.unwrap_or_default(),
            hint: hint.unwrap_or_default(),
        });
    }
    serde_json::from_slice(answer).map_err(unreadable)
}

/// Runs `command -` with the request and the script on standard input; gives both outputs. Not as an argument:
/// those can be read by everybody on the machine, and settings may be secret.
async fn run(command: &str, script: &str, request: &str) -> Result<(Vec<u8>, Vec<u8>), String> {
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
    let script = called(script, request);
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
fn called(script: &str, request: &str) -> String {
    let literal = serde_json::to_string(request).expect("a text is JSON");
    format!("import sys; sys.argv[1:] = [{literal}]\n{script}")
}

/// The last lines of what a program said.
fn tail(bytes: &[u8]) -> String {
    const LINES: usize = 8;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(LINES)..].join("\n");
    if last.is_empty() { "nothing".to_owned() } else { last }
}
