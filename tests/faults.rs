//! What goes wrong gives one clear message and exit status 2, leaves the output file as it was, and nothing
//! behind.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustix::process::{Pid, Signal, kill_process};
use tests::{Database, Ran, driftglass, major, psql, python, root, run, server_url, setting};

const OLD: &str = "what was there before";

/// A folder with an output file in it that must survive.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(place.file(), OLD).unwrap();
        place
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("out.json")
    }

    pub(crate) fn snapshot(&self, words: &[&str]) -> Command {
        driftglass(self.path(), &[&["snapshot", "-o", "out.json"], words].concat())
    }

    /// Asserts one message, exit status 2, the old file, and no other file beside it.
    #[track_caller]
    pub(crate) fn check(&self, ran: &Ran, message: &[&str]) {
        assert_eq!(ran.status, 2, "{ran:?}");
        assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{ran:?}");
        for part in message {
            assert!(ran.stderr.contains(part), "{part:?} is not in {}", ran.stderr);
        }
        assert_eq!(std::fs::read_to_string(self.file()).unwrap(), OLD);
        let hidden: Vec<_> = std::fs::read_dir(self.path())
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".driftglass-"))
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn no_server() {
    let place = Place::new();
    let url = format!("postgres://me:secret@127.0.0.1:{}/shop", free_port());
    let ran = run(&mut place.snapshot(&[&url]));
    place.check(&ran, &["cannot connect to me@127.0.0.1/shop", "is the server running"]);
    assert!(!ran.stderr.contains("secret"));
}

#[test]
fn no_such_host_database_or_setting() {
    let place = Place::new();
    let ran = run(&mut place.snapshot(&["postgres://me@no-such-host.invalid/shop"]));
    place.check(&ran, &["cannot connect to me@no-such-host.invalid/shop", "check the host's name"]);
    let ran = run(&mut place.snapshot(&[&server_url("no_such_database")]));
    place.check(&ran, &["database \"no_such_database\" does not exist"]);
    let ran = run(&mut place.snapshot(&["postgres://me@localhost/shop?sslmode=sometimes"]));
    place.check(&ran, &["connection setting sslmode", "verify-full"]);
    let ran = run(&mut place.snapshot(&["no-such-file.json"]));
    place.check(&ran, &["cannot read no-such-file.json"]);
}

/// A server of this test's own, on a port of this machine.
pub(crate) struct OwnServer {
    pub(crate) server: snapshot::Server,
    pub(crate) port: u16,
}

impl OwnServer {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server of the test server's major version, with settings.
    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let port = free_port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let of_major = setting("DRIFTGLASS_SERVERS").join(major().to_string()).join("bin");
        let bin = if of_major.is_dir() { of_major } else { setting("DRIFTGLASS_TEST_PG_BIN") };
        let started = runtime.block_on(snapshot::Server::start_with(&bin, Some(port), settings));
        Self { server: started.unwrap(), port }
    }

    /// psql on one of its databases.
    pub(crate) fn psql(&self, database: &str) -> Command {
        let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
        command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.server.url(database)]);
        command
    }

    /// What a query comes to.
    pub(crate) fn ask(&self, database: &str, sql: &str) -> String {
        let ran = run(self.psql(database).args(["-c", sql]));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran.stdout.trim().to_owned()
    }

    pub(crate) fn execute(&self, sql: &[&str]) {
        let mut command = self.psql("postgres");
        for sql in sql {
            command.args(["-c", sql]);
        }
        let ran = run(&mut command);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
    }

    /// Runs a file of SQL in one of its databases.
    pub(crate) fn load(&self, database: &str, file: &Path) {
        let ran = run(self.psql(database).arg("-f").arg(file));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
    }

    /// The URL of one of its databases for a role, over the network.
    pub(crate) fn url_of(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    /// Writes a file into the server's data folder, as the server's own.
    pub(crate) fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let data = self.server.folder().join("data");
        let owner = std::fs::metadata(&data).unwrap();
        let file = data.join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }

    pub(crate) fn url(&self, user: &str, host: &str, query: &str) -> String {
        format!("postgres://{user}@{host}:{}/postgres{query}", self.port)
    }
}

