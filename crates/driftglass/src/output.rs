//! Where results go: files that are written whole or not at all, and the terminal.

use std::fs::{self, Permissions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use diff_core::render::lines;
use diff_core::render::text::TextOptions;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::When;

/// How files begin that are being written.
const PREFIX: &str = ".driftglass-";
/// No write takes so long: what is older, a killed run has left.
const LEFT: Duration = Duration::from_secs(60 * 60);

/// Where no terminal tells its width.
const DEFAULT_WIDTH: usize = 100;

/// Writes a file beside its place and renames it, so that a failure leaves the old one as it was. A link is
/// followed, a device or pipe is written to, and a file that is there keeps its permissions.
pub(crate) fn write_file(path: &Path, content: &(impl AsRef<[u8]> + ?Sized)) -> Result<()> {
    write(path, content.as_ref()).with_context(|| format!("cannot write {}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let there = path.canonicalize().ok();
    let path = there.as_deref().unwrap_or(path);
    let mode = match fs::metadata(path) {
        Ok(found) if !found.is_file() => return heeding(|| fs::write(path, content)),
        Ok(found) => found.permissions().mode(),
        Err(_) => 0o666,
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::other("there is no such folder"));
    }
    // Once is enough, where thousands of files go into one folder.
    static SWEEP: Once = Once::new();
    SWEEP.call_once(|| remove_what_was_left(folder));
    finish_first();
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        // Its own text names the file beside it, which nobody knows.
        .map_err(|error| io::Error::from(error.kind()))?;
    // Not through the temporary file, whose errors name it too.
    file.as_file_mut().write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Whoever asks the program to end waits for the file: a run that ended here would leave it beside its place.
fn finish_first() {
    // Tests write without a runtime.
    if tokio::runtime::Handle::try_current().is_ok() {
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            // Where there can be no handler, the signal ends the program by itself.
            drop(signal(kind));
        }
    }
}

/// Does what may wait for ever: a pipe for whoever is to read it. The signals that the rest of the program hears for
/// itself end it meanwhile.
fn heeding<T>(work: impl FnOnce() -> T) -> T {
    let is_waiting = Arc::new(AtomicBool::new(true));
    let waits = Arc::clone(&is_waiting);
    // Not in the runtime that is there: its one thread is the one that waits.
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(snapshot::interrupted());
        if waits.load(Ordering::Relaxed) {
            tell("error: interrupted while writing");
            std::process::exit(i32::from(crate::FAILED));
        }
    });
    let done = work();
    is_waiting.store(false, Ordering::Relaxed);
    done
}

/// Removes what killed runs have left in a folder. What cannot be removed is not in the way.
fn remove_what_was_left(folder: &Path) {
    let is_left = |entry: &fs::DirEntry| {
        let is_own = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let written = || entry.metadata().and_then(|found| found.modified()).ok();
        is_own && written().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > LEFT)
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_left) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Writes behind what a file holds already.
pub(crate) fn append(path: &Path, text: &str) -> Result<()> {
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Prints to standard output. A reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match heeding(|| stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the output")
        }
        _ => Ok(()),
    }
}

/// Tells something beside the output, on standard error: without what is secret, and without what a terminal obeys.
/// Where nobody hears it, that is no failure.
pub(crate) fn tell(text: &str) {
    tell_shown(&unforged(&lines(&snapshot::secrets::mask(text))));
}

/// The same with a text that a renderer has made for the terminal.
pub(crate) fn tell_shown(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The text, where no line but the first is a message or CI's command: a name with a line feed in it may be either.
fn unforged(text: &str) -> String {
    const MESSAGES: [&str; 3] = ["error:", "warning:", "::"];
    let mut shown = String::with_capacity(text.len());
    for (at, part) in text.split('\n').enumerate() {
        let is_message = MESSAGES.iter().any(|start| part.trim_start().starts_with(start));
        match at {
            0 => {}
            _ if is_message => shown.push_str("‹U+000A›"),
            _ => shown.push('\n'),
        }
        shown.push_str(part);
    }
    shown
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_and_permissions_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_killed_runs_left_goes() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(std::time::SystemTime::now() - age).unwrap();
            path
        };
        let (left, fresh) = (make(".driftglass-a", 2 * LEFT), make(".driftglass-b", LEFT / 2));
        let other = make("a", 2 * LEFT);
        remove_what_was_left(folder.path());
        assert_eq!((left.exists(), fresh.exists(), other.exists()), (false, true, true));
    }

    #[test]
    fn no_line_is_forged() {
        assert_eq!(
            unforged("error: a\nerror: b\n  c\n ::error::d"),
            "error: a‹U+000A›error: b\n  c‹U+000A› ::error::d"
        );
    }

    #[test]
    fn a_device_is_written_to_not_replaced() {
        write_file(Path::new("/dev/null"), "gone").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
