//! Plans beside which others go on: over the whole corpus, and on tables that are read and written all the while.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::alembic::{apply, black, scripts_in, sqlalchemy_url};
use diff_core::{DiffOptions, Kind, Plan, PlanOptions, Snapshot, diff, plan, render};
use serde_json::{Value, json};
use snapshot::Server;
use tests::{Database, Dump, driftglass, folders, major, psql, root, run, runs_on, server_url, setting};
use tokio_postgres::{Client, NoTls};

fn options() -> PlanOptions {
    PlanOptions {
        is_exact: true,
        is_online: true,
        role: Some("postgres".to_owned()),
        ..PlanOptions::default()
    }
}

/// A snapshot that does not say how large its tables are: each is taken to be in use.
fn of_unknown_size(database: &Database) -> Snapshot {
    Snapshot { sizes: Default::default(), ..database.snapshot() }
}

/// Whether a case runs on a server of this major version, and can be planned at all.
fn is_possible(case: &Path, major: u32) -> bool {
    !case.join("limit.txt").exists() && runs_on(case, major)
}

/// What is wrong with a case, there and back, if anything. What the plain plan cannot do either is left out.
fn arrival(case: &Path) -> Option<String> {
    let plain = PlanOptions { is_online: false, ..options() };
    arrival_by(case, &options()).filter(|_| arrival_by(case, &plain).is_none())
}

