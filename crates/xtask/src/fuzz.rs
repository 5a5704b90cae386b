//! Plans between random schemas, many more of them than `cargo xtask test` tries.

use std::path::Path;

use anyhow::Result;

use crate::environment::{Environment, POSTGRES};
use crate::server::Server;
use crate::shell::{cargo, run};

/// Tries `pairs` pairs of schemas, the first of them made from `seed`.
///
/// # Errors
/// Where a plan does not arrive.
pub(crate) fn run_pairs(root: &Path, pairs: u64, seed: u64) -> Result<()> {
    let server = Server::start(&Environment::ensure(root, "postgres", &[POSTGRES])?)?;
    let mut test = cargo();
    test.args(["test", "--quiet", "--package", "tests", "--test", "all", "--"]);
    test.args(["--nocapture", "fuzz::"]).current_dir(root);
    test.env("DRIFTGLASS_TEST_URL", server.url("postgres"));
    test.env("DRIFTGLASS_TEST_PG_BIN", server.binaries());
    test.env("DRIFTGLASS_FUZZ_PAIRS", pairs.to_string()).env("DRIFTGLASS_FUZZ_SEED", seed.to_string());
    run(&mut test)
}
