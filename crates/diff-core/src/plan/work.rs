//! What happens to each object: created, dropped, replaced, altered in place; and what is in the way.

mod notes;
mod owners;
mod parents;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::ddl::{self, attached_to};
use super::rename::Rename;
use crate::{Body, Change, DefaultPrivileges, Diff, Kind, Object, ObjectId, Snapshot, collect};
use parents::RECURSING;
pub(crate) use parents::parents;

/// What is to be done, by object.
pub(super) struct Work<'a> {
    /// What stands, under the names of new.
    pub(super) old: &'a Snapshot,
    /// Where the plan leads: [`super::goal`].
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
    dependents: OnceCell<Vec<(&'a ObjectId, &'a ObjectId)>>,
    default_privileges: OnceCell<Vec<(&'a ObjectId, &'a DefaultPrivileges)>>,
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
            default_privileges: OnceCell::new(),
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
                // Its name is not free: it is made anew.
                (Change::Renamed { from, .. }, was, Some((id, _))) if old.objects.contains_key(from) => {
                    let from = old.objects.get_key_value(from).map(|(from, _)| from);
                    for gone in from.into_iter().chain(was.map(|(was, _)| was)) {
                        work.drop(gone);
                    }
                    work.create(id);
                }
                (_, Some((id, _)), Some(_)) => {
                    let names = collect::set(delta.attributes().iter().map(|change| change.name.clone()));
                    work.alter(id, names);
                }
                _ => {}
            }
        }
        work
    }

    /// The object as it should be. What new's source cannot say of what is added comes to be by itself.
    pub(super) fn wanted(&self, id: &ObjectId) -> Option<Object> {
        let mut object = self.new.objects.get(id)?.clone();
        if !self.old.objects.contains_key(id) {
            object.owner = object.owner.filter(|_| self.speaks_of("owner"));
            object.comment = object.comment.filter(|_| self.speaks_of("comment"));
            if !self.speaks_of("grants") {
                object.grants.clear();
            }
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
        if id.kind() == Kind::Column && self.is_of_partition(id) {
            self.touch_below(id);
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
        for dependent in self.dependents_below(id) {
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
        if id.kind() == Kind::Column && self.is_of_partition(id) {
            self.touch_below(id);
        }
        for inside in contents(self.new, id) {
            self.create(inside);
        }
    }

    /// A column is changed: so are those that follow it, and what sets them apart is set again.
    fn touch_below(&mut self, id: &ObjectId) {
        let names = self.altered.get(id);
        let is_meant = |name: &&str| names.is_none_or(|names| names.contains(*name));
        let names = collect::set(RECURSING.into_iter().filter(is_meant).map(str::to_owned));
        if names.is_empty() {
            return;
        }
        for below in self.columns_below(id) {
            self.alter(below, names.clone());
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
        if id.kind() == Kind::Column {
            self.touch_below(id);
        }
        if self.is_disturbing(id) {
            for dependent in self.dependents_below(id) {
                if self.cannot_stand(dependent, id) {
                    self.get_out_of_the_way(dependent, id);
                }
            }
            for dependent in self.dependents(id) {
                if self.cannot_stand(dependent, id) {
                    self.get_out_of_the_way(dependent, id);
                }
                // PostgreSQL makes such a key anew, and forgets who refers to it.
                if id.kind() == Kind::Column && self.is_including(dependent) {
                    for key in self.referring_keys(dependent) {
                        self.get_out_of_the_way(key, dependent);
                    }
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

    /// Whether a type gives its name to another kind of type while columns are still of it: it takes another
    /// name until they have moved.
    pub(super) fn is_set_aside(&self, id: &ObjectId) -> bool {
        use Kind::{BaseType, Composite, Domain, Enum, Range};
        let is_type = |kind: Kind| matches!(kind, BaseType | Composite | Domain | Enum | Range);
        let is_taken = || self.created.iter().any(|other| is_type(other.kind()) && other.path() == id.path());
        let is_used = || self.dependents(id).iter().any(|dependent| !self.dropped.contains(dependent));
        is_type(id.kind())
            && self.dropped.contains(id)
            && !self.created.contains(id)
            && is_taken()
            && is_used()
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
            Some(Body::Table(it)) if id.kind() == Kind::Composite => it.of_type.is_some(),
            _ if id.kind() == Kind::Composite => false,
            Some(Body::Policy(_) | Body::Trigger(_) | Body::Publication(_)) => true,
            Some(Body::Function(it) | Body::Procedure(it)) => it.sql_body,
            Some(Body::Column(it)) => it.generated.is_some(),
            // PostgreSQL makes them anew, and forgets what was set.
            Some(Body::Statistics(_)) => true,
            // Values of a range that is made anew wait as text, which knows no such operators.
            Some(Body::Exclusion(_) | Body::Index(_)) => self.waits_as_text(id),
            // A key cannot stand between columns of which one is of another kind of type for a while.
            Some(Body::ForeignKey(_)) => self.changes_family(id),
            _ => false,
        }
    }

    /// Whether a column is of a range type that is made anew.
    fn waits_as_text(&self, id: &ObjectId) -> bool {
        let is_anew = |needed: &ObjectId| needed.kind() == Kind::Range && self.dropped.contains(needed);
        self.old.objects.get(id).is_some_and(|object| object.depends_on.iter().any(is_anew))
    }

    /// Whether nothing but owner, grants and comments of an object is altered.
    pub(super) fn is_only_dressed(&self, id: &ObjectId) -> bool {
        let is_dress =
            |name: &String| matches!(name.as_str(), "owner" | "grants" | "comment" | "security_labels");
        self.altered.get(id).is_some_and(|names| names.iter().all(is_dress))
    }

    /// The foreign keys that point at the table of a key.
    fn referring_keys(&self, key: &ObjectId) -> Vec<&'a ObjectId> {
        let inside = container(self.old, key).into_iter().flat_map(|table| contents(self.old, table));
        let keys = inside.flat_map(|id| self.dependents(id));
        let mut found = Vec::new();
        for key in keys.filter(|id| id.kind() == Kind::ForeignKey) {
            if !found.contains(&key) {
                found.push(key);
            }
        }
        found
    }

    /// Whether a key or a unique index carries columns that are no part of it.
    fn is_including(&self, id: &ObjectId) -> bool {
        match self.old.objects.get(id).map(|object| &object.body) {
            Some(Body::PrimaryKey(it) | Body::Unique(it)) => it.definition.contains(" INCLUDE ("),
            Some(Body::Index(it)) => it.unique && it.definition.contains(" INCLUDE ("),
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
            Body::Column(column) if is_type(needed.kind()) && !self.new.objects.contains_key(needed) => {
                match self.new.objects.get(dependent).map(|object| &object.body) {
                    // Another kind of type takes the name.
                    Some(Body::Column(new)) if new.data_type == column.data_type => Some("type"),
                    _ => return,
                }
            }
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
            let needs = |(dependent, object): (&'a ObjectId, &'a Object)| {
                object.depends_on.iter().map(move |needed| (needed, dependent))
            };
            collect::sorted_by_key(self.old.objects.iter().flat_map(needs), |pair| *pair)
        });
        let start = all.partition_point(|(needed, _)| *needed < id);
        all[start..].iter().take_while(|(needed, _)| *needed == id).map(|(_, dependent)| *dependent).collect()
    }

    /// What is given by default in old.
    pub(super) fn default_privileges(&self) -> &[(&'a ObjectId, &'a DefaultPrivileges)] {
        self.default_privileges.get_or_init(|| {
            let privileges = |(id, object): (&'a ObjectId, &'a Object)| match &object.body {
                Body::DefaultPrivileges(privileges) => Some((id, privileges)),
                _ => None,
            };
            self.old.objects.iter().filter_map(privileges).collect()
        })
    }

    pub(super) fn is_within_staying(&self, id: &ObjectId) -> bool {
        container(self.old, id).is_some_and(|outer| self.stays(outer))
    }

    fn is_within_dropped(&self, id: &ObjectId) -> bool {
        container(self.old, id).is_some_and(|outer| self.dropped.contains(outer))
    }
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
        .take_while(move |other| holds && other.path().starts_with(&path))
        .filter(|other| other.path().len() == 3 && !other.kind().is_outside_schemas())
}

fn commonest_owner(snapshot: &Snapshot) -> Option<String> {
    if snapshot.coverage.unknown_attributes.contains("owner") {
        return None;
    }
    let owners = snapshot.objects.iter().filter(|(id, _)| id.path() != ["public"]);
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for owner in owners.filter_map(|(_, object)| object.owner.as_ref()) {
        *counts.entry(owner).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(owner, count)| (*count, std::cmp::Reverse(*owner)))
        .map(|(owner, _)| owner.clone())
}
