//! Differences that somebody has accepted: each by a fingerprint, so that a new one is told from an old one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::snapshot::hex;
use crate::{Delta, Diff, Entry, Object, Report, json};

/// The version of the file's form.
const FORMAT: u32 = 1;

/// A file of accepted differences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The version of this form.
    pub format: u32,
    /// By object and attribute.
    pub accepted: Vec<Accepted>,
}

/// A difference that is accepted. It is a difference again where either side changes, or its time has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// As the report gives it to the entry.
    pub fingerprint: String,
    /// The object, by its id; for those who read the file.
    pub object: String,
    /// The attribute that differs; for those who read the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Why it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it is accepted: `2026-12-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Why some text is no baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// Not JSON, or not of a baseline's shape.
    #[error("line {line}: {message}")]
    Damaged {
        /// From 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A newer program wrote it.
    #[error("it has format {0}, but this driftglass reads up to {FORMAT}: use a newer driftglass")]
    Newer(u32),
    /// A day that is none.
    #[error("{object}: {until:?} is not a day such as 2026-12-31")]
    NoDay {
        /// The object.
        object: String,
        /// What stands there.
        until: String,
    },
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// Says where it is damaged, that it is newer, or which day is none.
    pub fn from_json(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)
            .map_err(|error| BaselineError::Damaged { line: error.line(), message: error.to_string() })?;
        if baseline.format > FORMAT {
            return Err(BaselineError::Newer(baseline.format));
        }
        for accepted in &baseline.accepted {
            if let Some(until) = accepted.until.as_ref().filter(|until| !is_day(until)) {
                let (object, until) = (accepted.object.clone(), until.clone());
                return Err(BaselineError::NoDay { object, until });
            }
        }
        Ok(baseline)
    }

    /// What a report tells of, with what `before` says of the same differences.
    pub fn of(report: &Report, before: &Self) -> Self {
        let accept = |entry: &Entry| {
            let fingerprint = entry.fingerprint.clone();
            let known = before.accepted.iter().find(|known| known.fingerprint == fingerprint);
            known.cloned().unwrap_or_else(|| Accepted {
                fingerprint,
                object: entry.id.to_string(),
                attribute: entry.attribute.clone(),
                ..Accepted::default()
            })
        };
        Self { format: FORMAT, accepted: report.entries.iter().map(accept).collect() }
    }

    /// Those that are accepted on a day, and those whose day has passed.
    pub fn on(&self, today: &str) -> (Vec<Accepted>, Vec<Accepted>) {
        let holds = |accepted: &Accepted| accepted.until.as_deref().is_none_or(|until| today <= until);
        self.accepted.iter().cloned().partition(holds)
    }

    /// Writes the file: pretty, with a line feed at the end.
    pub fn to_json(&self) -> String {
        json::pretty(self) + "\n"
    }
}

fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

impl Report {
    /// Gives each entry its fingerprint: the same for the same difference, by object, attribute and both sides with
    /// everything that is told with them; not by the words about it.
    pub(crate) fn mark(&mut self, diff: &Diff) {
        let mut parts: BTreeMap<usize, Vec<&Delta>> = BTreeMap::new();
        let places = self.entries_by_object();
        for delta in &diff.deltas {
            for place in places.get(&delta.id).into_iter().flatten() {
                parts.entry(*place).or_default().push(delta);
            }
        }
        let marks: Vec<String> = self
            .entries
            .iter()
            .enumerate()
            .map(|(place, entry)| fingerprint(entry, parts.get(&place)))
            .collect();
        for (entry, mark) in self.entries.iter_mut().zip(marks) {
            entry.fingerprint = mark;
        }
    }
}

fn fingerprint(entry: &Entry, parts: Option<&Vec<&Delta>>) -> String {
    let mut digest = Sha256::new();
    let attribute = entry.attribute.as_deref().unwrap_or_default();
    for word in [entry.id.to_string().as_str(), entry.change, attribute] {
        digest.update(word);
        digest.update([0]);
    }
    for delta in parts.into_iter().flatten() {
        let change = delta.attributes().iter().find(|change| change.name == attribute);
        let whole = |object: Option<&Object>| object.map(|object| json::write(&object.body));
        let sides = match change {
            Some(change) => [Some(json::write(&change.old)), Some(json::write(&change.new))],
            None => [whole(delta.old_object()), whole(delta.new_object())],
        };
        digest.update(delta.id.to_string());
        sides.iter().flatten().for_each(|side| digest.update(side));
        digest.update([0]);
    }
    hex(&digest.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_ends_with_its_day() {
        let text = r#"{"format": 1, "accepted": [
            {"fingerprint": "a", "object": "table:public.a", "until": "2026-03-01"},
            {"fingerprint": "b", "object": "table:public.b", "reason": "a job makes it"}]}"#;
        let baseline = Baseline::from_json(text).unwrap();
        let names = |all: &[Accepted]| all.iter().map(|it| it.fingerprint.clone()).collect::<String>();
        for (today, holds, ended) in [("2026-03-01", "ab", ""), ("2026-03-02", "b", "a")] {
            let (now, over) = baseline.on(today);
            assert_eq!((names(&now).as_str(), names(&over).as_str()), (holds, ended));
        }
        assert_eq!(Baseline::from_json(&baseline.to_json()).unwrap(), baseline);
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_a_reason() {
        for (text, reason) in [
            ("{", "line 1: EOF"),
            (r#"{"format": 9, "accepted": []}"#, "format 9"),
            (
                r#"{"format": 1, "accepted": [{"fingerprint": "a", "object": "x", "until": "soon"}]}"#,
                "x: \"soon\" is not a day",
            ),
        ] {
            let refused = Baseline::from_json(text).unwrap_err().to_string();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
