//! The parts of a comment that are folded away: the differences of each table, and what to do.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use similar::TextDiff;

use super::super::run::{RULES_PAGE, Run, hazards, line};
use super::words::{block, code, code_html, plain};
use crate::report::counted;
use crate::{Entry, Report, Severity, collect, id};

/// The longest value that stands on a line, in characters.
const LONG: usize = 240;
/// The longest text of which the lines that differ are shown, in bytes.
const LONGEST: usize = 4_000;
/// What is kept for the line that counts what is left out.
const RESERVE: usize = 200;

/// What is folded away under one heading, in items of which each stands or does not.
pub(super) struct Section {
    summary: String,
    items: Vec<String>,
}

impl Section {
    /// Under a heading in HTML.
    pub(super) fn new(summary: String, items: Vec<String>) -> Self {
        Self { summary, items }
    }

    /// The section in so many bytes at most; empty where not even one item fits.
    pub(super) fn within(&self, most: usize) -> String {
        let (head, end) = (format!("\n<details><summary>{}</summary>\n\n", self.summary), "\n</details>\n");
        let whole: usize = self.items.iter().map(String::len).sum();
        let frame = head.len() + end.len();
        let most = if frame + whole <= most { usize::MAX } else { most.saturating_sub(frame + RESERVE) };
        let mut body = String::new();
        let mut left = 0;
        for item in &self.items {
            if body.len() + item.len() > most {
                left += 1;
            } else {
                body.push_str(item);
            }
        }
        if body.is_empty() {
            return body;
        }
        if left > 0 {
            body.push_str(&format!("\n- and {left} more, for which there is no room here\n"));
        }
        format!("{head}{body}{end}")
    }
}

/// The differences by table and group, the most severe first, in so many bytes at most.
pub(super) fn all(run: &Run<'_>, most: usize) -> String {
    let mut found: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    let report = run.report;
    for entry in &report.entries {
        let summary = match entry.id.relation() {
            Some(relation) => code_html(&id::dotted(relation)),
            None => {
                super::super::html::escaped(&line(&entry.group.title(&report.old.name, &report.new.name)))
            }
        };
        found.entry(summary).or_default().push(entry);
    }
    let rank = |entries: &Vec<&Entry>| {
        let fails = entries.iter().any(|entry| run.fails(entry));
        (Reverse(fails), Reverse(entries.iter().map(|entry| entry.severity).max()))
    };
    let found = collect::sorted_by_key(found, |(_, entries)| rank(entries));
    let mut out = String::new();
    let (mut sections, mut differences) = (0, 0);
    for (summary, entries) in found {
        let entries = collect::sorted_by_key(entries, |entry| (!run.fails(entry), Reverse(entry.severity)));
        let summary = format!("{summary} · {}", tally(&entries));
        let items = entries.iter().map(|entry| item(run, entry)).collect();
        let text = Section::new(summary, items).within(most.saturating_sub(out.len() + RESERVE));
        if text.is_empty() {
            sections += 1;
            differences += entries.len();
        }
        out.push_str(&text);
    }
    if sections > 0 {
        let differences = counted(differences, "more difference");
        out.push_str(&format!("\n**{differences}** in {} have no room here.\n", counted(sections, "place")));
    }
    out
}

/// `3 differences, ▲ 1 high`.
fn tally(entries: &[&Entry]) -> String {
    let all = counted(entries.len(), "difference");
    match entries.iter().filter(|entry| entry.severity == Severity::High).count() {
        0 => all,
        high => format!("{all}, ▲ {high} high"),
    }
}

pub(super) fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "▲",
        Severity::Medium => "•",
        Severity::Low => "·",
    }
}

