//! The report on a console: the two sides, the differences by group, what to do, and the verdict last, where
//! the eye is when a command has ended.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};
use textwrap::Options;

use super::run::{are_comparable, line, lines};
use crate::report::counted;
use crate::{Entry, Finding, Hazard, Locked, Report, Severity, Side, Suggestion, rule};

/// How the text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to write ANSI colours.
    pub color: bool,
    /// Whether to show effects at each difference, and all objects of each recommendation.
    pub verbose: bool,
}

/// The colours, each with a meaning of its own.
#[derive(Clone, Copy)]
pub(super) enum Style {
    Bold,
    Dim,
    Old,
    New,
    High,
    Medium,
    Good,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Old => "33",
            Self::New => "36",
            Self::High => "1;31",
            Self::Medium => "1;33",
            Self::Good => "1;32",
        }
    }
}

/// Writes a report for a console, ending with a line feed.
pub fn text(report: &Report, options: TextOptions) -> String {
    let mut page = Page { options, out: String::new() };
    page.header(report);
    page.causes(report);
    page.findings(&report.findings);
    for (group, entries) in report.groups() {
        let title = group.title(&report.old.name, &report.new.name);
        page.heading(&title, entries.len());
        for entry in entries {
            page.entry(entry, report);
        }
    }
    page.suggestions(&report.suggestions);
    page.advice(report);
    page.sentences("For information", &report.information);
    page.sentences("Not compared", &report.not_compared);
    page.line("");
    page.verdict(report);
    page.out
}

/// How many of several things are named.
const FEW: usize = 4;

/// A text in a colour, where there are colours.
pub(super) fn paint(options: TextOptions, style: Style, text: &str) -> String {
    if options.color && !text.is_empty() {
        format!("\x1b[{}m{text}\x1b[0m", style.code())
    } else {
        text.to_owned()
    }
}

struct Page {
    options: TextOptions,
    out: String,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        paint(self.options, style, text)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// Wraps a text to the terminal, every line behind `indent` spaces, the first behind `lead`.
    fn paragraph(&mut self, lead: &str, indent: usize, text: &str, style: Option<Style>) {
        let spaces = " ".repeat(indent);
        let text = &line(text);
        // Lines beyond 100 columns tire the eye.
        let width = self.options.width.clamp(40, 100).saturating_sub(indent);
        for (row, line) in textwrap::wrap(text, Options::new(width)).iter().enumerate() {
            let painted = style.map_or_else(|| line.to_string(), |style| self.paint(style, line));
            self.line(&format!("{}{painted}", if row == 0 { lead } else { &spaces }));
        }
    }

    fn header(&mut self, report: &Report) {
        let width = report.old.name.chars().count().max(report.new.name.chars().count());
        for (side, style) in [(&report.old, Style::Old), (&report.new, Style::New)] {
            let name = self.paint(style, &format!("{:width$}", line(&side.name)));
            self.line(&format!("  {name}  {}", line(&describe(side))));
        }
        let totals = report.totals;
        let parts = [
            format!("{} in {}", counted(totals.tables_old, "table"), report.old.name),
            format!("{} in {}", totals.tables_new, report.new.name),
            format!("{} in sync", totals.in_sync),
            format!("{} differ", totals.differing),
            format!("{} only in {}", totals.only_old, report.old.name),
            format!("{} only in {}", totals.only_new, report.new.name),
        ];
        self.line("");
        self.paragraph("  ", 2, &parts.join(" · "), None);
        if !report.entries.is_empty() {
            let legend = format!(
                "▲ high  • medium  · low     + only in {}  − only in {}  ~ differs  → other name",
                report.new.name, report.old.name
            );
            self.paragraph("  ", 2, &legend, Some(Style::Dim));
        }
    }

    /// Where the database stands among the migrations, and a line for each cause.
    fn causes(&mut self, report: &Report) {
        let Some(causes) = &report.causes else { return };
        self.line("");
        self.paragraph("  ", 2, &causes.standing, None);
        for found in &causes.found {
            let label = self.paint(Style::Bold, found.cause.label());
            let revisions = match found.revisions.as_slice() {
                [] => String::new(),
                some => format!(" ({})", line(&self.few(some))),
            };
            self.line(&format!("  {:>4} × {label}{revisions}", found.count));
            self.paragraph("         → ", 11, &found.next, None);
        }
    }

    fn verdict(&mut self, report: &Report) {
        let (mark, style) = match report.totals {
            totals if totals.high > 0 => ("✗", Style::High),
            _ if report.is_in_sync() => ("✓", Style::Good),
            _ => ("✗", Style::Medium),
        };
        let verdict = self.paint(style, &format!("{mark} {}", report.verdict()));
        self.line(&verdict);
    }

    fn heading(&mut self, title: &str, count: usize) {
        let title = self.paint(Style::Bold, title);
        let count = self.paint(Style::Dim, &format!("({count})"));
        self.line("");
        self.line(&format!("{title} {count}"));
    }

