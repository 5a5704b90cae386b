//! Reading a live schema, beside pg_dump, SQLAlchemy's reflection, and the same queries run by psql.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Bench;
use super::contest::{self, Contestant};
use crate::environment::Environment;

/// The major version of the server.
const MAJOR: u32 = 18;

/// The largest of other projects' schemas, where it is there.
const REAL: &str = "../shared/real/hatchet/2026.sql";

pub(super) fn race(bench: &Bench) -> Result<()> {
    let python = Environment::ensure(&bench.root, "alembic", &["tests/alembic/requirements.txt"])?.python();
    let queries = bench.folder.join("queries.sql");
    let texts = snapshot::catalog_queries(MAJOR);
    let text = format!("BEGIN READ ONLY; SET LOCAL search_path = '';\n{};\nCOMMIT;\n", texts.join(";\n"));
    fs::write(&queries, text).with_context(|| format!("cannot write {}", queries.display()))?;
    let mut databases = vec!["large_old"];
    if bench.root.join(REAL).is_file() {
        bench.server.load("real", &[bench.root.join(REAL)])?;
        databases.push("real");
    }
    for database in databases {
        let url = bench.server.url(database);
        let reading = |connections: &str| {
            let mut command = bench.driftglass(&["snapshot", &url, "-o", "read.json"]);
            command.env("DRIFTGLASS_CONNECTIONS", connections);
            command
        };
        let dump = || {
            let mut command = bench.program("pg_dump");
            command.args(["--schema-only", "--file", "/dev/null", &url]);
            Contestant::new("pg_dump --schema-only", command)
        };
        let mut psql = bench.program("psql");
        psql.args(["-X", "-q", "-A", "-t", "-o", "/dev/null", "-f"]).arg(&queries).arg(&url);
        let mut reflection = Command::new(&python);
        let script = bench.root.join("crates/xtask/src/bench/reflect.py");
        reflection.arg(script).arg(url.replacen("postgresql://", "postgresql+psycopg://", 1));
        contest::race(
            &format!("reading {database}, one connection"),
            Contestant::new("driftglass", reading("1")),
            vec![
                (dump(), Some(0.7)),
                (Contestant::new("its queries alone, by psql", psql), Some(1.3)),
                (Contestant::new("SQLAlchemy's reflection", reflection), Some(0.25)),
            ],
        )?;
        let several = Contestant::new("driftglass", reading("3"));
        contest::race(&format!("reading {database}, three connections"), several, vec![(dump(), Some(0.4))])?;
    }
    Ok(())
}
