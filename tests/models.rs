//! Models: extracted by real SQLAlchemy of three generations, compared with real databases.

use std::path::Path;

use serde_json::Value;
use tests::{Database, Ran, driftglass, python, root, run};

fn shop(files: &[&str]) -> Database {
    let files: Vec<_> = files.iter().map(|file| root().join(format!("tests/shop/sql/{file}.sql"))).collect();
    Database::of_files(&files)
}

fn check(database: &Database, words: &[&str]) -> Ran {
    let (python, url) = (python("shop"), database.url());
    let mut command = driftglass(&root(), &["check", "--models", "shop.models", "--path", "tests/shop"]);
    run(command.args(["--db", &url, "--python"]).arg(python).args(words))
}

#[test]
fn models_and_what_their_migrations_built_are_in_sync() {
    let database = shop(&["base"]);
    let ran = check(&database, &[]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("✓ in sync") && ran.stdout.contains("29 in sync"), "{}", ran.stdout);
    assert!(!ran.stderr.contains("finding"), "nothing is looked for unasked: {}", ran.stderr);
    let asked = check(&database, &["--lint"]);
    assert!(asked.status == 0 && asked.stderr.contains("integer-primary-key"), "{}", asked.stderr);
}

#[test]
fn drift_is_told_with_both_values_and_the_models_line() {
    let ran = check(&shop(&["base", "production"]), &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    for expected in [
        "Tables only in models (1)",
        "public.addresses.postal_code type  character varying(10) → character varying(16)",
        "tests/shop/shop/models/customers.py:",
        "brands_name_key → uq_brands_name",
        "The order of columns differs in 1 table: warehouse.suppliers",
        "public.alembic_version: the books of the migrations.",
        "→ Look for duplicates first",
    ] {
        assert!(ran.stdout.contains(expected), "{expected:?} is not in\n{}", ran.stdout);
    }
    // Mere spellings.
    for silent in ["customers.created_at", "customers.locale", "orders.discount", "ck_coupons_kind_is_known"]
    {
        assert!(!ran.stdout.contains(silent), "{silent:?} is in\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains('\x1b'), "a pipe gets no colours");
}

#[test]
fn one_table_or_several_by_pattern() {
    let database = shop(&["base", "production"]);
    let one = check(&database, &["--table", "addresses"]);
    assert_eq!(one.status, 1);
    assert!(
        one.stdout.contains("public.addresses.city") && !one.stdout.contains("billing."),
        "{}",
        one.stdout
    );
    assert!(one.stdout.contains("1 table in database"), "{}", one.stdout);
    let in_sync = check(&database, &["--table", "invoices"]);
    assert_eq!(in_sync.status, 0, "{}", in_sync.stdout);
    let several = check(&database, &["--table", "billing.*,addresses"]);
    assert!(several.stdout.contains("billing.payments") && several.stdout.contains("addresses.city"));
    let unknown = check(&database, &["--table", "adresses"]);
    assert_eq!(
        (unknown.status, unknown.stderr.trim()),
        (2, "error: --table adresses: neither side has such a table")
    );
}

#[test]
fn reports_go_to_files_and_pipes_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let ran = check(&shop(&["base", "dev"]), &["--format", "json", "--output", file.to_str().unwrap()]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), ran.stdout);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["totals"]["differences"], 3);
    assert_eq!(report["entries"][0]["id"], "table:public.wishlists");
    assert_eq!(report["old"]["name"], "database");
}

#[test]
fn ignore_rules_leave_out_and_count() {
    let ran = check(
        &shop(&["base", "dev"]),
        &["--ignore", "wishlists", "--ignore", "column:*.seo_title", "--ignore", "#labels"],
    );
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("that an ignore rule leaves out"), "{}", ran.stdout);
}

