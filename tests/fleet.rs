//! Many databases of one server: side by side within bounds, through failures, and tenants that have a schema each.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use snapshot::Server;
use tests::{Database, Ran, driftglass, run, setting};
use tokio_postgres::{Client, NoTls};

/// So many databases the server has.
const DATABASES: usize = 200;

fn ran(folder: &Path, words: &[&str]) -> Ran {
    run(&mut driftglass(folder, words))
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A server with many databases of one schema.
async fn fleet() -> Server {
    let server = Server::start(&setting("DRIFTGLASS_TEST_PG_BIN"), None).await.unwrap();
    let client = connect(&server.url("postgres")).await;
    // The server itself sees to it that there are never more connections than were allowed.
    client.batch_execute("CREATE ROLE reader LOGIN CONNECTION LIMIT 8").await.unwrap();
    client.batch_execute("CREATE DATABASE pattern").await.unwrap();
    let one = connect(&server.url("pattern")).await;
    one.batch_execute("CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE)")
        .await
        .unwrap();
    drop(one);
    // The server sees only then that nobody is connected.
    while client
        .query_one("SELECT count(*) FROM pg_stat_activity WHERE datname = 'pattern'", &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        > 0
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for at in 1..=DATABASES {
        let create = format!("CREATE DATABASE tenant_{at} TEMPLATE pattern STRATEGY FILE_COPY");
        client.batch_execute(&create).await.unwrap();
    }
    server
}

/// The server's own process.
fn postmaster(server: &Server) -> Pid {
    let file = fs::read_to_string(server.folder().join("data/postmaster.pid")).unwrap();
    Pid::from_raw(file.lines().next().unwrap().parse().unwrap()).unwrap()
}

/// A server that was ended, started again as it was.
struct Again(Child);

impl Again {
    async fn start(server: &Server, words: &[String]) -> Self {
        let folder = fs::metadata(server.folder()).unwrap();
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .uid(folder.uid())
            .gid(folder.gid())
            .current_dir(server.folder())
            .env("LC_ALL", "C");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let again = Self(child);
        while tokio_postgres::connect(&server.url("postgres"), NoTls).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        again
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        let pid = Pid::from_raw(self.0.id().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::QUIT).unwrap();
        self.0.wait().unwrap();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn spawn(folder: &Path, words: &[&str]) -> Child {
    driftglass(folder, words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

#[tokio::test]
async fn two_hundred_databases_side_by_side_and_a_server_that_dies() {
    let server = fleet().await;
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("postgres").replace("postgres@", "reader@");
    let words = ["snapshot", "--all", &url, "--databases", "tenant_*", "-o", "night"];

    let watcher = connect(&server.url("postgres")).await;
    let mut child = spawn(folder.path(), &words);
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let seen = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state <> 'idle'";
        most = most.max(watcher.query_one(seen, &[]).await.unwrap().get::<_, i64>(0));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ran = ended(child);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.trim(), "wrote 200 of 200 snapshots to night");
    assert!((2..=8).contains(&most), "{most} connections at once");
    assert_eq!(names(&folder.path().join("night")).len(), DATABASES);

    // The server ends in the middle: what is missing is listed, what was written stays, and is whole.
    let night = folder.path().join("dark");
    let words = ["snapshot", "--all", &url, "--databases", "tenant_*", "--retries", "1", "-o", "dark"];
    let line = fs::read(format!("/proc/{}/cmdline", postmaster(&server).as_raw_nonzero())).unwrap();
    let line: Vec<String> =
        String::from_utf8(line).unwrap().split_terminator('\0').map(str::to_owned).collect();
    let child = spawn(folder.path(), &words);
    while names(&night).len() < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    kill_process(postmaster(&server), Signal::QUIT).unwrap();
    let ran = ended(child);
    let written: Vec<String> = names(&night).into_iter().filter(|name| name.ends_with(".json")).collect();
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(written.len() < DATABASES && names(&night).len() == written.len(), "{:?}", names(&night));
    let missing = DATABASES - written.len();
    assert!(ran.stderr.contains(&format!("{missing} of 200 are missing")), "{}", ran.stderr);
    let listed = ran.stderr.split([' ', ',', '\n']).filter(|word| word.starts_with("tenant_")).count();
    assert_eq!(listed, missing, "{}", ran.stderr);

    // It comes back, and running again completes it.
    let _again = Again::start(&server, &line).await;
    let ran = self::ran(folder.path(), &[&words[..], &["--missing"]].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let kept = written.len();
    assert_eq!(ran.stderr.trim(), format!("wrote {missing} of 200 snapshots to dark, {kept} were there"));
    let same = self::ran(folder.path(), &["diff", "night/tenant_7.json", "dark/tenant_200.json"]);
    assert_eq!(same.status, 0, "{}", same.stdout);
}

#[test]
fn tenants_with_a_schema_each_are_compared_schema_to_schema() {
    let tenant = |name: &str, more: &str| {
        format!(
            "CREATE SCHEMA {name};
             CREATE TABLE {name}.users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE{more});
             CREATE TABLE {name}.orders (id bigint PRIMARY KEY, buyer bigint REFERENCES {name}.users);
             CREATE VIEW {name}.buyers AS SELECT email FROM {name}.users JOIN {name}.orders ON buyer = users.id;
             CREATE FUNCTION {name}.count() RETURNS bigint LANGUAGE sql SET search_path = {name}
             AS 'SELECT count(*) FROM {name}.users';"
        )
    };
    let sql =
        tenant("t_1", "") + &tenant("t_2", "") + &tenant("\"T-3\"", ", phone text") + &tenant("other", "");
    let database = Database::new(&sql);
    let folder = tempfile::tempdir().unwrap();
    let url = database.url();
    let ran = |words: &[&str]| self::ran(folder.path(), words);
    let all = ran(&["snapshot", "--all", &url, "--schemas", "t_*,T-*", "-o", "tenants"]);
    assert_eq!((all.status, all.stderr.trim()), (0, "wrote 3 of 3 snapshots to tenants"));
    let same = ran(&["diff", "tenants/t_1.json", "tenants/t_2.json"]);
    assert_eq!(same.status, 0, "{}", same.stdout);
    let agreement = ran(&["compare", "tenants/t_1.json", "tenants/t_2.json", "tenants/T-3.json"]);
    assert_eq!(agreement.status, 1);
    assert!(agreement.stdout.contains("only T-3 differs"), "{}", agreement.stdout);
    assert!(agreement.stdout.contains("2 of 3 agree; the other one differs"), "{}", agreement.stdout);
    // The models know nothing of tenants: what they call the schema can be said.
    let called = ran(&["snapshot", "--all", &url, "--schemas", "t_1", "--schema-as", "shop", "-o", "named"]);
    assert_eq!(called.status, 0, "{}", called.stderr);
    assert!(
        fs::read_to_string(folder.path().join("named/t_1.json")).unwrap().contains("\"table:shop.users\"")
    );
}

#[test]
fn the_databases_of_the_project_are_read_and_one_failure_ends_none() {
    let database = Database::new("CREATE TABLE t (id integer PRIMARY KEY)");
    let folder = tempfile::tempdir().unwrap();
    let toml = format!(
        "[databases]\ngood = {:?}\nbad = {:?}\n",
        database.url(),
        tests::server_url("no_such_database")
    );
    fs::write(folder.path().join("driftglass.toml"), toml).unwrap();
    let ran = |words: &[&str]| self::ran(folder.path(), words);
    let all = ran(&["snapshot", "--all", "-o", "out"]);
    assert_eq!(all.status, 2);
    assert!(
        all.stderr.contains("wrote 1 of 2") && all.stderr.contains("1 of 2 are missing"),
        "{}",
        all.stderr
    );
    assert!(all.stderr.contains("check the database's name"), "{}", all.stderr);
    assert_eq!(names(&folder.path().join("out")), ["good.json"]);
    let one = ran(&["snapshot", "--all", "--databases", "go*", "-o", "out"]);
    assert_eq!(one.status, 0, "{}", one.stderr);
}

#[test]
fn what_makes_no_sense_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (words, reason) in [
        (vec!["snapshot"], "required"),
        (vec!["snapshot", "--all"], "--output"),
        (vec!["snapshot", "--all", "-o", "x"], "names no such database"),
        (
            vec!["snapshot", "--all", "models:shop", "-o", "x"],
            "--all reads databases, and models:shop is none",
        ),
        (vec!["snapshot", "db:", "--databases", "a"], "--all"),
        (vec!["snapshot", "--all", "--schemas", "a", "-o", "x"], "required"),
    ] {
        let ran = ran(folder.path(), &words);
        assert_eq!(ran.status, 2, "{words:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(reason), "{words:?}: {}", ran.stderr);
    }
    let unused: PathBuf = folder.path().join("x");
    assert!(names(&unused).is_empty());
}
