//! Tries a plan where it can do no harm: old is rebuilt in the shadow database, the plan is run, and what has
//! come of it is compared with new as the same server builds it; then the same for the way back. On the way the locks are measured.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Delta, Effect, Plan, PlanOptions, Snapshot, Statement, diff, plan};
use tokio_postgres::types::Oid;

use crate::error::{Error, reason};
use crate::models::server_major;
use crate::shadow::{Connection, with_database};
use crate::{Options, catalog};

/// How a plan fared, and the way back.
#[derive(Debug)]
pub struct Verified {
    /// The version of the server that it was tried on.
    pub server: String,
    /// From old to new.
    pub up: Way,
    /// From new to old.
    pub down: Way,
}

/// How one plan fared.
#[derive(Debug)]
pub struct Way {
    /// The plan, its statements with what they were seen to do.
    pub plan: Plan,
    /// The statement that the server refused, and why.
    pub refused: Option<(String, String)>,
    /// What still differs from the goal.
    pub remaining: Vec<Delta>,
}

impl Way {
    /// Whether the plan runs and arrives.
    pub fn arrives(&self) -> bool {
        self.refused.is_none() && self.remaining.is_empty()
    }
}

/// Plans from `old` to `new` and back, and tries both.
///
/// # Errors
/// Says which rename cannot be, what the shadow database lacks, and what of old the server refused.
pub async fn verify(
    old: &Snapshot,
    new: &Snapshot,
    planning: &PlanOptions,
    options: &Options,
) -> Result<Verified, Error> {
    let back = planning.reversed();
    let major = server_major(&old.source.server);
    // Both goals as that very server prints them: another major may print one thing otherwise.
    let goal = with_database(&options.shadow, major, async |connection| {
        let trial = Trial { connection, role: role(connection).await? };
        trial.rebuild("new", new).await?;
        trial.read_like(new).await
    })
    .await?;
    with_database(&options.shadow, major, async |connection| {
        let trial = Trial { connection, role: role(connection).await? };
        trial.rebuild("old", old).await?;
        let start = trial.read_like(old).await?;
        let up = trial.go(old, new, &goal, planning).await?;
        let down = if up.arrives() {
            trial.go(new, old, &start, &back).await?
        } else {
            Way::untried(new, old, &back)?
        };
        Ok(Verified { server: start.source.server, up, down })
    })
    .await
}

impl Way {
    fn untried(from: &Snapshot, to: &Snapshot, planning: &PlanOptions) -> Result<Self, Error> {
        let reason = "it was not tried, since the way there failed".to_owned();
        Ok(Self {
            plan: plan(from, to, planning)?,
            refused: Some((String::new(), reason)),
            remaining: Vec::new(),
        })
    }
}

async fn role(connection: &Connection) -> Result<String, Error> {
    let failed = |error: tokio_postgres::Error| Error::Shadow(reason(&error));
    connection.client.batch_execute("SET check_function_bodies = off").await.map_err(failed)?;
    let row = connection.client.query_one("SELECT current_user::text", &[]).await.map_err(failed)?;
    Ok(row.get(0))
}

/// A shadow database, and the role that owns what is made there.
struct Trial<'a> {
    connection: &'a Connection,
    role: String,
}