#[test]
fn wrong_and_missing_passwords() {
    let place = Place::new();
    let own = OwnServer::start();
    // Before 14 they are kept as MD5.
    own.execute(&["SET password_encryption = 'scram-sha-256'", "ALTER ROLE postgres PASSWORD 'right'"]);
    own.write("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n");
    own.execute(&["SELECT pg_reload_conf()"]);
    let ran = run(&mut place.snapshot(&[&own.url("postgres:wrong", "127.0.0.1", "")]));
    place.check(&ran, &["password authentication failed", "PGPASSWORD"]);
    let ran = run(&mut place.snapshot(&[&own.url("postgres", "127.0.0.1", "")]));
    place.check(&ran, &["set PGPASSWORD"]);
    let ran = run(place.snapshot(&[&own.url("postgres", "127.0.0.1", "")]).env("PGPASSWORD", "right"));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(!std::fs::read_to_string(place.file()).unwrap().contains("right"));
}

/// Speaks TLS for the test server, as PostgreSQL does after a client's request for it.
fn tls_port(authority: &CertifiedIssuer<'static, KeyPair>) -> u16 {
    use tokio_rustls::rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let config = ServerConfig::builder_with_provider(std::sync::Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let mut request = [0; 8];
                tokio::io::AsyncReadExt::read_exact(&mut client, &mut request).await.unwrap();
                tokio::io::AsyncWriteExt::write_all(&mut client, b"S").await.unwrap();
                // A client that trusts nobody goes away here.
                let Ok(mut client) = acceptor.accept(client).await else { continue };
                let mut server = tokio::net::UnixStream::connect(test_socket()).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
        });
    });
    port
}

#[test]
fn certificates_are_checked_as_sslmode_says() {
    let place = Place::new();
    let (authority, other) = (authority(), authority());
    let port = tls_port(&authority);
    let write = |name: &str, text: String| {
        std::fs::write(place.path().join(name), text).unwrap();
        place.path().join(name).display().to_string()
    };
    let (right, wrong) = (write("right.pem", authority.pem()), write("wrong.pem", other.pem()));
    let query = |mode: &str, root: &str| format!("?sslmode={mode}&sslrootcert={root}");
    for (host, query, expected) in [
        ("127.0.0.1", "?sslmode=require".to_owned(), None),
        ("localhost", query("verify-full", &right), None),
        ("127.0.0.1", query("verify-ca", &right), None),
        ("127.0.0.1", query("verify-full", &right), Some("certificate")),
        ("localhost", query("verify-full", &wrong), Some("certificate")),
        ("localhost", query("verify-ca", &wrong), Some("certificate")),
        ("localhost", query("require", &wrong), Some("certificate")),
        ("localhost", query("verify-full", "/no/such.pem"), Some("sslrootcert")),
    ] {
        let url = format!("postgres://postgres@{host}:{port}/postgres{query}");
        let ran = run(&mut driftglass(place.path(), &["snapshot", &url]));
        match expected {
            None => assert_eq!(ran.status, 0, "{host}{query}: {}", ran.stderr),
            Some(message) => place.check(&ran, &[message]),
        }
    }
}

pub(crate) fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The test server's socket.
pub(crate) fn test_socket() -> PathBuf {
    let url = server_url("postgres");
    let value =
        |name: &str| url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)).unwrap().to_owned();
    Path::new(&value("host=")).join(format!(".s.PGSQL.{}", value("port=")))
}

/// Stands between the command and the test server, and goes away after so many bytes of answers.
fn cut_after(bytes: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let socket = test_socket();
    thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let server = UnixStream::connect(socket).unwrap();
        let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        forward(&server, &client, bytes);
        // Both ends see the connection gone, whatever is under way.
        let _ = client.shutdown(std::net::Shutdown::Both);
        let _ = server.shutdown(std::net::Shutdown::Both);
    });
    port
}

