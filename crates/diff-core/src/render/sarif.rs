//! A report as SARIF 2.1.0, which code scanning and editors read.
//!
//! Each result names its object as a logical location. GitHub refuses a whole file for one result without a physical one,
//! so that the project's settings stand for what no file declares.

use std::collections::BTreeMap;

use serde::Serialize;

use super::run::{DIFFERENCE, FINDING, HOME, Level, Problem, RULES_PAGE, Run, first_sentence, line};
use crate::{Severity, collect, rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// GitHub refuses a run of more results.
const MOST: usize = 25_000;
/// The repository's folder, as code scanning calls it.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [LogRun; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogRun {
    tool: Tool,
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    column_kind: &'static str,
    results: Vec<Outcome>,
    properties: Facts,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Labels,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Labels {
    tags: [&'static str; 1],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
struct Base {
    description: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

/// What is said of the run as a whole.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    verdict: String,
    /// How many results there would be more.
    left_out: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    gates: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<String>,
    information: Vec<String>,
    not_compared: Vec<String>,
}

/// Writes a report as SARIF, what fails the run first.
pub fn sarif(run: &Run<'_>) -> String {
    let problems = run.problems();
    let rules = collect::set(problems.iter().map(|problem| problem.rule));
    let rules: Vec<&'static str> = rules.into_iter().collect();
    let base = Base { description: text("The repository's folder.") };
    let report = run.report;
    let log = LogRun {
        tool: Tool {
            driver: Driver {
                name: "driftglass",
                version: env!("CARGO_PKG_VERSION"),
                information_uri: HOME,
                rules: rules.iter().copied().map(descriptor).collect(),
            },
        },
        original_uri_base_ids: collect::map([(ROOT, base)]),
        column_kind: "utf16CodeUnits",
        results: problems.iter().take(MOST).map(|problem| outcome(run, problem, &rules)).collect(),
        properties: Facts {
            verdict: report.verdict(),
            left_out: problems.len().saturating_sub(MOST),
            gates: run.gates(),
            standing: report.causes.as_ref().map(|causes| line(&causes.standing)),
            information: report.information.iter().map(|sentence| line(sentence)).collect(),
            not_compared: report.not_compared.iter().map(|sentence| line(sentence)).collect(),
        },
    };
    super::json(&Log { schema: SCHEMA, version: "2.1.0", runs: [log] })
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

fn descriptor(id: &'static str) -> Descriptor {
    let (effect, remedy, severity) = match rule(id) {
        Some(rule) => (rule.effect, rule.remedy, rule.severity),
        None if id == FINDING => {
            ("Something is wrong with a source itself.", "Mend the source.", Severity::High)
        }
        None => ("The two sides differ.", "Change one of them.", Severity::default()),
    };
    let is_rule = ![DIFFERENCE, FINDING].contains(&id);
    Descriptor {
        id,
        short_description: text(first_sentence(effect)),
        full_description: text(effect),
        help: Help { text: format!("{effect}\n{remedy}"), markdown: format!("{effect}\n\n→ {remedy}") },
        help_uri: if is_rule { format!("{RULES_PAGE}#{id}") } else { RULES_PAGE.to_owned() },
        default_configuration: Configuration { level: by_severity(severity, "note") },
        properties: Labels { tags: ["schema"], severity: by_severity(severity, "recommendation") },
    }
}

fn by_severity(severity: Severity, low: &'static str) -> &'static str {
    match severity {
        Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low => Level::Notice,
    }
    .word(low)
}

fn outcome(run: &Run<'_>, problem: &Problem<'_>, rules: &[&'static str]) -> Outcome {
    let (file, start_line) = run.place_or_settings(problem);
    let logical = problem.object.map(|id| Logical {
        name: id.name().to_owned(),
        fully_qualified_name: id.to_string(),
        kind: id.kind().label(),
    });
    let message = [vec![format!("{}.", problem.sentence)], problem.more.clone()].concat().join("\n");
    Outcome {
        rule_id: problem.rule,
        rule_index: rules.binary_search(&problem.rule).unwrap_or_default(),
        level: problem.level.word("note"),
        message: text(unlinked(&message)),
        locations: [Location {
            physical_location: Physical {
                artifact_location: Artifact { uri: encoded(&file), uri_base_id: ROOT },
                region: Region { start_line },
            },
            logical_locations: logical.into_iter().collect(),
        }],
        partial_fingerprints: collect::map([("driftglass/v1", problem.fingerprint.clone())]),
    }
}

/// A message in which nothing is a link: SARIF has them as Markdown does. Braces stay as they are, since readers put
/// arguments in their place only where there are arguments.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

/// A path as a URI has it.
fn encoded(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris_and_links_are_text() {
        assert_eq!(encoded("app/späti #1.py"), "app/sp%C3%A4ti%20%231.py");
        assert_eq!(unlinked("text[](https://example.org)"), "text[] (https://example.org)");
    }
}
