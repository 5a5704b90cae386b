//! The samples of docs/samples and docs/formats.md, made from the example: `DRIFTGLASS_SAMPLES=write` makes them anew.
//! Whether others can read the forms is tried by `tests/forms`.

use std::fs;

use tests::{driftglass, root, run};

const WORDS: [&str; 3] = ["diff", "snapshots/production.json", "snapshots/models.json"];

/// Each sample, and what makes it.
const SAMPLES: [(&str, &[&str]); 7] = [
    ("report.json", &["--format", "json"]),
    ("report.md", &["--format", "markdown", "--fail-on", "data-loss"]),
    ("report.sarif", &["--format", "sarif", "--fail-on", "data-loss"]),
    ("junit.xml", &["--format", "junit", "--fail-on", "data-loss"]),
    ("github.txt", &["--format", "github", "--fail-on", "data-loss"]),
    ("gitlab.json", &["--format", "gitlab", "--fail-on", "data-loss"]),
    ("passing.md", &["--format", "markdown", "--table", "audit.events"]),
];

fn is_writing() -> bool {
    std::env::var_os("DRIFTGLASS_SAMPLES").is_some_and(|value| value == "write")
}

fn made(words: &[&str]) -> String {
    let mut command = driftglass(&root(), &[&WORDS[..], words].concat());
    // As on a machine of one's own.
    for name in ["GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"] {
        command.env_remove(name);
    }
    let ran = run(&mut command);
    assert!(ran.status < 2, "{words:?}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn samples_and_page_are_what_the_command_writes() {
    for (name, words) in SAMPLES {
        let (path, made) = (root().join("docs/samples").join(name), made(words));
        if is_writing() {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == made, "docs/samples/{name} is stale: DRIFTGLASS_SAMPLES=write makes it anew");
    }
    let path = root().join("docs/formats.md");
    let page = fs::read_to_string(&path).unwrap();
    let made = with_samples(&page);
    if is_writing() {
        fs::write(&path, &made).unwrap();
    }
    assert!(page == made || is_writing(), "docs/formats.md is stale: DRIFTGLASS_SAMPLES=write makes it anew");
}

/// A block of docs/formats.md shows the lines of a sample from the first that holds a text on: it stands behind
/// `<!-- FILE, COUNT lines from: TEXT -->`.
fn with_samples(page: &str) -> String {
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(asked) = line.strip_prefix("<!-- ").and_then(|it| it.strip_suffix(" -->")) else { continue };
        let Some((file, asked)) = asked.split_once(", ") else { continue };
        let (count, text) = asked.split_once(" lines from: ").unwrap();
        let sample = fs::read_to_string(root().join("docs/samples").join(file)).unwrap();
        let shown: Vec<&str> = sample.lines().skip_while(|it| !it.contains(text)).collect();
        assert!(!shown.is_empty(), "{file} has no {text}");
        let fence = lines.find(|line| line.starts_with("```")).unwrap();
        lines.by_ref().find(|line| line.starts_with("```")).unwrap();
        let shown = shown[..shown.len().min(count.parse().unwrap())].join("\n");
        out.push_str(&format!("{fence}\n{shown}\n```\n"));
    }
    out
}

#[test]
fn one_run_writes_any_number_of_forms() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let summary = at("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let outputs = ["a.json", "a.md", "a.sarif", "a.xml", "a.txt", "a.sql", "gl-code-quality-report.json"];
    let outputs: Vec<String> =
        outputs.iter().map(|name| at(name)).chain([format!("github={}", at("odd"))]).collect();
    let words: Vec<&str> = outputs.iter().flat_map(|it| ["-o", it.as_str()]).collect();
    let mut command = driftglass(&root(), &[&WORDS[..], &words, &["--format", "github"]].concat());
    let ran = run(command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_WORKSPACE", root()));
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let read = |name: &str| fs::read_to_string(at(name)).unwrap();
    assert_eq!(read("odd"), ran.stdout);
    assert_eq!(read("summary.md"), format!("before\n{}", read("a.md")));
    assert!(read("a.txt").ends_with("30 differences: 15 high, 11 medium, 4 low\n"));
    for (words, reason) in [
        (
            ["-o", "report"],
            "the file's name tells no form; write FORMAT=report, where FORMAT is one of text,",
        ),
        (["-o", "yaml=a"], "there is no form \"yaml\"; there are text, json, sql, markdown, html,"),
        (["--format", "yaml"], "possible values: text, json, sql, markdown, html,"),
    ] {
        let ran = run(&mut driftglass(&root(), &[&WORDS[..], &words].concat()));
        assert!(ran.status == 2 && ran.stderr.contains(reason), "{}", ran.stderr);
    }
}
