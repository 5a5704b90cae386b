//! The forms in which the command is given away, each with the page inside: a wheel, an installed program, a static one,
//! a Debian package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::environment::{Environment, is_on_path};
use crate::page;
use crate::sbom;
use crate::shell::{capture, cargo, run, step, target, without_folders};
use crate::wasm::cleared;

const MANIFEST: &str = "crates/driftglass/Cargo.toml";
const MATURIN: &str = "maturin==1.16.0";

/// The shells whose completions a Debian package carries, and the place of each below `usr/share`.
const COMPLETIONS: [(&str, &str); 3] =
    [("bash", "driftglass"), ("zsh", "_driftglass"), ("fish", "driftglass.fish")];

/// Builds the wheel of this machine in a folder of its own; gives its path.
///
/// # Errors
/// Where PyPI does not answer, or something does not build.
pub(crate) fn wheel(root: &Path, is_release: bool) -> Result<PathBuf> {
    step("building the page", || page::build(root))?;
    let maturin = Environment::ensure(root, "maturin", &[MATURIN])?;
    sbom::write(root)?;
    let out = root.join("target/wheels").join(if is_release { "release" } else { "debug" });
    if out.exists() {
        // What is installed from here by its pattern is of this build.
        fs::remove_dir_all(&out).with_context(|| format!("cannot remove {}", out.display()))?;
    }
    step("building the wheel", || {
        let mut command = cleared(Command::new(maturin.python()));
        command.args(["-m", "maturin", "build", "--locked", "--manifest-path", MANIFEST, "--out"]).arg(&out);
        command.args(["--sbom-include", sbom::FILE]);
        if is_release {
            without_folders(command.arg("--release"), root);
        }
        run(command.current_dir(root))
    })?;
    let mut wheels = fs::read_dir(&out).with_context(|| format!("cannot read {}", out.display()))?.flatten();
    wheels.next().map(|wheel| wheel.path()).context("maturin made no wheel")
}

/// Installs the command as `cargo install` does, below `to` where that is given.
///
/// # Errors
/// Where something does not build.
pub(crate) fn install(root: &Path, to: Option<&Path>) -> Result<()> {
    step("building the page", || page::build(root))?;
    let mut command = cargo();
    command.args(["install", "--locked", "--path", "crates/driftglass"]).current_dir(root);
    to.iter().for_each(|to| {
        command.arg("--root").arg(to);
    });
    run(&mut command)
}

/// Builds a program for any Linux of this machine's kind; gives its path.
///
/// # Errors
/// Where the target or `musl-gcc` is not installed, or something does not build.
pub(crate) fn static_program(root: &Path) -> Result<PathBuf> {
    ensure!(is_on_path("musl-gcc"), "musl-gcc is needed; on Debian run: apt-get install musl-tools");
    let triple = static_target();
    step("building the page", || page::build(root))?;
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--package", "driftglass", "--target", &triple]);
    let hint = || format!("is the target there? Run: rustup target add {triple}");
    without_folders(&mut command, root);
    step("building the static program", || run(command.current_dir(root)).with_context(hint))?;
    Ok(target(root).join(triple).join("release/driftglass"))
}

fn static_target() -> String {
    format!("{}-unknown-linux-musl", std::env::consts::ARCH)
}

/// Builds the Debian package in `target/debian`.
///
/// # Errors
/// Where `cargo deb` is not installed, or something does not build.
pub(crate) fn debian(root: &Path) -> Result<()> {
    ensure!(is_on_path("cargo-deb"), "cargo-deb is needed; run: cargo install cargo-deb --locked");
    // The static one: it depends on no version of anything, so one package is for every Debian.
    let built = static_program(root)?;
    share(&built, &root.join("target/share"))?;
    let mut command = cargo();
    command.args(["deb", "--no-build", "--package", "driftglass", "--target", &static_target(), "--output"]);
    command.arg(root.join("target/debian"));
    step("building the Debian package", || run(command.current_dir(root)))
}

/// Writes what belongs below `usr/share`: the manual and the completions, as the command itself has them.
fn share(command: &Path, folder: &Path) -> Result<()> {
    let completions = folder.join("completions");
    fs::create_dir_all(&completions).with_context(|| format!("cannot make {}", completions.display()))?;
    capture(Command::new(command).arg("man").arg(folder.join("man")))?;
    for (shell, file) in COMPLETIONS {
        let script = capture(Command::new(command).args(["completions", shell]))?;
        let path = completions.join(file);
        fs::write(&path, script).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
