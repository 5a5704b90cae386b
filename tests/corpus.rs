//! The corpus: a folder is a test. `old.sql` and `new.sql` are loaded, snapshotted and compared; what must
//! come out stands in `deltas.txt`, a line for each. With `UPDATE_CORPUS` set the files are written anew.

use std::fs;
use std::path::Path;

use diff_core::{Change, Delta, DiffOptions, Kind, Snapshot, diff};
use strum::IntoEnumIterator;
use tests::{Database, folders, root};

fn line(delta: &Delta) -> String {
    let attributes: Vec<String> = delta
        .attributes()
        .iter()
        .map(|change| {
            let show = |side: &Option<serde_json::Value>| {
                side.as_ref().map_or("none".to_owned(), ToString::to_string)
            };
            format!(" {}: {} -> {}", change.name, show(&change.old), show(&change.new))
        })
        .collect();
    let attributes = attributes.join(";");
    match &delta.change {
        Change::Added(_) => format!("+ {}", delta.id),
        Change::Removed(_) => format!("- {}", delta.id),
        Change::Altered { .. } => format!("~ {}{attributes}", delta.id),
        Change::Renamed { from, .. } => format!("> {from} is {}{attributes}", delta.id.name()),
    }
}

fn snapshot(case: &Path, name: &str) -> Snapshot {
    let snapshot = Database::of_files(&[case.join(name)]).snapshot();
    let again = Snapshot::from_json(snapshot.to_json().as_bytes()).unwrap();
    assert_eq!(again, snapshot, "{}: {name} does not survive its file", case.display());
    assert!(diff(&snapshot, &snapshot, &DiffOptions::default()).deltas.is_empty());
    snapshot
}

#[test]
fn every_case_gives_its_deltas() {
    let mut wrong = Vec::new();
    for case in folders(&root().join("tests/corpus")) {
        let (old, new) = (snapshot(&case, "old.sql"), snapshot(&case, "new.sql"));
        let lines: Vec<String> = diff(&old, &new, &DiffOptions::default()).deltas.iter().map(line).collect();
        let found = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let file = case.join("deltas.txt");
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            fs::write(&file, &found).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\nexpected:\n{expected}found:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_has_a_case() {
    let cases = folders(&root().join("tests/corpus"));
    let names: Vec<String> =
        cases.iter().map(|case| case.file_name().unwrap().to_string_lossy().into_owned()).collect();
    for kind in Kind::iter() {
        let start = format!("{kind}--");
        assert!(names.iter().any(|name| name.starts_with(&start)), "no case {start}… in tests/corpus");
    }
}
