//! From DDL to a snapshot: with a server of its own for the purpose, beside one that runs already.

use std::fs;

use anyhow::{Context as _, Result};

use super::Bench;
use super::contest::{self, Contestant};
use crate::shell::capture;

/// How much longer a server of its own may take.
const LIMIT: f64 = 3.0;

pub(super) fn race(bench: &Bench) -> Result<()> {
    let mut dump = bench.program("pg_dump");
    dump.args(["--schema-only", "--no-owner", &bench.server.url("old")]);
    let file = bench.folder.join("old.sql");
    fs::write(&file, capture(&mut dump)?).with_context(|| format!("cannot write {}", file.display()))?;
    let mut own = bench.driftglass(&["snapshot", "sql:old.sql", "-o", "shadow.json", "--pg-bin"]);
    own.arg(bench.server.binaries()).env_remove("DRIFTGLASS_SHADOW");
    let mut installed = bench.driftglass(&["snapshot", "sql:old.sql", "-o", "shadow.json", "--shadow"]);
    installed.arg(bench.server.url("postgres"));
    contest::race(
        "from the DDL of 300 tables to a snapshot, a server of its own",
        Contestant::new("driftglass", own),
        vec![(Contestant::new("with a server that runs already", installed), Some(LIMIT))],
    )
}
