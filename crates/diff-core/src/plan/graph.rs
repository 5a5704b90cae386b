//! The order of a plan: what must come before what, and one order that keeps to it.
//!
//! An object has up to five nodes: it is renamed (in two goes where names are swapped), lets go of what it
//! needs, is made or altered, and is finished once others are there. What is dropped or made together with
//! its table, such as a column, has no node of its own but stands for its table's.

mod columns;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::Statement;
use super::ddl;
use super::sql::suffixed;
use super::work::{Work, container, contents, is_shelled, is_type};
use crate::{Body, Kind, Object, ObjectId, collect};

/// A part of what happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Rename,
    RenameAgain,
    Drop,
    Make,
    Finish,
}

/// Statements in an order that keeps to the dependencies.
pub(super) struct Ordered {
    pub(super) groups: Vec<Group>,
    pub(super) notes: Vec<String>,
}

/// Statements that stay together; there may be none.
pub(super) struct Group {
    pub(super) statements: Vec<Statement>,
    /// The places of those that must come later; in a circle one of them stands before.
    pub(super) after: Vec<usize>,
}

type Key<'a> = (&'a ObjectId, Stage);

/// Orders everything that is to be done.
pub(super) fn order(work: &Work<'_>) -> Ordered {
    let mut graph = Graph { work, index: BTreeMap::new(), nodes: Vec::new(), after: Vec::new() };
    graph.add_nodes();
    graph.add_edges();
    graph.sort()
}

struct Graph<'w, 'a> {
    work: &'w Work<'a>,
    index: BTreeMap<Key<'a>, usize>,
    nodes: Vec<Node<'a>>,
    /// By node, those that must come later.
    after: Vec<BTreeSet<usize>>,
}

struct Node<'a> {
    key: Key<'a>,
    statements: Vec<Statement>,
}

