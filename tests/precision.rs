//! What rules say of plans beforehand, against what servers then do: every pair of the corpus, the applications,
//! and large schemas at several versions, there and back. Per table the worst of three: held briefly, writes
//! blocked, all blocked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diff_core::{Compared, DiffOptions, Locked, Mode, ObjectId, Plan, PlanOptions, Snapshot, Work, compare};
use snapshot::{Options, Reference, ShadowOptions, verify};
use strum::{EnumIter, IntoEnumIterator};
use tests::{folders, root, server_url, setting};

/// What a table suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter)]
enum Worst {
    Brief,
    Writes,
    All,
}

fn worst(mode: Mode, work: Work) -> Option<Worst> {
    match (mode, work) {
        (Mode::ShareUpdateExclusive, _) | (Mode::Share, Work::Brief) => None,
        (_, Work::Brief) => Some(Worst::Brief),
        (Mode::AccessExclusive, _) => Some(Worst::All),
        _ => Some(Worst::Writes),
    }
}

type Tables = BTreeMap<String, Worst>;

fn add(tables: &mut Tables, table: String, found: Option<Worst>) {
    if let Some(found) = found {
        let known = tables.entry(table).or_insert(found);
        *known = (*known).max(found);
    }
}

/// What the rules say.
fn stated(old: &Snapshot, new: &Snapshot) -> Tables {
    let Compared { report, .. } = compare(old, new, &DiffOptions::default());
    let mut tables = Tables::new();
    for Locked { table, mode, work, .. } in report.entries.iter().flat_map(|entry| &entry.locks) {
        add(&mut tables, table.dotted().replace('"', ""), worst(*mode, *work));
    }
    tables
}

/// What the server did. The statements about one object share a transaction: a lock of the first is held during the last.
fn measured(plan: &Plan, old: &Snapshot) -> Tables {
    let stands: BTreeSet<String> = old.objects.keys().map(|id| id.dotted().replace('"', "")).collect();
    let mut tables = Tables::new();
    let mut held: BTreeMap<(&ObjectId, String), Mode> = BTreeMap::new();
    for statement in plan.statements() {
        let Some(effect) = &statement.effect else { continue };
        for (table, lock) in &effect.locks {
            let Ok(mode) = serde_json::from_value(lock.clone().into()) else { continue };
            let table = table.replace('"', "");
            // What the plan has made itself nobody waits for.
            if !stands.contains(&table) {
                continue;
            }
            let strongest = held.entry((&statement.object, table.clone())).or_insert(mode);
            *strongest = (*strongest).max(mode);
            let is_in = |all: &BTreeSet<String>| all.iter().any(|it| it.replace('"', "") == table);
            let work = match (is_in(&effect.rewrites), is_in(&effect.scans)) {
                (true, _) => Work::Rewrite,
                (_, true) => Work::Scan,
                _ => Work::Brief,
            };
            add(&mut tables, table, worst(*strongest, work));
        }
    }
    tables
}

/// How often what was said is what happened.
#[derive(Debug, Default)]
struct Score {
    ways: usize,
    tables: usize,
    right: usize,
    over: Vec<String>,
    under: Vec<String>,
}

impl Score {
    fn add(&mut self, name: &str, stated: &Tables, measured: &Tables) {
        self.ways += 1;
        for table in stated.keys().chain(measured.keys()).collect::<BTreeSet<_>>() {
            self.tables += 1;
            let (said, seen) = (stated.get(table), measured.get(table));
            let line = || format!("{name}: {table}: said {said:?}, seen {seen:?}");
            match said.cmp(&seen) {
                std::cmp::Ordering::Equal => self.right += 1,
                std::cmp::Ordering::Greater => self.over.push(line()),
                std::cmp::Ordering::Less => self.under.push(line()),
            }
        }
    }

    fn tell(&self, title: &str) {
        let (over, under) = (self.over.len(), self.under.len());
        let percent = self.right * 1000 / self.tables.max(1);
        println!(
            "{title}: {} ways, {} tables, {} as said ({}.{} %), {over} said worse, {under} said better",
            self.ways,
            self.tables,
            self.right,
            percent / 10,
            percent % 10
        );
        self.over.iter().chain(&self.under).for_each(|line| println!("  {line}"));
    }
}

fn options() -> Options {
    let shadow = ShadowOptions { url: Some(server_url("postgres")), ..ShadowOptions::default() };
    Options { shadow, ..Options::default() }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn read(reference: &Reference) -> Result<Snapshot, String> {
    block_on(snapshot::read(reference, &options())).map_err(|error| error.to_string())
}

/// Tries a pair there and back. A pair that does not load, or does not arrive, says nothing of locks.
fn score(into: &mut Score, name: &str, old: &Snapshot, new: &Snapshot) -> bool {
    let planning = PlanOptions::default();
    let Ok(verified) = block_on(verify(old, new, &planning, &options())) else { return false };
    if !verified.up.arrives() || !verified.down.arrives() {
        return false;
    }
    into.add(name, &stated(old, new), &measured(&verified.up.plan, old));
    into.add(&format!("{name}, back"), &stated(new, old), &measured(&verified.down.plan, new));
    true
}

#[test]
fn what_is_said_of_the_corpus_is_what_happens() {
    let mut total = Score::default();
    for folder in folders(&root().join("tests/corpus")) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let sides = ["old", "new"].map(|side| read(&Reference::Sql(folder.join(format!("{side}.sql")))));
        if let [Ok(old), Ok(new)] = &sides {
            score(&mut total, &name, old, new);
        }
    }
    total.tell("corpus");
    assert!(total.ways > 300, "{} ways only", total.ways);
    assert_eq!(Worst::iter().count(), 3);
    assert!(total.under.is_empty(), "said better than it is:\n{}", total.under.join("\n"));
}

#[test]
#[ignore = "minutes, and schemas that are not in this repository: cargo xtask judge"]
fn what_is_said_of_real_schemas_is_what_happens() {
    let mut total = Score::default();
    for project in folders(&setting("DRIFTGLASS_REAL")) {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&project).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
        files.sort();
        let snapshots: Vec<Result<Snapshot, String>> =
            files.iter().map(|file| read(&Reference::Sql(file.clone()))).collect();
        for (at, pair) in snapshots.windows(2).enumerate() {
            let name = format!(
                "{} {}",
                project.file_name().unwrap().display(),
                files[at].file_stem().unwrap().display()
            );
            match pair {
                [Ok(old), Ok(new)] if score(&mut total, &name, old, new) => {}
                [Err(error), _] | [_, Err(error)] => println!("{name}: not loaded: {error}"),
                _ => println!("{name}: does not arrive"),
            }
        }
    }
    total.tell("real schemas");
}

#[test]
#[ignore = "takes the snapshots that cargo xtask apps leaves"]
fn what_is_said_of_applications_is_what_happens() {
    let folder = setting("DRIFTGLASS_APP_SNAPSHOTS");
    let mut total = Score::default();
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter_map(|file| file.file_name()?.to_str()?.strip_suffix("-database.json").map(str::to_owned))
        .collect();
    names.sort();
    for name in names {
        let side = |side: &str| read(&Reference::File(folder.join(format!("{name}-{side}.json")))).unwrap();
        if !score(&mut total, &name, &side("database"), &side("models")) {
            println!("{name}: does not arrive");
        }
    }
    total.tell("applications");
}
