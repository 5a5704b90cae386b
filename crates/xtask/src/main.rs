//! Set-up, build, test and demo: everything that the project needs beyond cargo, on a bare machine.

mod apps;
mod audit;
mod bench;
mod bench_page;
mod book;
mod demo;
mod environment;
mod fuzz;
mod instructions;
mod judge;
mod majors;
mod one_file;
mod outputs;
mod package;
mod page;
mod samples;
mod sbom;
mod server;
mod servers;
mod shell;
mod test;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

/// Tasks of this project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Show driftglass on the example shop: report on the console, page in the browser.
    Demo {
        /// End after the report.
        #[arg(long)]
        no_serve: bool,
    },
    /// Set up and run every test.
    Test {
        /// Instead, only the tests over a server, on each of these major versions: 15,18, or all.
        #[arg(long, value_name = "MAJORS")]
        servers: Option<String>,
    },
    /// Build the page, and the command with the page inside.
    Build {
        /// With optimizations and with the PostgreSQL inside.
        #[arg(long)]
        release: bool,
    },
    /// Build the page alone.
    Page,
    /// Build the book in target/book.
    Book,
    /// Build the wheel of this machine.
    Wheel {
        /// Without optimizations, as the tests take it.
        #[arg(long)]
        debug: bool,
    },
    /// Install the command, with the page inside, for this user.
    Install {
        /// Below this folder, in place of cargo's own.
        #[arg(long)]
        root: Option<PathBuf>,
    },
    /// Build a Debian package.
    Deb,
    /// Build a program for any Linux of this machine's kind.
    Static,
    /// Make the sample snapshots anew from tests/shop.
    Snapshots {
        /// Only tell whether they are stale.
        #[arg(long)]
        check: bool,
    },
    /// Check three real applications from PyPI, and print the table of counts.
    Apps,
    /// Check licences and sources of what is depended on.
    Audit,
    /// Write the bill of materials: every crate in the command, with the page's.
    Sbom,
    /// Measure reading, comparing, planning and the page beside others that do the same, in one run.
    Bench {
        /// How many tables the larger database has.
        #[arg(long, default_value_t = 1_000)]
        tables: u32,
        /// Without the page in Chromium.
        #[arg(long)]
        no_page: bool,
    },
    /// Measure the page in Chromium with a pair of many tables, against that browser's JSON.parse.
    BenchPage {
        /// How many tables each side has.
        #[arg(long, default_value_t = 10_000)]
        tables: u32,
    },
    /// Count the instructions of reading, comparing and planning, and hold them against those that are kept.
    Instructions,
    /// Plan over other projects' schemas (../shared), with pg_dump as the judge.
    Judge,
    /// Install servers of every supported major version below target/postgres.
    Servers,
    /// Plan random pairs of schemas there and back, and run the plans.
    FuzzPlans {
        /// How many pairs.
        #[arg(long, default_value_t = 10_000)]
        pairs: u64,
        /// The seed of the first pair; each next one's is one more.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Fuzz everything that is read, each reader in turn, from the seeds that are kept.
    FuzzInput {
        /// How long all of them together.
        #[arg(long, default_value_t = 10)]
        minutes: u64,
    },
    /// Compare what native code and the browser make of the pairs that the last run of the tests has read.
    Equal,
    /// Load other projects' DDL (../shared/corpus) into every major version; it must read alike on all.
    Versions {
        /// At most this many cases of a suite.
        #[arg(long)]
        sample: Option<usize>,
        /// Only cases with this in their name.
        #[arg(long)]
        only: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(&Task::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().context("the project has moved since xtask was built")?;
    std::env::set_current_dir(&root).context("cannot enter the project's folder")?;
    match task {
        Task::Demo { no_serve } => demo::show(&root, !no_serve),
        Task::Test { servers: None } => test::run(&root),
        Task::Test { servers: Some(majors) } => majors::run_on(&root, majors),
        Task::Build { release: false } => shell::build_command(&root, &[]).map(drop),
        Task::Build { release: true } => {
            shell::build_command(&root, &["--release", "--features", "embedded"]).map(drop)
        }
        Task::Page => shell::step("building the page", || page::build(&root)).map(drop),
        Task::Book => book::build(&root),
        Task::Wheel { debug } => package::wheel(&root, !debug).map(|made| tell(&made)),
        Task::Static => package::static_program(&root).map(|made| tell(&made)),
        Task::Install { root: to } => package::install(&root, to.as_deref()),
        Task::Deb => package::debian(&root),
        Task::Snapshots { check: true } => samples::check(&root),
        Task::Snapshots { check: false } => samples::write(&root),
        Task::Apps => apps::run(&root),
        Task::Audit => audit::check(&root),
        Task::Sbom => sbom::write(&root).map(|made| tell(&made)),
        Task::Bench { tables, no_page } => bench::show(&root, *tables, !no_page),
        Task::BenchPage { tables } => bench_page::show(&root, *tables),
        Task::Instructions => instructions::check(&root),
        Task::Judge => judge::run_all(&root),
        Task::Servers => servers::install(&root).map(drop),
        Task::FuzzPlans { pairs, seed } => fuzz::run_pairs(&root, *pairs, *seed),
        Task::FuzzInput { minutes } => fuzz::run_input(&root, *minutes),
        Task::Equal => outputs::compare(&root),
        Task::Versions { sample, only } => servers::compare(&root, *sample, only.as_deref()),
    }
}

/// Prints where what was made is.
fn tell(made: &Path) {
    println!("{}", made.display());
}
