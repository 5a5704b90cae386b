//! Static findings on a console: by what was found, then the objects.

use itertools::Itertools;

use super::run::line;
use super::text::{Style, TextOptions, paint};
use crate::report::counted;
use crate::{Found, LINTS, Severity};

/// Writes findings for a console, ending with a line feed. `label` is what the source is called.
pub fn lint(label: &str, found: &[Found], options: TextOptions) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (id, group) in &found.iter().chunk_by(|found| found.lint) {
        let group = group.collect_vec();
        let Some(lint) = LINTS.iter().find(|lint| lint.id == id) else { continue };
        let style = match lint.severity {
            Severity::High => Style::High,
            Severity::Medium => Style::Medium,
            Severity::Low => Style::Dim,
        };
        let (severity, id) =
            (paint(options, style, &lint.severity.to_string()), paint(options, Style::Bold, id));
        lines.push(format!("{severity} {id} {}", paint(options, Style::Dim, &format!("({})", group.len()))));
        lines.extend(wrapped(&format!("{} {}", lint.effect, lint.remedy), 2, options));
        for one in group {
            let origin = one.origin.as_ref().map_or_else(String::new, |it| format!("  {it}"));
            let (seen, origin) =
                (paint(options, Style::Dim, &line(&one.seen)), paint(options, Style::Dim, &line(&origin)));
            lines.push(format!(
                "    {}  {seen}{origin}",
                paint(options, Style::Bold, &line(&one.object.dotted()))
            ));
        }
        lines.push(String::new());
    }
    lines.push(verdict(label, found, options));
    lines.join("\n") + "\n"
}

fn wrapped(text: &str, indent: usize, options: TextOptions) -> Vec<String> {
    let width = options.width.clamp(40, 100).saturating_sub(indent);
    let spaces = " ".repeat(indent);
    textwrap::wrap(text, width).iter().map(|line| format!("{spaces}{line}")).collect()
}

fn verdict(label: &str, found: &[Found], options: TextOptions) -> String {
    if found.is_empty() {
        return paint(options, Style::Good, &format!("✓ nothing found in {}", line(label)));
    }
    let by_severity = found.iter().counts_by(|one| one.severity.to_string());
    let parts = ["high", "medium", "low"]
        .iter()
        .filter_map(|word| by_severity.get(*word).map(|count| format!("{count} {word}")));
    let label = line(label);
    let text =
        format!("✗ {} in {label}: {}", counted(found.len(), "finding"), parts.collect_vec().join(", "));
    paint(options, Style::Medium, &text)
}
