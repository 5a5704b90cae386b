//! Why differences are there: real Alembic on real databases, each cause made and read again.

use std::fs;
use std::path::Path;

use diff_core::Snapshot;
use serde_json::Value;
use tests::{Database, Ran, driftglass, psql, python, root, run};

/// The environment that has Alembic and psycopg.
const ENVIRONMENT: &str = "alembic";

/// A copy of the project, which a test may change.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/causes/project"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn sqlalchemy_url(url: &str) -> String {
    url.replacen("postgresql://", "postgresql+psycopg://", 1)
}

#[track_caller]
fn upgrade(folder: &Path, database: &Database, revision: &str) {
    let mut command = std::process::Command::new(python(ENVIRONMENT));
    command.args(["-m", "alembic", "upgrade", revision]).current_dir(folder);
    command.env("SHOP_DATABASE_URL", sqlalchemy_url(&database.url())).env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = run(&mut command);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

fn command(folder: &Path, words: &[&str]) -> Ran {
    let interpreter = python(ENVIRONMENT);
    let python = ["--python", interpreter.to_str().unwrap()];
    run(&mut driftglass(folder, &[words, &python[..]].concat()))
}

fn check(folder: &Path, database: &Database, words: &[&str]) -> Ran {
    let own = ["check", "--models", "models", "--db", &database.url()];
    command(folder, &[&own[..], words].concat())
}

/// The report as data: what it says of causes, and `name: cause cause` of each entry.
#[track_caller]
fn causes(folder: &Path, database: &Database, words: &[&str]) -> (Value, Vec<String>) {
    let ran = check(folder, database, &[&["--format", "json"], words].concat());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let line = |entry: &Value| {
        let causes = entry["causes"].as_array().into_iter().flatten().map(|cause| cause.as_str().unwrap());
        let id = entry["id"].as_str().unwrap();
        format!("{}: {}", id.rsplit('.').next().unwrap(), causes.collect::<Vec<_>>().join(" "))
    };
    (report["causes"].clone(), report["entries"].as_array().unwrap().iter().map(line).collect())
}

const BEHIND: [&str; 4] =
    ["coupons: not_applied", "nickname: migration_missing", "phone: not_applied", "total: not_applied"];

/// Python that no server answers.
const CUT: &str = "import socket\ndef no(*_): raise OSError('no way')\nsocket.socket.connect = no";

#[test]
fn each_cause_is_told_apart() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    database.execute("CREATE INDEX by_hand ON orders (total); ALTER TABLE orders ALTER status DROP NOT NULL");
    let ran = check(folder.path(), &database, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let example = fs::read_to_string(root().join("docs/causes.md")).unwrap();
    for part in [
        "  The database is at b2e7, 1 migration behind c3d9.\n     1 × migration missing\n",
        "     3 × migration not applied (c3d9_coupons)\n         → run `alembic upgrade head`\n",
        "     2 × changed by hand\n         → take the change into the models and a migration, or undo it\n",
        "  ▲ + public.coupons  2 columns, 1 primary key\n      models.py:24 · migration not applied\n",
        "  ▲ + public.customers.nickname  text\n      models.py:12 · migration missing\n",
        "  · − public.orders.by_hand  USING btree (total)\n      models.py:15 · changed by hand\n",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
        let indented: String = part.lines().map(|line| format!("    {line}\n")).collect();
        assert!(example.contains(&indented), "docs/causes.md: {part}");
    }
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert_eq!(entries[..4], BEHIND);
    assert_eq!(entries[4..], ["status: by_hand", "by_hand: by_hand"]);
    assert_eq!(told["found"][1]["revisions"][0], "c3d9_coupons");
    assert_eq!(told["pending"][0]["file"], "migrations/versions/c3d9_coupons.py");
    // Nothing of it is in the database, and the files are as they were.
    assert_eq!(psql(database.name(), &["SELECT version_num FROM alembic_version"], &[]).trim(), "b2e7");
    assert!(!folder.path().join("migrations/__pycache__").exists());

    // After each next step its cause is gone.
    upgrade(folder.path(), &database, "head");
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert_eq!(entries, ["nickname: migration_missing", "status: by_hand", "by_hand: by_hand"]);
    assert_eq!(told["standing"], "The database is at c3d9, the end of the migrations.");
}

#[test]
fn a_revision_that_is_not_there_is_told() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "head");
    database.execute("UPDATE alembic_version SET version_num = 'feed'; ALTER TABLE customers DROP phone");
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert_eq!(entries, ["nickname: migration_missing", "phone: unknown_revision"]);
    assert_eq!(told["standing"], "The database is at feed, which is none of the 3 migrations.");
    assert_eq!(told["unknown"][0], "feed");
}

