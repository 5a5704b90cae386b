//! Builds the migrations for `check`: all of them, and those that the database has had.

use std::path::Path;

use anyhow::{Context, Result};
use diff_core::{Migrations, Snapshot};

use snapshot::Extent;

use crate::cli::CheckArgs;
use crate::commands::{Session, is_file};
use crate::config::Config;
use crate::migrations::settings::Settings;

/// What could be built, and what to say where something could not.
#[derive(Default)]
pub(crate) struct Built {
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) trouble: Vec<String>,
}

/// Builds the migrations of the project; nothing where it has none, or where they are not asked for. What goes wrong
/// stops nothing: the comparison stands without them.
pub(crate) async fn build(session: &Session<'_>, args: &CheckArgs, database: &Snapshot) -> Result<Built> {
    let mut built = Built::default();
    if !database.source.history.is_empty() {
        // It is migrations that are checked: there are none but these. Those of plain SQL keep no books to tell by.
        let has_books = !database.source.ledgers.is_empty();
        built.snapshots.extend(has_books.then(|| database.clone()));
        return Ok(built);
    }
    let Some(reference) = reference(session, args)? else { return Ok(built) };
    let Some(head) = attempt(session, &reference, database, Extent::All, &mut built.trouble).await? else {
        return Ok(built);
    };
    let history = &head.source.history;
    if history.is_empty() {
        built
            .trouble
            .push(format!("Why differences are there is not told: there are no migrations in {reference}."));
        return Ok(built);
    }
    if let Some(own) = own(database, &head).filter(|_| !is_file(&reference)) {
        let at = attempt(session, &reference, database, own, &mut built.trouble).await?;
        built.snapshots.extend(at);
    }
    built.snapshots.push(head);
    Ok(built)
}

/// Those migrations that the database has had, where that is a part of them.
pub(crate) fn own(database: &Snapshot, head: &Snapshot) -> Option<Extent> {
    let applied = Migrations { head, at: None }.applied(database);
    let is_part = !applied.is_empty() && applied.len() < head.source.history.len();
    is_part.then_some(Extent::Only(applied))
}

async fn attempt(
    session: &Session<'_>,
    reference: &str,
    database: &Snapshot,
    extent: Extent,
    trouble: &mut Vec<String>,
) -> Result<Option<Snapshot>> {
    match session.read_part(reference, Some(database), extent).await {
        Ok(snapshot) => {
            for finding in &snapshot.findings {
                if !trouble.contains(&finding.message) {
                    trouble.push(finding.message.clone());
                }
            }
            Ok(Some(snapshot))
        }
        Err(error) if matches!(error.downcast_ref(), Some(snapshot::Error::Interrupted)) => Err(error),
        Err(error) => {
            // It comes into the report.
            let reason = snapshot::secrets::mask(&format!("{error:#}"));
            let reason = reason.lines().next().unwrap_or_default().trim_end_matches('.');
            trouble.push(format!("Why differences are there is not fully told: {reason}."));
            Ok(None)
        }
    }
}

/// The migrations as a reference: as they were typed, as the project set them, as Alembic's settings are here.
fn reference(session: &Session<'_>, args: &CheckArgs) -> Result<Option<String>> {
    if args.no_migrations {
        return Ok(None);
    }
    match &args.migration.migrations {
        Some(typed) => Ok(Some(meant(&typed.to_string_lossy()))),
        None => of_project(&session.config),
    }
}

/// The project's own migrations: as it set them, as Alembic's settings are here. `None` where it has none.
fn of_project(config: &Config) -> Result<Option<String>> {
    if let Some(given) = &config.migrations {
        return Ok(Some(meant(given)));
    }
    let here = ["alembic.ini", "pyproject.toml"].into_iter().find(|name| Path::new(name).is_file());
    let is_set = here == Some("alembic.ini") || Settings::read(Path::new("."))?.is_some();
    Ok(here.filter(|_| is_set).map(|name| format!("alembic:{name}")))
}

/// What `migrations:` and `migrations:PATH` mean; any other reference is itself.
pub(crate) fn resolve(reference: &str, config: &Config) -> Result<String> {
    match reference.strip_prefix("migrations:") {
        None => Ok(reference.to_owned()),
        Some("") => of_project(config)?.context(
            "where are the migrations? Write migrations:PATH, set `migrations` in driftglass.toml, or run this beside \
             alembic.ini",
        ),
        Some(path) => Ok(meant(path)),
    }
}

/// What a path means: a folder of SQL files, a snapshot, or Alembic's.
pub(crate) fn meant(given: &str) -> String {
    let is_reference = ["sql:", "alembic:"].iter().any(|scheme| given.starts_with(scheme));
    if is_reference || given.ends_with(".json") || given.ends_with(".json.gz") {
        return given.to_owned();
    }
    let folder = Path::new(given);
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let has_env = folder.join("env.py").is_file();
    if !has_env && names.any(|name| name.ends_with(".sql")) {
        return format!("sql:{given}");
    }
    format!("alembic:{given}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_by_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        assert_eq!(meant(&path), format!("alembic:{path}"));
        std::fs::write(folder.path().join("001_a.sql"), "").unwrap();
        assert_eq!(meant(&path), format!("sql:{path}"));
        std::fs::write(folder.path().join("env.py"), "").unwrap();
        assert_eq!(meant(&path), format!("alembic:{path}"));
        assert_eq!(meant("sql:x"), "sql:x");
        assert_eq!(meant("built.json"), "built.json");
    }

    #[test]
    fn a_project_has_migrations_of_its_own() {
        let set = Config { migrations: Some("sql:db".to_owned()), ..Config::default() };
        assert_eq!(resolve("migrations:", &set).unwrap(), "sql:db");
        assert_eq!(resolve("migrations:db/alembic.ini", &set).unwrap(), "alembic:db/alembic.ini");
        assert_eq!(resolve("models:shop", &set).unwrap(), "models:shop");
        let error = resolve("migrations:", &Config::default()).unwrap_err();
        assert!(error.to_string().contains("migrations:PATH"), "{error}");
    }
}
