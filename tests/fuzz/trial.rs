//! One pair on the server: both are loaded and read, the plan is run, where it leads is read, and so for the way back.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use diff_core::{Delta, DiffOptions, ObjectId, Plan, PlanOptions, Snapshot, diff, plan, plan_selected};
use snapshot::{Options, Reference, read};
use tests::{major, server_url};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

use super::dump;
use super::genes::hash;

/// How a pair fared.
pub(super) enum Outcome {
    /// There and back.
    Arrived,
    /// The generator made what PostgreSQL refuses.
    Unloadable(String),
    /// By what sort of failure, and all about it.
    Failed { sort: String, text: String },
}

/// A failure: its sort, and what to say about it.
type Failure = (String, String);

/// How a pair is tried.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// The pair's own.
    pub(super) seed: u64,
    /// Whether it is compared by `pg_dump` too.
    pub(super) is_exact: bool,
    /// The seed by which some of the differences are chosen, which are brought over first.
    pub(super) halfway: Option<u64>,
}

/// Of how many differences one is chosen, by seed.
const SHARES: [u64; 4] = [2, 5, 12, 40];

/// Where pairs are tried, one after the other.
pub(super) struct Trial {
    runtime: Runtime,
    admin: Client,
    names: [String; 2],
    role: String,
}

impl Trial {
    pub(super) fn new(worker: u64) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let admin = runtime.block_on(connect("postgres"));
        let role = runtime.block_on(admin.query_one("SELECT current_user::text", &[])).unwrap().get(0);
        let name = |side: &str| format!("fuzz_{}_{worker}_{side}", std::process::id());
        Self { runtime, admin, names: [name("old"), name("new")], role }
    }

    /// Tries a pair.
    pub(super) fn run(&self, old: &[String], new: &[String], way: Way) -> Outcome {
        self.runtime.block_on(async {
            self.clear().await;
            let outcome = self.try_pair(old, new, way).await;
            self.clear().await;
            match outcome {
                Ok(()) => Outcome::Arrived,
                Err((sort, text)) if sort == "unloadable" => Outcome::Unloadable(text),
                Err((sort, text)) => {
                    let sides = format!("-- old\n{};\n\n-- new\n{};", old.join(";\n"), new.join(";\n"));
                    Outcome::Failed { text: format!("{sides}\n\n{sort}\n{text}"), sort }
                }
            }
        })
    }

    async fn try_pair(&self, old: &[String], new: &[String], way: Way) -> Result<(), Failure> {
        let [old_name, new_name] = &self.names;
        let client = self.load(old_name, old).await?;
        self.load(new_name, new).await?;
        let (old, new) = (snapshot(old_name).await?, snapshot(new_name).await?);
        tests::hand_on("random", &way.seed.to_string(), &old, &new);
        let dumps = || [old_name, new_name].map(|name| dump::dump(name));
        let goals = way.is_exact.then(dumps);
        let options = PlanOptions {
            is_exact: way.is_exact,
            role: Some(self.role.clone()),
            is_online: std::env::var_os("DRIFTGLASS_FUZZ_ONLINE").is_some(),
            ..PlanOptions::default()
        };
        let halfway = match way.halfway {
            Some(seed) => Some(self.go_halfway(&client, [&old, &new], &options, seed).await?),
            None => None,
        };
        let there = planned(halfway.as_ref().unwrap_or(&old), &new, &options)?;
        for side in [&old, &new] {
            let nothing = planned(side, side, &options)?;
            if !nothing.is_empty() {
                return Err(("not empty".to_owned(), told(&nothing)));
            }
        }
        go(&client, &there).await?;
        let reached = arrived(old_name, &new, &there).await?;
        if let Some([_, goal]) = &goals {
            dump::compare(&dump::dump(old_name), goal).map_err(|text| dumped(&text, &there))?;
        }
        let back = planned(&reached, &old, &options)?;
        let back_told = |(sort, text): Failure| (format!("back: {sort}"), text);
        go(&client, &back).await.map_err(back_told)?;
        arrived(old_name, &old, &back).await.map_err(back_told)?;
        if let Some([goal, _]) = &goals {
            let compared = dump::compare(&dump::dump(old_name), goal);
            compared.map_err(|text| back_told(dumped(&text, &back)))?;
        }
        Ok(())
    }

    /// Brings some of the differences over: of those that were chosen none is left.
    async fn go_halfway(
        &self,
        client: &Client,
        [old, new]: [&Snapshot; 2],
        options: &PlanOptions,
        seed: u64,
    ) -> Result<Snapshot, Failure> {
        let share = SHARES[usize::try_from(seed / 2 % 4).unwrap()];
        let is_chosen = |id: &ObjectId| hash(seed, &id.to_string()).is_multiple_of(share);
        let ids = diff(old, new, &options.diff).deltas.into_iter().map(|delta| delta.id);
        let selection: BTreeSet<ObjectId> = ids.filter(is_chosen).collect();
        let some = planned_by(|| plan_selected(old, new, options, &selection).unwrap());
        let told_so = |(sort, text): Failure| {
            let chosen: Vec<String> = selection.iter().map(ToString::to_string).collect();
            (format!("halfway: {sort}"), format!("-- chosen: {}\n{text}", chosen.join(" ")))
        };
        let some = some.map_err(told_so)?;
        go(client, &some).await.map_err(told_so)?;
        let reached = snapshot(&self.names[0]).await?;
        let remains = |delta: &Delta| selection.contains(&delta.id);
        let left: Vec<Delta> =
            diff(&reached, new, &options.diff).deltas.into_iter().filter(remains).collect();
        nothing_is_left(&left, &some).map_err(told_so)?;
        Ok(reached)
    }

    async fn load(&self, name: &str, statements: &[String]) -> Result<Client, Failure> {
        // Twice as fast; before 15 there was no other way.
        let strategy = if major() < 15 { "" } else { "STRATEGY file_copy" };
        self.admin.batch_execute(&format!("CREATE DATABASE {name} {strategy}")).await.unwrap();
        let client = connect(name).await;
        client.batch_execute("BEGIN").await.unwrap();
        for statement in statements {
            client
                .batch_execute(statement)
                .await
                .map_err(|error| ("unloadable".to_owned(), format!("{}: {statement}", reason(&error))))?;
        }
        client.batch_execute("COMMIT").await.map_err(|error| ("unloadable".to_owned(), reason(&error)))?;
        Ok(client)
    }

    async fn clear(&self) {
        for name in &self.names {
            let sql = "SELECT format('%I', subname) FROM pg_subscription
                         JOIN pg_database d ON d.oid = subdbid WHERE datname = $1";
            let subscriptions = self.admin.query(sql, &[name]).await.unwrap();
            if !subscriptions.is_empty() {
                let client = connect(name).await;
                for row in subscriptions {
                    let own: String = row.get(0);
                    let off = format!(
                        "ALTER SUBSCRIPTION {own} DISABLE; ALTER SUBSCRIPTION {own} SET (slot_name = NONE)"
                    );
                    client.batch_execute(&off).await.unwrap();
                    client.batch_execute(&format!("DROP SUBSCRIPTION {own}")).await.unwrap();
                }
            }
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            self.admin.batch_execute(&drop).await.unwrap();
        }
    }
}

