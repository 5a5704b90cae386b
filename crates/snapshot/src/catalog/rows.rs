//! From a row of a query to an object.

use diff_core::{Body, Kind, Object, ObjectId};
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{Json, Type};

use super::{Address, canonical, grants, printed, secrets};

/// The place that a row with `class`, `object` and `part` speaks of.
pub(super) fn address(row: &Row) -> Address {
    (row.get("class"), row.get("object"), row.get("part"))
}

/// Reads one row of any of the queries for objects.
pub(super) fn object(row: &Row, major: u32) -> Result<(ObjectId, Object), String> {
    let kind: &str = row.get("kind");
    let path: Vec<String> = row.get("path");
    let owner: Option<String> = row.get("owner");
    let mut body = fields(row)?;
    let order = printed::options_order(&mut body);
    let tagged = Value::Object([(kind.to_owned(), tidy(body))].into_iter().collect());
    let body: Body = serde_json::from_value(tagged).map_err(|error| format!("{kind} {path:?}: {error}"))?;
    let id = ObjectId::new(body.kind(), path);
    let items: Option<Vec<String>> = row.get("grants");
    // Without an ACL of its own a column has no privileges of its own, and its owner lacks none.
    let grants = items.map(|items| grants::read(&items, owner.as_deref(), grants::all(&id, major)));
    let settled = canonical::settle(body.clone());
    let mut object = Object {
        grants: grants.unwrap_or_default(),
        owner,
        printed: printed::texts(&body, &settled).into_iter().chain(order).collect(),
        ..Object::new(secrets::hide(settled))
    };
    if let Body::DefaultPrivileges(body) = &mut object.body {
        body.privileges = std::mem::take(&mut object.grants);
    }
    Ok((id, object))
}

/// The columns that are no field of the body, and come first.
const COMMON: usize = 7;

/// The fields of the body: those of the column `body`, and each column beside it.
fn fields(row: &Row) -> Result<Value, String> {
    let mut fields = Map::new();
    for (at, column) in row.columns().iter().enumerate().skip(COMMON) {
        match value(row, at, column.type_()).map_err(|error| error.to_string())? {
            Some(Value::Object(body)) if column.name() == "body" => fields.extend(body),
            Some(value) => drop(fields.insert(column.name().to_owned(), value)),
            None => {}
        }
    }
    Ok(Value::Object(fields))
}

fn value(row: &Row, at: usize, kind: &Type) -> Result<Option<Value>, tokio_postgres::Error> {
    Ok(match *kind {
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map(Value::from),
        Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map(Value::from),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(Value::from),
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Value::from),
        Type::JSON => row.try_get::<_, Option<Json<Value>>>(at)?.map(|json| json.0),
        _ => row.try_get::<_, Option<String>>(at)?.map(Value::from),
    })
}

/// Takes out nulls, and turns `["column", "public", "t", "c"]` into the written id.
fn tidy(body: Value) -> Value {
    let Value::Object(fields) = without_nulls(body) else { return Value::Null };
    let tidied = fields.into_iter().map(|(name, value)| {
        let value = match name.as_str() {
            "owned_by" | "of" | "attached_to" => written_id(&value),
            "inherits" => Value::Array(value.as_array().into_iter().flatten().map(written_id).collect()),
            // A list of tables, each with what is said of it.
            "tables" => Value::Object(value.as_array().into_iter().flatten().filter_map(keyed).collect()),
            _ => value,
        };
        (name, value)
    });
    Value::Object(tidied.collect())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Takes the field `table` out as the key.
fn keyed(entry: &Value) -> Option<(String, Value)> {
    let mut fields = entry.as_object()?.clone();
    let id = written_id(&fields.remove("table")?);
    Some((id.as_str()?.to_owned(), Value::Object(fields)))
}

fn written_id(parts: &Value) -> Value {
    let texts: Vec<&str> = parts.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let id = texts.split_first().and_then(|(kind, path)| {
        Some(ObjectId::new(kind.parse::<Kind>().ok()?, path.iter().copied()).to_string())
    });
    id.map_or(Value::Null, Value::String)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_written_and_nulls_left_out() {
        let read = json!({
            "of": ["table", "public", "t"],
            "inherits": [["table", "public", "a.b"]],
            "bound": null,
            "options": {"of": "anything", "tables": null},
            "tables": [{"table": ["table", "public", "t"], "columns": ["a"], "filter": null}],
        });
        let tidied = json!({
            "of": "table:public.t",
            "inherits": ["table:public.\"a.b\""],
            "options": {"of": "anything"},
            "tables": {"table:public.t": {"columns": ["a"]}},
        });
        assert_eq!(tidy(read), tidied);
    }
}
