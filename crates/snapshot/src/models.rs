//! SQLAlchemy models: Python tells their DDL, the shadow database runs it, the catalog reader reads it.

mod python;
mod seed;

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Body, Coverage, Finding, Kind, Object, ObjectId, Origin, Snapshot};
use serde_json::Value;
use strum::IntoEnumIterator;

use crate::error::{Error, reason};
use crate::shadow::{Connection, with_database};
use crate::{Options, catalog, interrupt, secrets};
pub(crate) use python::Extracted;
use python::Statement;

/// How models are imported.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    /// A command that runs Python with a script on standard input, such as `docker compose exec -T app
    /// python`. By default the project's `.venv`, then `python3`.
    pub python: Option<String>,
    /// Folders for the import path, before the working folder.
    pub paths: Vec<String>,
    /// Variables to set before the import.
    pub environment: BTreeMap<String, String>,
    /// Python to run before the import, such as pushing an application context.
    pub init: Option<String>,
}

/// Kinds that every model set speaks of. The others models declare only by DDL of their own; a model set
/// without any says nothing about them.
const ALWAYS_DECLARED: [Kind; 10] = [
    Kind::Schema,
    Kind::Enum,
    Kind::Table,
    Kind::Column,
    Kind::PrimaryKey,
    Kind::Unique,
    Kind::Check,
    Kind::ForeignKey,
    Kind::Exclusion,
    Kind::Index,
];

/// Attributes that depend on who runs the DDL, not on the models.
const NEVER_DECLARED: [&str; 3] = ["owner", "grants", "version"];

/// Attributes that models declare only by DDL of their own, as with the kinds.
const SELDOM_DECLARED: [&str; 9] = [
    "clustered",
    "compression",
    "index_comment",
    "not_null",
    "replica_identity",
    "row_security",
    "security_labels",
    "statistics",
    "storage",
];

/// Reads the models that `targets` name.
pub(crate) async fn read(targets: &[String], options: &Options) -> Result<Snapshot, Error> {
    let major = options.beside.as_ref().and_then(|beside| server_major(&beside.source.server));
    let extracted = interrupt::guard(python::extract(targets, &options.models, major)).await?;
    let shadow = crate::ShadowOptions {
        python: Some(crate::python::command(&options.models)),
        ..options.shadow.clone()
    };
    let (mut snapshot, findings, seeded) = with_database(&shadow, major, async |connection| {
        let seeded = match &options.beside {
            Some(beside) => seed::give(connection, beside, &extracted.statements).await?,
            None => seed::Seeded::default(),
        };
        let findings = load(connection, &extracted.statements).await?;
        Ok((catalog::read(&connection.client, &connection.target).await?, findings, seeded))
    })
    .await?;
    seeded.settle(&mut snapshot.objects);
    attach_origins(&mut snapshot.objects, &extracted);
    let not_modelled = std::mem::take(&mut snapshot.coverage.not_modelled);
    snapshot.coverage =
        Coverage { not_modelled, ..coverage(&snapshot.objects, &seeded, &extracted.statements) };
    snapshot.source.kind = "models".to_owned();
    snapshot.source.label = format!("{} (SQLAlchemy {})", targets.join(", "), extracted.sqlalchemy);
    // Sizes of empty tables say nothing.
    let mut snapshot = Snapshot::new(snapshot.source, snapshot.coverage, snapshot.objects);
    snapshot.findings = [seeded.findings, findings, extracted.findings()].concat();
    Ok(snapshot)
}

