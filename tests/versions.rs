//! The same DDL reads alike on every major version that is supported: what differs between two servers is
//! not to be taken for a difference between two schemas. `docs/versions.md` tells what is settled, and how.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use diff_core::{AttrChange, Delta, DiffOptions, Kind, Snapshot, diff};
use serde_json::Value;
use snapshot::{Options, Reference, Server};
use tests::{folders, root, setting};

/// Of the supported versions the first, the last and one between; all of them where `cargo xtask versions` asks.
const SOME: [u32; 3] = [13, 15, 18];
const ALL: [u32; 6] = [13, 14, 15, 16, 17, 18];

/// Servers that run at a time.
const AT_ONCE: usize = 2;

/// DDL, and what it needs.
struct Case {
    name: String,
    sql: String,
    roles: Vec<String>,
    /// The first major version that knows what the DDL says.
    since: u32,
}

/// What a server makes of a case; `None` where it is older than the case.
type Outcome = Option<Result<Snapshot, String>>;

#[test]
fn the_corpus_reads_alike_on_every_major() {
    let mut cases = Vec::new();
    for folder in folders(&root().join("tests/corpus")) {
        let read = |side: &str| fs::read_to_string(folder.join(format!("{side}.sql"))).unwrap();
        let since =
            read("old").strip_prefix("-- server ").and_then(|rest| rest.split('+').next()?.parse().ok());
        for side in ["old", "new"] {
            let name = format!("{} {side}", folder.file_name().unwrap().to_string_lossy());
            cases.push(Case { name, sql: read(side), roles: Vec::new(), since: since.unwrap_or(0) });
        }
    }
    let majors = if std::env::var_os("DRIFTGLASS_OTHER_CORPUS").is_some() { &ALL[..] } else { &SOME[..] };
    let refused = compare(majors, &cases);
    assert!(refused.is_empty(), "not loaded, so not compared:\n{}", refused.join("\n"));
}

#[test]
#[ignore = "minutes, and DDL that is not in this repository: cargo xtask versions"]
fn other_projects_ddl_reads_alike_on_every_major() {
    let only = std::env::var("DRIFTGLASS_ONLY").unwrap_or_default();
    let sample = std::env::var("DRIFTGLASS_SAMPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let mut files: Vec<_> = fs::read_dir(setting("DRIFTGLASS_OTHER_CORPUS"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let pairs = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let pairs = pairs.filter(|pair| pair["name"].as_str().unwrap().contains(&only));
        cases.extend(pairs.take(sample).flat_map(|pair| two_cases(&pair)));
    }
    // Many pairs begin with the same schema.
    cases.sort_by(|a, b| (&a.sql, &a.roles, &a.name).cmp(&(&b.sql, &b.roles, &b.name)));
    cases.dedup_by(|a, b| a.sql == b.sql && a.roles == b.roles);
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    compare(&ALL, &cases);
}

/// Both sides of a pair, in the form that loads.
fn two_cases(pair: &Value) -> [Case; 2] {
    ["old", "new"].map(|side| {
        let fixed = pair[format!("{side}_fixed")].as_str().filter(|_| pair["loads_on_15"] != true);
        let needs = &pair["requires"];
        let roles = needs["roles"].as_array().into_iter().flatten();
        Case {
            name: format!("{}/{} {side}", pair["suite"].as_str().unwrap(), pair["name"].as_str().unwrap()),
            sql: fixed.or(pair[side].as_str()).unwrap_or_default().to_owned(),
            roles: roles.map(|role| role.as_str().unwrap().to_owned()).collect(),
            since: needs["min_pg"].as_u64().map_or(0, |major| u32::try_from(major).unwrap()),
        }
    })
}

/// Loads all cases on the majors; gives what was refused. What differs is a failure.
fn compare(majors: &[u32], cases: &[Case]) -> Vec<String> {
    let queue = Mutex::new(majors.iter().copied().collect::<VecDeque<_>>());
    let outcomes: Mutex<BTreeMap<u32, Vec<Outcome>>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().pop_front();
                    let Some(major) = next else { break };
                    let of_major = load(major, cases);
                    outcomes.lock().unwrap().insert(major, of_major);
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    assert_eq!(outcomes.len(), majors.len());
    let (mut refused, mut different, mut loaded) = (Vec::new(), Vec::new(), 0);
    for (at, case) in cases.iter().enumerate() {
        let mut last: Option<(u32, &Snapshot)> = None;
        // If each reads as the one before, all read alike.
        for (major, of_major) in &outcomes {
            match &of_major[at] {
                None => {}
                Some(Err(reason)) => refused.push(format!("{major}: {}: {reason}", case.name)),
                Some(Ok(snapshot)) => {
                    loaded += 1;
                    if let Some((before, older)) = last {
                        let lines = differences(before, older, *major, snapshot);
                        different.extend(
                            lines.iter().map(|line| format!("{before}-{major}: {}: {line}", case.name)),
                        );
                    }
                    last = Some((*major, snapshot));
                }
            }
        }
    }
    println!(
        "{} cases, {loaded} loads on {} servers, {} refused, {} differences",
        cases.len(),
        majors.len(),
        refused.len(),
        different.len()
    );
    refused.iter().for_each(|line| println!("not loaded on {line}"));
    assert!(different.is_empty(), "{}", different.join("\n"));
    refused
}

