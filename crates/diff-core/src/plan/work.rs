//! What happens to each object: created, dropped, replaced, altered in place; and what is in the way.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;

use super::ddl::{self, attached_to};
use super::rename::Rename;
use crate::{Body, Change, Constraint, Diff, Kind, Object, ObjectId, Snapshot};

/// What is to be done, by object.
pub(super) struct Work<'a> {
    /// What stands, under the names of new.
    pub(super) old: &'a Snapshot,
    /// What should stand.
    pub(super) new: &'a Snapshot,
    pub(super) renames: Vec<Rename>,
    /// To be dropped, or dropped and made again.
    pub(super) dropped: BTreeSet<&'a ObjectId>,
    /// To be made, or made again.
    pub(super) created: BTreeSet<&'a ObjectId>,
    /// To be altered in place, with the names of the attributes.
    pub(super) altered: BTreeMap<&'a ObjectId, BTreeSet<String>>,
    /// Who runs the plan.
    pub(super) role: Option<String>,
    dependents: OnceCell<BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>>,
    circular_keys: OnceCell<BTreeSet<&'a ObjectId>>,
    late_defaults: OnceCell<BTreeSet<&'a ObjectId>>,
    parents_of_parts: OnceCell<BTreeSet<&'a ObjectId>>,
    parts: OnceCell<BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        old: &'a Snapshot,
        new: &'a Snapshot,
        found: &Diff,
        renames: Vec<Rename>,
        role: Option<String>,
    ) -> Self {
        let role = role.or_else(|| commonest_owner(new)).or_else(|| commonest_owner(old));
        let mut work = Self {
            old,
            new,
            renames,
            dropped: BTreeSet::new(),
            created: BTreeSet::new(),
            altered: BTreeMap::new(),
            role,
            dependents: OnceCell::new(),
            circular_keys: OnceCell::new(),
            late_defaults: OnceCell::new(),
            parents_of_parts: OnceCell::new(),
            parts: OnceCell::new(),
        };
        for delta in &found.deltas {
            let (was, is) = (old.objects.get_key_value(&delta.id), new.objects.get_key_value(&delta.id));
            match (&delta.change, was, is) {
                (Change::Removed(_), Some((id, _)), _) => work.drop(id),
                (Change::Added(_), _, Some((id, _))) => work.create(id),
                (_, Some((id, _)), Some(_)) => {
                    let names = delta.attributes().iter().map(|change| change.name.clone()).collect();
                    work.alter(id, names);
                }
                _ => {}
            }
        }
        work
    }

    /// The object as it should be. What new's source cannot say stays as it is in old, or as it comes to be.
    pub(super) fn wanted(&self, id: &ObjectId) -> Option<Object> {
        let mut object = self.new.objects.get(id)?.clone();
        let old = self.old.objects.get(id);
        if !self.speaks_of("owner") {
            object.owner = old.and_then(|old| old.owner.clone());
        }
        if !self.speaks_of("grants") {
            object.grants = old.map(|old| old.grants.clone()).unwrap_or_default();
        }
        if !self.speaks_of("comment") {
            object.comment = old.and_then(|old| old.comment.clone());
        }
        Some(object)
    }

    /// Whether new's source says anything about an attribute that all kinds have.
    pub(super) fn speaks_of(&self, attribute: &str) -> bool {
        !self.new.coverage.unknown_attributes.contains(attribute)
    }

    /// Whether the object is there before and after, and is not made anew in between.
    pub(super) fn stays(&self, id: &ObjectId) -> bool {
        self.old.objects.contains_key(id) && self.new.objects.contains_key(id) && !self.dropped.contains(id)
    }

    fn drop(&mut self, id: &'a ObjectId) {
        if !self.dropped.insert(id) {
            return;
        }
        if let Some(names) = self.altered.remove(id)
            && !names.is_empty()
        {
            self.create_if_wanted(id);
        }
        if id.kind() != Kind::Schema {
            for inside in contents(self.old, id) {
                self.drop(inside);
                self.create_if_wanted(inside);
            }
        }
        for dependent in self.dependents(id) {
            self.get_out_of_the_way(dependent, id);
        }
        self.drop_whole_index(id);
    }

    /// The parts of an index go with it, and none of them goes without it while its table stays.
    fn drop_whole_index(&mut self, id: &'a ObjectId) {
        for part in self.parts().get(id).cloned().unwrap_or_default() {
            self.replace(part);
        }
        let parent =
            attached_to(&self.old.objects[id].body).and_then(|parent| self.old.objects.get_key_value(parent));
        let table_stays = container(self.old, id).is_some_and(|table| self.stays(table));
        if let Some((parent, _)) = parent.filter(|_| table_stays) {
            self.replace(parent);
        }
    }

    /// The parts that partitions have of indexes, in old.
    fn parts(&self) -> &BTreeMap<&'a ObjectId, Vec<&'a ObjectId>> {
        self.parts.get_or_init(|| {
            let mut parts: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
            for (id, object) in &self.old.objects {
                if let Some(parent) = attached_to(&object.body) {
                    parts.entry(parent).or_default().push(id);
                }
            }
            parts
        })
    }

    fn create(&mut self, id: &'a ObjectId) {
        if !self.created.insert(id) || id.kind() == Kind::Schema {
            return;
        }
        for inside in contents(self.new, id) {
            self.create(inside);
        }
    }

    fn create_if_wanted(&mut self, id: &ObjectId) {
        if let Some((id, _)) = self.new.objects.get_key_value(id) {
            self.create(id);
        }
    }

    fn replace(&mut self, id: &'a ObjectId) {
        self.drop(id);
        self.create_if_wanted(id);
    }

    fn alter(&mut self, id: &'a ObjectId, names: BTreeSet<String>) {
        if self.dropped.contains(id) {
            return;
        }
        if !self.is_in_place(id, &names) {
            return self.replace(id);
        }
        let known = self.altered.entry(id).or_default();
        let before = known.len();
        known.extend(names);
        if known.len() == before {
            return;
        }
        if self.is_disturbing(id) {
            for dependent in self.dependents(id) {
                if self.cannot_stand(dependent, id) {
                    self.get_out_of_the_way(dependent, id);
                }
            }
        }
    }

    fn is_in_place(&self, id: &ObjectId, names: &BTreeSet<String>) -> bool {
        match (self.old.objects.get(id), self.new.objects.get(id)) {
            (Some(old), Some(new)) => ddl::is_in_place(&old.body, &new.body, names),
            _ => true,
        }
    }

    /// Whether the type is made anew under its name, and columns are moved to it.
    pub(super) fn is_swapped(&self, id: &ObjectId) -> bool {
        let both = (self.old.objects.get(id), self.new.objects.get(id));
        self.altered.get(id).is_some_and(|names| match both {
            (Some(old), Some(new)) => ddl::is_swap(&old.body, &new.body, names),
            _ => false,
        })
    }

    /// Whether an alteration in place is one that PostgreSQL refuses while certain others look on.
    fn is_disturbing(&self, id: &ObjectId) -> bool {
        let changes = |name: &str| self.altered.get(id).is_some_and(|names| names.contains(name));
        match id.kind() {
            Kind::Column => changes("type") || changes("collation"),
            Kind::Composite => true,
            _ => self.is_swapped(id),
        }
    }

    /// Whether `dependent` must be gone while `id` is altered.
    fn cannot_stand(&self, dependent: &ObjectId, id: &ObjectId) -> bool {
        let body = self.old.objects.get(dependent).map(|object| &object.body);
        match body {
            _ if self.is_swapped(id) => true,
            Some(Body::View(_) | Body::MaterializedView(_) | Body::Rule(_)) => true,
            _ if id.kind() == Kind::Composite => false,
            Some(Body::Policy(_) | Body::Trigger(_) | Body::Publication(_)) => true,
            Some(Body::Function(it) | Body::Procedure(it)) => it.sql_body,
            Some(Body::Column(it)) => it.generated.is_some(),
            // A key cannot stand between columns of which one is of another kind of type for a while.
            Some(Body::ForeignKey(_)) => self.changes_family(id),
            _ => false,
        }
    }

    fn changes_family(&self, id: &ObjectId) -> bool {
        let body = |snapshot: &'a Snapshot| snapshot.objects.get(id).map(|object| &object.body);
        match (body(self.old), body(self.new)) {
            (Some(Body::Column(old)), Some(Body::Column(new))) => {
                ddl::changes_family(&old.data_type, &new.data_type)
            }
            _ => false,
        }
    }

    /// `needed` goes, or changes so that nothing may depend on it meanwhile: what depends on it lets go.
    fn get_out_of_the_way(&mut self, dependent: &'a ObjectId, needed: &ObjectId) {
        if self.dropped.contains(dependent) {
            return;
        }
        let Some(object) = self.old.objects.get(dependent) else { return };
        let changed = match &object.body {
            Body::Column(column) if column.generated.is_some() => None,
            // A type that goes for good is gone from the column by the column's own difference.
            Body::Column(_) if is_type(needed.kind()) && !self.new.objects.contains_key(needed) => return,
            Body::Column(_) if is_type(needed.kind()) => Some("type"),
            Body::Column(_) => Some("default"),
            Body::Sequence(_) => Some("owned_by"),
            Body::Publication(_) => Some("tables"),
            Body::Domain(_) if !is_type(needed.kind()) => Some("default"),
            Body::Domain(_) | Body::Composite(_) => Some("type"),
            Body::Schema(_) | Body::Extension(_) => return,
            // It holds rows. What its columns need beside the parent's own is let go of by the parent's.
            Body::Partition(partition) if partition.of != *needed => return,
            // A table holds rows; what it inherits from lets go of it instead.
            Body::Table(_) if needed.kind() == Kind::Table => Some("inherits"),
            Body::Table(_) => Some("of_type"),
            _ => None,
        };
        match changed {
            Some(name) => self.alter(dependent, [name.to_owned()].into()),
            None => self.replace(dependent),
        }
    }

    /// What could not be without `id` in old, beside what `id` contains.
    fn dependents(&self, id: &ObjectId) -> Vec<&'a ObjectId> {
        let all = self.dependents.get_or_init(|| {
            let mut all: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
            for (dependent, object) in &self.old.objects {
                for needed in &object.depends_on {
                    all.entry(needed).or_default().push(dependent);
                }
            }
            all
        });
        all.get(id).cloned().unwrap_or_default()
    }

    /// What `id` is dropped with: its table, the index that it is a part of, the column that owns it.
    pub(super) fn drop_owner(&self, id: &ObjectId) -> &'a ObjectId {
        let (id, object) = self.old.objects.get_key_value(id).expect("only what is in old is dropped");
        let owner = match &object.body {
            Body::ForeignKey(_) if self.circular_keys().contains(id) => None,
            Body::Sequence(sequence) => sequence.owned_by.as_ref(),
            Body::Partition(partition) => Some(&partition.of),
            // A base type and its functions need each other.
            Body::Function(_) => object.depends_on.iter().find(|needed| {
                let needs = |needed: &ObjectId| {
                    self.old.objects.get(needed).is_some_and(|one| one.depends_on.contains(id))
                };
                needed.kind() == Kind::BaseType && self.dropped.contains(needed) && needs(needed)
            }),
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
    pub(super) fn create_owner(&self, id: &ObjectId) -> &'a ObjectId {
        let (id, object) = self.new.objects.get_key_value(id).expect("only what is in new is made");
        let Some(outer) = container(self.new, id).filter(|outer| self.created.contains(outer)) else {
            return id;
        };
        let is_within = match (&object.body, &self.new.objects[outer].body) {
            (Body::Column(_), Body::Table(_) | Body::ForeignTable(_)) => true,
            (Body::Check(it), Body::Table(_) | Body::ForeignTable(_)) => is_plain(outer, object, it),
            (Body::PrimaryKey(it) | Body::Unique(it), Body::Table(table)) => {
                table.partition_by.is_none() && is_plain(outer, object, it)
            }
            (Body::DomainCheck(it), Body::Domain(_)) => is_plain(outer, object, it),
            _ => false,
        };
        if is_within { outer } else { id }
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
            keys().filter(is_circular).collect()
        })
    }

    /// Columns of new tables whose defaults need something that needs the table: set afterwards.
    pub(super) fn late_defaults(&self) -> &BTreeSet<&'a ObjectId> {
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
            self.created.iter().copied().filter(is_late).collect()
        })
    }

    /// Whether a table that inherits from the column's keeps the column when the parent loses it.
    pub(super) fn is_kept_below(&self, id: &ObjectId) -> bool {
        let Some(table) = container(self.old, id) else { return false };
        self.dependents(table).into_iter().any(|child| {
            let column =
                ObjectId::new(Kind::Column, child.path().iter().cloned().chain([id.name().to_owned()]));
            matches!(&self.old.objects[child].body, Body::Table(_)) && self.stays(&column)
        })
    }

    /// Whether foreign keys that stay point at a table: its partitions are let go of before they are dropped.
    pub(super) fn is_referred_to(&self, table: &ObjectId) -> bool {
        let keys = contents(self.old, table).flat_map(|id| self.dependents(id));
        keys.into_iter().any(|key| {
            key.kind() == Kind::ForeignKey && self.stays(key) && container(self.old, key) != Some(table)
        })
    }

    /// Indexes and constraints of partitioned tables of which partitions have parts, in new.
    pub(super) fn parents_of_parts(&self) -> &BTreeSet<&'a ObjectId> {
        let objects = &self.new.objects;
        self.parents_of_parts
            .get_or_init(|| objects.values().filter_map(|object| attached_to(&object.body)).collect())
    }

    /// Whether partitions have parts of an index of old that are constraints of theirs.
    pub(super) fn has_constraints_as_parts(&self, id: &ObjectId) -> bool {
        self.dropped
            .iter()
            .any(|part| part.kind() != Kind::Index && attached_to(&self.old.objects[*part].body) == Some(id))
    }

    /// Whether a partition is made by itself and attached once it has its indexes.
    pub(super) fn is_attached_late(&self, partition: &ObjectId) -> bool {
        let Some(Body::Partition(body)) = self.new.objects.get(partition).map(|object| &object.body) else {
            return false;
        };
        let is_part = |id: &ObjectId| attached_to(&self.new.objects[id].body).is_some();
        self.stays(&body.of) && contents(self.new, partition).any(is_part)
    }

    /// The partitioned tables above the relation of an object of a partition, in either snapshot.
    pub(super) fn partitioned_above(&self, id: &ObjectId) -> BTreeSet<&'a ObjectId> {
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

    pub(super) fn is_of_partition(&self, id: &ObjectId) -> bool {
        container(self.new, id)
            .or_else(|| container(self.old, id))
            .is_some_and(|outer| outer.kind() == Kind::Partition)
    }

    /// The trigger of the parent that a partition's trigger comes from, in new.
    pub(super) fn parent_trigger(&self, id: &ObjectId) -> Option<ObjectId> {
        let own = |parent: ObjectId| {
            ObjectId::new(Kind::Trigger, parent.path().iter().cloned().chain([id.name().to_owned()]))
        };
        self.parents(id).into_iter().map(own).find(|trigger| self.new.objects.contains_key(trigger))
    }

    pub(super) fn has_parent_trigger(&self, id: &ObjectId) -> bool {
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
    pub(super) fn parent_column(&self, id: &ObjectId) -> Option<(ObjectId, Object)> {
        self.parents(id).into_iter().find_map(|parent| {
            let column =
                ObjectId::new(Kind::Column, parent.path().iter().cloned().chain([id.name().to_owned()]));
            match self.new.objects.get(&column) {
                Some(object) => Some((column, object.clone())),
                None => self.parent_column(&column),
            }
        })
    }

    /// Whether an attribute of a column comes to be as it should by the same change of the parent's.
    pub(super) fn follows_parent(&self, id: &ObjectId, name: &str) -> bool {
        let Some((parent, object)) = self.parent_column(id) else { return false };
        let value =
            |object: &Object| serde_json::to_value(&object.body).ok()?.get("column")?.get(name).cloned();
        let changes = self.altered.get(&parent).is_some_and(|names| names.contains(name));
        changes && self.new.objects.get(id).is_some_and(|own| value(own) == value(&object))
    }

    /// What the reader must know.
    pub(super) fn notes(&self, found: &Diff, ordered: &super::graph::Ordered) -> Vec<String> {
        let mut notes = Vec::new();
        let secrets = self.created.iter().copied().chain(self.altered.keys().copied());
        let secrets = secrets
            .filter(|id| ddl::has_secret(&self.new.objects[*id].body))
            .map(ToString::to_string)
            .join(", ");
        if !secrets.is_empty() {
            notes.push(format!("Secrets are in no snapshot; set them by hand afterwards: {secrets}."));
        }
        let is_owned = |id: &&ObjectId| self.new.objects[*id].owner.is_some();
        let makes_owned = self.speaks_of("owner") && self.created.iter().any(is_owned);
        if let Some(role) = self.role.as_ref().filter(|_| makes_owned) {
            notes.push(format!("To be run as {role}, who owns what is created unless it says otherwise."));
        }
        if found
            .deltas
            .iter()
            .any(|delta| matches!(delta.change, Change::Added(_)) && self.is_late_column(&delta.id))
        {
            notes.push(
                "PostgreSQL adds columns at the end: their order is not new's, which changes nothing but `SELECT *`."
                    .to_owned(),
            );
        }
        let lost = |kind: Kind| {
            let is_gone = |id: &&&ObjectId| id.kind() == kind && !self.is_within_dropped(id);
            self.dropped.iter().filter(is_gone).map(|id| id.dotted()).join(", ")
        };
        for (kind, word) in
            [(Kind::Table, "tables"), (Kind::Partition, "partitions"), (Kind::Column, "columns")]
        {
            let names = lost(kind);
            if !names.is_empty() {
                notes.push(format!("The rows or values of these {word} are lost: {names}."));
            }
        }
        let names = self
            .created
            .iter()
            .filter(|id| id.kind() == Kind::MaterializedView && self.old.objects.contains_key(id));
        let names = names.map(|id| id.dotted()).join(", ");
        if !names.is_empty() {
            notes.push(format!("These materialized views are filled anew: {names}."));
        }
        notes.extend(ordered.notes.iter().cloned());
        notes
    }

    fn is_late_column(&self, id: &ObjectId) -> bool {
        id.kind() == Kind::Column && container(self.new, id).is_some_and(|table| self.stays(table))
    }

    pub(super) fn is_within_staying(&self, id: &ObjectId) -> bool {
        container(self.old, id).is_some_and(|outer| self.stays(outer))
    }

    fn is_within_dropped(&self, id: &ObjectId) -> bool {
        container(self.old, id).is_some_and(|outer| self.dropped.contains(outer))
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
    let mut waits: BTreeMap<&ObjectId, usize> =
        needs.iter().map(|(id, needed)| (*id, needed.len())).collect();
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
        waits.remove(id);
        for other in needed_by.get(id).into_iter().flatten() {
            if let Some(count) = waits.get_mut(other) {
                *count -= 1;
                if *count == 0 {
                    free.push(other);
                }
            }
        }
    }
    waits.into_keys().collect()
}

