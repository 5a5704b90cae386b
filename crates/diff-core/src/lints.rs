//! Static findings: what is unwise in one schema by itself, whatever the others hold. A table, as rules are.

mod columns;
mod indexes;
mod names;
mod security;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::pattern::LeftOut;
use crate::{Body, Column, DiffOptions, Kind, Object, ObjectId, Origin, Severity, Snapshot, collect};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Lint {
    /// A name that people can cite and leave out: `no-primary-key`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Whether teams think differently about it: such are asked for.
    pub is_taste: bool,
    /// What comes of it.
    pub effect: &'static str,
    /// What to do.
    pub remedy: &'static str,
    finds: fn(&Seen<'_>) -> Option<String>,
}

/// What a lint is unless it says otherwise.
const BASE: Lint =
    Lint { id: "", severity: Severity::Low, is_taste: false, effect: "", remedy: "", finds: |_| None };

/// Every lint.
pub const LINTS: &[&Lint] = &[
    &tables::NO_PRIMARY_KEY,
    &columns::INTEGER_PRIMARY_KEY,
    &columns::SEQUENCE_TOO_SMALL,
    &columns::FOREIGN_KEY_TYPE,
    &indexes::FOREIGN_KEY_UNINDEXED,
    &indexes::INVALID_INDEX,
    &indexes::DUPLICATE_INDEX,
    &indexes::REDUNDANT_INDEX,
    &tables::NOT_VALIDATED,
    &security::SECURITY_WITHOUT_POLICY,
    &security::POLICY_WITHOUT_SECURITY,
    &security::SECURITY_DEFINER,
    &security::VIEW_PASSES_SECURITY,
    &security::WRITABLE_BY_ALL,
    &tables::AUTOVACUUM_OFF,
    &tables::UNLOGGED,
    &tables::TRIGGER_DISABLED,
    &columns::TIMESTAMP_WITHOUT_ZONE,
    &columns::JSON,
    &columns::CHAR,
    &columns::MONEY,
    &columns::REG_TYPE,
    &names::CUT_NAME,
    &tables::EXTENSION_IN_PUBLIC,
    &columns::SERIAL,
    &columns::VARCHAR_LIMIT,
    &columns::NULLABLE_UNIQUE,
    &columns::NULLABLE_BOOLEAN,
    &columns::NULLABLE_FOREIGN_KEY,
    &indexes::WIDE_INDEX,
    &names::QUOTED_NAME,
    &tables::CIRCLE,
    &tables::UNRELATED,
    &tables::NO_COMMENT,
    &columns::NO_COMMENT,
];

/// Something that a lint found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Found {
    /// The lint.
    pub lint: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The object.
    pub object: ObjectId,
    /// What was seen; a part of a sentence.
    pub seen: String,
    /// Where the model declares the object, or its table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What lints find in a snapshot, by severity and then by lint.
pub fn lint(snapshot: &Snapshot, lints: &[&Lint], options: &DiffOptions) -> Vec<Found> {
    let around = Around::new(snapshot);
    let left_out = LeftOut::new(&options.ignore, &[snapshot]);
    let mut found = Vec::new();
    for (at, lint) in lints.iter().enumerate() {
        for (id, object) in
            snapshot.objects.iter().filter(|(id, _)| is_looked_at(id, &around, options) && !left_out.has(id))
        {
            let seen = Seen { id, object, around: &around };
            if let Some(seen) = (lint.finds)(&seen) {
                let (lint, severity, object) = (lint.id, lint.severity, id.clone());
                found.push((at, Found { lint, severity, seen, origin: around.origin(&object), object }));
            }
        }
    }
    let sorted = collect::sorted_by_key(found, |(at, found)| (std::cmp::Reverse(found.severity), *at));
    sorted.into_iter().map(|(_, found)| found).collect()
}

/// Ledgers, partitions and what is left out are nobody's to mend.
fn is_looked_at(id: &ObjectId, around: &Around<'_>, options: &DiffOptions) -> bool {
    let ledgers = &around.snapshot.source.ledgers;
    let is_within = |outer: &ObjectId| id.path().starts_with(outer.path());
    options.selects(id)
        && !ledgers.iter().any(|ledger| is_within(&ledger.table))
        && id.relation().is_none_or(|path| !around.partitions.contains(path))
}

/// An object with all that stands around it.
struct Seen<'a> {
    id: &'a ObjectId,
    object: &'a Object,
    around: &'a Around<'a>,
}

impl<'a> Seen<'a> {
    fn body(&self) -> &'a Body {
        &self.object.body
    }

    fn column(&self) -> Option<&'a Column> {
        match self.body() {
            Body::Column(column) => Some(column),
            _ => None,
        }
    }

    /// The columns of its own table that it rests on.
    fn columns(&self) -> Vec<&'a ObjectId> {
        let needed = self.object.depends_on.iter();
        needed.filter(|id| id.kind() == Kind::Column && id.parent() == self.id.parent()).collect()
    }

    /// The objects in the same container.
    fn siblings(&self) -> &'a [(&'a ObjectId, &'a Object)] {
        self.around.within(self.id.parent())
    }

    /// The objects in it.
    fn inside(&self) -> &'a [(&'a ObjectId, &'a Object)] {
        self.around.within(self.id.path())
    }
}

/// The snapshot, and what lies in what.
struct Around<'a> {
    snapshot: &'a Snapshot,
    contents: BTreeMap<&'a [String], Vec<(&'a ObjectId, &'a Object)>>,
    partitions: BTreeSet<&'a [String]>,
    /// The tables at either end of a foreign key.
    tied: BTreeSet<&'a [String]>,
}

impl<'a> Around<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let mut contents: BTreeMap<&[String], Vec<(&ObjectId, &Object)>> = BTreeMap::new();
        for (id, object) in snapshot.objects.iter().filter(|(id, _)| !id.parent().is_empty()) {
            contents.entry(id.parent()).or_default().push((id, object));
        }
        let partitions = collect::set(snapshot.of_kind(Kind::Partition).map(|(id, _)| id.path()));
        let keys = snapshot.of_kind(Kind::ForeignKey);
        let ends = keys
            .flat_map(|(id, key)| key.depends_on.iter().filter_map(ObjectId::relation).chain([id.parent()]));
        let tied = collect::set(ends);
        Self { snapshot, contents, partitions, tied }
    }

    fn within(&self, path: &[String]) -> &[(&'a ObjectId, &'a Object)] {
        self.contents.get(path).map_or(&[], Vec::as_slice)
    }

    fn get(&self, id: &ObjectId) -> Option<&'a Object> {
        self.snapshot.objects.get(id)
    }

    fn origin(&self, id: &ObjectId) -> Option<Origin> {
        let own = self.get(id).and_then(|object| object.origin.clone());
        own.or_else(|| self.get(&ObjectId::new(Kind::Table, id.relation()?))?.origin.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_texts_are_whole() {
        let mut ids = BTreeSet::new();
        for lint in LINTS {
            assert!(ids.insert(lint.id), "{} stands twice", lint.id);
            for text in [lint.effect, lint.remedy] {
                assert!(text.ends_with('.'), "{}: {text:?} is no sentence", lint.id);
            }
        }
    }
}