#[test]
fn a_database_without_books_is_told_so() {
    let (folder, database) = (project(), Database::new("CREATE TABLE customers (id serial PRIMARY KEY)"));
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert!(entries.contains(&"orders: unrecorded".to_owned()), "{entries:?}");
    assert!(told["standing"].as_str().unwrap().contains("keeps no record"), "{told}");
    // A new one has simply had none of them.
    let (_, entries) = causes(folder.path(), &Database::new(""), &[]);
    assert_eq!(entries[2], "orders: not_applied");
}

#[test]
fn no_other_database_is_reached() {
    let (folder, database, other) = (project(), Database::new(""), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    let url = format!("SHOP_DATABASE_URL={}", sqlalchemy_url(&other.url()));
    let (_, entries) = causes(folder.path(), &database, &["--setenv", &url]);
    assert_eq!(entries, BEHIND);
    assert!(other.snapshot().source.ledgers.is_empty());
    // What is no PostgreSQL is not written to either.
    let ran = check(folder.path(), &database, &["--setenv", "SHOP_DATABASE_URL=sqlite:///own.db"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("not fully told: env.py connects to something else"), "{}", ran.stdout);
    assert!(fs::read(folder.path().join("own.db")).is_ok_and(|bytes| bytes.is_empty()));
    let without = ["--setenv", "SHOP_DATABASE_URL=sqlite:///own.db", "--init", CUT];
    let ran = check(folder.path(), &database, &without);
    assert!(ran.stdout.contains("not fully told: env.py asks for sqlite"), "{}", ran.stdout);
}

#[test]
fn python_that_cannot_reach_the_shadow_writes_sql() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    let (_, entries) = causes(folder.path(), &database, &["--init", CUT]);
    assert_eq!(entries, BEHIND);
    let ran = check(folder.path(), &database, &["--init", CUT]);
    assert!(ran.stdout.contains("cannot reach the shadow database: no way"), "{}", ran.stdout);
}

#[test]
fn an_asynchronous_env_runs() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    copy(&root().join("tests/causes/async"), &folder.path().join("migrations"));
    let (_, entries) = causes(folder.path(), &database, &[]);
    assert_eq!(entries, BEHIND);
}

#[test]
fn the_books_may_lie_elsewhere_and_have_a_name_of_their_own() {
    let (folder, database) = (project(), Database::new(""));
    copy(&root().join("tests/causes/schemas"), &folder.path().join("migrations"));
    upgrade(folder.path(), &database, "b2e7");
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert_eq!((entries, told["at"][0].as_str()), (BEHIND.map(str::to_owned).to_vec(), Some("b2e7")));
}

