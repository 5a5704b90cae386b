//! A PostgreSQL of this task's own, from real binaries; gone when it is dropped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

use crate::environment::Environment;
use crate::shell::{capture, step};

/// A running server.
pub(crate) struct Server {
    server: snapshot::Server,
    binaries: PathBuf,
}

impl Server {
    /// Starts a server from the binaries of a Python environment.
    pub(crate) fn start(environment: &Environment) -> Result<Self> {
        Self::start_in(&environment.server_binaries()?)
    }

    /// Starts a server from the binaries of a folder.
    pub(crate) fn start_in(binaries: &Path) -> Result<Self> {
        let binaries = binaries.to_owned();
        let server = step("starting a PostgreSQL", || {
            let runtime = runtime()?;
            Ok(runtime.block_on(snapshot::Server::start(&binaries, None))?)
        })?;
        Ok(Self { server, binaries })
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// The folder of its binaries.
    pub(crate) fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// Makes a database and loads files of SQL into it.
    pub(crate) fn load(&self, database: &str, files: &[PathBuf]) -> Result<()> {
        self.psql("postgres").and_then(|mut psql| {
            psql.args(["-c", &format!("CREATE DATABASE \"{database}\"")]);
            capture(&mut psql)
        })?;
        let mut psql = self.psql(database)?;
        for file in files {
            psql.arg("-f").arg(file);
        }
        if !files.is_empty() {
            capture(&mut psql)?;
        }
        Ok(())
    }

    /// psql in one of its databases.
    pub(crate) fn psql(&self, database: &str) -> Result<Command> {
        let mut psql = Command::new(self.binaries.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database)]);
        Ok(psql)
    }
}

/// What waits for the server, and for Ctrl-C.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot wait for anything")
}