async fn connect(database: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(&server_url(database), NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => {
            let detail = error.detail().map_or_else(String::new, |text| format!(" ({text})"));
            format!("{} {}{detail}", error.code().code(), error.message())
        }
        None => error.to_string(),
    }
}

async fn snapshot(name: &str) -> Result<Snapshot, Failure> {
    let url = server_url(name);
    let read = read(&Reference::Database(Some(url)), &Options::default()).await;
    // Where the size is not known, tables are taken to be in use.
    read.map(|snapshot| Snapshot { sizes: BTreeMap::new(), ..snapshot })
        .map_err(|error| ("unreadable".to_owned(), error.to_string()))
}

/// The plan, which must be the same each time.
fn planned(from: &Snapshot, to: &Snapshot, options: &PlanOptions) -> Result<Plan, Failure> {
    planned_by(|| plan(from, to, options).unwrap())
}

fn planned_by(make: impl Fn() -> Plan) -> Result<Plan, Failure> {
    let make = || catch_unwind(AssertUnwindSafe(&make));
    let made = make().map_err(|_| ("panic".to_owned(), "the planner gave up".to_owned()))?;
    match make() {
        Ok(again) if again == made => Ok(made),
        _ => Err(("unsteady".to_owned(), told(&made))),
    }
}

fn told(plan: &Plan) -> String {
    format!("-- plan\n{}", diff_core::render::sql(plan))
}

fn dumped(text: &str, plan: &Plan) -> Failure {
    ("the dumps differ".to_owned(), format!("{text}\n{}", told(plan)))
}

/// Runs a plan as its steps say.
async fn go(client: &Client, plan: &Plan) -> Result<(), Failure> {
    for step in &plan.steps {
        let run = async {
            if step.is_transaction {
                client.batch_execute("BEGIN; SET LOCAL check_function_bodies = off").await.unwrap();
            }
            for statement in &step.statements {
                let ran = client.batch_execute(&statement.sql).await;
                ran.map_err(|error| (error, statement.sql.clone()))?;
            }
            if step.is_transaction {
                client.batch_execute("COMMIT").await.map_err(|error| (error, "COMMIT".to_owned()))?;
            }
            Ok(())
        };
        if let Err((error, sql)) = run.await {
            let code = error.code().map_or("", |code| code.code());
            let words = sql.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            let text = format!("{}\n{sql}\n\n{}", reason(&error), told(plan));
            return Err((format!("refused {code} {words}"), text));
        }
    }
    Ok(())
}

/// What is there now, which must be the goal.
async fn arrived(name: &str, goal: &Snapshot, plan: &Plan) -> Result<Snapshot, Failure> {
    let reached = snapshot(name).await?;
    nothing_is_left(&diff(&reached, goal, &DiffOptions::default()).deltas, plan)?;
    Ok(reached)
}

fn nothing_is_left(deltas: &[Delta], plan: &Plan) -> Result<(), Failure> {
    let Some(first) = deltas.first() else { return Ok(()) };
    let line = |delta: &Delta| {
        let what = match delta.attributes() {
            [] => format!("{:.40}", format!("{:?}", delta.change)),
            some => serde_json::to_string(some).unwrap(),
        };
        format!("{} {what}", delta.id)
    };
    let lines: Vec<String> = deltas.iter().map(line).collect();
    let what = first.attributes().first().map_or_else(String::new, |change| format!(" {}", change.name));
    let sort = format!("remains {}{what}", first.id.kind());
    Err((sort, format!("{}\n\n{}", lines.join("\n"), told(plan))))
}
