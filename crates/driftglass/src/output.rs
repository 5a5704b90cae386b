//! Where results go: files that are written whole or not at all, and the terminal.

use std::fs::Permissions;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use diff_core::render::text::TextOptions;

use crate::cli::When;

/// Where no terminal tells its width.
const DEFAULT_WIDTH: usize = 100;

/// Writes a file beside its place and renames it, so that a failure leaves the old one as it was.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".driftglass-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Prints to standard output. A reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the output")
        }
        _ => Ok(()),
    }
}

/// How text is laid out on this terminal.
pub(crate) fn text_options(color: When, verbose: bool) -> TextOptions {
    let is_terminal = io::stdout().is_terminal();
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let width = terminal_size::terminal_size().map(|(width, _)| width.0.into());
    TextOptions {
        width: width.filter(|_| is_terminal).unwrap_or(DEFAULT_WIDTH),
        color: match color {
            When::Always => true,
            When::Never => false,
            When::Auto => !is_set("NO_COLOR") && (is_terminal || is_set("CLICOLOR_FORCE")) && !is_dumb(),
        },
        verbose,
    }
}

fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}
