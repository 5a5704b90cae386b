//! What the tests share: the built command, databases of their own, and what is to be read from both.
//!
//! `cargo xtask test` sets the environment up; without it every test says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use diff_core::Snapshot;

/// A setting of `cargo xtask test`.
///
/// # Panics
/// Where it is not set.
pub fn setting(name: &str) -> PathBuf {
    std::env::var_os(name)
        .map(PathBuf::from)
        .unwrap_or_else(|| panic!("{name} is not set: run cargo xtask test"))
}

/// The project's folder.
///
/// # Panics
/// Where the project has moved since the build.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the project is where it was built")
}

/// The interpreter of a test environment: `shop`, `sa14`, `sa20`, `sa21`.
pub fn python(environment: &str) -> PathBuf {
    setting("DRIFTGLASS_VENVS").join(environment).join("bin/python")
}

/// The URL of a database of the test server.
pub fn server_url(database: &str) -> String {
    let url = setting("DRIFTGLASS_TEST_URL").to_string_lossy().into_owned();
    url.replacen("/postgres?", &format!("/{database}?"), 1)
}

/// The major version of the test server.
///
/// # Panics
/// Where it does not answer.
pub fn major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let number = psql("postgres", &["SHOW server_version_num"], &[]);
        number.trim()[..2].parse().expect("a version is a number")
    })
}

/// Whether the test server is new enough for a folder of cases: its `old.sql` may begin with `-- server 15+`.
///
/// # Panics
/// Where the folder has no `old.sql`, or the marker no number.
pub fn runs_on(case: &Path, major: u32) -> bool {
    let sql = std::fs::read_to_string(case.join("old.sql")).expect("a case has an old.sql");
    let marker = sql.lines().next().and_then(|line| line.strip_prefix("-- server ")?.strip_suffix('+'));
    marker.is_none_or(|needed| needed.parse::<u32>().expect("a marker names a major version") <= major)
}

/// The command, as a user in `folder` would type it, with the test server for shadow databases.
pub fn driftglass(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(setting("DRIFTGLASS"));
    command.args(words).current_dir(folder).env_remove("DATABASE_URL").env("NO_COLOR", "1");
    command.env("DRIFTGLASS_SHADOW", server_url("postgres"));
    command
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    /// The exit status; -1 where a signal ended it.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Runs a command to its end.
///
/// # Panics
/// Where it cannot be started.
pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { status: status.code().unwrap_or(-1), stdout: text(&stdout), stderr: text(&stderr) }
}

/// A database of one test; dropped with this.
pub struct Database {
    name: String,
}

impl Database {
    /// Makes a database of the files' DDL.
    pub fn of_files(files: &[PathBuf]) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        psql("postgres", &[&format!("CREATE DATABASE {name}")], &[]);
        let database = Self { name };
        psql(&database.name, &[], files);
        database
    }

    /// Makes a database of one text of DDL.
    pub fn new(sql: &str) -> Self {
        let database = Self::of_files(&[]);
        database.execute(sql);
        database
    }

    /// Runs SQL in it.
    pub fn execute(&self, sql: &str) {
        psql(&self.name, &[sql], &[]);
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL.
    pub fn url(&self) -> String {
        server_url(&self.name)
    }

    /// Its snapshot, by the command.
    ///
    /// # Panics
    /// Where the command fails.
    pub fn snapshot(&self) -> Snapshot {
        let ran = run(&mut driftglass(&root(), &["snapshot", &self.url(), "--no-provenance"]));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        Snapshot::from_json(ran.stdout.as_bytes()).expect("the command writes snapshots")
    }
}

/// What pg_dump writes of a schema, as a set of entries. The order of a table's columns does not count.
pub type Dump = BTreeSet<String>;

impl Database {
    /// Its schema as pg_dump has it.
    ///
    /// # Panics
    /// Where pg_dump fails.
    pub fn dump(&self) -> Dump {
        let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("pg_dump"));
        let ran = run(command.args(["--schema-only", "--no-tablespaces", "-d", &self.url()]));
        assert_eq!(ran.status, 0, "pg_dump: {}", ran.stderr);
        let mut entries = Dump::new();
        for entry in ran.stdout.split("\n-- Name: ").skip(1) {
            let (title, text) = entry.split_once('\n').unwrap_or((entry, ""));
            // Settings that stand between entries are not part of them.
            let is_said = |line: &&str| {
                !line.is_empty() && !["--", "SET ", "\\"].iter().any(|start| line.starts_with(start))
            };
            let mut lines: Vec<&str> = text.lines().filter(is_said).collect();
            if title.contains("; Type: TABLE;") || title.contains("; Type: FOREIGN TABLE;") {
                lines.iter_mut().for_each(|line| *line = line.trim().trim_end_matches(','));
                lines.sort_unstable();
            }
            entries.insert(format!("{title}\n{}", lines.join("\n")));
        }
        entries
    }

    /// Runs SQL in it; the server's words where it is refused.
    ///
    /// # Errors
    /// What psql said.
    pub fn try_execute(&self, sql: &str) -> Result<(), String> {
        let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
        let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        std::fs::write(file.path(), sql).expect("it can be written");
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-f"]).arg(file.path());
        let ran = run(&mut command);
        if ran.status == 0 { Ok(()) } else { Err(ran.stderr) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A database with subscriptions cannot be dropped.
        let subscriptions = "SELECT format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription
                              WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
        for drop in psql(&self.name, &[subscriptions], &[]).lines() {
            let detach = drop.replacen("DROP", "ALTER", 1) + " SET (slot_name = NONE)";
            psql(&self.name, &[&detach, drop], &[]);
        }
        psql("postgres", &[&format!("DROP DATABASE {} WITH (FORCE)", self.name)], &[]);
    }
}

/// Runs statements and files with psql on the test server; gives what it printed.
///
/// # Panics
/// Where a statement fails.
pub fn psql(database: &str, statements: &[&str], files: &[PathBuf]) -> String {
    let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &server_url(database)]);
    for statement in statements {
        command.args(["-c", statement]);
    }
    for file in files {
        command.arg("-f").arg(file);
    }
    if statements.is_empty() && files.is_empty() {
        return String::new();
    }
    let ran = run(&mut command);
    assert_eq!(ran.status, 0, "psql: {}", ran.stderr);
    ran.stdout
}

/// Hands a pair of snapshots on to `tests/page/test_equal.py`, which makes everything of it natively and in a browser;
/// where nobody has asked for pairs, nothing is written.
///
/// # Panics
/// Where it cannot be written.
pub fn hand_on(set: &str, name: &str, old: &Snapshot, new: &Snapshot) {
    let Some(folder) = std::env::var_os("DRIFTGLASS_PAIRS") else { return };
    let folder = Path::new(&folder).join(set);
    std::fs::create_dir_all(&folder).expect("the folder of pairs can be made");
    let text = format!("{}\0{}", old.to_json(), new.to_json());
    std::fs::write(folder.join(format!("{name}.pair")), text).expect("a pair can be written");
}

/// The folders in a folder, sorted.
///
/// # Panics
/// Where it cannot be read.
pub fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).expect("the folder can be read");
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}
