//! Names that try to be something else, all the way: a database, its snapshot, the plans that make and change it, run
//! for real by psql and by Alembic, and what a terminal is told.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::alembic::{scripts_in, try_all};
use diff_core::{ObjectId, Snapshot};
use tests::{Database, Ran, driftglass, root, run};

/// The names: all tests of such names read this file.
pub(crate) fn names() -> Vec<String> {
    serde_json::from_str(&fs::read_to_string(root().join("tests/hostile/names.json")).unwrap()).unwrap()
}

fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Every name as a schema, table, column, constraint, index, trigger, policy, type, label, function, argument, default,
/// comment, setting and option. In the second form everything that has a name has it still, and is otherwise.
fn sql(is_second: bool) -> String {
    let mut sql = "CREATE SCHEMA s; CREATE SCHEMA i; CREATE SCHEMA e; CREATE SCHEMA f; CREATE SCHEMA v;
        CREATE FUNCTION f.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER w FOREIGN DATA WRAPPER w;\n"
        .to_owned();
    for (at, name) in names().iter().enumerate() {
        let (n, l) = (ident(name), literal(name));
        let (kind, more, when) = match is_second {
            false => ("integer", format!("a {l}"), "BEFORE"),
            true => ("bigint", format!("{name}{name} b"), "AFTER"),
        };
        let more = literal(&more);
        // Writing to a String cannot fail.
        let _ = writeln!(
            sql,
            "CREATE SCHEMA {n};
             COMMENT ON SCHEMA {n} IS {more};
             CREATE TABLE {n}.{n} ({n} integer);
             CREATE TABLE s.{n} ({n} {kind} PRIMARY KEY, t text DEFAULT {more}, u text DEFAULT {l},
               CONSTRAINT {n} CHECK (t <> {more}));
             COMMENT ON TABLE s.{n} IS {more};
             COMMENT ON COLUMN s.{n}.{n} IS {l};
             COMMENT ON CONSTRAINT {n} ON s.{n} IS {more};
             CREATE TRIGGER {n} {when} INSERT ON s.{n} FOR EACH ROW EXECUTE FUNCTION f.touch({l});
             ALTER TABLE s.{n} ENABLE ROW LEVEL SECURITY;
             CREATE POLICY {n} ON s.{n} USING (t <> {more});
             CREATE TABLE i.t{at} (a integer, b text);
             CREATE INDEX {n} ON i.t{at} (a) WHERE b <> {more};
             CREATE TYPE e.{n} AS ENUM ({l}, 'last'{extra});
             CREATE FUNCTION f.{n}({n} text DEFAULT {more}) RETURNS text LANGUAGE sql AS {body};
             COMMENT ON FUNCTION f.{n}(text) IS {more};
             CREATE VIEW v.{n} AS SELECT u AS {n}, {more}::text AS c FROM s.{n};
             CREATE FOREIGN TABLE f.t{at} (a integer OPTIONS ({o} {more})) SERVER w OPTIONS ({o} {l});",
            // Without the one sign that no option's name may hold, and the word by which its value is a secret.
            o = n.replace('=', "-").replace("secret", "plain"),
            extra = if is_second { ", 'added'" } else { "" },
            body = literal(&format!("SELECT {more}::text -- {}", name.replace(['\n', '\r'], " "))),
        );
    }
    sql
}

fn ran(folder: &Path, words: &[&str]) -> Ran {
    run(&mut driftglass(folder, words))
}

/// What of two snapshots is not the same.
fn apart(found: &Snapshot, wanted: &Snapshot) -> Vec<ObjectId> {
    let ids = found.objects.keys().chain(wanted.objects.keys());
    let bodies = |snapshot: &Snapshot, id: &ObjectId| {
        snapshot.objects.get(id).map(|object| (object.body.clone(), object.comment.clone()))
    };
    let mut apart: Vec<ObjectId> =
        ids.filter(|id| bodies(found, id) != bodies(wanted, id)).cloned().collect();
    apart.dedup();
    apart
}

