//! SQL files: a dump, a schema file, a folder of migrations by version, loaded into the shadow database.

pub(crate) mod files;
pub(crate) mod split;

use std::path::Path;

use diff_core::Snapshot;
use tokio_postgres::error::ErrorPosition;

use crate::error::{Error, reason};
use crate::shadow::{Connection, with_database};
use crate::{Options, catalog, secrets};
use split::split;

/// Reads what the file, or the files of the folder, build.
pub(crate) async fn read(path: &Path, options: &Options) -> Result<Snapshot, Error> {
    let mut files = files::read(path)?;
    files::limit(&mut files, &options.extent, path)?;
    let major = options.beside.as_ref().and_then(|beside| super::models::server_major(&beside.source.server));
    let mut snapshot = with_database(&options.shadow, major, async |connection| {
        for file in &files {
            run(connection, &file.path, &file.text).await?;
        }
        settle(connection).await?;
        catalog::read(&connection.client, &connection.target).await
    })
    .await?;
    // Files that never speak of owners or grants say nothing about them.
    for (words, attribute) in [("OWNER TO", "owner"), ("GRANT ", "grants")] {
        if !files.iter().any(|file| file.text.to_ascii_uppercase().contains(words)) {
            snapshot.coverage.unknown_attributes.insert(attribute.to_owned());
        }
    }
    snapshot.source.kind = "sql".to_owned();
    snapshot.source.history = files::history(path, &files);
    let up_to = options.extent.words(&snapshot.source.history);
    snapshot.source.label = format!("{}{up_to}", path.display());
    Ok(snapshot)
}

/// Puts a connection right after files: one sets what the reader must not inherit, and may leave a transaction open.
pub(crate) async fn settle(connection: &Connection) -> Result<(), Error> {
    for sql in ["ROLLBACK", "RESET SESSION AUTHORIZATION", "RESET ALL"] {
        connection.client.batch_execute(sql).await.map_err(|error| Error::Shadow(reason(&error)))?;
    }
    Ok(())
}

/// Runs the statements of a file.
pub(crate) async fn run(connection: &Connection, path: &Path, text: &str) -> Result<(), Error> {
    let refuse = |line: usize, reason: String| Error::Sql { path: path.to_owned(), line, reason };
    let statements = split(text).map_err(|foreign| {
        refuse(foreign.line, format!("{} is for psql alone; leave it out", foreign.text))
    })?;
    for statement in statements {
        if statement.text.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("COPY ")) {
            return Err(refuse(statement.line, "it holds rows; dump it with --schema-only".to_owned()));
        }
        if let Err(error) = connection.run(statement.text).await {
            secrets::keep_statement(statement.text);
            let Some(db) = error.as_db_error() else { return Err(Error::Shadow(reason(&error))) };
            let within = match db.position() {
                Some(ErrorPosition::Original(at)) => lines_before(statement.text, *at),
                _ => 0,
            };
            return Err(refuse(statement.line + within, reason(&error)));
        }
    }
    Ok(())
}

/// How many lines stand before a position, which counts characters from 1.
fn lines_before(text: &str, position: u32) -> usize {
    let before = usize::try_from(position).unwrap_or(usize::MAX).saturating_sub(1);
    text.chars().take(before).filter(|c| *c == '\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines() {
        assert_eq!(lines_before("a\nä\nc", 5), 2);
    }
}
