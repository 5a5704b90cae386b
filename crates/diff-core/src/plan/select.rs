//! A plan for some of the differences: those that were chosen, and what they cannot do without.

use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;

use super::ddl::{self, attached_to};
use super::work::{container, contents, parents};
use crate::{Body, Change, Delta, Diff, Kind, Object, ObjectId, Snapshot, collect};

/// The note names so many of the objects that came along.
const NAMED: usize = 4;

/// What is left to plan once a choice was made.
pub(super) struct Chosen {
    /// New, with the differences that were not chosen taken back.
    pub(super) new: Snapshot,
    /// The differences that are brought over.
    pub(super) found: Diff,
    /// What the reader must know.
    pub(super) note: Option<String>,
}

/// Keeps the differences whose ids are in `selection`, and those without which these cannot be brought over.
pub(super) fn choose(old: &Snapshot, new: &Snapshot, found: Diff, selection: &BTreeSet<ObjectId>) -> Chosen {
    let chosen = Closure::new(old, new, &found).close(selection);
    let note = note(&found, &chosen, selection);
    let (kept, left) = found.deltas.into_iter().partition(|delta| chosen.contains(&delta.id));
    Chosen { new: without(new, left), found: Diff { deltas: kept, ..found }, note }
}

/// New, as it would be without some of the differences.
fn without(new: &Snapshot, left: Vec<Delta>) -> Snapshot {
    let added = left.iter().filter(|delta| delta.new_object().is_some());
    let added = collect::set(added.map(|delta| &delta.id));
    let mut new = new.only(|id| !added.contains(id));
    for Delta { id, change } in left {
        let (id, was) = match change {
            Change::Added(_) => continue,
            Change::Removed(was) | Change::Altered { old: was, .. } => (id, was),
            Change::Renamed { from, old: was, .. } => (from, was),
        };
        new.objects.insert(id, was);
    }
    new
}

/// Says what came along, and leaves out what is made or dropped with its table.
fn note(found: &Diff, chosen: &BTreeSet<ObjectId>, selection: &BTreeSet<ObjectId>) -> Option<String> {
    let is_whole = |delta: &&Delta| {
        delta.id.kind().is_relation() && matches!(delta.change, Change::Added(_) | Change::Removed(_))
    };
    let wholes = found.deltas.iter().filter(is_whole).map(|delta| &delta.id);
    let wholes = collect::set(wholes.filter(|id| chosen.contains(*id)).map(ObjectId::path));
    let along = chosen.iter().filter(|id| !selection.contains(*id) && !wholes.contains(id.parent()));
    let along = along.map(ToString::to_string).collect_vec();
    let named = along.iter().take(NAMED).join(", ");
    let more = match along.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!along.is_empty())
        .then(|| format!("What was chosen cannot do without others, which come along: {named}{more}."))
}

/// The differences, by what leads from one to another.
struct Closure<'a> {
    old: &'a Snapshot,
    new: &'a Snapshot,
    /// By the id that the object has in new, else in old.
    deltas: BTreeMap<&'a ObjectId, Vec<&'a Delta>>,
    /// Those that give a name up, by the name.
    leaving: BTreeMap<String, Vec<&'a ObjectId>>,
    /// What could not be without an object, in old.
    dependents: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    /// Those that are parts of an index or a constraint of a partitioned table.
    parts: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    /// The tables and the type that a table follows, and the tables that follow it.
    relatives: BTreeMap<&'a [String], BTreeSet<&'a [String]>>,
}

/// An object that the plan touches, and whether it is out of the way for a while, or for good.
type Step<'a> = (&'a ObjectId, bool);

impl<'a> Closure<'a> {
    fn new(old: &'a Snapshot, new: &'a Snapshot, found: &'a Diff) -> Self {
        let mut closure = Self {
            old,
            new,
            deltas: BTreeMap::new(),
            leaving: BTreeMap::new(),
            dependents: BTreeMap::new(),
            parts: BTreeMap::new(),
            relatives: BTreeMap::new(),
        };
        for delta in &found.deltas {
            closure.deltas.entry(&delta.id).or_default().push(delta);
            for name in delta.old_object().into_iter().flat_map(|object| names(was(delta), &object.body)) {
                closure.leaving.entry(name).or_default().push(&delta.id);
            }
            for object in delta.old_object().into_iter().chain(delta.new_object()) {
                if let Some(parent) = attached_to(&object.body) {
                    closure.parts.entry(parent).or_default().push(&delta.id);
                }
            }
        }
        for (id, object) in &old.objects {
            for needed in own_needs(object) {
                closure.dependents.entry(needed).or_default().push(id);
            }
        }
        for (id, object) in old.objects.iter().chain(&new.objects) {
            for parent in followed(object) {
                closure.relatives.entry(id.path()).or_default().insert(parent.path());
                closure.relatives.entry(parent.path()).or_default().insert(id.path());
            }
        }
        closure
    }