/// Forwards so many bytes of answers.
pub(crate) fn forward(mut server: &UnixStream, mut client: &TcpStream, mut left: usize) {
    let mut buffer = [0; 512];
    while left > 0 {
        let Ok(count @ 1..) = server.read(&mut buffer) else { break };
        if client.write_all(&buffer[..count.min(left)]).is_err() {
            break;
        }
        left = left.saturating_sub(count);
    }
}

#[test]
fn a_connection_that_drops_while_reading() {
    let place = Place::new();
    let shop = Database::of_files(&[root().join("tests/shop/sql/base.sql")]);
    for bytes in [40, 600, 3000, 9000, 50_000] {
        let url =
            format!("postgres://postgres@127.0.0.1:{}/{}?sslmode=disable", cut_after(bytes), shop.name());
        let ran = run(&mut place.snapshot(&[&url]));
        place.check(&ran, &["127.0.0.1/test_"]);
        assert!(
            ran.stderr.contains("connection") || ran.stderr.contains("connect"),
            "{bytes}: {}",
            ran.stderr
        );
    }
}

#[test]
fn no_python() {
    let place = Place::new();
    let ran = run(&mut place.snapshot(&["models:app", "--python", "no-such-python"]));
    place.check(&ran, &["cannot run Python as `no-such-python`", "--python"]);
    let ran = run(&mut place.snapshot(&["models:app", "--python", "/bin/echo"]));
    place.check(&ran, &["it gave no answer"]);
}

#[test]
fn models_that_fail_to_import() {
    let place = Place::new();
    let python = python("sa20").display().to_string();
    let ran = run(&mut place.snapshot(&["models:no_such_module", "--python", &python]));
    place.check(&ran, &["no_such_module"]);
    std::fs::write(place.path().join("app.py"), "import no_such_package\n").unwrap();
    let ran = run(&mut place.snapshot(&["models:app", "--python", &python]));
    place.check(&ran, &["no_such_package", "app.py", "line 1"]);
}

#[test]
fn no_permission_to_write() {
    let place = Place::new();
    std::fs::write(place.path().join("in.json"), r#"{"format": 1, "objects": {}}"#).unwrap();
    let ran = run(&mut driftglass(place.path(), &["snapshot", "in.json", "-o", "/proc/out.json"]));
    place.check(&ran, &["cannot write /proc/out.json"]);
    let ran = run(&mut driftglass(place.path(), &["snapshot", "in.json", "-o", "no/such/folder/out.json"]));
    place.check(&ran, &["cannot write no/such/folder/out.json"]);
}

#[test]
fn a_full_disk() {
    let place = Place::new();
    // A limit on the size of files fails the write at the same place as a full disk does.
    let sample = root().join("snapshots/production.json");
    let script = format!(
        "trap '' XFSZ; ulimit -f 16; exec {} snapshot {} -o out.json",
        setting("DRIFTGLASS").display(),
        sample.display()
    );
    let ran = run(Command::new("sh").args(["-c", &script]).current_dir(place.path()));
    place.check(&ran, &["cannot write out.json", "too large"]);
}

/// Starts a command, waits until `is_busy`, sends a signal.
fn interrupt(mut command: Command, signal: Signal, is_busy: impl Fn() -> bool) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while !is_busy() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never became busy");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
        thread::sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_child(&child), signal).unwrap();
    ended(child)
}

pub(crate) fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn ctrl_c_while_models_are_imported() {
    let place = Place::new();
    let text =
        "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)\n";
    std::fs::write(place.path().join("app.py"), text).unwrap();
    let pid = place.path().join("pid");
    let python = python("sa20").display().to_string();
    let command = place.snapshot(&["models:app", "--python", &python]);
    let is_busy = || std::fs::read_to_string(&pid).is_ok_and(|text| !text.is_empty());
    let ran = interrupt(command, Signal::INT, is_busy);
    place.check(&ran, &["interrupted"]);
    assert_gone(&std::fs::read_to_string(&pid).unwrap());
}

#[track_caller]
pub(crate) fn assert_gone(pid: &str) {
    let process = Path::new("/proc").join(pid.trim());
    let is_gone = || {
        !process.exists()
            || std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| stat.contains(") Z "))
    };
    assert!(
        (0..100).any(|_| {
            thread::sleep(Duration::from_millis(50));
            is_gone()
        }),
        "process {pid} is still there"
    );
}

