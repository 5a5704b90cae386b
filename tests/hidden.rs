//! What a role may not read is unknown: never absent, and no reason to give up.

use std::collections::BTreeSet;

use diff_core::{Kind, Snapshot};
use tests::{Database, Ran, driftglass, major, psql, python, root, run};

use crate::faults::OwnServer;

/// A database, and a role of its own that may connect and no more.
struct Guest {
    database: Database,
    role: String,
}

impl Guest {
    fn new(sql: &str) -> Self {
        let files = ["tests/shop/sql/base.sql", "tests/shop/sql/production.sql"];
        let database = Database::of_files(&files.map(|file| root().join(file)));
        let role = format!("guest_{}", database.name());
        database.execute(&format!("CREATE ROLE {role} LOGIN"));
        for statement in sql.split(';').filter(|statement| !statement.trim().is_empty()) {
            database.execute(statement);
        }
        Self { database, role }
    }

    fn url(&self) -> String {
        self.database.url().replacen("postgres@", &format!("{}@", self.role), 1)
    }

    fn snapshot(&self) -> (Snapshot, Ran) {
        let ran = run(&mut driftglass(&root(), &["snapshot", &self.url(), "--no-provenance"]));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        (Snapshot::from_json(ran.stdout.as_bytes()).unwrap(), ran)
    }

    /// Asserts that there is no difference to what the superuser sees, there and back.
    #[track_caller]
    fn differs_in_nothing(&self) {
        let (own, all) = (self.url(), self.database.url());
        for sides in [[&own, &all], [&all, &own]] {
            let ran = run(&mut driftglass(&root(), &["diff", sides[0], sides[1]]));
            assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        psql(self.database.name(), &[&format!("DROP OWNED BY {0}; DROP ROLE {0}", self.role)], &[]);
    }
}

const OTHERS: &str = "
    CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
    CREATE PUBLICATION p FOR ALL TABLES;
    CREATE STATISTICS both_of (ndistinct) ON id, email FROM customers;
    CREATE COLLATION \"german\" (locale = 'C');
    CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)";

#[test]
fn a_catalog_that_may_not_be_read_is_unknown() {
    let guest = Guest::new(OTHERS);
    let (all, _) = guest.snapshot();
    assert!(
        all.coverage.hidden.iter().all(|sentence| sentence.contains("alembic_version")),
        "{:?}",
        all.coverage
    );
    for (catalog, kinds, told) in [
        ("pg_subscription", &[Kind::Subscription][..], "subscriptions"),
        ("pg_publication", &[Kind::Publication], "publications"),
        ("pg_event_trigger", &[Kind::EventTrigger], "event triggers"),
        ("pg_statistic_ext", &[Kind::Statistics], "extended statistics"),
        ("pg_policy", &[Kind::Policy], "policies"),
        ("pg_aggregate", &[Kind::Aggregate], "aggregates"),
        (
            "pg_foreign_data_wrapper",
            &[Kind::ForeignDataWrapper, Kind::ForeignServer, Kind::UserMapping],
            "foreign data",
        ),
        (
            "pg_user_mappings",
            &[Kind::ForeignDataWrapper, Kind::ForeignServer, Kind::UserMapping],
            "foreign data",
        ),
        ("pg_default_acl", &[Kind::DefaultPrivileges], "default privileges"),
        ("pg_largeobject_metadata", &[], "other kinds"),
    ] {
        guest.database.execute(&format!("REVOKE SELECT ON pg_catalog.{catalog} FROM PUBLIC"));
        let (seen, ran) = guest.snapshot();
        let unknown: BTreeSet<Kind> = kinds.iter().copied().collect();
        assert!(seen.coverage.unknown_kinds.is_superset(&unknown), "{catalog}: {:?}", seen.coverage);
        let sentence = format!("warning: the role may not read {told}");
        assert!(ran.stderr.contains(&sentence), "{catalog}: {}", ran.stderr);
        assert!(!seen.objects.keys().any(|id| unknown.contains(&id.kind())), "{catalog}");
        let others = |it: &Snapshot| {
            it.objects.keys().filter(|id| !seen.coverage.unknown_kinds.contains(&id.kind())).count()
        };
        assert_eq!(others(&seen), others(&all), "{catalog}");
        guest.differs_in_nothing();
        guest.database.execute(&format!("GRANT SELECT ON pg_catalog.{catalog} TO PUBLIC"));
    }
}

