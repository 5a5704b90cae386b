//! Alembic's migrations: the project's own Python runs them in the shadow database, the catalog reader reads it.
//!
//! Where that Python cannot reach the shadow (a container), Alembic writes SQL, which is loaded as files are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diff_core::{Body, Finding, Kind, Revision, Snapshot};
use serde::{Deserialize, Serialize};

use crate::error::{Error, reason};
use crate::models::server_major;
use crate::python::{ask, command};
use crate::quote::ident;
use crate::shadow::{Connection, with_database};
use crate::{Extent, Options, catalog, sql};

/// One script, in parts; the last one calls the first.
const SCRIPT: &str = concat!(
    include_str!("models/extract/main.py"),
    include_str!("models/extract/project.py"),
    include_str!("migrations/migrate.py"),
    include_str!("models/extract/failures.py"),
);

/// What the script is told.
#[derive(Serialize)]
struct Request<'a> {
    migrations: &'a str,
    targets: &'a [String],
    shadow: Option<BTreeMap<&'static str, String>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'a [String],
    environment: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    init: Option<&'a str>,
}

/// What it sends back.
#[derive(Deserialize)]
pub(crate) struct Built {
    alembic: String,
    pub(crate) history: Vec<Revision>,
    /// What is to be run, where it has not been.
    sql: Option<String>,
    /// Why it has not been.
    offline: Option<String>,
}

/// What migrations may take for granted, since somebody makes it beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    Roles,
    Schemas,
    Extensions,
}

/// Reads what the migrations build: all of them, or those of `options.extent`.
pub(crate) async fn read(path: &str, options: &Options) -> Result<Snapshot, Error> {
    let major = options.beside.as_ref().and_then(|beside| server_major(&beside.source.server));
    let python = command(&options.models);
    let shadow = crate::ShadowOptions { python: Some(python.clone()), ..options.shadow.clone() };
    let mut given = BTreeSet::new();
    let (mut snapshot, built) = loop {
        let work = async |connection: &Connection| {
            if let Some(beside) = &options.beside {
                give(connection, beside, &given).await?;
            }
            let built = build(connection, path, &python, options).await?;
            Ok((catalog::read(&connection.client, &connection.target).await?, built))
        };
        match with_database(&shadow, major, work).await {
            Ok(done) => break done,
            // What is there already when the migrations begin is given only where they cannot do without it:
            // they may as well make it themselves.
            Err(error) => match options.beside.as_ref().and_then(|_| lacking(&error.to_string())) {
                Some(lacking) if given.insert(lacking) => {}
                _ => return Err(error),
            },
        }
    };
    snapshot.coverage.unknown_attributes.extend(unsaid(&snapshot));
    if given.contains(&Given::Extensions) {
        snapshot.coverage.unknown_kinds.insert(Kind::Extension);
    }
    snapshot.source.kind = "migrations".to_owned();
    let up_to = options.extent.words(&built.history);
    snapshot.source.label = format!("{path}{up_to} (Alembic {})", built.alembic);
    snapshot.source.history = built.history;
    // Sizes of empty tables say nothing.
    let mut snapshot = Snapshot::new(snapshot.source, snapshot.coverage, snapshot.objects);
    snapshot.findings.extend(built.offline.map(|why| Finding {
        message: format!(
            "The migrations were written as SQL (`alembic upgrade --sql`) and then run, since {why}."
        ),
        is_loss: false,
        detail: None,
        origin: None,
    }));
    Ok(snapshot)
}

async fn build(connection: &Connection, path: &str, python: &str, options: &Options) -> Result<Built, Error> {
    let request = Request {
        migrations: path,
        targets: match &options.extent {
            Extent::All => &[],
            Extent::UpTo(one) => std::slice::from_ref(one),
            Extent::Only(some) => some,
        },
        shadow: connection.target.place(),
        path: &options.models.paths,
        environment: &options.models.environment,
        init: options.models.init.as_deref(),
    };
    let built: Built = ask(python, SCRIPT, &request).await?;
    if let Some(text) = &built.sql {
        sql::run(connection, Path::new("alembic upgrade --sql"), text).await?;
        sql::settle(connection).await?;
    }
    Ok(built)
}

