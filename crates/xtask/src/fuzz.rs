//! Plans between random schemas, many more of them than `cargo xtask test` tries; and input that nobody would write.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

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

/// Fuzzes every reader of `tests/fuzz-input` for its part of so many minutes. What a fuzzer has learnt is kept below
/// `target/fuzz-input`, and what it found beside that: it becomes a seed once it is mended.
///
/// # Errors
/// Where something is found.
pub(crate) fn run_input(root: &Path, minutes: u64) -> Result<()> {
    let home = root.join("tests/fuzz-input");
    let folders = fs::read_dir(home.join("seeds")).context("the seeds are gone")?;
    let mut readers: Vec<String> =
        folders.flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    readers.sort();
    let tool = root.join("target/tools/bin/cargo-fuzz");
    if !tool.exists() {
        run(cargo().args(["install", "--quiet", "cargo-fuzz", "--root"]).arg(root.join("target/tools")))?;
    }
    let seconds = minutes * 60 / readers.len() as u64;
    for reader in readers {
        let learnt = root.join("target/fuzz-input").join(&reader);
        fs::create_dir_all(&learnt).with_context(|| format!("cannot make {}", learnt.display()))?;
        let mut fuzz = Command::new(&tool);
        // No sanitizer: there is no unsafe code to watch, and without one a stable compiler will do.
        fuzz.args(["run", &reader, "-s", "none", "--features", "fuzzers", "--fuzz-dir"]).arg(&home);
        fuzz.args(["--target-dir", "target/fuzz"])
            .args([&learnt, &home.join("seeds").join(&reader)])
            .arg("--");
        fuzz.arg(format!("-max_total_time={seconds}")).args(["-timeout=20", "-max_len=20000"]);
        fuzz.arg(format!("-dict={}", home.join("json.dict").display()));
        fuzz.arg(format!("-artifact_prefix={}", root.join("target/fuzz-input/found-").display()));
        run(fuzz.current_dir(root))?;
    }
    Ok(())
}
