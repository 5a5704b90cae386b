//! The sample snapshots: up to date, readable, and different from each other in the ways they were made to.

use std::process::Command;

use diff_core::{DiffOptions, Report, Snapshot, diff};
use tests::{Database, root, run, setting};

fn sample(name: &str) -> Snapshot {
    Snapshot::from_json(&std::fs::read(root().join("snapshots").join(name)).unwrap()).unwrap()
}

#[test]
fn none_is_stale() {
    let ran = run(Command::new(setting("DRIFTGLASS_XTASK")).args(["snapshots", "--check"]));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn each_equals_itself() {
    for name in ["models.json", "dev.json", "staging.json", "production.json"] {
        let snapshot = sample(name);
        assert!(diff(&snapshot, &snapshot, &DiffOptions::default()).deltas.is_empty(), "{name}");
        assert_eq!(
            snapshot.to_json().into_bytes(),
            std::fs::read(root().join("snapshots").join(name)).unwrap()
        );
    }
}

/// The objects that tests/shop/README.md says production has lost, gained or changed.
fn intended() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("tests/shop/README.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(id, _)| id.to_owned()).collect()
}

#[test]
fn production_has_drifted_as_intended_and_no_further() {
    let base = Database::of_files(&[root().join("tests/shop/sql/base.sql")]);
    let (old, new) = (sample("production.json"), base.snapshot());
    let options = DiffOptions::default();
    let report = Report::new(&old, &new, &diff(&old, &new, &options), &options);
    let mut found: Vec<String> = report.entries.iter().map(|entry| entry.id.to_string()).collect();
    found.extend(report.information.iter().map(|sentence| {
        assert!(sentence.contains("warehouse.suppliers"), "{sentence}");
        "table:warehouse.suppliers".to_owned()
    }));
    let intended = intended();
    let missing: Vec<&String> = intended.iter().filter(|id| !found.contains(id)).collect();
    let extra: Vec<&String> = found.iter().filter(|id| !intended.contains(id)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing: {missing:#?}\nextra: {extra:#?}");
}