/// Every case of `tests/models` that an environment can run equals the database made of the same DDL by
/// `create_all`; that is tested in Python. Here: the command reads each of them.
fn snapshot_of(case: &str, environment: &str, words: &[&str]) -> Ran {
    let folder = root().join("tests/models").join(case);
    let text = std::fs::read(folder.join("case.json")).unwrap();
    let description: Value = serde_json::from_slice(&text).unwrap();
    let targets: Vec<&str> =
        description["targets"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let reference = format!("models:{}", targets.join(","));
    let mut command = driftglass(&folder, &["snapshot", &reference]);
    run(command.arg("--python").arg(python(environment)).args(words))
}

#[test]
fn every_generation_of_sqlalchemy_is_read() {
    for (case, environments) in [
        ("core_tables", &["sa14", "sa20", "sa21"][..]),
        ("declarative20", &["sa20", "sa21"]),
        ("flask_app", &["sa20"]),
        ("sqlmodel_app", &["sa20"]),
    ] {
        for environment in environments {
            let ran = snapshot_of(case, environment, &[]);
            assert_eq!(ran.status, 0, "{case} on {environment}: {}", ran.stderr);
            assert!(ran.stdout.contains("\"origin\""), "{case} on {environment}");
        }
    }
}

#[test]
fn a_statement_that_postgresql_refuses_is_a_finding_with_its_line() {
    let ran = snapshot_of("broken/bad_ddl", "sa20", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("PostgreSQL refuses an index of"), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("warning: "), "{}", ran.stderr);
}

#[test]
fn what_was_refused_is_no_agreement() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "app.py",
        "
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.types import UserDefinedType
class Nonsense(UserDefinedType):
    def get_col_spec(self, **kw): return 'nonsense'
metadata = MetaData()
Table('t', metadata, Column('id', Integer, primary_key=True), Column('n', Nonsense()))
",
    );
    let database = Database::new("CREATE TABLE u (a int)");
    let mut command = driftglass(folder.path(), &["check", "--models", "app", "--db", &database.url()]);
    let ran = run(command.arg("--python").arg(python("sa20")));
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("PostgreSQL refuses table public.t"), "{}", ran.stdout);
    assert!(ran.stdout.contains("public.u") && !ran.stdout.contains("in sync\n"), "{}", ran.stdout);
}

#[test]
fn types_are_given_with_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "app.py",
        "
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects.postgresql import DOMAIN
metadata = MetaData()
Table('t', metadata, Column('id', Integer, primary_key=True),
      Column('d', DOMAIN('positive', Integer, create_type=False)))
",
    );
    let database = Database::new(
        "CREATE FUNCTION is_fine(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
         CREATE DOMAIN positive AS int DEFAULT 7 CHECK (is_fine(VALUE)); COMMENT ON DOMAIN positive IS 'x';
         CREATE TABLE t (id serial PRIMARY KEY, d positive)",
    );
    let mut command = driftglass(folder.path(), &["check", "--models", "app", "--db", &database.url()]);
    let ran = run(command.arg("--python").arg(python("sa20")));
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_import_error_shows_the_users_own_traceback_and_what_to_set() {
    let ran = snapshot_of("broken/import_error", "sa20", &[]);
    assert_eq!(ran.status, 2);
    assert!(!ran.stderr.contains("importlib"), "{}", ran.stderr);
    let ran = snapshot_of("broken/settings", "sa20", &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("--setenv"), "{}", ran.stderr);
}

#[test]
fn the_databases_functions_types_and_extensions_are_given() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "app.py",
        "
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import CITEXT, ENUM
metadata = MetaData()
t = Table('t', metadata, Column('id', Integer, primary_key=True), Column('a', Text),
          Column('mood', ENUM('ok', 'sad', name='mood', create_type=False)), Column('mail', CITEXT))
Index('ix_short', func.shorten(t.c.a))
",
    );
    let database = Database::new(
        "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('ok', 'sad');
         CREATE FUNCTION shorten(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT left($1, 3)';
         CREATE TABLE t (id serial PRIMARY KEY, a text, mood mood, mail citext);
         CREATE INDEX ix_short ON t (shorten(a))",
    );
    let mut command = driftglass(folder.path(), &["check", "--models", "app", "--db", &database.url()]);
    let ran = run(command.arg("--python").arg(python("sa20")));
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn driftglass_toml_holds_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "app.py",
        "
from sqlalchemy import Column, Integer, MetaData, Table
metadata = MetaData()
Table('t', metadata, Column('id', Integer, primary_key=True))
",
    );
    let config = format!(
        "models = 'app'\ndb = 'prod'\npython = {:?}\n[databases]\nprod = '$APP_DATABASE'\n",
        python("sa20").display().to_string()
    );
    write(folder.path(), "driftglass.toml", &config);
    let database = Database::new("CREATE TABLE t (id serial PRIMARY KEY)");
    let ran = run(driftglass(folder.path(), &["check"]).env("APP_DATABASE", database.url()));
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let unset = run(&mut driftglass(folder.path(), &["check"]));
    assert_eq!(unset.status, 2);
    assert!(unset.stderr.contains("APP_DATABASE, which is not set"), "{}", unset.stderr);
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}
