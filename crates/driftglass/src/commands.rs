//! What each command does. Each tells whether the two sides agree.

use anyhow::{Context, Result, bail};
use diff_core::render::{self, json, text};
use diff_core::{DiffOptions, Pattern, Plan, PlanOptions, Report, Snapshot, diff, plan};
use snapshot::{ModelOptions, Options, Reference, ShadowOptions};

use crate::cli::{
    CheckArgs, Cli, Command, DiffArgs, Format, PlanArgs, PlanFormat, Planning, ReportArgs, Selection,
    ShadowCommand, SnapshotArgs, Sources, ViewArgs,
};
use crate::config::Config;
use crate::revision::{self, Found};
use crate::{output, page};

/// Runs the command that was typed.
pub(crate) async fn run(cli: &Cli) -> Result<bool> {
    let session = Session { sources: &cli.sources, config: Config::load()? };
    match &cli.command {
        Command::Snapshot(args) => session.snapshot(args).await,
        Command::Diff(args) => session.diff(args).await,
        Command::Plan(args) => session.plan(args).await,
        Command::Check(args) => session.check(args).await,
        Command::View(args) => session.view(args).await,
        Command::Shadow(ShadowCommand::Install) => {
            let folder = snapshot::install_server(&session.options(None).models)?;
            eprintln!("installed PostgreSQL server binaries in {}", folder.display());
            Ok(true)
        }
    }
}

/// What was typed for all commands, and what the project has set.
struct Session<'a> {
    sources: &'a Sources,
    config: Config,
}

impl Session<'_> {
    async fn snapshot(&self, args: &SnapshotArgs) -> Result<bool> {
        let beside = match &args.beside {
            Some(reference) => Some(self.read(reference, None).await?),
            None => None,
        };
        let mut snapshot = self.read(&args.reference, beside.as_ref()).await?;
        if args.no_provenance {
            snapshot.source.taken_at = None;
            snapshot.source.tool = None;
            if snapshot.source.kind == "database" {
                snapshot.source.label.clear();
            }
        }
        if args.no_sizes {
            snapshot.sizes.clear();
        }
        if let Some(label) = &args.label {
            snapshot.source.label.clone_from(label);
        }
        match &args.output {
            Some(path) => {
                output::write_file(path, &snapshot.to_json())?;
                eprintln!("wrote {}: {} objects", path.display(), snapshot.objects.len());
            }
            None => output::print(&snapshot.to_json())?,
        }
        for finding in &snapshot.findings {
            let origin = finding.origin.as_ref().map_or_else(String::new, |origin| format!("{origin}: "));
            eprintln!("warning: {origin}{}", finding.message);
        }
        Ok(true)
    }

    async fn diff(&self, args: &DiffArgs) -> Result<bool> {
        let (old, new) = self.read_both(&args.old, &args.new).await?;
        self.report(&old, &new, &args.report)
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
                eprintln!("error: {name} fails: {reason}\n  {}", sql.lines().next().unwrap_or_default());
            }
            for delta in &way.remaining {
                eprintln!("error: {name} does not arrive: {} still differs", delta.id);
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
            diff: self.diff_options(old, new, selection)?,
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
        let (old, new) = self.read_both(&self.database(args), &models).await?;
        let is_in_sync = self.report(&old, &new, &args.report)?;
        if let Some(migrations) = migrations.filter(|_| !is_in_sync) {
            let planning = PlanOptions {
                diff: self.diff_options(&old, &new, &args.report.selection)?,
                renames: args.renames.clone(),
                is_online: args.online,
                ..PlanOptions::default()
            };
            let (up, down) = (plan(&old, &new, &planning)?, plan(&new, &old, &planning.reversed())?);
            let found = Found { old: &old, new: &new, up, down, planning: &planning };
            revision::into(&migrations, &args.migration, &found)?;
        }
        Ok(is_in_sync)
    }

    async fn view(&self, args: &ViewArgs) -> Result<bool> {
        let snapshots = self.read_all(&args.references).await?;
        if let Some(path) = &args.html {
            output::write_file(path, &page::report(&snapshots)?)?;
            eprintln!("wrote {}: it opens in any browser, and needs no network", path.display());
            return Ok(true);
        }
        tokio::select! {
            ended = page::serve(&snapshots, args.port) => ended.map(|()| true),
            () = snapshot::interrupted() => Ok(true),
        }
    }

    /// The database to check: as typed, as the project set it, as the environment has it.
    fn database(&self, args: &CheckArgs) -> String {
        let named = |name: &String| match self.config.databases.contains_key(name) {
            true => format!("db:{name}"),
            false => name.clone(),
        };
        let set = args.db.as_ref().or(self.config.db.as_ref()).map(named);
        set.or_else(|| std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()))
            .unwrap_or_else(|| "db:".to_owned())
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

    async fn read(&self, reference: &str, beside: Option<&Snapshot>) -> Result<Snapshot> {
        let reference: Reference = self.config.resolve(reference)?.parse()?;
        let mut snapshot = snapshot::read(&reference, &self.options(beside)).await?;
        if !matches!(reference, Reference::File(_) | Reference::Stdin) {
            let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now());
            snapshot.source.taken_at = Some(now.to_string());
            snapshot.source.tool = Some(format!("driftglass {}", env!("CARGO_PKG_VERSION")));
        }
        Ok(snapshot)
    }

    fn options(&self, beside: Option<&Snapshot>) -> Options {
        let (sources, config) = (self.sources, &self.config);
        let typed = sources.environment.iter().cloned();
        let python = sources.python.as_ref().or(config.python.as_ref()).cloned();
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
        }
    }

    /// Compares, prints and writes; tells whether the two agree.
    fn report(&self, old: &Snapshot, new: &Snapshot, args: &ReportArgs) -> Result<bool> {
        let options = self.diff_options(old, new, &args.selection)?;
        let report = Report::new(old, new, &diff(old, new, &options), &options);
        if let Some(path) = &args.output {
            output::write_file(path, &json(&report))?;
        }
        output::print(&match args.format {
            Format::Text => text::text(&report, output::text_options(self.sources.color, args.verbose)),
            Format::Json => json(&report),
            Format::Sql => {
                render::sql(&plan(old, new, &PlanOptions { diff: options, ..PlanOptions::default() })?)
            }
        })?;
        Ok(report.is_in_sync())
    }

    fn diff_options(&self, old: &Snapshot, new: &Snapshot, args: &Selection) -> Result<DiffOptions> {
        let ignore = args.ignore.iter().chain(&self.config.ignore);
        let options = DiffOptions {
            only: args.tables.iter().map(|pattern| Pattern::new(pattern)).collect(),
            ignore: ignore.map(|pattern| Pattern::new(pattern)).collect(),
        };
        for pattern in &options.only {
            let known = old.objects.keys().chain(new.objects.keys()).any(|id| pattern.matches(id));
            if !known {
                bail!("--table {}: neither side has such a table", pattern.as_str());
            }
        }
        Ok(options)
    }
}
