//! What is depended on: licences, sources and bans of deny.toml, by cargo-deny. Advisories are left to the pipelines of
//! a project that can reach their database.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::shell::{cargo, run, step};

const CARGO_DENY: &str = "0.20.2";

/// Checks the dependencies.
///
/// # Errors
/// Where one of them is not allowed, or cargo-deny cannot be installed.
pub(crate) fn check(root: &Path) -> Result<()> {
    let tools = root.join("target/tools");
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        step("installing cargo-deny", || {
            let mut install = cargo();
            install.args(["install", "--quiet", "--locked", "--version", CARGO_DENY, "cargo-deny", "--root"]);
            run(install.arg(&tools))
        })?;
    }
    run(Command::new(program).args(["check", "licenses", "bans", "sources"]).current_dir(root))
}
