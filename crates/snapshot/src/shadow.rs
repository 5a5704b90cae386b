//! The shadow database: a throwaway PostgreSQL into which models and SQL files are loaded.
//!
//! Providers, in this order: a server given by URL; real server binaries, run throwaway; the PostgreSQL
//! inside this program, where it was built in. Each load gets a database of its own, which is gone
//! afterwards whatever happened to the load.

mod binaries;
mod server;

use std::path::PathBuf;

use tokio_postgres::Client;

use crate::connect::Target;
use crate::error::{Error, reason};
use crate::interrupt;
use server::Server;

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

/// A server that databases can be made on.
enum Shadow {
    Url(Box<Target>),
    Throwaway(Server),
}

impl Shadow {
    async fn start(options: &ShadowOptions, major: Option<u32>) -> Result<Self, Error> {
        if let Some(url) = &options.url {
            return Ok(Self::Url(Box::new(Target::new(Some(url))?)));
        }
        let folder = binaries::find(options, major)?;
        Ok(Self::Throwaway(Server::start(&folder).await?))
    }

    fn maintenance(&self) -> Target {
        match self {
            Self::Url(target) => target.as_ref().clone(),
            Self::Throwaway(server) => Target::socket(server.socket(), "postgres"),
        }
    }
}

/// A connection to a shadow database, and how to reach it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) target: Target,
}

/// Runs `work` on a new, empty database of the shadow server; `major` is the version that is preferred.
/// The database, and a server that was started for it, are gone when this returns, also after Ctrl-C.
pub(crate) async fn with_database<T>(
    options: &ShadowOptions,
    major: Option<u32>,
    work: impl AsyncFnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let shadow = interrupt::guard(Shadow::start(options, major)).await?;
    let maintenance = shadow.maintenance();
    let admin = maintenance.connect().await?;
    let name = format!("driftglass_{}_{}", std::process::id(), unique());
    // A template of its own locale: text sorts the same on every machine.
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    admin.batch_execute(&create).await.map_err(|error| {
        Error::Shadow(format!("cannot create a database on {}: {}", maintenance.label(), reason(&error)))
    })?;
    let result = interrupt::guard(async {
        let target = maintenance.database(&name);
        let client = target.connect().await?;
        work(&Connection { client, target }).await
    })
    .await;
    let dropped = admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    let value = result?;
    dropped.map_err(|error| {
        Error::Shadow(format!("cannot drop {name} on {}: {}", maintenance.label(), reason(&error)))
    })?;
    Ok(value)
}

/// A number that no other load of this process has.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
