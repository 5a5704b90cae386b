//! A schema that changes while it is read: each snapshot is of one state that somebody committed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diff_core::{Object, ObjectId, Snapshot};
use snapshot::{Error, Options, Reference};
use tests::{Database, server_url};
use tokio_postgres::{Client, NoTls};

type Objects = BTreeMap<ObjectId, Object>;

/// What a schema is in two states, and the ways between them. All names change, and what is printed with them.
const MADE: &str = "
    CREATE SCHEMA {s};
    CREATE TYPE {s}.mood AS ENUM ('ok', 'sad');
    CREATE FUNCTION {s}.half(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n / 2';
    CREATE TABLE {s}.items (id integer PRIMARY KEY, title text, mood {s}.mood DEFAULT 'ok',
                            size integer DEFAULT {s}.half(4) CONSTRAINT sane CHECK (size > 0));
    CREATE INDEX items_title ON {s}.items (lower(title));
    CREATE VIEW {s}.listed AS SELECT i.title, i.mood FROM {s}.items i WHERE i.mood = 'ok';
    CREATE FUNCTION {s}.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER touched BEFORE UPDATE OF title ON {s}.items FOR EACH ROW EXECUTE FUNCTION {s}.touch()";
const THERE: &str = "BEGIN;
    ALTER TABLE {s}.items RENAME TO things; ALTER TABLE {s}.things RENAME title TO name;
    ALTER TYPE {s}.mood RENAME TO humour; ALTER TYPE {s}.humour RENAME VALUE 'ok' TO 'fine';
    ALTER FUNCTION {s}.half RENAME TO part; ALTER VIEW {s}.listed RENAME TO shown;
    DROP TRIGGER touched ON {s}.things; ALTER INDEX {s}.items_title RENAME TO things_name; COMMIT";
const BACK: &str = "BEGIN;
    ALTER TABLE {s}.things RENAME TO items; ALTER TABLE {s}.items RENAME name TO title;
    ALTER TYPE {s}.humour RENAME TO mood; ALTER TYPE {s}.mood RENAME VALUE 'fine' TO 'ok';
    ALTER FUNCTION {s}.part RENAME TO half; ALTER VIEW {s}.shown RENAME TO listed;
    ALTER INDEX {s}.things_name RENAME TO items_title;
    CREATE TRIGGER touched BEFORE UPDATE OF title ON {s}.items FOR EACH ROW EXECUTE FUNCTION {s}.touch(); COMMIT";

const SCHEMAS: [&str; 2] = ["one", "two"];
const SNAPSHOTS: usize = 50;

async fn connect(database: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(&server_url(database), NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn read(database: &Database) -> Result<Snapshot, Error> {
    runtime().block_on(snapshot::read(&Reference::Database(Some(database.url())), &Options::default()))
}

fn within(snapshot: &Snapshot, schema: &str) -> Objects {
    let own = snapshot.objects.iter().filter(|(id, _)| id.path().first().is_some_and(|name| name == schema));
    own.map(|(id, object)| (id.clone(), object.clone())).collect()
}

/// Runs `statements` in turn until `stop`, and then as often as it takes to have run all of them.
fn write(database: &str, statements: &[String], pause: Duration, stop: &AtomicBool, commits: &AtomicU64) {
    runtime().block_on(async {
        let client = connect(database).await;
        while !stop.load(Ordering::Relaxed) {
            for statement in statements {
                client.batch_execute(statement).await.unwrap();
                commits.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(pause).await;
            }
        }
    });
}

/// More tables, so that a reading takes its time.
fn many_tables(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!(
                "CREATE TABLE many_{n} (id integer PRIMARY KEY, a text DEFAULT 'x', b numeric CHECK (b > 0));"
            )
        })
        .collect()
}

#[test]
fn each_snapshot_is_of_one_committed_state() {
    let made = SCHEMAS.map(|schema| MADE.replace("{s}", schema)).join(";");
    let database = Database::new(&format!("{made}; {}", many_tables(60)));
    let way = |schema: &str| [THERE, BACK].map(|sql| sql.replace("{s}", schema));
    // Each schema has two states, whatever the other's is.
    let first = read(&database).unwrap();
    let start = Instant::now();
    SCHEMAS.iter().for_each(|schema| database.execute(&way(schema)[0]));
    let second = read(&database).unwrap();
    // On a slow machine a reading takes longer, and so does the time between two changes.
    let takes = start.elapsed().max(Duration::from_millis(50));
    SCHEMAS.iter().for_each(|schema| database.execute(&way(schema)[1]));
    let states = SCHEMAS.map(|schema| [within(&first, schema), within(&second, schema)]);
    assert!(states.iter().all(|[one, other]| one != other && one.len() > 10));
    let (stop, commits) = (AtomicBool::new(false), AtomicU64::new(0));
    let (mut seen, mut given_up) = ([[0; 2]; 2], 0);
    thread::scope(|scope| {
        for (schema, pause) in SCHEMAS.iter().zip([takes, takes * 2]) {
            let (stop, commits, name) = (&stop, &commits, database.name());
            scope.spawn(move || write(name, &way(schema), pause, stop, commits));
        }
        for _ in 0..SNAPSHOTS {
            match read(&database) {
                Ok(snapshot) => {
                    for (at, schema) in SCHEMAS.iter().enumerate() {
                        let found = within(&snapshot, schema);
                        let state = states[at].iter().position(|state| *state == found);
                        if state.is_none() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        seen[at][state.expect("a snapshot of no state that was committed")] += 1;
                    }
                }
                Err(Error::Changing { .. }) => given_up += 1,
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    panic!("{error}");
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    eprintln!(
        "{SNAPSHOTS} snapshots beside {commits:?} changes: {seen:?} of each state, {given_up} given up"
    );
    assert!(given_up < SNAPSHOTS / 2, "{given_up} of {SNAPSHOTS} were given up");
    // Both states were met, so that there was something to be confused.
    assert!(seen.iter().flatten().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn a_schema_that_never_stands_still_is_told() {
    let database = Database::new(&format!("CREATE TABLE t (a integer); {}", many_tables(60)));
    let (stop, commits) = (AtomicBool::new(false), AtomicU64::new(0));
    let statements = ["ALTER TABLE t RENAME a TO b", "ALTER TABLE t RENAME b TO a"].map(str::to_owned);
    thread::scope(|scope| {
        scope.spawn(|| write(database.name(), &statements, Duration::ZERO, &stop, &commits));
        let outcome = read(&database);
        stop.store(true, Ordering::Relaxed);
        let error = outcome.expect_err("something changed each time");
        assert!(matches!(error, Error::Changing { tries: 6, .. }) && error.may_pass(), "{error}");
        assert!(
            error.to_string().ends_with(
                "was changed each of the 6 times that it was read; try again when nobody changes it"
            )
        );
    });
}

/// The view locks `a` and waits for `b`, which somebody holds who then wants `a`: the one who changes the schema wins.
#[test]
fn a_reading_gives_way_to_a_change() {
    let made = "CREATE TABLE a (n integer); CREATE TABLE b (n integer);
                CREATE VIEW joined AS SELECT a.n FROM a JOIN b USING (n);";
    let database = Database::new(&format!("{made} {}", many_tables(5)));
    thread::scope(|scope| {
        let reading = runtime().block_on(async {
            let writer = connect(database.name()).await;
            writer.batch_execute("BEGIN; ALTER TABLE b ADD COLUMN m integer").await.unwrap();
            let reading = scope.spawn(|| read(&database));
            let observer = connect(database.name()).await;
            let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'b'::regclass";
            while observer.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            writer.batch_execute("ALTER TABLE a ADD COLUMN m integer; COMMIT").await.unwrap();
            reading
        });
        let snapshot = reading.join().unwrap().unwrap();
        let columns = |table: &str| {
            snapshot.objects.keys().filter(|id| id.parent().ends_with(&[table.to_owned()])).count()
        };
        assert_eq!((columns("a"), columns("b")), (2, 2));
    });
}

#[test]
fn what_is_done_beside_the_schema_is_no_change() {
    let database = Database::new(
        "CREATE TABLE t (a integer PRIMARY KEY, b text); CREATE MATERIALIZED VIEW m AS SELECT b FROM t;
         CREATE SEQUENCE s; CREATE ROLE beside_the_schema; DROP ROLE beside_the_schema",
    );
    let (stop, commits) = (AtomicBool::new(false), AtomicU64::new(0));
    let statements = [
        "CREATE TEMP TABLE passing (a serial PRIMARY KEY, b text CHECK (b <> ''), c integer DEFAULT 7)",
        "INSERT INTO t SELECT n, repeat('x', 9000) FROM generate_series(1, 20) AS n",
        "CREATE TEMP VIEW seen AS SELECT * FROM passing",
        "REFRESH MATERIALIZED VIEW m",
        "ANALYZE t",
        "TRUNCATE t",
        "VACUUM FULL t",
        "SELECT nextval('s')",
        "REINDEX TABLE t",
        "CLUSTER t USING t_pkey",
        "DROP TABLE passing CASCADE",
    ];
    let statements = statements.map(str::to_owned);
    thread::scope(|scope| {
        scope.spawn(|| write(database.name(), &statements, Duration::ZERO, &stop, &commits));
        let outcomes: Vec<_> = (0..12).map(|_| read(&database)).collect();
        stop.store(true, Ordering::Relaxed);
        let wrong: Vec<String> =
            outcomes.iter().filter_map(|it| it.as_ref().err()).map(ToString::to_string).collect();
        assert_eq!(wrong, Vec::<String>::new());
    });
    assert!(commits.load(Ordering::Relaxed) > 100, "{commits:?}");
}
