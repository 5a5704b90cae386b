//! The tests over a server, on one major version after the other.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::environment::{Environment, POSTGRES, pgbouncer};
use crate::server::Server;
use crate::servers;
use crate::shell::{build_command, cargo, run, step, tee};
use crate::test::{SQLALCHEMY, counted};

/// Tests that go over several majors by themselves, or that use no server: once is enough.
const ONCE: [&str; 9] = [
    "book::",
    "fleet::",
    "forms::",
    "real::",
    "rules::",
    "samples::",
    "tidy::",
    "versions::",
    "online::an_older_server_does_the_same",
];

/// Sets up what these tests need, and runs them on each of `wanted`: `15,18`, or `all`.
///
/// # Errors
/// Where something cannot be set up, or a test failed on one of them.
pub(crate) fn run_on(root: &Path, wanted: &str) -> Result<()> {
    let known: Vec<&str> = servers::majors().collect();
    let majors: Vec<&str> = if wanted == "all" { known.clone() } else { wanted.split(',').collect() };
    for major in &majors {
        ensure!(known.contains(major), "there is no server {major}; there are {}, or all", known.join(", "));
    }
    let embedded = crate::test::build_embedded(root)?;
    let driftglass = build_command(root, &[])?;
    let postgres = Environment::ensure(root, "postgres", &[POSTGRES])?;
    Environment::ensure(root, "shop", &["tests/shop/requirements.txt", POSTGRES])?;
    Environment::ensure(root, "alembic", &["tests/alembic/requirements.txt"])?;
    Environment::ensure(root, "stores", &["tests/stores/requirements.txt"])?;
    for name in SQLALCHEMY {
        Environment::ensure(root, name, &[&format!("tests/models/requirements-{name}.txt")])?;
    }
    let (folder, pgbouncer) = (servers::install(root)?, pgbouncer()?);
    step("building the tests", || {
        run(cargo().args(["test", "--no-run", "--package", "tests"]).current_dir(root))
    })?;
    let mut told = Vec::new();
    for major in majors {
        let server = Server::start_in(&folder.join(major).join("bin"))?;
        let mut command = cargo();
        command.args(["test", "--quiet", "--package", "tests", "--test", "all", "--"]);
        command.args(ONCE.iter().flat_map(|name| ["--skip", name])).current_dir(root);
        let set_up: &mut Command = command
            .env("DRIFTGLASS", &driftglass)
            .env("DRIFTGLASS_EMBEDDED", &embedded)
            .env("DRIFTGLASS_XTASK", std::env::current_exe().unwrap_or_default())
            .env("DRIFTGLASS_TEST_URL", server.url("postgres"))
            // Clients are the newest: they know all servers.
            .env("DRIFTGLASS_TEST_PG_BIN", postgres.server_binaries()?)
            .env("DRIFTGLASS_SERVERS", &folder)
            .envs(pgbouncer.iter().map(|program| ("DRIFTGLASS_PGBOUNCER", program)))
            .env("DRIFTGLASS_VENVS", root.join("target/venvs"));
        let (succeeded, output) = step(&format!("the tests on PostgreSQL {major}"), || tee(set_up))?;
        let (passed, failed) = counted(&output);
        told.push((major, passed, failed, succeeded && passed > 0));
    }
    for (major, passed, failed, _) in &told {
        println!("PostgreSQL {major}: {passed} passed, {failed} failed");
    }
    let broken: Vec<&str> = told.iter().filter(|(.., is_well)| !is_well).map(|(major, ..)| *major).collect();
    if !broken.is_empty() {
        bail!("failed on PostgreSQL {}", broken.join(", "));
    }
    Ok(())
}
