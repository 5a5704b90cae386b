//! The demo: the example shop, whose production has drifted, on the console and on the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::environment::{Environment, POSTGRES};
use crate::server::{Server, runtime};
use crate::shell::{build_command, run, step};

/// The models of the example, and where Python finds them.
pub(crate) const MODELS: &str = "models:shop.models";
pub(crate) const MODELS_PATH: &str = "tests/shop";

/// The files that make an environment of the example.
pub(crate) fn files(root: &Path, environment: &str) -> Vec<PathBuf> {
    let file = |name: &str| root.join(format!("{MODELS_PATH}/sql/{name}.sql"));
    vec![file("base"), file(environment)]
}

/// Shows the report, then serves the page until Ctrl-C where `serve` says so.
pub(crate) fn show(root: &Path, serve: bool) -> Result<()> {
    let driftglass = build_command(root, &[])?;
    let environment = Environment::ensure(root, "shop", &["tests/shop/requirements.txt", POSTGRES])?;
    let server = Server::start(&environment)?;
    step("loading the shop's production schema", || server.load("production", &files(root, "production")))?;
    let folder = root.join("target/demo");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (database, models) = (folder.join("database.json"), folder.join("models.json"));
    let python = environment.python();
    let command = |words: &[&str]| {
        let mut command = Command::new(&driftglass);
        command.args(words).arg("--python").arg(&python).args(["--path", MODELS_PATH]);
        command.arg("--pg-bin").arg(server.binaries()).current_dir(root);
        command
    };
    let url = server.url("production");
    step("snapshot of the database", || {
        run(command(&["snapshot", &url, "--label", "production"]).arg("-o").arg(&database))
    })?;
    step("snapshot of the models", || run(command(&["snapshot", MODELS]).arg("-o").arg(&models)))?;
    eprintln!("• driftglass check --models shop.models --db postgresql://…/production\n");
    // It differs, and says so by its exit status.
    let status =
        command(&["check", "--models", MODELS, "--db", &url]).status().context("cannot run driftglass")?;
    anyhow::ensure!(status.code() == Some(1), "the check ended with {status}, not with differences");
    // Nothing below needs the server.
    drop(server);
    if serve {
        eprintln!();
        let mut view = tokio::process::Command::new(&driftglass);
        view.arg("view").args([&database, &models]);
        runtime()?.block_on(async {
            let mut view = view.spawn().context("cannot run driftglass view")?;
            tokio::select! {
                status = view.wait() => drop(status),
                interrupt = tokio::signal::ctrl_c() => drop(interrupt),
            }
            // It may have ended with the same Ctrl-C.
            let _ = view.kill().await;
            Ok::<(), anyhow::Error>(())
        })?;
    }
    Ok(())
}
