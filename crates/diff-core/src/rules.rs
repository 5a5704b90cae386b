//! Advice is a table: what each difference means, what bringing old to new costs, and the safe way.
//!
//! The console, the page and the docs read the same slice. The effects are those of PostgreSQL's manual,
//! "ALTER TABLE" and "Explicit Locking", and were measured on the servers. A rule looks at one [`Delta`] and at
//! what stands around it in both snapshots.

mod access;
mod beside;
mod columns;
mod constraints;
mod context;
mod indexes;
mod lock;
mod others;
mod routines;
mod tables;
mod types;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use crate::{Body, Change, Column, Delta, Group};
pub(crate) use beside::begins_with;
pub(crate) use context::{Context, add};
pub use lock::{Lock, Locked, Mode, On, Work, in_units};

/// How much a difference matters.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// What can go wrong on the way from old to new, the worst first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Hazard {
    /// Rows or values are lost.
    DataLoss,
    /// Reads and writes wait for as long as a table is large.
    Outage,
    /// Writes wait for as long as a table is large.
    BlockedWrites,
    /// A statement is refused if the rows are not as it wants them.
    Refusal,
    /// Code that runs now fails once it is done.
    BrokenCode,
    /// Who may see or change what differs.
    Access,
    /// A strong lock that is held for milliseconds: it still waits for others, and others wait behind it.
    BriefLock,
}

impl Hazard {
    /// What it means, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::DataLoss => "Rows or values are lost.",
            Self::Outage => "Reads and writes wait for as long as a table is large.",
            Self::BlockedWrites => "Writes wait for as long as a table is large.",
            Self::Refusal => "A statement is refused if the rows are not as it wants them.",
            Self::BrokenCode => "Code that runs now fails once it is done.",
            Self::Access => "Who may see or change what differs.",
            Self::BriefLock => {
                "A strong lock is held for milliseconds; it waits for others, and others wait behind it."
            }
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A name that people can cite and search: `set-not-null`.
    pub id: &'static str,
    /// The group of entries that it speaks about.
    pub group: Group,
    /// The attributes that it speaks about; any, or the object as a whole, where empty.
    pub attributes: &'static [&'static str],
    /// How much such a difference matters.
    pub severity: Severity,
    /// Whether going from old to new can lose rows or values.
    pub loses_data: bool,
    /// Whether a statement on the way is refused where the rows that are there do not fit.
    pub may_be_refused: bool,
    /// Whether code that fits old fails once old has become new.
    pub breaks_code: bool,
    /// The locks that the plain way takes on tables that stand, and what is done under them.
    pub locks: &'static [Lock],
    /// What the difference, or the way from old to new, does. One or two sentences.
    pub effect: &'static str,
    /// What to do next. Sometimes that is to mend the model, not the database.
    pub remedy: &'static str,
    pub(crate) applies: fn(&Case<'_, '_>) -> bool,
}

/// What a rule is unless it says otherwise.
const BASE: Rule = Rule {
    id: "",
    group: Group::Other,
    attributes: &[],
    severity: Severity::Medium,
    loses_data: false,
    may_be_refused: false,
    breaks_code: false,
    locks: &[],
    effect: "",
    remedy: "",
    applies: |_| false,
};

/// One lock on the object's own table.
const fn own(mode: Mode, work: Work) -> Lock {
    Lock::new(On::Table, mode, work)
}

/// The shortest of the strongest locks.
const BRIEF: &[Lock] = &[own(Mode::AccessExclusive, Work::Brief)];

/// A difference with what stands around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case<'a, 's> {
    /// The difference.
    pub(crate) delta: &'a Delta,
    /// The attribute that it is about; `None` where it is about the object as a whole.
    pub(crate) attribute: Option<&'a str>,
    /// Both snapshots.
    pub(crate) context: &'a Context<'s>,
}

/// A rule that applied, as data for renderers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Advice {
    /// The rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What the difference does.
    pub effect: &'static str,
    /// What to do next.
    pub remedy: &'static str,
    /// What can go wrong on the plain way, at any of the differences; the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// The tables that the plain way blocks for as long as they are large, the largest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<Locked>,
    /// The differences that it is about, by written id, sorted.
    pub objects: Vec<String>,
}

/// Every rule; of several that apply to a difference in one group the first one speaks, and of those beside each
/// one that applies.
pub const RULES: &[&[Rule]] = &[
    tables::RULES,
    columns::RULES,
    types::RULES,
    constraints::RULES,
    indexes::RULES,
    routines::RULES,
    access::RULES,
    others::RULES,
    beside::RULES,
];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().flatten().find(|rule| rule.id == id)
}