#[test]
fn several_catalogs_are_unknown_at_once() {
    let guest = Guest::new(OTHERS);
    guest
        .database
        .execute("REVOKE SELECT ON pg_catalog.pg_subscription, pg_catalog.pg_publication FROM PUBLIC");
    guest.database.execute("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_get_statisticsobjdef(oid) FROM PUBLIC");
    let (seen, _) = guest.snapshot();
    assert!(
        seen.coverage
            .unknown_kinds
            .is_superset(&[Kind::Subscription, Kind::Publication, Kind::Statistics].into())
    );
    guest.differs_in_nothing();
}

#[test]
fn without_tables_there_is_no_snapshot() {
    let guest = Guest::new("");
    guest.database.execute("REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC");
    let ran = run(&mut driftglass(&root(), &["snapshot", &guest.url()]));
    assert_eq!(ran.status, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("permission denied for table pg_class"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn options_of_others_user_mappings_are_unknown() {
    let guest = Guest::new(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
         CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'a', password 'planted')",
    );
    let (seen, ran) = guest.snapshot();
    assert!(seen.coverage.unknown_kinds.contains(&Kind::UserMapping), "{:?}", seen.coverage);
    assert!(ran.stderr.contains("warning: the options of 1 user mapping are not shown"), "{}", ran.stderr);
    guest.differs_in_nothing();
    // Whoever may use the server sees a mapping of its own.
    guest.database.execute(&format!(
        "DROP USER MAPPING FOR PUBLIC SERVER s; GRANT USAGE ON FOREIGN SERVER s TO {0};
         CREATE USER MAPPING FOR {0} SERVER s OPTIONS (user 'b')",
        guest.role
    ));
    let (seen, _) = guest.snapshot();
    assert!(!seen.coverage.unknown_kinds.contains(&Kind::UserMapping), "{:?}", seen.coverage);
    assert!(seen.of_kind(Kind::UserMapping).next().is_some());
}

#[test]
fn a_ledger_that_may_not_be_read_is_not_an_empty_one() {
    let guest = Guest::new("");
    let told = "the role may not read public.alembic_version, so it is unknown which migrations";
    let (seen, ran) = guest.snapshot();
    assert!(seen.source.ledgers[0].is_hidden && ran.stderr.contains(told), "{}", ran.stderr);
    // The models have no such table, which is no reason to drop it.
    let python = python("shop").display().to_string();
    let words = ["check", "--models", "shop.models", "--path", "tests/shop", "--python", &python, "--db"];
    let ran = run(&mut driftglass(&root(), &[&words[..], &[&guest.url()]].concat()));
    assert!(ran.status == 1 && ran.stdout.contains(told), "{}{}", ran.stdout, ran.stderr);
    assert!(
        !ran.stdout.contains("− alembic_version") && ran.stdout.contains("the books of the migrations"),
        "{}",
        ran.stdout
    );
    // Rows that row security hides are no answer either.
    guest.database.execute(&format!("GRANT SELECT ON alembic_version TO {}", guest.role));
    assert!(!guest.snapshot().0.source.ledgers[0].is_hidden);
    guest.database.execute("ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY");
    assert!(guest.snapshot().0.source.ledgers[0].is_hidden);
}

#[test]
fn a_role_that_may_only_read_is_enough_and_nothing_is_written() {
    let own = OwnServer::start();
    own.execute(&["CREATE DATABASE shop", "CREATE ROLE reader LOGIN"]);
    for file in ["tests/shop/sql/base.sql", "tests/shop/sql/production.sql"] {
        own.load("shop", &root().join(file));
    }
    if major() >= 14 {
        own.execute(&["GRANT pg_read_all_data TO reader"]);
    }
    let url = own.url_of("reader", "shop");
    let python = python("shop").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let models = root().join("tests/shop").display().to_string();
    let run_all = || {
        let words =
            ["check", "--models", "shop.models", "--path", &models, "--python", &python, "--db", &url];
        for (words, status) in
            [(&["snapshot", &url, "-o", "old.json"][..], 0), (&["plan", &url, "old.json"], 0), (&words, 1)]
        {
            let ran = run(&mut driftglass(folder.path(), words));
            assert_eq!(ran.status, status, "{words:?}: {}{}", ran.stdout, ran.stderr);
        }
    };
    // Rows that are read for the first time are marked as such, which is the server's own doing.
    run_all();
    own.ask("shop", "VACUUM");
    own.ask("shop", "CHECKPOINT");
    let state =
        || own.ask("shop", "SELECT pg_snapshot_xmax(pg_current_snapshot()), pg_current_wal_insert_lsn()");
    let before = state();
    run_all();
    assert_eq!(state(), before, "transactions or log were written");
    own.ask("shop", "CREATE TABLE t (a int)");
    assert_ne!(state(), before, "what is written is seen");
}
