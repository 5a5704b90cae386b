//! The whole way from two snapshots to the report, under what is known of renames.

use crate::{Change, Delta, Diff, DiffOptions, Migrations, Report, Snapshot, collect, diff, plan};

/// Two snapshots, compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What stands, under the names that new has for it; `None` where nothing is renamed.
    pub renamed: Option<Snapshot>,
    /// The differences.
    pub diff: Diff,
    /// As people read them.
    pub report: Report,
}

/// Compares two snapshots. What is known to be renamed is compared with what it has become.
///
/// ```
/// # use diff_core::{compare, DiffOptions, Snapshot};
/// let snapshot = |name: &str| {
///     let table = format!(r#"{{"format": 1, "objects": {{"table:public.{name}": {{"body": {{"table": {{}}}}}}}}}}"#);
///     Snapshot::from_json(table.as_bytes()).unwrap()
/// };
/// let renames = vec!["table:public.users=people".parse().unwrap()];
/// let compared = compare(&snapshot("users"), &snapshot("people"), &DiffOptions { renames, ..DiffOptions::default() });
/// assert_eq!(compared.report.entries[0].rule, Some("renamed"));
/// ```
pub fn compare(old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> Compared {
    let (renamed, diff) = apart(old, new, options);
    let old = renamed.as_ref().unwrap_or(old);
    let mut report = Report::new(old, new, &diff, options);
    report.suggestions = plan::suggest(&diff);
    if !options.accepted.is_empty() {
        report.leave_out(&options.accepted, old, new, options, &diff);
    }
    Compared { renamed, diff, report }
}

impl Compared {
    /// Tells at each entry of the report why it is there, under what is known of renames.
    pub fn tell_causes(
        &mut self,
        old: &Snapshot,
        new: &Snapshot,
        migrations: Migrations<'_>,
        options: &DiffOptions,
    ) {
        let apart = |old: &Snapshot, new: &Snapshot| apart(old, new, options).1;
        self.report.tell_causes_by(old, new, &self.diff, migrations, &apart, &options.renames);
    }
}

/// What stands, under the names that new has for it, where something is renamed; and the differences.
fn apart(old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> (Option<Snapshot>, Diff) {
    let known = plan::known(old, new, &options.renames);
    // Those that can be are asked for without fail.
    let renames = plan::asked(old, new, &known).unwrap_or_default();
    let renamed = plan::apply(old, new, &renames);
    let old = renamed.as_ref().unwrap_or(old);
    let mut found = diff(old, new, options);
    for rename in renames.iter().filter(|rename| options.selects(&rename.to)) {
        let (Some(was), Some(is)) = (old.objects.get(&rename.to), new.objects.get(&rename.to)) else {
            continue;
        };
        let differing = found.deltas.iter().position(|delta| delta.id == rename.to);
        let attributes = differing.map_or_else(Vec::new, |at| found.deltas[at].attributes().to_vec());
        found.deltas.retain(|delta| delta.id != rename.to);
        let change =
            Change::Renamed { from: rename.from.clone(), old: was.clone(), new: is.clone(), attributes };
        found.deltas.push(Delta { id: rename.to.clone(), change });
    }
    found.deltas = collect::sorted_by(found.deltas, |a, b| a.id.cmp(&b.id));
    (renamed, found)
}
