//! Large schemas of other projects, at several versions each: every one is rebuilt from its snapshot in an
//! empty database, and each version is brought to the next and back. pg_dump is the judge.

use std::path::{Path, PathBuf};

use diff_core::{PlanOptions, Snapshot, plan, render};
use tests::{Database, folders, setting};

/// The plan from one snapshot to another, in the server's own spelling.
fn sql(old: &Snapshot, new: &Snapshot) -> String {
    let options = PlanOptions { is_exact: true, role: Some("postgres".to_owned()), ..PlanOptions::default() };
    render::sql(&plan(old, new, &options).unwrap())
}

/// What is wrong once `database` has been brought from `old` to where `goal` is.
fn arrival(what: &str, database: &Database, goal: &Database, sql: &str) -> Option<String> {
    let ran = database.try_execute(sql);
    let (reached, wanted) = (database.dump(), goal.dump());
    let is_there = ran.is_ok() && reached == wanted;
    eprintln!(
        "{what}: {} lines, {}",
        sql.lines().count(),
        if is_there { "arrives" } else { "does NOT arrive" }
    );
    (!is_there).then(|| {
        let missing: Vec<_> = wanted.difference(&reached).take(5).collect();
        let extra: Vec<_> = reached.difference(&wanted).take(5).collect();
        format!("{what}: {ran:?}\nmissing {missing:#?}\nextra {extra:#?}")
    })
}

/// The versions of a project, in name order.
fn versions(project: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project).unwrap().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "sql")).collect();
    files.sort();
    files
}

/// A dump, without what is for psql alone.
fn load(file: &Path) -> Database {
    let text = std::fs::read_to_string(file).unwrap();
    let sql: String =
        text.lines().filter(|line| !line.starts_with('\\')).map(|line| format!("{line}\n")).collect();
    let database = Database::of_files(&[]);
    database.try_execute(&sql).unwrap();
    database
}

#[test]
#[ignore = "minutes, and schemas that are not in this repository: cargo xtask judge"]
fn real_schemas_are_rebuilt_and_reached() {
    let mut wrong = Vec::new();
    for project in folders(&setting("DRIFTGLASS_REAL")) {
        let name = project.file_name().unwrap().to_string_lossy().into_owned();
        let files = versions(&project);
        let title = |at: usize| format!("{name} {}", files[at].file_stem().unwrap().to_string_lossy());
        let databases: Vec<Database> = files.iter().map(|file| load(file)).collect();
        let snapshots: Vec<Snapshot> = databases.iter().map(Database::snapshot).collect();
        for (at, goal) in databases.iter().enumerate() {
            let empty = Snapshot::of_new_database(Some(&snapshots[at]));
            let rebuilt = Database::of_files(&[]);
            wrong.extend(arrival(
                &format!("{} from nothing", title(at)),
                &rebuilt,
                goal,
                &sql(&empty, &snapshots[at]),
            ));
        }
        for at in 1..files.len() {
            for (from, to) in [(at - 1, at), (at, at - 1)] {
                let database = load(&files[from]);
                let what = format!("{} to {}", title(from), title(to));
                wrong.extend(arrival(
                    &what,
                    &database,
                    &databases[to],
                    &sql(&snapshots[from], &snapshots[to]),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
