//! The parts of a comment that are folded away: the differences of each table, and what to do.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use similar::TextDiff;

use super::super::run::{RULES_PAGE, Run, are_comparable, hazards, line};
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
    /// `open` where it is seen at once.
    state: &'static str,
}

impl Section {
    /// Under a heading in HTML.
    pub(super) fn new(summary: String, items: Vec<String>) -> Self {
        Self { summary, items, state: "" }
    }

    /// The same, seen at once.
    fn opened(self) -> Self {
        Self { state: " open", ..self }
    }

    /// The section in so many bytes at most; empty where not even one item fits.
    pub(super) fn within(&self, most: usize) -> String {
        let head = format!("\n<details{}><summary>{}</summary>\n\n", self.state, self.summary);
        let end = "\n</details>\n";
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
            body.push_str(&no_room(left));
        }
        format!("{head}{body}{end}")
    }

    /// The same, where at least the count of the items is told.
    pub(super) fn told(self, most: usize) -> String {
        let text = self.within(most);
        if text.is_empty() && !self.items.is_empty() {
            let items = vec![no_room(self.items.len())];
            return Self { items, ..self }.within(usize::MAX);
        }
        text
    }
}

fn no_room(count: usize) -> String {
    format!("\n- and {count} more, for which there is no room here\n")
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
    if found.is_empty() {
        return String::new();
    }
    let all = counted(report.entries.len(), "difference");
    let mut out = format!("\n<details><summary><b>{all}</b>, by table</summary>\n\n");
    let (old, new) = (plain(&report.old.name), plain(&report.new.name));
    let signs = format!("+ only in {new} − only in {old} ~ differs → other name");
    out.push_str(&format!("<sub>▲ high ◆ medium ○ low · {signs}</sub>\n"));
    let (mut sections, mut differences) = (0, 0);
    for (summary, entries) in found {
        let entries = collect::sorted_by_key(entries, |entry| (!run.fails(entry), Reverse(entry.severity)));
        let summary = format!("{summary} · {}", tally(run, &entries));
        let items = entries.iter().map(|entry| item(run, entry)).collect();
        let section = Section::new(summary, items).opened();
        let text = section.within(most.saturating_sub(out.len() + 2 * RESERVE));
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
    out + "\n</details>\n"
}

/// `3 differences, 1 high, 2 fail the run`.
fn tally(run: &Run<'_>, entries: &[&Entry]) -> String {
    let mut text = counted(entries.len(), "difference");
    let high = entries.iter().filter(|entry| entry.severity == Severity::High).count();
    let failing = entries.iter().filter(|entry| run.fails(entry)).count();
    if high > 0 {
        text.push_str(&format!(", ▲ {high} high"));
    }
    match failing {
        _ if run.gates().is_none() => {}
        0 => {}
        1 => text.push_str(", 1 fails the run"),
        failing => text.push_str(&format!(", {failing} fail the run")),
    }
    text
}

pub(super) fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "▲",
        Severity::Medium => "◆",
        Severity::Low => "○",
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
        (true, _) if !are_comparable(old, new) => {
            let lines = [old, new].map(|text| counted(text.lines().count(), "line")).join(" → ");
            return (format!(": {lines}, too long to be shown here"), None);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted() {
        let section =
            Section::new("s".to_owned(), (0..10).map(|at| format!("- {at}{}\n", "x".repeat(99))).collect());
        let whole = section.within(10_000);
        assert!(whole.contains("- 9x") && !whole.contains("more"), "{whole}");
        let part = section.within(700);
        assert!(part.len() <= 700 && part.contains("- 0x") && part.contains("- and 6 more,"), "{part}");
        assert!(part.ends_with("\n</details>\n"));
        assert_eq!(section.within(300), "");
        assert!(section.told(300).contains("- and 10 more,"));
        assert_eq!(Section::new("s".to_owned(), Vec::new()).told(300), "");
    }
}
