//! The report: a comparison as people read it. Console, JSON and page all show this one value.

mod group;
mod header;

use std::collections::BTreeMap;

use itertools::Itertools;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::render::value;
use crate::rules::{self, Advice, Advised, Context, Hazard, Locked, Severity};
use crate::{
    Accepted, Body, Cause, Causes, Change, Delta, Diff, DiffOptions, Finding, Kind, ObjectId, Origin,
    Snapshot, Suggestion, collect,
};
pub use group::{Group, TABLE_GROUPS};
pub(crate) use header::compared_tables;
use header::{information, not_compared, sides, totals};

/// One line of the report: one attribute of one object, or an object that one side lacks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Entry {
    /// What it is about.
    pub group: Group,
    /// How much it matters.
    pub severity: Severity,
    /// The object.
    pub id: ObjectId,
    /// `added`, `removed`, `altered` or `renamed`, on the way from old to new.
    pub change: &'static str,
    /// The attribute that differs; absent where one side lacks the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// What old holds, as text.
    pub old: Option<String>,
    /// What new holds, as text.
    pub new: Option<String>,
    /// Where the model declares the object, or what contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The rule that speaks about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Why it is there, where the migrations tell; several where all three sides differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// The same for the same difference, whatever is said of it; what baselines hold.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
    /// Rules that speak beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<&'static str>,
    /// What can go wrong on the plain way from old to new, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// The locks of the plain way on tables that stand, those of what is told with the object included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<Locked>,
}

/// One side of the comparison, as the header shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Side {
    /// The word for it in headings: `database`, `models`, `old`, `new`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The server's version.
    pub server: String,
    /// When it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// The revisions of its migration ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<String>,
}

/// Counts for the header. Tables are counted without partitions and ledgers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Totals {
    /// Tables in old.
    pub tables_old: usize,
    /// Tables in new.
    pub tables_new: usize,
    /// Tables in both, without a difference.
    pub in_sync: usize,
    /// Tables in both, with a difference.
    pub differing: usize,
    /// Tables that only old has.
    pub only_old: usize,
    /// Tables that only new has.
    pub only_new: usize,
    /// All entries.
    pub differences: usize,
    /// Entries of high severity.
    pub high: usize,
    /// Entries of medium severity.
    pub medium: usize,
    /// Entries of low severity.
    pub low: usize,
}

/// A comparison as people read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// What stands.
    pub old: Side,
    /// What should stand.
    pub new: Side,
    /// Counts.
    pub totals: Totals,
    /// The differences, by group and id.
    pub entries: Vec<Entry>,
    /// What to do, the most severe first.
    pub advice: Vec<Advice>,
    /// What the reading found to be wrong with the sources themselves.
    pub findings: Vec<Finding>,
    /// Why the differences are there, where the migrations tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub causes: Option<Causes>,
    /// What may be one object under two names. Nothing is taken for granted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
    /// What differs and does not count, as sentences.
    pub information: Vec<String>,
    /// What was not compared and why, as sentences.
    pub not_compared: Vec<String>,
    /// Objects that are told with another, such as the columns of a new table.
    #[serde(skip)]
    told_with: BTreeMap<ObjectId, ObjectId>,
}

impl Report {
    /// Tells what `diff` found between `old` and `new`.
    pub fn new(old: &Snapshot, new: &Snapshot, diff: &Diff, options: &DiffOptions) -> Self {
        let (old_side, new_side) = sides(old, new);
        let folded = Folded::new(diff);
        let entries = entries(diff, &Context::new(old, new), &folded);
        let mut report = Self {
            format: 1,
            totals: totals(old, new, diff, options, &entries),
            advice: advice(&entries),
            findings: [&old.findings[..], &new.findings[..]].concat(),
            causes: None,
            suggestions: Vec::new(),
            information: information(old, new, options),
            not_compared: not_compared(old, new, diff, &old_side, &new_side),
            old: old_side,
            new: new_side,
            entries,
            told_with: folded.told_with(diff),
        };
        report.mark(diff);
        report
    }

