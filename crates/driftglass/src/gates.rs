//! What makes a run fail, and what has been accepted.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use diff_core::{Accepted, Baseline, Entry, Gate, Report};

use crate::cli::{self, Gates};
use crate::config::Config;
use crate::output;

/// The gates of a run: as they were typed, else as the project has set them.
pub(crate) struct Set {
    gates: Vec<Gate>,
    allowed: Vec<String>,
    baseline: Option<PathBuf>,
    known: Baseline,
    is_accepting: bool,
}

impl Set {
    /// Gathers them, and reads the baseline.
    pub(crate) fn new(typed: &Gates, config: &Config) -> Result<Self> {
        let set = config.fail_on.iter().map(|word| {
            word.parse::<Gate>().map_err(|error| anyhow!("`fail_on` of driftglass.toml: {error}"))
        });
        let set = set.collect::<Result<Vec<_>>>()?;
        let gates = if typed.fail_on.is_empty() { set } else { typed.fail_on.clone() };
        let allowed = config.allow.iter().map(|id| {
            cli::rule_id(id).map_err(|reason| anyhow!("`allow` of driftglass.toml: {id:?}: {reason}"))
        });
        let allowed = allowed.chain(typed.allow.iter().cloned().map(Ok)).collect::<Result<Vec<_>>>()?;
        let baseline = typed.baseline.clone().or_else(|| config.baseline.as_ref().map(PathBuf::from));
        ensure!(
            baseline.is_some() || !typed.accept,
            "accepted into which file? Give --baseline FILE, or set `baseline` in driftglass.toml"
        );
        let known = match baseline.as_ref().filter(|path| !typed.accept || path.exists()) {
            Some(path) => read(path)?,
            None => Baseline::default(),
        };
        let gates = if gates.is_empty() { vec![Gate::Drift] } else { gates };
        Ok(Self { gates, allowed, baseline, known, is_accepting: typed.accept })
    }

    /// The differences that are accepted today. Those whose day has passed are told.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        if self.is_accepting {
            return Vec::new();
        }
        let (accepted, ended) = self.known.on(&today());
        for one in ended {
            let until = one.until.unwrap_or_default();
            output::tell(&format!(
                "warning: {} was accepted until {until}, and is a difference again",
                one.object
            ));
        }
        accepted
    }

    /// What was accepted before, without the days that have passed.
    fn renewed(&self) -> Baseline {
        let (mut accepted, ended) = self.known.on(&today());
        accepted.extend(ended.into_iter().map(|one| Accepted { until: None, ..one }));
        Baseline { accepted, ..self.known.clone() }
    }

    /// The differences that fail the run.
    pub(crate) fn stopped<'r>(&self, report: &'r Report) -> Vec<&'r Entry> {
        if self.is_accepting {
            return Vec::new();
        }
        let allowed: Vec<&str> = self.allowed.iter().map(String::as_str).collect();
        report.stopped(&self.gates, &allowed)
    }

    /// Whether the run passes. Writes what is accepted, where that was asked for; a run that `sees_all` forgets what
    /// is no difference any more.
    pub(crate) fn pass(&self, report: &Report, sees_all: bool) -> Result<bool> {
        if let Some(path) = self.baseline.as_ref().filter(|_| self.is_accepting) {
            let mut baseline = Baseline::of(report, &self.renewed());
            if !sees_all {
                let is_new =
                    |one: &&Accepted| baseline.accepted.iter().all(|it| it.fingerprint != one.fingerprint);
                let others: Vec<Accepted> = self.known.accepted.iter().filter(is_new).cloned().collect();
                baseline.accepted.extend(others);
            }
            output::write_file(path, &baseline.to_json())?;
            let count = baseline.accepted.len();
            output::tell(&format!(
                "accepted {} in {}: give each a reason there",
                counted(count),
                path.display()
            ));
            return Ok(true);
        }
        let stopped = self.stopped(report);
        let is_plain = self.gates == [Gate::Drift] && self.allowed.is_empty();
        if !is_plain && !report.entries.is_empty() {
            match stopped.len() {
                0 => output::tell("passed: no difference is one to fail on"),
                count => {
                    let verb = if count == 1 { "is" } else { "are" };
                    output::tell(&format!(
                        "failed: {count} of {} {verb} to fail on",
                        counted(report.entries.len())
                    ));
                }
            }
        }
        Ok(stopped.is_empty() && !report.has_losses())
    }
}

fn counted(differences: usize) -> String {
    format!("{differences} {}", if differences == 1 { "difference" } else { "differences" })
}

/// The day, as RFC 3339 has it.
fn today() -> String {
    let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    now.get(..10).unwrap_or_default().to_owned()
}

fn read(path: &Path) -> Result<Baseline> {
    let shown = path.display();
    let text = snapshot::limits::text(path, snapshot::limits::TEXT).with_context(|| {
        format!("cannot read the baseline {shown}; --accept makes one of what differs now")
    })?;
    Baseline::from_json(&text).map_err(|error| anyhow!("{shown}: {error}"))
}
