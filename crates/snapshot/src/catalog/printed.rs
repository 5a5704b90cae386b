//! What the server printed, where the snapshot compares another spelling of the same: plans write this.

use std::collections::BTreeMap;

use diff_core::{Body, Column};
use serde_json::Value;

/// The order in which options were set, where it is not that of their names.
pub(super) fn options_order(body: &mut Value) -> Option<(String, String)> {
    let order = body.as_object_mut()?.remove("options_order")?;
    let order = order.as_str()?;
    let is_sorted = order.split(',').is_sorted();
    (!is_sorted).then(|| ("options".to_owned(), order.to_owned()))
}

/// The texts that were settled on another spelling, as they were.
pub(super) fn texts(body: &Body, settled: &Body) -> BTreeMap<String, String> {
    if body == settled {
        return BTreeMap::new();
    }
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
        Some((name, restorable(value)))
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
        .is_some_and(|cast| cast == bare || cast == data_type || cast == "bpchar" && bare == "character")
}

/// The text that the server will print just so once it has run it. It prints a list of `character varying`
/// that it took for `text` with a cast around the list, which it would read as a cast of each element.
fn restorable(text: &str) -> String {
    const OPEN: &str = "(ARRAY[";
    const CLOSE: &str = "])::text[]";
    const ELEMENT: &str = "'::character varying";
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(OPEN) {
        let inside = &rest[start + OPEN.len()..];
        let list = inside.find(CLOSE).map(|end| &inside[..end]);
        out.push_str(&rest[..start]);
        match list.filter(|list| list.split(", ").all(|one| one.starts_with('\'') && one.ends_with(ELEMENT)))
        {
            Some(list) => {
                out.push_str(&format!("ARRAY[{list}]"));
                rest = &inside[list.len() + CLOSE.len()..];
            }
            None => {
                out.push_str(OPEN);
                rest = inside;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_as_they_were_taken() {
        let printed =
            "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))";
        let written = "CHECK (((a)::text = ANY (ARRAY['x'::character varying, 'y'::character varying])))";
        assert_eq!(restorable(printed), written);
        for other in ["(ARRAY[a, b])::text[]", "(ARRAY['a'::text", "a = 1"] {
            assert_eq!(restorable(other), other);
        }
    }
}
