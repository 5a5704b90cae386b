//! Tables that follow others: partitions, and tables that inherit.

use std::collections::BTreeSet;

use super::{Work, container, contents};
use crate::plan::ddl::attached_to;
use crate::{Body, Kind, Object, ObjectId, Snapshot};

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

    /// Whether foreign keys that stay point at a table: its partitions are let go of before they are dropped.
    pub(in crate::plan) fn is_referred_to(&self, table: &ObjectId) -> bool {
        let keys = contents(self.old, table).flat_map(|id| self.dependents(id));
        keys.into_iter().any(|key| {
            key.kind() == Kind::ForeignKey && self.stays(key) && container(self.old, key) != Some(table)
        })
    }

    /// Indexes and constraints of partitioned tables of which partitions have parts, in new.
    pub(in crate::plan) fn parents_of_parts(&self) -> &BTreeSet<&'a ObjectId> {
        let objects = &self.new.objects;
        self.parents_of_parts
            .get_or_init(|| objects.values().filter_map(|object| attached_to(&object.body)).collect())
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
        match container(self.new, id).map(|table| &self.new.objects[table].body) {
            Some(Body::Partition(it)) => vec![it.of.clone()],
            Some(Body::Table(it)) => it.inherits.clone(),
            Some(Body::ForeignTable(it)) => it.of.iter().chain(&it.inherits).cloned().collect(),
            _ => Vec::new(),
        }
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
        let parents = match table {
            Some(Body::Partition(it)) => vec![&it.of],
            Some(Body::Table(it)) => it.inherits.iter().collect(),
            Some(Body::ForeignTable(it)) => it.of.iter().chain(&it.inherits).collect(),
            _ => Vec::new(),
        };
        let mut followed = Vec::new();
        for parent in parents {
            let path = parent.path().iter().cloned().chain([id.name().to_owned()]);
            let column = ObjectId::new(Kind::Column, path);
            followed.extend(self.columns_followed(snapshot, &column));
            followed.extend(snapshot.objects.get_key_value(&column).map(|(id, _)| id));
        }
        followed
    }

    /// Whether an attribute of a column comes to be as it should by the same change of the parent's.
    pub(in crate::plan) fn follows_parent(&self, id: &ObjectId, name: &str) -> bool {
        let Some((parent, object)) = self.parent_column(id) else { return false };
        let value =
            |object: &Object| serde_json::to_value(&object.body).ok()?.get("column")?.get(name).cloned();
        let changes = self.altered.get(&parent).is_some_and(|names| names.contains(name));
        changes && self.new.objects.get(id).is_some_and(|own| value(own) == value(&object))
    }
}
