//! Gates: which differences make a run fail.

use std::str::FromStr;

use crate::{Entry, Hazard, Report, Severity};

/// What a run fails on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Any difference.
    Drift,
    /// No difference: the run only tells.
    Never,
    /// Differences of this severity, or a higher one.
    Severity(Severity),
    /// Differences of which the way back has this hazard.
    Hazard(Hazard),
}

/// A word that is no gate.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is none of drift, never, high, medium, low, {hazards}", hazards = hazards())]
pub struct GateError(String);

fn hazards() -> String {
    use strum::IntoEnumIterator;
    Hazard::iter().map(|hazard| hazard.to_string()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Gate {
    type Err = GateError;

    fn from_str(word: &str) -> Result<Self, GateError> {
        match word {
            "drift" => Ok(Self::Drift),
            "never" => Ok(Self::Never),
            "high" => Ok(Self::Severity(Severity::High)),
            "medium" => Ok(Self::Severity(Severity::Medium)),
            "low" => Ok(Self::Severity(Severity::Low)),
            word => word.parse().map(Self::Hazard).map_err(|_| GateError(word.to_owned())),
        }
    }
}

impl Gate {
    fn stops(self, entry: &Entry) -> bool {
        match self {
            Self::Drift => true,
            Self::Never => false,
            Self::Severity(severity) => entry.severity >= severity,
            Self::Hazard(hazard) => entry.hazards.contains(&hazard),
        }
    }
}

impl Report {
    /// The differences that one of the gates stops, but for those that an allowed rule speaks about.
    pub fn stopped<'r>(&'r self, gates: &[Gate], allowed: &[&str]) -> Vec<&'r Entry> {
        let is_allowed = |entry: &&Entry| entry.rule.is_some_and(|rule| allowed.contains(&rule));
        let entries = self.entries.iter().filter(|entry| !is_allowed(entry));
        entries.filter(|entry| gates.iter().any(|gate| gate.stops(entry))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_read() {
        for (word, gate) in [
            ("drift", Gate::Drift),
            ("high", Gate::Severity(Severity::High)),
            ("data-loss", Gate::Hazard(Hazard::DataLoss)),
            ("outage", Gate::Hazard(Hazard::Outage)),
        ] {
            assert_eq!(word.parse(), Ok(gate));
        }
        let refused = "dataloss".parse::<Gate>().unwrap_err().to_string();
        assert!(refused.starts_with("\"dataloss\" is none of drift, never, high"), "{refused}");
        assert!(refused.ends_with("access, brief-lock"), "{refused}");
    }
}
