//! A report as plain HTML: what is read where no script runs, and what is printed.

use std::fmt::Write as _;

use crate::{Entry, Group, Report, Severity};

/// The report as one `<main>` without styles or scripts. Every text from a snapshot is escaped.
pub fn html(report: &Report) -> String {
    let mut out = String::from("<main class=\"plain\">\n");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "<h1>{}</h1>", escaped(&capital(&report.verdict())));
    let _ = writeln!(out, "<table class=\"sides\"><tbody>");
    for side in [&report.old, &report.new] {
        let facts = [Some(side.label.as_str()), Some(side.server.as_str()), side.taken_at.as_deref()];
        let facts: Vec<&str> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            escaped(&side.name),
            escaped(&facts.join(", "))
        );
    }
    out.push_str("</tbody></table>\n");
    for (group, entries) in report.groups() {
        write_group(&mut out, report, group, &entries);
    }
    write_advice(&mut out, report);
    let findings: Vec<String> = report.findings.iter().map(|finding| finding.message.clone()).collect();
    for (title, sentences) in [
        ("Wrong in the sources themselves", &findings),
        ("Good to know", &report.information),
        ("Not compared", &report.not_compared),
    ] {
        write_sentences(&mut out, title, sentences);
    }
    out.push_str("</main>\n");
    out
}

fn write_group(out: &mut String, report: &Report, group: Group, entries: &[&Entry]) {
    let title = group.title(&report.old.name, &report.new.name);
    let _ = writeln!(out, "<section><h2>{} ({})</h2><table><tbody>", escaped(&title), entries.len());
    for entry in entries {
        let attribute = entry.attribute.as_deref().unwrap_or_default().replace('_', " ");
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><th scope=\"row\">{} <b>{}</b> {}</th><td>{}</td><td>{}</td></tr>",
            sign(entry.change),
            severity(entry.severity),
            entry.id.kind().label(),
            escaped(&entry.id.dotted()),
            escaped(&attribute),
            value(entry.old.as_deref(), "del"),
            value(entry.new.as_deref(), "ins"),
        );
    }
    out.push_str("</tbody></table></section>\n");
}

fn write_advice(out: &mut String, report: &Report) {
    if report.advice.is_empty() {
        return;
    }
    out.push_str("<section><h2>What to do</h2><dl>\n");
    for advice in &report.advice {
        let _ = writeln!(
            out,
            "<dt>{} {} ({})</dt><dd>{} {}</dd>",
            severity(advice.severity),
            advice.rule,
            advice.objects.len(),
            escaped(advice.effect),
            escaped(advice.remedy)
        );
    }
    out.push_str("</dl></section>\n");
}

fn write_sentences(out: &mut String, title: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    let _ = writeln!(out, "<section><h2>{title}</h2><ul>");
    for sentence in sentences {
        let _ = writeln!(out, "<li>{}</li>", escaped(sentence));
    }
    out.push_str("</ul></section>\n");
}

fn value(text: Option<&str>, element: &str) -> String {
    match text {
        Some(text) if !text.is_empty() => format!("<{element}>{}</{element}>", escaped(text)),
        _ => String::new(),
    }
}

fn sign(change: &str) -> &'static str {
    match change {
        "added" => "+ added",
        "removed" => "− removed",
        "renamed" => "→ renamed",
        _ => "~ changed",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "▲ high",
        Severity::Medium => "◆ medium",
        Severity::Low => "○ low",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| [first.to_ascii_uppercase()].into_iter().chain(chars).collect())
        .unwrap_or_default()
}

/// A text as HTML shows it: nothing in it is markup, and nothing turns the direction of what stands around it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let _ = write!(out, "‹U+{:04X}›", u32::from(c));
            }
            c if c.is_control() && c != '\n' && c != '\t' => {
                let _ = write!(out, "‹U+{:04X}›", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DiffOptions, Snapshot, diff};

    #[test]
    fn nothing_from_a_snapshot_is_markup() {
        let snapshot = |objects: &str| {
            Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{objects}}}}}").as_bytes()).unwrap()
        };
        let old = snapshot("");
        let new = snapshot(
            r#""table:public.\"<img src=x onerror=alert(1)>\"": {"comment": "</script>", "body": {"table": {}}},
               "enum:public.e": {"body": {"enum": {"labels": ["</main><script>", "\u202eabc"]}}}"#,
        );
        let options = DiffOptions::default();
        let found = diff(&old, &new, &options);
        let text = html(&Report::new(&old, &new, &found, &options));
        assert!(text.contains("&lt;img src=x onerror=alert(1)&gt;"), "{text}");
        assert!(!text.contains("<img") && !text.contains("<script") && !text.contains('\u{202e}'), "{text}");
        assert_eq!(text.matches("</main>").count(), 1);
    }
}
