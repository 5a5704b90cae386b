//! Gives the shadow database what the models take for granted: the real database's extensions, and the
//! functions and types that the models' DDL names and does not make.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Body, Finding, Kind, Object, ObjectId, Routine, Snapshot, Volatility};

use super::Statement;
use crate::error::{Error, reason};
use crate::quote::{ident, literal, qualified};
use crate::shadow::Connection;

/// What was given.
#[derive(Default)]
pub(super) struct Seeded {
    pub(super) ids: BTreeSet<ObjectId>,
    pub(super) findings: Vec<Finding>,
    types: BTreeMap<ObjectId, Object>,
}

impl Seeded {
    /// Takes out what is the database's and not the models': all but the types, without which the
    /// comparison would call the database's own types extra. Those are as the database has them.
    pub(super) fn settle(&self, objects: &mut BTreeMap<ObjectId, Object>) {
        objects.retain(|id, _| !self.ids.contains(id));
        objects.extend(self.types.clone());
    }
}

/// Creates what `statements` need of `beside`. What cannot be created is a finding.
pub(super) async fn give(
    connection: &Connection,
    beside: &Snapshot,
    statements: &[Statement],
) -> Result<Seeded, Error> {
    let execute = async |sql: &str| connection.client.batch_execute(sql).await;
    execute("SET check_function_bodies = off").await.map_err(|error| failed(&error))?;
    let mut seeded = Seeded::default();
    let mut waiting = needed(beside, statements);
    // They may need each other in any order: as long as one more can be made, the rest is tried again.
    loop {
        let mut refused = Vec::new();
        let before = waiting.len();
        for id in waiting {
            let object = &beside.objects[&id];
            let Some(sql) = create(&id, object, beside) else { continue };
            match execute(&sql).await {
                Ok(()) => {
                    if matches!(id.kind(), Kind::Enum | Kind::Domain) {
                        let checks = checks(&id, beside).map(|(id, check)| (id.clone(), check.clone()));
                        seeded.types.extend(checks);
                        seeded.types.insert(id.clone(), object.clone());
                        seeded.ids.extend(seeded.types.keys().cloned());
                    }
                    seeded.ids.insert(id);
                }
                Err(error) if error.as_db_error().is_none() => return Err(failed(&error)),
                Err(error) => refused.push((id, error)),
            }
        }
        if refused.is_empty() || refused.len() == before {
            seeded.findings = refused.iter().map(|(id, error)| finding(id, error)).collect();
            return Ok(seeded);
        }
        waiting = refused.into_iter().map(|(id, _)| id).collect();
    }
}

const GIVEN: [Kind; 4] = [Kind::Extension, Kind::Enum, Kind::Domain, Kind::Function];

/// All extensions, what the DDL names and does not make, and what that depends on in turn.
fn needed(beside: &Snapshot, statements: &[Statement]) -> Vec<ObjectId> {
    let ddl: String =
        statements.iter().map(|statement| statement.sql.as_str()).collect::<Vec<_>>().join("\n");
    let words: BTreeSet<&str> = ddl.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let of_kind = |kind| beside.of_kind(kind).map(|(id, _)| id.clone());
    let is_named = |id: &ObjectId| id.kind() == Kind::Extension || is_needed(id, &words, &ddl);
    let mut found: Vec<ObjectId> = GIVEN.into_iter().flat_map(of_kind).filter(is_named).collect();
    let mut next = 0;
    while let Some(id) = found.get(next) {
        let more = beside.objects[id].depends_on.iter();
        let more = more.filter(|id| GIVEN.contains(&id.kind()) && beside.objects.contains_key(*id));
        let more: Vec<ObjectId> = more.filter(|id| !found.contains(id)).cloned().collect();
        found.extend(more);
        next += 1;
    }
    found
}

/// The statements that make an object and its schema.
fn create(id: &ObjectId, object: &Object, beside: &Snapshot) -> Option<String> {
    let (schema, sql) = match &object.body {
        Body::Extension(extension) => {
            let (name, schema) = (ident(id.name()), ident(&extension.schema));
            (
                &*extension.schema,
                format!("CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA {schema} CASCADE"),
            )
        }
        Body::Enum(body) => {
            let labels: Vec<String> = body.labels.iter().map(|label| literal(label)).collect();
            (id.schema(), format!("CREATE TYPE {} AS ENUM ({})", qualified(id), labels.join(", ")))
        }
        Body::Domain(body) => {
            let check = |(id, check): (&ObjectId, &Object)| match &check.body {
                Body::DomainCheck(check) => format!(" CONSTRAINT {} {}", ident(id.name()), check.definition),
                _ => String::new(),
            };
            let checks: String = checks(id, beside).map(check).collect();
            let not_null = if body.nullable { "" } else { " NOT NULL" };
            (id.schema(), format!("CREATE DOMAIN {} AS {}{not_null}{checks}", qualified(id), body.base))
        }
        Body::Function(function) => (id.schema(), create_function(id, function)),
        _ => return None,
    };
    Some(format!("CREATE SCHEMA IF NOT EXISTS {}; {sql}", ident(schema)))
}

/// A domain's checks.
fn checks<'a>(domain: &ObjectId, beside: &'a Snapshot) -> impl Iterator<Item = (&'a ObjectId, &'a Object)> {
    beside.of_kind(Kind::DomainCheck).filter(|(id, _)| id.parent() == domain.path())
}

/// What models can tell of a function: that it is there, and what it takes, gives and does.
fn create_function(id: &ObjectId, function: &Routine) -> String {
    let name = format!("{}.{}", ident(id.schema()), bare_name(id));
    let returns =
        function.returns.as_deref().map(|returns| format!(" RETURNS {returns}")).unwrap_or_default();
    let volatility = match function.volatility {
        Volatility::Volatile => "VOLATILE",
        Volatility::Stable => "STABLE",
        Volatility::Immutable => "IMMUTABLE",
    };
    let strict = if function.strict { " STRICT" } else { "" };
    let window = if function.window { " WINDOW" } else { "" };
    let body = match &function.library {
        _ if function.sql_body => function.definition.clone(),
        Some(library) => format!("AS {}, {}", literal(library), literal(&function.definition)),
        None => format!("AS {}", literal(&function.definition)),
    };
    format!(
        "CREATE FUNCTION {name}({}){returns} LANGUAGE {}{window} {volatility}{strict} {body}",
        function.arguments,
        ident(&function.language)
    )
}

/// The name in front of a signature, quoted where it must be.
fn bare_name(id: &ObjectId) -> &str {
    let signature = id.name();
    let end = match signature.strip_prefix('"') {
        // A quote inside is doubled, so that the first single one ends the name.
        Some(quoted) => {
            let skipped = quoted.replace("\"\"", "..");
            skipped.find('"').map_or(signature.len(), |end| end + 2)
        }
        None => signature.find('(').unwrap_or(signature.len()),
    };
    &signature[..end]
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
        is_loss: false,
        detail: None,
        origin: None,
    }
}

/// Whether the DDL names the object and does not make it itself.
fn is_needed(id: &ObjectId, words: &BTreeSet<&str>, ddl: &str) -> bool {
    let name = match id.kind() {
        Kind::Function => bare_name(id).trim_matches('"'),
        _ => id.name(),
    };
    let makes = |word: &str| {
        [name.to_owned(), ident(name)].iter().any(|name| {
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
