//! Killed at random moments: an output is the old one or the new one, whole; and nothing stays behind.
//!
//! `DRIFTGLASS_KILLS=1000` kills as often as that.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::{Database, driftglass, python, root, run, server_url, setting};

/// Kills in the suite.
const KILLS: u64 = 60;
const AT_ONCE: usize = 3;
const SIGNALS: [Signal; 3] = [Signal::TERM, Signal::INT, Signal::KILL];

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Job {
    Snapshot,
    Check,
    Plan,
    Publish,
    Sql,
    Models,
    Throwaway,
}

const JOBS: [Job; 7] =
    [Job::Snapshot, Job::Check, Job::Plan, Job::Publish, Job::Sql, Job::Models, Job::Throwaway];

/// What all the runs are about.
struct Stage {
    shop: Database,
    python: String,
    models: String,
    bin: String,
    sql: String,
    old: String,
    /// How long each job takes by itself.
    takes: Vec<Duration>,
}

impl Stage {
    fn new() -> Self {
        let mut stage = Self {
            shop: Database::of_files(&[root().join("tests/shop/sql/base.sql")]),
            python: python("shop").display().to_string(),
            models: root().join("tests/shop").display().to_string(),
            bin: setting("DRIFTGLASS_TEST_PG_BIN").display().to_string(),
            sql: format!("sql:{}", root().join("tests/shop/sql/base.sql").display()),
            old: root().join("snapshots/production.json").display().to_string(),
            takes: Vec::new(),
        };
        for job in JOBS {
            let folder = tempfile::tempdir().unwrap();
            let start = Instant::now();
            let ran = run(&mut stage.command(job, folder.path(), "tag"));
            assert!((0..=1).contains(&ran.status), "{job:?}: {}", ran.stderr);
            stage.takes.push(start.elapsed());
            assert!(is_whole(job, folder.path()).unwrap(), "{job:?} has an output");
        }
        stage
    }

    /// `tag` is in the environment of whatever the command starts, and in what the shadow server is told.
    fn command(&self, job: Job, folder: &Path, tag: &str) -> Command {
        let url = self.shop.url();
        let named = format!("prod={url}");
        let models = ["--python", &self.python, "--path", &self.models];
        let words: Vec<&str> = match job {
            Job::Snapshot => vec!["snapshot", &url, "-o", "out.json"],
            Job::Check => {
                [&["check", "--db", &url, "--models", "shop.models", "-o", "json=out.json"], &models[..]]
                    .concat()
            }
            Job::Plan => vec!["plan", "empty:", &self.old, "-o", "out.sql"],
            Job::Publish => vec!["publish", "place", &named],
            Job::Sql => vec!["snapshot", &self.sql, "-o", "out.json"],
            Job::Models => [&["snapshot", "models:shop.models", "-o", "out.json"], &models[..]].concat(),
            Job::Throwaway => vec!["snapshot", &self.sql, "--pg-bin", &self.bin, "-o", "out.json"],
        };
        let mut command = driftglass(folder, &words);
        command.env("DRIFTGLASS_TEST_TAG", tag).stdin(Stdio::null());
        match job {
            Job::Throwaway => command.env_remove("DRIFTGLASS_SHADOW"),
            _ => {
                command.env("DRIFTGLASS_SHADOW", format!("{}&application_name={tag}", server_url("postgres")))
            }
        };
        command
    }
}

/// Whether the output is new; an error where it is neither the old nor a whole one.
fn is_whole(job: Job, folder: &Path) -> Result<bool, String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    match job {
        Job::Plan => match read("out.sql") {
            None => Ok(false),
            Some(text) if text == OLD => Ok(false),
            Some(text) if text.trim_end().ends_with("COMMIT;") => Ok(true),
            Some(text) => Err(format!("{} bytes of a plan", text.len())),
        },
        Job::Publish => match read("place/index.json") {
            None => Ok(false),
            Some(text) => {
                let index: serde_json::Value =
                    serde_json::from_str(&text).map_err(|error| error.to_string())?;
                // What the index names is there, and whole.
                let mut schemas = Vec::new();
                keys(&index, &mut schemas);
                for path in files(&folder.join("place"))
                    .iter()
                    .filter(|path| path.extension().is_some_and(|end| end == "gz"))
                {
                    let unpacked = Command::new("gzip").arg("-t").arg(path).output().unwrap();
                    if !unpacked.status.success() {
                        return Err(format!("{} is damaged", path.display()));
                    }
                }
                Ok(!schemas.is_empty())
            }
        },
        _ => match read("out.json") {
            None => Ok(false),
            Some(text) if text == OLD => Ok(false),
            Some(text) if is_json(&text) => Ok(true),
            Some(text) => Err(format!("{} bytes, not JSON", text.len())),
        },
    }
}

fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            serde_json::Value::String(text) if name == "schema" => found.push(text.clone()),
            value => keys(value, found),
        }),
        serde_json::Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

const OLD: &str = "what was there before";

/// The processes whose environment or command line has the tag.
fn processes(tag: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let holds = |path: &Path| {
        ["environ", "cmdline"].iter().any(|name| {
            fs::read(path.join(name)).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(tag))
        })
    };
    entries
        .filter(|path| path.join("stat").exists() && holds(path))
        .map(|path| path.display().to_string())
        .collect()
}

/// The folders of throwaway servers, and of what else the command puts down.
fn folders() -> BTreeSet<PathBuf> {
    let places = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
    let entries = places.iter().filter_map(|place| fs::read_dir(place).ok()).flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("driftglass-")))
        .collect()
}

/// The throwaway servers' folders that a process has open as its own: by command line.
fn folder_of(child: u32) -> Option<PathBuf> {
    let children = fs::read_to_string(format!("/proc/{child}/task/{child}/children")).ok()?;
    children.split_whitespace().find_map(|pid| {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        let word = line.split('\0').find(|word| word.contains("/driftglass-"))?;
        let at = word.find("/driftglass-")? + 1;
        let end = word[at..].find('/').map_or(word.len(), |length| at + length);
        Some(PathBuf::from(&word[..end]))
    })
}

/// A number that looks like chance, and is the same each time.
fn random(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// What has come of a kill.
#[derive(Debug)]
struct Outcome {
    signal: Signal,
    is_new: bool,
    was_running: bool,
    wrong: Vec<String>,
    strays: usize,
}

fn kill_once(stage: &Stage, number: u64) -> Outcome {
    let job = JOBS[usize::try_from(number).unwrap() % JOBS.len()];
    let signal = SIGNALS[usize::try_from(random(number)).unwrap_or_default() % SIGNALS.len()];
    let folder = tempfile::tempdir().unwrap();
    for name in ["out.json", "out.sql"] {
        fs::write(folder.path().join(name), OLD).unwrap();
    }
    let tag = format!("kill_{}_{number}_", std::process::id());
    let takes = stage.takes[JOBS.iter().position(|one| *one == job).unwrap()];
    let moment = takes.mul_f64((random(number ^ 0xABCD) % 1000) as f64 / 600.0);
    let mut child =
        stage.command(job, folder.path(), &tag).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    let mut server = None;
    while start.elapsed() < moment {
        thread::sleep(Duration::from_millis(2).min(moment.saturating_sub(start.elapsed())));
        server = server.or_else(|| folder_of(child.id()));
    }
    server = server.or_else(|| folder_of(child.id()));
    let was_running = child.try_wait().unwrap().is_none();
    if was_running {
        kill_process(Pid::from_child(&child), signal).unwrap();
    }
    let mut wrong = Vec::new();
    if !ends(&mut child) {
        wrong.push("it does not end".to_owned());
    }
    let is_new = is_whole(job, folder.path()).unwrap_or_else(|reason| {
        wrong.push(reason);
        false
    });
    if let Some(left) = server.filter(|server| !goes(|| server.exists())) {
        wrong.push(format!("{} is still there", left.display()));
    }
    // Python that was importing ends when it has nobody to tell; what was asked to end has ended it.
    if !goes(|| !processes(&tag).is_empty()) {
        wrong.push(format!("{:?} are still there", processes(&tag)));
    }
    let strays = fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".driftglass-"))
        .count();
    if strays > 0 && signal != Signal::KILL {
        wrong.push("a file that was being written is still there".to_owned());
    }
    if !wrong.is_empty() {
        wrong.insert(0, format!("{job:?}, killed after {moment:?}"));
    }
    Outcome { signal, is_new, was_running, wrong, strays }
}