    /// Leaves out what has been accepted, and says how much that is.
    pub(crate) fn leave_out(
        &mut self,
        accepted: &[Accepted],
        old: &Snapshot,
        new: &Snapshot,
        options: &DiffOptions,
        diff: &Diff,
    ) {
        let accepted = collect::set(accepted.iter().map(|one| one.fingerprint.clone()));
        let found = self.entries.len();
        self.entries.retain(|entry| !accepted.contains(&entry.fingerprint));
        let count = found - self.entries.len();
        if count > 0 {
            self.information.insert(0, format!("{} accepted, and not shown.", counted(count, "difference")));
            self.totals = totals(old, new, diff, options, &self.entries);
            self.advice = advice(&self.entries);
        }
    }

    /// Whether nothing differs, and nothing was lost on the way to either snapshot.
    pub fn is_in_sync(&self) -> bool {
        self.entries.is_empty() && !self.has_losses()
    }

    /// The places of entries by the objects that they tell of. What is told with its table has the table's: so each
    /// statement of a plan has its entries here, by its object, unless it is only in the way of others.
    pub fn entries_by_object(&self) -> BTreeMap<&ObjectId, Vec<usize>> {
        let mut places: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            places.entry(&entry.id).or_default().push(place);
        }
        for (id, whole) in &self.told_with {
            if let Some(told) = places.get(whole).cloned() {
                places.entry(id).or_default().extend(told);
            }
        }
        places
    }

    /// Whether a part of a source could not be loaded, so that not all can be told.
    pub fn has_losses(&self) -> bool {
        self.findings.iter().any(|finding| finding.is_loss)
    }

    /// The outcome in a few words: `3 differences: 1 high, 2 low`.
    pub fn verdict(&self) -> String {
        let Totals { differences, high, medium, low, .. } = self.totals;
        if differences == 0 && self.has_losses() {
            return "no differences in what could be loaded; see what is wrong above".to_owned();
        }
        if differences == 0 {
            return "in sync".to_owned();
        }
        let parts = [(high, "high"), (medium, "medium"), (low, "low")];
        let parts =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        format!("{}: {}", counted(differences, "difference"), parts.collect_vec().join(", "))
    }

    /// The groups that have entries, in order, each with them.
    pub fn groups(&self) -> impl Iterator<Item = (Group, Vec<&Entry>)> {
        Group::iter().filter_map(|group| {
            let entries = self.entries.iter().filter(|entry| entry.group == group).collect_vec();
            (!entries.is_empty()).then_some((group, entries))
        })
    }
}

/// `1 table`, `2 tables`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn entries(diff: &Diff, context: &Context<'_>, folded: &Folded<'_>) -> Vec<Entry> {
    let told = diff.deltas.iter().filter(|delta| folded.whole(delta).is_none());
    let entries = told.flat_map(|delta| match &delta.change {
        Change::Added(_) | Change::Removed(_) => vec![one_sided(delta, diff, context)],
        Change::Altered { .. } => altered(delta, context),
        Change::Renamed { from, .. } => {
            let mut entries = altered(delta, context);
            entries.push(Entry {
                old: Some(from.name().to_owned()),
                new: Some(delta.id.name().to_owned()),
                ..entry(delta, Group::Names, None, "renamed", context)
            });
            entries
        }
    });
    let mut entries = collect::sorted_by(entries, |a, b| {
        (a.group, &a.id, &a.attribute).cmp(&(b.group, &b.id, &b.attribute))
    });
    lock_for_parts(&mut entries, diff, context, folded);
    entries
}

/// What is told with another object locks tables too: the foreign keys of a new table do.
fn lock_for_parts(entries: &mut [Entry], diff: &Diff, context: &Context<'_>, folded: &Folded<'_>) {
    let mut places: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.attribute.is_none()) {
        places.entry(entry.id.clone()).or_default().push(place);
    }
    for delta in &diff.deltas {
        let Some(whole) = folded.whole(delta) else { continue };
        let said = rules::advise(delta, Group::of(delta, None), None, context);
        for place in places.get(whole).into_iter().flatten().filter(|_| !said.locks.is_empty()) {
            let entry = &mut entries[*place];
            said.locks.iter().for_each(|lock| rules::add(&mut entry.locks, lock.clone()));
            let rules: Vec<_> = entry.rule.into_iter().filter_map(rules::rule).collect();
            entry.hazards = rules::hazards(&rules, &entry.locks, context.is_empty(&entry.id));
        }
    }
}