fn arrival_by(case: &Path, options: &PlanOptions) -> Option<String> {
    let [there, goal] = ["old.sql", "new.sql"].map(|name| Database::of_files(&[case.join(name)]));
    let (start, end) = (there.dump(), goal.dump());
    let (old, new) = (of_unknown_size(&there), of_unknown_size(&goal));
    let go = |from: &Snapshot, to: &Snapshot, wanted: &Dump| {
        let sql = render::sql(&plan(from, to, options).unwrap());
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

/// The same on another major version: this program once more, with a server of its own.
#[test]
fn an_older_server_does_the_same() {
    const OLDEST: &str = "13";
    let binaries = setting("DRIFTGLASS_SERVERS").join(OLDEST).join("bin");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(&binaries, None)).unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "--nocapture", "online::every_case_of_the_corpus_arrives_online"]);
    again.arg("online::others_read_and_write_all_the_while");
    let ran = run(again.env("DRIFTGLASS_TEST_URL", server.url("postgres")));
    assert!(ran.status == 0 && ran.stdout.contains("2 passed"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn every_case_of_the_corpus_arrives_online() {
    let major = major();
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

/// How long anybody may wait: the lock timeout of a plan.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many rows a case brings, by number from 1.
const ROWS: u64 = 200_000;
const CLIENTS: u64 = 3;

/// Locks beside which others cannot write.
const STRONG: [&str; 4] = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

async fn connect(database: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(&server_url(database), NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

/// Reads and writes until it is told to stop; gives the longest wait. What is counted in `a` is counted in `b` too.
async fn work(database: String, number: u64, stop: &AtomicBool) -> Duration {
    let client = connect(&database).await;
    let (mut longest, mut turn) = (Duration::ZERO, number);
    while !stop.load(Ordering::Relaxed) {
        turn += CLIENTS;
        // Far apart, so that all pages are visited.
        let id = turn * 7919 % ROWS + 1;
        for sql in [
            format!("SELECT a, b, c FROM t WHERE id = {id}"),
            format!("UPDATE t SET a = a + 1, b = b + 1, c = 'y' WHERE id = {id}"),
            format!("INSERT INTO t (id, a, b, c) VALUES ({}, 2, 2, 'z')", ROWS + turn),
        ] {
            let start = Instant::now();
            client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
            longest = longest.max(start.elapsed());
        }
    }
    longest
}

/// Runs the steps of a plan as its text says. A step that takes its time never locks writers out; one that does is
/// brief: it reads and writes no table.
async fn go(database: &str, plan: &Plan) -> Result<(), String> {
    let (client, observer) = (connect(database).await, connect(database).await);
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    // The partition that is detached is locked in the end: it is on its way out.
    let locks = "SELECT DISTINCT mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
                  WHERE pid = $1 AND granted AND locktype = 'relation' AND relname ~ '^t(_[12])?$'";
    let scans = "SELECT coalesce(sum(seq_scan), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname ~ '^t(_[012])?$'";
    let files = "SELECT array_agg(relfilenode ORDER BY oid) FROM pg_class WHERE relname ~ '^t(_[12])?$'";
    for step in &plan.steps {
        let online = step.online.as_ref().unwrap();
        client
            .batch_execute(&format!(
                "SET lock_timeout = {}; SET statement_timeout = {}",
                online.lock_timeout_millis, online.statement_timeout_millis
            ))
            .await
            .unwrap();
        let is_brief = online.statement_timeout_millis > 0;
        let before: Option<Vec<u32>> = observer.query_one(files, &[]).await.unwrap().get(0);
        if step.is_transaction {
            client.batch_execute("BEGIN").await.unwrap();
        }
        // Earlier transactions of the session may be counted still.
        let counted: i64 = client.query_one(scans, &[]).await.unwrap().get(0);
        // What is more than a plain statement can be run again, but for what detaches or makes a partition.
        let is_of_partition = step.statements.iter().any(|it| it.object.kind() == Kind::Partition);
        let times = if online.note.is_empty() || is_of_partition { 1 } else { 2 };
        for statement in std::iter::repeat_n(&step.statements, times).flatten() {
            let running = client.batch_execute(&statement.sql);
            tokio::pin!(running);
            loop {
                tokio::select! {
                    ended = &mut running => break ended.map_err(|error| format!("{}\n{error:?}", statement.sql))?,
                    () = tokio::time::sleep(Duration::from_millis(5)), if !is_brief => {}
                }
                let held = observer.query(locks, &[&pid]).await.unwrap();
                let strong = held
                    .iter()
                    .map(|row| row.get::<_, String>(0))
                    .find(|mode| STRONG.contains(&mode.as_str()));
                if let Some(mode) = strong {
                    return Err(format!("{}\nholds {mode}", statement.sql));
                }
            }
        }
        if step.is_transaction {
            let read: i64 = client.query_one(scans, &[]).await.unwrap().get(0);
            client.batch_execute("COMMIT").await.unwrap();
            if is_brief && read > counted {
                return Err(format!("reads a table under a lock: {:#?}", step.statements));
            }
        }
        let after: Option<Vec<u32>> = observer.query_one(files, &[]).await.unwrap().get(0);
        if before != after {
            return Err(format!("writes a table anew: {:#?}", step.statements));
        }
    }
    Ok(())
}

/// What is wrong with a case that is read and written all the while.
async fn trial(case: &Path) -> Option<String> {
    let [there, goal] = ["old.sql", "new.sql"].map(|name| Database::of_files(&[case.join(name)]));
    there.execute("VACUUM ANALYZE");
    let (old, new) = (there.snapshot(), goal.snapshot());
    let plan = plan(&old, &new, &options()).unwrap();
    let stop: &'static AtomicBool = Box::leak(Box::new(AtomicBool::new(false)));
    let clients: Vec<_> =
        (0..CLIENTS).map(|number| tokio::spawn(work(there.name().to_owned(), number, stop))).collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let ran = go(there.name(), &plan).await;
    stop.store(true, Ordering::Relaxed);
    let mut longest = Duration::ZERO;
    for client in clients {
        longest = longest.max(client.await.unwrap());
    }
    let rows = |sql: &str| psql(there.name(), &[&format!("SELECT count(*) FROM ({sql}) AS found")], &[]);
    let check = fs::read_to_string(case.join("check.sql")).unwrap_or_default();
    let mut checks: Vec<&str> = vec!["SELECT FROM t WHERE a <> b"];
    checks.extend(check.trim().trim_end_matches(';').split(";\n").filter(|sql| !sql.is_empty()));
    let failed: Vec<&&str> = checks.iter().filter(|sql| rows(sql).trim() != "0").collect();
    let remaining = diff(&there.snapshot(), &new, &DiffOptions::default()).deltas;
    let name = case.file_name().unwrap().to_string_lossy();
    eprintln!(
        "{name}: {} steps, {} rows more, nobody waited longer than {longest:?}",
        plan.steps.len(),
        psql(there.name(), &[&format!("SELECT count(*) - {ROWS} FROM t")], &[]).trim()
    );
    let is_wrong = ran.is_err() || !failed.is_empty() || !remaining.is_empty() || longest >= PATIENCE;
    is_wrong.then(|| {
        let sql = render::sql(&plan);
        format!("{name}: {ran:?}\n{failed:?}\n{remaining:?}\nwaited {longest:?}\n{sql}")
    })
}

#[test]
fn others_read_and_write_all_the_while() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let only = std::env::var("DRIFTGLASS_CASE").unwrap_or_default();
    let cases: Vec<PathBuf> = folders(&root().join("tests/online"))
        .into_iter()
        .filter(|case| case.to_string_lossy().contains(&only))
        .collect();
    let wrong: Vec<String> = runtime.block_on(async {
        let mut wrong = Vec::new();
        for case in &cases {
            wrong.extend(trial(case).await);
        }
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The revisions of a case, in their order; none where there is nothing to do.
fn revisions(name: &str, there: &Database, goal: &Database, work: &Path) -> Vec<PathBuf> {
    let [old, new, file] = ["old.json", "new.json", "py"].map(|end| work.join(format!("{name}.{end}")));
    fs::write(&old, of_unknown_size(there).to_json()).unwrap();
    fs::write(&new, goal.snapshot().to_json()).unwrap();
    let words =
        ["plan", old.to_str().unwrap(), new.to_str().unwrap(), "--exact", "--role", "postgres", "--online"];
    let more = ["--format", "alembic", "--output", file.to_str().unwrap()];
    let ran = run(&mut driftglass(work, &[&words[..], &more[..]].concat()));
    assert_eq!(ran.status, 0, "{name}: {}", ran.stderr);
    let of_case = |number: usize| work.join(format!("{name}_{number}.py"));
    let several: Vec<PathBuf> = (1..5).map(of_case).filter(|path| path.exists()).collect();
    if several.is_empty() { vec![file] } else { several }
}

/// What is wrong with cases as Alembic runs them, one way after the other.
fn wrong_with_alembic(cases: &[PathBuf], work: &Path, ways: &[&str]) -> Vec<String> {
    let of_case = |case: &PathBuf| {
        let [there, goal] = ["old.sql", "new.sql"].map(|name| Database::of_files(&[case.join(name)]));
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let files = revisions(&name, &there, &goal, work);
        let (old, new) = (there.snapshot(), goal.snapshot());
        (name, there, files, old, new)
    };
    let all: Vec<_> = cases.iter().map(of_case).collect();
    let mut wrong = Vec::new();
    for way in ways {
        let job =
            |url: String, files: &[PathBuf]| json!({"url": sqlalchemy_url(&url), "files": files, "to": way});
        let able: Vec<_> = all.iter().filter(|(_, _, files, ..)| is_possible_way(way, files)).collect();
        let jobs: Vec<Value> = able.iter().map(|(_, there, files, ..)| job(there.url(), files)).collect();
        for ((name, there, files, old, new), error) in able.into_iter().zip(apply(&jobs)) {
            let wanted = match *way {
                "head" => Some(new),
                "base" => Some(old),
                _ => None,
            };
            let remaining =
                wanted.map(|wanted| diff(&there.snapshot(), wanted, &DiffOptions::default()).deltas);
            let ids: Vec<String> = remaining.iter().flatten().map(|delta| delta.id.to_string()).collect();
            if error.is_some() || !ids.is_empty() {
                let texts: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
                wrong.push(format!("{name} by {way}: {} {ids:?}\n{texts}", error.unwrap_or_default()));
            }
        }
    }
    wrong
}

/// Whether there are as many revisions as are to be gone.
fn is_possible_way(way: &str, files: &[PathBuf]) -> bool {
    way.strip_prefix('+').is_none_or(|count| count.parse::<usize>().unwrap() < files.len())
}

/// Whether a case is of a kind for which there is a recipe. Revisions of the others are tried with the plain plan.
fn is_rewritten(case: &Path) -> bool {
    const KINDS: [&str; 8] =
        ["check", "column", "enum", "foreign_key", "index", "partition", "primary_key", "unique"];
    let name = case.file_name().unwrap().to_string_lossy();
    name.split_once("--").is_none_or(|(kind, _)| KINDS.contains(&kind))
}

#[test]
fn what_is_given_up_halfway_is_taken_back() {
    let only = std::env::var("DRIFTGLASS_CASE").unwrap_or_default();
    let mut cases = folders(&root().join("tests/online"));
    // A partition that was not made yet cannot be detached: there is no IF EXISTS for it. docs/online.md says so.
    cases.retain(|case| case.to_string_lossy().contains(&only) && !case.ends_with("partition"));
    let work = tempfile::tempdir().unwrap();
    let wrong = wrong_with_alembic(&cases, work.path(), &["+1", "base", "+2", "base", "+3", "base"]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn alembic_goes_there_and_back_in_phases() {
    let only = std::env::var("DRIFTGLASS_CASE").unwrap_or_default();
    let major = major();
    let cases: Vec<PathBuf> = ["tests/online", "tests/corpus"]
        .into_iter()
        .flat_map(|folder| folders(&root().join(folder)))
        .filter(|case| is_rewritten(case) && is_possible(case, major))
        .filter(|case| case.to_string_lossy().contains(&only))
        .collect();
    let work = tempfile::tempdir().unwrap();
    // Each holds databases: not all of them at once.
    let wrong: Vec<String> =
        cases.chunks(40).flat_map(|some| wrong_with_alembic(some, work.path(), &["head", "base"])).collect();
    assert_eq!(black(&scripts_in(work.path())), None);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
