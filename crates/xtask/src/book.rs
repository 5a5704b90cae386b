//! The book: the documents below `docs`, by mdBook.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell::{capture, cargo};

/// The version that the book is built with.
const VERSION: &str = "0.5.4";

/// Builds the book in `target/book`; mdBook is installed below `target/tools`.
///
/// # Errors
/// Where mdBook cannot be installed, or has something to complain about.
pub(crate) fn build(root: &Path) -> Result<()> {
    let tools = root.join("target/tools");
    let program = tools.join("bin/mdbook");
    let found = capture(Command::new(&program).arg("--version")).unwrap_or_default();
    if found.trim() != format!("mdbook v{VERSION}") {
        let mut install = cargo();
        // Without its server and its watcher it is built in a minute.
        install.args([
            "install",
            "mdbook",
            "--locked",
            "--debug",
            "--no-default-features",
            "--version",
            VERSION,
        ]);
        capture(install.arg("--root").arg(&tools).current_dir(root))
            .context("crates.io is needed for mdBook")?;
    }
    capture(Command::new(&program).args(["build", "docs"]).current_dir(root))?;
    let start = root.join("target/book/start.html");
    ensure!(start.is_file(), "mdBook wrote no {}", start.display());
    Ok(())
}
