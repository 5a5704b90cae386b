//! A report as a run of CI tells it: what fails the run, what is said of each difference, and where in the repository it
//! is declared. The forms that machines read are made of this.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::report::counted;
use crate::{Entry, Finding, Hazard, ObjectId, Origin, Report, Rule, Severity, collect, rule};

/// Where the program comes from.
pub(super) const HOME: &str = "https://github.com/driftglass/driftglass";
/// The page that explains rules; `#` and a rule's id lead to the rule.
pub(super) const RULES_PAGE: &str = "https://github.com/driftglass/driftglass/blob/main/docs/rules.md";
/// The rule of a difference that no rule speaks of.
pub(super) const DIFFERENCE: &str = "difference";
/// The rule of what is wrong with a source itself.
pub(super) const FINDING: &str = "finding";

/// Where a run stands in its repository.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    /// The repository's folder, absolute; empty where that is not known.
    pub root: String,
    /// The working folder as seen from there; empty where they are the same.
    pub folder: String,
    /// The project's settings as seen from there: the file that stands for what no file declares.
    pub settings: String,
}

/// A report and what its gates make of it.
#[derive(Clone, Debug)]
pub struct Run<'r> {
    pub(super) report: &'r Report,
    pub(super) checkout: &'r Checkout,
    /// The fingerprints of the entries that fail the run.
    stopped: BTreeSet<&'r str>,
}

/// How loudly something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// It fails the run.
    Error,
    /// It matters, and does not fail the run.
    Warning,
    /// It hardly matters.
    Notice,
}

/// Something to tell: a difference, or what is wrong with a source.
#[derive(Clone, Debug)]
pub(super) struct Problem<'r> {
    pub(super) level: Level,
    pub(super) severity: Severity,
    /// The rule that speaks, or [`DIFFERENCE`] or [`FINDING`].
    pub(super) rule: &'static str,
    /// What is so, in a sentence on one line.
    pub(super) sentence: String,
    /// What it means and what to do, a paragraph each; what is known beside it after that.
    pub(super) more: Vec<String>,
    pub(super) object: Option<&'r ObjectId>,
    pub(super) origin: Option<&'r Origin>,
    /// The same for the same, in every run.
    pub(super) fingerprint: String,
}

