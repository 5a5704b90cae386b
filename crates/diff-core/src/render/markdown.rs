//! A report as a comment on a pull request: the verdict and what is dangerous first, the rest folded away by table.
//!
//! GitHub refuses comments that are too long, so what does not fit is left out as a whole, and counted.

mod details;
mod words;

use std::fmt::Write as _;

use super::run::Run;
use super::text::describe;
use crate::report::counted;
use crate::{Entry, Finding, Hazard, Report, Side};
use details::Section;
use words::{block, code, plain};

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

/// Writes a report for a pull request, the same bytes for the same report.
pub fn markdown(run: &Run<'_>) -> String {
    let report = run.report;
    let mut out = format!("{MARKER}\n");
    head(&mut out, run);
    causes(&mut out, report);
    findings(&mut out, &report.findings);
    dangers(&mut out, run);
    let advice = details::advice(report).within(MOST_ADVICE);
    let notes: String = notes(report).into_iter().map(|section| section.within(MOST_NOTES / 3)).collect();
    let rest = MOST.saturating_sub(out.len() + advice.len() + notes.len());
    out.push_str(&details::all(run, rest));
    out.push_str(&advice);
    out.push_str(&notes);
    out
}

fn head(out: &mut String, run: &Run<'_>) {
    let report = run.report;
    let mark = if run.failing() > 0 || report.has_losses() { "✗" } else { "✓" };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "### {mark} {}\n", super::run::capital(&report.verdict()));
    if let Some(gates) = run.gates() {
        let _ = writeln!(out, "{gates}\n");
    }
    let _ = writeln!(out, "| | source | tables | only here |\n| --- | --- | --: | --: |");
    let totals = report.totals;
    side(out, &report.old, totals.tables_old, totals.only_old);
    side(out, &report.new, totals.tables_new, totals.only_new);
    let both = totals.in_sync + totals.differing;
    if both > 0 {
        let _ = writeln!(
            out,
            "\nOf {} in both {} in sync, {}.",
            counted(both, "table"),
            are(totals.in_sync),
            differ(totals.differing)
        );
    }
}

fn are(count: usize) -> String {
    format!("{count} {}", if count == 1 { "is" } else { "are" })
}

fn differ(count: usize) -> String {
    format!("{count} {}", if count == 1 { "differs" } else { "differ" })
}

fn side(out: &mut String, side: &Side, tables: usize, only: usize) {
    let _ = writeln!(out, "| **{}** | {} | {tables} | {only} |", plain(&side.name), plain(&describe(side)));
}

/// Where the database stands among the migrations, and a line for each cause.
fn causes(out: &mut String, report: &Report) {
    let Some(causes) = &report.causes else { return };
    let _ = writeln!(out, "\n{}\n", plain(&causes.standing));
    for found in &causes.found {
        let revisions: Vec<String> = found.revisions.iter().take(FEW).map(|one| code(one)).collect();
        let revisions =
            if revisions.is_empty() { String::new() } else { format!(" ({})", revisions.join(", ")) };
        let _ = writeln!(
            out,
            "- {} × **{}**{revisions}: {}",
            found.count,
            found.cause.label(),
            plain(&found.next)
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
        let message = plain(finding.message.get(..600).unwrap_or(&finding.message));
        let _ = writeln!(out, "- ! {message}{}", origin.unwrap_or_default());
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
        let found = crate::collect::sorted_by_key(has(hazards), |entry| {
            (!run.fails(entry), std::cmp::Reverse(longest(entry)))
        });
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
fn longest(entry: &Entry) -> u64 {
    let sizes =
        entry.locks.iter().filter(|lock| lock.is_long()).map(|lock| lock.size.map_or(0, |size| size.bytes));
    sizes.max().unwrap_or_default()
}

fn danger(entry: &Entry, asked: &[Hazard]) -> String {
    let attribute = entry.attribute.as_deref().map(|name| format!(" {}", plain(&name.replace('_', " "))));
    let what = match entry.change {
        "added" => "to be made",
        "removed" => "to be dropped",
        _ => "to be changed",
    };
    let locks = entry.locks.iter().filter(|lock| lock.is_long() && asked != [Hazard::DataLoss]);
    let locks: Vec<String> = locks.take(2).map(|lock| format!("; {}", plain(&lock.sentence()))).collect();
    let kind = entry.id.kind().label();
    format!(
        "{} {kind} {}{}: {what}{}",
        details::mark(entry.severity),
        code(&entry.id.dotted()),
        attribute.unwrap_or_default(),
        locks.concat()
    )
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