/// What the server misses, as its error has it.
fn lacking(error: &str) -> Option<Given> {
    let is_missing = |kind: &str| {
        error.match_indices(kind).any(|(at, _)| {
            let line = error[at..].lines().next().unwrap_or_default();
            line.contains("does not exist")
        })
    };
    let of_extensions =
        ["type ", "function ", "operator ", "operator class ", "access method ", "text search "];
    match () {
        () if is_missing("role \"") => Some(Given::Roles),
        () if is_missing("schema \"") => Some(Given::Schemas),
        () if of_extensions.iter().any(|kind| is_missing(kind)) => Some(Given::Extensions),
        () => None,
    }
}

/// Makes what is taken for granted, as the real database has it. What cannot be made is missed again later.
async fn give(connection: &Connection, beside: &Snapshot, given: &BTreeSet<Given>) -> Result<(), Error> {
    let mut statements = Vec::new();
    for what in given {
        match what {
            Given::Roles => {
                let objects = beside.objects.values();
                let roles: BTreeSet<&String> =
                    objects.flat_map(|object| object.owner.iter().chain(object.grants.keys())).collect();
                for role in roles.into_iter().filter(|role| *role != "PUBLIC") {
                    connection
                        .make_role(if role == "\"PUBLIC\"" { "PUBLIC" } else { role })
                        .await
                        .map_err(|error| Error::Shadow(reason(&error)))?;
                }
            }
            Given::Schemas => {
                let schemas = beside.of_kind(Kind::Schema);
                statements.extend(
                    schemas.map(|(id, _)| format!("CREATE SCHEMA IF NOT EXISTS {}", ident(id.name()))),
                );
            }
            Given::Extensions => {
                for (id, object) in beside.of_kind(Kind::Extension) {
                    let Body::Extension(extension) = &object.body else { continue };
                    let (name, schema) = (ident(id.name()), ident(&extension.schema));
                    statements.push(format!("CREATE SCHEMA IF NOT EXISTS {schema}"));
                    statements.push(format!("CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema} CASCADE"));
                }
            }
        }
    }
    for sql in statements {
        if let Err(error) = connection.client.batch_execute(&sql).await
            && error.as_db_error().is_none()
        {
            return Err(Error::Shadow(reason(&error)));
        }
    }
    Ok(())
}

/// The attributes that these migrations never speak of: who runs them decides.
fn unsaid(snapshot: &Snapshot) -> Vec<String> {
    let is_own = |id: &diff_core::ObjectId| id.kind() != Kind::Schema || id.name() != "public";
    let own = || snapshot.objects.iter().filter(|(id, _)| is_own(id)).map(|(_, object)| object);
    let owners: BTreeSet<&String> = own().filter_map(|object| object.owner.as_ref()).collect();
    let grants = own().flat_map(|object| object.grants.keys()).any(|role| role != "PUBLIC");
    let unsaid = [("version", true), ("owner", owners.len() < 2), ("grants", !grants)];
    unsaid.into_iter().filter(|(_, is_unsaid)| *is_unsaid).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_is_told_by_the_error() {
        assert_eq!(lacking("… (a.py:3): UndefinedObject: role \"app\" does not exist"), Some(Given::Roles));
        assert_eq!(lacking("InvalidSchemaName: schema \"audit\" does not exist"), Some(Given::Schemas));
        assert_eq!(lacking("type \"citext\" does not exist"), Some(Given::Extensions));
        assert_eq!(lacking("relation \"t\" does not exist"), None);
        assert_eq!(lacking("type \"mood\" already exists"), None);
    }
}
