//! What is dropped or made together with another object, and where that would go in circles.

use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;

use super::{Work, container, contents, needs};
use crate::plan::ddl::attached_to;
use crate::{Body, Constraint, Kind, Object, ObjectId, collect};

impl<'a> Work<'a> {
    /// What `id` is dropped with: its table, the index that it is a part of, the column that owns it.
    pub(in crate::plan) fn drop_owner(&self, id: &ObjectId) -> &'a ObjectId {
        let (id, object) = self.old.objects.get_key_value(id).expect("only what is in old is dropped");
        let owner = match &object.body {
            Body::ForeignKey(_) if self.circular_keys().contains(id) => None,
            Body::Sequence(sequence) => sequence.owned_by.as_ref(),
            Body::Partition(partition) => Some(&partition.of),
            // A base type and its functions need each other.
            Body::Function(_) => object
                .depends_on
                .iter()
                .find(|needed| self.dropped.contains(needed) && needs(self.old, needed, id)),
            body => attached_to(body).filter(|parent| self.dropped.contains(parent)),
        };
        let outer = container(self.old, id).filter(|outer| outer.kind() != Kind::Schema);
        let is_circular = id.kind() == Kind::ForeignKey && self.circular_keys().contains(id);
        let owner = outer.filter(|outer| self.dropped.contains(outer) && !is_circular).or(owner);
        match owner {
            Some(owner) if self.dropped.contains(owner) => self.drop_owner(owner),
            _ => id,
        }
    }

    /// What `id` is made with: columns and plain constraints stand in their table's statement.
    pub(in crate::plan) fn create_owner(&self, id: &ObjectId) -> &'a ObjectId {
        let (id, object) = self.new.objects.get_key_value(id).expect("only what is in new is made");
        let is_made = |outer: &&ObjectId| {
            self.created.contains(*outer) || outer.kind() == Kind::Domain && self.is_swapped(outer)
        };
        let Some(outer) = container(self.new, id).filter(is_made) else {
            return id;
        };
        let is_within = match (&object.body, &self.new.objects[outer].body) {
            (Body::Column(_), Body::Table(_) | Body::ForeignTable(_)) => true,
            (Body::Check(it), Body::Table(_) | Body::ForeignTable(_)) => is_plain(outer, object, it),
            (Body::PrimaryKey(it) | Body::Unique(it), Body::Table(table)) => {
                table.partition_by.is_none() && is_plain(outer, object, it) && !self.has_twin(outer, id, it)
            }
            (Body::DomainCheck(it), Body::Domain(_)) => is_plain(outer, object, it),
            _ => false,
        };
        if is_within { outer } else { id }
    }

    /// Whether another key of a new table has the same columns: of two in one statement PostgreSQL makes one.
    fn has_twin(&self, table: &ObjectId, id: &ObjectId, constraint: &Constraint) -> bool {
        let columns = |it: &Constraint| it.definition.split_once('(').map(|(_, list)| list.to_owned());
        contents(self.new, table).any(|other| match &self.new.objects[other].body {
            Body::PrimaryKey(it) | Body::Unique(it) => other != id && columns(it) == columns(constraint),
            _ => false,
        })
    }

    /// Foreign keys between dropped tables that point at each other: they go before the tables.
    fn circular_keys(&self) -> &BTreeSet<&'a ObjectId> {
        self.circular_keys.get_or_init(|| {
            // Of a partition the table that it is dropped with.
            let table = |id: &ObjectId| {
                let table = container(self.old, id).filter(|table| self.dropped.contains(table))?;
                Some(self.drop_owner(table))
            };
            let mut needs: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> = BTreeMap::new();
            let keys = || self.dropped.iter().copied().filter(|id| id.kind() == Kind::ForeignKey);
            let others = |key: &ObjectId| {
                let own = table(key);
                let needed = self.old.objects[key].depends_on.iter().filter_map(table);
                needed.filter(move |other| Some(*other) != own).collect_vec()
            };
            for key in keys() {
                needs.entry(table(key).unwrap_or(key)).or_default().extend(others(key));
            }
            let circular = in_circles(&needs);
            let is_circular = |key: &&ObjectId| {
                table(key).is_some_and(|own| circular.contains(own))
                    && others(key).iter().any(|other| circular.contains(other))
            };
            collect::set(keys().filter(is_circular))
        })
    }

    /// Columns of new tables whose defaults need something that needs the table: set afterwards.
    pub(in crate::plan) fn late_defaults(&self) -> &BTreeSet<&'a ObjectId> {
        self.late_defaults.get_or_init(|| {
            let mut needs: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> = BTreeMap::new();
            let created = |id: &ObjectId| self.created.contains(id).then(|| self.create_owner(id));
            for id in &self.created {
                let owner = self.create_owner(id);
                let needed = self.new.objects[*id].depends_on.iter().filter_map(created);
                needs.entry(owner).or_default().extend(needed.filter(|other| *other != owner));
            }
            let circular = in_circles(&needs);
            let is_late = |id: &&ObjectId| {
                let object = &self.new.objects[*id];
                matches!(&object.body, Body::Column(column) if column.default.is_some())
                    && self.create_owner(id) != *id
                    && circular.contains(self.create_owner(id))
                    && object.depends_on.iter().filter_map(created).any(|other| circular.contains(other))
            };
            collect::set(self.created.iter().copied().filter(is_late))
        })
    }
}

/// Whether a constraint can stand in its table's statement: it needs nothing else, and holds for every row.
fn is_plain(outer: &ObjectId, object: &Object, constraint: &Constraint) -> bool {
    let Constraint { definition, options, tablespace, attached_to, disabled, .. } = constraint;
    object.depends_on.iter().all(|needed| needed.path().starts_with(outer.path()))
        && !definition.ends_with(" NOT VALID")
        && options.is_empty()
        && tablespace.is_none()
        && attached_to.is_none()
        && !disabled
}

/// What remains once everything that needs nothing more is taken away, again and again: circles, and what
/// needs them.
fn in_circles<'s>(needs: &BTreeMap<&'s ObjectId, BTreeSet<&'s ObjectId>>) -> BTreeSet<&'s ObjectId> {
    let mut waits = collect::map(needs.iter().map(|(id, needed)| (*id, needed.len())));
    let mut needed_by: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, needed) in needs {
        for other in needed {
            waits.entry(other).or_default();
            needed_by.entry(other).or_default().push(id);
        }
    }
    let mut free: Vec<&ObjectId> =
        waits.iter().filter(|(_, waits)| **waits == 0).map(|(id, _)| *id).collect();
    while let Some(id) = free.pop() {
        for other in needed_by.get(id).into_iter().flatten() {
            if let Some(count) = waits.get_mut(other) {
                *count -= 1;
                if *count == 0 {
                    free.push(other);
                }
            }
        }
    }
    collect::set(waits.into_iter().filter(|(_, waits)| *waits > 0).map(|(id, _)| id))
}
