//! From a row of a query to an object.

use std::collections::BTreeMap;

use diff_core::{Body, Column, Kind, Object, ObjectId};
use serde_json::Value;
use tokio_postgres::Row;

use super::{Address, canonical, grants, secrets};

/// The place that a row with `class`, `object` and `part` speaks of.
pub(super) fn address(row: &Row) -> Address {
    (row.get("class"), row.get("object"), row.get("part"))
}

/// Reads one row of any of the queries for objects.
pub(super) fn object(row: &Row, major: u32) -> Result<(ObjectId, Object), String> {
    let kind: &str = row.get("kind");
    let path: Vec<String> = row.get("path");
    let owner: Option<String> = row.get("owner");
    let body: Value = serde_json::from_str(row.get("body")).map_err(|error| error.to_string())?;
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
        printed: printed(&body, &settled),
        ..Object::new(secrets::hide(settled))
    };
    if let Body::DefaultPrivileges(body) = &mut object.body {
        body.privileges = std::mem::take(&mut object.grants);
    }
    Ok((id, object))
}

/// The texts that were settled on another spelling, as they were.
fn printed(body: &Body, settled: &Body) -> BTreeMap<String, String> {
    let texts = |body: &Body| match serde_json::to_value(body) {
        Ok(Value::Object(kinds)) => kinds.into_iter().next().and_then(|(_, fields)| match fields {
            Value::Object(fields) => Some(fields),
            _ => None,
        }),
        _ => None,
    };
    let (before, after) = (texts(body).unwrap_or_default(), texts(settled).unwrap_or_default());
    let changed = before.into_iter().filter_map(|(name, value)| {
        let value = text_of(&value).filter(|text| after.get(&name).and_then(text_of) != Some(text))?;
        Some((name, value.to_owned()))
    });
    let mut printed: BTreeMap<String, String> = changed.collect();
    if let Body::Column(column) = body {
        printed.retain(|name, text| name != "default" || !is_own_cast(text, settled, &column.data_type));
    }
    printed
}

/// The text that an attribute is, or holds as its expression.
fn text_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("expression")?.as_str())
}

/// Whether a default was but cast to the column's own type, as it comes to be by itself.
fn is_own_cast(text: &str, settled: &Body, data_type: &str) -> bool {
    let Body::Column(Column { default: Some(settled), .. }) = settled else { return false };
    let bare = data_type.split('(').next().unwrap_or(data_type);
    text.strip_prefix(settled.as_str())
        .and_then(|rest| rest.strip_prefix("::"))
        .is_some_and(|cast| cast == bare || cast == data_type)
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
