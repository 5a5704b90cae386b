//! `driftglass view`: the page inside the program, served to this machine alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use tests::{driftglass, root, run};

/// A running `driftglass view`, ended with this.
struct View {
    process: Child,
    port: u16,
    first_line: String,
    // Held, as a terminal would be.
    _stderr: BufReader<ChildStderr>,
}

impl View {
    fn start(words: &[&str]) -> Self {
        let mut command = driftglass(&root(), &[&["view"], words].concat());
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut first_line = String::new();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        stderr.read_line(&mut first_line).unwrap();
        let address = first_line.split("127.0.0.1:").nth(1).unwrap_or_else(|| panic!("{first_line}"));
        let port = address.split('/').next().unwrap().parse().unwrap();
        Self { process, port, first_line, _stderr: stderr }
    }

    fn get(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // It serves until it is ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_page_comes_with_both_snapshots() {
    let view = View::start(&["snapshots/production.json", "snapshots/models.json"]);
    let query = "/?url=data/0.json&url=data/1.json";
    assert!(view.first_line.trim_end().ends_with(query), "{}", view.first_line);
    let page = view.get(query, "127.0.0.1");
    assert!(page.contains("content-security-policy: connect-src 'self'"), "{page}");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<title>driftglass</title>"), "{page}");
    assert!(view.get("/web_bg.wasm", "localhost:1").contains("content-type: application/wasm"));
    let old = view.get("/data/0.json", "127.0.0.1");
    assert!(old.contains("\"label\": \"production\""));
    assert!(view.get("/data/2.json", "127.0.0.1").starts_with("HTTP/1.1 404"));
}

#[test]
fn other_names_for_this_machine_get_nothing() {
    let view = View::start(&["snapshots/production.json", "snapshots/models.json"]);
    let answer = view.get("/data/0.json", "attacker.example");
    assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("production"), "{answer}");
}

#[test]
fn any_number_of_snapshots_is_served() {
    let view = View::start(&["snapshots/production.json", "snapshots/dev.json", "snapshots/models.json"]);
    assert!(view.first_line.trim_end().ends_with("&url=data/2.json"), "{}", view.first_line);
    assert!(view.get("/data/2.json", "127.0.0.1").contains("SQLAlchemy"));
}

#[test]
fn a_report_is_one_file_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let words =
        ["view", "snapshots/production.json", "snapshots/models.json", "--html", file.to_str().unwrap()];
    let ran = run(&mut driftglass(&root(), &words));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("content=\"default-src 'none'; script-src 'unsafe-inline'"), "no policy");
    assert!(text.contains("<title>production → shop.models (SQLAlchemy 2.0.58): 30 differences"));
    assert!(text.contains("public.orders_backup_20260314"), "read without scripts");
    for outside in ["src=\"", "<link rel=\"stylesheet\"", "connect-src"] {
        assert!(!text.contains(outside), "{outside} in the report");
    }
    assert_eq!(text.matches("<template id=\"data-").count(), 2);
    let nowhere = folder.path().join("none/report.html");
    let ran =
        run(&mut driftglass(&root(), &["view", "snapshots/dev.json", "--html", nowhere.to_str().unwrap()]));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("cannot write"), "{}", ran.stderr);
    let ran = run(&mut driftglass(&root(), &["view", "--html", "report.html"]));
    assert_eq!(ran.status, 2, "there is nothing to put into it");
}

#[test]
fn without_snapshots_the_page_asks_for_files() {
    let view = View::start(&[]);
    assert!(view.first_line.trim_end().ends_with('/'), "{}", view.first_line);
}

#[test]
fn a_taken_port_is_named() {
    let view = View::start(&[]);
    let ran = run(&mut driftglass(&root(), &["view", "--port", &view.port.to_string()]));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("choose another --port"), "{}", ran.stderr);
}

#[test]
fn ctrl_c_ends_it_whatever_was_read_before() {
    // Reading models and SQL files listens for Ctrl-C too.
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut view = View::start(&["sql:tests/shop/sql/base.sql", "snapshots/models.json"]);
        kill_process(Pid::from_child(&view.process), signal).unwrap();
        let start = Instant::now();
        while view.process.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(20), "{signal:?} does not end it");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