impl Trial<'_> {
    async fn rebuild(&self, name: &str, snapshot: &Snapshot) -> Result<(), Error> {
        let planning = PlanOptions { role: Some(self.role.clone()), ..PlanOptions::default() };
        let empty = Snapshot::of_new_database(Some(snapshot));
        for statement in plan(&empty, snapshot, &planning)?.statements() {
            self.connection.run(&statement.sql).await.map_err(|error| {
                let first = statement.sql.lines().next().unwrap_or_default();
                Error::Shadow(format!("{name} cannot be rebuilt there: {} ({first} …)", reason(&error)))
            })?;
        }
        Ok(())
    }

    async fn read(&self) -> Result<Snapshot, Error> {
        catalog::read(&self.connection.client, &self.connection.target).await
    }

    /// What was rebuilt from a snapshot: it speaks of no more than the snapshot does.
    async fn read_like(&self, snapshot: &Snapshot) -> Result<Snapshot, Error> {
        let mut read = self.read().await?;
        read.coverage = snapshot.coverage.clone();
        read.source.ledgers.clone_from(&snapshot.source.ledgers);
        Ok(read)
    }

    /// Runs the plan one statement a transaction, and compares where it has led.
    async fn go(
        &self,
        from: &Snapshot,
        to: &Snapshot,
        goal: &Snapshot,
        planning: &PlanOptions,
    ) -> Result<Way, Error> {
        // What runs here is owned by another role; what is shown is for the role that was asked for.
        let here = PlanOptions { role: Some(self.role.clone()), ..planning.clone() };
        let mut tried = plan(from, to, &here)?;
        let mut refused = None;
        let all = tried.steps.iter_mut().flat_map(|step| {
            let is_alone = step.online.is_some() && !step.is_transaction;
            step.statements.iter_mut().map(move |statement| (statement, is_alone))
        });
        for (statement, is_alone) in all {
            let ran = match is_alone {
                true => self.connection.run(&statement.sql).await.map(|()| None),
                false => self.run(&statement.sql).await.map(Some),
            };
            match ran {
                // What runs in no transaction has let go of its locks before anybody could look.
                Ok(effect) => statement.effect = effect,
                Err(error) => {
                    refused = Some((statement.sql.clone(), reason(&error)));
                    break;
                }
            }
        }
        let remaining = match refused {
            Some(_) => Vec::new(),
            None => diff(&self.read().await?, goal, &planning.diff).deltas,
        };
        let mut plan = plan(from, to, planning)?;
        copy_effects(&tried, &mut plan);
        Ok(Way { plan, refused, remaining })
    }

    /// Runs a statement; gives the locks that it took on tables that were there before, and what it read and wrote.
    async fn run(&self, sql: &str) -> Result<Effect, tokio_postgres::Error> {
        let client = &self.connection.client;
        let before = self.tables().await?;
        client.batch_execute("BEGIN").await?;
        let read_before = self.scans().await?;
        let ran = self.connection.run_in_transaction(sql).await;
        if let Err(error) = ran {
            client.batch_execute("ROLLBACK").await?;
            return Err(error);
        }
        let locks = client
            .query(
                "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'",
                &[],
            )
            .await?;
        let read = self.scans().await?;
        let after = self.tables().await?;
        client.batch_execute("COMMIT").await?;
        let mut effect = Effect::default();
        for row in locks {
            let (relation, mode): (Oid, String) = (row.get(0), row.get(1));
            if let Some((name, _)) = before.get(&relation) {
                let strongest = effect.locks.entry(name.clone()).or_default();
                if strength(&mode) >= strength(strongest) {
                    *strongest = mode;
                }
            }
        }
        let rewritten = |(oid, (name, file)): (&Oid, &(String, Oid))| {
            after.get(oid).is_some_and(|(_, now)| now != file).then(|| name.clone())
        };
        effect.rewrites = before.iter().filter_map(rewritten).collect::<BTreeSet<_>>();
        let scanned = before.iter().filter(|(oid, _)| read.get(oid) > read_before.get(oid));
        let scanned = scanned.map(|(_, (name, _))| name.clone());
        effect.scans = scanned.filter(|name| !effect.rewrites.contains(name)).collect();
        Ok(effect)
    }

    /// How often this session has gone through each relation since its counters were last passed on, which no
    /// transaction does before its end.
    async fn scans(&self) -> Result<BTreeMap<Oid, i64>, tokio_postgres::Error> {
        let sql = "SELECT relid, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_all_tables";
        let rows = self.connection.client.query(sql, &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// The tables and what views they have, with their file's number, by oid.
    async fn tables(&self) -> Result<BTreeMap<Oid, (String, Oid)>, tokio_postgres::Error> {
        let sql = "SELECT c.oid, format('%I.%I', n.nspname, c.relname), c.relfilenode
                     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
                      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
        let rows = self.connection.client.query(sql, &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
    }
}

/// The same statements stand in both; the one that was shown may lack some about owners.
fn copy_effects(tried: &Plan, shown: &mut Plan) {
    let mut effects: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for statement in tried.statements() {
        effects.entry(&statement.sql).or_default().push(statement);
    }
    for statement in shown.steps.iter_mut().flat_map(|step| &mut step.statements) {
        let found = effects.get(statement.sql.as_str()).and_then(|all| all.first());
        statement.effect = found.and_then(|found| found.effect.clone());
    }
}

/// The place of a lock mode among all, the strongest last (manual, "Explicit Locking").
fn strength(mode: &str) -> usize {
    const MODES: [&str; 8] = [
        "AccessShareLock",
        "RowShareLock",
        "RowExclusiveLock",
        "ShareUpdateExclusiveLock",
        "ShareLock",
        "ShareRowExclusiveLock",
        "ExclusiveLock",
        "AccessExclusiveLock",
    ];
    MODES.iter().position(|known| *known == mode).map_or(0, |at| at + 1)
}
