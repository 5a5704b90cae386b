//! Where a project keeps its revisions, as `alembic.ini` or `pyproject.toml` says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use snapshot::limits;

/// What Alembic is told.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// The folders of revisions, the first of them Alembic's own choice for new ones.
    pub(super) folders: Vec<PathBuf>,
    /// How a file is named: `%(rev)s_%(slug)s`.
    pub(super) file_template: Option<String>,
    /// The longest slug.
    pub(super) slug_length: Option<usize>,
}

impl Settings {
    /// Reads the settings of a folder; `None` where it has none of Alembic's.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let ini = folder.join("alembic.ini");
        if ini.is_file() {
            let text = limits::text(&ini, limits::SETTINGS)
                .with_context(|| format!("cannot read {}", ini.display()))?;
            return Self::of_ini(&text, folder).with_context(|| format!("in {}", ini.display())).map(Some);
        }
        let project = folder.join("pyproject.toml");
        if project.is_file() {
            let text = limits::text(&project, limits::SETTINGS)
                .with_context(|| format!("cannot read {}", project.display()))?;
            return Self::of_project(&text, folder).with_context(|| format!("in {}", project.display()));
        }
        Ok(None)
    }

    /// What the text of `alembic.ini` sets, in a folder.
    pub(crate) fn of_ini(text: &str, folder: &Path) -> Result<Self> {
        Self::of(&section(text, "alembic"), folder)
    }

    /// What the text of `pyproject.toml` sets, in a folder; `None` where it has nothing of Alembic's.
    pub(crate) fn of_project(text: &str, folder: &Path) -> Result<Option<Self>> {
        // Not the whole error: it shows the line, in which a password may stand.
        let table: toml::Table =
            toml::from_str(text).map_err(|error: toml::de::Error| anyhow!("{}", error.message()))?;
        let Some(toml::Value::Table(own)) = table.get("tool").and_then(|tool| tool.get("alembic")) else {
            return Ok(None);
        };
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in own {
            let list = |list: &Vec<toml::Value>| {
                list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join("\n")
            };
            let text = match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Array(all) => list(all),
                toml::Value::Integer(number) => number.to_string(),
                // No other kind is looked at.
                _ => continue,
            };
            values.insert(name.clone(), text);
        }
        values.insert("path_separator".to_owned(), "newline".to_owned());
        Self::of(&values, folder).map(Some)
    }

    fn of(values: &BTreeMap<String, String>, folder: &Path) -> Result<Self> {
        let value = |name: &str| values.get(name).map(|text| filled(text, values, folder)).transpose();
        let scripts =
            value("script_location")?.context("script_location is not set; give --migrations DIR")?;
        let mut folders: Vec<PathBuf> = Vec::new();
        if let Some(list) = value("version_locations")? {
            let separator = match value("path_separator")?.or(value("version_path_separator")?).as_deref() {
                Some("os" | ":") => &[':'][..],
                Some(";") => &[';'],
                Some("newline") => &['\n'],
                Some("space") => &[' ', '\n'],
                _ => &[' ', ',', '\n'],
            };
            for part in list.split(separator).map(str::trim).filter(|part| !part.is_empty()) {
                folders.push(place(folder, part)?);
            }
        }
        if folders.is_empty() {
            folders.push(place(folder, &scripts)?.join("versions"));
        }
        Ok(Self {
            folders,
            file_template: value("file_template")?,
            slug_length: value("truncate_slug_length")?.and_then(|text| text.trim().parse().ok()),
        })
    }
}

/// A folder by its path, or by a package and a path within.
fn place(folder: &Path, text: &str) -> Result<PathBuf> {
    let path = match text.split_once(':') {
        Some((package, within)) => {
            PathBuf::from(package.replace('.', "/")).join(within.trim_start_matches('/'))
        }
        None => PathBuf::from(text),
    };
    // What lies in the working folder is shown as it was written.
    let path = match path.strip_prefix(".") {
        Ok(within) if folder == Path::new(".") => within.to_owned(),
        _ if folder == Path::new(".") => path,
        _ => folder.join(path),
    };
    if text.contains(':') && !path.is_dir() {
        bail!("{text} is within a package that is not in the working folder; give --migrations DIR");
    }
    Ok(path)
}

/// The values of a section of an ini file; those of `DEFAULT` are in each.
fn section(text: &str, wanted: &str) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let (mut is_wanted, mut last) = (false, None);
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            is_wanted = name == wanted || name == "DEFAULT";
            last = None;
        } else if line.starts_with([' ', '\t']) {
            if let Some(value) = last.as_ref().and_then(|name| values.get_mut(name)) {
                value.push('\n');
                value.push_str(bare);
            }
        } else if let Some((name, value)) = line.split_once(['=', ':']).filter(|_| is_wanted) {
            let name = name.trim().to_lowercase();
            values.insert(name.clone(), value.trim().to_owned());
            last = Some(name);
        }
    }
    values
}

/// Fills `%(here)s` and other values in; `%%` is a percent sign.
fn filled(text: &str, values: &BTreeMap<String, String>, here: &Path) -> Result<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push_str(before);
        if let Some(behind) = after.strip_prefix('%') {
            filled.push('%');
            rest = behind;
        } else if let Some((name, behind)) = after.strip_prefix('(').and_then(|it| it.split_once(")s")) {
            match values.get(name) {
                _ if name == "here" => filled.push_str(&here.to_string_lossy()),
                Some(value) if !value.contains('%') => filled.push_str(value),
                Some(value) if value.starts_with("%(here)s") && value.matches('%').count() == 1 => {
                    filled.push_str(&value.replacen("%(here)s", &here.to_string_lossy(), 1));
                }
                _ => bail!("{text}: no value for {name}"),
            }
            rest = behind;
        } else {
            filled.push('%');
            rest = after;
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ini_file_is_read() {
        let text = "[post]\nscript_location = no\n[alembic]\n# the place\nscript_location = %(here)s/db\n\
                    file_template = %%(year)d-%%(rev)s\nversion_locations =\n    %(here)s/a\n    %(here)s/b\n";
        let found = Settings::of(&section(text, "alembic"), Path::new("/p")).unwrap();
        assert_eq!(found.folders, [PathBuf::from("/p/a"), PathBuf::from("/p/b")]);
        assert_eq!(found.file_template.as_deref(), Some("%(year)d-%(rev)s"));
    }

    #[test]
    fn the_versions_lie_beside_the_scripts() {
        let found = Settings::of(
            &section("[alembic]\nscript_location: %(here)s/migrations\n", "alembic"),
            Path::new("."),
        )
        .unwrap();
        assert_eq!(found.folders, [PathBuf::from("migrations/versions")]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = Settings::of(&section("[alembic]\n", "alembic"), Path::new(".")).unwrap_err();
        assert!(format!("{error:#}").contains("script_location"), "{error:#}");
        let error =
            Settings::of(&section("[alembic]\nscript_location = gone.pkg:db\n", "alembic"), Path::new("."));
        assert!(format!("{:#}", error.unwrap_err()).contains("--migrations"));
    }
}
