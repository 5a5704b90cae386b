//! Every static finding on a schema that has each of them once, and on one that has none.

use std::collections::BTreeMap;
use std::fs;

use diff_core::LINTS;
use serde_json::Value;
use tests::{driftglass, root, run};

/// What each finding is found in; each part of the file begins with `-- lint: object`.
fn expected(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("-- ")) {
        let (lint, object) = line.split_once(": ").unwrap();
        found.entry(lint.to_owned()).or_default().push(object.to_owned());
    }
    found.values_mut().for_each(|objects| objects.sort());
    found
}

fn found(file: &str, words: &[&str]) -> (i32, BTreeMap<String, Vec<String>>) {
    let reference = format!("sql:{file}");
    let ran =
        run(&mut driftglass(&root(), &[&["lint", reference.as_str(), "--format", "json"], words].concat()));
    let list: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in list {
        let (lint, object) = (one["lint"].as_str().unwrap(), one["object"].as_str().unwrap());
        found.entry(lint.to_owned()).or_default().push(object.to_owned());
    }
    found.values_mut().for_each(|objects| objects.sort());
    (ran.status, found)
}

#[test]
fn each_is_found_where_it_is_and_nowhere_else() {
    let text = fs::read_to_string(root().join("tests/lints/findings.sql")).unwrap();
    let expected = expected(&text);
    let asked: Vec<&str> = LINTS.iter().map(|lint| lint.id).filter(|id| expected.contains_key(*id)).collect();
    let left: Vec<&str> = LINTS.iter().map(|lint| lint.id).filter(|id| !asked.contains(id)).collect();
    assert!(left.is_empty(), "not shown: {left:?}");
    let (status, found) = found("tests/lints/findings.sql", &["--only", &asked.join(",")]);
    assert_eq!(status, 1);
    for (lint, objects) in &expected {
        assert_eq!(found.get(lint), Some(objects), "{lint}");
    }
}

#[test]
fn a_sound_schema_has_none() {
    let (status, found) = found("tests/lints/sound.sql", &["--all"]);
    assert_eq!((status, found), (0, BTreeMap::new()));
}

#[test]
fn taste_is_asked_for() {
    let (_, found) = found("tests/lints/findings.sql", &[]);
    let is_taste = |id: &String| LINTS.iter().any(|lint| lint.id == id && lint.is_taste);
    assert!(!found.keys().any(is_taste), "{found:?}");
    let (_, fewer) = self::found("tests/lints/findings.sql", &["--allow", "no-primary-key"]);
    assert!(found.contains_key("no-primary-key") && !fewer.contains_key("no-primary-key"));
    let ran = run(&mut driftglass(&root(), &["lint", "snapshots/dev.json", "--only", "no-such"]));
    assert!(ran.status == 2 && ran.stderr.contains("there are no-primary-key"), "{}", ran.stderr);
}

const HEAD: &str = "<!-- Made by the tests from the table of findings: DRIFTGLASS_RULES=write cargo nextest run -p tests lints -->

# Findings

`driftglass lint REF` looks at one schema by itself: a database, models, SQL files or a snapshot. It fails (exit status 1) if
it finds something. `--only LINT` asks for some, `--allow LINT` leaves some out, `--all` asks for those of taste too, on which
teams differ. `check` does not look for any of this. What takes statistics of use (unused indexes, bloat, sequences near their
end) is not looked for: snapshots hold none.

| finding | severity | what comes of it | what to do |
| --- | --- | --- | --- |
";

#[test]
fn the_page_is_made_from_the_table() {
    let mut made = HEAD.to_owned();
    for lint in LINTS {
        let taste = if lint.is_taste { ", of taste" } else { "" };
        let row = [format!("`{}`", lint.id), format!("{}{taste}", lint.severity)];
        made.push_str(&format!("| {} | {} | {} |\n", row.join(" | "), lint.effect, lint.remedy));
    }
    let path = root().join("docs/lints.md");
    if std::env::var_os("DRIFTGLASS_RULES").is_some_and(|value| value == "write") {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/lints.md is not of this table: DRIFTGLASS_RULES=write makes it anew");
}
