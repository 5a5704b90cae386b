//! The corpus: a folder is a test. `old.sql` and `new.sql` are loaded, snapshotted and compared; what must
//! come out stands in `deltas.txt`, a line for each; the plans there and back must arrive, as pg_dump sees it,
//! unless `limit.txt` says why one cannot. With `UPDATE_CORPUS` set the files are written anew.
//! A case whose `old.sql` begins with `-- server 18+` needs that server; older ones pass it over and say so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use diff_core::{
    Action, Body, Change, Delta, DiffOptions, Kind, ObjectId, Plan, PlanOptions, Snapshot, diff, plan, render,
};
use strum::IntoEnumIterator;
use tests::{Database, Dump, folders, hand_on, major, root, runs_on};

/// The newest server that there are cases for.
const NEWEST: u32 = 18;

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

fn snapshot(case: &Path, name: &str, database: &Database) -> Snapshot {
    let snapshot = database.snapshot();
    let again = Snapshot::from_json(snapshot.to_json().as_bytes()).unwrap();
    assert_eq!(again, snapshot, "{}: {name} does not survive its file", case.display());
    assert!(diff(&snapshot, &snapshot, &DiffOptions::default()).deltas.is_empty());
    assert_eq!(never_made(&snapshot), Vec::<&ObjectId>::new(), "{}: {name} has an order", case.display());
    snapshot
}

/// What waits for itself if every object is made after those that it depends on and what contains it. A
/// sequence comes before the column that will own it, functions before the type that is made of them.
fn never_made(snapshot: &Snapshot) -> Vec<&ObjectId> {
    let mut waiting: BTreeSet<&ObjectId> = snapshot.objects.keys().collect();
    loop {
        let is_ready = |id: &&ObjectId| {
            let is_later = |other: &ObjectId| {
                let is_kind = match id.kind() {
                    Kind::Sequence => other.kind() == Kind::Column,
                    Kind::Function => matches!(other.kind(), Kind::BaseType | Kind::Range),
                    _ => false,
                };
                is_kind && snapshot.objects[other].depends_on.contains(*id)
            };
            let depends = &snapshot.objects[*id].depends_on;
            depends.iter().all(|other| !waiting.contains(other) || is_later(other))
                && !waiting
                    .iter()
                    .any(|other| other.path() == id.parent() && !other.kind().is_outside_schemas())
        };
        let ready: Vec<&ObjectId> = waiting.iter().copied().filter(is_ready).collect();
        if ready.is_empty() {
            return waiting.into_iter().collect();
        }
        waiting.retain(|id| !ready.contains(id));
    }
}

/// What is wrong with a case, if anything.
fn check(case: &Path) -> Option<String> {
    let [there, goal] = ["old.sql", "new.sql"].map(|name| Database::of_files(&[case.join(name)]));
    let (old, new) = (snapshot(case, "old.sql", &there), snapshot(case, "new.sql", &goal));
    hand_on("corpus", &case.file_name()?.to_string_lossy(), &old, &new);
    let arrival = match (arrival(&there, &goal, &old, &new), fs::read_to_string(case.join("limit.txt"))) {
        // What PostgreSQL cannot do, or a snapshot does not hold: the file says which.
        (Some(_), Ok(_)) => None,
        // Where an older server can, the newest may still not.
        (None, Ok(reason)) if major() == NEWEST => {
            Some(format!("limit.txt is out of date, the plans arrive: {reason}"))
        }
        (wrong, _) => wrong,
    };
    let wrong: Vec<String> = [deltas(case, &old, &new), arrival].into_iter().flatten().collect();
    (!wrong.is_empty()).then(|| format!("{}\n{}", case.display(), wrong.join("\n")))
}

fn deltas(case: &Path, old: &Snapshot, new: &Snapshot) -> Option<String> {
    let lines: Vec<String> = diff(old, new, &DiffOptions::default()).deltas.iter().map(line).collect();
    let found = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let file = case.join("deltas.txt");
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        fs::write(&file, &found).unwrap();
    }
    let mut expected = fs::read_to_string(&file).unwrap_or_default();
    // What the newest server takes for granted is written down.
    if major() < 18 {
        expected = expected.replace("\"streaming\":\"parallel\"", "\"streaming\":\"off\"");
    }
    if major() < 17 {
        expected = expected.replace("\"MAINTAIN\",", "");
    }
    (found != expected).then(|| format!("expected:\n{expected}found:\n{found}"))
}

/// Runs the plan and the way back; pg_dump tells whether they arrive.
fn arrival(there: &Database, goal: &Database, old: &Snapshot, new: &Snapshot) -> Option<String> {
    let (start, end) = (there.dump(), goal.dump());
    let go = |from: &Snapshot, to: &Snapshot, wanted: &Dump| {
        let options =
            PlanOptions { is_exact: true, role: Some("postgres".to_owned()), ..PlanOptions::default() };
        let plan = plan(from, to, &options).unwrap();
        let sql = render::sql(&plan);
        if let Some(id) = loses_rows(&plan, from, to) {
            return Some(format!("the plan\n{sql}drops {id}, which is on both sides"));
        }
        let ran = there.try_execute(&sql);
        let reached = there.dump();
        (ran.is_err() || &reached != wanted).then(|| {
            let missing: Vec<_> = wanted.difference(&reached).collect();
            let extra: Vec<_> = reached.difference(wanted).collect();
            format!("the plan\n{sql}does not arrive: {ran:?}\nmissing {missing:#?}\nextra {extra:#?}")
        })
    };
    go(old, new, &end).or_else(|| go(new, old, &start))
}

/// A table that the plan makes anew though it need not.
fn loses_rows<'p>(plan: &'p Plan, from: &Snapshot, to: &Snapshot) -> Option<&'p ObjectId> {
    // Whether and how a table is partitioned can only be said when it is made.
    let key = |snapshot: &Snapshot, id: &ObjectId| match snapshot.objects.get(id).map(|object| &object.body) {
        Some(Body::Table(table)) => Some(table.partition_by.clone()),
        Some(Body::Partition(partition)) => Some(partition.partition_by.clone()),
        _ => None,
    };
    let drops = plan
        .statements()
        .filter(|statement| statement.action == Action::Drop)
        .map(|statement| &statement.object);
    drops.into_iter().find(|id| key(from, id).is_some() && key(from, id) == key(to, id))
}

#[test]
fn every_case_gives_its_deltas() {
    let major = major();
    let all = folders(&root().join("tests/corpus"));
    let (cases, passed_over): (Vec<PathBuf>, Vec<PathBuf>) =
        all.into_iter().partition(|case| runs_on(case, major));
    eprintln!("{} cases; {} passed over on {major}: {passed_over:?}", cases.len(), passed_over.len());
    assert!(major < NEWEST || passed_over.is_empty(), "a case that no server runs");
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let shares = cases.chunks(cases.len().div_ceil(workers));
        let running: Vec<_> = shares
            .map(|share| scope.spawn(|| share.iter().filter_map(|case| check(case)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    let count = |text: &str| {
        cases
            .iter()
            .filter(|case| {
                fs::read_to_string(case.join("deltas.txt"))
                    .is_ok_and(|lines| lines.is_empty() == text.is_empty())
            })
            .count()
    };
    eprintln!(
        "{} cases with differences, {} without; {} told or planned wrongly",
        count("any"),
        count(""),
        wrong.len()
    );
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