/// DDL that takes longer than any test waits, after a table that tells when it has begun.
fn slow_sql(place: &Place) {
    std::fs::write(place.path().join("slow.sql"), "SELECT pg_sleep(600);\n").unwrap();
}

#[test]
fn ctrl_c_drops_the_shadow_database() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::new();
        slow_sql(&place);
        // A server of its own: which databases are there is then known.
        let own = OwnServer::start();
        let shadows = "SELECT count(*) FROM pg_database WHERE datname LIKE 'driftglass%'";
        let count = || {
            let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
            run(command.args(["-XAtqd", &own.server.url("postgres"), "-c", shadows])).stdout.trim().to_owned()
        };
        let mut command = place.snapshot(&["sql:slow.sql"]);
        command.env("DRIFTGLASS_SHADOW", own.server.url("postgres"));
        let ran = interrupt(command, signal, || count() == "1");
        place.check(&ran, &["interrupted"]);
        assert_eq!(count(), "0");
    }
}

#[test]
fn ctrl_c_ends_the_throwaway_server() {
    let place = Place::new();
    slow_sql(&place);
    let bin = setting("DRIFTGLASS_TEST_PG_BIN").display().to_string();
    let mut command = place.snapshot(&["sql:slow.sql", "--pg-bin", &bin]);
    command.env_remove("DRIFTGLASS_SHADOW");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let server = loop {
        assert!(start.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(20));
        if let Some(server) = server_of(child.id()) {
            break server;
        }
    };
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    place.check(&ended(child), &["interrupted"]);
    assert_gone(&server);
}

/// The process of a throwaway server that `parent` started, once it is there.
pub(crate) fn server_of(parent: u32) -> Option<String> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children.split_whitespace().find_map(|pid| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        // Before it there is one that only tells its version.
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        (name.trim() == "postgres" && line.contains("\0-D\0")).then(|| pid.to_owned())
    })
}

#[test]
fn damaged_newer_and_foreign_files_are_explained() {
    let place = Place::new();
    for (text, expected) in [
        ("", "the file is empty"),
        ("<!DOCTYPE html>", "it looks like an HTML page"),
        ("{\"format\": 99, \"objects\": {}}", "reads up to 1: use a newer driftglass"),
        ("{\"format\": 1, \"objects\": {", "line 1, column"),
        ("[1, 2]", "in.json is not a snapshot"),
    ] {
        std::fs::write(place.path().join("in.json"), text).unwrap();
        let ran = run(&mut place.snapshot(&["in.json"]));
        place.check(&ran, &["in.json is not a snapshot", expected]);
    }
}

#[test]
fn packed_files_are_unpacked_and_damaged_ones_refused() {
    let place = Place::new();
    let mut packed = Command::new("gzip");
    let packed = packed.arg("-c").arg(root().join("snapshots/models.json")).output().unwrap().stdout;
    std::fs::write(place.path().join("in.json.gz"), &packed).unwrap();
    let same = root().join("snapshots/models.json");
    let ran = run(&mut driftglass(place.path(), &["diff", "in.json.gz", same.to_str().unwrap()]));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    std::fs::write(place.path().join("in.json.gz"), &packed[..packed.len() / 2]).unwrap();
    place.check(&run(&mut place.snapshot(&["in.json.gz"])), &["cannot read in.json.gz"]);
}

#[test]
fn a_shadow_server_that_may_not_create_databases() {
    let place = Place::new();
    std::fs::write(place.path().join("a.sql"), "SELECT 1;").unwrap();
    let database = Database::new("CREATE ROLE may_not LOGIN");
    let url = server_url("postgres").replacen("postgres@", "may_not@", 1);
    let ran = run(place.snapshot(&["sql:a.sql"]).env("DRIFTGLASS_SHADOW", url));
    database.execute("DROP ROLE may_not");
    place.check(&ran, &["cannot create a database", "permission denied"]);
    assert_eq!(
        psql("postgres", &["SELECT count(*) FROM pg_roles WHERE rolname = 'may_not'"], &[]).trim(),
        "0"
    );
}
