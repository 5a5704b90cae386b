//! The report: a comparison as people read it. Console, JSON and page all show this one value.

mod group;
mod header;

use std::collections::BTreeMap;

use itertools::Itertools;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::render::value;
use crate::rules::{self, Advice, Severity};
use crate::{
    Body, Cause, Causes, Change, Delta, Diff, DiffOptions, Finding, Kind, ObjectId, Origin, Snapshot, collect,
};
pub use group::{Group, TABLE_GROUPS};
use header::{information, not_compared, sides, totals};

/// One line of the report: one attribute of one object, or an object that one side lacks.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
}

/// One side of the comparison, as the header shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
        let entries = entries(diff, new, &folded);
        Self {
            format: 1,
            totals: totals(old, new, diff, options, &entries),
            advice: advice(&entries),
            findings: [&old.findings[..], &new.findings[..]].concat(),
            causes: None,
            information: information(old, new, options),
            not_compared: not_compared(old, new, diff, &old_side, &new_side),
            old: old_side,
            new: new_side,
            entries,
            told_with: folded.told_with(diff),
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

    fn has_losses(&self) -> bool {
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

fn entries(diff: &Diff, new: &Snapshot, folded: &Folded<'_>) -> Vec<Entry> {
    let told = diff.deltas.iter().filter(|delta| folded.whole(delta).is_none());
    let entries = told.flat_map(|delta| match &delta.change {
        Change::Added(_) | Change::Removed(_) => vec![one_sided(delta, diff, new)],
        Change::Altered { .. } => altered(delta, new),
        Change::Renamed { from, .. } => {
            let mut entries = altered(delta, new);
            entries.push(Entry {
                old: Some(from.name().to_owned()),
                new: Some(delta.id.name().to_owned()),
                ..entry(delta, Group::Names, "renamed", new)
            });
            entries
        }
    });
    collect::sorted_by(entries, |a, b| (a.group, &a.id, &a.attribute).cmp(&(b.group, &b.id, &b.attribute)))
}

fn entry(delta: &Delta, group: Group, change: &'static str, new: &Snapshot) -> Entry {
    let rule = rules::advise(delta, group);
    Entry {
        group,
        severity: rule.map_or_else(Severity::default, |rule| rule.severity),
        id: delta.id.clone(),
        change,
        attribute: None,
        old: None,
        new: None,
        origin: origin(delta, new),
        rule: rule.map(|rule| rule.id),
        causes: Vec::new(),
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

fn one_sided(delta: &Delta, diff: &Diff, new: &Snapshot) -> Entry {
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
        ..entry(delta, group, change, new)
    }
}

fn altered(delta: &Delta, new: &Snapshot) -> Vec<Entry> {
    let show = |attribute: &str, side: &Option<serde_json::Value>| {
        let text = side.as_ref().map(|side| value::attribute(attribute, side));
        Some(text.unwrap_or_else(|| value::absent(attribute).to_owned()))
    };
    let line = |change: &crate::AttrChange| Entry {
        attribute: Some(change.name.clone()),
        old: show(&change.name, &change.old),
        new: show(&change.name, &change.new),
        ..entry(delta, Group::of(delta, Some(&change.name)), "altered", new)
    };
    delta.attributes().iter().map(line).collect()
}

/// What a table that one side lacks contains: `12 columns, 1 primary key`.
fn contents(table: &ObjectId, diff: &Diff) -> String {
    let within = diff.deltas.iter().filter(|delta| delta.id.parent() == table.path());
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

/// Tables and serial columns that one side lacks: what they contain or own is told with them.
struct Folded<'a> {
    wholes: BTreeMap<&'a [String], &'a ObjectId>,
}

impl<'a> Folded<'a> {
    fn new(diff: &'a Diff) -> Self {
        let is_whole = |delta: &&Delta| {
            matches!(delta.change, Change::Added(_) | Change::Removed(_))
                && (delta.id.kind().is_relation() || delta.id.kind() == Kind::Column)
        };
        let wholes = diff.deltas.iter().filter(is_whole).map(|delta| (delta.id.path(), &delta.id));
        Self { wholes: collect::map(wholes) }
    }

    /// What tells of the object too: the outermost of what it lies in, or what owns it.
    fn whole(&self, delta: &Delta) -> Option<&'a ObjectId> {
        let owner = match delta.old_object().or(delta.new_object()).map(|object| &object.body) {
            Some(Body::Sequence(sequence)) => sequence.owned_by.as_ref().map(ObjectId::path),
            _ => None,
        };
        let outermost = |path: &[String]| (1..=path.len()).find_map(|end| self.wholes.get(&path[..end]));
        outermost(delta.id.parent()).or_else(|| outermost(owner?)).copied()
    }

    fn told_with(&self, diff: &Diff) -> BTreeMap<ObjectId, ObjectId> {
        let told = |delta: &Delta| Some((delta.id.clone(), self.whole(delta)?.clone()));
        collect::map(diff.deltas.iter().filter_map(told))
    }
}

fn advice(entries: &[Entry]) -> Vec<Advice> {
    let of = |rule: &'static rules::Rule| {
        let about = entries.iter().filter(|entry| entry.rule == Some(rule.id));
        let objects = about.map(|entry| entry.id.to_string()).dedup().collect_vec();
        (!objects.is_empty()).then_some(Advice {
            rule: rule.id,
            severity: rule.severity,
            effect: rule.effect,
            remedy: rule.remedy,
            objects,
        })
    };
    let fired = rules::RULES.iter().copied().flatten().filter_map(of);
    collect::sorted_by_key(fired, |advice| std::cmp::Reverse(advice.severity))
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
