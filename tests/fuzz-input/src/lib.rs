//! What is fuzzed: everything that reads what others hand in. Nothing here may panic, whatever the bytes.
//!
//! ```text
//! bytes ─► a fuzzer of `targets` ─► a function of this file ─► the reader ─► all that is made of it
//! ```
//!
//! Each function has a folder in `seeds`: where a fuzzer begins, and what once went wrong. A test reads them all.

mod edits;
mod own;

use std::path::Path;

use diff_core::{
    Accepted, Baseline, DiffOptions, Gate, History, Kind, ObjectId, Pattern, Rename, Snapshot, diff, render,
};
use snapshot::{Reference, Target, input, of_bytes};
use viewer::lines::{highlight, rows, words};
use viewer::sql::Language;

/// A snapshot file, packed or not: what is read can be written, and is the same when it is read again.
pub fn snapshot(bytes: &[u8]) {
    let Ok(read) = of_bytes(bytes.to_vec(), Path::new("a.json")) else { return };
    let text = read.to_json();
    match Snapshot::from_json(text.as_bytes()) {
        Ok(again) => assert!(again.to_json() == text, "what is read again is not the same"),
        Err(error) => panic!("what was written cannot be read: {error}"),
    }
    assert!(diff(&read, &read, &DiffOptions::default()).deltas.is_empty(), "a snapshot differs from itself");
}

/// Two snapshot files, a NUL between them: everything that is made of them.
pub fn pair(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (Some(old), Some(new)) = (parts.next(), parts.next()) else { return };
    if let (Ok(old), Ok(new)) = (Snapshot::from_json(old), Snapshot::from_json(new)) {
        both(&old, &new);
    }
}

/// Two snapshots that differ from one with an object of every kind, as the bytes say.
pub fn edits(bytes: &[u8]) {
    if let Some((old, new)) = edited(bytes) {
        both(&old, &new);
    }
}

/// The two snapshots that bytes stand for; none where the edits have made something else of one.
pub fn edited(bytes: &[u8]) -> Option<(Snapshot, Snapshot)> {
    edits::pair(bytes)
}

fn both(old: &Snapshot, new: &Snapshot) {
    let texts = [old, new].map(Snapshot::to_json);
    for snapshot in [old, new] {
        assert!(
            diff(snapshot, snapshot, &DiffOptions::default()).deltas.is_empty(),
            "it differs from itself"
        );
    }
    for (name, text) in outputs::of(old, new) {
        let escape = text.replace("\u{1b}[", "").contains('\u{1b}');
        assert!(!name.ends_with(".txt") || !escape, "{name} holds a control character");
    }
    if let Err(error) = outputs::of_page(texts[0].as_bytes(), texts[1].as_bytes()) {
        panic!("the page cannot read it: {error}");
    }
}

/// What is typed: references, renames, patterns, gates, ids, settings of connections.
pub fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match text.parse::<Reference>() {
        Ok(reference) => drop(reference.to_string()),
        Err(error) => drop(error.to_string()),
    }
    if let Ok(target) = Target::new(Some(text)) {
        drop(target.label().to_owned());
    }
    if let Ok(id) = text.parse::<ObjectId>() {
        match id.to_string().parse::<ObjectId>() {
            Ok(again) => assert!(id == again, "{id} is read again as {again}"),
            Err(error) => panic!("an id that was written cannot be read: {error}"),
        }
        assert!(
            Pattern::new(&id.to_string()).is_whole() || text.contains('#'),
            "{id} is a pattern of its own"
        );
    }
    if let Ok(rename) = text.parse::<Rename>() {
        assert_eq!(Some(&rename), rename.to_string().parse::<Rename>().ok().as_ref());
    }
    drop(text.parse::<Gate>());
    let table = ObjectId::new(Kind::Table, ["public", "a"]);
    let is_left_out = Pattern::new(text).matches_attribute(&table, "owner");
    assert!(
        !is_left_out || Pattern::new(text).matches(&table),
        "what has no pattern has none of its attributes"
    );
}

/// `driftglass.toml`.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    own::of_project(text);
}

/// What the scripts in the user's Python answer, about models and about migrations.
pub fn answers(bytes: &[u8]) {
    drop(input::models(bytes));
    drop(input::migrations(bytes));
}

/// A file of Alembic's, and the settings beside it.
pub fn revision(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    own::of_alembic(text);
}

/// A file of SQL: its statements stand in it in their order, and each is one by itself. The page shows it too.
pub fn statements(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (forward, _) = input::migration(text.lines().next().unwrap_or_default(), text);
    assert!(text.starts_with(forward), "what goes forward is the beginning");
    if let Ok(found) = input::statements(text) {
        let mut at = 0;
        for (line, statement) in found {
            let place = text[at..].find(statement).map(|found| at + found);
            let Some(place) = place else { panic!("a statement does not stand in the file") };
            assert!(
                text[..place].matches('\n').count() < line + text.matches('\n').count(),
                "lines count from 1"
            );
            at = place + statement.len();
        }
    }
    for language in [Language::Sql, Language::Python] {
        drop(highlight(text, language));
        drop(rows(text, forward, language));
    }
    drop(words(text, forward));
}

/// The index of a published place, and a file of accepted differences.
pub fn published(bytes: &[u8]) {
    if let Ok(index) = History::from_json(bytes) {
        drop(render::history(&index));
        for environment in index.environments.keys() {
            drop(index.before(environment, "2026-01-01T00:00:00Z").cloned());
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(baseline) = Baseline::from_json(text) {
        let (holds, _): (Vec<Accepted>, _) = baseline.on("2026-01-01");
        drop(holds);
        drop(baseline.to_json());
    }
}
