//! The tables and views of both sides, each once, with what the report tells of them.

use std::collections::BTreeMap;

use diff_core::{Body, Entry, Kind, Object, ObjectId, Report, Severity, Snapshot};

use super::Path;
use crate::ask::Fate;

/// A table or a view, with its partitions.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// As new has it, else as old does.
    pub(super) id: &'a ObjectId,
    pub(super) old: Option<(&'a ObjectId, &'a Object)>,
    pub(super) new: Option<(&'a ObjectId, &'a Object)>,
    /// How many columns it has, on the side where it has more.
    pub(super) columns: usize,
    pub(super) changes: usize,
    pub(super) severity: Option<Severity>,
    pub(super) fate: Fate,
}

impl Table<'_> {
    pub(super) fn is_view(&self) -> bool {
        matches!(self.id.kind(), Kind::View | Kind::MaterializedView)
    }
}

/// Both sides.
#[derive(Debug)]
pub(super) struct Model<'a> {
    pub(super) old: &'a Snapshot,
    pub(super) new: &'a Snapshot,
    /// By path; elsewhere tables are called by their place here.
    pub(super) tables: Vec<Table<'a>>,
    /// Of each partition the table or partition that it is of.
    partitions: BTreeMap<Path<'a>, Path<'a>>,
    /// What the report says of objects within tables.
    fates: BTreeMap<&'a ObjectId, Fate>,
}

/// The relations of both sides, as they are read.
#[derive(Default)]
struct Union<'a> {
    tables: BTreeMap<Path<'a>, Table<'a>>,
    partitions: BTreeMap<Path<'a>, Path<'a>>,
}

impl<'a> Union<'a> {
    fn read(&mut self, side: &'a Snapshot, put: impl Fn(&mut Table<'a>, (&'a ObjectId, &'a Object))) {
        // What a table contains follows it.
        let mut last: Option<(Path, usize)> = None;
        for (id, object) in &side.objects {
            match &object.body {
                Body::Partition(partition) => {
                    self.partitions.insert(id.path(), partition.of.path());
                }
                Body::Column(_) => match &mut last {
                    Some((path, columns)) if *path == id.parent() => *columns += 1,
                    _ => {}
                },
                body if id.kind().is_relation() => {
                    self.widen(last.take());
                    let columns = match body {
                        Body::View(view) | Body::MaterializedView(view) => view.columns.len(),
                        _ => 0,
                    };
                    last = Some((id.path(), columns));
                    let empty = Table {
                        id,
                        old: None,
                        new: None,
                        columns: 1,
                        changes: 0,
                        severity: None,
                        fate: Fate::Same,
                    };
                    let table = self.tables.entry(id.path()).or_insert(empty);
                    table.id = id;
                    put(table, (id, object));
                }
                _ => {}
            }
        }
        self.widen(last);
    }

    fn widen(&mut self, counted: Option<(Path<'a>, usize)>) {
        if let Some((path, columns)) = counted
            && let Some(table) = self.tables.get_mut(path)
        {
            table.columns = table.columns.max(columns);
        }
    }
}

impl<'a> Model<'a> {
    pub(super) fn new(old: &'a Snapshot, new: &'a Snapshot, report: &'a Report) -> Self {
        let mut union = Union::default();
        union.read(old, |table, found| table.old = Some(found));
        union.read(new, |table, found| table.new = Some(found));
        let (tables, partitions) = (union.tables.into_values().collect(), union.partitions);
        let mut model = Self { old, new, tables, partitions, fates: BTreeMap::new() };
        report.entries.iter().for_each(|entry| model.count(entry));
        model
    }

    fn count(&mut self, entry: &'a Entry) {
        let Some(relation) = entry.id.relation() else { return };
        let fate = Fate::of(entry.change);
        // Of several entries about one object the first says it, unless that only says the name.
        let known = self.fates.entry(&entry.id).or_insert(fate);
        if *known == Fate::Renamed {
            *known = fate;
        }
        let is_whole = entry.attribute.is_none() && entry.id.path() == relation;
        let is_partition = self.partitions.contains_key(relation);
        let Some(table) = self.place(relation).and_then(|at| self.tables.get_mut(at)) else { return };
        table.fate = match (table.fate, fate) {
            // A table in place of a view is one box that differs.
            (_, fate) if is_whole && !is_partition && (table.old.is_none() || table.new.is_none()) => fate,
            (Fate::Added | Fate::Removed, _) => table.fate,
            (Fate::Same | Fate::Renamed, Fate::Renamed) => Fate::Renamed,
            _ => Fate::Altered,
        };
        table.changes += 1;
        table.severity = table.severity.max(Some(entry.severity));
    }

    /// The table that stands for a relation on the map: for a partition its table.
    pub(super) fn place(&self, relation: &[String]) -> Option<usize> {
        let mut path = relation;
        // No partition is deeper than there are partitions.
        for _ in 0..self.partitions.len() {
            match self.partitions.get(path) {
                Some(of) => path = of,
                None => break,
            }
        }
        self.tables.binary_search_by(|table| table.id.path().cmp(path)).ok()
    }

    /// What becomes of an object within a table. What one side lacks and the report is silent about goes with its
    /// table, or was not compared.
    pub(super) fn fate(&self, id: &ObjectId) -> Fate {
        let of_table =
            || match self.place(id.parent()).and_then(|at| self.tables.get(at)).map(|table| table.fate) {
                Some(fate @ (Fate::Added | Fate::Removed)) => fate,
                _ => Fate::Same,
            };
        self.fates.get(id).copied().unwrap_or_else(of_table)
    }
}
