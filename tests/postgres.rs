//! Reading a live database: the same catalog gives the same bytes, and nothing else is touched.

use diff_core::{Body, Kind};
use tests::{Database, driftglass, major, psql, root, run, server_url};

const SHOP: [&str; 2] = ["tests/shop/sql/base.sql", "tests/shop/sql/production.sql"];

fn shop() -> Database {
    Database::of_files(&SHOP.map(|file| root().join(file)))
}

#[test]
fn two_snapshots_of_one_database_are_the_same_bytes() {
    let shop = shop();
    let take =
        |words: &[&str]| run(&mut driftglass(&root(), &[&["snapshot", &shop.url()], words].concat())).stdout;
    assert_eq!(take(&["--no-provenance"]), take(&["--no-provenance"]));
    let objects = |text: &str| text[text.find("\"digest\"").unwrap()..].to_owned();
    assert_eq!(objects(&take(&[])), objects(&take(&[])));
    assert!(take(&[]).contains("\"taken_at\""));
    assert!(!take(&["--no-provenance"]).contains("taken_at"));
}

#[test]
fn what_an_extension_owns_is_not_the_users() {
    let plain = Database::new("CREATE EXTENSION citext; CREATE TABLE t (a citext)").snapshot();
    let extra: Vec<_> = plain
        .objects
        .keys()
        .filter(|id| !matches!(id.kind(), Kind::Schema | Kind::Extension | Kind::Table | Kind::Column))
        .collect();
    assert!(extra.is_empty(), "{extra:?}");
}

#[test]
fn dependencies_are_recorded() {
    let snapshot = Database::new(
        "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (id int PRIMARY KEY, m mood);
         CREATE VIEW v AS SELECT m FROM t; CREATE TABLE u (t_id int REFERENCES t)",
    )
    .snapshot();
    let needs = |id: &str| {
        let object = &snapshot.objects[&id.parse().unwrap()];
        object.depends_on.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(needs("column:public.t.m"), ["enum:public.mood"]);
    assert_eq!(needs("view:public.v"), ["enum:public.mood", "column:public.t.m"]);
    assert_eq!(
        needs("foreign_key:public.u.u_t_id_fkey"),
        ["column:public.t.id", "primary_key:public.t.t_pkey", "column:public.u.t_id"]
    );
}

#[test]
fn ledgers_are_read_and_user_tables_are_not() {
    let database = Database::new(
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('1a2b');
         CREATE TABLE secret (a text); INSERT INTO secret VALUES ('planted'); SELECT pg_stat_reset()",
    );
    // Older servers count when they come to it.
    if major() >= 15 {
        database.execute("SELECT pg_stat_force_next_flush()");
    }
    let snapshot = database.snapshot();
    assert_eq!(snapshot.source.ledgers[0].revisions, ["1a2b"]);
    assert!(!snapshot.to_json().contains("planted"));
    let scans = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname = 'secret'";
    assert_eq!(psql(database.name(), &[scans], &[]).trim(), "0");
}

#[test]
fn estimates_come_with_statistics() {
    let database = Database::new("CREATE TABLE t AS SELECT 1 AS a FROM generate_series(1, 1000); ANALYZE");
    let size = database.snapshot().sizes[&"table:public.t".parse().unwrap()];
    assert_eq!(size.rows, 1000);
    assert!(size.bytes > 1000, "{size:?}");
}

#[test]
fn kinds_that_are_not_modelled_are_counted() {
    let snapshot = Database::new("SELECT lo_create(0); SELECT lo_create(0)").snapshot();
    assert_eq!(snapshot.coverage.not_modelled["large objects"], 2);
}

#[test]
fn a_role_that_may_see_nothing_still_reads_the_schema() {
    let database = shop();
    database.execute("CREATE ROLE nobody_special LOGIN");
    let url = database.url().replacen("postgres@", "nobody_special@", 1);
    let ran = run(&mut driftglass(&root(), &["snapshot", &url, "--no-provenance"]));
    database.execute("DROP ROLE nobody_special");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let seen = diff_core::Snapshot::from_json(ran.stdout.as_bytes()).unwrap();
    // All but the ledger's rows, which it may not read.
    assert_eq!(seen.objects, database.snapshot().objects);
    let hidden: Vec<bool> = seen.source.ledgers.iter().map(|ledger| ledger.is_hidden).collect();
    assert_eq!(hidden, [true]);
}

#[test]
fn libpqs_environment_is_enough() {
    let database = Database::new("CREATE TABLE t (a int)");
    let url = server_url("x");
    let value =
        |name: &str| url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)).unwrap().to_owned();
    let mut command = driftglass(&root(), &["snapshot", "db:"]);
    let ran = run(command
        .env("PGHOST", value("host="))
        .env("PGPORT", value("port="))
        .env("PGUSER", "postgres")
        .env("PGDATABASE", database.name()));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("column:public.t.a"));
}

#[test]
fn partitions_hold_only_what_differs_from_the_parent() {
    let snapshot = Database::new(
        "CREATE TABLE t (a int NOT NULL, b text DEFAULT 'x', PRIMARY KEY (a)) PARTITION BY RANGE (a);
         CREATE INDEX ON t (b); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9);
         CREATE INDEX own ON t1 (b, a)",
    )
    .snapshot();
    let below: Vec<String> = snapshot
        .objects
        .keys()
        .filter(|id| id.path().starts_with(&["public".into(), "t1".into()]))
        .map(ToString::to_string)
        .collect();
    let expected = [
        "partition:public.t1",
        "index:public.t1.own",
        "index:public.t1.t1_b_idx",
        "primary_key:public.t1.t1_pkey",
    ];
    assert_eq!(below, expected);
    let Body::Partition(partition) = &snapshot.objects[&below[0].parse().unwrap()].body else { panic!() };
    assert_eq!(partition.bound, "FOR VALUES FROM (1) TO (9)");
}
