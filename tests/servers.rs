//! Servers that are not plain ones: a standby, one behind PgBouncer, one that demands TLS.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, KeyPair};
use tests::{driftglass, major, root, run, setting};

use crate::faults::{OwnServer, authority, free_port};

const SHOP: [&str; 2] = ["tests/shop/sql/base.sql", "tests/shop/sql/production.sql"];

fn with_shop(settings: &[&str]) -> OwnServer {
    let own = OwnServer::start_with(settings);
    own.execute(&["CREATE DATABASE shop"]);
    SHOP.iter().for_each(|file| own.load("shop", &root().join(file)));
    own
}

/// A snapshot's bytes, without what differs from one run to the next.
#[track_caller]
fn bytes(url: &str) -> String {
    let ran = run(&mut driftglass(&root(), &["snapshot", url, "--no-provenance"]));
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{url}");
    ran.stdout
}

/// A program that ends when this is dropped, as the user that a folder belongs to: servers refuse root.
struct Running(Child);

impl Running {
    fn start(command: &mut Command, folder: &Path) -> Self {
        let owner = fs::metadata(folder).unwrap();
        command.uid(owner.uid()).gid(owner.gid()).current_dir(folder);
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        let _ = self.0.wait();
    }
}

/// Tries until it answers.
fn wait_for(is_there: impl Fn() -> bool) {
    assert!(
        (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            is_there()
        }),
        "it does not answer"
    );
}

#[test]
fn a_standby_gives_the_bytes_of_its_primary() {
    let own = with_shop(&["wal_level=replica", "max_wal_senders=4"]);
    let folder = own.server.folder();
    let (copy, port) = (folder.join("standby"), free_port());
    let primary = own.server.url("postgres");
    let mut backup = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("pg_basebackup"));
    backup.args(["-c", "fast", "-X", "stream", "-d", &primary, "-D"]).arg(&copy);
    let owner = fs::metadata(folder).unwrap();
    let made = run(&mut backup);
    assert_eq!(made.status, 0, "{}", made.stderr);
    fs::write(copy.join("standby.signal"), "").unwrap();
    own_all(&copy, owner.uid(), owner.gid());
    // The primary's own program: it may be a copy that this user can reach.
    let pid = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let program = fs::read_link(format!("/proc/{}/exe", pid.lines().next().unwrap())).unwrap();
    let mut standby = Command::new(program);
    standby.arg("-D").arg(&copy).arg("-k").arg(&copy).args(["-p", &port.to_string()]).env("LC_ALL", "C");
    let source = primary.replace('\'', "''");
    for setting in [
        "listen_addresses=",
        "max_locks_per_transaction=20000",
        "hot_standby=on",
        &format!("primary_conninfo={source}"),
    ] {
        standby.args(["-c", setting]);
    }
    let _standby = Running::start(&mut standby, &copy);
    let url = format!("postgres://postgres@/shop?host={}&port={port}", copy.display());
    let asked = |sql: &str| {
        let mut psql = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
        run(psql.args(["-XAtqd", &url, "-c", sql])).stdout.trim().to_owned()
    };
    wait_for(|| asked("SELECT pg_is_in_recovery()") == "t");
    let from_primary = own.server.url("shop");
    assert_eq!(bytes(&url), bytes(&from_primary));
    // It follows: what comes later is there as well.
    own.ask("shop", "CREATE TABLE later (a integer)");
    wait_for(|| asked("SELECT to_regclass('public.later') IS NOT NULL") == "t");
    assert!(bytes(&url).contains("\"table:public.later\""));
    assert_eq!(bytes(&url), bytes(&from_primary));
}

/// Gives a folder and all in it to somebody.
fn own_all(path: &Path, uid: u32, gid: u32) {
    chown(path, Some(uid), Some(gid)).unwrap();
    if fs::symlink_metadata(path).unwrap().is_dir() {
        fs::read_dir(path).unwrap().flatten().for_each(|entry| own_all(&entry.path(), uid, gid));
    }
}

/// PgBouncer before a server.
struct Pool {
    _running: Running,
    port: u16,
}

impl Pool {
    fn start(own: &OwnServer, mode: &str, size: u32) -> Option<Self> {
        let program = std::env::var_os("DRIFTGLASS_PGBOUNCER").map(PathBuf::from)?;
        let (folder, port) = (own.server.folder(), free_port());
        let (file, socket) = (folder.join(format!("{mode}.ini")), folder.display());
        let server = own.port;
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n\
             unix_socket_dir =\nlogfile = {socket}/{mode}.log\n"
        );
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let running = Running::start(Command::new(program).arg("-q").arg(&file), folder);
        wait_for(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(Self { _running: running, port })
    }

    fn url(&self, query: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/shop{query}", self.port)
    }
}

fn passed_over() {
    eprintln!("passed over: there is no PgBouncer");
}

