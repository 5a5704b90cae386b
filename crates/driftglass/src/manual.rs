//! What shells and `man` know of this command: both come from its definition.

use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Cli;
use crate::output;

const NAME: &str = env!("CARGO_PKG_NAME");

/// Prints what the shell runs in order to complete words of this command.
pub(crate) fn completions(shell: Shell) -> Result<bool> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    output::print(&String::from_utf8(script).context("a completion script is text")?)?;
    Ok(true)
}

/// Writes a page for each command into a folder, or prints the first one.
pub(crate) fn pages(folder: Option<&Path>) -> Result<bool> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(Cli::command()).render(&mut page).context("cannot write the page")?;
        output::print(&String::from_utf8(page).context("a page is text")?)?;
        return Ok(true);
    };
    let written: io::Result<()> =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    written.with_context(|| format!("cannot write the pages to {}", folder.display()))?;
    Ok(true)
}
