//! The command `plan`: tried there and back, renames, a whole schema from nothing, and what goes wrong.

use std::fs;
use std::path::Path;

use tests::{Database, Ran, driftglass, major, root, run};

fn plan(folder: &Path, words: &[&str]) -> Ran {
    run(&mut driftglass(folder, &[&["plan"], words].concat()))
}

/// A folder with `a.sql` and `b.sql`.
fn pair(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.sql"), old).unwrap();
    fs::write(folder.path().join("b.sql"), new).unwrap();
    folder
}

#[test]
fn the_shop_is_brought_to_its_models_and_back() {
    let words = ["snapshots/production.json", "snapshots/models.json", "--verify"];
    let ran = plan(&root(), &words);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    for said in [
        "the plan arrives, and so does the way back.",
        "ALTER TABLE public.cart_items ALTER COLUMN id TYPE bigint;\n--   locks: ACCESS EXCLUSIVE on public.cart_items\n--   rewrites public.cart_items\n",
        "ALTER TYPE billing.payment_method ADD VALUE 'wallet';\n\nBEGIN;",
        "-- The rows or values of these tables are lost: public.orders_backup_20260314.",
    ] {
        assert!(ran.stdout.contains(said), "{said}\nis not in\n{}", ran.stdout);
    }
    let down = plan(&root(), &[&words[..], &["--down"]].concat());
    assert!(down.status == 0 && down.stdout.contains("ALTER COLUMN id TYPE integer"), "{}", down.stdout);
}

#[test]
fn a_schema_is_rebuilt_from_its_file() {
    let ran = plan(&root(), &["empty:", "snapshots/production.json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let database = Database::new("");
    for role in ["shop_app", "shop_readonly"] {
        let make =
            format!("CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL");
        database.execute(&format!("DO $$ BEGIN {make}; END $$"));
    }
    database.try_execute(&ran.stdout).unwrap();
    let url = database.url();
    let mut words = vec!["snapshots/production.json", &url];
    if major() < 15 {
        // Whose the schema public is, and who may create in it, was another matter then.
        words.extend(["--ignore", "schema:public#owner", "--ignore", "schema:public#grants"]);
    }
    let same = run(&mut driftglass(&root(), &[&["diff"], &words[..]].concat()));
    assert_eq!(same.status, 0, "{}", same.stdout);
    let nothing = plan(&root(), &words);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (0, "-- Nothing to do.\n"));
}

#[test]
fn renames_keep_rows() {
    let folder = pair(
        "CREATE TABLE public.users (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, email text UNIQUE CHECK (email <> ''));
         CREATE TABLE public.posts (user_id integer REFERENCES public.users);
         CREATE VIEW public.v AS SELECT users.email FROM public.users;",
        "CREATE TABLE public.people (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, mail text UNIQUE CHECK (mail <> ''));
         CREATE TABLE public.posts (user_id integer REFERENCES public.people);
         CREATE VIEW public.v AS SELECT people.mail AS email FROM public.people;",
    );
    let words = ["sql:a.sql", "sql:b.sql"];
    let unasked = plan(folder.path(), &words);
    assert!(
        unasked.stdout.contains("-- Was it renamed? Then --rename table:public.users=people"),
        "{}",
        unasked.stdout
    );
    assert!(unasked.stdout.contains("DROP TABLE public.users;"), "{}", unasked.stdout);
    let renames =
        ["--rename", "table:public.users=people", "--rename", "column:public.users.email=mail", "--verify"];
    let asked = plan(folder.path(), &[&words[..], &renames].concat());
    assert_eq!(asked.status, 0, "{}", asked.stderr);
    assert!(asked.stdout.contains("ALTER TABLE public.users RENAME TO people;"), "{}", asked.stdout);
    assert!(!asked.stdout.contains("DROP") && !asked.stdout.contains("CREATE TABLE"), "{}", asked.stdout);
    for (rename, reason) in [
        ("table:public.nobody=people", "rename of table:public.nobody: old has no such object"),
        ("table:public.users=nobody", "rename to table:public.nobody: new has no such object"),
        ("users=people", "object id \"users\" has no kind in front"),
    ] {
        let ran = plan(folder.path(), &[&words[..], &["--rename", rename]].concat());
        assert!(ran.status == 2 && ran.stderr.contains(reason), "{rename}: {}", ran.stderr);
    }
}

#[test]
fn a_plan_that_fails_is_told_before_it_does_harm() {
    let folder = pair(
        "CREATE TABLE public.t (a integer, b integer); CREATE VIEW public.v AS SELECT b FROM public.t;",
        "CREATE TABLE public.t (a integer);",
    );
    let ran = plan(folder.path(), &["sql:a.sql", "sql:b.sql", "--ignore", "view:*", "--verify"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: the plan fails: column ") && ran.stderr.contains(" does not exist"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("-- view:public.v needs column:public.t.b, which goes"), "{}", ran.stdout);
}

#[test]
fn diff_prints_the_same_sql() {
    let folder = pair("CREATE TABLE public.t (a integer);", "CREATE TABLE public.t (a bigint);");
    let words = ["sql:a.sql", "sql:b.sql"];
    let sql = plan(folder.path(), &words).stdout;
    assert_eq!(sql, "BEGIN;\nALTER TABLE public.t ALTER COLUMN a TYPE bigint;\nCOMMIT;\n");
    let ran = run(&mut driftglass(folder.path(), &["diff", words[0], words[1], "--format", "sql"]));
    assert_eq!((ran.status, ran.stdout), (1, sql));
}