/// Whether a rule speaks beside the one that speaks about the difference.
pub fn is_beside(rule: &Rule) -> bool {
    beside::RULES.iter().any(|known| known.id == rule.id)
}

/// What the table says about a difference in one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advised {
    pub(crate) rule: Option<&'static Rule>,
    pub(crate) beside: Vec<&'static Rule>,
    pub(crate) locks: Vec<Locked>,
}

/// What the rules say about one attribute of `delta`, or about all of it.
pub(crate) fn advise(delta: &Delta, group: Group, attribute: Option<&str>, context: &Context<'_>) -> Advised {
    let case = Case { delta, attribute, context };
    let speaks_of = |names: &[&str]| names.is_empty() || attribute.is_some_and(|name| names.contains(&name));
    let applies =
        |rule: &&'static Rule| rule.group == group && speaks_of(rule.attributes) && (rule.applies)(&case);
    let (others, beside) = RULES.split_at(RULES.len() - 1);
    let rule = others.iter().copied().flatten().find(applies);
    Advised {
        rule,
        beside: beside.iter().copied().flatten().filter(applies).collect(),
        locks: rule.map_or_else(Vec::new, |rule| context.locks(&case, rule)),
    }
}

/// The hazards of a way: what its rules say, and what its locks come to.
pub(crate) fn hazards(rules: &[&Rule], locks: &[Locked], is_empty: bool) -> Vec<Hazard> {
    let says = |flag: fn(&Rule) -> bool| rules.iter().any(|rule| flag(rule));
    let is_long = |mode: Mode| locks.iter().any(|lock| lock.is_long() && lock.mode >= mode);
    let is_outage = is_long(Mode::AccessExclusive);
    let found = [
        (Hazard::DataLoss, says(|rule| rule.loses_data) && !is_empty),
        (Hazard::Outage, is_outage),
        (Hazard::BlockedWrites, !is_outage && is_long(Mode::Share)),
        (Hazard::Refusal, says(|rule| rule.may_be_refused) && !is_empty),
        (Hazard::BrokenCode, says(|rule| rule.breaks_code)),
        (Hazard::Access, says(|rule| rule.group == Group::Security)),
        (Hazard::BriefLock, locks.iter().any(|lock| lock.mode >= Mode::ShareRowExclusive && !lock.is_long())),
    ];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(hazard, _)| hazard).collect()
}

/// The body of what only new has.
fn added<'a>(case: &Case<'a, '_>) -> Option<&'a Body> {
    match &case.delta.change {
        Change::Added(new) => Some(&new.body),
        _ => None,
    }
}

/// The body of what only old has.
fn removed<'a>(case: &Case<'a, '_>) -> Option<&'a Body> {
    match &case.delta.change {
        Change::Removed(old) => Some(&old.body),
        _ => None,
    }
}

/// Both bodies of what differs in its attributes.
fn altered<'a>(case: &Case<'a, '_>) -> Option<(&'a Body, &'a Body)> {
    match &case.delta.change {
        Change::Altered { old, new, .. } => Some((&old.body, &new.body)),
        _ => None,
    }
}

/// Both bodies of a column that differs.
fn columns<'a>(case: &Case<'a, '_>) -> Option<(&'a Column, &'a Column)> {
    match altered(case)? {
        (Body::Column(old), Body::Column(new)) => Some((old, new)),
        _ => None,
    }
}

/// The body on whichever side has one, that of old first.
fn either<'a>(case: &Case<'a, '_>) -> Option<&'a Body> {
    case.delta.old_object().or(case.delta.new_object()).map(|object| &object.body)
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
        let (old, new) = (snapshot(id, old), snapshot(id, new));
        let found = diff(&old, &new, &crate::DiffOptions::default());
        assert_eq!(found.deltas.len(), 1, "{id} does not differ");
        let (delta, context) = (&found.deltas[0], Context::new(&old, &new));
        // One of the attributes in the group is what it is about.
        let names = delta.attributes().iter().map(|change| Some(change.name.as_str()));
        let names = names.filter(|name| Group::of(delta, *name) == group).chain([None]);
        let said = names.filter_map(|name| advise(delta, group, name, &context).rule).next();
        assert_eq!(said.map_or("", |rule| rule.id), rule);
    }

    pub(super) fn column(attributes: &str) -> String {
        format!(r#"{{"column": {{"position": 1, {attributes}}}}}"#)
    }

    #[test]
    fn no_rule_speaks_about_another_group() {
        let id: ObjectId = "table:public.t".parse().unwrap();
        let change = Change::Added(Object::new(Body::Table(crate::Table::default())));
        let nothing = snapshot("", "");
        let context = Context::new(&nothing, &nothing);
        assert!(advise(&Delta { id, change }, Group::Types, None, &context).rule.is_none());
    }
}
