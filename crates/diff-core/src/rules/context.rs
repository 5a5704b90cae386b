//! What a rule may look at beside its difference: the two snapshots, and which tables hang together in old.

use std::cell::OnceCell;

use super::lock::{Locked, On, Work};
use super::{Case, Rule};
use crate::{Body, Delta, Kind, Object, ObjectId, Size, Snapshot};

/// Both sides of a comparison, and the ties between the tables of old, found when first asked for.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) old: &'a Snapshot,
    pub(crate) new: &'a Snapshot,
    ties: OnceCell<Ties<'a>>,
}

/// The ties between the tables of old.
#[derive(Debug, Default)]
struct Ties<'a> {
    /// What inherits from a table or is a partition of it.
    below: Vec<(&'a [String], &'a ObjectId)>,
    /// The foreign keys, each with its own table and the one that it refers to.
    keys: Vec<(&'a Object, &'a [String], &'a [String])>,
    /// Columns that depend on types of the user's.
    typed: Vec<(&'a ObjectId, &'a Object)>,
}

impl<'a> Context<'a> {
    /// The context of a comparison.
    pub(crate) fn new(old: &'a Snapshot, new: &'a Snapshot) -> Self {
        Self { old, new, ties: OnceCell::new() }
    }

    /// The locks that `rule` expects of a difference, the strongest of each table that stands in old.
    pub(super) fn locks(&self, case: &Case<'_, '_>, rule: &Rule) -> Vec<Locked> {
        let mut locks = Vec::new();
        for lock in rule.locks.iter().filter(|lock| (lock.holds)(case)) {
            for table in self.tables(lock.on, case.delta) {
                let work = if self.has_rows(&table) { lock.work } else { Work::Brief };
                add(&mut locks, Locked { size: self.size(&table), table, mode: lock.mode, work });
            }
        }
        locks
    }

    /// Whether a table holds rows itself: a partitioned one and a foreign one do not.
    fn has_rows(&self, table: &ObjectId) -> bool {
        match self.old.objects.get(table).map(|object| &object.body) {
            Some(Body::Table(table)) => table.partition_by.is_none(),
            Some(Body::Partition(partition)) => partition.partition_by.is_none(),
            Some(Body::ForeignTable(_)) => false,
            _ => true,
        }
    }

    /// How large a table of old is; unknown where its source cannot say.
    fn size(&self, table: &ObjectId) -> Option<Size> {
        self.old.sizes.get(table).copied()
    }

    /// Whether the table of an object is known to hold nothing.
    pub(crate) fn is_empty(&self, id: &ObjectId) -> bool {
        let table = id.relation().and_then(|path| self.relation(path));
        let size = table.and_then(|table| self.size(&table));
        size.is_some_and(|size| size.rows == 0 && size.bytes == 0)
    }

    /// The tables of old that are meant.
    fn tables(&self, on: On, delta: &Delta) -> Vec<ObjectId> {
        let own = delta.id.relation().unwrap_or_default();
        match on {
            On::Table => self.with_below(own),
            On::Only => self.relation(own).into_iter().collect(),
            On::Referenced => self.referenced(delta),
            On::Partners => self.partners(own, &delta.id),
            On::Parent => self.parents(delta),
            On::Default => self.default_partition(delta).into_iter().collect(),
            On::Users => self.users(delta),
            On::Named => self.named(delta),
        }
    }

    /// Whether old has a relation at a path.
    pub(super) fn stands(&self, path: &[String]) -> bool {
        self.relation(path).is_some()
    }

    /// The relation of old at a path.
    fn relation(&self, path: &[String]) -> Option<ObjectId> {
        use Kind::{ForeignTable, MaterializedView, Partition, Table, View};
        let kinds = [Table, Partition, MaterializedView, View, ForeignTable].into_iter();
        let ids = kinds.filter(|_| path.len() == 2).map(|kind| ObjectId::new(kind, path));
        ids.into_iter().find(|id| self.old.objects.contains_key(id))
    }

    fn with_below(&self, path: &[String]) -> Vec<ObjectId> {
        let mut found: Vec<ObjectId> = self.relation(path).into_iter().collect();
        let mut waiting: Vec<&[String]> = vec![path];
        while let Some(path) = waiting.pop() {
            let below = self.ties().below.iter().filter(|(above, _)| *above == path);
            for (_, id) in below {
                if !found.contains(id) {
                    found.push((*id).clone());
                    waiting.push(id.path());
                }
            }
        }
        found
    }

