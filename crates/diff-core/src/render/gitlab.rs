//! A report as GitLab's code quality reads it: a list of places, each with a severity and a fingerprint.
//!
//! GitLab asks for a file and a line at each; where none is known the project's settings stand for it. Files are as
//! seen from the repository, without `./`, and no two fingerprints may be the same.

use serde::Serialize;

use super::run::{Level, Run};
use crate::Severity;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes a report for GitLab's code quality, what fails the run first.
pub fn gitlab(run: &Run<'_>) -> String {
    let issues = run.problems().into_iter().map(|problem| {
        let (path, begin) = run.place_or_settings(&problem);
        Issue {
            description: [vec![problem.sentence + "."], problem.more].concat().join(" "),
            check_name: problem.rule,
            fingerprint: problem.fingerprint,
            severity: severity(problem.level, problem.severity),
            location: Location { path, lines: Lines { begin } },
        }
    });
    super::json(&issues.collect::<Vec<_>>())
}

/// What fails the run is never less than major, the rest never more than minor.
fn severity(level: Level, severity: Severity) -> &'static str {
    match (level, severity) {
        (Level::Error, Severity::High) => "critical",
        (Level::Error, _) => "major",
        (Level::Warning, _) => "minor",
        (Level::Notice, _) => "info",
    }
}
