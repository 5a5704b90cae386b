//! Finds or makes a Rust toolchain that can compile for `wasm32-unknown-unknown`.
//!
//! Where rustup can download the target, that is all. Where it cannot, Debian has a Rust with the sources of
//! its standard library: the library is built from them once and linked as a toolchain of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, bail, ensure};

/// What browsers run.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The toolchain that is made from Debian's Rust.
const DEBIAN: &str = "debian-wasm";

/// The name of a toolchain that can compile for [`TARGET`]; made if there is none. Says what it does.
///
/// # Errors
/// Fails where there is none and none can be made, with the command that helps.
pub(crate) fn toolchain() -> Result<String> {
    let active = active()?;
    if let Some(found) = [active.as_str(), DEBIAN].into_iter().find(|name| compiles(name)) {
        return Ok(found.to_owned());
    }
    println!("xtask: rustup target add {TARGET}");
    let added =
        cleared(Command::new("rustup")).args(["target", "add", "--toolchain", &active, TARGET]).status();
    if added.is_ok_and(|status| status.success()) && compiles(&active) {
        return Ok(active);
    }
    if !is_debian_root() {
        bail!("no Rust here compiles for {TARGET}; run: rustup target add {TARGET}");
    }
    println!(
        "xtask: rustup cannot download {TARGET}; building it from Debian's Rust, once (about 2 minutes)"
    );
    from_debian(&active).context("cannot build the standard library from Debian's sources")?;
    ensure!(
        compiles(DEBIAN),
        "the toolchain {DEBIAN} was made and does not compile; run: rustup target add {TARGET}"
    );
    Ok(DEBIAN.to_owned())
}

/// A command that does not see the cargo and toolchain it was started by.
pub(crate) fn cleared(mut command: Command) -> Command {
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    command
}

fn active() -> Result<String> {
    let name = output(cleared(Command::new("rustup")).args(["show", "active-toolchain"]))
        .context("rustup is needed to find a toolchain for the page; see https://rustup.rs")?;
    let name = name
        .split_whitespace()
        .next()
        .context("rustup has no active toolchain; run: rustup default stable")?;
    Ok(name.to_owned())
}

/// Whether a toolchain has a standard library for the target, and one that its compiler can read.
fn compiles(toolchain: &str) -> bool {
    let probe = cleared(Command::new("rustc"))
        .arg(format!("+{toolchain}"))
        .args([
            "--target",
            TARGET,
            "--crate-type",
            "lib",
            "--crate-name",
            "probe",
            "--emit",
            "metadata",
            "-o",
            "-",
            "-",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success())
}

fn is_debian_root() -> bool {
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    is_root && Path::new("/etc/debian_version").exists()
}

/// Installs Debian's Rust, builds the standard library for the target, and links both as a toolchain.
fn from_debian(active: &str) -> Result<()> {
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .args(["install", "-y", "-qq", "--no-install-recommends", "rustc-web", "cargo-web", "rust-web-src"])
        .env("DEBIAN_FRONTEND", "noninteractive"))?;
    let work = env::temp_dir().join(format!("driftglass-std-{}", std::process::id()));
    let built = build_std(&work).and_then(|libraries| link(active, &libraries));
    // The toolchain has its own copy.
    fs::remove_dir_all(&work).ok();
    built
}

/// Builds an empty library for the target, and with it the standard library from its sources.
fn build_std(work: &Path) -> Result<PathBuf> {
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(work.join("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n")?;
    // `build-std` is a nightly flag; a distribution's compiler may be told to accept it.
    let mut cargo = cleared(Command::new("/usr/bin/cargo"));
    cargo
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,proc_macro,test"])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .current_dir(work);
    run(&mut cargo)?;
    Ok(work.join("target").join(TARGET).join("release/deps"))
}

/// A toolchain of Debian's compiler and libraries, the standard library just built, and rustup's own linker.
fn link(active: &str, libraries: &Path) -> Result<()> {
    let host = output(Command::new("/usr/bin/rustc").args(["--print", "host-tuple"]))?;
    let sysroot =
        output(cleared(Command::new("rustc")).arg(format!("+{active}")).args(["--print", "sysroot"]))?;
    let root = rustup_home()?.join(DEBIAN);
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let (ours, theirs) = (root.join("lib/rustlib"), Path::new("/usr/lib/rustlib"));
    let standard = ours.join(TARGET).join("lib");
    for folder in [&root.join("bin"), &ours.join(&host).join("bin"), &standard] {
        fs::create_dir_all(folder)?;
    }
    for tool in ["rustc", "rustdoc"] {
        let script = format!("#!/bin/sh\nexec /usr/bin/{tool} --sysroot '{}' \"$@\"\n", root.display());
        write_program(&root.join("bin").join(tool), &script)?;
    }
    symlink(Path::new("/usr/bin/cargo"), &root.join("bin/cargo"))?;
    symlink(&theirs.join(&host).join("lib"), &ours.join(&host).join("lib"))?;
    let linker = Path::new("lib/rustlib").join(&host).join("bin/rust-lld");
    symlink(&Path::new(&sysroot).join(&linker), &root.join(&linker))?;
    for entry in fs::read_dir(libraries)? {
        let path = entry?.path();
        if let (Some("rlib"), Some(name)) = (path.extension().and_then(|it| it.to_str()), path.file_name()) {
            fs::copy(&path, standard.join(name))?;
        }
    }
    run(cleared(Command::new("rustup")).args(["toolchain", "link", DEBIAN]).arg(&root))
}

fn rustup_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("RUSTUP_HOME") {
        return Ok(home.into());
    }
    let home = env::var_os("HOME").context("neither RUSTUP_HOME nor HOME is set")?;
    Ok(PathBuf::from(home).join(".rustup"))
}

#[cfg(unix)]
fn symlink(original: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(original, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn symlink(_: &Path, link: &Path) -> Result<()> {
    bail!("cannot link {} on this system", link.display())
}

#[cfg(unix)]
fn write_program(path: &Path, script: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, script)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn write_program(path: &Path, script: &str) -> Result<()> {
    Ok(fs::write(path, script)?)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    ensure!(status.success(), "{:?} failed: {status}", command.get_program());
    Ok(())
}

/// What a command prints, without the blanks around it.
fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    ensure!(output.status.success(), "{:?} failed: {}", command.get_program(), output.status);
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