/// A folder with `a.json` and `b.json`, and both snapshots.
fn snapshots(folder: &Path) -> [Snapshot; 2] {
    ["a", "b"].map(|name| {
        let database = Database::new("");
        database.try_execute(&sql(name == "b")).unwrap();
        let snapshot = database.snapshot();
        let text = snapshot.to_json();
        assert_eq!(Snapshot::from_json(text.as_bytes()).unwrap(), snapshot, "it is read as it was written");
        fs::write(folder.join(format!("{name}.json")), text).unwrap();
        snapshot
    })
}

#[test]
fn plans_make_change_and_drop_them() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = snapshots(folder.path());
    assert!(a.objects.len() > names().len() * 15, "{}", a.objects.len());
    let nothing = Database::new("").snapshot();
    let database = Database::new("");
    let go = |words: &[&str], wanted: &Snapshot| {
        let plan = ran(folder.path(), &[&["plan", "--exact", "--role", "postgres"], words].concat());
        assert_eq!(plan.status, 0, "{words:?}: {}", plan.stderr);
        if let Err(refused) = database.try_execute(&plan.stdout) {
            panic!("{words:?}: {}", refused.chars().take(2000).collect::<String>());
        }
        assert_eq!(apart(&database.snapshot(), wanted), [], "{words:?}");
    };
    go(&["empty:", "a.json"], &a);
    go(&["a.json", "b.json"], &b);
    go(&["a.json", "b.json", "--down"], &a);
    go(&["a.json", "b.json", "--online"], &b);
    go(&["empty:", "b.json", "--down"], &nothing);
    go(&["empty:", "b.json", "--online"], &b);
}

#[test]
fn alembic_makes_and_changes_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |case: &str, old: &str, new: &str| -> PathBuf {
        let path = folder.path().join(case);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("old.sql"), old).unwrap();
        fs::write(path.join("new.sql"), new).unwrap();
        path
    };
    let cases = [write("made", "", &sql(false)), write("changed", &sql(false), &sql(true))];
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    for outcome in try_all(&cases, &work) {
        assert_eq!(outcome.wrong, None, "{}", outcome.name);
        assert!(outcome.is_moved, "{}", outcome.name);
    }
    assert_eq!(scripts_in(&work).len(), 2);
}

#[test]
fn a_terminal_obeys_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let [a, _] = snapshots(folder.path());
    let database = Database::new("");
    database.try_execute(&sql(false)).unwrap();
    let url = database.url();
    let mut told: Vec<(String, Ran)> = Vec::new();
    for words in [
        &["diff", "a.json", "b.json", "--verbose"][..],
        &["diff", &url, "b.json"],
        &["diff", "a.json", "b.json", "--format", "github"],
        &["lint", "a.json"],
        &["compare", "a.json", "b.json", &url],
        &["snapshot", &url, "-o", "c.json"],
        &["plan", "a.json", "b.json", "--format", "alembic", "-o", "a.py"],
        &["check", "--db", &url, "--models", "b.json"],
    ] {
        told.push((words.join(" "), ran(folder.path(), words)));
    }
    // What fails repeats names too: of a file, of a table, of a database, of what a server says of one.
    for name in names() {
        fs::write(folder.path().join("a.sql"), format!("SELECT {};", ident(&name))).unwrap();
        told.push((name.clone(), ran(folder.path(), &["snapshot", "sql:a.sql"])));
        told.push((
            name.clone(),
            ran(folder.path(), &["diff", "a.json", "b.json", &format!("--table={name}")]),
        ));
        told.push((name.clone(), ran(folder.path(), &["snapshot", &format!("./{name}.json")])));
    }
    for (what, ran) in &told {
        for text in [&ran.stdout, &ran.stderr] {
            let obeyed = text.chars().find(|c| (c.is_control() && !"\n\t".contains(*c)) || *c == '\u{202e}');
            assert_eq!(obeyed, None, "{what:?}: {text}");
            let forged = text
                .lines()
                .find(|line| ["error: forged", "::error::forged"].iter().any(|it| line.starts_with(it)));
            assert_eq!(forged, None, "{what:?}: {text}");
        }
    }
    assert!(a.objects.len() > 1000 && told.len() > 200);
}