    /// The ids of all differences that must be brought over together with those of `selection`.
    fn close(&self, selection: &BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
        let mut seen: BTreeSet<Step<'a>> = BTreeSet::new();
        let mut ahead: Vec<Step<'a>> =
            self.deltas.keys().filter(|id| selection.contains(**id)).map(|id| (*id, false)).collect();
        while let Some((id, is_gone)) = ahead.pop() {
            if seen.insert((id, is_gone)) {
                self.follow(id, is_gone, &mut ahead);
            }
        }
        collect::set(seen.into_iter().map(|(id, _)| id).filter(|id| self.deltas.contains_key(id)).cloned())
    }

    fn follow(&self, id: &'a ObjectId, is_gone: bool, ahead: &mut Vec<Step<'a>>) {
        let deltas = self.deltas.get(id).map_or(&[][..], Vec::as_slice);
        if let Some(object) = self.new.objects.get(id) {
            ahead.extend(self.needed(id, object).map(|needed| (needed, false)));
            let names = names(id, &object.body);
            let taken = names.iter().flat_map(|name| self.leaving.get(name).into_iter().flatten());
            ahead.extend(taken.map(|other| (*other, false)));
        }
        ahead.extend(self.kin(id).into_iter().map(|other| (other, false)));
        let gone = self.gone_with(id).chain(self.gone_contents(id));
        ahead.extend(gone.map(|gone| (gone, false)));
        if is_gone || deltas.iter().any(|delta| takes_away(delta)) {
            for id in deltas.iter().map(|delta| was(delta)).chain([id]) {
                let dependents = self.dependents.get(id).into_iter().flatten();
                ahead.extend(dependents.map(|dependent| (*dependent, self.gives_way(dependent, id))));
            }
        }
        if is_gone || deltas.iter().any(|delta| !is_in_place(delta)) {
            let inside = contents(self.old, id).map(|inside| (inside, true));
            ahead.extend(inside.chain(contents(self.new, id).map(|inside| (inside, false))));
        }
    }

    /// The differences that an object of new needs: in what it depends on, in what that lies in, and in what it
    /// lies in itself.
    fn needed(&self, id: &ObjectId, object: &'a Object) -> impl Iterator<Item = &'a ObjectId> {
        let outer = own_needs(object).filter_map(|needed| container(self.new, needed));
        // The columns of a partition are its table's.
        let is_unlisted =
            |needed: &&ObjectId| needed.kind() == Kind::Column && !self.new.objects.contains_key(*needed);
        let above = own_needs(object).filter(is_unlisted).flat_map(|needed| self.kin(needed));
        let needed = own_needs(object).chain(outer).chain(above).filter(|needed| self.is_needed(needed));
        let table = match &object.body {
            Body::Sequence(it) => it.owned_by.as_ref().and_then(|column| container(self.new, column)),
            _ => None,
        };
        needed.chain(table.filter(|table| self.is_handed_over(table))).chain(self.missing_container(id))
    }

    /// Whether another role owns the object in new. What a column owns is of the table's owner.
    fn is_handed_over(&self, id: &ObjectId) -> bool {
        let mut changes = self.deltas.get(id).into_iter().flatten().flat_map(|delta| delta.attributes());
        changes.any(|change| change.name == "owner")
    }

    /// Whether something in new may need the difference, not just the object.
    fn is_needed(&self, id: &ObjectId) -> bool {
        self.deltas.get(id).is_some_and(|deltas| deltas.iter().any(|delta| matters_to_others(delta)))
    }

    /// What the object lies in, where it is not there, or not with that part.
    fn missing_container(&self, id: &ObjectId) -> Option<&'a ObjectId> {
        let is_meant = |outer: &&ObjectId| id.kind() == Kind::ViewColumn || self.is_needed(outer);
        container(self.new, id).filter(is_meant)
    }

    /// What an object goes together with: what it lies in, and the index that it is a part of.
    fn gone_with(&self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let outer = container(self.old, id).filter(|outer| outer.kind() != Kind::Schema);
        let whole = self.old.objects.get(id).and_then(|object| attached_to(&object.body));
        let is_removed = self.is_removed(id);
        outer.into_iter().chain(whole).filter(move |other| is_removed && self.is_removed(other))
    }

    fn is_removed(&self, id: &ObjectId) -> bool {
        let deltas = self.deltas.get(id).into_iter().flatten();
        deltas.into_iter().any(|delta| matches!(delta.change, Change::Removed(_)))
    }

    /// What must be gone before a schema can go.
    fn gone_contents(&self, id: &'a ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let is_schema = id.kind() == Kind::Schema && self.is_removed(id);
        let inside = |other: &&ObjectId| !other.kind().is_outside_schemas() && other.schema() == id.schema();
        self.deltas.keys().copied().filter(move |_| is_schema).filter(inside)
    }

