//! Runs statements on a server of its own and looks at what they hold: an oracle beside the command's own.

use std::collections::BTreeMap;

use diff_core::{DiffOptions, Mode, Report, Snapshot, Work, diff};
use snapshot::{Options, Reference, Server};
use tests::setting;
use tokio_postgres::{Client, NoTls};

/// The strongest lock on each table that was there before, and what was done to it.
pub(crate) type Held = BTreeMap<String, (Mode, Work)>;

/// A server of one major version.
pub(crate) struct Trial {
    pub(crate) major: u32,
    server: Server,
    runtime: tokio::runtime::Runtime,
}

/// What statements came to.
pub(crate) struct Outcome {
    pub(crate) before: Snapshot,
    pub(crate) after: Snapshot,
    /// Each statement with what it held.
    pub(crate) steps: Vec<(String, Held)>,
}

impl Outcome {
    /// The strongest lock and the longest work of each table.
    pub(crate) fn held(&self) -> Held {
        let mut held = Held::new();
        for (table, (mode, work)) in self.steps.iter().flat_map(|(_, held)| held) {
            let known = held.entry(table.clone()).or_insert((*mode, *work));
            *known = (known.0.max(*mode), known.1.max(*work));
        }
        held
    }

    pub(crate) fn report(&self) -> Report {
        let options = DiffOptions::default();
        Report::new(&self.before, &self.after, &diff(&self.before, &self.after, &options), &options)
    }
}

/// What a relation is stored in, by oid.
type Files = BTreeMap<u32, (String, u32)>;

impl Trial {
    pub(crate) fn start(major: u32) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let binaries = setting("DRIFTGLASS_SERVERS").join(major.to_string()).join("bin");
        let server = runtime.block_on(Server::start(&binaries, None)).unwrap();
        let trial = Self { major, server, runtime };
        trial.runtime.block_on(async {
            let client = connect(&trial.server.url("postgres")).await;
            client.batch_execute("CREATE ROLE app").await.unwrap();
        });
        trial
    }

    /// Runs `old` and then `way` in a new database, each statement of `way` measured.
    pub(crate) fn run(&self, old: &str, way: &str) -> Result<Outcome, String> {
        self.runtime.block_on(async {
            let admin = connect(&self.server.url("postgres")).await;
            for sql in
                ["DROP DATABASE IF EXISTS trial WITH (FORCE)", "CREATE DATABASE trial TEMPLATE template0"]
            {
                admin.batch_execute(sql).await.map_err(said)?;
            }
            let client = connect(&self.server.url("trial")).await;
            // Not UTC, where two types of time are more alike than anywhere else.
            client.batch_execute("SET timezone = 'Europe/Prague'").await.map_err(said)?;
            client.batch_execute(old).await.map_err(|error| format!("old: {}", said(error)))?;
            let before = self.read().await;
            let mut steps = Vec::new();
            for statement in statements(way) {
                let held = measured(&client, &statement).await;
                let held = held.map_err(|error| format!("{statement}: {}", said(error)))?;
                steps.push((statement, held));
            }
            Ok(Outcome { before, after: self.read().await, steps })
        })
    }

    async fn read(&self) -> Snapshot {
        let reference = Reference::Database(Some(self.server.url("trial")));
        snapshot::read(&reference, &Options::default()).await.unwrap()
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn said(error: tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} {}", db.code().code(), db.message()),
        None => error.to_string(),
    }
}

/// Statements, each with its semicolon at the end of a line; what stands between `BEGIN` and `COMMIT` is one.
fn statements(sql: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), String::new());
    let mut is_transaction = false;
    for line in sql.lines().filter(|line| !line.is_empty()) {
        match line {
            "BEGIN;" => is_transaction = true,
            "COMMIT;" => is_transaction = false,
            _ => open = format!("{open}{line}\n"),
        }
        let is_quoted = open.matches("$$").count() % 2 == 1;
        if line.ends_with(';') && !is_transaction && !is_quoted {
            found.extend(Some(std::mem::take(&mut open)).filter(|statement| !statement.is_empty()));
        }
    }
    assert!(open.is_empty(), "no semicolon after {open}");
    found
}

/// What a statement holds when it has been run. One that runs outside of transactions is not measured: all that it
/// takes for long is SHARE UPDATE EXCLUSIVE.
async fn measured(client: &Client, statement: &str) -> Result<Held, tokio_postgres::Error> {
    let is_apart = ["CONCURRENTLY", "ADD VALUE", "DO $$"].iter().any(|word| statement.contains(word));
    if is_apart {
        client.batch_execute(statement).await?;
        return Ok(Held::new());
    }
    let before = files(client).await?;
    client.batch_execute("BEGIN").await?;
    let read_before = scans(client).await?;
    if let Err(error) = client.batch_execute(statement).await {
        client.batch_execute("ROLLBACK").await?;
        return Err(error);
    }
    let locks = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'";
    let locks = client.query(locks, &[]).await?;
    let read = scans(client).await?;
    let after = files(client).await?;
    client.batch_execute("COMMIT").await?;
    let mut held = Held::new();
    for row in locks {
        let (relation, mode): (u32, String) = (row.get(0), row.get(1));
        let mode = serde_json::from_value(serde_json::Value::String(mode));
        let (Some((name, file)), Ok(mode)) = (before.get(&relation), mode) else { continue };
        let work = match after.get(&relation) {
            Some((_, now)) if now != file => Work::Rewrite,
            _ if read.get(&relation) > read_before.get(&relation) => Work::Scan,
            _ => Work::Brief,
        };
        let known = held.entry(name.clone()).or_insert((mode, work));
        *known = (known.0.max(mode), known.1.max(work));
    }
    Ok(held)
}

/// How often the session has gone through each relation since its counters were last passed on, which no
/// transaction does before its end.
async fn scans(client: &Client) -> Result<BTreeMap<u32, i64>, tokio_postgres::Error> {
    let sql = "SELECT relid, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_all_tables";
    Ok(client.query(sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Tables, partitions and views.
async fn files(client: &Client) -> Result<Files, tokio_postgres::Error> {
    let sql = "SELECT c.oid, n.nspname || '.' || c.relname, c.relfilenode
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
                  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
}
