//! The shadow database: a throwaway PostgreSQL into which models and SQL files are loaded.
//!
//! Providers, in this order: a server given by URL; real server binaries, run throwaway; the PostgreSQL
//! inside this program, where it was built in. Each load gets a database of its own, which is gone
//! afterwards whatever happened to the load.

mod binaries;
mod guard;
mod left;
mod server;

use std::cell::RefCell;
use std::path::PathBuf;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::connect::Target;
use crate::error::{Error, reason};
use crate::interrupt::Interrupts;
use crate::quote;
pub(crate) use binaries::install;
pub use server::Server;

/// Where the shadow database comes from.
#[derive(Clone, Debug, Default)]
pub struct ShadowOptions {
    /// A server on which databases may be created.
    pub url: Option<String>,
    /// A folder with `initdb` and `postgres`.
    pub pg_bin: Option<PathBuf>,
    /// The Python command, in whose environment server binaries may lie.
    pub python: Option<String>,
}

/// What `--shadow` says to ask for the PostgreSQL inside the program.
const EMBEDDED: &str = "embedded";

/// A server that databases can be made on.
enum Shadow {
    Url(Box<Target>),
    Throwaway(Server),
    Embedded,
}

impl Shadow {
    async fn start(options: &ShadowOptions, major: Option<u32>) -> Result<Self, Error> {
        match &options.url {
            Some(url) if url == EMBEDDED => return Ok(Self::Embedded),
            Some(url) => return Ok(Self::Url(Box::new(Target::new(Some(url))?))),
            None => {}
        }
        match binaries::find(options, major) {
            Ok(folder) => Ok(Self::Throwaway(Server::start(&folder, None).await?)),
            Err(_) if cfg!(feature = "embedded") && options.pg_bin.is_none() => Ok(Self::Embedded),
            Err(error) => Err(error),
        }
    }
}

/// A connection to a shadow database, and how to reach it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) target: Target,
    /// Roles that the work made, to be dropped after the database.
    pub(crate) roles: RefCell<Vec<String>>,
}

impl Connection {
    fn new(client: Client, target: Target) -> Self {
        Self { client, target, roles: RefCell::default() }
    }

    /// The same within a transaction that is open.
    pub(crate) async fn run_in_transaction(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute("SAVEPOINT statement").await?;
        while let Err(error) = self.client.batch_execute(sql).await {
            self.client.batch_execute("ROLLBACK TO statement").await?;
            self.make_missing_role(error).await?;
        }
        self.client.batch_execute("RELEASE statement").await
    }

