//! The files of a folder: which of them are migrations, in which order, and what of each goes forward.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diff_core::Revision;

use crate::{Error, Extent, limits};

/// A file to run.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// The version that its name tells; none where it tells none.
    version: Option<String>,
}

/// Where the way back begins in files that hold both: dbmate's, goose's, sql-migrate's.
const DOWN: [&str; 3] = ["-- migrate:down", "-- +goose Down", "-- +migrate Down"];

/// What Flyway runs whenever it has changed, behind all versions.
const REPEATABLE: &str = "R__";

/// Reads the file, or those of the folder: migrations by version, others by name.
///
/// # Errors
/// Names what cannot be read, or that there is nothing.
pub(super) fn read(path: &Path) -> Result<Vec<File>, Error> {
    let failed = |source| Error::ReadFile { path: path.to_owned(), source };
    let paths = if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(failed)?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| goes_forward(&name(path)));
        paths.sort();
        paths
    } else {
        vec![path.to_owned()]
    };
    if paths.is_empty() {
        let text = format!("sql:{}", path.display());
        return Err(Error::Reference { text, reason: "the folder holds no .sql file".to_owned() });
    }
    let read = |path: PathBuf| match limits::text(&path, limits::TEXT) {
        Ok(text) => {
            let text = forward(text.trim_start_matches('\u{feff}')).to_owned();
            Ok(File { version: version(&name(&path)), path, text })
        }
        Err(source) => Err(Error::ReadFile { path, source }),
    };
    let mut files: Vec<File> = paths.into_iter().map(read).collect::<Result<_, _>>()?;
    if is_versioned(path, &files) {
        files.sort_by(|a, b| by_version(a.version.as_deref(), b.version.as_deref()));
    }
    Ok(files)
}

/// The history that a folder of migrations tells; empty for any other.
pub(super) fn history(path: &Path, files: &[File]) -> Vec<Revision> {
    let mut history: Vec<Revision> = Vec::new();
    for file in files.iter().filter(|_| is_versioned(path, files)) {
        let Some(id) = file.version.clone() else { continue };
        let follows = history.last().map(|last| last.id.clone()).into_iter().collect();
        history.push(Revision { id, follows, file: file.path.display().to_string() });
    }
    history
}

/// Leaves those versions alone that are wanted, and what has no version.
///
/// # Errors
/// Where the last one that is wanted is not there.
pub(super) fn limit(files: &mut Vec<File>, extent: &Extent, path: &Path) -> Result<(), Error> {
    match extent {
        Extent::All => {}
        Extent::UpTo(last) => {
            let is_last = |file: &File| file.version.as_ref() == Some(last);
            let Some(place) = files.iter().position(is_last) else {
                let text = format!("sql:{}", path.display());
                return Err(Error::Reference { text, reason: format!("it has no migration {last}") });
            };
            let mut place = (0..=place).rev();
            files.retain(|file| place.next().is_some() || file.version.is_none());
        }
        Extent::Only(some) => {
            files.retain(|file| file.version.as_ref().is_none_or(|version| some.contains(version)));
        }
    }
    Ok(())
}

/// Whether a folder holds migrations: every file tells a version of its own, but for those that have none.
fn is_versioned(path: &Path, files: &[File]) -> bool {
    let versions: BTreeSet<&String> = files.iter().filter_map(|file| file.version.as_ref()).collect();
    let repeatable = files.iter().filter(|file| name(&file.path).starts_with(REPEATABLE)).count();
    path.is_dir() && !versions.is_empty() && versions.len() + repeatable == files.len()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file is SQL, and not the way back: `1_a.down.sql`, or Flyway's `U1__a.sql`.
fn goes_forward(name: &str) -> bool {
    let is_undo = name
        .strip_prefix('U')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("__"));
    name.ends_with(".sql") && !name.ends_with(".down.sql") && !is_undo
}

