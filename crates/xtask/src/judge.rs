//! Plans over other projects' schemas, with pg_dump as the judge: pairs of old and new, and large schemas at
//! several versions. They are not in this repository; they are looked for beside it.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::environment::{Environment, POSTGRES};
use crate::server::Server;
use crate::servers;
use crate::shell::{build_command, cargo, run, step};

/// The server's major; the corpus says of each case whether it loads there.
const MAJOR: &str = "15";

/// Runs the judge over every pair and every large schema, and prints its tables.
///
/// # Errors
/// Where the schemas are not there, or one that should be reached is not.
pub(crate) fn run_all(root: &Path) -> Result<()> {
    let (judge, corpus) = (root.join("../shared/bin/roundtrip.py"), root.join("../shared/corpus"));
    ensure!(judge.is_file() && corpus.is_dir(), "there is no {} with a corpus beside it", judge.display());
    let driftglass = build_command(root, &[])?;
    let programs = Environment::ensure(root, "postgres", &[POSTGRES])?.server_binaries()?;
    let server = Server::start_in(&servers::install(root)?.join(MAJOR).join("bin"))?;
    let path = std::env::join_paths(
        std::iter::once(programs.clone())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    // pg_dump tells of no owner and no extension's version here, so neither is to be brought over.
    let planner = serde_json::json!([
        driftglass,
        "plan",
        "{old_url}",
        "{new_url}",
        "--ignore",
        "#owner",
        "--ignore",
        "extension:*#version"
    ]);
    step("pairs of other projects' test suites", || {
        let mut python = Command::new("python3");
        python
            .arg(&judge)
            .args(["--server", &server.url("postgres"), "--jobs", "2", "--corpus"])
            .arg(&corpus);
        python.args(["--planner", &planner.to_string(), "--out"]).arg(root.join("target/judge.jsonl"));
        run(python.env("PATH", &path))
    })?;
    step("large schemas at several versions", || {
        let mut test = cargo();
        test.args(["test", "--quiet", "--package", "tests", "--test", "all", "--"]);
        test.args(["--include-ignored", "--nocapture", "real::"]).current_dir(root);
        test.env("DRIFTGLASS_REAL", root.join("../shared/real")).env("DRIFTGLASS", &driftglass);
        run(test.env("DRIFTGLASS_TEST_URL", server.url("postgres")).env("DRIFTGLASS_TEST_PG_BIN", &programs))
    })
}
