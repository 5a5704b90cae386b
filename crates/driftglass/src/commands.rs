//! What each command does. Each tells whether the two sides agree.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use diff_core::render::{self, json};
use diff_core::{
    Agreement, DiffOptions, LINTS, Lint, Migrations, Pattern, Plan, PlanOptions, Rename, Report, Snapshot,
    compare, plan, plan_selected,
};
use snapshot::{Extent, ModelOptions, Options, Reference, ShadowOptions};

use crate::causes::{self, Built};
use crate::cli::{
    CheckArgs, Cli, Command, CompareArgs, DiffArgs, LintArgs, PlainFormat, PlanArgs, PlanFormat, Planning,
    ReportArgs, Selection, ShadowCommand, Sources, ViewArgs,
};
use crate::config::Config;
use crate::revision::{self, Found};
use crate::{forms, gates, manual, names, output, page, publish, snapshots};

/// Runs the command that was typed.
pub(crate) async fn run(cli: &Cli) -> Result<bool> {
    let config = match cli.command {
        // What is not about a project works in a broken one too.
        Command::Completions { .. } | Command::Man { .. } => Config::default(),
        _ => Config::load()?,
    };
    let session = Session { sources: &cli.sources, config };
    match &cli.command {
        Command::Snapshot(args) => snapshots::take(&session, args).await,
        Command::Diff(args) => session.diff(args).await,
        Command::Plan(args) => session.plan(args).await,
        Command::Check(args) => session.check(args).await,
        Command::Compare(args) => session.compare(args).await,
        Command::Lint(args) => session.lint(args).await,
        Command::View(args) => session.view(args).await,
        Command::Publish(args) => publish::publish(&session, args).await,
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man { folder } => manual::pages(folder.as_deref()),
        Command::Schema { what } => output::print(what.text()).map(|()| true),
        Command::Shadow(ShadowCommand::Install) => {
            let folder = snapshot::install_server(&session.options(None).models)?;
            output::tell(&format!("installed PostgreSQL server binaries in {}", folder.display()));
            Ok(true)
        }
    }
}

/// What was told of a comparison.
struct Told {
    report: Report,
    /// Whether the run passes its gates.
    passes: bool,
    /// Whether some differences are accepted, and so not told.
    accepts: bool,
}

/// What was typed for all commands, and what the project has set.
pub(crate) struct Session<'a> {
    sources: &'a Sources,
    pub(crate) config: Config,
}