/// Loads the cases one after the other on a server of its own.
fn load(major: u32, cases: &[Case]) -> Vec<Outcome> {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let binaries = setting("DRIFTGLASS_SERVERS").join(major.to_string()).join("bin");
    let server = runtime().block_on(Server::start(&binaries, None)).unwrap();
    let reference = Reference::Database(Some(server.url("loaded")));
    let one = |case: &Case| {
        (case.since <= major).then(|| {
            load_one(&server, major, case)?;
            // The connection ends with the runtime.
            let snapshot = runtime().block_on(snapshot::read(&reference, &Options::default()));
            Ok(snapshot.unwrap_or_else(|error| panic!("{major}: {}: {error}", case.name)))
        })
    };
    cases.iter().map(one).collect()
}

/// Makes the database `loaded` anew and runs the case in it, with psql, as dumps hold rows.
fn load_one(server: &Server, major: u32, case: &Case) -> Result<(), String> {
    // Twice as fast with the durability of throwaway servers; before 15 there was no other way.
    let strategy = if major < 15 { "" } else { "STRATEGY FILE_COPY" };
    // Roles are the server's: those of the case before go.
    let mut script = format!(
        "SET allow_system_table_mods = on;
         -- To drop one would ask the server that it names.
         DELETE FROM pg_subscription;
         DROP DATABASE IF EXISTS loaded WITH (FORCE);
         SELECT format('DROP ROLE %I', rolname) FROM pg_roles
          WHERE rolname !~ '^pg_' AND rolname <> 'postgres' \\gexec
         CREATE DATABASE loaded TEMPLATE template0 {strategy};\n"
    );
    for role in &case.roles {
        writeln!(script, "CREATE ROLE \"{}\";", role.replace('"', "\"\"")).unwrap();
    }
    let script = format!("{script}\\connect loaded\n{}", case.sql);
    let mut psql = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &server.url("postgres"), "-f", "-"]);
    psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).env("PGCLIENTENCODING", "UTF8");
    let mut child = psql.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // It ends early where a statement is refused, and says so itself.
        let _ = stdin.write_all(script.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(());
    }
    let reason = said.lines().find_map(|line| line.split_once("ERROR:")).map(|(_, reason)| reason.trim());
    Err(reason.unwrap_or(said.trim()).to_owned())
}

/// What two servers of these majors disagree on.
fn differences(before: u32, older: &Snapshot, major: u32, newer: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    for delta in diff(older, newer, &DiffOptions::default()).deltas {
        if delta.attributes().is_empty() {
            let side = if delta.old_object().is_some() { "only the older has" } else { "only the newer has" };
            lines.push(format!("{side} {}", delta.id));
        }
        let really =
            delta.attributes().iter().filter(|change| !servers_differ(before, major, &delta, change));
        lines.extend(really.map(|AttrChange { name, old, new }| {
            let show = |value: &Option<Value>| value.as_ref().map_or("none".to_owned(), Value::to_string);
            format!("{} {name}\n    {}\n    {}", delta.id, show(old), show(new))
        }));
    }
    let (old, new) = (&older.coverage.not_modelled, &newer.coverage.not_modelled);
    if old != new {
        lines.push(format!("not modelled: {old:?}, {new:?}"));
    }
    lines
}

/// What really is another on the two servers, although the DDL is the same; `docs/versions.md` says how.
fn servers_differ(before: u32, major: u32, delta: &Delta, change: &AttrChange) -> bool {
    let since = |first: u32| before < first && major >= first;
    let without = |name: &str| {
        let keep = |value: &Option<Value>| {
            let mut value = value.clone().unwrap_or_default();
            for held in value.as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
                held.as_array_mut().into_iter().for_each(|list| list.retain(|one| one != name));
            }
            value.as_object_mut().map(|map| map.remove(name));
            value
        };
        keep(&change.old) == keep(&change.new)
    };
    match (delta.id.kind(), change.name.as_str()) {
        (Kind::Schema, "owner" | "grants") => delta.id.name() == "public" && since(15),
        (Kind::Extension, "version") => true,
        (Kind::OperatorClass | Kind::OperatorFamily, "definition") => since(14),
        (Kind::Subscription, "options") => without("streaming"),
        (_, "grants") => since(17) && without("MAINTAIN"),
        _ => false,
    }
}
