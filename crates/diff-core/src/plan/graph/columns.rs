//! Columns that an object waits for, or that wait for it, though it does not name them.

use std::collections::BTreeSet;

use super::Graph;
use crate::plan::work::{container, contents};
use crate::{Kind, Object, ObjectId, Snapshot, collect};

impl<'a> Graph<'_, 'a> {
    /// Altered columns of the tables that a foreign key needs.
    pub(super) fn columns_referred_to(
        &self,
        snapshot: &'a Snapshot,
        id: &ObjectId,
        object: &Object,
    ) -> Vec<&'a ObjectId> {
        if id.kind() != Kind::ForeignKey {
            return Vec::new();
        }
        let tables = collect::set(object.depends_on.iter().filter_map(|needed| container(snapshot, needed)));
        let inside = tables.into_iter().filter(|table| table.kind().is_relation());
        let columns = inside.flat_map(|table| contents(snapshot, table));
        columns.filter(|id| id.kind() == Kind::Column && self.work.altered.contains_key(*id)).collect()
    }

    /// Columns that are touched of the partitioned tables above a partition's object.
    pub(super) fn columns_above(&self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + use<'a> {
        let work = self.work;
        let lies_within = id.path().len() == 3 && id.kind() != Kind::Column && work.is_of_partition(id);
        let tables = if lies_within { work.partitioned_above(id) } else { BTreeSet::new() };
        let columns = |table: &ObjectId| {
            let (old, new) = (contents(work.old, table), contents(work.new, table));
            let is_touched = |id: &&ObjectId| {
                id.kind() == Kind::Column
                    && (work.dropped.contains(*id)
                        || work.created.contains(*id)
                        || work.altered.contains_key(*id))
            };
            collect::set(old.chain(new).filter(is_touched))
        };
        tables.into_iter().flat_map(columns).collect::<Vec<_>>().into_iter()
    }
}
