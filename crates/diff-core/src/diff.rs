//! The comparison: one ordered join over the ids of two snapshots. It names no kind.

use std::collections::{BTreeMap, BTreeSet};

use itertools::{EitherOrBoth, Itertools};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::body::INFORMATION;
use crate::names::{self, Pairs};
use crate::pattern::LeftOut;
use crate::{Accepted, Kind, Object, ObjectId, Pattern, Rename, Snapshot, collect, json};

/// What to compare.
#[derive(Clone, Debug, Default)]
pub struct DiffOptions {
    /// Only the relations that one of these matches, and what they contain; everything where empty.
    pub only: Vec<Pattern>,
    /// Differences that are left out, and counted.
    pub ignore: Vec<Pattern>,
    /// Objects that are known to be the same under another name. One that old or new lacks is passed over: it has
    /// been renamed already.
    pub renames: Vec<Rename>,
    /// Differences that somebody has accepted, for the time being.
    pub accepted: Vec<Accepted>,
}

impl DiffOptions {
    /// Whether `id` is to be compared.
    pub fn selects(&self, id: &ObjectId) -> bool {
        self.only.is_empty() || self.only.iter().any(|pattern| pattern.matches(id))
    }
}

/// The outcome of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// What differs, by id.
    pub deltas: Vec<Delta>,
    /// What one side holds and was not compared, and why.
    pub not_compared: NotCompared,
}

/// What was not compared. Counts are objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NotCompared {
    /// Of kinds that the other side says nothing about.
    pub kinds: BTreeMap<Kind, u64>,
    /// In schemas that the other side says nothing about.
    pub schemas: BTreeMap<String, u64>,
    /// The tables in which migrations keep their books.
    pub ledgers: BTreeSet<ObjectId>,
    /// Differences that a rule leaves out.
    pub ignored: u64,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delta {
    /// The object, by its id in the new snapshot where it is there.
    pub id: ObjectId,
    /// What happens to it on the way from old to new.
    pub change: Change,
}

/// What happens to an object on the way from old to new.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only new has it.
    Added(Object),
    /// Only old has it.
    Removed(Object),
    /// Both have it, with other attributes.
    Altered {
        /// As it is in old.
        old: Object,
        /// As it is in new.
        new: Object,
        /// What differs, by name.
        attributes: Vec<AttrChange>,
    },
    /// Both have it under names of which neither means anything.
    Renamed {
        /// Its id in old.
        from: ObjectId,
        /// As it is in old.
        old: Object,
        /// As it is in new.
        new: Object,
        /// What differs beside the name.
        attributes: Vec<AttrChange>,
    },
}

/// One attribute that differs; `None` where a side does not have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttrChange {
    /// The field's name in the file.
    pub name: String,
    /// The value in old.
    pub old: Option<Value>,
    /// The value in new.
    pub new: Option<Value>,
}

impl Delta {
    /// The object as it is in old.
    pub fn old_object(&self) -> Option<&Object> {
        match &self.change {
            Change::Added(_) => None,
            Change::Removed(old) | Change::Altered { old, .. } | Change::Renamed { old, .. } => Some(old),
        }
    }

    /// The object as it is in new.
    pub fn new_object(&self) -> Option<&Object> {
        match &self.change {
            Change::Removed(_) => None,
            Change::Added(new) | Change::Altered { new, .. } | Change::Renamed { new, .. } => Some(new),
        }
    }

    /// The attributes that differ; empty for what only one side has.
    pub fn attributes(&self) -> &[AttrChange] {
        match &self.change {
            Change::Altered { attributes, .. } | Change::Renamed { attributes, .. } => attributes,
            _ => &[],
        }
    }
}

