//! The whole way from two snapshots to the report, under what is known of renames.

use std::collections::BTreeSet;

use itertools::EitherOrBoth;

use crate::report::compared_tables;
use crate::{
    Change, Delta, Diff, DiffOptions, Kind, Migrations, ObjectId, Report, Snapshot, collect, diff, plan,
};

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

/// What a comparison looks at, whether it differs or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The tables, by id, without partitions and ledgers.
    pub tables: Vec<ObjectId>,
    /// The kinds of everything that neither is one of these tables nor belongs to one.
    pub kinds: BTreeSet<Kind>,
}

impl Compared {
    /// What was looked at. Takes what [`compare`] was given.
    pub fn scope(&self, old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> Scope {
        let old = self.renamed.as_ref().unwrap_or(old);
        let tables = compared_tables(old, new, &self.diff, options);
        let tables: Vec<ObjectId> = tables.map(EitherOrBoth::into_left).cloned().collect();
        let told = tables.iter().chain(&self.diff.not_compared.ledgers);
        let told = collect::set(told.map(ObjectId::path));
        let is_other = |id: &&ObjectId| {
            let is_told = id.relation().is_some_and(|relation| told.contains(relation));
            !is_told && options.selects(id) && old.coverage.covers(id) && new.coverage.covers(id)
        };
        let others = old.objects.keys().chain(new.objects.keys()).filter(is_other);
        Scope { kinds: collect::set(others.map(ObjectId::kind)), tables }
    }

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
