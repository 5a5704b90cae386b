//! Snapshots kept where several jobs write: buckets, over a real S3 server, and folders.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diff_core::{History, Snapshot, stored_path};
use tests::{Ran, driftglass, python, run};

/// How long something is waited for before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what} did not happen");
        sleep(Duration::from_millis(20));
    }
}

/// An S3 server of one test, with a bucket `snapshots`; moto speaks the protocol, conditional writes included.
struct Bucket {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Bucket {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(python("stores"));
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        command.env("PYTHONDONTWRITEBYTECODE", "1").stdout(Stdio::null()).stderr(log);
        let bucket = Self { process: command.spawn().unwrap(), port, folder };
        until("the server", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let mut made = TcpStream::connect(("127.0.0.1", port)).unwrap();
        made.write_all(b"PUT /snapshots HTTP/1.0\r\nContent-Length: 0\r\n\r\n").unwrap();
        until("the bucket", || bucket.log().contains("PUT /snapshots "));
        bucket
    }

    /// What was asked of the server.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = driftglass(self.folder.path(), words);
        for (name, value) in [
            ("AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "a-secret".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ] {
            command.env(name, value);
        }
        command
    }

    fn ran(&self, words: &[&str]) -> Ran {
        let ran = run(&mut self.command(words));
        assert!(!ran.stderr.contains("a-secret") && !ran.stdout.contains("a-secret"), "{}", ran.stderr);
        ran
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A snapshot of one table, as of a time.
fn snapshot(table: &str, at: &str) -> String {
    let objects = format!(r#"{{"table:public.{table}": {{"body": {{"table": {{}}}}}}}}"#);
    let source = format!(r#"{{"kind": "database", "label": "app@db/{table}", "taken_at": "{at}"}}"#);
    let text = format!(r#"{{"format": 1, "source": {source}, "objects": {objects}}}"#);
    Snapshot::from_json(text.as_bytes()).unwrap().to_json()
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

const EARLY: &str = "2026-01-01T00:00:00Z";
const LATE: &str = "2026-02-01T00:00:00Z";

#[test]
fn a_bucket_is_written_and_read() {
    let bucket = Bucket::start();
    write(bucket.folder.path(), "a.json", &snapshot("a", EARLY));
    for address in ["s3://snapshots/teams/a.json", "s3://snapshots/teams/a.json.gz"] {
        let ran = bucket.ran(&["snapshot", "a.json", "-o", address]);
        assert_eq!((ran.status, ran.stderr.trim()), (0, format!("wrote {address}: 1 objects").as_str()));
        let ran = bucket.ran(&["diff", "a.json", address]);
        assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    }
    let copied = bucket.ran(&["snapshot", "s3://snapshots/teams/a.json.gz"]);
    assert_eq!(copied.stdout, snapshot("a", EARLY));
    for (words, reason) in [
        (["diff", "a.json", "s3://snapshots/none.json"], "there is nothing at s3://snapshots/none.json"),
        (["diff", "a.json", "s3://snapshots/"], "it names no file"),
        (["diff", "a.json", "ftp://host/a.json"], "stores (s3://, gs://, az://, https://)"),
        (["snapshot", "a.json", "-os3://no-such-bucket/a.json"], "NoSuchBucket"),
    ] {
        let ran = bucket.ran(&words);
        assert_eq!(ran.status, 2, "{words:?}");
        assert!(ran.stderr.contains(reason) && ran.stderr.lines().count() == 1, "{words:?}: {}", ran.stderr);
    }
}

/// Lets another job write while one is at work: that one has asked what is there, and waits for its source.
#[track_caller]
fn meanwhile(bucket: &Bucket, own: &str, other: &str, told: &str, stays: &str) {
    let address = "s3://snapshots/prod.json";
    let asked = || bucket.log().matches("HEAD /snapshots/prod.json").count();
    let before = asked();
    let mut slow = bucket.command(&["snapshot", "-", "-o", address]);
    let mut slow = slow.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the question", || asked() > before);
    write(bucket.folder.path(), "other.json", other);
    assert_eq!(bucket.ran(&["snapshot", "other.json", "-o", address]).status, 0);
    slow.stdin.take().unwrap().write_all(own.as_bytes()).unwrap();
    let slow = slow.wait_with_output().unwrap();
    let stderr = String::from_utf8(slow.stderr).unwrap();
    assert!(slow.status.success() && stderr.contains(told), "{stderr}");
    assert_eq!(bucket.ran(&["snapshot", address]).stdout, stays);
}

#[test]
fn of_two_jobs_the_later_snapshot_stays() {
    let bucket = Bucket::start();
    let (early, late) = (snapshot("a", EARLY), snapshot("b", LATE));
    meanwhile(&bucket, &early, &late, "left s3://snapshots/prod.json alone", &late);
    meanwhile(&bucket, &late, &early, "wrote s3://snapshots/prod.json", &late);
}

/// Publishes from many jobs at once; gives the index.
fn published_at_once(commands: Vec<Command>) {
    let spawned: Vec<Child> = commands
        .into_iter()
        .map(|mut command| command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for child in spawned {
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Eight jobs, each an environment of its own, of three different schemas.
fn jobs(command: impl Fn(&str) -> Command) -> Vec<Command> {
    (0..8).map(|at| command(&format!("env{at}=schema{}.json", at % 3))).collect()
}

fn write_schemas(folder: &Path) {
    for at in 0..3 {
        write(folder, &format!("schema{at}.json"), &snapshot(&format!("table{at}"), EARLY));
    }
}

#[track_caller]
fn check_index(index: &[u8]) -> History {
    let index = History::from_json(index).unwrap();
    assert_eq!(index.environments.len(), 8, "{:?}", index.environments.keys());
    assert_eq!(index.schemas.len(), 3);
    index
}

#[test]
fn jobs_that_publish_at_once_lose_nothing() {
    let bucket = Bucket::start();
    write_schemas(bucket.folder.path());
    published_at_once(jobs(|reference| bucket.command(&["publish", "s3://snapshots/history", reference])));
    // As another client reads it.
    let read = "import boto3, sys
client = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='key', aws_secret_access_key='x')
found = client.get_object(Bucket='snapshots', Key='history/index.json')
assert found['ContentType'] == 'application/json', found['ContentType']
sys.stdout.buffer.write(found['Body'].read())";
    let mut command = Command::new(python("stores"));
    let read = run(command.args(["-c", read, &format!("http://127.0.0.1:{}", bucket.port)]));
    assert_eq!(read.status, 0, "{}", read.stderr);
    let index = check_index(read.stdout.as_bytes());
    // Each schema is there, and is a snapshot.
    let key = &index.environments["env4"][0].schema;
    let ran = bucket.ran(&["snapshot", &format!("s3://snapshots/history/{}", stored_path(key))]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("table:public.table1"));
}

#[test]
fn a_folder_keeps_a_history() {
    let folder = tempfile::tempdir().unwrap();
    write_schemas(folder.path());
    published_at_once(jobs(|reference| driftglass(folder.path(), &["publish", "history", reference])));
    let history = folder.path().join("history");
    let index = || History::from_json(&fs::read(history.join("index.json")).unwrap()).unwrap();
    check_index(&fs::read(history.join("index.json")).unwrap());
    // The start says of all of them.
    let start = fs::read_to_string(history.join("index.html")).unwrap();
    assert_eq!((0..8).filter(|at| start.contains(&format!("<h2>env{at}</h2>"))).count(), 8);
    assert!(history.join("page/index.html").is_file());

    // The same again makes a stretch longer, another schema makes a new one; both say how much has changed.
    let publish = |reference: &str, commit: &str| {
        let mut command = driftglass(folder.path(), &["publish", "history", reference]);
        let ran = run(command.env("GITHUB_SHA", commit));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran.stderr
    };
    write(folder.path(), "same.json", &snapshot("table0", LATE));
    assert!(publish("env0=same.json", "aaaa").starts_with("env0: as before\n"));
    write(folder.path(), "next.json", &snapshot("table1", "2026-03-01T00:00:00Z"));
    assert!(publish("env0=next.json", "bbbb").starts_with("env0: 2 differences to the one before\n"));
    let stretches = &index().environments["env0"];
    let told: Vec<_> =
        stretches.iter().map(|it| (it.from.as_str(), it.until.as_str(), it.seen, it.differences)).collect();
    assert_eq!(told, [(EARLY, LATE, 2, None), ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 1, Some(2))]);
    assert_eq!(stretches[1].commit.as_deref(), Some("bbbb"));
    assert_eq!(fs::read_dir(history.join("schemas")).unwrap().count(), 3);

    // What cannot be published is said, and nothing of it is there.
    write(
        folder.path(),
        "timeless.json",
        &snapshot("a", EARLY).replace(&format!("\"taken_at\": \"{EARLY}\""), "\"tool\": \"x\""),
    );
    for (reference, reason) in [
        ("-", "which environment is -?"),
        ("env9=timeless.json", "does not say when it was taken"),
        ("env9=gone.json", "cannot read gone.json"),
    ] {
        let ran = run(&mut driftglass(folder.path(), &["publish", "history", reference]));
        assert_eq!(ran.status, 2, "{reference}");
        assert!(ran.stderr.contains(reason), "{reference}: {}", ran.stderr);
    }
    assert!(!index().environments.contains_key("env9"));
    // An index that somebody has damaged is left as it is.
    fs::write(history.join("index.json"), "{").unwrap();
    let ran = run(&mut driftglass(folder.path(), &["publish", "history", "env0=same.json"]));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("history/index.json: "), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(history.join("index.json")).unwrap(), "{");
}