/// Compares two snapshots. The deltas are sorted by id; two equal snapshots give none.
pub fn diff(old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> Diff {
    let unknown = old.coverage.unknown_attributes.union(&new.coverage.unknown_attributes).collect_vec();
    let apart = apart(old, new, &unknown);
    let mut comparison = Comparison {
        unknown,
        pairs: names::pair(&apart),
        uncovered: None,
        ledgers: collect::set(
            old.source.ledgers.iter().chain(&new.source.ledgers).map(|ledger| &ledger.table),
        ),
        options,
        left_out: LeftOut::new(&options.ignore, &[old, new]),
        found: Diff::default(),
    };
    for both in apart {
        match both {
            EitherOrBoth::Both((id, old), (_, object)) => {
                if comparison.pairs.consumes(id) {
                    comparison.one_sided(id, old, new, Change::Removed);
                    comparison.one_sided(id, object, new, Change::Added);
                } else {
                    comparison.altered(id, old, object);
                }
            }
            EitherOrBoth::Left((id, object)) => comparison.one_sided(id, object, new, Change::Removed),
            EitherOrBoth::Right((id, object)) => comparison.one_sided(id, object, old, Change::Added),
        }
    }
    for (from, to) in comparison.pairs.iter().map(|(a, b)| (a.clone(), b.clone())).collect_vec() {
        comparison.renamed(&from, &to, &old.objects[&from], &new.objects[&to]);
    }
    comparison.found.deltas = collect::sorted_by(comparison.found.deltas, |a, b| a.id.cmp(&b.id));
    comparison.found
}

/// An object with its id.
pub(crate) type Entry<'s> = (&'s ObjectId, &'s Object);

/// What stands on one side alone, or not alike on both, by id: few of many.
fn apart<'s>(
    old: &'s Snapshot,
    new: &'s Snapshot,
    unknown: &[&String],
) -> Vec<EitherOrBoth<Entry<'s>, Entry<'s>>> {
    let joined = old.objects.iter().merge_join_by(&new.objects, |(old, _), (new, _)| old.cmp(new));
    let is_apart = |both: &EitherOrBoth<Entry<'_>, Entry<'_>>| match both {
        EitherOrBoth::Both((_, old), (_, new)) => !is_alike(old, new, unknown),
        _ => true,
    };
    joined.filter(is_apart).collect()
}

/// Whether two objects are equal at first sight: what is left is compared attribute by attribute.
pub(crate) fn is_alike(old: &Object, new: &Object, unknown: &[&String]) -> bool {
    let Object { owner, comment, security_labels, grants, depends_on: _, origin: _, printed: _, body } = old;
    let is_known = |name: &str| !unknown.iter().any(|unknown| *unknown == name);
    body.says_the_same(&new.body)
        && (*owner == new.owner || !is_known("owner"))
        && (*comment == new.comment || !is_known("comment"))
        && (*security_labels == new.security_labels || !is_known("security_labels"))
        && (*grants == new.grants || !is_known("grants"))
}

struct Comparison<'a> {
    unknown: Vec<&'a String>,
    pairs: Pairs,
    ledgers: BTreeSet<&'a ObjectId>,
    /// The last object that a side could not speak of: what it contains follows, and is not spoken of either.
    uncovered: Option<ObjectId>,
    options: &'a DiffOptions,
    left_out: LeftOut<'a>,
    found: Diff,
}

impl Comparison<'_> {
    /// Records an object that `other` lacks, unless `other` cannot say.
    fn one_sided(&mut self, id: &ObjectId, object: &Object, other: &Snapshot, change: fn(Object) -> Change) {
        let change = change(object.clone());
        let is_paired = match change {
            Change::Added(_) => self.pairs.is_new(id),
            _ => self.pairs.is_old(id),
        };
        if is_paired || !self.options.selects(id) {
            return;
        }
        if let Some(ledger) = self.ledgers.iter().find(|ledger| id.path().starts_with(ledger.path())) {
            self.found.not_compared.ledgers.insert((*ledger).clone());
        } else if self.is_within_uncovered(id) || other.coverage.unknown_kinds.contains(&id.kind()) {
            *self.found.not_compared.kinds.entry(id.kind()).or_default() += 1;
            // Only relations contain others: an extension may have the name of a schema.
            if id.kind().is_relation() {
                self.uncovered = Some(id.clone());
            }
        } else if !other.coverage.covers(id) {
            *self.found.not_compared.schemas.entry(id.schema().to_owned()).or_default() += 1;
        } else if self.left_out.has(id) {
            self.found.not_compared.ignored += 1;
        } else {
            self.found.deltas.push(Delta { id: id.clone(), change });
        }
    }

    fn altered(&mut self, id: &ObjectId, old: &Object, new: &Object) {
        let attributes = self.attributes(id, old, new);
        if !attributes.is_empty() && self.options.selects(id) {
            let change = Change::Altered { old: old.clone(), new: new.clone(), attributes };
            self.found.deltas.push(Delta { id: id.clone(), change });
        }
    }

    fn renamed(&mut self, from: &ObjectId, to: &ObjectId, old: &Object, new: &Object) {
        if !self.options.selects(to) {
            return;
        }
        if self.left_out.has(from) || self.left_out.has(to) {
            self.found.not_compared.ignored += 1;
            return;
        }
        let attributes = self.attributes(to, old, new);
        let change = Change::Renamed { from: from.clone(), old: old.clone(), new: new.clone(), attributes };
        self.found.deltas.push(Delta { id: to.clone(), change });
    }

    /// The attributes that differ and count.
    fn attributes(&mut self, id: &ObjectId, old: &Object, new: &Object) -> Vec<AttrChange> {
        let mut changes = changed(old, new);
        changes.retain(|change| !self.unknown.contains(&&change.name));
        let ignored = |change: &AttrChange| self.left_out.has_attribute(id, &change.name);
        let (left_out, kept): (Vec<_>, Vec<_>) = changes.into_iter().partition(ignored);
        self.found.not_compared.ignored += left_out.len() as u64;
        kept
    }

    fn is_within_uncovered(&self, id: &ObjectId) -> bool {
        self.uncovered.as_ref().is_some_and(|container| id.parent().starts_with(container.path()))
    }
}

