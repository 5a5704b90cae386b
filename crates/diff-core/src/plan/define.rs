//! The SQL that makes one object: a plan from what stands around it to that and the object.

use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;

use super::work::{Work, container, contents, parents};
use super::{ddl, goal, graph};
use crate::{Body, Change, Delta, Diff, DiffOptions, Object, ObjectId, Snapshot, collect, diff};

type Objects = BTreeMap<ObjectId, Object>;

/// The SQL that makes the object `id` of `snapshot` with everything that it contains, as the planner writes it:
/// a blank line between statements, each with its semicolon. A column has the text that it has in CREATE TABLE;
/// an unknown id has none.
pub fn definition(snapshot: &Snapshot, id: &ObjectId) -> String {
    let Some((id, object)) = snapshot.objects.get_key_value(id) else { return String::new() };
    let own = whole(snapshot, id);
    let around = around(snapshot, id, &own);
    let restricted = |objects: Objects| Snapshot {
        source: snapshot.source.clone(),
        coverage: snapshot.coverage.clone(),
        objects,
        ..Snapshot::default()
    };
    let added = own.iter().map(|id| ((*id).clone(), snapshot.objects[*id].clone()));
    let found = Diff {
        deltas: added.map(|(id, object)| Delta { id, change: Change::Added(object) }).collect(),
        ..Diff::default()
    };
    let copies = |ids: &BTreeSet<&ObjectId>| -> Objects {
        collect::map(ids.iter().map(|id| ((*id).clone(), snapshot.objects[*id].clone())))
    };
    let standing = copies(&around);
    let mut objects = standing.clone();
    objects.extend(copies(&own));
    let (old, new) = (restricted(standing), restricted(objects));
    // Nobody runs it, so that every owner is said.
    let work = Work::new(&old, &new, &found, Vec::new(), Some(String::new()));
    if let Body::Column(column) = &object.body {
        return ddl::column(&work, id, object, column);
    }
    graph::order(&work)
        .groups
        .iter()
        .flat_map(|group| &group.statements)
        .map(|statement| format!("{};", statement.sql))
        .join("\n\n")
}

/// The SQL that makes the object `id` in old and in new. The two differ in what counts alone: whatever else differs,
/// new has as old does.
pub fn definitions(old: &Snapshot, new: &Snapshot, id: &ObjectId, options: &DiffOptions) -> (String, String) {
    let (mut old, new) = (part(old, id), part(new, id));
    let found = diff(&old, &new, options);
    let mut goal = goal::goal(&old, &new, &found).into_owned();
    goal.coverage = old.coverage.clone();
    let counted = collect::map(found.deltas.iter().map(|delta| (&delta.id, delta)));
    for (id, object) in &mut goal.objects {
        let Some(was) = old.objects.get_mut(id) else { continue };
        match counted.get(id) {
            // The same, perhaps in another spelling.
            None => object.clone_from(was),
            Some(delta) => {
                let differs = |name: &String| delta.attributes().iter().any(|change| change.name == *name);
                for printed in [&mut object.printed, &mut was.printed] {
                    let texts = std::mem::take(printed).into_iter();
                    *printed = collect::map(texts.filter(|(name, _)| differs(name)));
                }
            }
        }
    }
    (definition(&old, id), definition(&goal, id))
}

/// The snapshot with nothing but an object, what is in it, and what it stands on.
fn part(snapshot: &Snapshot, id: &ObjectId) -> Snapshot {
    let objects = match snapshot.objects.get_key_value(id) {
        Some((id, _)) => {
            let own = whole(snapshot, id);
            let ids = around(snapshot, id, &own).into_iter().chain(own);
            collect::map(ids.map(|id| (id.clone(), snapshot.objects[id].clone())))
        }
        None => Objects::new(),
    };
    Snapshot {
        source: snapshot.source.clone(),
        coverage: snapshot.coverage.clone(),
        objects,
        ..Snapshot::default()
    }
}

/// The object, what lies in it, and the sequences that its columns own.
fn whole<'s>(snapshot: &'s Snapshot, id: &'s ObjectId) -> BTreeSet<&'s ObjectId> {
    let mut whole = collect::set(contents(snapshot, id).chain([id]));
    if !id.kind().is_relation() {
        return whole;
    }
    let needed = whole.iter().flat_map(|inside| &snapshot.objects[*inside].depends_on).collect_vec();
    for needed in needed {
        let owner = match snapshot.objects.get_key_value(needed) {
            Some((sequence, Object { body: Body::Sequence(it), .. })) => {
                it.owned_by.as_ref().zip(Some(sequence))
            }
            _ => None,
        };
        if let Some((owner, sequence)) = owner
            && whole.contains(owner)
        {
            whole.insert(sequence);
        }
    }
    whole
}

