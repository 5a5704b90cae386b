//! One schema of a snapshot by itself, under a name that all tenants share: where each has a schema of its own, that
//! is how they are held against each other.

use serde_json::Value;
use strum::IntoEnumIterator as _;

use crate::plan::sql::ident;
use crate::plan::{each_id, replace_name};
use crate::{Body, Coverage, Kind, Ledger, Object, ObjectId, Snapshot, Source, json};

impl Snapshot {
    /// The schemas, by name.
    pub fn schemas(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::Schema).map(|(id, _)| id.name())
    }

    /// What one schema holds, as if it were called `name`. A role of the schema's own name is taken to be the
    /// tenant's, and is called so too. Of what is in no schema nothing is known then.
    pub fn of_schema(&self, schema: &str, name: &str) -> Self {
        let (from, to) = (ident(schema), ident(name));
        let goes = |id: &ObjectId| match id.schema() == schema && !id.kind().is_outside_schemas() {
            true => {
                let rest = id.path()[1..].iter().cloned();
                ObjectId::new(id.kind(), [name.to_owned()].into_iter().chain(rest))
            }
            false => id.clone(),
        };
        let is_within = |id: &ObjectId| id.schema() == schema && !id.kind().is_outside_schemas();
        let object =
            |(id, object): (&ObjectId, &Object)| (goes(id), renamed(object, &from, &to, schema, name, &goes));
        let objects = self.objects.iter().filter(|(id, _)| is_within(id)).map(object);
        let ledger = |ledger: &Ledger| Ledger { table: goes(&ledger.table), ..ledger.clone() };
        let source = Source {
            label: format!("{}, {schema}", self.source.label),
            ledgers: self.source.ledgers.iter().filter(|it| is_within(&it.table)).map(ledger).collect(),
            ..self.source.clone()
        };
        let is_unknown =
            |kind: Kind| kind.is_outside_schemas() || self.coverage.unknown_kinds.contains(&kind);
        let coverage = Coverage {
            schemas: Some([name.to_owned()].into()),
            unknown_kinds: Kind::iter().filter(|kind| is_unknown(*kind)).collect(),
            unknown_attributes: self.coverage.unknown_attributes.clone(),
            hidden: self.coverage.hidden.clone(),
            ..Coverage::default()
        };
        let mut part = Self::new(source, coverage, objects.collect());
        part.sizes =
            self.sizes.iter().filter(|(id, _)| is_within(id)).map(|(id, size)| (goes(id), *size)).collect();
        part
    }
}

/// An object as it is where its schema has another name: ids, and the texts that PostgreSQL prints with it.
fn renamed(
    object: &Object,
    from: &str,
    to: &str,
    schema: &str,
    name: &str,
    goes: &impl Fn(&ObjectId) -> ObjectId,
) -> Object {
    let mut object = object.clone();
    object.depends_on = object.depends_on.iter().map(goes).collect();
    each_id(&mut object.body, goes);
    let role = |role: String| if role == schema { name.to_owned() } else { role };
    object.owner = object.owner.map(role);
    object.grants = object.grants.into_iter().map(|(to, what)| (role(to), what)).collect();
    let qualified = |text: &str| replace_name(text, &format!("{from}."), &format!("{to}."));
    object.printed =
        object.printed.into_iter().map(|(attribute, text)| (attribute, qualified(&text))).collect();
    if let Body::Function(routine) | Body::Procedure(routine) = &mut object.body {
        for value in routine.settings.values_mut() {
            *value = replace_name(value, from, to);
        }
    }
    let mut value = json::value(&object.body);
    each_text(&mut value, &qualified);
    if let Some(body) = json::of_value(&value) {
        object.body = body;
    }
    object
}

fn each_text(value: &mut Value, change: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DiffOptions, diff};

    fn snapshot(schema: &str, others: &str) -> Snapshot {
        let text = format!(
            r#"{{"format": 1, "source": {{"label": "app@host/db"}}, "objects": {{
                "schema:{schema}": {{"owner": "{schema}", "body": {{"schema": {{}}}}}},
                "table:{schema}.users": {{"owner": "{schema}", "grants": {{"{schema}": ["SELECT"]}}, "body": {{"table": {{}}}}}},
                "column:{schema}.users.id": {{"depends_on": ["sequence:{schema}.ids"],
                    "body": {{"column": {{"position": 1, "type": "bigint", "nullable": false, "default": "nextval('{schema}.ids'::regclass)"}}}}}}
                {others}}}}}"#
        );
        Snapshot::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn tenants_are_compared_schema_to_schema() {
        let one = snapshot("t_1", "").of_schema("t_1", "tenant");
        let two =
            snapshot("t_2", r#", "table:public.t_2": {"body": {"table": {}}}"#).of_schema("t_2", "tenant");
        assert_eq!(diff(&one, &two, &DiffOptions::default()).deltas, []);
        assert_eq!(one.objects, two.objects);
        assert_eq!(one.source.label, "app@host/db, t_1");
        let more =
            snapshot("t_3", r#", "table:t_3.more": {"body": {"table": {}}}"#).of_schema("t_3", "tenant");
        let found = diff(&one, &more, &DiffOptions::default()).deltas;
        assert_eq!(found.iter().map(|it| it.id.to_string()).collect::<Vec<_>>(), ["table:tenant.more"]);
    }

    #[test]
    fn a_longer_name_is_another() {
        let one = snapshot(
            "t_1",
            r#", "column:t_1.users.other": {"body": {"column": {"position": 2, "type": "t_11.kind", "nullable": true}}}"#,
        );
        let part = one.of_schema("t_1", "tenant");
        let id: ObjectId = "column:tenant.users.other".parse().unwrap();
        assert!(json::value(&part.objects[&id].body).to_string().contains("t_11.kind"));
    }
}