    /// What changes together with an object: the parts of an index, what has the same name in the tables that
    /// follow its table or are followed, the columns of a type that tables are made of.
    fn kin(&self, id: &ObjectId) -> Vec<&'a ObjectId> {
        let relatives = || self.relatives.get(id.parent()).into_iter().flatten();
        let delta = |id: &ObjectId| self.deltas.get_key_value(id).map(|(id, _)| *id);
        let mut kin: Vec<&ObjectId> = self.parts.get(id).into_iter().flatten().copied().collect();
        match id.kind() {
            Kind::Column | Kind::Check | Kind::Trigger => {
                let same = relatives().map(|outer| {
                    ObjectId::new(id.kind(), outer.iter().cloned().chain([id.name().to_owned()]))
                });
                kin.extend(same.filter_map(|same| delta(&same)));
                let types = relatives().map(|outer| ObjectId::new(Kind::Composite, outer.iter().cloned()));
                kin.extend(types.filter_map(|of| delta(&of)));
            }
            Kind::Composite => {
                let tables = self.relatives.get(id.path()).into_iter().flatten();
                let inside = tables.flat_map(|table| self.deltas.keys().filter(|id| id.parent() == *table));
                kin.extend(inside.filter(|id| id.kind() == Kind::Column));
            }
            // An index is whole once every partition has its part.
            _ if self.parts.contains_key(id) => {
                let partitions =
                    relatives().map(|outer| ObjectId::new(Kind::Partition, outer.iter().cloned()));
                kin.extend(partitions.filter_map(|partition| delta(&partition)));
            }
            _ => {}
        }
        kin
    }

    /// Whether a dependent is dropped for a while where what it needs is; others only let go of it.
    fn gives_way(&self, dependent: &ObjectId, needed: &ObjectId) -> bool {
        use Kind::{Column, Composite, Domain, Extension, Publication, Schema, Sequence, Table};
        match self.old.objects.get(dependent).map(|object| &object.body) {
            Some(Body::Column(column)) => column.generated.is_some(),
            Some(Body::Partition(partition)) => partition.of == *needed,
            _ => !matches!(
                dependent.kind(),
                Column | Composite | Domain | Extension | Publication | Schema | Sequence | Table
            ),
        }
    }
}

/// What an object cannot be without, beside what contains it.
fn own_needs(object: &Object) -> impl Iterator<Item = &ObjectId> {
    let owner = match &object.body {
        Body::Sequence(sequence) => sequence.owned_by.as_ref(),
        body => attached_to(body),
    };
    object.depends_on.iter().chain(owner).chain(parents(&object.body))
}

/// What a table's columns follow: other tables, or a type.
fn followed(object: &Object) -> Vec<&ObjectId> {
    let is_typed = matches!(&object.body, Body::Table(table) if table.of_type.is_some());
    let types = object.depends_on.iter().filter(|needed| is_typed && needed.kind() == Kind::Composite);
    parents(&object.body).into_iter().chain(types).collect()
}

/// What must be free before the object can be made. Calls that one routine takes might mean another of its name,
/// and a table has one primary key.
fn names(id: &ObjectId, body: &Body) -> Vec<String> {
    let mut names = ddl::names(id, body);
    match (body, id.name().split_once('(')) {
        (Body::Function(_) | Body::Procedure(_) | Body::Aggregate(_), Some((name, _))) => {
            names.push(format!("overloads\0{}\0{name}", id.schema()));
        }
        (Body::PrimaryKey(_), _) => names.push(format!("primary key\0{}", id.parent().join("\0"))),
        _ => {}
    }
    names
}

/// The id in old.
fn was(delta: &Delta) -> &ObjectId {
    if let Change::Renamed { from, .. } = &delta.change { from } else { &delta.id }
}

/// The attributes that are the object's own: not who owns it and what is said about it.
fn own_changes(delta: &Delta) -> BTreeSet<String> {
    let is_dress = |name: &str| matches!(name, "owner" | "grants" | "comment" | "security_labels");
    let names = delta.attributes().iter().map(|change| change.name.clone());
    collect::set(names.filter(|name| !is_dress(name)))
}

/// Whether PostgreSQL changes the object where it is.
fn is_in_place(delta: &Delta) -> bool {
    match (delta.old_object(), delta.new_object()) {
        (Some(old), Some(new)) => {
            let names = own_changes(delta);
            ddl::is_in_place(&old.body, &new.body, &names) && !ddl::is_swap(&old.body, &new.body, &names)
        }
        _ => false,
    }
}

