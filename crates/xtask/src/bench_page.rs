//! How fast the page is with many tables, against what the same browser takes to parse the same files; and how
//! large it is, against its limits.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::environment::{Environment, ensure_chromium};
use crate::shell::{build_command, run, step};

/// Makes a pair of `tables` tables, opens it in Chromium, and prints times as ratios, and the sizes.
///
/// # Errors
/// Where the page cannot be built or opened, or is larger than it may be.
pub(crate) fn show(root: &Path, tables: u32) -> Result<()> {
    build_command(root, &[])?;
    let browser = Environment::ensure(root, "page", &["tests/page/requirements.txt"])?;
    ensure_chromium()?;
    let folder = root.join("target/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let files = step("making a pair of snapshots", || {
        viewer::large::pair(tables)
            .into_iter()
            .map(|(name, text)| {
                let path = folder.join(name);
                fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
                Ok(path)
            })
            .collect::<Result<Vec<_>>>()
    })?;
    run(Command::new(browser.python())
        .arg("tests/page/bench.py")
        .args(&files)
        .env("DRIFTGLASS_PAGE", root.join("target/www"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root))
}