    fn referenced(&self, delta: &Delta) -> Vec<ObjectId> {
        let objects = [delta.old_object(), delta.new_object()].into_iter().flatten();
        let own = delta.id.relation().unwrap_or_default();
        let needed = objects.flat_map(|object| &object.depends_on).filter_map(ObjectId::relation);
        needed.filter(|path| *path != own).flat_map(|path| self.with_below(path)).collect()
    }

    /// The tables at the other ends of foreign keys that rest on the object: a column, or a key.
    fn partners(&self, own: &[String], id: &ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        for (key, from, to) in &self.ties().keys {
            let is_meant = key.depends_on.contains(id);
            if is_meant && *from == own {
                found.extend(self.with_below(to));
            } else if is_meant {
                found.extend(self.with_below(from));
            }
        }
        found.retain(|table| table.path() != own);
        found
    }

    /// What the object is a partition of, or inherits from, on either side.
    fn parents(&self, delta: &Delta) -> Vec<ObjectId> {
        let mut found = Vec::new();
        for object in [delta.old_object(), delta.new_object()].into_iter().flatten() {
            match &object.body {
                Body::Partition(partition) => found.extend(self.relation(partition.of.path())),
                Body::Table(table) => {
                    found.extend(table.inherits.iter().filter_map(|parent| self.relation(parent.path())));
                }
                Body::ForeignTable(table) => {
                    let parents = table.inherits.iter().chain(&table.of);
                    found.extend(parents.filter_map(|parent| self.relation(parent.path())));
                }
                _ => {}
            }
        }
        found
    }

    fn default_partition(&self, delta: &Delta) -> Option<ObjectId> {
        let is_default = |id: &&&ObjectId| {
            matches!(self.old.objects.get(**id).map(|part| &part.body),
                Some(Body::Partition(part)) if part.bound == "DEFAULT")
        };
        let parents = self.parents(delta);
        let below = self.ties().below.iter();
        let parts =
            below.filter(|(above, _)| parents.iter().any(|parent| parent.path() == *above)).map(|(_, id)| id);
        parts.filter(|part| **part != &delta.id).find(is_default).map(|part| (*part).clone())
    }

    fn users(&self, delta: &Delta) -> Vec<ObjectId> {
        // A check of a domain is meant as the domain.
        let path = match delta.id.kind() {
            Kind::DomainCheck => delta.id.parent(),
            _ => delta.id.path(),
        };
        let is_of_it = |object: &Object| object.depends_on.iter().any(|id| id.path() == path);
        let columns = self.ties().typed.iter().filter(|(_, object)| is_of_it(object));
        columns.filter_map(|(id, _)| self.relation(id.parent())).collect()
    }

    /// The tables that the object says something of.
    fn named(&self, delta: &Delta) -> Vec<ObjectId> {
        let mut found = Vec::new();
        for object in [delta.old_object(), delta.new_object()].into_iter().flatten() {
            if let Body::Publication(publication) = &object.body {
                found.extend(publication.tables.keys().filter_map(|table| self.relation(table.path())));
            }
            let needed = object.depends_on.iter().filter_map(ObjectId::relation);
            found.extend(needed.filter_map(|path| self.relation(path)));
        }
        found
    }

    fn ties(&self) -> &Ties<'a> {
        self.ties.get_or_init(|| {
            let mut ties = Ties::default();
            for (id, object) in &self.old.objects {
                ties.add(id, object);
            }
            ties
        })
    }
}

impl<'a> Ties<'a> {
    fn add(&mut self, id: &'a ObjectId, object: &'a Object) {
        match &object.body {
            Body::Partition(partition) => self.below.push((partition.of.path(), id)),
            Body::Table(table) => {
                for parent in &table.inherits {
                    self.below.push((parent.path(), id));
                }
            }
            Body::ForeignKey(_) => {
                let own = id.parent();
                let mut others = object.depends_on.iter().filter_map(ObjectId::relation);
                let other = others.find(|path| *path != own).unwrap_or(own);
                self.keys.push((object, own, other));
            }
            Body::Column(_) if !object.depends_on.is_empty() => self.typed.push((id, object)),
            _ => {}
        }
    }
}

/// Keeps the stronger lock and the longer work of each table.
pub(crate) fn add(locks: &mut Vec<Locked>, lock: Locked) {
    match locks.iter_mut().find(|known| known.table == lock.table) {
        Some(known) => {
            known.mode = known.mode.max(lock.mode);
            known.work = known.work.max(lock.work);
        }
        None => locks.push(lock),
    }
}