/// Whether what depends on the object in old must let go of it.
fn takes_away(delta: &Delta) -> bool {
    let changes = own_changes(delta);
    match (&delta.change, delta.id.kind()) {
        (Change::Added(_), _) => false,
        (Change::Removed(_), _) => true,
        (_, Kind::Column) => {
            !is_in_place(delta)
                || ["type", "collation", "nullable"].iter().any(|name| changes.contains(*name))
        }
        (_, Kind::Composite) => !changes.is_empty(),
        _ => !is_in_place(delta),
    }
}

/// Whether what depends on the object in new may not do with it as it was.
fn matters_to_others(delta: &Delta) -> bool {
    let changes = own_changes(delta);
    match (&delta.change, delta.id.kind()) {
        (Change::Altered { .. }, Kind::Column) => ["type", "collation", "generated", "identity", "nullable"]
            .iter()
            .any(|name| changes.contains(*name)),
        // Keys of permanent tables point at permanent tables.
        (Change::Altered { .. }, kind) if kind.is_relation() => {
            !is_in_place(delta) || changes.contains("persistence")
        }
        (Change::Altered { .. }, _) => !changes.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::{ObjectId, Plan, PlanOptions, Snapshot, plan_selected};

    fn snapshot(objects: &[&str]) -> Snapshot {
        let text = format!("{{\"format\": 1, \"objects\": {{{}}}}}", objects.join(","));
        Snapshot::from_json(text.as_bytes()).unwrap()
    }

    const TABLE: &str = r#""table:public.t": {"body": {"table": {}}}"#;
    const COLUMN: &str =
        r#""column:public.t.a": {"body": {"column": {"position": 1, "type": "text", "nullable": true}}}"#;
    const INDEX: &str = r#""index:public.t.ix": {"depends_on": ["column:public.t.a"],
        "body": {"index": {"definition": "USING btree (a)"}}}"#;
    const OTHER: &str =
        r#""enum:public.e": {"grants": {"PUBLIC": ["USAGE"]}, "body": {"enum": {"labels": ["x"]}}}"#;

    fn planned(old: &[&str], new: &[&str], chosen: &[&str]) -> Plan {
        let selection = chosen.iter().map(|id| id.parse::<ObjectId>().unwrap()).collect();
        plan_selected(&snapshot(old), &snapshot(new), &PlanOptions::default(), &selection).unwrap()
    }

    #[track_caller]
    fn check(old: &[&str], new: &[&str], chosen: &[&str], expected: &[&str]) {
        let plan = planned(old, new, chosen);
        let written: Vec<&str> = plan.statements().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn what_is_not_chosen_stays() {
        check(&[], &[TABLE, OTHER], &["enum:public.e"], &["CREATE TYPE public.e AS ENUM ('x')"]);
        check(&[TABLE, OTHER], &[], &["enum:public.e"], &["DROP TYPE public.e"]);
        check(&[], &[TABLE, OTHER], &[], &[]);
    }

    #[test]
    fn what_is_needed_comes_along() {
        let index = "CREATE INDEX ix ON public.t USING btree (a)";
        check(
            &[],
            &[TABLE, COLUMN, INDEX, OTHER],
            &["index:public.t.ix"],
            &["CREATE TABLE public.t (\n    a text\n)", index],
        );
        check(
            &[TABLE],
            &[TABLE, COLUMN, INDEX, OTHER],
            &["index:public.t.ix"],
            &["ALTER TABLE public.t ADD COLUMN a text", index],
        );
        check(
            &[TABLE, COLUMN, INDEX, OTHER],
            &[TABLE],
            &["column:public.t.a"],
            &["DROP INDEX public.ix", "ALTER TABLE public.t DROP COLUMN a"],
        );
        check(
            &[TABLE, COLUMN, INDEX, OTHER],
            &[TABLE, COLUMN],
            &["index:public.t.ix"],
            &["DROP INDEX public.ix"],
        );
    }

    #[test]
    fn a_name_is_free_first() {
        let sequence = r#""sequence:public.e": {"body": {"sequence": {"counting":
            {"start": 1, "increment": 1, "cache": 1, "cycle": false}}}}"#;
        check(
            &[sequence, TABLE],
            &[OTHER],
            &["enum:public.e"],
            &["DROP SEQUENCE public.e", "CREATE TYPE public.e AS ENUM ('x')"],
        );
    }

    #[test]
    fn the_plan_says_what_came_along() {
        let plan = planned(&[TABLE], &[TABLE, COLUMN, INDEX], &["index:public.t.ix"]);
        let note = "What was chosen cannot do without others, which come along: column:public.t.a.";
        assert!(plan.notes.iter().any(|said| said == note), "{:?}", plan.notes);
        let whole = planned(&[], &[TABLE, COLUMN, INDEX], &["table:public.t"]);
        assert!(whole.notes.is_empty(), "{:?}", whole.notes);
    }
}