fn entry(
    delta: &Delta,
    group: Group,
    attribute: Option<&str>,
    change: &'static str,
    context: &Context<'_>,
) -> Entry {
    let Advised { rule, beside, locks } = rules::advise(delta, group, attribute, context);
    let speaking: Vec<_> = rule.into_iter().chain(beside.iter().copied()).collect();
    Entry {
        group,
        severity: rule.map_or_else(Severity::default, |rule| rule.severity),
        id: delta.id.clone(),
        change,
        attribute: attribute.map(str::to_owned),
        old: None,
        new: None,
        origin: origin(delta, context.new),
        rule: rule.map(|rule| rule.id),
        causes: Vec::new(),
        fingerprint: String::new(),
        beside: beside.iter().map(|rule| rule.id).collect(),
        hazards: rules::hazards(&speaking, &locks, context.is_empty(&delta.id)),
        locks,
    }
}

/// Where the object is declared, else where the table is that it belongs to.
fn origin(delta: &Delta, new: &Snapshot) -> Option<Origin> {
    let own = delta.new_object().and_then(|object| object.origin.clone());
    own.or_else(|| {
        let table = ObjectId::new(Kind::Table, delta.id.relation()?.iter().cloned());
        new.objects.get(&table)?.origin.clone()
    })
}

fn one_sided(delta: &Delta, diff: &Diff, context: &Context<'_>) -> Entry {
    let group = Group::of(delta, None);
    let text = |body: &Body| match body {
        Body::Table(_) => contents(&delta.id, diff),
        body => value::body(body),
    };
    let (change, old) = match &delta.change {
        Change::Added(_) => ("added", None),
        _ => ("removed", delta.old_object().map(|object| text(&object.body))),
    };
    Entry {
        old,
        new: delta.new_object().map(|object| text(&object.body)),
        ..entry(delta, group, None, change, context)
    }
}

fn altered(delta: &Delta, context: &Context<'_>) -> Vec<Entry> {
    let show = |attribute: &str, side: &Option<serde_json::Value>| {
        let text = side.as_ref().map(|side| value::attribute(attribute, side));
        Some(text.unwrap_or_else(|| value::absent(attribute).to_owned()))
    };
    let line = |change: &crate::AttrChange| Entry {
        old: show(&change.name, &change.old),
        new: show(&change.name, &change.new),
        ..entry(delta, Group::of(delta, Some(&change.name)), Some(&change.name), "altered", context)
    };
    delta.attributes().iter().map(line).collect()
}

/// What a table that one side lacks contains: `12 columns, 1 primary key`.
fn contents(table: &ObjectId, diff: &Diff) -> String {
    let start = diff.deltas.partition_point(|delta| delta.id.path() < table.path());
    let within = diff.deltas[start..].iter().take_while(|delta| delta.id.path().starts_with(table.path()));
    let within = within.filter(|delta| delta.id.parent() == table.path());
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for delta in within {
        *counts.entry(delta.id.kind()).or_default() += 1;
    }
    let words = counts.into_iter().map(|(kind, count)| match count {
        1 => format!("1 {}", kind.label()),
        _ => format!("{count} {}", kind.plural()),
    });
    words.collect_vec().join(", ")
}

/// Tables and serial columns that one side lacks: what they contain or own is told with them. The parts that
/// partitions have of an index are told with the index.
struct Folded<'a> {
    wholes: BTreeMap<&'a [String], &'a ObjectId>,
    /// By id, as the differences are.
    parts: Vec<(&'a ObjectId, &'a ObjectId)>,
}

impl<'a> Folded<'a> {
    fn new(diff: &'a Diff) -> Self {
        let is_whole = |delta: &&Delta| {
            matches!(delta.change, Change::Added(_) | Change::Removed(_))
                && (delta.id.kind().is_relation() || delta.id.kind() == Kind::Column)
        };
        let wholes = diff.deltas.iter().filter(is_whole).map(|delta| (delta.id.path(), &delta.id));
        Self { wholes: collect::map(wholes), parts: parts(diff) }
    }

