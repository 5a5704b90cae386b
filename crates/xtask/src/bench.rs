//! How fast driftglass is beside others that do the same, all measured in one run: medians, ratios first.

mod contest;
mod peers;
mod reading;
mod shadow;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::bench_page;
use crate::environment::{Environment, POSTGRES};
use crate::outputs;
use crate::server::Server;
use crate::shell::{build_command, cargo, run, step};

/// What the measurements share.
struct Bench {
    driftglass: PathBuf,
    server: Server,
    /// Where what is written goes.
    folder: PathBuf,
    root: PathBuf,
}

/// Measures everything, and prints it in one table.
///
/// # Errors
/// Where something cannot be built, installed or run. A peer that cannot be had is named, and left out.
pub(crate) fn show(root: &Path, tables: u32, page: bool) -> Result<()> {
    let driftglass = build_command(root, &["--release"])?;
    let server = Server::start(&Environment::ensure(root, "postgres", &[POSTGRES])?)?;
    let folder = root.join("target/bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let bench = Bench { driftglass, server, folder, root: root.to_owned() };
    step("loading the schemas", || bench.load(tables))?;
    contest::head();
    reading::race(&bench)?;
    peers::race(&bench)?;
    shadow::race(&bench)?;
    drop(bench);
    println!("\ntwo snapshots of 10,000 tables, compared in this program");
    let bench = ["bench", "--quiet", "--package", "diff-core", "--bench"];
    run(cargo().args(bench).arg("page").current_dir(root))?;
    println!("\nten times the tables, of which one in a hundred differs");
    run(cargo().args(bench).arg("growth").current_dir(root))?;
    if page {
        println!("\ntwo snapshots of 10,000 tables, in the browser and natively");
        outputs::race(root, 10_000)?;
        println!("\nthe page");
        bench_page::show(root, 10_000)?;
    }
    Ok(())
}

impl Bench {
    /// Two databases of `tables` tables, of which the second has one in a hundred changed; two of 300 for who takes
    /// minutes for more.
    fn load(&self, tables: u32) -> Result<()> {
        for (name, tables) in [("large_old", tables), ("large_new", tables), ("old", 300), ("new", 300)] {
            self.server.load(name, &[])?;
            let mut psql = self.server.psql(name)?;
            psql.arg("-v").arg(format!("tables={tables}"));
            psql.arg("-f").arg(self.root.join("crates/xtask/src/bench/schema.sql"));
            if name.ends_with("new") {
                psql.arg("-f").arg(self.root.join("crates/xtask/src/bench/changes.sql"));
            }
            crate::shell::capture(&mut psql)?;
        }
        Ok(())
    }

    /// The command, with these words.
    fn driftglass(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.driftglass);
        // Away from the project: nothing of it is to be found.
        command.args(words).current_dir(&self.folder);
        command
    }

    fn program(&self, name: &str) -> Command {
        Command::new(self.server.binaries().join(name))
    }
}
