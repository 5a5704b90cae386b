//! One object with everything in it: what differs, what does not, where it is declared, what rests on it.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Body, Entry, Kind, Locked, Object, ObjectId, Snapshot, collect, render};

use crate::ask::{AdviceView, Dependent, Difference, Fate, ObjectView, Part};
use crate::changes::loses_data;
use crate::comparison::Comparison;
use crate::lines;
use crate::sql::Language;

/// So many dependents are looked for.
const MAX_DEPENDENTS: usize = 200;

/// The object with this id; nothing where neither side has it.
pub(crate) fn object(comparison: &mut Comparison, id: &ObjectId) -> Option<ObjectView> {
    let dependents = dependents(comparison, id);
    let object = comparison.either(id)?;
    let section = comparison.section(id);
    let path = id.relation().unwrap_or(id.path());
    let is_inside = path.len() > 1 && !id.kind().is_outside_schemas();
    Some(ObjectView {
        id: id.to_string(),
        word: id.kind().label().to_owned(),
        schema: if is_inside { id.schema().to_owned() } else { String::new() },
        name: id.name().to_owned(),
        fate: fate(comparison, id),
        origin: object.origin.as_ref().map(ToString::to_string),
        size: comparison.old.sizes.get(id).map(|size| (size.rows, size.bytes)),
        mark: section.map_or_else(String::new, |section| section.mark.clone()),
        parts: parts(comparison, id),
        dependents,
    })
}

/// What becomes of a top-level object.
fn fate(comparison: &Comparison, id: &ObjectId) -> Fate {
    comparison.section(id).map_or(Fate::Same, |section| section.fate)
}

/// The heading under which an object of a kind stands within its table.
fn heading(kind: Kind) -> (u8, &'static str) {
    match kind {
        Kind::Column | Kind::ViewColumn => (1, "Columns"),
        Kind::PrimaryKey | Kind::ForeignKey | Kind::Unique | Kind::Exclusion => (2, "Keys"),
        Kind::Check | Kind::DomainCheck => (3, "Checks"),
        Kind::Index => (4, "Indexes"),
        Kind::Trigger | Kind::Rule => (5, "Triggers"),
        Kind::Policy => (6, "Policies"),
        _ => (0, ""),
    }
}

fn parts(comparison: &Comparison, top: &ObjectId) -> Vec<Part> {
    let mut found: BTreeMap<(u8, &str), Part> = BTreeMap::new();
    let mut told: BTreeSet<&ObjectId> = BTreeSet::new();
    let entries = comparison.section(top).map_or(&[][..], |section| &section.entries);
    for index in entries {
        let entry = &comparison.report.entries[*index];
        told.insert(&entry.id);
        let key = if entry.id == *top { (0, "") } else { heading(entry.id.kind()) };
        found.entry(key).or_default().changes.push(difference(*index, entry));
    }
    for (id, object) in contents(comparison, top) {
        if !told.contains(id) {
            let key = heading(id.kind());
            let text = render::body(&object.body);
            found.entry(key).or_default().same.push((id.name().to_owned(), text));
        }
    }
    let part = |((_, title), part): ((u8, &str), Part)| Part { title: title.to_owned(), ..part };
    found.into_iter().map(part).collect()
}

/// What an object contains on the side that should stand, else on the other, columns by their position.
fn contents<'a>(comparison: &'a Comparison, top: &ObjectId) -> Vec<(&'a ObjectId, &'a Object)> {
    let snapshot = if comparison.new.objects.contains_key(top) { &comparison.new } else { &comparison.old };
    collect::sorted_by_key(within(snapshot, top), |(_, object)| match &object.body {
        Body::Column(column) => column.position,
        _ => u32::MAX,
    })
}

/// The objects right beneath `top`, by id.
fn within<'a>(snapshot: &'a Snapshot, top: &ObjectId) -> Vec<(&'a ObjectId, &'a Object)> {
    let after = snapshot.objects.range(top..).skip_while(|(id, _)| *id == top);
    let inside = after.take_while(|(id, _)| id.path().starts_with(top.path()));
    let is_part = |id: &ObjectId| id.path().len() == top.path().len() + 1 && heading(id.kind()).0 > 0;
    inside.filter(|(id, _)| is_part(id)).collect()
}

fn difference(index: usize, entry: &Entry) -> Difference {
    let is_long = |side: &Option<String>| side.as_deref().is_some_and(|text| text.contains('\n'));
    let (old, new, rows) = match (&entry.old, &entry.new) {
        (Some(old), Some(new)) if is_long(&entry.old) || is_long(&entry.new) => {
            (None, None, lines::rows(old, new, Language::Sql).rows)
        }
        (Some(old), Some(new)) => {
            let (old, new) = lines::words(old, new);
            (Some(old), Some(new), Vec::new())
        }
        (old, new) => (old.as_deref().map(plain), new.as_deref().map(plain), Vec::new()),
    };
    Difference {
        entry: index,
        fate: Fate::of(entry.change),
        severity: entry.severity,
        word: entry.id.kind().label().to_owned(),
        name: entry.id.name().to_owned(),
        attribute: entry.attribute.as_deref().unwrap_or_default().replace('_', " "),
        old,
        new,
        lines: rows,
        advice: entry
            .rule
            .and_then(AdviceView::of)
            .map(|told| AdviceView { is_loss: loses_data(entry), ..told }),
        beside: entry.beside.iter().copied().filter_map(AdviceView::of).collect(),
        costs: entry.locks.iter().filter(|lock| lock.is_long()).map(Locked::sentence).collect(),
        origin: entry.origin.as_ref().map(ToString::to_string),
        causes: entry.causes.iter().map(|cause| cause.label()).collect::<Vec<_>>().join(" · "),
    }
}

fn plain(text: &str) -> Vec<lines::Span> {
    lines::words(text, text).0
}

/// What cannot exist without the object or what is in it, directly or not, on either side.
fn dependents(comparison: &mut Comparison, top: &ObjectId) -> Vec<Dependent> {
    let graph = comparison.dependents();
    let is_own = |id: &ObjectId| {
        id.path().starts_with(top.path()) && (id.path().len() > top.path().len() || id == top)
    };
    let both = [&comparison.old, &comparison.new];
    let own = both.into_iter().flat_map(|snapshot| within(snapshot, top)).map(|(id, _)| id.clone());
    let mut front: Vec<ObjectId> = own.chain([top.clone()]).collect();
    let mut seen = collect::set(front.iter().cloned());
    let mut found: BTreeMap<ObjectId, bool> = BTreeMap::new();
    let mut is_indirect = false;
    while !front.is_empty() && found.len() < MAX_DEPENDENTS {
        let mut next = Vec::new();
        for id in front.iter().filter_map(|id| graph.get(id)).flatten() {
            if seen.insert(id.clone()) && !is_own(id) {
                found.entry(comparison.top(id)).or_insert(is_indirect);
                next.push(id.clone());
            }
        }
        front = next;
        is_indirect = true;
    }
    let dependent = |(id, is_indirect): (ObjectId, bool)| Dependent {
        object: id.to_string(),
        word: id.kind().label().to_owned(),
        name: id.dotted(),
        is_indirect,
        fate: fate(comparison, &id),
    };
    let others = found.into_iter().filter(|(id, _)| id != top).map(dependent);
    collect::sorted_by_key(others, |dependent| dependent.is_indirect)
}