    /// Runs SQL. A role that it names and the server lacks is made first.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        while let Err(error) = self.client.batch_execute(sql).await {
            self.make_missing_role(error).await?;
        }
        Ok(())
    }

    /// Makes the role that an error speaks of, or gives the error back.
    async fn make_missing_role(&self, error: tokio_postgres::Error) -> Result<(), tokio_postgres::Error> {
        let missing = error.as_db_error().and_then(|db| missing_role(db.code(), db.message()));
        let Some(role) = missing.filter(|role| !self.roles.borrow().contains(role)) else {
            return Err(error);
        };
        self.make_role(&role).await
    }

    /// Makes a role, unless the server has it.
    pub(crate) async fn make_role(&self, role: &str) -> Result<(), tokio_postgres::Error> {
        match self.client.batch_execute(&format!("CREATE ROLE {}", quote::ident(role))).await {
            Ok(()) => self.roles.borrow_mut().push(role.to_owned()),
            // Names that begin with pg_ are the server's own.
            Err(error)
                if matches!(error.code(), Some(&SqlState::DUPLICATE_OBJECT | &SqlState::RESERVED_NAME)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn missing_role(code: &SqlState, message: &str) -> Option<String> {
    let name = message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (*code == SqlState::UNDEFINED_OBJECT).then(|| name.to_owned())
}

/// Runs `work` on a new, empty database of the shadow server; `major` is the version that is preferred.
/// The database, and a server that was started for it, are gone when this returns, also after Ctrl-C.
pub(crate) async fn with_database<T>(
    options: &ShadowOptions,
    major: Option<u32>,
    work: impl AsyncFnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut interrupts = Interrupts::new();
    let shadow = interrupts.guard(Shadow::start(options, major)).await?;
    match &shadow {
        Shadow::Url(target) => on_server(target, &mut interrupts, work).await,
        Shadow::Throwaway(server) => on_server(&server.target("postgres"), &mut interrupts, work).await,
        Shadow::Embedded => interrupts.guard(in_program(work)).await,
    }
}

async fn on_server<T>(
    maintenance: &Target,
    interrupts: &mut Interrupts,
    work: impl AsyncFnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let admin = maintenance.connect().await?;
    left::drop_databases(&admin).await;
    let name = left::name(unique());
    let failed = |what: &str, error: &tokio_postgres::Error| {
        Error::Shadow(format!("cannot {what} a database on {}: {}", maintenance.label(), reason(error)))
    };
    // A locale of its own: text sorts the same on every machine.
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    admin.batch_execute(&create).await.map_err(|error| failed("create", &error))?;
    let target = maintenance.database(&name);
    let mut roles = Vec::new();
    let result = match interrupts.guard(target.connect()).await {
        Ok(client) => {
            let connection = Connection::new(client, target);
            let result = interrupts.guard(work(&connection)).await;
            roles = connection.roles.into_inner();
            result
        }
        Err(error) => Err(error),
    };
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    let mut dropped = admin.batch_execute(&drop).await;
    if dropped.is_err() && drop_subscriptions(&maintenance.database(&name)).await.is_ok() {
        dropped = admin.batch_execute(&drop).await;
    }
    for role in roles {
        // A role that has come to own something elsewhere meanwhile is not ours to drop.
        let _ = admin.batch_execute(&format!("DROP ROLE {}", quote::ident(&role))).await;
    }
    let value = result?;
    dropped.map_err(|error| failed("drop", &error))?;
    Ok(value)
}

/// A database with subscriptions cannot be dropped. None of them has a slot on another server.
async fn drop_subscriptions(target: &Target) -> Result<(), Error> {
    let client = target.connect().await?;
    let failed = |error: tokio_postgres::Error| Error::Shadow(reason(&error));
    let own = "SELECT format('%I', subname) FROM pg_subscription
                WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
    for row in client.query(own, &[]).await.map_err(failed)? {
        let name: String = row.get(0);
        let detach =
            format!("ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE)");
        client.batch_execute(&detach).await.map_err(failed)?;
        client.batch_execute(&format!("DROP SUBSCRIPTION {name}")).await.map_err(failed)?;
    }
    Ok(())
}

/// The PostgreSQL inside the program has one database, which is gone when the connection ends.
#[cfg(feature = "embedded")]
async fn in_program<T>(work: impl AsyncFnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
    let failed = |error: &dyn std::error::Error| Error::Shadow(crate::error::chain(error));
    let socket = embedded::start().map_err(|error| failed(&error))?;
    let target = Target::socket(std::path::Path::new("/"), 0, "embedded");
    let client = target.connect_over(socket).await?;
    work(&Connection::new(client, target)).await
}

#[cfg(not(feature = "embedded"))]
async fn in_program<T>(_: impl AsyncFnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
    Err(Error::Shadow("this driftglass was built without the feature `embedded`".to_owned()))
}

/// A number that no other load of this process has.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roles() {
        let found = missing_role(&SqlState::UNDEFINED_OBJECT, "role \"app\" does not exist");
        assert_eq!(found.as_deref(), Some("app"));
        assert_eq!(missing_role(&SqlState::UNDEFINED_OBJECT, "type \"app\" does not exist"), None);
    }
}
