//! Gives the shadow database what the models take for granted: the real database's extensions, and the
//! functions and types that the models' DDL names and does not make.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Action, Body, Finding, Kind, Object, ObjectId, PlanOptions, Snapshot, plan};

use super::Statement;
use crate::error::{Error, reason};
use crate::quote::ident;
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

/// Creates what `statements` need of `beside`, by a plan from nothing. What cannot be created is a finding.
pub(super) async fn give(
    connection: &Connection,
    beside: &Snapshot,
    statements: &[Statement],
) -> Result<Seeded, Error> {
    let execute = async |sql: &str| connection.client.batch_execute(sql).await;
    execute("SET check_function_bodies = off").await.map_err(|error| failed(&error))?;
    let part = part(beside, &needed(beside, statements));
    let plan = plan(&Snapshot::of_new_database(Some(beside)), &part, &PlanOptions::default())?;
    let mut seeded = Seeded::default();
    let mut refused: BTreeSet<&ObjectId> = BTreeSet::new();
    for statement in plan
        .statements()
        .filter(|statement| statement.object.kind() != Kind::Schema || statement.action == Action::Create)
    {
        match execute(&statement.sql).await {
            Ok(()) => {}
            Err(error) if error.as_db_error().is_none() => return Err(failed(&error)),
            Err(error) if refused.insert(&statement.object) => {
                seeded.findings.push(finding(&statement.object, &error));
            }
            Err(_) => {}
        }
    }
    for (id, _) in part.objects.iter().filter(|(id, _)| id.kind() != Kind::Schema && !refused.contains(id)) {
        seeded.ids.insert(id.clone());
        if matches!(id.kind(), Kind::Enum | Kind::Domain | Kind::DomainCheck) {
            seeded.types.insert(id.clone(), beside.objects[id].clone());
        }
    }
    Ok(seeded)
}

/// The objects of a snapshot that are named, with what they lie in and without what only their owner cares for.
fn part(beside: &Snapshot, ids: &[ObjectId]) -> Snapshot {
    let mut part = Snapshot::of_new_database(Some(beside));
    let schema = |name: &str| ObjectId::new(Kind::Schema, [name]);
    for id in ids {
        let mut object = Object {
            printed: beside.objects[id].printed.clone(),
            ..Object::new(beside.objects[id].body.clone())
        };
        object.depends_on.clone_from(&beside.objects[id].depends_on);
        let own = match &mut object.body {
            Body::Extension(extension) => {
                // Any version will do.
                extension.version.clear();
                schema(&extension.schema)
            }
            _ => schema(id.schema()),
        };
        part.objects.entry(own).or_insert_with(|| Object::new(Body::Schema(diff_core::Schema::default())));
        part.objects.insert(id.clone(), object);
        part.objects.extend(checks(id, beside).map(|(id, check)| (id.clone(), check.clone())));
    }
    part
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
        // A domain is made with its checks.
        let checks = checks(id, beside).flat_map(|(_, check)| &check.depends_on);
        let more = beside.objects[id].depends_on.iter().chain(checks);
        let more = more.filter(|id| GIVEN.contains(&id.kind()) && beside.objects.contains_key(*id));
        let more: Vec<ObjectId> = more.filter(|id| !found.contains(id)).cloned().collect();
        found.extend(more);
        next += 1;
    }
    found
}

/// A domain's checks.
fn checks<'a>(domain: &ObjectId, beside: &'a Snapshot) -> impl Iterator<Item = (&'a ObjectId, &'a Object)> {
    beside.of_kind(Kind::DomainCheck).filter(|(id, _)| id.parent() == domain.path())
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
