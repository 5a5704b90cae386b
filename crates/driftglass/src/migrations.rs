//! The project's folder of Alembic revisions: where it is, what it ends in, and a new revision in it.

mod python;
pub(crate) mod settings;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use diff_core::render::Revision;
use diff_core::{Ledger, Snapshot, Tool};
use snapshot::limits;

use crate::output;
use settings::Settings;

/// How long Alembic lets a slug be.
const SLUG_LENGTH: usize = 40;

/// A folder of revisions.
#[derive(Debug)]
pub(crate) struct Migrations {
    settings: Settings,
    revisions: Vec<Known>,
}

/// A revision that is there.
#[derive(Debug)]
struct Known {
    id: String,
    follows: Vec<String>,
    file: PathBuf,
}

impl Migrations {
    /// Finds the folder: as it was given, or as Alembic's settings in the working folder say. `None` where there
    /// are none.
    pub(crate) fn find(given: Option<&Path>) -> Result<Option<Self>> {
        let settings = match given {
            // Settings that are named, as models' migrations are read by them.
            Some(file) if file.is_file() => Settings::read(folder_of(file))?,
            Some(folder) => {
                let within = folder.join("versions");
                let folder = if within.is_dir() { within } else { folder.to_owned() };
                // How files are named stands in the settings alone.
                let set = Settings::read(Path::new("."))?.unwrap_or_default();
                Some(Settings { folders: vec![folder], ..set })
            }
            None => Settings::read(Path::new("."))?,
        };
        settings.map(Self::read).transpose()
    }

    fn read(settings: Settings) -> Result<Self> {
        let mut revisions: Vec<Known> = Vec::new();
        for folder in &settings.folders {
            let failed = || format!("cannot read the migrations in {}", folder.display());
            let mut files: Vec<PathBuf> = Vec::new();
            for entry in fs::read_dir(folder).with_context(failed)? {
                files.push(entry.with_context(failed)?.path());
            }
            files.sort();
            for file in files.into_iter().filter(|file| is_script(file)) {
                let text = limits::file(&file, limits::TEXT)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                let said = match python::read(&String::from_utf8_lossy(&text)) {
                    Ok(said) => said,
                    Err(line) => bail!(
                        "{}:{line}: cannot tell the revision: it is read, not run, so it must be a plain string",
                        file.display()
                    ),
                };
                let Some(id) = said.revision else { continue };
                if let Some(other) = revisions.iter().find(|other| other.id == id) {
                    bail!("{} and {} are both revision {id}", other.file.display(), file.display());
                }
                revisions.push(Known { id, follows: said.follows, file });
            }
        }
        Ok(Self { settings, revisions })
    }

