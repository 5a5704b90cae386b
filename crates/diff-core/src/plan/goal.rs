//! Where a plan leads: old with what differs brought over. What new's source says nothing about, and what an
//! ignore rule leaves out, is to be as it was, also where it has to be made anew on the way.

use serde_json::Value;

use crate::diff::changed;
use crate::{AttrChange, Change, Diff, Object, Snapshot};

/// Old, with the differences that were found.
pub(super) fn goal(old: &Snapshot, new: &Snapshot, found: &Diff) -> Snapshot {
    let mut objects = old.objects.clone();
    for (id, object) in &mut objects {
        if let Some(wanted) = new.objects.get(id) {
            *object = kept(object, wanted);
        }
    }
    // What goes leaves its name to what comes.
    for delta in &found.deltas {
        match &delta.change {
            Change::Removed(_) => drop(objects.remove(&delta.id)),
            Change::Renamed { from, .. } => drop(objects.remove(from)),
            Change::Added(_) | Change::Altered { .. } => {}
        }
    }
    for delta in &found.deltas {
        let reached = match &delta.change {
            Change::Removed(_) => continue,
            Change::Added(wanted) => wanted.clone(),
            Change::Altered { old, new, attributes } | Change::Renamed { old, new, attributes, .. } => {
                merged(old, new, attributes)
            }
        };
        objects.insert(delta.id.clone(), reached);
    }
    let mut goal = new.clone();
    goal.objects = objects;
    goal
}

/// An object that does not differ, or not in a way that counts: what it depends on is new's to say.
fn kept(old: &Object, new: &Object) -> Object {
    let is_same = old.body == new.body
        && (&old.owner, &old.comment, &old.grants, &old.security_labels)
            == (&new.owner, &new.comment, &new.grants, &new.security_labels);
    if is_same || changed(old, new).is_empty() {
        return new.clone();
    }
    Object { depends_on: new.depends_on.clone(), ..old.clone() }
}

/// New's object where all that differs counts, else old's with the attributes that do.
fn merged(old: &Object, new: &Object, attributes: &[AttrChange]) -> Object {
    let counts = |change: &AttrChange| attributes.iter().any(|counted| counted.name == change.name);
    let others: Vec<AttrChange> = changed(old, new).into_iter().filter(|change| !counts(change)).collect();
    if others.is_empty() {
        return new.clone();
    }
    patched(new, &others).unwrap_or_else(|| new.clone())
}

/// The object with attributes put back as they were; `None` where that is no object of its kind.
fn patched(new: &Object, others: &[AttrChange]) -> Option<Object> {
    const OF_ALL_KINDS: [&str; 4] = ["owner", "comment", "grants", "security_labels"];
    let mut value = serde_json::to_value(new).ok()?;
    for change in others {
        let fields = match OF_ALL_KINDS.contains(&change.name.as_str()) {
            true => value.as_object_mut()?,
            false => value.get_mut("body")?.as_object_mut()?.values_mut().next()?.as_object_mut()?,
        };
        match &change.old {
            Some(was) => drop(fields.insert(change.name.clone(), was.clone())),
            None => drop(fields.remove(&change.name)),
        }
        if let Some(Value::Object(printed)) = value.get_mut("printed") {
            printed.remove(&change.name);
        }
    }
    serde_json::from_value(value).ok()
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
