//! Two snapshots, compared: the report, and its entries sorted to the objects that they belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

use diff_core::{
    Cause, Diff, DiffOptions, Entry, Kind, Migrations, ObjectId, Pattern, Report, Severity, Snapshot, collect,
};

use crate::ask::{Fate, Pair};
use crate::search::Index;

/// An object that stands for itself in lists, with everything in it: a table, a function, a type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    pub(crate) id: ObjectId,
    /// Its differences, by their place in the report.
    pub(crate) entries: Vec<usize>,
    pub(crate) severity: Severity,
    pub(crate) fate: Fate,
    /// A hash over its differences: another one where they are others.
    pub(crate) mark: String,
}

/// Two snapshots, compared.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) pair: Pair,
    /// What stands, under the names that new has for it.
    pub(crate) old: Rc<Snapshot>,
    /// What stands, as it was read: plans begin there.
    #[cfg(feature = "plans")]
    pub(crate) standing: Rc<Snapshot>,
    pub(crate) new: Rc<Snapshot>,
    pub(crate) diff: Diff,
    pub(crate) report: Report,
    /// By id.
    pub(crate) sections: Vec<Section>,
    /// Of each entry all its words, in lower case: what the filter looks into.
    pub(crate) words: Vec<String>,
    index: Option<Index>,
    #[cfg(feature = "plans")]
    pub(crate) plans: [Option<Rc<diff_core::Plan>>; 2],
    dependents: Option<Rc<Dependents>>,
}

/// For each object those that depend on it.
pub(crate) type Dependents = BTreeMap<ObjectId, BTreeSet<ObjectId>>;

impl Comparison {
    /// Compares two snapshots. Where `others` hold what the migrations build, they tell the causes.
    pub(crate) fn new(pair: Pair, old: Rc<Snapshot>, new: Rc<Snapshot>, others: &[Rc<Snapshot>]) -> Self {
        let options = options(&pair);
        let others: Vec<&Snapshot> = others.iter().map(AsRef::as_ref).collect();
        let is_way_back = old.source.kind == "database" && new.source.history.is_empty();
        let migrations = Migrations::among(&old, &others).filter(|_| is_way_back);
        #[cfg(feature = "plans")]
        let standing = Rc::clone(&old);
        let (old, diff, report) = compared(old, &new, migrations, &options);
        let sections = sections(&report, &old, &new);
        let words = report.entries.iter().map(|entry| words(entry, &report)).collect();
        Self {
            pair,
            old,
            #[cfg(feature = "plans")]
            standing,
            new,
            diff,
            report,
            sections,
            words,
            index: None,
            #[cfg(feature = "plans")]
            plans: [None, None],
            dependents: None,
        }
    }

    /// The section of an object, if it differs.
    pub(crate) fn section(&self, id: &ObjectId) -> Option<&Section> {
        let at = self.sections.binary_search_by(|section| section.id.cmp(id)).ok()?;
        self.sections.get(at)
    }

    /// The object in new, else in old.
    pub(crate) fn either(&self, id: &ObjectId) -> Option<&diff_core::Object> {
        self.new.objects.get(id).or_else(|| self.old.objects.get(id))
    }

    /// The object that stands for `id` in lists.
    pub(crate) fn top(&self, id: &ObjectId) -> ObjectId {
        top(id, &self.old, &self.new)
    }

    /// Every object by name; made when it is first asked for.
    pub(crate) fn index(&mut self) -> &Index {
        let changed = || collect::set(self.report.entries.iter().map(|entry| entry.id.clone()));
        self.index.get_or_insert_with(|| Index::new(&self.old, &self.new, &changed()))
    }

    /// What depends on what, on both sides together; made when it is first asked for.
    pub(crate) fn dependents(&mut self) -> Rc<Dependents> {
        let made = self.dependents.get_or_insert_with(|| Rc::new(reversed(&[&self.old, &self.new])));
        Rc::clone(made)
    }
}

/// What stands, under the names that new has for it, with the differences and what is to be told of them.
#[cfg(feature = "plans")]
fn compared(
    old: Rc<Snapshot>,
    new: &Snapshot,
    migrations: Option<Migrations<'_>>,
    options: &DiffOptions,
) -> (Rc<Snapshot>, Diff, Report) {
    let mut compared = diff_core::compare(&old, new, options);
    if let Some(migrations) = migrations {
        compared.tell_causes(&old, new, migrations, options);
    }
    (compared.renamed.map_or(old, Rc::new), compared.diff, compared.report)
}

