//! Files that are none, or far too much: each is refused with one message, and without filling the memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tests::{Database, Ran, driftglass, run};

/// In KiB: what is read may be held once and a half, and no more than that.
const MOST_MEMORY: u64 = 1 << 20;

/// Runs the command with a memory of its own, so that one that grows without end fails here and not the machine.
fn ran(folder: &Path, words: &[&str]) -> Ran {
    run(&mut bounded(folder, words))
}

fn bounded(folder: &Path, words: &[&str]) -> Command {
    let plain = driftglass(folder, words);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\"")]);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(folder);
    command
}

#[track_caller]
fn refused(ran: &Ran, message: &str) {
    assert_eq!(ran.status, 2, "{ran:?}");
    let errors: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(message), "{message:?} is not in {}", ran.stderr);
    assert!(ran.stderr.len() < 1_000, "{} characters are no message", ran.stderr.len());
}

/// Blanks of so many MiB, packed and so many times one behind the other: a small part of it.
fn bomb(path: &Path, mebibytes: usize, times: usize) {
    let mut gzip = Command::new("gzip")
        .arg("-6")
        .stdin(Stdio::piped())
        .stdout(File::create(path).unwrap())
        .spawn()
        .unwrap();
    let mut into = gzip.stdin.take().unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..mebibytes {
        into.write_all(&block).unwrap();
    }
    drop(into);
    assert!(gzip.wait().unwrap().success());
    let packed = fs::read(path).unwrap();
    fs::write(path, packed.repeat(times)).unwrap();
}

const EMPTY: &str = r#"{"format": 1, "objects": {}}"#;

#[test]
fn files_that_are_no_snapshot_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table = r#""table:public.t": {"body": {"table": {}}}"#;
    let utf_16: Vec<u8> = EMPTY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("deep", format!("{{\"format\": 1, \"objects\": {}", "[".repeat(10_000)).into(), "line 1, column"),
        (
            "deep_objects",
            format!("{{\"format\": 1, \"objects\": {}", "{\"a\":".repeat(10_000)).into(),
            "line 1, column",
        ),
        (
            "fields_twice",
            br#"{"format": 1, "format": 1, "objects": {}}"#.to_vec(),
            "duplicate field `format`",
        ),
        (
            "objects_twice",
            format!("{{\"format\": 1, \"objects\": {{{table}, {table}}}}}").into(),
            "an object is in it twice",
        ),
        ("utf_16", [b"\xff\xfe", &utf_16[..]].concat(), "it is UTF-16, a snapshot is UTF-8"),
        ("utf_16_bare", utf_16, "line 1, column"),
        (
            "surrogate",
            br#"{"format": 1, "objects": {"table:public.\ud800": {"body": {"table": {}}}}}"#.to_vec(),
            "line 1, column",
        ),
        (
            "not_utf_8",
            b"{\"format\": 1, \"objects\": {\"table:public.\xff\": {\"body\": {\"table\": {}}}}}".to_vec(),
            "line 1, column",
        ),
        (
            "shallow",
            br#"{"format": 1, "objects": {"index:ix": {"body": {"index": {"definition": ""}}}}}"#.to_vec(),
            "index:ix has 1 names, and 3 are needed",
        ),
        ("huge_number", br#"{"format": 1e999, "objects": {}}"#.to_vec(), "number out of range"),
        (
            "negative",
            br#"{"format": 1, "objects": {}, "sizes": {"table:a.b": {"rows": -1, "bytes": 0}}}"#.to_vec(),
            "invalid value",
        ),
        ("zeros", vec![0; 4096], "line 1, column 1"),
    ];
    for (name, bytes, message) in cases {
        fs::write(folder.path().join(format!("{name}.json")), bytes).unwrap();
        refused(&ran(folder.path(), &["snapshot", &format!("{name}.json")]), message);
    }
    fs::write(folder.path().join("bom.json"), format!("\u{feff}{EMPTY}")).unwrap();
    assert_eq!(ran(folder.path(), &["diff", "bom.json", "bom.json"]).status, 0);
}