/// The major version of `15.4`.
pub(crate) fn server_major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// Runs the statements, each in a savepoint of its own: what PostgreSQL refuses is a finding about the
/// model, and the rest is loaded all the same.
async fn load(connection: &Connection, statements: &[Statement]) -> Result<Vec<Finding>, Error> {
    let client = &connection.client;
    let failed = |error: tokio_postgres::Error| Error::Shadow(reason(&error));
    // Functions may name tables that come later.
    client.batch_execute("SET check_function_bodies = off; BEGIN").await.map_err(failed)?;
    let mut findings = Vec::new();
    for statement in statements {
        // Two messages: in one, a syntax error would take the savepoint with it.
        let (saved, ran) =
            tokio::join!(client.batch_execute("SAVEPOINT one"), client.batch_execute(&statement.sql));
        saved.map_err(failed)?;
        let end = if ran.is_ok() { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
        client.batch_execute(end).await.map_err(failed)?;
        if let Err(error) = ran {
            secrets::keep_statement(&statement.sql);
            findings.push(Finding {
                is_loss: true,
                message: format!("PostgreSQL refuses {}: {}", statement.subject(), reason(&error)),
                detail: Some(statement.sql.clone()),
                origin: statement.origin(),
            });
        }
    }
    client.batch_execute("COMMIT").await.map_err(failed)?;
    Ok(findings)
}

fn attach_origins(objects: &mut BTreeMap<ObjectId, Object>, extracted: &Extracted) {
    let mut origins: BTreeMap<Vec<String>, Origin> = BTreeMap::new();
    for statement in &extracted.statements {
        if let (Some(path), Some(origin)) = (&statement.object, statement.origin()) {
            origins.entry(path.clone()).or_insert(origin);
        }
    }
    for table in &extracted.origins {
        origins.extend(table.paths());
    }
    for (id, object) in objects {
        object.origin = origins.get(id.path()).cloned();
    }
}

fn coverage(
    objects: &BTreeMap<ObjectId, Object>,
    seeded: &seed::Seeded,
    statements: &[Statement],
) -> Coverage {
    let own = || objects.iter().filter(|(id, _)| !seeded.ids.contains(*id));
    // A sequence that a column owns is the column's declaration.
    let is_declared = |object: &Object| match &object.body {
        Body::Sequence(sequence) => sequence.owned_by.is_none(),
        _ => true,
    };
    let mut declared: BTreeSet<Kind> =
        own().filter(|(_, object)| is_declared(object)).map(|(id, _)| id.kind()).collect();
    // A domain is declared with its checks, or with none.
    if declared.contains(&Kind::Domain) {
        declared.insert(Kind::DomainCheck);
    }
    let unknown = Kind::iter().filter(|kind| !ALWAYS_DECLARED.contains(kind) && !declared.contains(kind));
    let used: BTreeSet<String> = own().flat_map(|(_, object)| attributes(object)).collect();
    let is_unknown = |name: &&str| match *name {
        "row_security" => !declared.contains(&Kind::Policy),
        name => !used.contains(name),
    };
    let seldom = SELDOM_DECLARED.into_iter().filter(is_unknown);
    let attributes = NEVER_DECLARED.into_iter().chain(seldom).map(str::to_owned).collect();
    // Also those of which PostgreSQL refused every statement.
    let asked = statements.iter().filter_map(|statement| statement.schema().map(str::to_owned));
    let made = own().map(|(id, _)| id);
    let made = made.filter(|id| id.kind() != Kind::Schema && !id.kind().is_outside_schemas());
    let schemas = made.map(|id| id.schema().to_owned()).chain(asked).collect();
    Coverage {
        unknown_kinds: unknown.collect(),
        unknown_attributes: attributes,
        schemas: Some(schemas),
        ..Coverage::default()
    }
}

/// The names of the attributes that an object has.
fn attributes(object: &Object) -> Vec<String> {
    let names = |value: Value| match value {
        Value::Object(fields) => fields.into_iter().collect(),
        _ => Vec::new(),
    };
    let of_kind = |value: Value| names(value).into_iter().flat_map(|(_, body)| names(body));
    let object = serde_json::to_value(object).map(names).unwrap_or_default().into_iter();
    let all = object.flat_map(|(name, value)| match name.as_str() {
        "body" => of_kind(value).collect(),
        _ => vec![(name, Value::Null)],
    });
    all.map(|(name, _)| name).collect()
}