/// What stands already: what the object lies in, what it needs, and the tables that it follows.
fn around<'s>(
    snapshot: &'s Snapshot,
    id: &'s ObjectId,
    own: &BTreeSet<&'s ObjectId>,
) -> BTreeSet<&'s ObjectId> {
    let mut around: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut relations: Vec<&ObjectId> = vec![id];
    while let Some(relation) = relations.pop() {
        let outer = container(snapshot, relation);
        relations.extend(outer);
        let above = parents(&snapshot.objects[relation].body).into_iter();
        relations.extend(above.filter_map(|above| snapshot.objects.get_key_value(above)).map(|(id, _)| id));
        around.insert(relation);
        around.extend(contents(snapshot, relation));
    }
    let needed = own.iter().flat_map(|id| &snapshot.objects[*id].depends_on);
    around.extend(needed.filter_map(|id| snapshot.objects.get_key_value(id)).map(|(id, _)| id));
    collect::set(around.into_iter().filter(|id| !own.contains(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        let text = r#"{"format": 1, "objects": {
            "schema:public": {"owner": "pg_database_owner", "body": {"schema": {}}},
            "sequence:public.users_id_seq": {"body": {"sequence": {"counting":
                {"type": "integer", "start": 1, "increment": 1, "cache": 1, "cycle": false},
                "owned_by": "column:public.users.id"}}},
            "table:public.users": {"owner": "shop", "comment": "who buys", "grants": {"app": ["SELECT"]},
                "body": {"table": {"row_security": "on"}}},
            "column:public.users.id": {"depends_on": ["sequence:public.users_id_seq"],
                "body": {"column": {"position": 1, "type": "integer", "nullable": false, "serial": true}}},
            "column:public.users.email": {"comment": "lower case",
                "body": {"column": {"position": 2, "type": "text", "nullable": true}}},
            "primary_key:public.users.users_pkey": {"depends_on": ["column:public.users.id"],
                "body": {"primary_key": {"definition": "PRIMARY KEY (id)"}}},
            "foreign_key:public.users.boss": {"depends_on": ["column:public.users.id", "table:public.staff"],
                "body": {"foreign_key": {"definition": "FOREIGN KEY (id) REFERENCES public.staff(id)"}}},
            "index:public.users.ix": {"depends_on": ["column:public.users.email"],
                "body": {"index": {"definition": "USING btree (email)"}}},
            "table:public.staff": {"body": {"table": {}}}
        }}"#;
        Snapshot::from_json(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(id: &str, expected: &str) {
        assert_eq!(definition(&snapshot(), &id.parse().unwrap()), expected);
    }

    #[test]
    fn a_table_has_everything_that_it_contains() {
        check(
            "table:public.users",
            "CREATE SEQUENCE public.users_id_seq AS integer;

CREATE TABLE public.users (
    id integer DEFAULT nextval('public.users_id_seq'::regclass) NOT NULL,
    email text,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);

COMMENT ON COLUMN public.users.email IS 'lower case';

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users OWNER TO shop;

COMMENT ON TABLE public.users IS 'who buys';

GRANT SELECT ON TABLE public.users TO app;

ALTER TABLE public.users ADD CONSTRAINT boss FOREIGN KEY (id) REFERENCES public.staff(id);

CREATE INDEX ix ON public.users USING btree (email);

ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;",
        );
    }

    #[test]
    fn a_part_has_its_own_text() {
        check(
            "column:public.users.id",
            "id integer DEFAULT nextval('public.users_id_seq'::regclass) NOT NULL",
        );
        check("index:public.users.ix", "CREATE INDEX ix ON public.users USING btree (email);");
        check(
            "primary_key:public.users.users_pkey",
            "ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);",
        );
        check("schema:public", "CREATE SCHEMA public;\n\nALTER SCHEMA public OWNER TO pg_database_owner;");
        check("table:public.nothing", "");
    }

    #[test]
    fn both_sides_differ_in_what_counts_alone() {
        let old = snapshot();
        let mut new = snapshot();
        let id: ObjectId = "table:public.users".parse().unwrap();
        new.coverage.unknown_attributes.insert("owner".to_owned());
        new.coverage.unknown_kinds.insert(crate::Kind::Index);
        new.objects.remove(&"index:public.users.ix".parse().unwrap());
        new.objects.get_mut(&id).unwrap().owner = None;
        let (a, b) = definitions(&old, &new, &id, &DiffOptions::default());
        assert_eq!(a, definition(&old, &id));
        assert_eq!(a, b);
        let email: ObjectId = "column:public.users.email".parse().unwrap();
        if let Body::Column(column) = &mut new.objects.get_mut(&email).unwrap().body {
            column.data_type = "character varying(80)".to_owned();
        }
        let (a, b) = definitions(&old, &new, &id, &DiffOptions::default());
        assert_eq!(b, a.replace("email text", "email character varying(80)"));
        assert_ne!(a, b);
    }
}
