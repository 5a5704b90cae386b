//! The sample snapshots, made from `tests/shop`: one of the models, one of each environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::demo::{MODELS, MODELS_PATH, files};
use crate::environment::{Environment, POSTGRES};
use crate::server::Server;
use crate::shell::{capture, cargo, run, step, target};

const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "production"];

/// Makes the samples anew in `snapshots/`.
pub(crate) fn write(root: &Path) -> Result<()> {
    make(root, &root.join("snapshots")).map(drop)
}

/// Makes them elsewhere and compares.
///
/// # Errors
/// Names the samples that are stale.
pub(crate) fn check(root: &Path) -> Result<()> {
    let folder = root.join("target/samples");
    let made = make(root, &folder)?;
    let is_stale =
        |name: &&String| fs::read(folder.join(name)).ok() != fs::read(root.join("snapshots").join(name)).ok();
    let stale: Vec<String> = made.iter().filter(is_stale).cloned().collect();
    ensure!(stale.is_empty(), "stale in snapshots/: {}; run: cargo xtask snapshots", stale.join(", "));
    println!("{} samples are up to date", made.len());
    Ok(())
}

/// Writes the samples into `folder`; gives their file names.
fn make(root: &Path, folder: &Path) -> Result<Vec<String>> {
    step("building the command", || {
        run(cargo().args(["build", "--quiet", "--package", "driftglass"]).current_dir(root))
    })?;
    let driftglass = target(root).join("debug/driftglass");
    let environment = Environment::ensure(root, "shop", &["tests/shop/requirements.txt", POSTGRES])?;
    let server = Server::start(&environment)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let snapshot = |reference: &str, name: &str, more: &[&str]| {
        let file: PathBuf = folder.join(format!("{name}.json"));
        let mut command = Command::new(&driftglass);
        command
            .args(["snapshot", reference, "--no-provenance", "--no-sizes"])
            .args(more)
            .arg("-o")
            .arg(&file);
        command.args(["--path", MODELS_PATH, "--shadow", &server.url("postgres")]);
        command.arg("--python").arg(environment.python()).current_dir(root);
        capture(&mut command)?;
        Ok::<_, anyhow::Error>(format!("{name}.json"))
    };
    let mut made = vec![snapshot(MODELS, "models", &[])?];
    for name in ENVIRONMENTS {
        server.load(name, &files(root, name))?;
        made.push(snapshot(&server.url(name), name, &["--label", name])?);
    }
    Ok(made)
}