impl<'r> Run<'r> {
    /// A report, the entries of it that fail the run, and where it is run.
    pub fn new(report: &'r Report, stopped: &[&'r Entry], checkout: &'r Checkout) -> Self {
        let stopped = collect::set(stopped.iter().map(|entry| entry.fingerprint.as_str()));
        Self { report, checkout, stopped }
    }

    pub(super) fn fails(&self, entry: &Entry) -> bool {
        self.stopped.contains(entry.fingerprint.as_str())
    }

    /// How many entries fail the run.
    pub(super) fn failing(&self) -> usize {
        self.stopped.len()
    }

    /// Everything to tell: what is wrong with the sources, then what fails the run, the most severe first.
    pub(super) fn problems(&self) -> Vec<Problem<'r>> {
        // A finding may be told twice; fingerprints may not.
        let findings = &self.report.findings;
        let found = findings.iter().enumerate().filter(|(at, finding)| !findings[..*at].contains(finding));
        let found = found.map(|(_, finding)| self.of_finding(finding));
        let entries = self.report.entries.iter().map(|entry| self.of_entry(entry));
        let problems = found.chain(entries);
        collect::sorted_by_key(problems, |it| (it.level, it.object.is_some(), std::cmp::Reverse(it.severity)))
    }

    fn level(&self, fails: bool, severity: Severity) -> Level {
        match severity {
            _ if fails => Level::Error,
            Severity::Low => Level::Notice,
            _ => Level::Warning,
        }
    }

    fn of_entry(&self, entry: &'r Entry) -> Problem<'r> {
        Problem {
            level: self.level(self.fails(entry), entry.severity),
            severity: entry.severity,
            rule: entry.rule.unwrap_or(DIFFERENCE),
            sentence: self.sentence(entry),
            more: explanations(entry),
            object: Some(&entry.id),
            origin: entry.origin.as_ref(),
            fingerprint: entry.fingerprint.clone(),
        }
    }

    fn of_finding(&self, finding: &'r Finding) -> Problem<'r> {
        let mut digest = Sha256::new();
        digest.update(&finding.message);
        digest.update(finding.origin.as_ref().map_or_else(String::new, ToString::to_string));
        Problem {
            level: self.level(finding.is_loss, Severity::High),
            severity: Severity::High,
            rule: FINDING,
            sentence: line(&finding.message),
            more: Vec::new(),
            object: None,
            origin: finding.origin.as_ref(),
            fingerprint: digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// A difference in a sentence on one line; long values are left out.
    pub(super) fn sentence(&self, entry: &Entry) -> String {
        let name = line(&format!("{} {}", entry.id.kind().label(), entry.id.dotted()));
        let (old, new) = (line(&self.report.old.name), line(&self.report.new.name));
        let behind = |side: &Option<String>| {
            let text = side.as_deref().map(short).unwrap_or_default();
            if text.is_empty() { text } else { format!(": {text}") }
        };
        let value = |side: &Option<String>| side.as_deref().map_or_else(|| "none".to_owned(), short);
        let text = match entry.change {
            "added" => format!("{name} is only in {new}{}", behind(&entry.new)),
            "removed" => format!("{name} is only in {old}{}", behind(&entry.old)),
            "renamed" => format!("{name} is called {} in {old}", value(&entry.old)),
            _ => {
                let attribute = entry.attribute.as_deref().unwrap_or("definition").replace('_', " ");
                let (was, is) = (value(&entry.old), value(&entry.new));
                format!("{name} differs in {attribute}: {was} in {old}, {is} in {new}")
            }
        };
        capital(&text)
    }

    /// The file and line in the repository; nothing where it lies elsewhere.
    pub(super) fn place(&self, origin: &Origin) -> Option<(String, u32)> {
        let Checkout { root, folder, .. } = self.checkout;
        let inside = match origin.file.starts_with('/') {
            true => origin.file.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')?.to_owned(),
            false => format!("{folder}/{}", origin.file),
        };
        let mut parts: Vec<&str> = Vec::new();
        for part in inside.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        (!parts.is_empty()).then(|| (parts.join("/"), origin.line.max(1)))
    }

    /// The file and line of a problem, or the project's settings: some readers refuse what has no file.
    pub(super) fn place_or_settings(&self, problem: &Problem<'_>) -> (String, u32) {
        let place = problem.origin.and_then(|origin| self.place(origin));
        place.unwrap_or_else(|| (self.checkout.settings.clone(), 1))
    }

    /// What the gates make of it, where that is more than the verdict says.
    pub(super) fn gates(&self) -> Option<String> {
        let (all, failing) = (self.report.entries.len(), self.failing());
        match failing {
            _ if all == failing => None,
            0 => Some("None of them fails this run.".to_owned()),
            1 => Some("1 of them fails this run.".to_owned()),
            failing => Some(format!("{failing} of them fail this run.")),
        }
    }
}

impl Level {
    /// How GitHub and SARIF call the first two.
    pub(super) fn word(self, low: &'static str) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => low,
        }
    }
}

/// What the rules say of a difference, and why it is there.
pub(super) fn explanations(entry: &Entry) -> Vec<String> {
    let rules = entry.rule.into_iter().chain(entry.beside.iter().copied()).filter_map(rule);
    let said = |rule: &Rule| format!("{} → {}", rule.effect, rule.remedy);
    let mut more: Vec<String> = rules.map(said).collect();
    let locks = entry.locks.iter().filter(|lock| lock.is_long() && lock.size.is_some());
    more.extend(locks.map(|lock| line(&format!("The plain way {}.", lock.sentence()))));
    if !entry.causes.is_empty() {
        let causes: Vec<&str> = entry.causes.iter().map(|cause| cause.label()).collect();
        more.push(format!("Why: {}.", causes.join(", ")));
    }
    more
}

/// What can go wrong, in a word each; a lock that is brief goes without saying.
pub(super) fn hazards(entry: &Entry) -> Vec<String> {
    let told = entry.hazards.iter().filter(|hazard| **hazard < Hazard::BriefLock);
    told.map(|hazard| hazard.to_string().replace('-', " ")).collect()
}

/// A value on one line: of a long one or of several lines only how much there is.
fn short(text: &str) -> String {
    const LONG: usize = 160;
    match text.lines().count() {
        0 | 1 if text.chars().count() <= LONG => line(text),
        0 | 1 => counted(text.chars().count(), "character"),
        lines => counted(lines, "line"),
    }
}

/// Whether the lines of two texts are compared: that takes the square of what differs.
pub(super) fn are_comparable(old: &str, new: &str) -> bool {
    const MOST: usize = 4_000;
    old.lines().take(MOST).count() + new.lines().take(MOST).count() < MOST
}

/// A text on one line of which every character is seen, and none turns the direction of others.
pub fn line(text: &str) -> String {
    visible(text, &|_| false)
}

/// The same for a text of several lines.
pub fn lines(text: &str) -> String {
    visible(text, &|c| c == '\n' || c == '\t')
}

fn visible(text: &str, keeps: &dyn Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let is_direction = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        // Line feeds by another name, blanks of no width, and what no XML may hold.
        let is_unseen = matches!(
            c,
            '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        );
        if (is_direction || is_unseen || c.is_control()) && !keeps(c) {
            shown.push_str(&format!("‹U+{:04X}›", u32::from(c)));
        } else {
            shown.push(c);
        }
        // `::error::`: what GitHub's runner takes for a command where a line begins, and lines are wrapped at blanks.
        if c == ':' {
            let before = shown.strip_suffix("::");
            if before.is_some_and(|before| before.chars().next_back().is_none_or(char::is_whitespace)) {
                shown.insert(shown.len() - 1, '\u{2060}');
            }
        }
        // `##[error]`, `##vso[…]`, `##teamcity[…]`: what CI takes for a command wherever it stands in a log.
        if c == '[' {
            let word = shown[..shown.len() - 1].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let (at, is_command) = (word.len(), word.ends_with("##"));
            if is_command {
                shown.insert(at - 1, '\u{2060}');
            }
        }
    }
    shown
}

pub(super) fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end()
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DiffOptions, Snapshot, diff};

    #[test]
    fn files_are_named_from_the_repository() {
        let nothing = Snapshot::from_json(br#"{"format": 1, "objects": {}}"#).unwrap();
        let options = DiffOptions::default();
        let report = Report::new(&nothing, &nothing, &diff(&nothing, &nothing, &options), &options);
        for (root, folder, file, place) in [
            ("/repo", "", "app/models.py", Some("app/models.py")),
            ("/repo/", "", "/repo/app/models.py", Some("app/models.py")),
            ("/repo", "backend", "models.py", Some("backend/models.py")),
            ("/repo", "backend", "../shared/./models.py", Some("shared/models.py")),
            ("/repo", "backend", "../../elsewhere.py", None),
            ("/repo", "", "/repository/models.py", None),
            ("/repo", "", "/app/models.py", None),
            ("", "", "models.py", Some("models.py")),
        ] {
            let checkout =
                Checkout { root: root.to_owned(), folder: folder.to_owned(), ..Checkout::default() };
            let run = Run::new(&report, &[], &checkout);
            let origin = Origin { file: file.to_owned(), line: 7 };
            assert_eq!(run.place(&origin), place.map(|file| (file.to_owned(), 7)), "{root} {folder} {file}");
        }
    }

    #[test]
    fn what_is_not_seen_is_shown() {
        assert_eq!(line("a\nb\u{202e}c\0"), "a‹U+000A›b‹U+202E›c‹U+0000›");
        assert_eq!(line("##[error]a ##vso[b] a ## b"), "#\u{2060}#[error]a #\u{2060}#vso[b] a ## b");
        assert_eq!(line("::error::a ::b c::d"), ":\u{2060}:error::a :\u{2060}:b c::d");
        assert_eq!(lines("a\n\tb\r"), "a\n\tb‹U+000D›");
    }
}
