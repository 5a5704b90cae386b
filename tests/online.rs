//! Plans beside which others go on: over the whole corpus, and on tables that are read and written all the while.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use diff_core::{PlanOptions, Snapshot, plan, render};
use tests::{Database, Dump, folders, psql, root};

fn options() -> PlanOptions {
    PlanOptions { is_exact: true, is_online: true, role: Some("postgres".to_owned()), ..PlanOptions::default() }
}

/// A snapshot that does not say how large its tables are: each is taken to be in use.
fn of_unknown_size(database: &Database) -> Snapshot {
    Snapshot { sizes: Default::default(), ..database.snapshot() }
}

/// Whether a case runs on a server of this major version, and can be planned at all.
fn is_possible(case: &Path, major: u32) -> bool {
    let sql = fs::read_to_string(case.join("old.sql")).unwrap();
    let marker = sql.lines().next().and_then(|line| line.strip_prefix("-- server ")?.strip_suffix('+'));
    !case.join("limit.txt").exists() && marker.is_none_or(|needed| needed.parse::<u32>().unwrap() <= major)
}

/// What is wrong with a case, there and back, if anything.
fn arrival(case: &Path) -> Option<String> {
    let [there, goal] = ["old.sql", "new.sql"].map(|name| Database::of_files(&[case.join(name)]));
    let (start, end) = (there.dump(), goal.dump());
    let (old, new) = (of_unknown_size(&there), of_unknown_size(&goal));
    let go = |from: &Snapshot, to: &Snapshot, wanted: &Dump| {
        let sql = render::sql(&plan(from, to, &options()).unwrap());
        let ran = there.try_execute(&sql);
        let reached = there.dump();
        (ran.is_err() || &reached != wanted).then(|| {
            let missing: Vec<_> = wanted.difference(&reached).collect();
            let extra: Vec<_> = reached.difference(wanted).collect();
            let case = case.display();
            format!("{case}\n{sql}does not arrive: {ran:?}\nmissing {missing:#?}\nextra {extra:#?}")
        })
    };
    go(&old, &new, &end).or_else(|| go(&new, &old, &start))
}

#[test]
fn every_case_of_the_corpus_arrives_online() {
    let major: u32 = psql("postgres", &["SHOW server_version_num"], &[]).trim()[..2].parse().unwrap();
    let only = std::env::var("DRIFTGLASS_CASE").unwrap_or_default();
    let cases: Vec<PathBuf> = folders(&root().join("tests/corpus"))
        .into_iter()
        .filter(|case| is_possible(case, major) && case.to_string_lossy().contains(&only))
        .collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let shares = cases.chunks(cases.len().div_ceil(workers));
        let running: Vec<_> = shares
            .map(|share| scope.spawn(|| share.iter().filter_map(|case| arrival(case)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    eprintln!("{} cases on {major}; {} do not arrive", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