/// The same where nothing is renamed: what a rename comes to takes as much code as the rest.
#[cfg(not(feature = "plans"))]
fn compared(
    old: Rc<Snapshot>,
    new: &Snapshot,
    migrations: Option<Migrations<'_>>,
    options: &DiffOptions,
) -> (Rc<Snapshot>, Diff, Report) {
    let diff = diff_core::diff(&old, new, options);
    let mut report = Report::new(&old, new, &diff, options);
    if let Some(migrations) = migrations {
        report.tell_causes(&old, new, &diff, migrations, options);
    }
    (old, diff, report)
}

/// What a pair leaves out. Every text is a pattern.
pub(crate) fn options(pair: &Pair) -> DiffOptions {
    let ignore = pair.ignore.iter().map(|text| Pattern::new(text)).collect();
    #[cfg(feature = "plans")]
    let renames = pair.renames.iter().filter_map(|text| text.parse().ok()).collect();
    #[cfg(not(feature = "plans"))]
    let renames = Vec::new();
    DiffOptions { ignore, renames, ..DiffOptions::default() }
}

fn reversed(snapshots: &[&Rc<Snapshot>]) -> Dependents {
    let mut found = Dependents::new();
    for (id, object) in snapshots.iter().flat_map(|snapshot| &snapshot.objects) {
        for needed in &object.depends_on {
            found.entry(needed.clone()).or_default().insert(id.clone());
        }
    }
    found
}

/// The object that stands for `id` in lists: its relation or domain, else itself.
pub(crate) fn top(id: &ObjectId, old: &Snapshot, new: &Snapshot) -> ObjectId {
    const RELATIONS: [Kind; 5] =
        [Kind::Table, Kind::View, Kind::MaterializedView, Kind::Partition, Kind::ForeignTable];
    let path = match id.relation() {
        Some(path) if path.len() < id.path().len() => path,
        _ if id.kind() == Kind::DomainCheck => {
            return ObjectId::new(Kind::Domain, id.parent().iter().cloned());
        }
        _ => return id.clone(),
    };
    let candidates = RELATIONS.map(|kind| ObjectId::new(kind, path.iter().cloned()));
    let known = |id: &&ObjectId| new.objects.contains_key(*id) || old.objects.contains_key(*id);
    candidates.iter().find(known).unwrap_or(&candidates[0]).clone()
}

fn sections(report: &Report, old: &Snapshot, new: &Snapshot) -> Vec<Section> {
    let mut found: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    let mut last: Option<(&[String], ObjectId)> = None;
    for (index, entry) in report.entries.iter().enumerate() {
        // Entries of one relation often follow each other, and looking relations up takes time.
        let id = match (&last, entry.id.relation()) {
            (Some((path, id)), Some(relation)) if *path == relation => id.clone(),
            (_, relation) => {
                let id = top(&entry.id, old, new);
                last = relation.map(|relation| (relation, id.clone()));
                id
            }
        };
        found.entry(id).or_default().push(index);
    }
    found.into_iter().map(|(id, entries)| section(id, entries, report)).collect()
}

fn section(id: ObjectId, entries: Vec<usize>, report: &Report) -> Section {
    let of = |index: &usize| &report.entries[*index];
    let whole = entries.iter().map(of).find(|entry| entry.id == id && entry.attribute.is_none());
    let is_renamed = entries.iter().map(of).all(|entry| entry.change == "renamed");
    Section {
        fate: match whole {
            Some(entry) => Fate::of(entry.change),
            None if is_renamed => Fate::Renamed,
            None => Fate::Altered,
        },
        severity: entries.iter().map(|index| of(index).severity).max().unwrap_or(Severity::Low),
        mark: mark(&id, entries.iter().map(of)),
        entries,
        id,
    }
}

/// FNV-1a over what differs: short, and the same in every browser.
fn mark<'a>(id: &ObjectId, entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut text = id.to_string();
    for entry in entries {
        // Writing to a String cannot fail.
        let _ = write!(text, "\0{}\0{:?}\0{:?}\0{:?}", entry.id, entry.attribute, entry.old, entry.new);
    }
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn words(entry: &Entry, report: &Report) -> String {
    let origin = entry.origin.as_ref().map(ToString::to_string);
    let parts = [
        Some(entry.id.to_string()),
        Some(entry.id.kind().label().to_owned()),
        Some(entry.group.title(&report.old.name, &report.new.name)),
        entry.attribute.as_deref().map(|attribute| attribute.replace('_', " ")),
        entry.old.clone(),
        entry.new.clone(),
        entry.rule.map(str::to_owned),
        origin,
    ];
    let causes = entry.causes.iter().flat_map(|cause| [cause_word(*cause), cause.label().to_owned()]);
    parts.into_iter().flatten().chain(causes).collect::<Vec<_>>().join("\n").to_lowercase()
}

/// What the filter finds a cause by, and nothing else: `cause:changed-by-hand`.
pub(crate) fn cause_word(cause: Cause) -> String {
    ["cause:", &cause.label().replace(' ', "-")].concat()
}