impl Session<'_> {
    async fn diff(&self, args: &DiffArgs) -> Result<bool> {
        let (old, new) = self.read_both(&args.old, &args.new).await?;
        Ok(self.report(&old, &new, &Built::default(), &args.report)?.passes)
    }

    async fn plan(&self, args: &PlanArgs) -> Result<bool> {
        let (old, new) = self.read_both(&args.old, &args.new).await?;
        let planning = self.plan_options(&old, &new, &args.selection, &args.planning)?;
        let (plan, is_proved) = match args.verify {
            true => self.verified(&old, &new, &planning, args.down).await?,
            false if args.down => (plan(&new, &old, &planning.reversed())?, true),
            false => (plan(&old, &new, &planning)?, true),
        };
        let text = match args.format {
            PlanFormat::Sql => render::sql(&plan),
            PlanFormat::Json => render::json(&plan),
            PlanFormat::Alembic => {
                let sides = if args.down { (&new, &old) } else { (&old, &new) };
                let back = planning.reversed();
                let (there, back) = if args.down { (back, planning) } else { (planning, back) };
                let found = Found {
                    old: sides.0,
                    new: sides.1,
                    down: self::plan(sides.1, sides.0, &back)?,
                    up: plan,
                    planning: &there,
                };
                revision::write(&self.config, &args.migration, args.output.as_deref(), &found)?;
                return Ok(is_proved);
            }
        };
        match &args.output {
            Some(path) => output::write_file(path, &text)?,
            None => output::print(&text)?,
        }
        Ok(is_proved)
    }

    /// The plan as it was tried, and whether it and the way back arrive. What went wrong is told at once.
    async fn verified(
        &self,
        old: &Snapshot,
        new: &Snapshot,
        planning: &PlanOptions,
        down: bool,
    ) -> Result<(Plan, bool)> {
        let verified = snapshot::verify(old, new, planning, &self.options(None)).await?;
        for (name, way) in [("the plan", &verified.up), ("the way back", &verified.down)] {
            if let Some((sql, reason)) = &way.refused {
                output::tell(&format!(
                    "error: {name} fails: {reason}\n  {}",
                    sql.lines().next().unwrap_or_default()
                ));
            }
            for delta in &way.remaining {
                output::tell(&format!(
                    "error: {name} does not arrive: {} still differs",
                    render::line(&delta.id.to_string())
                ));
            }
        }
        let is_proved = verified.up.arrives() && verified.down.arrives();
        let mut plan = if down { verified.down.plan } else { verified.up.plan };
        if is_proved {
            plan.notes.push(format!(
                "Tried on PostgreSQL {}: the plan arrives, and so does the way back.",
                verified.server
            ));
        }
        Ok((plan, is_proved))
    }

    fn plan_options(
        &self,
        old: &Snapshot,
        new: &Snapshot,
        selection: &Selection,
        planning: &Planning,
    ) -> Result<PlanOptions> {
        Ok(PlanOptions {
            diff: self.diff_options(&[old, new], selection)?,
            renames: planning.renames.clone(),
            is_exact: planning.exact,
            role: planning.role.clone(),
            is_online: planning.online,
        })
    }

    async fn check(&self, args: &CheckArgs) -> Result<bool> {
        let models = args
            .models
            .as_ref()
            .or(self.config.models.as_ref())
            .context("which models? Give --models package.module, or set `models` in driftglass.toml")?;
        let models = if models.starts_with("models:") { models.clone() } else { format!("models:{models}") };
        let migrations = args.fix.then(|| revision::folder(&self.config, &args.migration)).transpose()?;
        let (old, new) = self.read_both(&self.database(args)?, &models).await?;
        let built = causes::build(self, args, &old).await?;
        if args.lint {
            let lints: Vec<&Lint> = LINTS.iter().filter(|lint| !lint.is_taste).copied().collect();
            let options = self.diff_options(&[&old, &new], &args.report.selection)?;
            // Beside the report, which may be JSON.
            output::tell_shown(&self.lint_text(&new.source.label, &diff_core::lint(&new, &lints, &options)));
        }
        let Told { report, passes, accepts } = self.report(&old, &new, &built, &args.report)?;
        if let Some(migrations) = migrations.filter(|_| !report.entries.is_empty()) {
            let planning = PlanOptions {
                diff: self.diff_options(&[&old, &new], &args.report.selection)?,
                renames: args.renames.clone(),
                is_online: args.online,
                ..PlanOptions::default()
            };
            // What has been accepted is not brought over: only what the report tells of is.
            let told = report.entries_by_object().into_keys().cloned().collect();
            let way = |from, to, planning: &PlanOptions| match accepts {
                true => plan_selected(from, to, planning, &told),
                false => plan(from, to, planning),
            };
            let (up, down) = (way(&old, &new, &planning)?, way(&new, &old, &planning.reversed())?);
            let found = Found { old: &old, new: &new, up, down, planning: &planning };
            revision::into(&migrations, &args.migration, &found)?;
        }
        Ok(passes)
    }

    async fn compare(&self, args: &CompareArgs) -> Result<bool> {
        let snapshots = self.read_all(&args.references).await?;
        let all: Vec<&Snapshot> = snapshots.iter().collect();
        let names = names::of(&args.references, &snapshots);
        let baseline =
            args.baseline.as_ref().map(|name| names::place(name, &names, &snapshots)).transpose()?;
        let options = self.diff_options(&all, &args.selection)?;
        let found = Agreement::new(&all, &names, baseline, &options);
        output::print(&match args.format {
            PlainFormat::Text => {
                render::agreement(&found, output::text_options(self.sources.color, args.verbose))
            }
            PlainFormat::Json => json(&found),
        })?;
        Ok(found.is_in_sync())
    }

    async fn lint(&self, args: &LintArgs) -> Result<bool> {
        let snapshot = self.read(&args.reference, None).await?;
        let options = self.diff_options(&[&snapshot], &args.selection)?;
        let is_asked = |lint: &&&Lint| match args.only.as_slice() {
            [] => args.all || !lint.is_taste,
            only => only.iter().any(|id| id == lint.id),
        };
        let is_allowed = |lint: &&&Lint| args.allow.iter().any(|id| id == lint.id);
        let lints: Vec<&Lint> =
            LINTS.iter().filter(is_asked).filter(|lint| !is_allowed(lint)).copied().collect();
        let found = diff_core::lint(&snapshot, &lints, &options);
        let label = if snapshot.source.label.is_empty() { &args.reference } else { &snapshot.source.label };
        output::print(&match args.format {
            PlainFormat::Text => self.lint_text(label, &found),
            PlainFormat::Json => json(&found),
        })?;
        Ok(found.is_empty())
    }

    fn lint_text(&self, label: &str, found: &[diff_core::Found]) -> String {
        render::lint(label, found, output::text_options(self.sources.color, false))
    }

    async fn view(&self, args: &ViewArgs) -> Result<bool> {
        let mut snapshots = self.read_all(&args.references).await?;
        self.add_own_migrations(&args.references, &mut snapshots).await?;
        if let Some(path) = &args.html {
            output::write_file(path, &page::report(&snapshots)?)?;
            output::tell(&format!("wrote {}: it opens in any browser, and needs no network", path.display()));
            return Ok(true);
        }
        let decisions = page::decisions(&self.config.renames, &self.config.ignore);
        tokio::select! {
            ended = page::serve(&snapshots, args.port, &decisions) => ended.map(|()| true),
            () = snapshot::interrupted() => Ok(true),
        }
    }

    /// The database to check: as typed, as the project set it, as the environment has it.
    fn database(&self, args: &CheckArgs) -> Result<String> {
        let databases = &self.config.databases;
        let named = |name: &String| match databases.contains_key(name) {
            true => Ok(format!("db:{name}")),
            // A bare word that is no file is a name that was mistyped.
            false if !name.contains([':', '/', '.']) && !Path::new(name).exists() => {
                let known = databases.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                let known = if known.is_empty() { "none".to_owned() } else { known };
                bail!("driftglass.toml names no database {name} under [databases]; it has {known}")
            }
            false => Ok(name.clone()),
        };
        match args.db.as_ref().or(self.config.db.as_ref()) {
            Some(set) => named(set),
            None => Ok(std::env::var("DATABASE_URL")
                .ok()
                .filter(|url| !url.is_empty())
                .unwrap_or_else(|| "db:".to_owned())),
        }
    }

    /// Reads both sides. Models are read last: their shadow database is given what the other side has.
    async fn read_both(&self, old: &str, new: &str) -> Result<(Snapshot, Snapshot)> {
        if old.starts_with("models:") || old == "empty:" {
            let new = self.read(new, None).await?;
            return Ok((self.read(old, Some(&new)).await?, new));
        }
        let old = self.read(old, None).await?;
        let new = self.read(new, Some(&old)).await?;
        Ok((old, new))
    }

    /// Reads any number of sources, in their order. Models are given what the first one has.
    async fn read_all(&self, references: &[String]) -> Result<Vec<Snapshot>> {
        if let [old, new] = references {
            let (old, new) = self.read_both(old, new).await?;
            return Ok(vec![old, new]);
        }
        let mut read: Vec<Snapshot> = Vec::new();
        for reference in references {
            let snapshot = self.read(reference, read.first()).await?;
            read.push(snapshot);
        }
        Ok(read)
    }

    /// Adds to several sources what the database's own migrations build: it tells what was changed by hand.
    async fn add_own_migrations(&self, references: &[String], read: &mut Vec<Snapshot>) -> Result<()> {
        for (reference, place) in references.iter().zip(0..).skip(1).filter(|_| references.len() > 2) {
            let own = match causes::own(&read[0], &read[place]) {
                Some(extent) if !is_file(reference) => {
                    self.read_part(reference, read.first(), extent).await?
                }
                _ => continue,
            };
            read.push(own);
        }
        Ok(())
    }

    pub(crate) async fn read(&self, reference: &str, beside: Option<&Snapshot>) -> Result<Snapshot> {
        self.read_part(reference, beside, Extent::All).await
    }

    /// Reads a source; of migrations as many as `extent` says.
    pub(crate) async fn read_part(
        &self,
        reference: &str,
        beside: Option<&Snapshot>,
        extent: Extent,
    ) -> Result<Snapshot> {
        let reference = causes::resolve(&self.config.resolve(reference)?, &self.config)?;
        let reference: Reference = reference.parse()?;
        let snapshot = snapshot::read(&reference, &Options { extent, ..self.options(beside) }).await?;
        Ok(if was_taken(&reference) { snapshot } else { self.stamped(snapshot) })
    }

    /// With the time, and the program that took it.
    pub(crate) fn stamped(&self, mut snapshot: Snapshot) -> Snapshot {
        let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now());
        snapshot.source.taken_at = Some(now.to_string());
        snapshot.source.tool = Some(format!("driftglass {}", env!("CARGO_PKG_VERSION")));
        snapshot
    }

    fn options(&self, beside: Option<&Snapshot>) -> Options {
        let (sources, config) = (self.sources, &self.config);
        let typed = sources.environment.iter().cloned();
        let python = sources.python.as_ref().or(config.python.as_ref()).cloned();
        for (name, value) in &sources.environment {
            snapshot::secrets::keep_setting(name, value);
        }
        Options {
            models: ModelOptions {
                python: python.clone(),
                paths: if sources.paths.is_empty() { config.path.clone() } else { sources.paths.clone() },
                environment: config.environment.clone().into_iter().chain(typed).collect(),
                init: sources.init.as_ref().or(config.init.as_ref()).cloned(),
            },
            shadow: ShadowOptions {
                url: sources.shadow.as_ref().or(config.shadow.as_ref()).cloned(),
                pg_bin: sources.pg_bin.clone(),
                python,
            },
            beside: beside.cloned(),
            extent: Extent::All,
        }
    }

    /// Compares, prints and writes; gives what it told, and whether the run passes.
    fn report(&self, old: &Snapshot, new: &Snapshot, built: &Built, args: &ReportArgs) -> Result<Told> {
        let gates = gates::Set::new(&args.gates, &self.config)?;
        let options = self.diff_options(&[old, new], &args.selection)?;
        let options = DiffOptions { accepted: gates.accepted(), ..options };
        let mut compared = compare(old, new, &options);
        let migrations: Vec<&Snapshot> = built.snapshots.iter().collect();
        if let Some(migrations) = Migrations::among(old, &migrations) {
            compared.tell_causes(old, new, migrations, &options);
        }
        compared.report.information.extend(built.trouble.iter().cloned());
        let outcome = forms::Outcome {
            old,
            new,
            compared: &compared,
            options: &options,
            stopped: gates.stopped(&compared.report),
            text: output::text_options(self.sources.color, args.verbose),
        };
        outcome.tell(args.format, &args.outputs)?;
        let report = compared.report;
        let sees_all = args.selection.tables.is_empty() && args.selection.ignore.is_empty();
        let passes = gates.pass(&report, sees_all)?;
        Ok(Told { report, passes, accepts: !options.accepted.is_empty() })
    }

    /// The renames that the project has confirmed.
    fn renames(&self) -> Result<Vec<Rename>> {
        let parse =
            |text: &String| text.parse().map_err(|error| anyhow!("`renames` of driftglass.toml: {error}"));
        self.config.renames.iter().map(parse).collect()
    }

    fn diff_options(&self, sides: &[&Snapshot], args: &Selection) -> Result<DiffOptions> {
        let ignore = args.ignore.iter().chain(&self.config.ignore);
        let options = DiffOptions {
            only: args.tables.iter().map(|pattern| Pattern::new(pattern)).collect(),
            ignore: ignore.map(|pattern| Pattern::new(pattern)).collect(),
            renames: self.renames()?,
            accepted: Vec::new(),
        };
        for pattern in &options.only {
            let is_known = sides.iter().flat_map(|side| side.objects.keys()).any(|id| pattern.matches(id));
            if !is_known {
                bail!("--table {}: neither side has such a table", pattern.as_str());
            }
        }
        Ok(options)
    }
}

/// Whether a reference is a snapshot that was taken before.
pub(crate) fn is_file(reference: &str) -> bool {
    let is_own = reference.starts_with("migrations:");
    !is_own && reference.parse().is_ok_and(|reference| was_taken(&reference))
}

fn was_taken(reference: &Reference) -> bool {
    matches!(reference, Reference::File(_) | Reference::Stored(_) | Reference::Stdin)
}