/// Whether it ends within a while; it is ended if not.
fn ends(child: &mut Child) -> bool {
    let is_over = goes(|| child.try_wait().unwrap().is_none());
    if !is_over {
        let _ = child.kill();
        let _ = child.wait();
    }
    is_over
}

/// Whether something is over within a while.
fn goes(mut is_there: impl FnMut() -> bool) -> bool {
    for _ in 0..1500 {
        if !is_there() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn killed_at_random_moments() {
    let kills = std::env::var("DRIFTGLASS_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let stage = Stage::new();
    let (before, next) = (folders(), AtomicU64::new(0));
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let work = || {
            let mut outcomes = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= kills {
                    return outcomes;
                }
                outcomes.push(kill_once(&stage, number));
            }
        };
        let running: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    for signal in SIGNALS {
        let of: Vec<&Outcome> = outcomes.iter().filter(|one| one.signal == signal).collect();
        let count = |is: &dyn Fn(&Outcome) -> bool| of.iter().filter(|one| is(one)).count();
        eprintln!(
            "{signal:?}: {} runs, {} killed, {} outputs new, {} strays, {} wrong",
            of.len(),
            count(&|one| one.was_running),
            count(&|one| one.is_new),
            of.iter().map(|one| one.strays).sum::<usize>(),
            count(&|one| !one.wrong.is_empty())
        );
    }
    let wrong: Vec<&Outcome> = outcomes.iter().filter(|one| !one.wrong.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        outcomes.iter().filter(|one| one.was_running).count() as u64 > kills / 2,
        "most were over before"
    );
    // Tests beside this one have folders of their own, which go.
    let left: Vec<PathBuf> =
        folders().difference(&before).filter(|folder| !goes(|| folder.exists())).cloned().collect();
    eprintln!("folders left: {left:?}");
    assert!(
        left.iter().all(|folder| fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_none())),
        "{left:?}"
    );
}

#[test]
fn a_throwaway_server_does_not_outlive_a_killed_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slow.sql"), "SELECT pg_sleep(600);\n").unwrap();
    let bin = setting("DRIFTGLASS_TEST_PG_BIN").display().to_string();
    let mut command = driftglass(folder.path(), &["snapshot", "sql:slow.sql", "--pg-bin", &bin]);
    let mut child = command.env_remove("DRIFTGLASS_SHADOW").stderr(Stdio::null()).spawn().unwrap();
    let mut server = None;
    assert!(goes(|| {
        server = crate::faults::server_of(child.id());
        server.is_none()
    }));
    let place = folder_of(child.id()).unwrap();
    assert!(place.join("data").is_dir());
    child.kill().unwrap();
    child.wait().unwrap();
    crate::faults::assert_gone(&server.unwrap());
    assert!(goes(|| place.exists()), "{} is still there", place.display());
}

#[test]
fn shadow_databases_of_killed_runs_are_dropped_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.sql"), "SELECT 1;\n").unwrap();
    let own = crate::faults::OwnServer::start();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let named = |seconds: u64, pid: u32| format!("driftglass_{seconds}_{pid}_0");
    let (old, fresh, used) = (named(now - 4000, 1), named(now - 60, 1), named(now - 4000, 2));
    for name in [&old, &fresh, &used, &"driftglass_2019".to_owned()] {
        own.execute(&[&format!("CREATE DATABASE {name}")]);
    }
    let mut user = own.psql(&used);
    let mut user = user
        .args(["-c", "SELECT pg_sleep(600)"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let is_used = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{used}'");
    assert!(goes(|| own.ask("postgres", &is_used) == "0"));
    let mut command = driftglass(folder.path(), &["snapshot", "sql:a.sql", "-o", "out.json"]);
    let ran = run(command.env("DRIFTGLASS_SHADOW", own.server.url("postgres")));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let left = own.ask(
        "postgres",
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname ~ '^driftglass'",
    );
    user.kill().unwrap();
    user.wait().unwrap();
    let mut expected = [fresh, used, "driftglass_2019".to_owned()];
    expected.sort();
    assert_eq!(left, expected.join(" "));
}