impl<'a> Graph<'_, 'a> {
    fn add(&mut self, id: &'a ObjectId, stage: Stage, statements: Vec<Statement>) {
        let at = self.nodes.len();
        self.index.insert((id, stage), at);
        self.nodes.push(Node { key: (id, stage), statements });
        self.after.push(BTreeSet::new());
    }

    fn add_nodes(&mut self) {
        let work = self.work;
        for rename in &work.renames {
            let is_taken = work.renames.iter().any(|other| other.from == rename.to);
            let Some((id, _)) = work.old.objects.get_key_value(&rename.to) else { continue };
            let from = rename.from.name();
            if is_taken {
                let between = suffixed(rename.to.name(), "__new");
                self.add(id, Stage::Rename, ddl::rename(work, id, from, &between));
                self.add(id, Stage::RenameAgain, ddl::rename(work, id, &between, rename.to.name()));
            } else {
                self.add(id, Stage::Rename, ddl::rename(work, id, from, rename.to.name()));
            }
        }
        for id in &work.dropped {
            if work.drop_owner(id) == *id {
                if work.loses_default_first(id) {
                    self.add(id, Stage::Rename, ddl::release_default(work, id));
                }
                if work.is_set_aside(id) {
                    self.add(id, Stage::Rename, ddl::set_aside(work, id));
                }
                self.add(id, Stage::Drop, ddl::drop(work, id));
            }
        }
        for id in work.altered.keys() {
            let [before, make, finish] = ddl::alter(work, id);
            self.add(id, Stage::Drop, before);
            self.add(id, Stage::Make, make);
            self.add(id, Stage::Finish, finish);
        }
        for id in &work.created {
            if work.create_owner(id) == *id {
                let [make, finish] = ddl::create(work, id);
                self.add(id, Stage::Make, make);
                self.add(id, Stage::Finish, finish);
            }
        }
    }

    /// The node that does this to the object, or to what it is dropped or made with.
    fn node(&self, id: &ObjectId, stage: Stage) -> Option<usize> {
        let owner = match stage {
            Stage::Drop if self.work.dropped.contains(id) => self.work.drop_owner(id),
            Stage::Make | Stage::Finish if self.work.created.contains(id) => self.work.create_owner(id),
            _ => id,
        };
        self.index.get(&(owner, stage)).copied()
    }

    fn edge(&mut self, before: Option<usize>, after: Option<usize>) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            self.after[before].insert(after);
        }
    }

    fn add_edges(&mut self) {
        let work = self.work;
        for at in 0..self.nodes.len() {
            let (id, stage) = self.nodes[at].key;
            if let Some(later) = [Stage::RenameAgain, Stage::Drop, Stage::Make, Stage::Finish]
                .into_iter()
                .filter(|later| *later > stage)
                .find_map(|later| self.index.get(&(id, later)).copied())
            {
                self.edge(Some(at), Some(later));
            }
        }
        for id in &work.dropped {
            self.leave(id, &work.old.objects[*id]);
        }
        for id in work.altered.keys() {
            self.leave(id, &work.old.objects[*id]);
            self.arrive(id, &work.new.objects[*id]);
        }
        for id in &work.created {
            self.arrive(id, &work.new.objects[*id]);
        }
        self.keep_names_apart();
        self.follow_renames();
    }

    /// What `id` needed in old goes, or changes, after `id` has let go of it.
    fn leave(&mut self, id: &'a ObjectId, object: &'a Object) {
        let work = self.work;
        let is_dropped = work.dropped.contains(id);
        let own_drop = self.node(id, Stage::Drop);
        for needed in object.depends_on.iter().chain(container(work.old, id)) {
            let lets_go = match work.altered.get(id) {
                // The default and the owner are let go of first; the type only by the alteration.
                Some(_)
                    if is_type(needed.kind()) || id.kind() != Kind::Column && id.kind() != Kind::Sequence =>
                {
                    // What is made anew is gone only in the end.
                    self.node(id, if work.is_swapped(id) { Stage::Finish } else { Stage::Make })
                }
                _ => own_drop,
            };
            if work.dropped.contains(needed) {
                let before = if is_dropped
                    || work.created.contains(needed)
                        && work.new.objects.get(id).is_some_and(|new| new.depends_on.contains(needed))
                {
                    own_drop
                } else {
                    lets_go
                };
                let gone = self.node(needed, Stage::Drop);
                self.edge(before, gone);
                if is_dropped {
                    let set_aside = self.node(needed, Stage::Rename);
                    self.edge(own_drop, set_aside);
                }
            } else if work.altered.contains_key(needed) {
                let (make, finish) = (self.node(needed, Stage::Make), self.node(needed, Stage::Finish));
                if is_dropped && object.depends_on.contains(needed) {
                    // Who owns or may use a thing is nothing to wait for.
                    if work.is_swapped(needed) && is_type(id.kind()) && !id.kind().is_relation() {
                        self.edge(own_drop, finish);
                    } else if !work.is_only_dressed(needed) {
                        let first = self.node(needed, Stage::Drop).filter(|_| needed.kind() == Kind::Column);
                        self.edge(own_drop, first.or(make));
                    }
                } else if needed.kind() == Kind::Composite && id.kind() == Kind::Table {
                    self.edge(own_drop, make);
                }
                if work.is_swapped(needed) && !is_dropped {
                    let moved = self.node(id, if work.is_swapped(id) { Stage::Finish } else { Stage::Make });
                    self.edge(own_drop, make);
                    self.edge(moved, finish);
                }
            }
        }
        if is_dropped {
            for column in self.columns_referred_to(work.old, id, object) {
                let changed = self.node(column, Stage::Make);
                self.edge(own_drop, changed);
            }
        }
        // A column's own default goes before the type that it gets from above changes.
        if id.kind() == Kind::Column {
            let release = self.index.get(&(id, Stage::Rename)).copied();
            for above in work.columns_followed(work.old, id) {
                let changed = self.node(above, Stage::Make);
                self.edge(if is_dropped { release } else { own_drop }, changed);
            }
        }
        // A table is of its type again once it has its columns, and of none while they go.
        if id.kind() == Kind::Column
            && let Some(table) = container(work.old, id).filter(|table| work.altered.contains_key(*table))
        {
            let released = self.node(table, Stage::Drop);
            let (make, again) = (self.node(id, Stage::Make), self.node(table, Stage::Finish));
            if is_typed(&work.old.objects[table].body) {
                self.edge(released, own_drop);
                self.edge(released, make);
            }
            self.edge(own_drop, again);
            self.edge(make, again);
        }
        // What sets a partition's column apart is taken back once the parent's is changed.
        if is_dropped && id.kind() == Kind::Column && work.is_of_partition(id) && work.is_within_staying(id) {
            for above in work.columns_followed(work.old, id).into_iter().filter(|above| work.stays(above)) {
                let changed = self.node(above, Stage::Make);
                self.edge(changed, own_drop);
            }
        }
        // A column that is inherited goes, or changes, with the one that it follows.
        let columns = object.depends_on.iter().filter(|needed| is_dropped && needed.kind() == Kind::Column);
        for above in columns.flat_map(|needed| work.columns_followed(work.old, needed)) {
            let stage = if work.dropped.contains(above) { Stage::Drop } else { Stage::Make };
            let touched = self.node(above, stage);
            self.edge(own_drop, touched);
        }
        // What lies in a partition may need columns that only its parent lists.
        for column in self.columns_above(id).filter(|_| is_dropped) {
            let stage = if work.dropped.contains(column) { Stage::Drop } else { Stage::Make };
            let touched = self.node(column, stage);
            self.edge(own_drop, touched);
        }
        if let Body::Sequence(sequence) = &object.body
            && let Some(owner) = &sequence.owned_by
            && !is_dropped
        {
            let gone = self.node(owner, Stage::Drop);
            self.edge(own_drop, gone);
        }
    }

    /// What `id` needs in new is there before `id` is made.
    fn arrive(&mut self, id: &'a ObjectId, object: &'a Object) {
        let work = self.work;
        let (make, finish) = (self.node(id, Stage::Make), self.node(id, Stage::Finish));
        let owned_by = match &object.body {
            Body::Sequence(sequence) => sequence.owned_by.as_ref(),
            _ => None,
        };
        let present = |needed: &&ObjectId| work.new.objects.contains_key(*needed);
        for needed in object.depends_on.iter().filter(present).chain(container(work.new, id)) {
            // A type that is made of functions is whole only once they are there.
            let is_shell = is_shelled(work.new, needed) && !work.new.objects[needed].depends_on.contains(id);
            let has_parts = work.parents_of_parts().contains(needed);
            let is_whole_later = work.created.contains(needed) && (is_shell || has_parts);
            let there = self.node(needed, if is_whole_later { Stage::Finish } else { Stage::Make });
            // The shell of a type and a sequence without its owner come first.
            let is_preliminary =
                is_shelled(work.new, id) && needed.kind() != Kind::Schema || owned_by == Some(needed);
            if is_preliminary {
                self.edge(there, finish);
            } else if object.depends_on.contains(needed)
                || work.created.contains(needed)
                || id.kind() == Kind::ViewColumn
                || id.kind() == Kind::DomainCheck && work.is_swapped(needed)
            {
                let is_late = work.late_defaults().contains(id) && !is_type(needed.kind());
                self.edge(there, if is_late { finish } else { make });
            }
        }
        if id.kind() == Kind::Column && !work.altered.contains_key(id) {
            let table = container(work.old, id).filter(|table| work.altered.contains_key(*table));
            let again = table.and_then(|table| self.node(table, Stage::Finish));
            self.edge(make, again);
        }
        let followed =
            if id.kind() == Kind::Column { work.columns_followed(work.new, id) } else { Vec::new() };
        for above in followed {
            let there = self.node(above, Stage::Make);
            self.edge(there, make);
        }
        for column in self.columns_above(id) {
            let there = self.node(column, Stage::Make).filter(|_| work.new.objects.contains_key(column));
            self.edge(there, make);
        }
        // A key that a foreign key needs may be made anew with any of its table's columns.
        for column in self.columns_referred_to(work.new, id, object) {
            let there = self.node(column, Stage::Make);
            self.edge(there, make);
        }
        if let Some(parent) = ddl::attached_to(&object.body) {
            let table = container(work.new, id).and_then(|table| self.node(table, Stage::Make));
            let (there, whole) = (self.node(parent, Stage::Make), self.node(parent, Stage::Finish));
            if work.created.contains(parent) {
                self.edge(table, there);
            }
            self.edge(there, finish);
            // The parent's is whole, and can be referred to, once each partition's part is attached.
            self.edge(finish, whole);
            // Attaching the table looks for a part of each index of the parent.
            let attach = container(work.new, id).and_then(|table| self.node(table, Stage::Finish));
            self.edge(there, attach);
            self.edge(attach, whole);
        }
        if let Body::Partition(partition) = &object.body {
            self.follow_parent(&partition.of, make);
        }
        // A partition that is attached last has its indexes by then.
        if let Some(table) = container(work.new, id)
            .filter(|table| table.kind() == Kind::Partition && work.created.contains(table))
        {
            let attach = self.node(table, Stage::Finish);
            if is_index(&object.body) {
                self.edge(make, attach);
                self.edge(finish, attach);
            }
        }
    }

    /// A new partition copies its parent as it will be.
    fn follow_parent(&mut self, parent: &ObjectId, make: Option<usize>) {
        let work = self.work;
        if !work.stays(parent) {
            return;
        }
        let is_copied = |id: &&ObjectId| matches!(id.kind(), Kind::Column | Kind::Check);
        for id in contents(work.new, parent).filter(is_copied) {
            let there = self.node(id, Stage::Make);
            self.edge(there, make);
        }
        for id in contents(work.old, parent).filter(is_copied) {
            let gone = self.node(id, Stage::Drop);
            self.edge(gone, make);
        }
    }

    /// A name is free before another object takes it.
    fn keep_names_apart(&mut self) {
        let work = self.work;
        let mut leaving: BTreeMap<String, Vec<&ObjectId>> = BTreeMap::new();
        for id in work.dropped.iter().chain(work.altered.keys()) {
            for name in ddl::names(id, &work.old.objects[*id].body) {
                leaving.entry(name).or_default().push(id);
            }
        }
        for id in work.created.iter().chain(work.altered.keys()) {
            for name in ddl::names(id, &work.new.objects[*id].body) {
                for other in leaving
                    .get(&name)
                    .into_iter()
                    .flatten()
                    .filter(|other| *other != id || work.dropped.contains(*other))
                {
                    let stage = if work.is_set_aside(other) { Stage::Rename } else { Stage::Drop };
                    let (free, make) = (self.node(other, stage), self.node(id, Stage::Make));
                    self.edge(free, make);
                }
            }
        }
        for rename in &work.renames {
            let Some((id, object)) = work.old.objects.get_key_value(&rename.to) else { continue };
            let take = self.node(id, Stage::RenameAgain).or(self.node(id, Stage::Rename));
            for name in ddl::names(id, &object.body) {
                for other in leaving.get(&name).into_iter().flatten().filter(|other| *other != &id) {
                    let free = self.node(other, Stage::Drop);
                    self.edge(free, take);
                }
            }
        }
    }

    /// Statements call what was renamed, and what it contains, by the new name.
    fn follow_renames(&mut self) {
        let work = self.work;
        if work.renames.is_empty() {
            return;
        }
        let renamed = collect::map(work.renames.iter().filter_map(|rename| {
            let last = self.node(&rename.to, Stage::RenameAgain).or(self.node(&rename.to, Stage::Rename))?;
            Some((&rename.to, last))
        }));
        for rename in &work.renames {
            if let Some(occupant) = work.renames.iter().find(|other| other.from == rename.to) {
                let (free, take) =
                    (self.node(&occupant.to, Stage::Rename), self.node(&rename.to, Stage::RenameAgain));
                self.edge(free, take);
            }
            // What goes with its table has its new name until then.
            if work.dropped.contains(&rename.to) {
                let (last, gone) = (renamed.get(&rename.to).copied(), self.node(&rename.to, Stage::Drop));
                self.edge(last, gone);
            }
        }
        for at in 0..self.nodes.len() {
            let (id, stage) = self.nodes[at].key;
            let outer = [
                Some(id),
                container(work.old, id),
                container(work.old, id).and_then(|outer| container(work.old, outer)),
            ];
            for outer in outer.into_iter().flatten() {
                if let Some(first) = renamed.get(outer)
                    && (outer != id || stage > Stage::RenameAgain)
                {
                    self.edge(Some(*first), Some(at));
                }
            }
        }
    }

    /// Kahn's algorithm; of several that may come next, drops come first, then by id.
    fn sort(mut self) -> Ordered {
        let mut waits = vec![0_usize; self.nodes.len()];
        for later in self.after.iter().flatten() {
            waits[*later] += 1;
        }
        let is_outside = |node: &&Node<'_>| !node.statements.iter().all(ddl::runs_in_transaction);
        let outside = collect::set(self.nodes.iter().filter(is_outside).map(|node| node.key.0));
        let rank = |node: &Node<'_>| {
            let (id, stage) = node.key;
            // Privileges that are given by default would be given to what is made after them.
            let is_last = id.kind() == Kind::DefaultPrivileges;
            (is_last, !outside.contains(id), stage, id.clone())
        };
        let keys: Vec<_> = self.nodes.iter().map(rank).collect();
        let by_rank = collect::sorted_places(keys.len(), &|a, b| keys[a].cmp(&keys[b]));
        let mut ranks = vec![0; keys.len()];
        for (rank, at) in by_rank.iter().enumerate() {
            ranks[*at] = rank;
        }
        // By rank.
        let mut ready: BinaryHeap<Reverse<usize>> =
            (0..keys.len()).filter(|at| waits[*at] == 0).map(|at| Reverse(ranks[at])).collect();
        let mut is_done = vec![false; keys.len()];
        let mut first = 0;
        let mut ordered = Ordered { groups: Vec::new(), notes: Vec::new() };
        let mut places = vec![0; keys.len()];
        while let Some(rank) = ready.pop().map(|Reverse(rank)| rank).or_else(|| {
            // Objects that need each other: begin with the first and say so.
            first += is_done[first..].iter().position(|is_done| !is_done)?;
            let (id, _) = self.nodes[by_rank[first]].key;
            ordered
                .notes
                .push(format!("{id} is part of a circle of dependencies; its place in the plan is a guess."));
            Some(first)
        }) {
            if std::mem::replace(&mut is_done[rank], true) {
                continue;
            }
            let at = by_rank[rank];
            let after: Vec<usize> = std::mem::take(&mut self.after[at]).into_iter().collect();
            for later in &after {
                waits[*later] = waits[*later].saturating_sub(1);
                if waits[*later] == 0 {
                    ready.push(Reverse(ranks[*later]));
                }
            }
            places[at] = ordered.groups.len();
            let statements = std::mem::take(&mut self.nodes[at].statements);
            ordered.groups.push(Group { statements, after });
        }
        for later in ordered.groups.iter_mut().flat_map(|group| &mut group.after) {
            *later = places[*later];
        }
        ordered
    }
}

fn is_typed(body: &Body) -> bool {
    matches!(body, Body::Table(table) if table.of_type.is_some())
}

fn is_index(body: &Body) -> bool {
    matches!(body, Body::Index(_) | Body::PrimaryKey(_) | Body::Unique(_) | Body::Exclusion(_))
}
