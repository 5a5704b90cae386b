//! Advice is a table: what each difference means, what bringing old to new costs, and the safe way.
//!
//! The console, the page and the docs read the same slice. The effects are those of PostgreSQL's manual,
//! "ALTER TABLE" and "Explicit Locking". A rule looks at one [`Delta`] and nothing else.

mod columns;
mod constraints;
mod indexes;
mod others;
mod tables;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter};

use crate::{Body, Change, Delta, Group};

/// How much a difference matters.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// Nothing behaves differently, or hardly.
    Low,
    /// Something behaves differently.
    #[default]
    Medium,
    /// Data can be lost or wrong, statements fail, or the way back blocks the table.
    High,
}

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    /// A name that people can cite and search: `set-not-null`.
    pub id: &'static str,
    /// The group of entries that it speaks about.
    pub group: Group,
    /// How much such a difference matters.
    pub severity: Severity,
    /// Whether going from old to new can lose rows or values.
    pub loses_data: bool,
    /// What the difference, or the way from old to new, does. One or two sentences.
    pub effect: &'static str,
    /// What to do next. Sometimes that is to mend the model, not the database.
    pub remedy: &'static str,
    pub(crate) applies: fn(&Delta) -> bool,
}

/// A rule that applied, as data for renderers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What the difference does.
    pub effect: &'static str,
    /// What to do next.
    pub remedy: &'static str,
    /// The differences that it is about, by written id, sorted.
    pub objects: Vec<String>,
}

/// Every rule; of several that apply to a difference in one group the first one speaks.
pub const RULES: &[&[Rule]] =
    &[tables::RULES, columns::RULES, constraints::RULES, indexes::RULES, others::RULES];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().flatten().find(|rule| rule.id == id)
}

/// The rule that speaks about `delta` in `group`, if one does.
pub fn advise(delta: &Delta, group: Group) -> Option<&'static Rule> {
    RULES.iter().copied().flatten().find(|rule| rule.group == group && (rule.applies)(delta))
}

/// The body of what only new has.
fn added(delta: &Delta) -> Option<&Body> {
    match &delta.change {
        Change::Added(new) => Some(&new.body),
        _ => None,
    }
}

/// The body of what only old has.
fn removed(delta: &Delta) -> Option<&Body> {
    match &delta.change {
        Change::Removed(old) => Some(&old.body),
        _ => None,
    }
}

/// Both bodies of what differs in its attributes.
fn altered(delta: &Delta) -> Option<(&Body, &Body)> {
    match &delta.change {
        Change::Altered { old, new, .. } => Some((&old.body, &new.body)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_texts_are_whole() {
        let mut ids = BTreeSet::new();
        for rule in RULES.iter().copied().flatten() {
            assert!(ids.insert(rule.id), "{} stands twice", rule.id);
            for text in [rule.effect, rule.remedy] {
                assert!(text.ends_with(['.', '?']), "{}: {text:?} is no sentence", rule.id);
            }
        }
    }
}

/// What the tests of the rule files share: deltas from the JSON of bodies.
#[cfg(test)]
mod fixture {
    use super::*;
    use crate::{Object, ObjectId, Snapshot, diff};

    fn snapshot(id: &str, body: &str) -> Snapshot {
        let objects = if body.is_empty() { String::new() } else { format!("{id:?}: {{\"body\": {body}}}") };
        Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{objects}}}}}").as_bytes()).unwrap()
    }

    /// Asserts which rule speaks about the one delta between two bodies; an empty body is no object.
    #[track_caller]
    pub(super) fn check(id: &str, old: &str, new: &str, group: Group, rule: &str) {
        let found = diff(&snapshot(id, old), &snapshot(id, new), &crate::DiffOptions::default());
        assert_eq!(found.deltas.len(), 1, "{old} and {new} do not differ in one object");
        assert_eq!(advise(&found.deltas[0], group).map_or("", |rule| rule.id), rule);
    }

    pub(super) fn column(attributes: &str) -> String {
        format!(r#"{{"column": {{"position": 1, {attributes}}}}}"#)
    }

    #[test]
    fn no_rule_speaks_about_another_group() {
        let id: ObjectId = "table:public.t".parse().unwrap();
        let change = Change::Added(Object::new(Body::Table(crate::Table::default())));
        assert!(advise(&Delta { id, change }, Group::Types).is_none());
    }
}