    /// What tells of the object too: the outermost of what it lies in, or what owns it.
    fn whole(&self, delta: &Delta) -> Option<&'a ObjectId> {
        let owner = match delta.old_object().or(delta.new_object()).map(|object| &object.body) {
            Some(Body::Sequence(sequence)) => sequence.owned_by.as_ref().map(ObjectId::path),
            _ => None,
        };
        let outermost = |path: &[String]| (1..=path.len()).find_map(|end| self.wholes.get(&path[..end]));
        let whole = outermost(delta.id.parent()).or_else(|| outermost(owner?)).copied();
        whole.or_else(|| {
            let above = |id: &&'a ObjectId| self.part_of(id);
            std::iter::successors(self.part_of(&delta.id), above).last()
        })
    }

    fn part_of(&self, id: &ObjectId) -> Option<&'a ObjectId> {
        let at = self.parts.binary_search_by(|(part, _)| (*part).cmp(id)).ok()?;
        Some(self.parts[at].1)
    }

    fn told_with(&self, diff: &Diff) -> BTreeMap<ObjectId, ObjectId> {
        let told = |delta: &Delta| Some((delta.id.clone(), self.whole(delta)?.clone()));
        collect::map(diff.deltas.iter().filter_map(told))
    }
}

fn advice(entries: &[Entry]) -> Vec<Advice> {
    let of = |rule: &'static rules::Rule| {
        let speaks = |entry: &&Entry| entry.rule == Some(rule.id) || entry.beside.contains(&rule.id);
        let about = entries.iter().filter(speaks).collect_vec();
        let objects = about.iter().map(|entry| entry.id.to_string()).dedup().collect_vec();
        // What goes wrong is told once: by the rule that leads.
        let led = about.iter().filter(|entry| entry.rule == Some(rule.id));
        (!objects.is_empty()).then_some(Advice {
            rule: rule.id,
            severity: rule.severity,
            effect: rule.effect,
            remedy: rule.remedy,
            hazards: Hazard::iter()
                .filter(|it| led.clone().any(|entry| entry.hazards.contains(it)))
                .collect(),
            blocked: blocked(led.flat_map(|entry| &entry.locks)),
            objects,
        })
    };
    let fired = rules::RULES.iter().copied().flatten().filter_map(of);
    collect::sorted_by_key(fired, |advice| std::cmp::Reverse(advice.severity))
}

/// The indexes and keys of partitions that one side lacks, each with the one that it is a part of.
fn parts(diff: &Diff) -> Vec<(&ObjectId, &ObjectId)> {
    let stands = |whole: &ObjectId| diff.deltas.binary_search_by(|delta| delta.id.cmp(whole)).is_ok();
    let mut parts = Vec::new();
    for delta in &diff.deltas {
        let (Change::Added(object) | Change::Removed(object)) = &delta.change else { continue };
        if let Some(whole) = object.body.attached_to().filter(|whole| stands(whole)) {
            parts.push((&delta.id, whole));
        }
    }
    parts
}

/// Each table that is blocked for long once, the largest first; those of unknown size come before all.
fn blocked<'a>(locks: impl Iterator<Item = &'a Locked>) -> Vec<Locked> {
    let mut all = Vec::new();
    for lock in locks.filter(|lock| lock.is_long()) {
        rules::add(&mut all, lock.clone());
    }
    let size = |lock: &Locked| lock.size.map_or(u64::MAX, |size| size.bytes);
    collect::sorted_by_key(all, |lock| std::cmp::Reverse(size(lock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff;

    #[test]
    fn parts_of_a_new_table_belong_to_its_entry() {
        let snapshot = |objects: &str| {
            let text = format!("{{\"format\": 1, \"objects\": {{{objects}}}}}");
            Snapshot::from_json(text.as_bytes()).unwrap()
        };
        let column = r#""column:public.t.a": {"body": {"column": {"position": 1, "type": "text", "nullable": true}}},
            "table:public.t": {"body": {"table": {}}}, "enum:public.e": {"body": {"enum": {"labels": []}}},
            "sequence:public.s": {"body": {"sequence": {"counting":
                {"start": 1, "increment": 1, "cache": 1, "cycle": false}, "owned_by": "column:public.t.a"}}}"#;
        let (old, new, options) = (snapshot(""), snapshot(column), DiffOptions::default());
        let report = Report::new(&old, &new, &diff(&old, &new, &options), &options);
        assert_eq!(
            report.entries.iter().map(|entry| entry.id.to_string()).collect_vec(),
            ["table:public.t", "enum:public.e"]
        );
        let places = report.entries_by_object();
        let places = places.iter().map(|(id, places)| format!("{id} {places:?}")).collect_vec();
        assert_eq!(
            places,
            ["enum:public.e [1]", "sequence:public.s [0]", "table:public.t [0]", "column:public.t.a [0]"]
        );
    }
}
