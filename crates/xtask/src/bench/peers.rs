//! Comparing two live databases of 300 tables, beside others that do the same.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Bench;
use super::contest::{self, Contestant};
use crate::environment::Environment;
use crate::shell::{capture, step};

/// Of npm; the package @supabase/pg-delta holds nothing that could be run (0.0.0).
const PGKIT: &str = "@pgkit/migra@0.6.1";

/// migra is of 2022: it asks for a part of setuptools, and takes psycopg2 for granted, as later ones do not have it.
const MIGRA: [&str; 4] =
    ["migra==3.0.1663481299", "setuptools==80.9.0", "psycopg2-binary==2.9.13", "SQLAlchemy==2.0.58"];

pub(super) fn race(bench: &Bench) -> Result<()> {
    let (old, new) = (bench.server.url("old"), bench.server.url("new"));
    let mut others = Vec::new();
    let mut offer = |name: &str, peer: Result<Contestant>| match peer.and_then(Contestant::tried) {
        Ok(contestant) => others.push((contestant, None)),
        Err(error) => eprintln!("  left out: {name}: {error:#}"),
    };
    offer("alembic", alembic(bench, &old, &new));
    offer("migra", migra(bench, &old, &new));
    offer(PGKIT, pgkit(bench, &old, &new));
    contest::race(
        "comparing two databases of 300 tables, one in a hundred changed",
        Contestant::new("driftglass", bench.driftglass(&["diff", &old, &new])).ending_with(&[1]),
        others,
    )
}

fn alembic(bench: &Bench, old: &str, new: &str) -> Result<Contestant> {
    let environment = Environment::ensure(&bench.root, "alembic", &["tests/alembic/requirements.txt"])?;
    let mut command = Command::new(environment.python());
    command.arg(bench.root.join("crates/xtask/src/bench/autogenerate.py"));
    command.args([old, new].map(|url| url.replacen("postgresql://", "postgresql+psycopg://", 1)));
    Ok(Contestant::new("alembic (reflection, then autogenerate)", command))
}

fn migra(bench: &Bench, old: &str, new: &str) -> Result<Contestant> {
    let environment = Environment::ensure(&bench.root, "migra", &MIGRA)?;
    let mut command = Command::new(environment.python().with_file_name("migra"));
    command.args(["--unsafe", old, new]);
    Ok(Contestant::new("migra", command).ending_with(&[2]))
}

/// Installed from npm, where that is there.
fn pgkit(bench: &Bench, old: &str, new: &str) -> Result<Contestant> {
    let folder = bench.root.join("target/peers");
    let program: PathBuf = folder.join("node_modules/.bin/migra");
    if !program.is_file() {
        step(&format!("installing {PGKIT}"), || {
            std::fs::create_dir_all(&folder)?;
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(PGKIT);
            capture(&mut npm).context("npm is needed for this peer")
        })?;
    }
    let mut command = Command::new(program);
    command.args(["run", "--unsafe", "true", old, new]);
    Ok(Contestant::new("@pgkit/migra", command).ending_with(&[0, 1, 2]))
}