#[test]
fn what_never_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    File::create(folder.path().join("large.json")).unwrap().set_len(1 << 30).unwrap();
    refused(
        &ran(folder.path(), &["snapshot", "large.json"]),
        "cannot read large.json: it is larger than 400 MiB",
    );
    refused(
        &ran(folder.path(), &["snapshot", "/dev/zero"]),
        "cannot read /dev/zero: it is larger than 400 MiB",
    );
    let mut endless = bounded(folder.path(), &["snapshot", "-"]);
    refused(
        &run(endless.stdin(File::open("/dev/zero").unwrap())),
        "cannot read standard input: it is larger than 400 MiB",
    );
    // 10 GB: of one piece that is too large by itself, and of many that are not.
    for (mebibytes, times) in [(512, 20), (64, 160)] {
        bomb(&folder.path().join("bomb.json.gz"), mebibytes, times);
        assert!(fs::metadata(folder.path().join("bomb.json.gz")).unwrap().len() < 20 << 20);
        let bomb = ran(folder.path(), &["diff", "bomb.json.gz", "bomb.json.gz"]);
        refused(&bomb, "cannot read bomb.json.gz: unpacked: it is larger than 400 MiB");
    }
    File::create(folder.path().join("large.sql")).unwrap().set_len(1 << 30).unwrap();
    refused(&ran(folder.path(), &["snapshot", "sql:large.sql"]), "it is larger than 64 MiB");
    fs::write(folder.path().join("a.json"), EMPTY).unwrap();
    let baseline = ran(folder.path(), &["diff", "a.json", "a.json", "--baseline", "large.sql"]);
    refused(&baseline, "it is larger than 64 MiB");
    File::create(folder.path().join("driftglass.toml")).unwrap().set_len(100 << 20).unwrap();
    refused(&ran(folder.path(), &["diff", "a.json", "a.json"]), "driftglass.toml: it is larger than 1 MiB");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), EMPTY).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
    for (words, message) in [
        (&["snapshot", "folder"][..], "cannot read folder: "),
        (&["snapshot", "socket"], "cannot read socket: "),
        (&["snapshot", "/dev/null"], "/dev/null is not a snapshot: line 1, column 0: the file is empty"),
        (&["snapshot", "sql:folder"], "the folder holds no .sql file"),
        (&["snapshot", "sql:socket"], "cannot read socket: "),
        (&["diff", "a.json", "a.json", "--baseline", "folder"], "cannot read the baseline folder"),
        (&["diff", "a.json", "a.json", "--baseline", "socket"], "cannot read the baseline socket"),
        (&["snapshot", "a.json", "-o", "folder"], "cannot write folder: "),
        (&["snapshot", "a.json", "-o", "socket"], "cannot write socket: "),
        (&["snapshot", "a.json", "-o", "/dev/full"], "cannot write /dev/full: "),
        (&["diff", "a.json", "a.json", "-o", "json=socket"], "cannot write socket: "),
        (&["plan", "a.json", "a.json", "-o", "folder"], "cannot write folder: "),
        (&["view", "a.json", "a.json", "--html", "socket"], "cannot write socket: "),
        (&["publish", "socket", "a.json"], "cannot use the folder socket: "),
    ] {
        refused(&ran(folder.path(), words), message);
    }
}

/// Ends it after a while, as a terminal or a job's time limit does; the exit status, none where it did not hear.
fn asked_to_end(mut command: Command, signal: Signal) -> Option<i32> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    kill_process(Pid::from_child(&child), signal).unwrap();
    for _ in 0..500 {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(-1));
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

#[test]
fn a_pipe_is_read_and_written_and_waits_no_longer_than_one_likes() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    fs::write(folder.path().join("a.json"), EMPTY).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, EMPTY).unwrap());
        assert_eq!(ran(folder.path(), &["diff", "pipe", "a.json"]).status, 0);
    });
    thread::scope(|scope| {
        let read = scope.spawn(|| fs::read_to_string(&pipe).unwrap());
        assert_eq!(ran(folder.path(), &["snapshot", "a.json", "-o", "pipe"]).status, 0);
        assert!(read.join().unwrap().contains("\"objects\""));
    });
    let mut zeros =
        Command::new("sh").args(["-c", "cat /dev/zero > pipe"]).current_dir(folder.path()).spawn().unwrap();
    refused(&ran(folder.path(), &["snapshot", "pipe"]), "cannot read pipe: it is larger than 400 MiB");
    zeros.wait().unwrap();
    // What was written before, and a database, are what the program hears signals for itself after.
    let database = Database::new("");
    let url = database.url();
    for signal in [Signal::TERM, Signal::INT] {
        for words in [
            &["snapshot", "pipe"][..],
            &["snapshot", "a.json", "-o", "pipe"],
            &["diff", "a.json", "a.json", "-o", "json=b.json", "-o", "sarif=pipe"],
            &["snapshot", &url, "-o", "pipe"],
        ] {
            let ended = asked_to_end(driftglass(folder.path(), words), signal);
            assert!(
                ended.is_some_and(|status| status == 2 || status == -1),
                "{words:?} {signal:?}: {ended:?}"
            );
        }
    }
}

#[test]
fn nobody_has_to_hear_what_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), EMPTY).unwrap();
    for (words, status) in [(&["snapshot", "a.json", "-o", "b.json"][..], 0), (&["snapshot", "none.json"], 2)]
    {
        let mut command = driftglass(folder.path(), words);
        let full = File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(command.stderr(full).status().unwrap().code(), Some(status), "{words:?}");
    }
    assert!(folder.path().join("b.json").exists());
}

#[test]
fn an_environment_that_is_no_text_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), EMPTY).unwrap();
    let mut command = driftglass(folder.path(), &["diff", "a.json", "a.json"]);
    let ran = run(command.env("OTHER", std::ffi::OsStr::from_bytes(b"\xff")));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn an_index_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let taken =
        r#"{"format": 1, "source": {"kind": "database", "taken_at": "2026-01-01T00:00:00Z"}, "objects": {}}"#;
    fs::write(folder.path().join("prod.json"), taken).unwrap();
    let place = folder.path().join("place");
    assert_eq!(ran(folder.path(), &["publish", "place", "prod.json"]).status, 0);
    let index = place.join("index.json");
    let whole = fs::read(&index).unwrap();
    for (bytes, message) in [
        (Vec::new(), "index.json"),
        (whole[..whole.len() / 2].to_vec(), "index.json"),
        (format!("{{\"format\": 1, \"environments\": {}", "[".repeat(10_000)).into(), "index.json"),
        (br#"{"format": 7, "environments": {}, "schemas": {}}"#.to_vec(), "it has format 7"),
        (vec![0xff; 100], "index.json"),
    ] {
        fs::write(&index, &bytes).unwrap();
        refused(&ran(folder.path(), &["publish", "place", "prod.json"]), message);
        assert_eq!(fs::read(&index).unwrap(), bytes, "it is as it was");
    }
    File::create(&index).unwrap().set_len(1 << 30).unwrap();
    refused(&ran(folder.path(), &["publish", "place", "prod.json"]), "it is larger than 400 MiB");
}