    fn findings(&mut self, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        self.heading("Wrong in the models themselves", findings.len());
        for finding in findings {
            let lead = format!("  {} ", self.paint(Style::High, "!"));
            self.paragraph(&lead, 4, &finding.message, None);
            if let Some(origin) = &finding.origin {
                let origin = self.paint(Style::Dim, &line(&origin.to_string()));
                self.line(&format!("    {origin}"));
            }
            if let (true, Some(detail)) = (self.options.verbose, &finding.detail) {
                detail.lines().for_each(|row| self.paragraph("    ", 4, row, Some(Style::Dim)));
            }
        }
    }

    fn entry(&mut self, entry: &Entry, report: &Report) {
        let (sign, style) = match entry.change {
            "added" => ("+", Style::New),
            "removed" => ("−", Style::Old),
            "renamed" => ("→", Style::Dim),
            _ => ("~", Style::Medium),
        };
        let mark = match entry.severity {
            Severity::High => self.paint(Style::High, "▲"),
            Severity::Medium => self.paint(Style::Medium, "•"),
            Severity::Low => self.paint(Style::Dim, "·"),
        };
        let name = line(&entry.id.dotted());
        // The group already says what a column or table is; elsewhere the kind or attribute helps.
        let what = match &entry.attribute {
            Some(attribute) if attribute != "definition" && attribute != "nullable" => {
                format!(" {}", attribute.replace('_', " "))
            }
            _ => String::new(),
        };
        let used = 6 + name.chars().count() + what.chars().count();
        let name = self.paint(Style::Bold, &name);
        let lead = format!("  {mark} {} {name}{}", self.paint(style, sign), self.paint(Style::Dim, &what));
        let is_text =
            [&entry.old, &entry.new].iter().any(|side| side.as_ref().is_some_and(|it| it.contains('\n')));
        let origin = entry.origin.as_ref().map(ToString::to_string);
        let causes = entry.causes.iter().map(|cause| cause.label().to_owned());
        let below = origin.into_iter().chain(causes).collect::<Vec<_>>().join(" · ");
        if is_text {
            self.line(&lead);
            self.definition(entry);
        } else {
            self.values(entry, report, &lead, used);
        }
        if !below.is_empty() {
            let below = self.paint(Style::Dim, &line(&below));
            self.line(&format!("      {below}"));
        }
        if let (true, Some(rule)) = (self.options.verbose, entry.rule.and_then(rule)) {
            self.paragraph("      ", 6, rule.effect, Some(Style::Dim));
            for lock in &entry.locks {
                let (mode, sentence) = (lock.mode, lock.sentence());
                self.paragraph("      ", 6, &format!("{mode}: {sentence}"), Some(Style::Dim));
            }
        }
    }

    /// Both values on the object's line where they fit, else each on its own.
    fn values(&mut self, entry: &Entry, report: &Report, lead: &str, used: usize) {
        let none = "none".to_owned();
        let is_change = matches!(entry.change, "altered" | "renamed");
        let sides = [&entry.old, &entry.new].map(|side| side.as_deref().map(line));
        let (old, new) = match (&sides[0], &sides[1]) {
            (old, new) if is_change => (old.as_ref().or(Some(&none)), new.as_ref().or(Some(&none))),
            (old, new) => (old.as_ref(), new.as_ref()),
        };
        let length = |side: Option<&String>| side.map_or(0, |it| it.chars().count());
        let fits = used + 2 + length(old) + length(new) + 3 <= self.options.width;
        match (old, new) {
            (Some(old), Some(new)) if fits => {
                let (old, new) = (self.paint(Style::Old, old), self.paint(Style::New, new));
                self.line(&format!("{lead}  {old} → {new}"));
            }
            (Some(old), Some(new)) => {
                self.line(lead);
                let width = report.old.name.len().max(report.new.name.len());
                for (side, value, style) in [(&report.old, old, Style::Old), (&report.new, new, Style::New)] {
                    let lead =
                        format!("      {}  ", self.paint(Style::Dim, &format!("{:width$}", side.name)));
                    self.paragraph(&lead, 8 + width, value, Some(style));
                }
            }
            (Some(one), None) | (None, Some(one)) if fits => self.line(&format!("{lead}  {one}")),
            (Some(one), None) | (None, Some(one)) => {
                self.line(lead);
                self.paragraph("      ", 6, one, None);
            }
            (None, None) => self.line(lead),
        }
    }

    /// A definition of several lines: the lines that differ, with one line of context.
    fn definition(&mut self, entry: &Entry) {
        let (Some(old), Some(new)) = (&entry.old, &entry.new) else {
            let lines = entry.old.as_ref().or(entry.new.as_ref()).map_or(0, |text| text.lines().count());
            self.line(&format!("      {}", self.paint(Style::Dim, &counted(lines, "line"))));
            return;
        };
        if !are_comparable(old, new) {
            let lines = [old, new].map(|text| counted(text.lines().count(), "line")).join(" → ");
            self.line(&format!("      {}", self.paint(Style::Dim, &lines)));
            return;
        }
        let diff = TextDiff::from_lines(old.as_str(), new.as_str());
        for (index, group) in diff.grouped_ops(1).iter().enumerate() {
            if index > 0 {
                self.line(&format!("      {}", self.paint(Style::Dim, "…")));
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let (sign, style) = match change.tag() {
                    ChangeTag::Delete => ('−', Style::Old),
                    ChangeTag::Insert => ('+', Style::New),
                    ChangeTag::Equal => (' ', Style::Dim),
                };
                let text = format!("{sign} {}", lines(change.value().trim_end()));
                self.line(&format!("      {}", self.paint(style, &text)));
            }
        }
    }