    /// The revision that a new one follows; none where there is none.
    ///
    /// # Errors
    /// Says what to do where there are several, or where the database is not there yet.
    pub(crate) fn head(&self, database: &Snapshot) -> Result<Option<String>> {
        let followed: BTreeSet<&String> = self.revisions.iter().flat_map(|one| &one.follows).collect();
        let heads: Vec<&Known> = self.revisions.iter().filter(|one| !followed.contains(&one.id)).collect();
        let head = match heads.as_slice() {
            [] if !self.revisions.is_empty() => bail!("the migrations follow each other in a circle"),
            [] => None,
            [one] => Some(one.id.clone()),
            several => {
                let list = several
                    .iter()
                    .map(|one| format!("{} ({})", one.id, one.file.display()))
                    .collect::<Vec<_>>()
                    .join(", ");
                bail!(
                    "the migrations have {} heads: {list}. Join them with `alembic merge heads`, run `alembic \
                     upgrade head`, and then run this again",
                    several.len()
                );
            }
        };
        let at: Vec<&String> = database.alembic_revisions().collect();
        let is_books = |ledger: &&Ledger| ledger.tool == Tool::Alembic;
        let has_books = database.source.ledgers.iter().any(|ledger| is_books(&ledger));
        if let Some(hidden) = database.source.ledgers.iter().filter(is_books).find(|ledger| ledger.is_hidden)
        {
            bail!(
                "at which revision the database is cannot be told: the role that read it may not read {}",
                hidden.table.dotted()
            );
        }
        if let Some(unknown) = at.iter().find(|id| !self.revisions.iter().any(|known| known.id == ***id)) {
            bail!(
                "the database is at {unknown}, which is none of the migrations in {}: is it the right folder? Give \
                 --migrations DIR",
                self.settings
                    .folders
                    .iter()
                    .map(|folder| folder.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        if let Some(head) = head.as_ref().filter(|head| has_books && !at.contains(head)) {
            let at = at.first().map_or("no revision", |id| id.as_str());
            bail!(
                "the database is at {at}, the migrations end in {head}: run `alembic upgrade head` first, so that \
                 nothing is done twice"
            );
        }
        Ok(head)
    }

    /// Writes a revision as a new file.
    ///
    /// # Errors
    /// Refuses where the revision, or a file of its name, is there already.
    pub(crate) fn write(&self, revision: &Revision, text: &str, now: &str) -> Result<PathBuf> {
        if let Some(known) = self.revisions.iter().find(|known| known.id == revision.id) {
            bail!("revision {} is there already: {}", revision.id, known.file.display());
        }
        let before = revision.down_revision.as_ref();
        let beside = before.and_then(|id| self.revisions.iter().find(|known| known.id == *id));
        let folder = match (beside.and_then(|known| known.file.parent()), self.settings.folders.first()) {
            (Some(folder), _) => folder,
            (None, Some(folder)) => folder,
            (None, None) => bail!("there is no folder for migrations; give --migrations DIR"),
        };
        let length = self.settings.slug_length.unwrap_or(SLUG_LENGTH);
        let slug = slug(&revision.message, length);
        let template = self.settings.file_template.as_deref();
        let name = template
            .and_then(|template| file_name(template, &revision.id, &slug, now))
            .unwrap_or_else(|| format!("{}_{slug}", revision.id));
        let path = folder.join(format!("{name}.py"));
        if path.exists() {
            bail!("{} is there already", path.display());
        }
        output::write_file(&path, text)?;
        Ok(path)
    }
}

/// The folder that a file is in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What Alembic takes for a revision's file.
fn is_script(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".py") && !name.starts_with("__init__") && !name.starts_with('.') && file.is_file()
}

/// A message as a part of a file's name, as Alembic makes it.
fn slug(message: &str, length: usize) -> String {
    let words = message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    if slug.chars().count() <= length {
        return slug;
    }
    let cut: String = slug.chars().take(length).collect();
    let whole = cut.rsplit_once('_').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}_")
}

/// A file's name by a template such as `%(year)d_%(month).2d_%(rev)s_%(slug)s`; `now` is as RFC 3339 has it.
fn file_name(template: &str, id: &str, slug: &str, now: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("%(") {
        name.push_str(before);
        let (token, after) = after.split_once(')')?;
        let (format, after) = after.split_at(after.find(['s', 'd'])? + 1);
        let value = match token {
            "rev" => id,
            "slug" => slug,
            "year" => now.get(..4)?,
            "month" => now.get(5..7)?,
            "day" => now.get(8..10)?,
            "hour" => now.get(11..13)?,
            "minute" => now.get(14..16)?,
            "second" => now.get(17..19)?,
            _ => return None,
        };
        match format {
            "s" | ".2d" | "02d" => name.push_str(value),
            "d" if token == "year" => name.push_str(value),
            "d" => name.push_str(value.trim_start_matches('0')),
            _ => return None,
        }
        rest = after;
    }
    name.push_str(rest);
    // A template with folders in it makes folders, which is left to Alembic.
    (!name.contains(['/', '%'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_alembic_s() {
        assert_eq!(slug("Bring the database to the models", 40), "bring_the_database_to_the_models");
        assert_eq!(slug("add ../../x; rm -rf 'y'", 40), "add_x_rm_rf_y");
        assert_eq!(slug("one two three four", 12), "one_two_");
    }

    #[test]
    fn templates_are_filled() {
        let name = |template| file_name(template, "abc", "it", "2026-03-04T05:06:07Z");
        assert_eq!(name("%(rev)s_%(slug)s").as_deref(), Some("abc_it"));
        assert_eq!(name("%(year)d_%(month).2d_%(day).2d-%(rev)s").as_deref(), Some("2026_03_04-abc"));
        assert_eq!(name("%(epoch)s"), None);
        assert_eq!(name("%(year)d/%(rev)s"), None);
    }
}
