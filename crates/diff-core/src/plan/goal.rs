//! Where a plan leads: old with what differs brought over. What new's source says nothing about, and what an
//! ignore rule leaves out, is to be as it was, also where it has to be made anew on the way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use itertools::{EitherOrBoth, Itertools};
use serde_json::{Map, Value};
use strum::IntoEnumIterator as _;

use crate::diff::{changed, is_alike};
use crate::{AttrChange, Body, Change, Delta, Diff, Kind, Object, ObjectId, Snapshot, collect, json};

/// Old, with the differences that were found: new itself, where no others are.
pub(super) fn goal<'s>(old: &'s Snapshot, new: &'s Snapshot, found: &'s Diff) -> Cow<'s, Snapshot> {
    let patches = patches(old, new, found);
    let is_patched = |(id, patch): (&&ObjectId, &Patch)| match patch {
        Patch::AsNew => false,
        Patch::Gone => new.objects.contains_key(*id),
        Patch::Is(_) => true,
    };
    if !patches.iter().any(is_patched) {
        return Cow::Borrowed(new);
    }
    let stays = |id: &ObjectId| !matches!(patches.get(id), Some(Patch::Gone));
    let mut goal = new.only(stays);
    for (id, patch) in patches {
        if let Patch::Is(object) = patch {
            goal.objects.insert(id.clone(), object);
        }
    }
    Cow::Owned(goal)
}

/// What an object is to be.
#[expect(clippy::large_enum_variant, reason = "nearly all of those that are kept are objects")]
enum Patch {
    AsNew,
    Gone,
    Is(Object),
}

/// Where old with the differences is not new: objects that are others there, or none.
fn patches<'s>(old: &'s Snapshot, new: &'s Snapshot, found: &'s Diff) -> BTreeMap<&'s ObjectId, Patch> {
    let mut patches: BTreeMap<&ObjectId, Patch> = BTreeMap::new();
    for both in old.objects.iter().merge_join_by(&new.objects, |(old, _), (new, _)| old.cmp(new)) {
        match both {
            EitherOrBoth::Left((id, object)) => drop(patches.insert(id, Patch::Is(object.clone()))),
            EitherOrBoth::Right((id, _)) => drop(patches.insert(id, Patch::Gone)),
            EitherOrBoth::Both((id, old), (_, new)) => {
                patches.extend(kept(old, new).map(|object| (id, Patch::Is(object))));
            }
        }
    }
    // What goes leaves its name to what comes.
    for delta in &found.deltas {
        match &delta.change {
            Change::Removed(_) => drop(patches.insert(&delta.id, Patch::Gone)),
            Change::Renamed { from, .. } => drop(patches.insert(from, Patch::Gone)),
            Change::Added(_) | Change::Altered { .. } => {}
        }
    }
    for delta in &found.deltas {
        match &delta.change {
            Change::Removed(_) => {}
            Change::Added(_) => drop(patches.insert(&delta.id, Patch::AsNew)),
            Change::Altered { old, new, attributes } | Change::Renamed { old, new, attributes, .. } => {
                patches.insert(&delta.id, merged(old, new, attributes).map_or(Patch::AsNew, Patch::Is));
            }
        }
    }
    patches
}

/// Adds what belongs to what comes or goes, and comes or goes with it, whether the other side says anything about that
/// kind or not.
pub(super) fn along(old: &Snapshot, new: &Snapshot, found: &mut Diff) {
    let ids = |is: fn(&Change) -> bool| {
        collect::set(found.deltas.iter().filter(|delta| is(&delta.change)).map(|delta| delta.id.clone()))
    };
    let gone = ids(|change| matches!(change, Change::Removed(_)));
    let come = ids(|change| matches!(change, Change::Added(_)));
    let parts = |side: &Snapshot,
                 other: &Snapshot,
                 moved: &BTreeSet<ObjectId>,
                 change: fn(Object) -> Change| {
        let is_part = |(id, object): &(&ObjectId, &Object)| {
            !other.objects.contains_key(*id) && !moved.contains(*id) && belongs(id, object, side, moved)
        };
        let found = side.objects.iter().filter(is_part);
        found.map(|(id, object)| Delta { id: id.clone(), change: change(object.clone()) }).collect::<Vec<_>>()
    };
    let more = [parts(old, new, &gone, Change::Removed), parts(new, old, &come, Change::Added)].concat();
    if !more.is_empty() {
        found.deltas =
            collect::sorted_by(std::mem::take(&mut found.deltas).into_iter().chain(more), |one, other| {
                one.id.cmp(&other.id)
            });
    }
}

/// Whether the object belongs to one of `moved`: to a relation, or as the sequence of a column.
fn belongs(id: &ObjectId, object: &Object, side: &Snapshot, moved: &BTreeSet<ObjectId>) -> bool {
    let relation_moves = |id: &ObjectId| {
        let relation = |kind: Kind| ObjectId::new(kind, id.relation().into_iter().flatten().cloned());
        let kinds = Kind::iter().filter(|kind| kind.is_relation());
        kinds
            .map(relation)
            .any(|whole| whole != *id && side.objects.contains_key(&whole) && moved.contains(&whole))
    };
    match &object.body {
        Body::Sequence(sequence) => {
            sequence.owned_by.as_ref().is_some_and(|column| moved.contains(column) || relation_moves(column))
        }
        _ => relation_moves(id),
    }
}

/// Old's object where it differs, but not in a way that counts. What it depends on is new's to say.
fn kept(old: &Object, new: &Object) -> Option<Object> {
    let is_same = is_alike(old, new, &[]) || changed(old, new).is_empty();
    (!is_same).then(|| Object { depends_on: new.depends_on.clone(), ..old.clone() })
}