    fn suggestions(&mut self, suggestions: &[Suggestion]) {
        if suggestions.is_empty() {
            return;
        }
        self.heading("Perhaps renamed", suggestions.len());
        for Suggestion { rename, evidence } in suggestions {
            let text = format!("{} → {}: {evidence}", rename.from.dotted(), rename.to.name());
            self.paragraph("  ? ", 4, &text, None);
        }
        let list = suggestions.iter().map(|it| format!("\"{}\"", it.rename)).collect::<Vec<_>>().join(", ");
        self.paragraph(
            "    ",
            4,
            "If so, say it in driftglass.toml, and nothing is dropped:",
            Some(Style::Dim),
        );
        // In one piece, to be copied.
        self.line(&format!("      renames = [{}]", line(&list)));
    }

    fn advice(&mut self, report: &Report) {
        if report.advice.is_empty() {
            return;
        }
        self.heading("What to do", report.advice.len());
        for (index, advice) in report.advice.iter().enumerate() {
            let style = match advice.severity {
                Severity::High => Style::High,
                Severity::Medium => Style::Medium,
                Severity::Low => Style::Dim,
            };
            let severity = self.paint(style, &advice.severity.to_string());
            let rule = self.paint(Style::Bold, advice.rule);
            self.line(&format!("  {:>2}. {severity} {rule}{}", index + 1, self.hazards(&advice.hazards)));
            self.paragraph("      ", 6, &self.objects(&advice.objects), Some(Style::Dim));
            self.paragraph("      ", 6, advice.effect, None);
            self.blocked(&advice.blocked);
            self.paragraph("      → ", 8, advice.remedy, None);
        }
    }

    /// What can go wrong, in a word each; a lock that is brief goes without saying.
    fn hazards(&self, hazards: &[Hazard]) -> String {
        let told = hazards.iter().filter(|hazard| **hazard < Hazard::BriefLock);
        let words = told.map(|hazard| hazard.to_string().replace('-', " ")).collect::<Vec<_>>().join(", ");
        if words.is_empty() { words } else { self.paint(Style::Dim, &format!("  {words}")) }
    }

    /// What the plain way does to tables that stand.
    fn blocked(&mut self, locks: &[Locked]) {
        let known =
            locks.iter().filter(|lock| self.options.verbose || lock.size.is_some()).collect::<Vec<_>>();
        let shown = if self.options.verbose { known.len() } else { known.len().min(FEW) };
        for lock in &known[..shown] {
            let sentence = lock.sentence();
            let mark = self.paint(Style::High, "⚠");
            self.paragraph(&format!("      {mark} "), 8, &format!("The plain way {sentence}."), None);
        }
        if shown < known.len() {
            let more = format!("        and {} more tables", known.len() - shown);
            let more = self.paint(Style::Dim, &more);
            self.line(&more);
        }
    }

    /// The names of the objects that a recommendation is about, a few of them where there are many.
    fn objects(&self, ids: &[String]) -> String {
        let path = |id: &String| id.split_once(':').map_or(id.as_str(), |(_, path)| path).to_owned();
        self.few(&ids.iter().map(path).collect::<Vec<_>>())
    }

    fn few(&self, names: &[String]) -> String {
        let shown = if self.options.verbose || names.len() <= FEW + 1 { names.len() } else { FEW };
        let mut text = names[..shown].join(", ");
        if shown < names.len() {
            // Writing to a String cannot fail.
            let _ = write!(text, " and {} more", names.len() - shown);
        }
        text
    }

    fn sentences(&mut self, title: &str, sentences: &[String]) {
        if sentences.is_empty() {
            return;
        }
        self.line("");
        let title = self.paint(Style::Bold, title);
        self.line(&title);
        for sentence in sentences {
            self.paragraph("  · ", 4, sentence, None);
        }
    }
}

/// `shop@localhost, PostgreSQL 18.6, revision 1a2b, taken 2026-01-01T00:00:00Z`.
pub(super) fn describe(side: &Side) -> String {
    let mut parts = vec![if side.label.is_empty() { "unnamed".to_owned() } else { side.label.clone() }];
    if !side.server.is_empty() {
        parts.push(format!("PostgreSQL {}", side.server));
    }
    if !side.revisions.is_empty() {
        parts.push(format!("revision {}", side.revisions.join(", ")));
    }
    if let Some(taken_at) = &side.taken_at {
        parts.push(format!("taken {taken_at}"));
    }
    parts.join(", ")
}