/// One difference: what it is, both values, and what is known of it on a line of its own.
fn item(run: &Run<'_>, entry: &Entry) -> String {
    let sign = match entry.change {
        "added" => "+",
        "removed" => "−",
        "renamed" => "→",
        _ => "~",
    };
    let name = match entry.id.relation() {
        // The heading names the table.
        Some(relation) if relation.len() < entry.id.path().len() => {
            id::dotted(&entry.id.path()[relation.len()..])
        }
        _ => entry.id.dotted(),
    };
    let attribute = entry.attribute.as_deref().filter(|name| !matches!(*name, "definition" | "nullable"));
    let attribute = attribute.map(|name| format!(" {}", plain(&name.replace('_', " ")))).unwrap_or_default();
    let kind = entry.id.kind().label();
    let (values, texts) = values(entry);
    let mut text = format!("- {} {sign} {kind} {}{attribute}{values}\n", mark(entry.severity), code(&name));
    if let Some(texts) = &texts {
        text.push('\n');
        // Behind the list's mark.
        texts.lines().for_each(|line| text.push_str(&format!("  {line}\n")));
        text.push('\n');
    }
    let below = below(run, entry);
    match (below.is_empty(), texts.is_some()) {
        (true, _) => {}
        (false, true) => text.push_str(&format!("  <sub>{below}</sub>\n")),
        (false, false) => text.push_str(&format!("  <br><sub>{below}</sub>\n")),
    }
    text
}

/// Both values on the line, or the lines that differ in a block.
fn values(entry: &Entry) -> (String, Option<String>) {
    let is_long = |side: &Option<String>| {
        side.as_ref().is_some_and(|text| text.contains('\n') || text.chars().count() > LONG)
    };
    let is_change = matches!(entry.change, "altered" | "renamed");
    if !is_long(&entry.old) && !is_long(&entry.new) {
        let value = |side: &Option<String>| match side.as_deref() {
            Some("") | None => "*none*".to_owned(),
            Some(text) => code(text),
        };
        return match (&entry.old, &entry.new) {
            (old, new) if is_change => (format!(": {} → {}", value(old), value(new)), None),
            (Some(text), _) | (None, Some(text)) if !text.is_empty() => (format!(": {}", code(text)), None),
            _ => (String::new(), None),
        };
    }
    let (old, new) = (entry.old.as_deref().unwrap_or_default(), entry.new.as_deref().unwrap_or_default());
    let text = match (is_change, entry.old.is_some()) {
        (true, _) => {
            let (old, new) = (format!("{}\n", old.trim_end()), format!("{}\n", new.trim_end()));
            let diff = TextDiff::from_lines(&old, &new);
            let shown = diff.unified_diff().context_radius(1).to_string();
            block("diff", &shown)
        }
        (false, true) => block("sql", old),
        (false, false) => block("sql", new),
    };
    match text.len() {
        length if length > LONGEST => {
            (format!(": {}, too long to be shown here", counted(text.lines().count(), "line")), None)
        }
        _ => (String::new(), Some(text)),
    }
}

/// What is known of a difference: its rule, what can go wrong, where it is declared, why it is there.
fn below(run: &Run<'_>, entry: &Entry) -> String {
    let mut parts: Vec<String> = Vec::new();
    if run.fails(entry) && run.gates().is_some() {
        parts.push("**fails the run**".to_owned());
    }
    parts.extend(entry.rule.map(|rule| format!("[{rule}]({RULES_PAGE}#{rule})")));
    parts.extend(hazards(entry));
    parts.extend(entry.causes.iter().map(|cause| cause.label().to_owned()));
    if let Some(origin) = &entry.origin {
        let place = run.place(origin).map(|(file, line)| format!("{file}:{line}"));
        parts.push(code(&place.unwrap_or_else(|| origin.to_string())));
    }
    parts.join(" · ")
}

/// What to do, the most severe first.
pub(super) fn advice(report: &Report) -> Section {
    const FEW: usize = 4;
    let items = report.advice.iter().map(|advice| {
        let path = |id: &String| code(id.split_once(':').map_or(id.as_str(), |(_, path)| path));
        let shown = if advice.objects.len() <= FEW + 1 { advice.objects.len() } else { FEW };
        let mut objects = advice.objects[..shown].iter().map(path).collect::<Vec<_>>().join(", ");
        if shown < advice.objects.len() {
            objects.push_str(&format!(" and {} more", advice.objects.len() - shown));
        }
        let rule = advice.rule;
        format!(
            "1. {} **{}** [{rule}]({RULES_PAGE}#{rule})\n   <br>{objects}\n   <br>{}\n   <br>→ {}\n",
            mark(advice.severity),
            advice.severity,
            plain(advice.effect),
            plain(advice.remedy)
        )
    });
    Section::new(format!("What to do ({})", report.advice.len()), items.collect())
}
