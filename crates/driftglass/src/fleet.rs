//! `driftglass snapshot --all`: many databases side by side, each into a file of its own. One that cannot be read does
//! not end the rest.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use backon::{ExponentialBuilder, Retryable as _};
use diff_core::Snapshot;
use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use snapshot::{Reference, Target};
use wildmatch::WildMatch;

use crate::cli::{Fleet, SnapshotArgs};
use crate::commands::Session;
use crate::output;
use crate::place::Place;
use crate::snapshots::trimmed;

/// The wait before a database is tried again; twice as long each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A database to read, and what its file is called.
struct Job {
    name: String,
    target: Target,
}

/// What has come of a database.
enum Outcome {
    Written,
    /// It is there already.
    Kept,
    Failed(anyhow::Error),
    /// Ctrl-C.
    GivenUp,
}

/// Takes a snapshot of each database, or of each schema of one.
pub(crate) async fn take(session: &Session<'_>, args: &SnapshotArgs) -> Result<bool> {
    let output = args.output.as_deref().context("into which folder or store? Give --output DIR")?;
    let place = Place::open(output)?;
    let run = Run { session, args, place: &place, bar: bar(), lost: RefCell::default() };
    let done = if args.fleet.schemas.is_empty() {
        let jobs = run.jobs().await?;
        run.read_all(jobs).await
    } else {
        run.read_schemas().await?
    };
    run.tell(output, &done)
}

struct Run<'a> {
    session: &'a Session<'a>,
    args: &'a SnapshotArgs,
    place: &'a Place,
    bar: ProgressBar,
    /// Servers that did not come back: their other databases are tried once.
    lost: RefCell<BTreeSet<String>>,
}

