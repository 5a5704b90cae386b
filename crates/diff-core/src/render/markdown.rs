//! A report as a comment on a pull request: the verdict and what is dangerous first, the rest folded away by table.
//!
//! GitHub refuses comments that are too long, so what does not fit is left out as a whole, and counted.

mod details;
mod words;

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::run::{Run, capital, first_sentence};
use super::text::describe;
use crate::report::counted;
use crate::{Entry, Finding, Hazard, Locked, Report, Side, Work, collect, in_units, rule};
use details::Section;
use words::{block, code, marked, plain};

/// The first line, by which a script finds the comment again.
pub const MARKER: &str = "<!-- driftglass -->";

/// The most bytes of a comment. GitHub counts characters, up to 65,536; there are never fewer bytes.
const MOST: usize = 65_000;
/// The most of them for what to do.
const MOST_ADVICE: usize = 16_000;
/// The most of them for what stands below.
const MOST_NOTES: usize = 6_000;
/// So many differences are named before the details.
const FEW: usize = 8;

/// The most characters of what is wrong with a source.
const LONGEST: usize = 500;

/// Writes a report for a pull request, the same bytes for the same report.
pub fn markdown(run: &Run<'_>) -> String {
    let report = run.report;
    let mut out = format!("{MARKER}\n");
    head(&mut out, run);
    causes(&mut out, report);
    findings(&mut out, &report.findings);
    dangers(&mut out, run);
    let advice = details::advice(report).told(MOST_ADVICE);
    let notes: String = notes(report).into_iter().map(|section| section.told(MOST_NOTES / 3)).collect();
    let rest = MOST.saturating_sub(out.len() + advice.len() + notes.len());
    out.push_str(&details::all(run, rest));
    out.push_str(&advice);
    out.push_str(&notes);
    out
}

fn head(out: &mut String, run: &Run<'_>) {
    let report = run.report;
    let mark = if run.failing() > 0 || report.has_losses() { "✗" } else { "✓" };
    // What is wrong with a source stands below.
    let verdict = report.verdict();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "### {mark} {}\n", capital(verdict.split(';').next().unwrap_or(&verdict)));
    if let Some(gates) = run.gates() {
        let _ = writeln!(out, "**{gates}**\n");
    }
    let totals = report.totals;
    let _ = writeln!(out, "| | source | tables |\n| --- | --- | --- |");
    side(out, &report.old, totals.tables_old, totals.only_old);
    side(out, &report.new, totals.tables_new, totals.only_new);
    let both = counted(totals.in_sync + totals.differing, "table");
    let _ = writeln!(out, "\n{both} in both: {} in sync, {} not.", totals.in_sync, totals.differing);
}

fn side(out: &mut String, side: &Side, tables: usize, only: usize) {
    let only = if only > 0 { format!(", {only} only here") } else { String::new() };
    let _ = writeln!(out, "| **{}** | {} | {tables}{only} |", plain(&side.name), plain(&describe(side)));
}

/// Where the database stands among the migrations, and a line for each cause.
fn causes(out: &mut String, report: &Report) {
    let Some(causes) = &report.causes else { return };
    let _ = writeln!(out, "\n{}\n", marked(&causes.standing));
    for found in &causes.found {
        let revisions: Vec<String> = found.revisions.iter().take(FEW).map(|one| code(one)).collect();
        let revisions =
            if revisions.is_empty() { String::new() } else { format!(" ({})", revisions.join(", ")) };
        let _ = writeln!(
            out,
            "- {} × **{}**{revisions}: {}",
            found.count,
            found.cause.label(),
            marked(&found.next)
        );
    }
}

fn findings(out: &mut String, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n#### Wrong in the sources themselves ({})\n", findings.len());
    for finding in findings.iter().take(FEW) {
        let origin = finding.origin.as_ref().map(|origin| format!(" · {}", code(&origin.to_string())));
        let message: String = finding.message.chars().take(LONGEST).collect();
        let cut = if message.len() < finding.message.len() { "…" } else { "" };
        let _ = writeln!(out, "- ! {}{cut}{}", plain(&message), origin.unwrap_or_default());
    }
    more(out, findings.len(), "");
}

