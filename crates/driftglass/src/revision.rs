//! Writes a plan as a revision of Alembic's, and says what to know about it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use diff_core::render::{Revision, alembic, alembic_online};
use diff_core::{Action, Kind, Plan, PlanOptions, Snapshot};

use crate::causes;
use crate::cli::Migration;
use crate::config::Config;
use crate::migrations::Migrations;
use crate::output;

/// What a revision does unless it is said otherwise.
const MESSAGE: &str = "bring the database to the models";

/// Both sides, and the way there and back.
pub(crate) struct Found<'a> {
    pub(crate) old: &'a Snapshot,
    pub(crate) new: &'a Snapshot,
    pub(crate) up: Plan,
    pub(crate) down: Plan,
    /// How the way there was planned.
    pub(crate) planning: &'a PlanOptions,
}

/// The folder of revisions, which `check --fix` cannot do without.
pub(crate) fn folder(config: &Config, typed: &Migration) -> Result<Migrations> {
    find(config, typed)?.context(
        "where are the migrations? Give --migrations DIR, set `migrations` in driftglass.toml, or run this beside \
         alembic.ini",
    )
}

/// Writes the revision of `plan --format alembic`: to the file that was typed, to the folder of revisions, or
/// to standard output.
pub(crate) fn write(
    config: &Config,
    typed: &Migration,
    file: Option<&Path>,
    found: &Found<'_>,
) -> Result<()> {
    let migrations = find(config, typed)?;
    match (file, migrations) {
        (None, Some(migrations)) => into(&migrations, typed, found),
        (file, migrations) => {
            let head = migrations.map(|migrations| migrations.head(found.old)).transpose()?.flatten();
            let files = files(&revision(typed, found, head), found)?;
            match (file, files.as_slice()) {
                (Some(path), [(_, text)]) => output::write_file(path, text),
                (Some(path), several) => several
                    .iter()
                    .enumerate()
                    .try_for_each(|(at, (_, text))| output::write_file(&numbered(path, at + 1), text)),
                (None, several) => output::print(
                    &several.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n\n"),
                ),
            }
        }
    }
}

fn find(config: &Config, typed: &Migration) -> Result<Option<Migrations>> {
    let typed = typed.migrations.as_ref().map(|path| path.to_string_lossy().into_owned());
    let Some(given) = typed.as_ref().or(config.migrations.as_ref()) else { return Migrations::find(None) };
    let meant = causes::meant(given);
    match meant.strip_prefix("alembic:") {
        Some(path) => Migrations::find(Some(Path::new(path))),
        None => bail!("a revision of Alembic's is written into a folder of Alembic's, which {meant} is not"),
    }
}

/// Writes the revision as a new file, and says where, and what comes next.
pub(crate) fn into(migrations: &Migrations, typed: &Migration, found: &Found<'_>) -> Result<()> {
    let head = migrations.head(found.old)?;
    if found.up.is_empty() {
        output::tell("nothing to do: no revision written");
        return Ok(());
    }
    let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    let mut revision = revision(typed, found, head);
    revision.create_date = Some(now.trim_end_matches('Z').replace('T', " "));
    let mut paths = Vec::new();
    for (revision, text) in files(&revision, found)? {
        paths.push(migrations.write(&revision, &text, &now)?.display().to_string());
    }
    for note in &found.up.notes {
        output::tell(&format!("warning: {note}"));
    }
    for diff_core::Suggestion { rename, .. } in &found.up.suggestions {
        output::tell(&format!("warning: was it renamed? Then remove the file and add --rename '{rename}'"));
    }
    let dropped = |kind: Kind| {
        let is_drop = move |it: &&diff_core::Statement| it.object.kind() == kind && it.action == Action::Drop;
        found.up.statements().filter(is_drop).map(|it| it.object.to_string())
    };
    let gone: Vec<String> = [Kind::Table, Kind::Partition].into_iter().flat_map(dropped).collect();
    if !gone.is_empty() {
        output::tell(&format!(
            "warning: it drops what only the database has: {}. To keep one, remove the file and add --ignore",
            gone.join(", ")
        ));
    }
    match paths.as_slice() {
        [path] => output::tell(&format!("wrote {path}\nnext: read it, then run `alembic upgrade head`")),
        several => output::tell(&format!(
            "wrote {}\nnext: read them; each says when to run it with `alembic upgrade +1`",
            several.join("\n      ")
        )),
    }
    Ok(())
}

fn revision(typed: &Migration, found: &Found<'_>, head: Option<String>) -> Revision {
    let message = typed.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    Revision::new(found.old, found.new, head, message.unwrap_or(MESSAGE).to_owned())
}

/// The revisions and their files: one, or where others go on meanwhile one for each phase.
fn files(revision: &Revision, found: &Found<'_>) -> Result<Vec<(Revision, String)>> {
    if found.planning.is_online && !found.up.is_empty() {
        return Ok(alembic_online(&found.up, found.old, found.new, found.planning, revision)?);
    }
    Ok(vec![(revision.clone(), alembic(&found.up, &found.down, found.old, found.new, revision))])
}

/// `change.py` as `change_2.py`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}_{number}.py"))
}