impl Run<'_> {
    /// The databases that were asked for: those of driftglass.toml, or those that the server has.
    async fn jobs(&self) -> Result<Vec<Job>> {
        let Fleet { databases, .. } = &self.args.fleet;
        let is_asked = |name: &String| is_any(databases, name);
        if self.args.reference.is_some() {
            let server = self.target()?;
            let found = server.databases().await?;
            let jobs = found.into_iter().filter(is_asked);
            let jobs: Vec<Job> =
                jobs.map(|name| Job { target: server.sibling(&name), name: file_name(&name) }).collect();
            ensure!(!jobs.is_empty(), "{} has no database of such a name", server.label());
            return Ok(jobs);
        }
        let named = self.session.config.databases.keys().filter(|name| is_asked(name));
        let job = |name: &String| {
            let url = self.session.config.resolve(&format!("db:{name}"))?;
            let target = Target::new(Some(&url)).with_context(|| format!("database {name}"))?;
            Ok(Job { name: file_name(name), target })
        };
        let jobs = named.map(job).collect::<Result<Vec<_>>>()?;
        ensure!(!jobs.is_empty(), "driftglass.toml names no such database under [databases]; or give a REF");
        Ok(jobs)
    }

    /// The server or database that REF means.
    fn target(&self) -> Result<Target> {
        let reference =
            self.args.reference.as_deref().context("name the database whose schemas are meant")?;
        match self.session.config.resolve(reference)?.parse()? {
            Reference::Database(url) => Ok(Target::new(url.as_deref())?),
            other => bail!("--all reads databases, and {other} is none"),
        }
    }

    async fn read_all(&self, jobs: Vec<Job>) -> Vec<(String, Outcome)> {
        self.bar.set_length(jobs.len() as u64);
        let connections = self.args.fleet.connections.into();
        let run = async |job: Job| {
            let outcome = self.read_one(&job).await;
            self.bar.inc(1);
            (job.name, outcome)
        };
        let mut done: Vec<_> = stream::iter(jobs).map(run).buffer_unordered(connections).collect().await;
        done.sort_by(|(one, _), (other, _)| one.cmp(other));
        done
    }

    async fn read_one(&self, job: &Job) -> Outcome {
        self.try_read(job).await.unwrap_or_else(|error| match error.downcast_ref() {
            Some(snapshot::Error::Interrupted) => Outcome::GivenUp,
            _ => Outcome::Failed(error),
        })
    }

    async fn try_read(&self, job: &Job) -> Result<Outcome> {
        if self.args.fleet.missing && self.place.has(&job.name).await? {
            return Ok(Outcome::Kept);
        }
        let before = self.place.version(&job.name).await?;
        let waits = ExponentialBuilder::default()
            .with_min_delay(FIRST_WAIT)
            .with_max_times(self.args.fleet.retries.into())
            .with_jitter();
        let server = server_of(job.target.label());
        let read = || snapshot::read_database(&job.target);
        let again = |error: &snapshot::Error| error.may_pass() && !self.lost.borrow().contains(server);
        let snapshot = read.retry(waits).when(again).await.inspect_err(|error| {
            if error.may_pass() {
                self.lost.borrow_mut().insert(server.to_owned());
            }
        })?;
        self.place.write(&job.name, &trimmed(self.session.stamped(snapshot), self.args), before).await?;
        Ok(Outcome::Written)
    }

    /// One database read once, and its schemas written each by itself.
    async fn read_schemas(&self) -> Result<Vec<(String, Outcome)>> {
        let whole = self.session.stamped(snapshot::read_database(&self.target()?).await?);
        let Fleet { schemas, schema_as, .. } = &self.args.fleet;
        let found: Vec<&str> = whole.schemas().filter(|name| is_any(schemas, name)).collect();
        ensure!(!found.is_empty(), "{} has no schema of such a name", whole.source.label);
        self.bar.set_length(found.len() as u64);
        let mut done = Vec::new();
        for schema in found {
            let name = file_name(schema);
            let written = self.write_schema(&name, &whole, schema, schema_as).await;
            self.bar.inc(1);
            done.push((name, written.unwrap_or_else(Outcome::Failed)));
        }
        Ok(done)
    }

    async fn write_schema(
        &self,
        name: &str,
        whole: &Snapshot,
        schema: &str,
        called: &str,
    ) -> Result<Outcome> {
        if self.args.fleet.missing && self.place.has(name).await? {
            return Ok(Outcome::Kept);
        }
        let before = self.place.version(name).await?;
        let part = trimmed(whole.of_schema(schema, called), self.args);
        self.place.write(name, &part, before).await?;
        Ok(Outcome::Written)
    }

    /// Says what was written, and what is missing and why.
    fn tell(&self, output: &str, done: &[(String, Outcome)]) -> Result<bool> {
        self.bar.finish_and_clear();
        let count = |is: fn(&Outcome) -> bool| done.iter().filter(|(_, outcome)| is(outcome)).count();
        let (written, kept) =
            (count(|it| matches!(it, Outcome::Written)), count(|it| matches!(it, Outcome::Kept)));
        let kept = if kept > 0 {
            format!(", {kept} {} there", if kept == 1 { "was" } else { "were" })
        } else {
            String::new()
        };
        output::tell(&format!("wrote {written} of {} snapshots to {output}{kept}", done.len()));
        let given_up = count(|it| matches!(it, Outcome::GivenUp));
        let failed = count(|it| matches!(it, Outcome::Failed(_)));
        if given_up > 0 {
            return Err(anyhow!("interrupted: {given_up} were not read. --missing reads what is not there"));
        }
        ensure!(
            failed == 0,
            "{failed} of {} {} missing; run again with --missing to read these alone{}",
            done.len(),
            if failed == 1 { "is" } else { "are" },
            missing(done)
        );
        Ok(true)
    }
}

/// What is missing: the names, by what is in the way.
fn missing(done: &[(String, Outcome)]) -> String {
    let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (file, outcome) in done {
        if let Outcome::Failed(error) = outcome {
            let name = file.trim_end_matches(".json");
            // The same for all of a server, but for the database's name.
            let reason = format!("{error:#}").replace(&format!("/{name}"), "/…");
            names.entry(reason).or_default().push(name);
        }
    }
    names.iter().map(|(reason, names)| format!("\n  {reason}\n    {}", names.join(", "))).collect()
}

/// The server in `user@host/database`.
fn server_of(label: &str) -> &str {
    label.rsplit_once('/').map_or(label, |(server, _)| server)
}

/// Whether any pattern means a name; all are meant where there is none.
fn is_any(patterns: &[String], name: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| WildMatch::new(pattern).matches(name))
}

/// A file's name for a database's or schema's, whatever stands in it.
fn file_name(name: &str) -> String {
    format!("{}.json", form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>())
}

/// On the terminal alone; a log gets the last line.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("  reading [{bar:32}] {pos}/{len}  {elapsed}, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_file() {
        assert_eq!(file_name("tenant_1"), "tenant_1.json");
        assert_eq!(file_name("../a/b c"), "..%2Fa%2Fb+c.json");
    }

    #[test]
    fn patterns_choose_names() {
        let patterns = ["tenant_*".to_owned(), "a?".to_owned()];
        assert!(is_any(&patterns, "tenant_7") && is_any(&patterns, "ab") && !is_any(&patterns, "postgres"));
        assert!(is_any(&[], "postgres"));
    }
}
