//! What stands around the entries: the two sides, the counts, what does not count, what was not compared.

use itertools::{EitherOrBoth, Itertools};

use super::{Entry, Side, Totals, counted};
use crate::{Body, Diff, DiffOptions, Kind, Ledger, ObjectId, Severity, Snapshot, collect};

pub(super) fn sides(old: &Snapshot, new: &Snapshot) -> (Side, Side) {
    let kinds = (old.source.kind.as_str(), new.source.kind.as_str());
    let (old_name, new_name) = match kinds {
        (a, b) if a != b && !a.is_empty() && !b.is_empty() => (noun(a), noun(b)),
        _ => ("old", "new"),
    };
    (Side::of(old_name, old), Side::of(new_name, new))
}

impl Side {
    /// A snapshot under a name.
    pub(crate) fn of(name: &str, snapshot: &Snapshot) -> Self {
        Self {
            name: name.to_owned(),
            label: snapshot.source.label.clone(),
            server: snapshot.source.server.clone(),
            taken_at: snapshot.source.taken_at.clone(),
            revisions: snapshot.source.ledgers.iter().flat_map(Ledger::at).collect(),
        }
    }
}

/// The word for a kind of source.
fn noun(kind: &str) -> &str {
    if kind == "sql" { "SQL files" } else { kind }
}

pub(super) fn totals(
    old: &Snapshot,
    new: &Snapshot,
    diff: &Diff,
    options: &DiffOptions,
    entries: &[Entry],
) -> Totals {
    let differing = collect::set(entries.iter().filter_map(|entry| entry.id.relation()));
    let count = |severity| entries.iter().filter(|entry| entry.severity == severity).count();
    let mut totals = Totals {
        differences: entries.len(),
        high: count(Severity::High),
        medium: count(Severity::Medium),
        low: count(Severity::Low),
        ..Totals::default()
    };
    for both in compared_tables(old, new, diff, options) {
        match both {
            EitherOrBoth::Both(id, _) if differing.contains(id.path()) => totals.differing += 1,
            EitherOrBoth::Both(..) => totals.in_sync += 1,
            EitherOrBoth::Left(_) => totals.only_old += 1,
            EitherOrBoth::Right(_) => totals.only_new += 1,
        }
    }
    let both = totals.in_sync + totals.differing;
    Totals { tables_old: both + totals.only_old, tables_new: both + totals.only_new, ..totals }
}

/// The tables that are compared, by the sides that have them; partitions and ledgers are none.
pub(crate) fn compared_tables<'s>(
    old: &'s Snapshot,
    new: &'s Snapshot,
    diff: &'s Diff,
    options: &'s DiffOptions,
) -> impl Iterator<Item = EitherOrBoth<&'s ObjectId>> {
    let tables = |snapshot: &'s Snapshot| snapshot.of_kind(Kind::Table).map(|(id, _)| id);
    let is_compared = |id: &ObjectId| options.selects(id) && !diff.not_compared.ledgers.contains(id);
    tables(old).merge_join_by(tables(new), Ord::cmp).filter(move |both| match both {
        EitherOrBoth::Both(id, _) => is_compared(id),
        EitherOrBoth::Left(id) => is_compared(id) && new.coverage.covers(id),
        EitherOrBoth::Right(id) => is_compared(id) && old.coverage.covers(id),
    })
}

pub(super) fn information(old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> Vec<String> {
    let mut sentences = Vec::new();
    let reordered = reordered(old, new);
    let reordered = reordered.filter(|id| options.selects(id)).map(ObjectId::dotted).collect_vec();
    if !reordered.is_empty() {
        sentences.push(format!(
            "The order of columns differs in {}: {}. It matters only to SELECT * and INSERT without columns.",
            counted(reordered.len(), "table"),
            reordered.join(", ")
        ));
    }
    let major = |snapshot: &Snapshot| snapshot.source.server.split('.').next().map(str::to_owned);
    if major(old) != major(new) && !old.source.server.is_empty() && !new.source.server.is_empty() {
        sentences.push(format!(
            "PostgreSQL {} printed one side and {} the other: texts of views and expressions may differ in \
             spelling alone.",
            old.source.server, new.source.server
        ));
    }
    sentences
}

/// The tables of which both sides have columns in another order.
fn reordered<'s>(old: &'s Snapshot, new: &'s Snapshot) -> impl Iterator<Item = &'s ObjectId> {
    let positions = |body: &Body, other: &Body| match (body, other) {
        (Body::Column(column), Body::Column(other)) => Some((column.position, other.position)),
        _ => None,
    };
    let joined = old.objects.iter().merge_join_by(&new.objects, |(old, _), (new, _)| old.cmp(new));
    let columns = joined
        .filter_map(EitherOrBoth::both)
        .filter_map(move |((id, old), (_, new))| Some((id.parent(), positions(&old.body, &new.body)?)));
    let is_reordered = |places: Vec<(u32, u32)>| {
        if places.iter().all(|(old, new)| old == new) {
            return false;
        }
        let sorted = collect::sorted_by_key(places, |place| *place);
        !sorted.is_sorted_by_key(|(_, new)| new)
    };
    let by_table = columns.chunk_by(|(table, _)| *table);
    let moved = by_table.into_iter().filter_map(|(table, columns)| {
        is_reordered(columns.map(|(_, places)| places).collect()).then_some(table)
    });
    let tables = collect::set(moved);
    old.of_kind(Kind::Table).map(|(id, _)| id).filter(move |id| tables.contains(id.path()))
}

pub(super) fn not_compared(
    old: &Snapshot,
    new: &Snapshot,
    diff: &Diff,
    old_side: &Side,
    new_side: &Side,
) -> Vec<String> {
    let found = &diff.not_compared;
    let silent = if old.coverage.unknown_kinds.is_empty() && old.coverage.schemas.is_none() {
        &new_side.name
    } else {
        &old_side.name
    };
    let mut sentences = Vec::new();
    if !found.kinds.is_empty() {
        let kinds = found.kinds.iter().map(|(kind, count)| match count {
            1 => format!("1 {}", kind.label()),
            _ => format!("{count} {}", kind.plural()),
        });
        let kinds = kinds.collect_vec().join(", ");
        sentences.push(format!("{kinds}: {silent} declare none, so nothing is known of them there."));
    }
    for (schema, count) in &found.schemas {
        let objects = counted(usize::try_from(*count).unwrap_or(usize::MAX), "object");
        sentences.push(format!("Schema {schema} ({objects}): nothing of it in {silent}."));
    }
    for ledger in &found.ledgers {
        sentences.push(format!("{}: the books of the migrations.", ledger.dotted()));
    }
    for (side, snapshot) in [(old_side, old), (new_side, new)] {
        for sentence in &snapshot.coverage.hidden {
            sentences.push(format!("In {}: {sentence}", side.name));
        }
        let counts = snapshot.coverage.not_modelled.iter();
        let counts = counts.map(|(kind, count)| format!("{kind} ({count})")).collect_vec().join(", ");
        if !counts.is_empty() {
            sentences.push(format!("In {}, of kinds that snapshots do not hold yet: {counts}.", side.name));
        }
    }
    if found.ignored > 0 {
        let ignored = usize::try_from(found.ignored).unwrap_or(usize::MAX);
        sentences.push(format!("{} that an ignore rule leaves out.", counted(ignored, "difference")));
    }
    sentences
}