/// Whether `id` is a type that is made of functions which take or give it: it is made as a shell first.
pub(super) fn is_shelled(snapshot: &Snapshot, id: &ObjectId) -> bool {
    let is_type = matches!(id.kind(), Kind::BaseType | Kind::Range);
    let functions = || snapshot.objects.get(id).into_iter().flat_map(|object| &object.depends_on);
    is_type && functions().any(|function| needs(snapshot, function, id))
}

fn needs(snapshot: &Snapshot, id: &ObjectId, needed: &ObjectId) -> bool {
    snapshot.objects.get(id).is_some_and(|object| object.depends_on.contains(needed))
}

/// Whether columns are of such a thing, or collated by it.
pub(super) fn is_type(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Enum | Domain
            | Composite
            | Range
            | BaseType
            | Collation
            | Extension
            | Table
            | View
            | MaterializedView
    )
}

/// What the object lies in: its relation, domain or schema.
pub(super) fn container<'s>(snapshot: &'s Snapshot, id: &ObjectId) -> Option<&'s ObjectId> {
    if id.kind().is_outside_schemas() || id.kind() == Kind::Schema {
        return None;
    }
    let parent = id.parent();
    let start = ObjectId::new(Kind::Schema, parent.iter().cloned());
    let at_parent =
        snapshot.objects.range(start..).map(|(id, _)| id).take_while(|other| other.path() == parent);
    let holds = |outer: &&ObjectId| match parent.len() {
        1 => outer.kind() == Kind::Schema,
        _ => outer.kind().is_relation() || outer.kind() == Kind::Domain,
    };
    at_parent.into_iter().find(holds)
}

/// What lies in a relation or a domain.
pub(super) fn contents<'s>(snapshot: &'s Snapshot, id: &ObjectId) -> impl Iterator<Item = &'s ObjectId> {
    let holds = id.kind().is_relation() || id.kind() == Kind::Domain;
    let path = id.path().to_vec();
    let start = ObjectId::new(Kind::Schema, path.clone());
    let below = snapshot.objects.range(start..).map(|(id, _)| id);
    below
        .take_while(move |other| other.path().starts_with(&path))
        .filter(move |other| holds && other.path().len() == 3 && !other.kind().is_outside_schemas())
}

fn commonest_owner(snapshot: &Snapshot) -> Option<String> {
    if snapshot.coverage.unknown_attributes.contains("owner") {
        return None;
    }
    let owners = snapshot.objects.iter().filter(|(id, _)| id.path() != ["public"]);
    let counts = owners.filter_map(|(_, object)| object.owner.as_ref()).counts();
    counts
        .into_iter()
        .max_by_key(|(owner, count)| (*count, std::cmp::Reverse(*owner)))
        .map(|(owner, _)| owner.clone())
}
