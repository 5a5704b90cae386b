//! Tables that follow others: partitions, and tables that inherit.

use std::collections::BTreeSet;

use super::{Work, container, contents};
use crate::plan::ddl::attached_to;
use crate::{Body, Column, Kind, Object, ObjectId, Snapshot, collect, json};

/// What ALTER TABLE changes of a column and of those that follow it.
pub(in crate::plan) const RECURSING: [&str; 5] = ["default", "serial", "statistics", "storage", "nullable"];

/// The tables that a table is a partition of, or inherits from.
pub(crate) fn parents(body: &Body) -> Vec<&ObjectId> {
    match body {
        Body::Partition(it) => vec![&it.of],
        Body::Table(it) => it.inherits.iter().collect(),
        Body::ForeignTable(it) => it.of.iter().chain(&it.inherits).collect(),
        _ => Vec::new(),
    }
}

impl<'a> Work<'a> {
    /// Whether a table that inherits from the column's keeps the column when the parent loses it.
    pub(in crate::plan) fn is_kept_below(&self, id: &ObjectId) -> bool {
        let Some(table) = container(self.old, id) else { return false };
        self.dependents(table).into_iter().any(|child| {
            let column =
                ObjectId::new(Kind::Column, child.path().iter().cloned().chain([id.name().to_owned()]));
            matches!(&self.old.objects[child].body, Body::Table(_)) && self.stays(&column)
        })
    }

    /// Whether foreign keys point at a table: its partitions are let go of before they are dropped.
    pub(in crate::plan) fn is_referred_to(&self, table: &ObjectId) -> bool {
        let mut keys = contents(self.old, table).flat_map(|id| self.dependents(id));
        keys.any(|key| key.kind() == Kind::ForeignKey)
            // A file may name a table that it does not hold.
            || matches!(self.old.objects.get(table).map(|object| &object.body), Some(Body::Partition(it)) if self.is_referred_to(&it.of))
    }

