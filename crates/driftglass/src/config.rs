//! `driftglass.toml`: the defaults of a project, so that `driftglass check` needs no arguments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use snapshot::limits;

/// The file's name, looked for in the working folder and above.
pub(crate) const FILE: &str = "driftglass.toml";

/// What a project has set.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// The models: `shop.models`.
    pub(crate) models: Option<String>,
    /// The database that `check` looks at: a URL, or a name of `databases`.
    pub(crate) db: Option<String>,
    /// The command that runs Python.
    pub(crate) python: Option<String>,
    /// Folders for Python's import path.
    pub(crate) path: Vec<String>,
    /// Variables to set before the models are imported.
    pub(crate) environment: BTreeMap<String, String>,
    /// Python to run before the models are imported.
    pub(crate) init: Option<String>,
    /// A server on which shadow databases may be created.
    pub(crate) shadow: Option<String>,
    /// The folder of Alembic revisions, or `sql:` and a folder of SQL files.
    pub(crate) migrations: Option<String>,
    /// Databases by name; `$NAME` in a URL stands for a variable.
    pub(crate) databases: BTreeMap<String, String>,
    /// Differences that are left out.
    pub(crate) ignore: Vec<String>,
    /// Objects that have another name in the models: `table:public.users=people`.
    pub(crate) renames: Vec<String>,
    /// What `check` and `diff` fail on.
    pub(crate) fail_on: Vec<String>,
    /// Rules whose differences are shown, and not failed on.
    pub(crate) allow: Vec<String>,
    /// The file of accepted differences.
    pub(crate) baseline: Option<String>,
}

/// The file that holds in a folder: the nearest at or above it.
pub(crate) fn path(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())
}

impl Config {
    /// Reads the nearest file at or above the working folder; without one, nothing is set.
    pub(crate) fn load() -> Result<Self> {
        let start = std::env::current_dir().context("cannot tell the working folder")?;
        match path(&start) {
            Some(path) => Self::read(&path, &start),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path, working: &Path) -> Result<Self> {
        let text = limits::text(path, limits::SETTINGS)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text, path, working)
    }

    /// What the text of the file at `path` sets, for a command that runs in `working`.
    pub(crate) fn parse(text: &str, path: &Path, working: &Path) -> Result<Self> {
        // Not the whole error: it shows the line, in which a password may stand.
        let mut config: Self = toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            anyhow!("{}:{line}: {}", path.display(), error.message())
        })?;
        config.keep_secrets();
        // Relative folders mean the project's, wherever in it the command runs. In the project's own folder they stay as
        // they are: the Python of a container has the same folders, below another.
        let root = path.parent().filter(|root| *root != working).unwrap_or(Path::new(""));
        config.path = config.path.iter().map(|folder| absolute(root, folder)).collect();
        config.migrations = config.migrations.map(|folder| absolute(root, &folder));
        config.baseline = config.baseline.map(|file| absolute(root, &file));
        Ok(config)
    }

    /// Whatever is told from now on is told without what is secret here.
    fn keep_secrets(&self) {
        let databases = self.databases.values().chain(&self.db).chain(&self.shadow).map(|url| ("", url));
        let variables = self.environment.iter().map(|(name, value)| (name.as_str(), value));
        for (name, value) in databases.chain(variables) {
            snapshot::secrets::keep_setting(name, value);
        }
    }

    /// The reference that `text` means: `db:NAME` is looked up, `db:$NAME` is what a variable holds, the rest is as it was.
    pub(crate) fn resolve(&self, text: &str) -> Result<String> {
        let name = text.strip_prefix("db:").unwrap_or_default();
        // A variable, since everybody on the machine sees what is typed.
        if name.starts_with('$') {
            return expand(name, &|name| std::env::var(name).ok());
        }
        match self.databases.get(name) {
            Some(url) => expand(url, &|name| std::env::var(name).ok()),
            None => Ok(text.to_owned()),
        }
    }
}

fn absolute(root: &Path, folder: &str) -> String {
    // A reference stays one.
    let (scheme, folder) = match folder.split_once(':') {
        Some((scheme @ ("sql" | "alembic"), folder)) => (format!("{scheme}:"), folder),
        _ => (String::new(), folder),
    };
    format!("{scheme}{}", root.join(PathBuf::from(folder)).display())
}

/// Replaces `$NAME` and `${NAME}` by variables.
fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String> {
    let mut parts = text.split('$');
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let braced = part.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (name, rest) = braced.unwrap_or_else(|| {
            part.split_at(part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len()))
        });
        let value = lookup(name).with_context(|| {
            format!("{FILE} or the reference names the variable {name}, which is not set")
        })?;
        expanded.push_str(&value);
        expanded.push_str(rest);
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        (name == "PW").then(|| "s".to_owned())
    }

    #[test]
    fn variables_are_expanded() {
        assert_eq!(expand("postgres://u:$PW@h/d", &lookup).unwrap(), "postgres://u:s@h/d");
        assert_eq!(expand("${PW}x", &lookup).unwrap(), "sx");
        assert_eq!(expand("plain", &lookup).unwrap(), "plain");
        assert!(expand("$GONE", &lookup).unwrap_err().to_string().contains("GONE, which is not set"));
    }

    #[test]
    fn folders_are_the_projects_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, "migrations = 'alembic:db/alembic.ini'\npath = ['src', '/opt']\n").unwrap();
        let config = Config::read(&path, folder.path()).unwrap();
        assert_eq!(
            (config.migrations.as_deref(), config.path[0].as_str()),
            (Some("alembic:db/alembic.ini"), "src")
        );
        let config = Config::read(&path, &folder.path().join("below")).unwrap();
        assert_eq!(config.migrations, Some(format!("alembic:{}/db/alembic.ini", folder.path().display())));
        assert_eq!(config.path[1], "/opt");
    }

    #[test]
    fn every_key_is_in_the_documents() {
        let error = toml::from_str::<Config>("wrong = 1").unwrap_err().to_string();
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md")).unwrap();
        let keys: Vec<&str> = error.split('`').skip(3).step_by(2).collect();
        assert!(keys.len() > 10, "{error}");
        for key in keys {
            let is_told = text.contains(&format!("| `{key}` |")) || text.contains(&format!("| `[{key}]` |"));
            assert!(is_told, "docs/settings.md has no row for {key}");
        }
    }

    #[test]
    fn a_wrong_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, "modles = 'x'\n").unwrap();
        let error = format!("{:#}", Config::read(&path, folder.path()).unwrap_err());
        assert!(error.contains("modles") && error.contains("models"), "{error}");
    }
}