/// Names that only roles have reason to be called: everybody, and whoever runs the statement.
const ROLES: [&str; 5] = ["PUBLIC", "current_user", "CURRENT_ROLE", "session_user", "ALL"];

/// Every role as an owner, in grants of tables, columns and schemas, in policies, default privileges and user mappings.
fn roles_sql(roles: &[String], is_second: bool) -> String {
    let mut sql = "CREATE SCHEMA s; CREATE SCHEMA other;
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER w FOREIGN DATA WRAPPER w;\n"
        .to_owned();
    for (at, role) in roles.iter().enumerate() {
        let (r, l) = (ident(role), literal(role));
        let (more, to, from) = match is_second {
            false => ("SELECT", format!("{r}, postgres"), "s"),
            true => ("INSERT, UPDATE", r.clone(), "other"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            sql,
            "CREATE TABLE s.o{at} (a integer); ALTER TABLE s.o{at} OWNER TO {r};
             CREATE SCHEMA h{at} AUTHORIZATION {r};
             CREATE TABLE s.t{at} (a integer, b integer);
             GRANT {more} ON s.t{at} TO {r} WITH GRANT OPTION; GRANT REFERENCES (b) ON s.t{at} TO {r};
             GRANT USAGE ON SCHEMA s TO {r};
             CREATE POLICY p ON s.t{at} TO {to} USING (a > 0);
             ALTER DEFAULT PRIVILEGES FOR ROLE {r} IN SCHEMA {from} GRANT SELECT ON TABLES TO {r};
             CREATE USER MAPPING FOR {r} SERVER w OPTIONS (\"user\" {l});"
        );
    }
    sql
}

#[test]
fn roles_own_and_may_what_they_should() {
    let folder = tempfile::tempdir().unwrap();
    // Roles belong to the whole server.
    let own = crate::faults::OwnServer::start();
    let roles: Vec<String> = names().into_iter().chain(ROLES.map(str::to_owned)).collect();
    for role in &roles {
        own.execute(&[&format!("CREATE ROLE {}", ident(role))]);
    }
    let load = |database: &str, sql: &str| {
        fs::write(folder.path().join("load.sql"), sql).unwrap();
        let ran = run(own.psql(database).arg("-f").arg(folder.path().join("load.sql")));
        assert_eq!(ran.status, 0, "{}", ran.stderr.chars().take(2000).collect::<String>());
    };
    let objects = |database: &str| {
        let url = own.server.url(database);
        let ran =
            ran(folder.path(), &["snapshot", &url, "-o", &format!("{database}.json"), "--no-provenance"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let read = fs::read(folder.path().join(format!("{database}.json"))).unwrap();
        Snapshot::from_json(&read).unwrap().objects
    };
    for name in ["a", "b", "made", "none"] {
        own.execute(&[&format!("CREATE DATABASE {name}")]);
    }
    load("a", &roles_sql(&roles, false));
    load("b", &roles_sql(&roles, true));
    let (a, b, none) = (objects("a"), objects("b"), objects("none"));
    for (words, wanted) in [
        (&["none.json", "a.json"][..], &a),
        (&["a.json", "b.json"], &b),
        (&["a.json", "b.json", "--down"], &a),
        (&["a.json", "b.json", "--online"], &b),
        (&["none.json", "b.json", "--down"], &none),
    ] {
        let plan = ran(folder.path(), &[&["plan", "--exact", "--role", "postgres"], words].concat());
        assert_eq!(plan.status, 0, "{words:?}: {}", plan.stderr);
        load("made", &plan.stdout);
        let made = objects("made");
        let apart: Vec<_> = made
            .keys()
            .chain(wanted.keys())
            .filter(|id| {
                let told = |object: &diff_core::Object| {
                    (object.body.clone(), object.owner.clone(), object.grants.clone())
                };
                made.get(*id).map(told) != wanted.get(*id).map(told)
            })
            .collect();
        assert!(apart.is_empty(), "{words:?}: {apart:?}");
    }
    let told = ran(folder.path(), &["diff", "a.json", "b.json", "--verbose"]);
    assert_eq!(told.status, 1, "{}", told.stderr);
    let obeyed = told.stdout.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    assert_eq!(obeyed, None, "{}", told.stdout);
}
