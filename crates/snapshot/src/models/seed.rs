//! Gives the shadow database what the models take for granted: the real database's extensions, and the
//! functions and types that the models' DDL names and does not make.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Body, Finding, Kind, Object, ObjectId, Snapshot};

use super::Statement;
use crate::error::{Error, reason};
use crate::shadow::Connection;

/// What was given.
#[derive(Default)]
pub(super) struct Seeded {
    pub(super) ids: BTreeSet<ObjectId>,
    pub(super) findings: Vec<Finding>,
}

impl Seeded {
    /// Takes out what is the database's and not the models': all but the types, without which the
    /// comparison would call the database's own types extra.
    pub(super) fn remove_from(&self, objects: &mut BTreeMap<ObjectId, Object>) {
        objects.retain(|id, _| matches!(id.kind(), Kind::Enum | Kind::Domain) || !self.ids.contains(id));
    }
}

/// Creates what `statements` need of `beside`. What cannot be created is a finding.
pub(super) async fn give(
    connection: &Connection,
    beside: &Snapshot,
    statements: &[Statement],
) -> Result<Seeded, Error> {
    let ddl: String =
        statements.iter().map(|statement| statement.sql.as_str()).collect::<Vec<_>>().join("\n");
    let words: BTreeSet<&str> = ddl.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut seeded = Seeded::default();
    connection
        .client
        .batch_execute("SET check_function_bodies = off")
        .await
        .map_err(|error| failed(&error))?;
    for kind in [Kind::Extension, Kind::Enum, Kind::Domain, Kind::Function] {
        for (id, object) in beside.of_kind(kind) {
            let sql = match &object.body {
                Body::Extension(extension) => format!(
                    "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {} CASCADE",
                    quote(id.name()),
                    quote(&extension.schema)
                ),
                Body::Enum(body) if is_needed(id, &words, &ddl) => {
                    let labels: Vec<String> = body.labels.iter().map(|label| literal(label)).collect();
                    format!("CREATE TYPE {} AS ENUM ({})", qualified(id), labels.join(", "))
                }
                Body::Domain(body) if is_needed(id, &words, &ddl) => {
                    let checks = body
                        .checks
                        .iter()
                        .map(|(name, check)| format!(" CONSTRAINT {} {check}", quote(name)));
                    let not_null = if body.nullable { "" } else { " NOT NULL" };
                    let checks: String = checks.collect();
                    format!("CREATE DOMAIN {} AS {}{not_null}{checks}", qualified(id), body.base)
                }
                Body::Function(function) if is_needed(id, &words, &ddl) => function.definition.clone(),
                _ => continue,
            };
            let schema = match &object.body {
                Body::Extension(extension) => &extension.schema,
                _ => id.schema(),
            };
            let sql = format!("CREATE SCHEMA IF NOT EXISTS {}; {sql}", quote(schema));
            match connection.client.batch_execute(&sql).await {
                Ok(()) => drop(seeded.ids.insert(id.clone())),
                Err(error) if error.as_db_error().is_none() => return Err(failed(&error)),
                Err(error) => seeded.findings.push(finding(id, &error)),
            }
        }
    }
    Ok(seeded)
}

fn finding(id: &ObjectId, error: &tokio_postgres::Error) -> Finding {
    let advice = match id.kind() {
        Kind::Extension => "; name a server that has it with --shadow or --pg-bin",
        _ => "",
    };
    Finding {
        message: format!(
            "the shadow database lacks {} {}: {}{advice}",
            id.kind().label(),
            id.dotted(),
            reason(error)
        ),
        detail: None,
        origin: None,
    }
}

/// Whether the DDL names the object and does not make it itself.
fn is_needed(id: &ObjectId, words: &BTreeSet<&str>, ddl: &str) -> bool {
    let name = id.name().split('(').next().unwrap_or_default();
    let makes = |word: &str| {
        [name.to_owned(), quote(name)].iter().any(|name| {
            let end = [" ", "("].iter();
            end.clone().any(|end| ddl.contains(&format!("{word} {name}{end}")))
                || end.clone().any(|end| ddl.contains(&format!("{word} {}.{name}{end}", id.schema())))
        })
    };
    words.contains(name) && !["CREATE TYPE", "CREATE DOMAIN", "FUNCTION"].iter().any(|word| makes(word))
}

fn failed(error: &tokio_postgres::Error) -> Error {
    Error::Shadow(reason(error))
}

fn qualified(id: &ObjectId) -> String {
    format!("{}.{}", quote(id.schema()), quote(id.name()))
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
