//! The crate `tests/outputs` twice: as a program of this machine, and as a module for browsers, in the page's own profile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::environment::{Environment, ensure_chromium};
use crate::page::{bind, compile, remove};
use crate::shell::{cargo, run, step, target};

/// How many times as long the browser may take.
const LIMIT: &str = "3";

/// Builds both into `target/outputs`; gives the folder.
///
/// # Errors
/// Where one of them does not build.
pub(crate) fn build(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/outputs");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    step("building what native and browser are compared by", || {
        run(cargo().args(["build", "--release", "--package", "outputs"]).current_dir(root))?;
        let (built, program) = (target(root).join("release/outputs"), folder.join("outputs"));
        fs::copy(&built, &program).with_context(|| format!("cannot copy {}", built.display()))?;
        bind(&compile(root, "outputs", &[])?, "outputs", &folder)
    })?;
    Ok(folder)
}

/// Where tests put the pairs of snapshots that they have read; empty now.
///
/// # Errors
/// Where those of the last run cannot be removed.
pub(crate) fn no_pairs(outputs: &Path) -> Result<PathBuf> {
    let pairs = outputs.join("pairs");
    remove(&pairs).map(|()| pairs)
}

/// Compares native and browser over the pairs of the last run of all tests.
///
/// # Errors
/// Where they differ, or something cannot be set up.
pub(crate) fn compare(root: &Path) -> Result<()> {
    let outputs = build(root)?;
    let browser = Environment::ensure(root, "page", &["tests/page/requirements.txt"])?;
    ensure_chromium()?;
    run(Command::new(browser.python())
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/page/test_equal.py"])
        .env("DRIFTGLASS_OUTPUTS", &outputs)
        .env("DRIFTGLASS_APP_SNAPSHOTS", root.join("target/apps"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root))
}

/// Prints how much longer the browser takes for a pair of `tables` tables, of which one in a hundred differs.
///
/// # Errors
/// Where something cannot be set up.
pub(crate) fn race(root: &Path, tables: u32) -> Result<()> {
    let outputs = build(root)?;
    let browser = Environment::ensure(root, "page", &["tests/page/requirements.txt"])?;
    ensure_chromium()?;
    let pair = outputs.join("large.pair");
    let [old, new] = viewer::large::pair(tables).map(|(_, text)| text);
    fs::write(&pair, format!("{old}\0{new}")).with_context(|| format!("cannot write {}", pair.display()))?;
    run(Command::new(browser.python())
        .arg("tests/page/sides.py")
        .arg(&pair)
        .arg(LIMIT)
        .env("DRIFTGLASS_OUTPUTS", &outputs)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root))
}