/// What can lose data, and what keeps others waiting.
fn dangers(out: &mut String, run: &Run<'_>) {
    let has = |all: &[Hazard]| -> Vec<&Entry> {
        run.report.entries.iter().filter(|entry| all.iter().any(|it| entry.hazards.contains(it))).collect()
    };
    for (title, hazards) in [
        ("The way back can lose data", &[Hazard::DataLoss][..]),
        ("The plain way back stops others", &[Hazard::Outage, Hazard::BlockedWrites]),
    ] {
        let rank = |entry: &&Entry| {
            let is_outage = entry.hazards.contains(&Hazard::Outage);
            (!run.fails(entry), Reverse(largest(entry)), !is_outage, Reverse(entry.severity))
        };
        let found = collect::sorted_by_key(has(hazards), rank);
        if found.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n#### {title} ({})\n", found.len());
        for entry in found.iter().take(FEW) {
            let _ = writeln!(out, "- {}", danger(entry, hazards));
        }
        more(out, found.len(), "");
    }
}

/// The bytes of the largest table that is locked for long.
fn largest(entry: &Entry) -> u64 {
    let sizes =
        entry.locks.iter().filter(|lock| lock.is_long()).map(|lock| lock.size.map_or(0, |size| size.bytes));
    sizes.max().unwrap_or_default()
}

/// What would be lost, or which tables would be locked, in a line.
fn danger(entry: &Entry, asked: &[Hazard]) -> String {
    let attribute = entry.attribute.as_deref().filter(|name| !matches!(*name, "definition" | "nullable"));
    let attribute = attribute.map(|name| format!(" {}", plain(&name.replace('_', " ")))).unwrap_or_default();
    let effect = match (entry.rule.and_then(rule), asked) {
        (Some(rule), [Hazard::DataLoss]) => plain(first_sentence(rule.effect)),
        _ => {
            let locks = entry.locks.iter().filter(|lock| lock.is_long());
            locks.take(3).map(|lock| locked(entry, lock)).collect::<Vec<_>>().join("; ")
        }
    };
    let kind = entry.id.kind().label();
    format!("{} {kind} {}{attribute}: {effect}", details::mark(entry.severity), code(&entry.id.dotted()))
}

/// What is done to a table meanwhile; its own need not be named.
fn locked(entry: &Entry, lock: &Locked) -> String {
    let is_own = entry.id.relation() == Some(lock.table.path());
    let table = if is_own { "the table".to_owned() } else { code(&lock.table.dotted()) };
    let size = lock.size.filter(|size| size.bytes > 0);
    let size = size.map_or_else(String::new, |size| format!(" ({})", in_units(size.bytes)));
    let work = if lock.work == Work::Rewrite { "rewrites" } else { "reads all of" };
    format!("{work} {table}{size} and {}", lock.mode.blocks())
}

/// The line behind the first few of several.
fn more(out: &mut String, count: usize, indent: &str) {
    if count > FEW {
        let _ = writeln!(out, "{indent}- and {} more", count - FEW);
    }
}

/// What may be renamed, what does not count, what was not compared.
fn notes(report: &Report) -> Vec<Section> {
    let mut sections = Vec::new();
    if !report.suggestions.is_empty() {
        let mut items: Vec<String> = report
            .suggestions
            .iter()
            .map(|it| {
                let (from, to) = (code(&it.rename.from.dotted()), code(it.rename.to.name()));
                format!("- {from} → {to}: {}\n", plain(&it.evidence))
            })
            .collect();
        let renames: Vec<String> = report.suggestions.iter().map(|it| format!("\"{}\"", it.rename)).collect();
        let settings = block("toml", &format!("renames = [{}]", renames.join(", ")));
        items.push(format!("\nIf so, say it in `driftglass.toml`, and nothing is dropped:\n\n{settings}\n"));
        sections.push(Section::new(format!("Perhaps renamed ({})", report.suggestions.len()), items));
    }
    for (title, sentences) in
        [("For information", &report.information), ("Not compared", &report.not_compared)]
    {
        if !sentences.is_empty() {
            let items = sentences.iter().map(|sentence| format!("- {}\n", plain(sentence))).collect();
            sections.push(Section::new(format!("{title} ({})", sentences.len()), items));
        }
    }
    sections
}