    /// Indexes and constraints of partitioned tables of which partitions have parts, in new.
    pub(in crate::plan) fn parents_of_parts(&self) -> &BTreeSet<&'a ObjectId> {
        let objects = &self.new.objects;
        self.parents_of_parts
            .get_or_init(|| collect::set(objects.values().filter_map(|object| attached_to(&object.body))))
    }

    /// Whether partitions have parts of an index of old that are constraints of theirs.
    pub(in crate::plan) fn has_constraints_as_parts(&self, id: &ObjectId) -> bool {
        self.dropped
            .iter()
            .any(|part| part.kind() != Kind::Index && attached_to(&self.old.objects[*part].body) == Some(id))
    }

    /// Whether a partition is made by itself and attached once it has its indexes.
    pub(in crate::plan) fn is_attached_late(&self, partition: &ObjectId) -> bool {
        let Some(Body::Partition(body)) = self.new.objects.get(partition).map(|object| &object.body) else {
            return false;
        };
        let is_part = |id: &ObjectId| attached_to(&self.new.objects[id].body).is_some();
        self.stays(&body.of) && contents(self.new, partition).any(is_part)
    }

    /// The partitioned tables above the relation of an object of a partition, in either snapshot.
    pub(in crate::plan) fn partitioned_above(&self, id: &ObjectId) -> BTreeSet<&'a ObjectId> {
        let mut above = BTreeSet::new();
        for snapshot in [self.old, self.new] {
            let mut relation = container(snapshot, id);
            while let Some(Body::Partition(partition)) = relation.map(|id| &snapshot.objects[id].body) {
                relation = snapshot.objects.get_key_value(&partition.of).map(|(id, _)| id);
                above.extend(relation);
            }
        }
        above
    }

    pub(in crate::plan) fn is_of_partition(&self, id: &ObjectId) -> bool {
        container(self.new, id)
            .or_else(|| container(self.old, id))
            .is_some_and(|outer| outer.kind() == Kind::Partition)
    }

    /// The trigger of the parent that a partition's trigger comes from, in new.
    pub(in crate::plan) fn parent_trigger(&self, id: &ObjectId) -> Option<ObjectId> {
        let own = |parent: ObjectId| {
            ObjectId::new(Kind::Trigger, parent.path().iter().cloned().chain([id.name().to_owned()]))
        };
        self.parents(id).into_iter().map(own).find(|trigger| self.new.objects.contains_key(trigger))
    }

    pub(in crate::plan) fn has_parent_trigger(&self, id: &ObjectId) -> bool {
        self.parent_trigger(id).is_some()
    }

    /// The tables that the table of a column or trigger follows, in new.
    fn parents(&self, id: &ObjectId) -> Vec<ObjectId> {
        let table = container(self.new, id).map(|table| &self.new.objects[table].body);
        table.map_or_else(Vec::new, |table| parents(table).into_iter().cloned().collect())
    }

    /// The column of the parent that a column follows, in new; of partitions of partitions the first that says more.
    pub(in crate::plan) fn parent_column(&self, id: &ObjectId) -> Option<(ObjectId, Object)> {
        self.parents(id).into_iter().find_map(|parent| {
            let column =
                ObjectId::new(Kind::Column, parent.path().iter().cloned().chain([id.name().to_owned()]));
            match self.new.objects.get(&column) {
                Some(object) => Some((column, object.clone())),
                None => self.parent_column(&column),
            }
        })
    }

    /// The columns that a column follows, of partitioned tables or of what its table inherits from, all the way up.
    pub(in crate::plan) fn columns_followed(
        &self,
        snapshot: &'a Snapshot,
        id: &ObjectId,
    ) -> Vec<&'a ObjectId> {
        let table = container(snapshot, id).map(|table| &snapshot.objects[table].body);
        let mut followed = Vec::new();
        for parent in table.map_or_else(Vec::new, parents) {
            let path = parent.path().iter().cloned().chain([id.name().to_owned()]);
            let column = ObjectId::new(Kind::Column, path);
            followed.extend(self.columns_followed(snapshot, &column));
            followed.extend(snapshot.objects.get_key_value(&column).map(|(id, _)| id));
        }
        followed
    }

    /// A column as it stands once what it follows was changed, which changes it too.
    pub(in crate::plan) fn as_followed(&self, id: &ObjectId, column: &Column) -> Column {
        let mut column = column.clone();
        let above = [self.columns_followed(self.old, id), self.columns_followed(self.new, id)].concat();
        for name in RECURSING {
            let is_touched = |above: &&ObjectId| {
                self.dropped.contains(*above)
                    || self.created.contains(*above)
                    || self.altered.get(*above).is_some_and(|names| names.contains(name))
            };
            let Some(nearest) = above.iter().copied().rfind(is_touched) else { continue };
            let object = self.new.objects.get(nearest).cloned();
            let object = object.or_else(|| self.parent_column(nearest).map(|(_, object)| object));
            let Some(Body::Column(above)) = object.map(|object| object.body) else { continue };
            match name {
                "default" => column.default = above.default,
                "serial" => column.serial = above.serial,
                "statistics" => column.statistics = above.statistics,
                "storage" => column.storage = above.storage,
                _ => column.nullable = above.nullable,
            }
        }
        column
    }

    /// The column of the parent as a column that follows it has it before anything is done about it.
    pub(in crate::plan) fn handed_down(&self, id: &ObjectId) -> Option<(ObjectId, Object)> {
        let (parent, mut object) = self.parent_column(id)?;
        let is_there = container(self.new, id).is_some_and(|table| self.stays(table));
        let before = self.old.objects.get(&parent).filter(|_| self.stays(&parent)).map(|old| &old.body);
        if let Body::Column(column) = &mut object.body {
            match before {
                // These are never handed down.
                // A column of another type is stored as that type is.
                Some(Body::Column(old)) if is_there && old.data_type != column.data_type => {
                    (column.compression, column.options) = (None, old.options.clone());
                }
                Some(Body::Column(old)) if is_there => {
                    (column.compression, column.options) = (old.compression.clone(), old.options.clone());
                }
                _ if is_there => (column.compression, column.options) = Default::default(),
                // Nor are these copied.
                _ => (column.statistics, column.options) = Default::default(),
            }
        }
        Some((parent, object))
    }

    /// The columns that follow a column, and stand in both snapshots.
    pub(in crate::plan) fn columns_below(&self, id: &ObjectId) -> Vec<&'a ObjectId> {
        let relation =
            |kind| self.old.objects.get_key_value(&ObjectId::new(kind, id.parent().iter().cloned()));
        let table = [Kind::Table, Kind::Partition, Kind::ForeignTable].into_iter().find_map(relation);
        let Some((table, _)) = table else { return Vec::new() };
        let mut below = Vec::new();
        for child in self.dependents(table) {
            if matches!(child.kind(), Kind::Table | Kind::Partition | Kind::ForeignTable) {
                let path = child.path().iter().cloned().chain([id.name().to_owned()]);
                let column = ObjectId::new(Kind::Column, path);
                below.extend(self.columns_below(&column));
                let stands = self.old.objects.get_key_value(&column).map(|(id, _)| id);
                below.extend(stands.filter(|id| self.new.objects.contains_key(*id)));
            }
        }
        below
    }

    /// What may need a column of partitions that only their parent lists.
    pub(in crate::plan) fn dependents_below(&self, id: &ObjectId) -> Vec<&'a ObjectId> {
        let table = container(self.old, id).filter(|_| id.kind() == Kind::Column);
        let partitions = table.map_or_else(Vec::new, |table| self.partitions_below(table));
        let mut found = Vec::new();
        for partition in partitions {
            let mentions = |one: &&ObjectId| {
                let object = &self.old.objects[*one];
                let is_own = attached_to(&object.body).is_none() && one.kind() != Kind::Column;
                let text = json::write(&object.body);
                is_own && one.kind() != Kind::Trigger && String::from_utf8_lossy(&text).contains(id.name())
            };
            found.extend(contents(self.old, partition).filter(mentions));
            let is_query = |one: &&ObjectId| {
                matches!(one.kind(), Kind::View | Kind::MaterializedView | Kind::Rule | Kind::Policy)
            };
            found.extend(self.dependents(partition).into_iter().filter(is_query));
        }
        found
    }

    /// Whether tables that stay inherit from the table of a column.
    pub(in crate::plan) fn has_heirs(&self, id: &ObjectId) -> bool {
        let heirs = container(self.old, id).map_or_else(Vec::new, |table| self.dependents(table));
        heirs.into_iter().any(|heir| heir.kind() == Kind::Table && self.stays(heir))
    }

    /// The partitions below a column's table that stay and have the column as it is there.
    pub(in crate::plan) fn partitions_that_follow(&self, id: &ObjectId) -> Vec<&'a ObjectId> {
        let mut found = Vec::new();
        let mut tables: Vec<&ObjectId> = container(self.old, id).into_iter().collect();
        while let Some(table) = tables.pop() {
            for partition in self.dependents(table) {
                let path = partition.path().iter().cloned().chain([id.name().to_owned()]);
                let column = ObjectId::new(Kind::Column, path);
                let is_listed = [self.old, self.new].iter().any(|one| one.objects.contains_key(&column));
                if partition.kind() == Kind::Partition && self.stays(partition) && !is_listed {
                    found.push(partition);
                    tables.push(partition);
                }
            }
        }
        collect::sorted_by_key(found, |id| *id)
    }

    /// Whether a partition's column, about to follow its parent's again, has a default that would not survive
    /// the parent's change of type.
    pub(in crate::plan) fn loses_default_first(&self, id: &ObjectId) -> bool {
        let has_default = match self.old.objects.get(id).map(|object| &object.body) {
            Some(Body::Column(column)) => column.default.is_some() || column.serial,
            _ => false,
        };
        let is_retyped = |above: &ObjectId| {
            self.altered.get(above).is_some_and(|names| names.contains("type") || names.contains("collation"))
        };
        has_default
            && self.dropped.contains(id)
            && self.is_of_partition(id)
            && self.is_within_staying(id)
            && self.columns_followed(self.old, id).into_iter().any(is_retyped)
    }

    fn partitions_below(&self, table: &ObjectId) -> Vec<&'a ObjectId> {
        let own = self.dependents(table).into_iter().filter(|one| one.kind() == Kind::Partition);
        own.flat_map(|one| std::iter::once(one).chain(self.partitions_below(one))).collect()
    }

    /// Whether partitions or tables that inherit may stand below the table of a column.
    pub(in crate::plan) fn has_partitions(&self, id: &ObjectId) -> bool {
        let table = container(self.new, id).map(|table| &self.new.objects[table].body);
        matches!(table, Some(Body::Partition(it)) if it.partition_by.is_some())
    }

    /// Whether an attribute of a column comes to be as it should by the same change of the parent's.
    pub(in crate::plan) fn follows_parent(&self, id: &ObjectId, name: &str) -> bool {
        let Some((parent, object)) = self.parent_column(id) else { return false };
        let value = |object: &Object| json::value(&object.body).get("column")?.get(name).cloned();
        let changes = self.altered.get(&parent).is_some_and(|names| names.contains(name));
        changes && self.new.objects.get(id).is_some_and(|own| value(own) == value(&object))
    }
}
