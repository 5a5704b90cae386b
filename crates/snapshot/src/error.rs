//! Why a snapshot could not be taken: what, where, and what to do.

use std::io;
use std::path::PathBuf;

use diff_core::SnapshotError;
use diff_core::render::line;
use tokio_postgres::error::SqlState;

/// Why a snapshot could not be taken. No text here holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A reference means nothing.
    #[error("cannot use {text:?}: {reason}")]
    Reference {
        /// The reference, its password left out.
        text: String,
        /// Why, and what it should be.
        reason: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not a snapshot.
    #[error("{} is not a snapshot", path.display())]
    NotASnapshot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: SnapshotError,
    },
    /// A store cannot be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A store has nothing under an address.
    #[error("there is nothing at {0}")]
    Nothing(String),
    /// A connection setting is wrong.
    #[error("connection setting {name}: {reason}")]
    Setting {
        /// As libpq names it.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server cannot be reached, or refuses.
    #[error("cannot connect to {target}: {reason}")]
    Connect {
        /// `user@host/database`.
        target: String,
        /// The cause, and what to do.
        reason: String,
        /// Whether it may be over in a while: what is refused for good is not.
        may_pass: bool,
    },
    /// The server is too old.
    #[error("{target} runs PostgreSQL {found}; driftglass reads 13 and newer")]
    OldServer {
        /// `user@host/database`.
        target: String,
        /// Its version.
        found: String,
    },
    /// A query failed, or the connection was lost.
    #[error("reading the catalog of {target} failed ({step}): {reason}")]
    Catalog {
        /// `user@host/database`.
        target: String,
        /// What was being read.
        step: &'static str,
        /// The server's reason.
        reason: String,
        /// Whether it may be over in a while.
        may_pass: bool,
    },
    /// The role may not read what a snapshot cannot do without.
    #[error("reading the catalog of {target} failed ({step}): {reason}")]
    Refused {
        /// `user@host/database`.
        target: String,
        /// What was being read.
        step: &'static str,
        /// The server's reason.
        reason: String,
    },
    /// Somebody holds what would have to be looked at.
    #[error("reading the catalog of {target} failed ({step}): {reason}")]
    Locked {
        /// `user@host/database`.
        target: String,
        /// What was being read.
        step: &'static str,
        /// The server's reason.
        reason: String,
    },
    /// The schema was changed each time that it was read.
    #[error(
        "the schema of {target} was changed each of the {tries} times that it was read; try again when nobody \
         changes it"
    )]
    Changing {
        /// `user@host/database`.
        target: String,
        /// How often it was read.
        tries: u32,
    },
    /// The server does not answer.
    #[error(
        "{target} has said nothing for {seconds} s; is it stopped or overloaded? DRIFTGLASS_TIMEOUT is how many \
         seconds a query may take"
    )]
    Silent {
        /// `user@host/database`.
        target: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Python cannot be run.
    #[error("cannot run Python as `{command}`: {reason}")]
    Python {
        /// The command.
        command: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The models cannot be imported, or are not what was named; or the migrations cannot be run.
    #[error("{message}{}", below(.traceback, .hint))]
    Models {
        /// One line.
        message: String,
        /// The user's own traceback, trimmed; may be empty.
        traceback: String,
        /// What to set or do; may be empty.
        hint: String,
    },
    /// There is no shadow database, or it failed.
    #[error("shadow database: {0}")]
    Shadow(String),
    /// A file of DDL was refused by the server.
    #[error("{}:{line}: {reason}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// The server's reason.
        reason: String,
    },
    /// A rename that was asked for cannot be.
    #[error(transparent)]
    Rename(#[from] diff_core::RenameError),
    /// Ctrl-C, or a request to end.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

impl Error {
    /// Whether to try again in a while makes sense: a server that restarts, a connection that was lost, a lock.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Connect { may_pass: true, .. }
                | Self::Catalog { may_pass: true, .. }
                | Self::Locked { .. }
                | Self::Changing { .. }
                | Self::Silent { .. }
        )
    }
}

/// Whether the server's error may be over in a while. What no server has said is a connection that failed.
pub(crate) fn may_pass(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        // Connections, resources, interventions such as a shutdown, and what is over when another transaction is.
        Some(code) => {
            ["08", "53", "57", "40"].contains(&&code.code()[..2]) || *code == SqlState::LOCK_NOT_AVAILABLE
        }
        None => {
            let text = chain(error);
            !["password missing", "certificate", "TLS", "invalid configuration"]
                .iter()
                .any(|it| text.contains(it))
        }
    }
}

fn below(traceback: &str, hint: &str) -> String {
    let indent = |text: &str| text.lines().map(|line| format!("\n  {line}")).collect::<String>();
    let hint = if hint.is_empty() { String::new() } else { format!("\n\n{hint}") };
    format!("{}{hint}", indent(traceback))
}

/// A server's error in one line, with the detail and hint that it gives.
pub(crate) fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        // PgBouncer's words; a server has no such mode.
        Some(db) if db.message().contains("statement pooling mode") => {
            "the connection pool is in statement mode, where nothing can be read at one moment; connect to the server \
             itself, or to a pool in transaction or session mode"
                .to_owned()
        }
        Some(db) => {
            let more = [db.detail(), db.hint()].into_iter().flatten().map(|text| format!(" ({text})"));
            // On one line: names within it may hold line feeds, and what looks like another message behind them.
            line(&format!("{}{}", db.message(), more.collect::<String>()))
        }
        None if error.is_closed() => "the server closed the connection; try again".to_owned(),
        None => chain(error),
    }
}

/// An error and its causes, without repeating what a cause says already.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}

/// Why a connection failed, and what to do about it.
pub(crate) fn connect_reason(error: &tokio_postgres::Error) -> String {
    let text = reason(error);
    let advice = match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            "check the user and PGPASSWORD, ~/.pgpass or the URL"
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => "check the database's name",
        Some(&SqlState::TOO_MANY_CONNECTIONS) => "try again when others have disconnected",
        Some(_) => return text,
        None if text.contains("password missing") => "set PGPASSWORD, ~/.pgpass or the URL's password",
        None if text.contains("refused") || text.contains("No such file") => {
            "is the server running, and are host and port right?"
        }
        None if text.contains("lookup") || text.contains("resolve") => "check the host's name",
        None if text.contains("timed out") || text.contains("timeout") => "is the host reachable from here?",
        None if text.contains("certificate") || text.contains("TLS") => "check sslmode and sslrootcert",
        None => return text,
    };
    format!("{text}; {advice}")
}
