//! Several commands for one task, run in turns, so that what else the machine does meets all alike.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

/// So often each is run, but for those that take longer than the patience.
const ROUNDS: usize = 7;

/// Seconds that one contestant may take in all.
const PATIENCE: f64 = 120.0;

/// Who takes part: what to call it, what to run, and the statuses with which it may end.
pub(super) struct Contestant {
    pub(super) name: String,
    pub(super) command: Command,
    pub(super) statuses: &'static [i32],
}

impl Contestant {
    pub(super) fn new(name: &str, command: Command) -> Self {
        Self { name: name.to_owned(), command, statuses: &[0] }
    }

    /// For those that end with another status where they find differences.
    pub(super) fn ending_with(self, statuses: &'static [i32]) -> Self {
        Self { statuses, ..self }
    }

    /// The same, once it has been seen to work.
    pub(super) fn tried(mut self) -> Result<Self> {
        self.seconds().map(|_| self)
    }

    /// Runs it once; gives seconds.
    fn seconds(&mut self) -> Result<f64> {
        let start = Instant::now();
        let output = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
        let seconds = start.elapsed().as_secs_f64();
        let output = output.with_context(|| format!("cannot run {}", self.name))?;
        let ended_well = output.status.code().is_some_and(|code| self.statuses.contains(&code));
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(ended_well, "{} failed ({}): {}", self.name, output.status, said.trim());
        Ok(seconds)
    }
}

/// The names of the columns.
pub(super) fn head() {
    println!("\n{:<44}{:>8}{:>8}{:>12}{:>12}", "", "ratio", "limit", "driftglass", "the other");
}

/// Runs all in turns, and prints the first beside each of the others; a limit for each ratio, where there is one.
pub(super) fn race(task: &str, ours: Contestant, others: Vec<(Contestant, Option<f64>)>) -> Result<()> {
    let (peers, limits): (Vec<_>, Vec<_>) = others.into_iter().unzip();
    let mut all: Vec<Contestant> = std::iter::once(ours).chain(peers).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for (contestant, times) in all.iter_mut().zip(&mut times) {
            if times.iter().sum::<f64>() < PATIENCE {
                times.push(contestant.seconds()?);
            }
        }
    }
    println!("{task}");
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    for ((peer, theirs), limit) in all.iter().zip(&medians).skip(1).zip(limits) {
        let ratio = medians[0] / theirs;
        let limit = limit.map_or_else(String::new, |limit| format!("{limit:.2}"));
        println!("  {:<42}{ratio:>8.3}{limit:>8}{:>10.3} s{theirs:>10.3} s", peer.name, medians[0]);
    }
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
