//! Every way to get a snapshot of a PostgreSQL schema.
//!
//! ```text
//! postgres://…  ──────────────────────────────► a database ──► catalog ──► Snapshot
//! models:…      ──► models (DDL by Python) ──► shadow database ──┤
//! alembic:…     ──► migrations (by Python) ──► shadow database ──┤
//! sql:…         ──► sql (files) ─────────────► shadow database ──┘
//! empty:        ───────────────────────────────────────────────────────────► Snapshot
//! FILE.json     ──────────────────────────────────────────────────────────► Snapshot
//! ```
//!
//! Every source becomes a PostgreSQL catalog, and one reader reads it, so that both sides of a comparison
//! are printed by PostgreSQL itself. This is the only crate that knows PostgreSQL's catalogs.

mod catalog;
mod connect;
mod error;
pub mod input;
mod interrupt;
pub mod limits;
mod migrations;
mod models;
mod python;
mod quote;
mod reference;
pub mod secrets;
mod settings;
mod shadow;
mod sql;
mod tls;
mod verify;

pub use connect::Target;
pub use error::Error;
pub use interrupt::interrupted;
pub use models::ModelOptions;
pub use reference::Reference;
pub use shadow::{Server, ShadowOptions};
pub use verify::{Verified, Way, verify};

use std::path::{Path, PathBuf};

use diff_core::{Revision, Snapshot};

/// Everything that reading a source may need.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How models are imported.
    pub models: ModelOptions,
    /// Where the shadow database comes from.
    pub shadow: ShadowOptions,
    /// The database that models are compared with: its extensions, functions and types are given to the
    /// shadow database first, and its major version is preferred.
    pub beside: Option<Snapshot>,
    /// Of migrations: which of them to build.
    pub extent: Extent,
}

/// Which of the migrations to build.
#[derive(Clone, Debug, Default)]
pub enum Extent {
    /// All of them.
    #[default]
    All,
    /// This one, and what comes before it.
    UpTo(String),
    /// These; of Alembic's with what they follow, which cannot be left out.
    Only(Vec<String>),
}

impl Extent {
    /// How far it goes, behind a name: ` up to b2e7`.
    fn words(&self, built: &[Revision]) -> String {
        match (self, built.last()) {
            (Self::All, _) | (_, None) => String::new(),
            (_, Some(last)) => format!(" up to {}", last.id),
        }
    }
}

/// Reads the schema that `reference` means. User tables are never read, except migration ledgers.
///
/// # Errors
/// Says what could not be reached, imported, loaded or read, and what to do about it.
pub async fn read(reference: &Reference, options: &Options) -> Result<Snapshot, Error> {
    let mut snapshot = read_any(reference, options).await?;
    // Much of what findings say is what the user's own Python or a server has said.
    for finding in &mut snapshot.findings {
        finding.message = secrets::mask(&finding.message);
        finding.detail = finding.detail.take().map(|detail| secrets::mask(&detail));
    }
    Ok(snapshot)
}

async fn read_any(reference: &Reference, options: &Options) -> Result<Snapshot, Error> {
    match reference {
        Reference::Database(url) => read_database(&Target::new(url.as_deref())?).await,
        Reference::Models(targets) => models::read(targets, options).await,
        Reference::Alembic(path) => migrations::read(path, options).await,
        Reference::Sql(path) => sql::read(path, options).await,
        Reference::File(path) => read_file(path),
        Reference::Stored(address) => read_stored(address).await,
        Reference::Empty => Ok(Snapshot::of_new_database(options.beside.as_ref())),
        Reference::Stdin => {
            let path = Path::new("standard input");
            let bytes = limits::bytes(std::io::stdin(), limits::SNAPSHOT);
            of_bytes(bytes.map_err(|source| Error::ReadFile { path: path.to_owned(), source })?, path)
        }
    }
}

/// Fetches server binaries for shadow databases into the user's cache, with the pip of the models' Python.
/// Gives the folder of the binaries.
///
/// # Errors
/// Says what Python or pip had to complain about.
pub fn install_server(options: &ModelOptions) -> Result<PathBuf, Error> {
    shadow::install(&python::command(options))
}

/// Reads a live database.
///
/// # Errors
/// Says what could not be reached or read.
pub async fn read_database(target: &Target) -> Result<Snapshot, Error> {
    interrupt::guard(catalog::read_database(target)).await
}

/// The queries that read a database's catalogs, as a server of this major version is sent them: for who wants to run
/// them by hand, or to measure them.
pub fn catalog_queries(major: u32) -> Vec<String> {
    catalog::queries(major)
}

async fn read_stored(address: &str) -> Result<Snapshot, Error> {
    let (store, name) = store::Store::of_file(address)?;
    let shown = || PathBuf::from(format!("{}/{name}", store.shown()));
    let found = store.get(&name).await?.ok_or_else(|| Error::Nothing(shown().display().to_string()))?;
    of_bytes(found.bytes, &shown())
}

fn read_file(path: &Path) -> Result<Snapshot, Error> {
    let bytes = limits::file(path, limits::SNAPSHOT)
        .map_err(|source| Error::ReadFile { path: path.to_owned(), source })?;
    of_bytes(bytes, path)
}

/// The snapshot in some bytes; packed with gzip or not. `path` is where they come from.
///
/// # Errors
/// Where they are none.
pub fn of_bytes(bytes: Vec<u8>, path: &Path) -> Result<Snapshot, Error> {
    let unreadable = |source| Error::ReadFile { path: path.to_owned(), source };
    let bytes = if bytes.starts_with(b"\x1f\x8b") { unpacked(&bytes).map_err(unreadable)? } else { bytes };
    Snapshot::from_json(&bytes).map_err(|source| Error::NotASnapshot { path: path.to_owned(), source })
}

/// What is packed with gzip. A small file may unpack to anything, so there is a limit.
fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    limits::bytes(flate2::read::MultiGzDecoder::new(bytes), limits::SNAPSHOT)
        .map_err(|error| std::io::Error::new(error.kind(), format!("unpacked: {error}")))
}
