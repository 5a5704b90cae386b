//! Servers that stop answering, and disks that are full: one clear message, soon, and the old file.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::{Database, driftglass, root, run};

use crate::faults::{OwnServer, Place, ended, forward, test_socket};

/// Longer than any setting here asks for; without an end of its own the command would wait for ever.
const SOON: Duration = Duration::from_secs(40);

/// Accepts, reads, and says nothing.
fn silent_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            thread::spawn(move || std::io::copy(&mut client, &mut std::io::sink()));
        }
    });
    port
}

#[test]
fn a_server_that_accepts_and_says_nothing() {
    let place = Place::new();
    let url = format!("postgres://me:secret@127.0.0.1:{}/shop?connect_timeout=1", silent_port());
    for mode in ["disable", "require"] {
        let start = Instant::now();
        let ran = run(&mut place.snapshot(&[&format!("{url}&sslmode={mode}")]));
        place.check(&ran, &["cannot connect to me@127.0.0.1/shop: no answer within 2 s"]);
        assert!(start.elapsed() < SOON && !ran.stderr.contains("secret"), "{}", ran.stderr);
    }
}

/// Stands before the test server, and falls silent after so many bytes of answers.
fn silent_after(bytes: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let server = UnixStream::connect(test_socket()).unwrap();
        let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        forward(&server, &client, bytes);
        // The client is still listened to.
        thread::sleep(2 * SOON);
        drop((client, server));
    });
    port
}

#[test]
fn a_server_that_falls_silent_while_it_is_read() {
    let place = Place::new();
    let shop = Database::of_files(&[root().join("tests/shop/sql/base.sql")]);
    for bytes in [600, 3000, 50_000] {
        let url =
            format!("postgres://postgres@127.0.0.1:{}/{}?sslmode=disable", silent_after(bytes), shop.name());
        let start = Instant::now();
        let ran = run(place.snapshot(&[&url]).env("DRIFTGLASS_TIMEOUT", "2"));
        place.check(&ran, &["has said nothing for 3 s", "DRIFTGLASS_TIMEOUT"]);
        assert!(start.elapsed() < SOON);
    }
}

#[test]
fn a_backend_that_is_stopped_while_it_is_read() {
    let place = Place::new();
    let own = OwnServer::start();
    // Somebody holds what the reading needs, so that it is known to be in the middle.
    let mut holder = own.psql("postgres");
    let script =
        "BEGIN; LOCK TABLE pg_catalog.pg_event_trigger IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)";
    let mut holder = holder.args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut command = place.snapshot(&[&own.url("postgres", "127.0.0.1", "")]);
    let child =
        command.env("DRIFTGLASS_TIMEOUT", "4").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let waiting =
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'driftglass' AND wait_event_type = 'Lock'";
    let start = Instant::now();
    let backend = loop {
        let found = own.ask("postgres", waiting);
        if !found.is_empty() {
            break Pid::from_raw(found.parse().unwrap()).unwrap();
        }
        assert!(start.elapsed() < SOON, "it never waited");
    };
    kill_process(backend, Signal::STOP).unwrap();
    let ran = ended(child);
    kill_process(backend, Signal::CONT).unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    place.check(&ran, &["postgres@127.0.0.1/postgres has said nothing for 6 s"]);
    assert!(start.elapsed() < SOON);
}

#[test]
fn a_query_that_takes_too_long_is_ended_by_the_server() {
    let place = Place::new();
    let own = OwnServer::start();
    let mut holder = own.psql("postgres");
    let script =
        "BEGIN; LOCK TABLE pg_catalog.pg_event_trigger IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)";
    let mut holder = holder.args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let held = "SELECT count(*) FROM pg_locks WHERE relation = 'pg_event_trigger'::regclass AND granted
                   AND mode = 'AccessExclusiveLock'";
    while own.ask("postgres", held) == "0" {
        thread::sleep(Duration::from_millis(20));
    }
    for (seconds, expected) in [("2", "statement timeout"), ("0", "lock timeout")] {
        let url = own.url("postgres", "127.0.0.1", "");
        let ran = run(place.snapshot(&[&url]).env("DRIFTGLASS_TIMEOUT", seconds));
        place.check(&ran, &["(event triggers)", expected]);
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn a_wrong_timeout_is_named() {
    let place = Place::new();
    let ran = run(place.snapshot(&["postgres://me@127.0.0.1:1/x"]).env("DRIFTGLASS_TIMEOUT", "soon"));
    place.check(&ran, &["connection setting DRIFTGLASS_TIMEOUT: \"soon\" is not a number"]);
}

/// The kernel tells of each connection when its keepalive timer ends: timer 2, in hundredths of a second.
#[test]
fn connections_are_kept_alive() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://me@127.0.0.1:{port}/shop?sslmode=disable&connect_timeout=20");
    let mut child = place.snapshot(&[&url]).stderr(Stdio::null()).spawn().unwrap();
    let (mut client, from): (TcpStream, _) = listener.accept().unwrap();
    // What it says first has come, so there is nothing to be sent again.
    client.read_exact(&mut [0; 8]).unwrap();
    thread::sleep(Duration::from_millis(200));
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let (own, other) = (format!(":{:04X}", from.port()), format!(":{port:04X}"));
    let fields = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|fields| fields[1].ends_with(&own) && fields[2].ends_with(&other))
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let (timer, left) = fields[5].split_once(':').unwrap();
    assert_eq!(timer, "02", "{fields:?}");
    assert!(u32::from_str_radix(left, 16).unwrap() <= 3000, "{fields:?}");
}

/// A file system of its own, of a few pages; unmounted when dropped.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    /// `None` where this machine does not let one be mounted.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        let ran =
            mount.args(["-t", "tmpfs", "-o", "size=16k", "driftglass-test"]).arg(folder.path()).output();
        ran.is_ok_and(|ran| ran.status.success()).then_some(Self { folder })
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.folder.path()).output();
    }
}

#[test]
fn a_disk_that_is_full() {
    let Some(small) = Small::mount() else {
        eprintln!("passed over: nothing can be mounted here");
        return;
    };
    let out = small.folder.path().join("out.json");
    std::fs::write(&out, "old").unwrap();
    let out = out.display().to_string();
    let sample = root().join("snapshots/production.json").display().to_string();
    for words in [&["snapshot", &sample, "-o", &out][..], &["plan", "empty:", &sample, "-o", &out]] {
        let ran = run(&mut driftglass(&root(), words));
        assert_eq!(ran.status, 2, "{words:?}: {}", ran.stderr);
        let message = format!("error: cannot write {out}: No space left on device (os error 28)\n");
        assert_eq!(ran.stderr, message, "{words:?}");
        let names: Vec<_> = std::fs::read_dir(small.folder.path()).unwrap().flatten().collect();
        assert_eq!((std::fs::read_to_string(&out).unwrap().as_str(), names.len()), ("old", 1));
    }
}
