//! Every test: native, WASM, real PostgreSQL, real SQLAlchemy, real Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apps;
use crate::book;
use crate::environment::{Environment, POSTGRES, ensure_chromium, is_on_path, pgbouncer};
use crate::instructions;
use crate::outputs;
use crate::package;
use crate::server::Server;
use crate::servers;
use crate::shell::{build_command, cargo, step, tee};

/// The SQLAlchemy versions that the models are tested with, each an environment and a list.
pub(crate) const SQLALCHEMY: [&str; 3] = ["sa14", "sa20", "sa21"];

/// Sets up and runs everything; ends with the count.
///
/// # Errors
/// Where something cannot be set up, or a test failed.
pub(crate) fn run(root: &Path) -> Result<()> {
    let embedded = build_embedded(root)?;
    let driftglass = build_command(root, &[])?;
    let postgres = Environment::ensure(root, "postgres", &[POSTGRES])?;
    Environment::ensure(root, "shop", &["tests/shop/requirements.txt", POSTGRES])?;
    Environment::ensure(root, "alembic", &["tests/alembic/requirements.txt"])?;
    Environment::ensure(root, "stores", &["tests/stores/requirements.txt"])?;
    let models = SQLALCHEMY
        .iter()
        .map(|name| Environment::ensure(root, name, &[&format!("tests/models/requirements-{name}.txt")]))
        .collect::<Result<Vec<_>>>()?;
    let wheel = package::wheel(root, false)?;
    let packages = Environment::ensure(root, "packages", &["tests/wheel/requirements.txt"])?;
    let forms = Environment::ensure(root, "forms", &["tests/forms/requirements.txt"])?;
    step("building the book", || book::build(root))?;
    let browser = Environment::ensure(root, "page", &["tests/page/requirements.txt"])?;
    ensure_chromium()?;
    let majors = servers::install(root)?;
    let outputs = outputs::build(root)?;
    let pairs = outputs::no_pairs(&outputs)?;
    let pgbouncer = pgbouncer()?;
    let server = Server::start(&postgres)?;
    let set_up = |command: &mut Command| {
        command
            .env("DRIFTGLASS", &driftglass)
            .env("DRIFTGLASS_EMBEDDED", &embedded)
            .env("DRIFTGLASS_WHEEL", &wheel)
            .env("DRIFTGLASS_XTASK", std::env::current_exe().unwrap_or_default())
            .env("DRIFTGLASS_TEST_URL", server.url("postgres"))
            .env("DRIFTGLASS_TEST_PG_BIN", server.binaries())
            .env("DRIFTGLASS_SERVERS", &majors)
            .envs(pgbouncer.iter().map(|program| ("DRIFTGLASS_PGBOUNCER", program)))
            .env("DRIFTGLASS_VENVS", root.join("target/venvs"))
            .env("DRIFTGLASS_OUTPUTS", &outputs)
            .env("DRIFTGLASS_PAIRS", &pairs)
            .env("DRIFTGLASS_PAGE", root.join("target/www"))
            .env("DRIFTGLASS_APP_SNAPSHOTS", root.join("target/apps"))
            .env("DRIFTGLASS_SCREENSHOTS", root.join("target/screenshots"))
            .current_dir(root);
    };
    let mut count = Count::default();
    let mut test = |title: &str, command: &mut Command| {
        set_up(command);
        let (succeeded, output) = step(title, || tee(command))?;
        count.add(title, succeeded, &output);
        Ok::<(), anyhow::Error>(())
    };
    let tests = ["--workspace", "--exclude", "embedded"];
    if is_on_path("cargo-nextest") {
        test(
            "native tests, and those over real servers",
            cargo().args(["nextest", "run", "--no-fail-fast", "--status-level", "fail"]).args(tests),
        )?;
    } else {
        test(
            "native tests, and those over real servers",
            cargo().args(["test", "--quiet", "--lib", "--bins", "--tests"]).args(tests),
        )?;
    }
    test("examples of the documentation", cargo().args(["test", "--quiet", "--doc", "-p", "diff-core"]))?;
    for (name, environment) in SQLALCHEMY.iter().zip(&models) {
        test(&format!("models with {name}"), pytest(environment).arg("tests/models/test_extract.py"))?;
    }
    test(
        "wheel, action, templates and hooks",
        pytest(&packages).args(["-n", "2", "--dist", "loadfile", "tests/wheel"]),
    )?;
    step("three real applications", || apps::run(root))?;
    test("forms by those who read them", pytest(&forms).arg("tests/forms"))?;
    test("the page in Chromium", pytest(&browser).arg("tests/page"))?;
    drop(server);
    count.check("instructions", instructions::check(root));
    count.tell()
}

/// The command with the PostgreSQL inside, under a name of its own: the plain build takes the usual one.
pub(crate) fn build_embedded(root: &Path) -> Result<PathBuf> {
    let built = build_command(root, &["--features", "embedded"])?;
    let kept = built.with_file_name("driftglass-embedded");
    // There is none before the first run.
    let _ = fs::remove_file(&kept);
    fs::hard_link(&built, &kept).with_context(|| format!("cannot make {}", kept.display()))?;
    Ok(kept)
}

fn pytest(environment: &Environment) -> Command {
    let mut command = Command::new(environment.python());
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// What the runners counted.
#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
    broken: Vec<String>,
}

impl Count {
    fn add(&mut self, title: &str, succeeded: bool, output: &str) {
        let (passed, failed) = counted(output);
        self.passed += passed;
        self.failed += failed;
        if !succeeded || passed == 0 {
            self.broken.push(title.to_owned());
        }
    }

    /// What is one test by itself.
    fn check(&mut self, title: &str, outcome: Result<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(error) => {
                println!("{error:#}");
                self.failed += 1;
                self.broken.push(title.to_owned());
            }
        }
    }

    fn tell(&self) -> Result<()> {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if !self.broken.is_empty() {
            bail!("failed: {}", self.broken.join(", "));
        }
        Ok(())
    }
}

/// Passed and failed tests, by the summary lines of nextest, cargo test and pytest.
pub(crate) fn counted(output: &str) -> (u32, u32) {
    let is_summary = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("Summary [")
            || line.starts_with("test result:")
            || ((line.contains(" passed") || line.contains(" failed")) && line.contains(" in "))
    };
    let number = |line: &str, word: &str| -> u32 {
        let before = line.split(word).next().filter(|before| before.len() < line.len());
        before.and_then(|before| before.split_whitespace().last()?.parse().ok()).unwrap_or(0)
    };
    output.lines().filter(is_summary).fold((0, 0), |(passed, failed), line| {
        (passed + number(line, " passed"), failed + number(line, " failed"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_summaries_of_the_runners() {
        let nextest = "     Summary [   0.143s] 29 tests run: 28 passed, 1 failed, 0 skipped";
        assert_eq!(counted(nextest), (28, 1));
        assert_eq!(
            counted("test result: ok. 3 passed; 0 failed; 1 ignored\ntest result: ok. 2 passed; 0 failed"),
            (5, 0)
        );
        assert_eq!(counted("....\n14 passed in 3.2s"), (14, 0));
        assert_eq!(counted("1 failed, 13 passed in 3.2s"), (13, 1));
        assert_eq!(counted("243 passed, 2 warnings in 179.68s (0:02:59)"), (243, 0));
        assert_eq!(counted("1 failed, 2 passed, 1 skipped, 2 warnings in 3.2s"), (2, 1));
        assert_eq!(counted("FAILED tests/page/test_map.py::test_a - assert it\n4 failed in 1s"), (0, 4));
        assert_eq!(counted("no tests ran"), (0, 0));
    }
}