#[test]
fn what_migrations_take_for_granted_is_given() {
    let (folder, database) = (project(), Database::new("CREATE EXTENSION citext; CREATE SCHEMA audit"));
    psql("postgres", &["DROP ROLE IF EXISTS causes_app", "CREATE ROLE causes_app"], &[]);
    database.execute("GRANT USAGE ON SCHEMA audit TO causes_app");
    let granted = "    op.execute('CREATE TABLE audit.log (who citext)')\n    op.execute('GRANT SELECT ON audit.log TO causes_app')\n";
    let file = folder.path().join("migrations/versions/c3d9_coupons.py");
    let text =
        fs::read_to_string(&file).unwrap().replace("def downgrade", &format!("{granted}\n\ndef downgrade"));
    fs::write(&file, text.replace("\n\n\n    op.execute", "\n    op.execute")).unwrap();
    upgrade(folder.path(), &database, "head");
    let (_, entries) = causes(folder.path(), &database, &[]);
    psql(database.name(), &["DROP OWNED BY causes_app", "DROP ROLE causes_app"], &[]);
    assert_eq!(entries, ["nickname: migration_missing"]);
}

#[test]
fn what_cannot_be_built_is_named_and_stops_nothing() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "head");
    let file = folder.path().join("migrations/versions/b2e7_status.py");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"orders\"", "\"gone\"")).unwrap();
    let ran = check(folder.path(), &database, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let said: String = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("revision b2e7 cannot be applied (migrations/versions/b2e7_status.py:10)"),
        "{said}"
    );
    assert!(said.contains("relation \"gone\" does not exist"), "{said}");
    let ran = command(folder.path(), &["snapshot", "alembic:alembic.ini"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("b2e7_status.py:10"), "{}", ran.stderr);
    let ran = check(folder.path(), &database, &["--no-migrations"]);
    assert!(ran.status == 1 && !ran.stdout.contains("b2e7_status"), "{}", ran.stdout);
}

#[test]
fn built_once_they_can_be_shared() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "head");
    database.execute("CREATE INDEX by_hand ON orders (total)");
    let ran = command(folder.path(), &["snapshot", "alembic:migrations", "-o", "built.json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let built = Snapshot::from_json(&fs::read(folder.path().join("built.json")).unwrap()).unwrap();
    assert_eq!((built.source.kind.as_str(), built.source.history.len()), ("migrations", 3));
    let (_, entries) = causes(folder.path(), &database, &["--migrations", "built.json"]);
    assert_eq!(entries, ["nickname: migration_missing", "by_hand: by_hand"]);
    let own = ["snapshot", "alembic:migrations", "--up-to", "b2e7", "-o", "own.json"];
    assert_eq!(command(folder.path(), &own).status, 0);
    let own = Snapshot::from_json(&fs::read(folder.path().join("own.json")).unwrap()).unwrap();
    assert_eq!(own.source.history.last().unwrap().id, "b2e7");
}

#[test]
fn a_page_has_what_the_database_s_own_revision_builds() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    let words = ["view", &database.url(), "models:models", "alembic:alembic.ini", "--html", "page.html"];
    let ran = command(folder.path(), &words);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    for name in ["alembic.ini (Alembic", "alembic.ini up to b2e7 (Alembic"] {
        assert!(page.contains(name), "{name}");
    }
}

#[test]
fn two_heads_are_built_and_named() {
    let (folder, database) = (project(), Database::new(""));
    upgrade(folder.path(), &database, "b2e7");
    let other = "from alembic import op\nrevision = 'd4'\ndown_revision = 'a1f0'\n\n\ndef upgrade():\n    \
                 op.execute('ALTER TABLE customers ADD nickname text')\n";
    fs::write(folder.path().join("migrations/versions/d4_nickname.py"), other).unwrap();
    let (told, entries) = causes(folder.path(), &database, &[]);
    assert!(entries.iter().all(|entry| entry.ends_with(": not_applied")), "{entries:?}");
    assert!(told["standing"].as_str().unwrap().contains("several heads"), "{told}");
    assert_eq!(told["found"][0]["next"], "run `alembic upgrade heads`");
}