/// The attributes of two objects that differ, by name.
pub(crate) fn changed(old: &Object, new: &Object) -> Vec<AttrChange> {
    let (old, new) = (attributes(old), attributes(new));
    old.keys()
        .merge(new.keys())
        .dedup()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| AttrChange {
            name: name.clone(),
            old: old.get(name).cloned(),
            new: new.get(name).cloned(),
        })
        .collect()
}

/// An object as a map of its attributes: serde is the reflection, so no field can be forgotten.
fn attributes(object: &Object) -> BTreeMap<String, Value> {
    let mut attributes = BTreeMap::new();
    let mut body = Value::Null;
    for (name, value) in fields(json::value(object)) {
        match name.as_str() {
            "depends_on" | "origin" | "printed" => {}
            "body" => body = value,
            _ => drop(attributes.insert(name, value)),
        }
    }
    let own = fields(body).into_iter().flat_map(|(_kind, own)| fields(own));
    attributes.extend(own.filter(|(name, _)| !INFORMATION.contains(&name.as_str())));
    attributes
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Coverage, Ledger, Source};

    fn snapshot(objects: &str) -> Snapshot {
        Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{objects}}}}}").as_bytes()).unwrap()
    }

    fn column(name: &str, attributes: &str) -> String {
        format!(r#""column:public.t.{name}": {{"body": {{"column": {{"position": 1, {attributes}}}}}}}"#)
    }

    fn check(name: &str, definition: &str) -> String {
        format!(r#""check:public.t.{name}": {{"body": {{"check": {{"definition": "{definition}"}}}}}}"#)
    }

    /// A line for each delta: `+ id`, `- id`, `~ id attribute…`, `> old id to new id`.
    fn lines(old: &Snapshot, new: &Snapshot, options: &DiffOptions) -> Vec<String> {
        let line = |delta: Delta| {
            let names = delta.attributes().iter().map(|change| change.name.as_str()).join(" ");
            match &delta.change {
                Change::Added(_) => format!("+ {}", delta.id),
                Change::Removed(_) => format!("- {}", delta.id),
                Change::Altered { .. } => format!("~ {} {names}", delta.id),
                Change::Renamed { from, .. } => format!("> {from} to {}", delta.id.name()),
            }
        };
        diff(old, new, options).deltas.into_iter().map(line).collect()
    }

    #[test]
    fn finds_what_was_added_removed_and_altered() {
        let old = snapshot(
            &[
                column("a", r#""type": "text", "nullable": true"#),
                column("b", r#""type": "text", "nullable": true"#),
            ]
            .join(","),
        );
        let new = snapshot(
            &[
                column("b", r#""type": "integer", "nullable": false, "default": "1""#),
                column("c", r#""type": "text", "nullable": true"#),
            ]
            .join(","),
        );
        let options = DiffOptions::default();
        assert_eq!(
            lines(&old, &new, &options),
            ["- column:public.t.a", "~ column:public.t.b default nullable type", "+ column:public.t.c"]
        );
        assert!(lines(&old, &old, &options).is_empty());
    }

    #[test]
    fn position_and_origin_are_no_difference() {
        let old = snapshot(
            r#""column:public.t.a": {"body": {"column": {"position": 1, "type": "text", "nullable": true}}}"#,
        );
        let new = snapshot(
            r#""column:public.t.a": {"origin": {"file": "m.py", "line": 3}, "body": {"column": {"position": 9, "type": "text", "nullable": true}}}"#,
        );
        assert!(lines(&old, &new, &DiffOptions::default()).is_empty());
    }

    #[test]
    fn pairs_constraints_by_what_they_say() {
        let old =
            snapshot(&[check("t_check", "a"), check("t_check1", "b"), check("t_check2", "c")].join(","));
        let new =
            snapshot(&[check("t_check", "b"), check("t_check1", "a"), check("t_check2", "d")].join(","));
        assert_eq!(
            lines(&old, &new, &DiffOptions::default()),
            [
                "> check:public.t.t_check1 to t_check",
                "> check:public.t.t_check to t_check1",
                "~ check:public.t.t_check2 definition"
            ]
        );
    }

    #[test]
    fn a_constraint_declared_twice_pairs_once() {
        let old = snapshot(&check("one", "a"));
        let new = snapshot(&[check("one", "a"), check("two", "a")].join(","));
        assert_eq!(lines(&old, &new, &DiffOptions::default()), ["+ check:public.t.two"]);
        let other = snapshot(&[check("x", "a"), check("y", "a")].join(","));
        assert_eq!(
            lines(&old, &other, &DiffOptions::default()),
            ["> check:public.t.one to x", "+ check:public.t.y"]
        );
    }

    #[test]
    fn what_a_side_cannot_say_is_counted_not_reported() {
        let old = snapshot(&[check("c", "a"), column("a", r#""type": "text", "nullable": true"#)].join(","));
        let mut new = snapshot("");
        new.coverage = Coverage { unknown_kinds: [Kind::Check].into(), ..Coverage::default() };
        let found = diff(&old, &new, &DiffOptions::default());
        assert_eq!(found.deltas.len(), 1);
        assert_eq!(found.not_compared.kinds, [(Kind::Check, 1)].into());
        new.coverage = Coverage { schemas: Some(["other".to_owned()].into()), ..Coverage::default() };
        let found = diff(&old, &new, &DiffOptions::default());
        assert!(found.deltas.is_empty());
        assert_eq!(found.not_compared.schemas, [("public".to_owned(), 2)].into());
    }

    #[test]
    fn what_is_in_an_uncovered_object_is_not_reported_either() {
        let view = r#""materialized_view:public.v": {"body": {"materialized_view": {"definition": "x"}}}"#;
        let index = r#""index:public.v.ix": {"body": {"index": {"definition": "USING btree (a)"}}}"#;
        let mut new = snapshot("");
        new.coverage.unknown_kinds.insert(Kind::MaterializedView);
        let found = diff(&snapshot(&[view, index].join(",")), &new, &DiffOptions::default());
        assert!(found.deltas.is_empty());
        assert_eq!(found.not_compared.kinds, [(Kind::MaterializedView, 1), (Kind::Index, 1)].into());
    }

    #[test]
    fn an_extension_of_a_schemas_name_hides_nothing() {
        let extension = r#""extension:e": {"body": {"extension": {"schema": "e", "version": "1"}}}"#;
        let table = |name: &str| format!(r#""table:e.{name}": {{"body": {{"table": {{}}}}}}"#);
        let old = snapshot(&[extension.to_owned(), table("a")].join(","));
        let mut new = snapshot(&table("b"));
        new.coverage = Coverage {
            unknown_kinds: [Kind::Extension].into(),
            schemas: Some(["e".to_owned()].into()),
            ..Coverage::default()
        };
        assert_eq!(lines(&old, &new, &DiffOptions::default()), ["- table:e.a", "+ table:e.b"]);
    }

    #[test]
    fn ledgers_are_left_out() {
        let mut old = snapshot(&column("a", r#""type": "text", "nullable": true"#));
        let table: ObjectId = "table:public.t".parse().unwrap();
        old.source = Source {
            ledgers: vec![Ledger {
                table: table.clone(),
                tool: crate::Tool::Alembic,
                revisions: vec!["1".into()],
                failed: Vec::new(),
                is_hidden: false,
            }],
            ..Source::default()
        };
        let found = diff(&old, &snapshot(""), &DiffOptions::default());
        assert!(found.deltas.is_empty());
        assert_eq!(found.not_compared.ledgers, [table].into());
    }

    #[test]
    fn options_select_and_ignore() {
        let old = snapshot("");
        let new = snapshot(&[check("c", "a"), column("a", r#""type": "text", "nullable": true"#)].join(","));
        let only = DiffOptions { only: vec![Pattern::new("other")], ..DiffOptions::default() };
        assert!(lines(&old, &new, &only).is_empty());
        let ignore = DiffOptions { ignore: vec![Pattern::new("check:*")], ..DiffOptions::default() };
        let found = diff(&old, &new, &ignore);
        assert_eq!((found.deltas.len(), found.not_compared.ignored), (1, 1));
    }
}
