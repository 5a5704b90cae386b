//! A report as JUnit's XML, which every CI server shows and counts: a case for each table that was compared, and one for
//! each kind of other objects, whether they differ or not.
//!
//! What fails the run fails its case; what does not is told as its output. No time is measured, so each says 0.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::html::escaped;
use super::run::{Run, capital, explanations, line, lines};
use super::text::describe;
use crate::{Entry, Finding, Kind, Scope, collect};

/// A case, and what is said of it.
#[derive(Default)]
struct Case {
    class: &'static str,
    name: String,
    /// The file and line of the first difference that has one.
    place: Option<(String, u32)>,
    /// What fails it, in short, and in full; `error` where it could not be told.
    failure: Option<(&'static str, String, String)>,
    /// What differs and does not fail it.
    output: String,
}

/// Writes a report for CI servers. `scope` is what was compared, which the report alone does not know.
pub fn junit(run: &Run<'_>, scope: &Scope) -> String {
    let cases = cases(run, scope);
    let failed = |word: &str| {
        cases.iter().filter(|case| case.failure.as_ref().is_some_and(|(kind, ..)| *kind == word)).count()
    };
    let counts = format!(
        "name=\"driftglass\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"0\"",
        cases.len(),
        failed("failure"),
        failed("error")
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "<testsuites {}>", counts.replace(" skipped=\"0\"", ""));
    let _ = writeln!(out, "  <testsuite {counts}>");
    let report = run.report;
    let sides = [&report.old, &report.new].map(|side| (side.name.clone(), describe(side)));
    let verdict = [("verdict".to_owned(), report.verdict())];
    let standing = report.causes.iter().map(|causes| ("standing".to_owned(), causes.standing.clone()));
    let information = report.information.iter().map(|sentence| ("information".to_owned(), sentence.clone()));
    let silent = report.not_compared.iter().map(|sentence| ("not compared".to_owned(), sentence.clone()));
    out.push_str("    <properties>\n");
    for (name, value) in sides.into_iter().chain(verdict).chain(standing).chain(information).chain(silent) {
        let _ =
            writeln!(out, "      <property name=\"{}\" value=\"{}\"/>", attribute(&name), attribute(&value));
    }
    out.push_str("    </properties>\n");
    cases.iter().for_each(|case| write(&mut out, case));
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn cases(run: &Run<'_>, scope: &Scope) -> Vec<Case> {
    let tables = collect::set(scope.tables.iter().map(|id| id.path()));
    let mut by_table: BTreeMap<&[String], Vec<&Entry>> = BTreeMap::new();
    let mut others: Vec<&Entry> = Vec::new();
    for entry in &run.report.entries {
        match entry.id.relation().filter(|relation| tables.contains(relation)) {
            Some(table) => by_table.entry(table).or_default().push(entry),
            None => others.push(entry),
        }
    }
    let mut cases = vec![sources(run, &run.report.findings)];
    for id in &scope.tables {
        let own = by_table.remove(id.path()).unwrap_or_default();
        cases.push(case(run, "tables", line(&id.dotted()), &own));
    }
    let kinds: BTreeSet<Kind> =
        scope.kinds.iter().copied().chain(others.iter().map(|it| it.id.kind())).collect();
    for kind in kinds {
        let own: Vec<&Entry> = others.iter().copied().filter(|entry| entry.id.kind() == kind).collect();
        cases.push(case(run, "objects", kind.plural(), &own));
    }
    cases
}

/// Whether both sources could be read as a whole.
fn sources(run: &Run<'_>, findings: &[Finding]) -> Case {
    let say = |finding: &Finding| {
        let place = finding.origin.as_ref().map(|origin| format!("\n{}", line(&origin.to_string())));
        format!("{}{}\n", line(&finding.message), place.unwrap_or_default())
    };
    let (lost, other): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|finding| finding.is_loss);
    let first = lost.first().map(|finding| line(&finding.message));
    let origin = lost.iter().chain(&other).find_map(|finding| finding.origin.as_ref());
    Case {
        class: "sources",
        name: "are read as a whole".to_owned(),
        place: origin.and_then(|origin| run.place(origin)),
        failure: first.map(|first| ("error", first, lost.into_iter().map(say).collect())),
        output: other.into_iter().map(say).collect(),
    }
}

fn case(run: &Run<'_>, class: &'static str, name: String, entries: &[&Entry]) -> Case {
    let say = |entry: &&Entry| {
        let mut text = format!("{}: {}.", capital(&entry.severity.to_string()), run.sentence(entry));
        for more in explanations(entry) {
            text = text + "\n  " + &more;
        }
        for (side, value) in [(&run.report.old, &entry.old), (&run.report.new, &entry.new)] {
            if let Some(value) = value.as_ref().filter(|value| value.contains('\n')) {
                text = text + "\n" + &line(&side.name) + ":\n" + &lines(value).trim_end().replace('\r', "");
            }
        }
        let place = entry.origin.as_ref().map(|origin| format!("\n  {}", line(&origin.to_string())));
        text + &place.unwrap_or_default() + "\n"
    };
    let (failing, passing): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| run.fails(entry));
    let first = match failing.as_slice() {
        [] => None,
        [one] => Some(run.sentence(one)),
        [one, rest @ ..] => Some(format!("{}, and {} more", run.sentence(one), rest.len())),
    };
    Case {
        class,
        name,
        place: entries.iter().find_map(|entry| run.place(entry.origin.as_ref()?)),
        failure: first.map(|first| ("failure", first, failing.iter().map(say).collect())),
        output: passing.iter().map(say).collect(),
    }
}

fn write(out: &mut String, case: &Case) {
    let place =
        case.place.as_ref().map(|(file, line)| format!(" file=\"{}\" line=\"{line}\"", attribute(file)));
    let _ = write!(
        out,
        "    <testcase classname=\"driftglass.{}\" name=\"{}\"{} time=\"0\"",
        case.class,
        attribute(&case.name),
        place.unwrap_or_default()
    );
    if case.failure.is_none() && case.output.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some((word, first, all)) = &case.failure {
        let (first, all) = (attribute(first), escaped(all));
        let _ = writeln!(out, "      <{word} message=\"{first}\" type=\"{}\">{all}</{word}>", case.class);
    }
    if !case.output.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", escaped(&case.output));
    }
    out.push_str("    </testcase>\n");
}

/// A value between quotes: on one line, with nothing that XML forbids.
fn attribute(text: &str) -> String {
    escaped(&line(text))
}
