//! `docs/schemas`: what the JSON of each command looks like, made from the types themselves.
//!
//! Only tests compile this, so that neither the command nor the page carries it. A snapshot's schema is that of what is
//! read: what may be left out is not asked for. The others are of what is written.

use std::borrow::Cow;
use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use strum::IntoEnumIterator;

use crate::{Agreement, Baseline, Found, History, Kind, ObjectId, Plan, Report, Snapshot};

/// Where the schemas are published.
const PUBLISHED: &str = "https://raw.githubusercontent.com/driftglass/driftglass/main/docs/schemas";

impl JsonSchema for ObjectId {
    fn schema_name() -> Cow<'static, str> {
        "ObjectId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds = Kind::iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join("|");
        json_schema!({
            "type": "string",
            "description": "The address of an object: its kind, and its path with dots, quoted where it must be.",
            "pattern": format!("^({kinds}):[\\s\\S]+$"),
            "examples": ["column:public.users.email"],
        })
    }
}

/// Refuses keys that no type has, so that one that is forgotten here is found.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
}

fn schema<T: JsonSchema>(name: &str, settings: SchemaSettings) -> String {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(close).transform(&mut schema);
    schema.insert("$id".to_owned(), Value::String(format!("{PUBLISHED}/{name}.json")));
    crate::render::json(&schema)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads what it compares with")]
fn the_published_schemas_are_those_of_the_types() {
    let settings = SchemaSettings::draft2020_12;
    let (read, written) = (settings().for_deserialize(), settings().for_serialize());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    for (name, made) in [
        ("snapshot-1", schema::<Snapshot>("snapshot-1", read.clone())),
        ("baseline-1", schema::<Baseline>("baseline-1", read.clone())),
        ("history-1", schema::<History>("history-1", read)),
        ("report-1", schema::<Report>("report-1", written.clone())),
        ("plan-1", schema::<Plan>("plan-1", written.clone())),
        ("compare-1", schema::<Agreement>("compare-1", written.clone())),
        ("lint-1", schema::<Vec<Found>>("lint-1", written)),
    ] {
        let path = folder.join(format!("{name}.json"));
        if std::env::var_os("DRIFTGLASS_SCHEMAS").is_some_and(|value| value == "write") {
            std::fs::write(&path, &made).unwrap();
        }
        // The order of keys depends on what else is compiled.
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        assert!(
            parse(&kept) == parse(&made),
            "{name} is not of these types: DRIFTGLASS_SCHEMAS=write makes it anew"
        );
    }
}