/// The version in a name: `V1_2__a.sql` is `1.2`, `0001_a.up.sql` is `0001`, `shop.0001_a.sql` is `shop.0001_a`.
pub(crate) fn version(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".sql")?;
    if let Some((version, _)) = stem.strip_prefix('V').and_then(|rest| rest.split_once("__")) {
        let version = version.replace('_', ".");
        return version.starts_with(|c: char| c.is_ascii_digit()).then_some(version);
    }
    let digits = stem.len() - stem.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let is_end = stem[digits..].is_empty() || stem[digits..].starts_with(['_', '-', '.']);
        return is_end.then(|| stem[..digits].to_owned());
    }
    // Django's, of an application: a name, a number of four digits, a name.
    let number = stem.find(|c: char| c.is_ascii_digit())?;
    let (before, after) = stem.split_at(number);
    let count = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (count == 4 && before.ends_with(['.', '_']) && after[4..].starts_with('_')).then(|| stem.to_owned())
}

/// Numbers as numbers, the rest as text; what has no version comes last.
fn by_version(a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none().cmp(&b.is_none()) };
    let parts = |text: &str| {
        let part = |part: &str| {
            let bare = part.trim_start_matches('0');
            if part.chars().all(|c| c.is_ascii_digit()) {
                (bare.len(), bare.to_owned())
            } else {
                (0, part.to_owned())
            }
        };
        text.split('.').map(part).collect::<Vec<_>>()
    };
    parts(a).cmp(&parts(b))
}

/// The text without the way back.
pub(crate) fn forward(text: &str) -> &str {
    let is_down = |line: &str| DOWN.iter().any(|down| line.starts_with(down));
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if is_down(line) {
            return &text[..end];
        }
        end += line.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_versions() {
        let cases = [
            ("V1_2__a.sql", Some("1.2")),
            ("V20240101__a.sql", Some("20240101")),
            ("0001_a.up.sql", Some("0001")),
            ("20240101120000-a.sql", Some("20240101120000")),
            ("3.sql", Some("3")),
            ("shop.0001_initial.sql", Some("shop.0001_initial")),
            ("R__views.sql", None),
            ("schema.sql", None),
            ("2fast.sql", None),
        ];
        for (name, expected) in cases {
            assert_eq!(version(name).as_deref(), expected, "{name}");
        }
        assert!(goes_forward("1_a.up.sql") && goes_forward("Users.sql"));
        assert!(!goes_forward("1_a.down.sql") && !goes_forward("U1__a.sql") && !goes_forward("a.txt"));
    }

    #[test]
    fn folders_are_in_the_order_of_versions() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["V10__c.sql", "V2__b.sql", "V2_1__b.sql", "R__views.sql", "U2__b.sql", "V1__a.sql"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let files = read(folder.path()).unwrap();
        let names: Vec<String> = files.iter().map(|file| name(&file.path)).collect();
        assert_eq!(names, ["V1__a.sql", "V2__b.sql", "V2_1__b.sql", "V10__c.sql", "R__views.sql"]);
        let history = history(folder.path(), &files);
        assert_eq!(history[3].follows, ["2.1"]);
        let left = |extent: Extent| {
            let mut files = read(folder.path()).unwrap();
            limit(&mut files, &extent, folder.path())
                .map(|()| files.iter().map(|file| name(&file.path)).collect())
        };
        let left = |extent: Extent| left(extent).map(|names: Vec<String>| names.join(" "));
        assert_eq!(left(Extent::UpTo("2".into())).unwrap(), "V1__a.sql V2__b.sql R__views.sql");
        assert_eq!(left(Extent::Only(vec!["10".into()])).unwrap(), "V10__c.sql R__views.sql");
        assert!(left(Extent::UpTo("7".into())).is_err());
        // A file that is no migration makes the folder one of files.
        std::fs::write(folder.path().join("schema.sql"), "").unwrap();
        assert!(super::history(folder.path(), &read(folder.path()).unwrap()).is_empty());
    }

    #[test]
    fn the_way_back_is_left_out() {
        assert_eq!(forward("-- migrate:up\na;\n-- migrate:down\nb;\n"), "-- migrate:up\na;\n");
        assert_eq!(forward("a;\n-- +goose Down\nb;"), "a;\n");
        assert_eq!(forward("a;"), "a;");
    }
}