/// The four causes with a tool that runs SQL files: its books, and what it writes into them. The database has had the
/// first two of three files, and a column by hand.
#[track_caller]
fn sql_files(names: [&str; 3], books: &str, unknown: &str, next: &str) {
    let folder = tempfile::tempdir().unwrap();
    let steps = ["CREATE TABLE t (a int);", "ALTER TABLE t ADD b int;", "ALTER TABLE t ADD c int;"];
    let migrations = folder.path().join("sql");
    fs::create_dir(&migrations).unwrap();
    for (name, step) in names.iter().zip(steps) {
        let back = if name.contains(".up.") { "" } else { "\n-- migrate:down\nDROP TABLE t;\n" };
        fs::write(migrations.join(name), format!("{step}{back}")).unwrap();
        fs::write(migrations.join(name.replace(".up.", ".down.")).with_extension("down.sql"), "DROP TABLE t")
            .unwrap();
    }
    let text = "from sqlalchemy import Column, Integer, MetaData, Table\nmetadata = MetaData()\nt = Table('t', metadata, \
                *[Column(n, Integer) for n in 'abcd'])\n";
    fs::write(folder.path().join("models.py"), text).unwrap();
    let database = Database::new(&format!("{}{}{books}ALTER TABLE t ADD x int;", steps[0], steps[1]));
    let (told, entries) = causes(folder.path(), &database, &["--migrations", "sql"]);
    assert_eq!(entries, ["c: not_applied", "d: migration_missing", "x: by_hand"], "{told}");
    assert_eq!(told["found"][1]["next"], next, "{told}");
    assert!(told["standing"].as_str().unwrap().contains("1 migration behind"), "{told}");
    database.execute(unknown);
    let (told, entries) = causes(folder.path(), &database, &["--migrations", "sql:sql"]);
    assert_eq!(entries, ["c: unknown_revision", "d: migration_missing", "x: unknown_revision"], "{told}");
}

#[test]
fn flyway_s_books_are_read() {
    sql_files(
        ["V1__a.sql", "V1_1__b.sql", "V10__c.sql"],
        "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description text,
             type varchar(20), script text, success boolean);
         INSERT INTO flyway_schema_history VALUES (1, '1', 'a', 'SQL', 'V1__a.sql', true),
             (2, '1.1', 'b', 'SQL', 'V1_1__b.sql', true), (3, NULL, 'r', 'SQL', 'R__r.sql', true),
             (4, '10', 'c', 'SQL', 'V10__c.sql', false);",
        "INSERT INTO flyway_schema_history VALUES (5, '11', 'd', 'SQL', 'V11__d.sql', true)",
        "run `flyway migrate`",
    );
}

#[test]
fn golang_migrate_s_books_are_read() {
    sql_files(
        ["0001_a.up.sql", "0002_b.up.sql", "0010_c.up.sql"],
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
         INSERT INTO schema_migrations VALUES (2, false);",
        "UPDATE schema_migrations SET version = 7",
        "run `migrate up`",
    );
}

#[test]
fn plain_books_of_versions_are_read() {
    sql_files(
        ["20240101_a.sql", "20240202_b.sql", "20240303_c.sql"],
        "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
         INSERT INTO schema_migrations VALUES ('20240101'), ('20240202');",
        "INSERT INTO schema_migrations VALUES ('20250101')",
        "run the migrations",
    );
}

#[test]
fn django_s_books_are_read() {
    sql_files(
        ["shop.0001_a.sql", "shop.0002_b.sql", "shop.0003_c.sql"],
        "CREATE TABLE django_migrations (id bigint PRIMARY KEY, app varchar(255), name varchar(255), applied timestamptz);
         INSERT INTO django_migrations VALUES (1, 'auth', '0001_initial', now()), (2, 'shop', '0001_a', now()),
             (3, 'shop', '0002_b', now());",
        "INSERT INTO django_migrations VALUES (4, 'shop', '0009_gone', now())",
        "run `python manage.py migrate`",
    );
}

#[test]
fn a_table_of_a_ledger_s_name_alone_is_none() {
    let database =
        Database::new("CREATE TABLE schema_migrations (note text); CREATE TABLE alembic_version (a int)");
    assert_eq!(database.snapshot().source.ledgers, []);
}