/// New's object with the attributes of old that differ and do not count, where there are such.
fn merged(old: &Object, new: &Object, attributes: &[AttrChange]) -> Option<Object> {
    let counts = |change: &AttrChange| attributes.iter().any(|counted| counted.name == change.name);
    let others: Vec<AttrChange> = changed(old, new).into_iter().filter(|change| !counts(change)).collect();
    if others.is_empty() { None } else { patched(new, &others) }
}

/// The object with attributes put back as they were; `None` where that is no object of its kind.
fn patched(new: &Object, others: &[AttrChange]) -> Option<Object> {
    const OF_ALL_KINDS: [&str; 4] = ["owner", "comment", "grants", "security_labels"];
    let mut value = json::value(new);
    for change in others {
        let fields = match OF_ALL_KINDS.contains(&change.name.as_str()) {
            true => value.as_object_mut()?,
            false => value.get_mut("body")?.as_object_mut()?.values_mut().next()?.as_object_mut()?,
        };
        match &change.old {
            Some(was) => drop(fields.insert(change.name.clone(), was.clone())),
            None => take_out(fields, &change.name),
        }
        if let Some(Value::Object(printed)) = value.get_mut("printed") {
            take_out(printed, &change.name);
        }
    }
    json::of_value(&value)
}

fn take_out(fields: &mut Map<String, Value>, name: &str) {
    let mut kept = Map::new();
    kept.extend(std::mem::take(fields).into_iter().filter(|(known, _)| known != name));
    *fields = kept;
}

#[cfg(test)]
mod tests {
    use crate::{DiffOptions, Kind, Pattern, PlanOptions, Snapshot, plan, render};

    fn snapshot(objects: &str) -> Snapshot {
        Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{objects}}}}}").as_bytes()).unwrap()
    }

    fn table(data_type: &str, more: &str) -> String {
        format!(
            r#""table:public.t": {{"body": {{"table": {{}}}}}},
            "column:public.t.a": {{"body": {{"column": {{"position": 1, "type": "{data_type}", "nullable": true}}}}}}{more}"#
        )
    }

    const VIEW: &str = r#", "view:public.v": {"comment": "ours", "depends_on": ["column:public.t.a"],
        "body": {"view": {"definition": "SELECT a FROM public.t"}}}"#;

    #[test]
    fn what_new_says_nothing_about_comes_back() {
        let old = snapshot(&table("integer", VIEW));
        let mut new = snapshot(&table("bigint", ""));
        new.coverage.unknown_kinds.insert(Kind::View);
        let sql = render::sql(&plan(&old, &new, &PlanOptions::default()).unwrap());
        let at = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} is not in\n{sql}"));
        assert!(at("DROP VIEW public.v") < at("TYPE bigint"));
        assert!(at("TYPE bigint") < at("CREATE VIEW public.v AS\nSELECT a FROM public.t"));
        assert!(at("COMMENT ON VIEW public.v IS 'ours'") > 0);
    }

    #[test]
    fn what_belongs_to_a_table_goes_with_it() {
        let more = r#", "sequence:public.t_a_seq": {"body": {"sequence": {"counting": {"type": "integer", "start": 1, "minimum": 1,
            "maximum": 9, "increment": 1, "cache": 1, "cycle": false}, "owned_by": "column:public.t.a"}}},
            "trigger:public.t.seen": {"body": {"trigger": {"definition": "CREATE TRIGGER seen", "enabled": "origin"}}}"#;
        let old = snapshot(&table("integer", more));
        let mut new = snapshot("");
        new.coverage.unknown_kinds.extend([Kind::Sequence, Kind::Trigger]);
        let options = PlanOptions::default();
        let sql = render::sql(&plan(&old, &new, &options).unwrap());
        let back = render::sql(&plan(&new, &old, &options).unwrap());
        assert!(
            back.contains("CREATE SEQUENCE public.t_a_seq") && back.contains("OWNED BY public.t.a"),
            "{back}"
        );
        assert!(back.contains("CREATE TRIGGER seen"), "{back}");
        let statements =
            |sql: &str| sql.lines().filter(|line| line.ends_with(';')).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(statements(&sql), ["BEGIN;", "DROP TABLE public.t;", "COMMIT;"]);
        // The column alone.
        let rest = r#""table:public.t": {"body": {"table": {}}}"#;
        let mut new = snapshot(rest);
        new.coverage.unknown_kinds.extend([Kind::Sequence, Kind::Trigger]);
        let sql = render::sql(&plan(&old, &new, &options).unwrap());
        assert!(sql.contains("DROP COLUMN a") && !sql.contains("SEQUENCE"), "{sql}");
    }

    #[test]
    fn what_is_ignored_stays() {
        let with = |default: &str, nullable: bool| {
            snapshot(&format!(
                r#""table:public.t": {{"body": {{"table": {{}}}}}}, "column:public.t.a": {{"body": {{"column":
                {{"position": 1, "type": "integer", "default": "{default}", "nullable": {nullable}}}}}}}"#
            ))
        };
        let diff = DiffOptions { ignore: vec![Pattern::new("#default")], ..DiffOptions::default() };
        let options = PlanOptions { diff, ..PlanOptions::default() };
        let sql = render::sql(&plan(&with("1", true), &with("2", false), &options).unwrap());
        assert!(sql.contains("SET NOT NULL") && !sql.contains("DEFAULT"), "{sql}");
    }
}