#[test]
fn pgbouncer_in_transaction_mode() {
    let own = with_shop(&[]);
    // Fewer connections than there are runs: one run gets another's as it left it.
    let Some(pool) = Pool::start(&own, "transaction", 2) else { return passed_over() };
    let direct = bytes(&own.server.url("shop"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..3).for_each(|_| assert_eq!(bytes(&pool.url("")), direct)));
        }
    });
    // Nothing is left behind in the pool's connections.
    let left = "SELECT current_setting('search_path'), current_setting('statement_timeout')";
    let mut psql = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("psql"));
    let ran = run(psql.args(["-XAtqd", &pool.url(""), "-c", left]));
    assert_eq!(ran.stdout.trim(), "\"$user\", public|0");
    // What the user asks for and the pool refuses is told.
    let ran = run(&mut driftglass(&root(), &["snapshot", &pool.url("?options=-c%20work_mem%3D8MB")]));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("options") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

#[test]
fn pgbouncer_in_statement_mode_is_refused() {
    let own = with_shop(&[]);
    let Some(pool) = Pool::start(&own, "statement", 2) else { return passed_over() };
    let ran = run(&mut driftglass(&root(), &["snapshot", &pool.url("")]));
    assert_eq!(ran.status, 2, "{}", ran.stdout);
    let expected = "the connection pool is in statement mode, where nothing can be read at one moment; connect to the \
                    server itself, or to a pool in transaction or session mode";
    assert!(ran.stderr.contains(expected) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

/// A certificate for `names`, and its key.
fn certificate(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    names: &[&str],
    user: Option<&str>,
) -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let mut params =
        CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    if let Some(user) = user {
        params.distinguished_name.push(rcgen::DnType::CommonName, user);
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    }
    [params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem()]
}

#[test]
fn a_server_that_demands_tls() {
    let own = with_shop(&[]);
    let (right, wrong) = (authority(), authority());
    let [server, key] = certificate(&right, &["localhost"], None);
    own.write("server.crt", &server);
    own.write("server.key", &key);
    own.write("root.crt", &right.pem());
    own.write(
        "pg_hba.conf",
        "local all all trust\nhostssl all carded 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 trust\n",
    );
    own.execute(&[
        "ALTER SYSTEM SET ssl = on",
        "ALTER SYSTEM SET ssl_ca_file = 'root.crt'",
        "CREATE ROLE carded LOGIN",
        "SELECT pg_reload_conf()",
    ]);
    wait_for(|| own.ask("postgres", "SHOW ssl") == "on");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let (root_file, other) = (file("root.crt", &right.pem()), file("other.crt", &wrong.pem()));
    let [card, card_key] = certificate(&right, &[], Some("carded"));
    let [forged, forged_key] = certificate(&wrong, &[], Some("carded"));
    let (card, card_key) = (file("card.crt", &card), file("card.key", &card_key));
    let (forged, forged_key) = (file("forged.crt", &forged), file("forged.key", &forged_key));
    let with_card = format!("?sslmode=verify-full&sslrootcert={root_file}&sslcert={card}&sslkey={card_key}");
    let plain = if tests::major() < 14 { "SSL off" } else { "no encryption" };
    for (user, host, query, expected) in [
        ("postgres", "localhost", "?sslmode=disable".to_owned(), Some(plain)),
        ("postgres", "localhost", String::new(), None),
        ("postgres", "127.0.0.1", "?sslmode=require".to_owned(), None),
        ("postgres", "127.0.0.1", format!("?sslmode=verify-ca&sslrootcert={root_file}"), None),
        ("postgres", "localhost", format!("?sslmode=verify-full&sslrootcert={root_file}"), None),
        (
            "postgres",
            "127.0.0.1",
            format!("?sslmode=verify-full&sslrootcert={root_file}"),
            Some("certificate"),
        ),
        ("postgres", "localhost", format!("?sslmode=verify-ca&sslrootcert={other}"), Some("certificate")),
        ("postgres", "localhost", format!("?sslmode=require&sslrootcert={other}"), Some("certificate")),
        ("carded", "localhost", with_card, None),
        ("carded", "localhost", "?sslmode=require".to_owned(), Some("certificate")),
        ("carded", "localhost", format!("?sslmode=require&sslcert={card}&sslkey={other}"), Some("sslkey")),
        (
            "carded",
            "localhost",
            format!("?sslmode=require&sslcert={forged}&sslkey={forged_key}"),
            Some("error: "),
        ),
    ] {
        let url = format!("postgres://{user}@{host}:{}/shop{query}", own.port);
        let ran = run(&mut driftglass(folder.path(), &["snapshot", &url]));
        match expected {
            None => assert_eq!(ran.status, 0, "{user}@{host}{query}: {}", ran.stderr),
            Some(message) => {
                assert_eq!(ran.status, 2, "{user}@{host}{query}: {}", ran.stderr);
                assert!(ran.stderr.contains(message), "{user}@{host}{query}: {}", ran.stderr);
                assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
            }
        }
    }
    // The connection was encrypted indeed.
    assert!(
        major() >= 13
            && own.ask("postgres", "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL") == "0"
    );
}
