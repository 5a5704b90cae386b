//! Running other programs, and telling what is going on.

use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use anyhow::{Context, Result, bail};

use crate::page;
use crate::wasm::cleared;

/// Does `work` under a title, with a sign of life while it takes long and the seconds when it is done.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
    let start = Instant::now();
    eprintln!("• {title}");
    let (done, watch) = channel::<()>();
    let is_terminal = io::stderr().is_terminal();
    let ticker = thread::spawn(move || {
        while watch.recv_timeout(SIGN_OF_LIFE) == Err(RecvTimeoutError::Timeout) {
            if is_terminal {
                eprintln!("  … {} s", start.elapsed().as_secs());
            }
        }
    });
    let result = work();
    drop(done);
    // The thread only waits and prints.
    let _ = ticker.join();
    if result.is_ok() && start.elapsed().as_secs() > 0 {
        eprintln!("  done in {} s", start.elapsed().as_secs());
    }
    result
}

/// Runs a program that shows its own output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", program(command)))?;
    if status.success() { Ok(()) } else { bail!("{} failed ({status})", program(command)) }
}

/// Runs a program quietly and gives what it printed; what it said is shown where it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {}", program(command)))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{} failed ({}):\n{}", program(command), output.status, String::from_utf8_lossy(&said).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no text", program(command)))
}

/// Runs a program, shows what it prints on either output and keeps it; tells whether it succeeded.
pub(crate) fn tee(command: &mut Command) -> Result<(bool, String)> {
    let (reader, writer) = io::pipe().context("cannot make a pipe")?;
    command.stdout(writer.try_clone().context("cannot share a pipe")?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot run {}", program(command)))?;
    // The command holds the pipe's other end, and would keep it open for ever.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
    let mut kept = String::new();
    for line in BufReader::new(reader).lines() {
        let line = line.context("cannot read a program's output")?;
        println!("{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    let status = child.wait().context("cannot wait for a program")?;
    Ok((status.success(), kept))
}

fn program(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).take(6).collect::<Vec<_>>().join(" ")
}

/// Cargo, as if it had been typed.
pub(crate) fn cargo() -> Command {
    cleared(Command::new("cargo"))
}

/// Leaves the folders of this machine out of what is compiled: programs say where in their sources they would panic. So
/// the same sources give the same bytes, wherever they stand.
pub(crate) fn without_folders<'c>(command: &'c mut Command, root: &Path) -> &'c mut Command {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let mut flags: Vec<String> = env::var("RUSTFLAGS")
        .map_or_else(|_| Vec::new(), |flags| flags.split_whitespace().map(str::to_owned).collect());
    // The last that fits is taken: what cargo builds may stand below the project.
    for (folder, name) in
        [(home, "cargo"), (Some(root.to_owned()), "driftglass"), (Some(target(root)), "target")]
    {
        flags.extend(folder.map(|folder| format!("--remap-path-prefix={}=/{name}", folder.display())));
    }
    command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
}

/// Builds the page and the command with it inside; gives the command's path.
pub(crate) fn build_command(root: &Path, flags: &[&str]) -> Result<PathBuf> {
    step("building the page", || page::build(root))?;
    step("building the command", || {
        let mut command = cargo();
        // As the tests have it, so that these do not build the command again; and whatever the environment says.
        command.env("DRIFTGLASS_PAGE", root.join("target/www"));
        run(command.args(["build", "--package", "driftglass"]).args(flags).current_dir(root))
    })?;
    let profile = if flags.contains(&"--release") { "release" } else { "debug" };
    Ok(target(root).join(profile).join("driftglass"))
}

/// Where cargo builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}
