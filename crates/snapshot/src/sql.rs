//! SQL files: a dump, a schema file, a folder of migrations in name order, loaded into the shadow database.

use std::path::{Path, PathBuf};

use diff_core::Snapshot;
use tokio_postgres::error::{ErrorPosition, SqlState};

use crate::error::{Error, reason};
use crate::shadow::{Connection, with_database};
use crate::{Options, catalog};

/// Reads what the file, or the files of the folder, build.
pub(crate) async fn read(path: &Path, options: &Options) -> Result<Snapshot, Error> {
    let files = files(path)?;
    let major = options.beside.as_ref().and_then(|beside| super::models::server_major(&beside.source.server));
    let mut roles = Vec::new();
    let mut snapshot = with_database(&options.shadow, major, async |connection| {
        let loaded = load(connection, &files, &mut roles).await;
        let snapshot = match loaded {
            Ok(()) => catalog::read(&connection.client, &connection.target).await,
            Err(error) => Err(error),
        };
        forget(connection, &roles).await;
        snapshot
    })
    .await?;
    snapshot.source.kind = "sql".to_owned();
    snapshot.source.label = path.display().to_string();
    Ok(snapshot)
}

/// The texts of the files, in name order.
fn files(path: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let failed = |source| Error::ReadFile { path: path.to_owned(), source };
    let paths = if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(failed)?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
        paths.sort();
        paths
    } else {
        vec![path.to_owned()]
    };
    if paths.is_empty() {
        let text = format!("sql:{}", path.display());
        return Err(Error::Reference { text, reason: "the folder holds no .sql file".to_owned() });
    }
    let read = |path: PathBuf| match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path, without_commands(&text))),
        Err(source) => Err(Error::ReadFile { path, source }),
    };
    paths.into_iter().map(read).collect()
}

/// Blanks the lines that are commands for psql, as pg_dump writes them; line numbers stay.
fn without_commands(text: &str) -> String {
    text.lines()
        .map(|line| if line.starts_with('\\') { "\n".to_owned() } else { format!("{line}\n") })
        .collect()
}

/// Runs the files one after the other. Roles that they name and the server lacks are made, and noted.
async fn load(
    connection: &Connection,
    files: &[(PathBuf, String)],
    roles: &mut Vec<String>,
) -> Result<(), Error> {
    for (path, text) in files {
        loop {
            let Err(error) = connection.client.batch_execute(text).await else { break };
            let _ = connection.client.batch_execute("ROLLBACK").await;
            let Some(db) = error.as_db_error() else {
                return Err(Error::Shadow(reason(&error)));
            };
            let missing = missing_role(db.code(), db.message());
            match missing.filter(|role| !roles.contains(role)) {
                Some(role) => {
                    let create = format!("CREATE ROLE \"{}\"", role.replace('"', "\"\""));
                    connection
                        .client
                        .batch_execute(&create)
                        .await
                        .map_err(|error| Error::Shadow(reason(&error)))?;
                    roles.push(role);
                }
                None => {
                    let line = match db.position() {
                        Some(ErrorPosition::Original(at)) => Some(line_of(text, *at)),
                        _ => None,
                    };
                    return Err(Error::Sql { path: path.clone(), line, reason: reason(&error) });
                }
            }
        }
    }
    // A dump sets what the reader must not inherit.
    connection.client.batch_execute("RESET ALL").await.map_err(|error| Error::Shadow(reason(&error)))
}

/// Drops the roles that were made, where the server outlives the load.
async fn forget(connection: &Connection, roles: &[String]) {
    for role in roles {
        let role = role.replace('"', "\"\"");
        // A role that still owns something elsewhere is not ours to drop.
        let _ =
            connection.client.batch_execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\"")).await;
    }
}

fn missing_role(code: &SqlState, message: &str) -> Option<String> {
    let name = message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (*code == SqlState::UNDEFINED_OBJECT).then(|| name.to_owned())
}

/// The line of a position, which counts characters from 1.
fn line_of(text: &str, position: u32) -> usize {
    let before = usize::try_from(position).unwrap_or(usize::MAX).saturating_sub(1);
    text.chars().take(before).filter(|c| *c == '\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psql_commands_are_blanked() {
        assert_eq!(without_commands("\\restrict x\nSELECT 1;\n"), "\nSELECT 1;\n");
    }

    #[test]
    fn finds_lines_and_roles() {
        assert_eq!(line_of("a\nä\nc", 5), 3);
        let found = missing_role(&SqlState::UNDEFINED_OBJECT, "role \"app\" does not exist");
        assert_eq!(found.as_deref(), Some("app"));
        assert_eq!(missing_role(&SqlState::UNDEFINED_OBJECT, "type \"app\" does not exist"), None);
    }
}
