//! How many instructions reading, comparing, reporting and planning take, counted by callgrind and held against the
//! counts that are kept: they are the same each time, whatever else the machine does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::environment::valgrind;
use crate::shell::{capture, cargo, step};

/// What is counted: functions of the bench `instructions`.
const WORKS: [&str; 4] = ["load", "compare", "report", "planned"];

const KEPT: &str = "crates/diff-core/benches/instructions.json";

/// Where the compiler is the one that the kept counts are of: what is left are other processors and libraries.
const SAME_COMPILER: f64 = 0.1;

/// Another one makes other instructions of the same code.
const OTHER_COMPILER: f64 = 0.25;

/// The counts, and what compiled what was counted.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Counts {
    rustc: String,
    instructions: BTreeMap<String, u64>,
}

/// Counts, and compares with what is kept; with `DRIFTGLASS_INSTRUCTIONS=write` keeps what it has counted. Without
/// valgrind it says so, and that is all.
///
/// # Errors
/// Names what has become slower or faster.
pub(crate) fn check(root: &Path) -> Result<()> {
    let valgrind = valgrind().unwrap_or_else(|error| {
        eprintln!("  {error:#}");
        None
    });
    if valgrind.is_none() {
        eprintln!("  instructions are not counted: there is no valgrind here");
        return Ok(());
    }
    let found = step("counting instructions", || count(root))?;
    let path = root.join(KEPT);
    if std::env::var("DRIFTGLASS_INSTRUCTIONS").is_ok_and(|value| value == "write") {
        let text = serde_json::to_string_pretty(&found)?;
        return fs::write(&path, text + "\n").with_context(|| format!("cannot write {KEPT}"));
    }
    let kept = fs::read(&path).with_context(|| format!("cannot read {KEPT}"))?;
    let kept: Counts = serde_json::from_slice(&kept).with_context(|| format!("cannot read {KEPT}"))?;
    let wrong = compared(&kept, &found);
    ensure!(
        wrong.is_empty(),
        "{}\nIf that is meant: DRIFTGLASS_INSTRUCTIONS=write cargo xtask instructions",
        wrong.join("\n")
    );
    Ok(())
}

/// Runs the bench under callgrind.
fn count(root: &Path) -> Result<Counts> {
    let out = root.join("target/instructions.out");
    let runner = format!(
        "target.'cfg(all())'.runner = ['valgrind', '--tool=callgrind', '--quiet', '--callgrind-out-file={}']",
        out.display()
    );
    let mut command = cargo();
    command.args([
        "--config",
        &runner,
        "bench",
        "--quiet",
        "--package",
        "diff-core",
        "--bench",
        "instructions",
    ]);
    // What a machine has in its processor, glibc makes use of, and so would the counts tell.
    command.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS,-FSRM");
    capture(command.current_dir(root))?;
    let text = fs::read_to_string(&out).with_context(|| format!("cannot read {}", out.display()))?;
    let instructions = WORKS.map(|work| {
        let count = inclusive(&text, &format!("instructions::{work}"));
        count
            .map(|count| (work.to_owned(), count))
            .with_context(|| format!("callgrind saw no call of {work}"))
    });
    let instructions = instructions.into_iter().collect::<Result<_>>()?;
    let rustc = capture(Command::new("rustc").arg("--version").current_dir(root))?;
    Ok(Counts { rustc: rustc.trim().to_owned(), instructions })
}

/// What a call of a function took, with all that it calls: in callgrind's file the last number of the line behind
/// `calls=`, which follows the name of what is called. A name is written out where it first stands.
fn inclusive(text: &str, function: &str) -> Option<u64> {
    let is_name = |line: &&str| {
        let name = line.strip_prefix("cfn=").or_else(|| line.strip_prefix("fn="));
        name.and_then(|name| name.split_once(") ")).is_some_and(|(_, name)| name == function)
    };
    let (_, named) = text.lines().find(is_name)?.split_once('=')?;
    let (number, _) = named.split_once(' ')?;
    let mut lines = text.lines().skip_while(|line| line.split(' ').next() != Some(&format!("cfn={number}")));
    lines.find(|line| line.starts_with("calls="))?;
    lines.next()?.rsplit(' ').next()?.parse().ok()
}

/// A sentence for each work that takes more or less than it did.
fn compared(kept: &Counts, found: &Counts) -> Vec<String> {
    let tolerance = if kept.rustc == found.rustc { SAME_COMPILER } else { OTHER_COMPILER };
    let tell = |(work, &count): (&String, &u64)| {
        let before = kept.instructions.get(work).copied().unwrap_or_default();
        let ratio = count as f64 / before as f64;
        println!("  {work:<10}{:>9.1} million instructions, {ratio:.3} of what is kept", count as f64 / 1e6);
        let what = if ratio > 1.0 { "more" } else { "fewer" };
        ((ratio - 1.0).abs() > tolerance || !ratio.is_finite()).then(|| {
            format!("{work} takes {count} instructions: {what} than {before}, by more than {tolerance}")
        })
    };
    found.instructions.iter().filter_map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_counted_with_all_that_it_calls() {
        let text = "events: Ir\nfn=(1) instructions::main\n0 7\ncfn=(2) instructions::load\ncalls=1 0\n0 120\n\
                    cfn=(3) instructions::loaded\ncalls=1 0\n0 9\n\nfn=(2)\n0 20\n";
        assert_eq!(inclusive(text, "instructions::load"), Some(120));
        assert_eq!(inclusive(text, "instructions::loaded"), Some(9));
        assert_eq!(inclusive(text, "instructions::report"), None);
        // Where a function's own lines stand first.
        let text = "fn=(2) instructions::load\n0 20\n\nfn=(1) instructions::main\ncfn=(2)\ncalls=1 0\n0 33\n";
        assert_eq!(inclusive(text, "instructions::load"), Some(33));
    }

    #[test]
    fn more_and_fewer_are_told() {
        let counts = |rustc: &str, count| Counts {
            rustc: rustc.to_owned(),
            instructions: BTreeMap::from([("load".to_owned(), count)]),
        };
        let wrong = |kept, rustc, found| compared(&counts("1", kept), &counts(rustc, found)).len();
        assert_eq!((wrong(1000, "1", 1090), wrong(1000, "1", 1110), wrong(1000, "1", 890)), (0, 1, 1));
        assert_eq!((wrong(1000, "2", 1110), wrong(1000, "2", 1260), wrong(0, "1", 1000)), (0, 1, 1));
    }
}
