//! Migration ledgers: the only user tables that are ever read. A table is one where its columns are those of the
//! tool; a name alone says nothing.

use std::collections::BTreeMap;

use diff_core::{Body, Kind, Ledger, Object, ObjectId, Tool};
use tokio_postgres::Client;

use crate::quote::{literal, qualified};

/// How a tool keeps its books.
struct Books {
    tool: Tool,
    table: &'static str,
    columns: &'static [&'static str],
    /// The revisions, and whether each has come to its end.
    query: &'static str,
}

/// The first that fits a table counts.
const BOOKS: [Books; 5] = [
    Books {
        tool: Tool::Alembic,
        table: "alembic_version",
        columns: &["version_num"],
        query: "SELECT version_num::text, true",
    },
    Books {
        tool: Tool::Django,
        table: "django_migrations",
        columns: &["app", "name", "applied"],
        query: "SELECT app::text || '.' || name::text, true",
    },
    // A repeatable migration has no version. An undone one is followed by a row of the type UNDO_SQL.
    Books {
        tool: Tool::Flyway,
        table: "flyway_schema_history",
        columns: &["installed_rank", "version", "type", "success"],
        query: "SELECT DISTINCT ON (version::text) version::text, success AND type::text NOT LIKE 'UNDO%'",
    },
    Books {
        tool: Tool::Migrate,
        table: "schema_migrations",
        columns: &["version", "dirty"],
        query: "SELECT version::text, NOT dirty",
    },
    Books {
        tool: Tool::SchemaMigrations,
        table: "schema_migrations",
        columns: &["version"],
        query: "SELECT version::text, true",
    },
];

/// Reads the revisions of every ledger; of one that may not be read it is known that it is there.
pub(super) async fn read(
    client: &Client,
    objects: &BTreeMap<ObjectId, Object>,
) -> Result<Vec<Ledger>, tokio_postgres::Error> {
    let mut ledgers = Vec::new();
    for (table, books) in objects.keys().filter_map(|id| Some((id, books(id, objects)?))) {
        let name = qualified(table);
        let allowed = format!(
            "SELECT has_schema_privilege({0}, 'USAGE') AND has_table_privilege({1}, 'SELECT')
                AND NOT row_security_active({1})",
            literal(table.schema()),
            literal(&name)
        );
        let mut ledger = Ledger {
            table: table.clone(),
            tool: books.tool,
            revisions: Vec::new(),
            failed: Vec::new(),
            is_hidden: true,
        };
        if client.query_typed(&allowed, &[]).await?.first().is_some_and(|row| row.get(0)) {
            let order = match books.tool {
                Tool::Flyway => "WHERE version IS NOT NULL ORDER BY 1, installed_rank DESC",
                _ => "ORDER BY 1",
            };
            let rows = client.query_typed(&format!("{} FROM {name} {order}", books.query), &[]).await?;
            let (done, failed): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.get(1));
            let names = |rows: Vec<&tokio_postgres::Row>| rows.iter().map(|row| row.get(0)).collect();
            ledger = Ledger { revisions: names(done), failed: names(failed), is_hidden: false, ..ledger };
        }
        ledgers.push(ledger);
    }
    Ok(ledgers)
}

/// Whose books a table holds, if any's.
fn books(id: &ObjectId, objects: &BTreeMap<ObjectId, Object>) -> Option<&'static Books> {
    if id.kind() != Kind::Table {
        return None;
    }
    let has =
        |column: &&str| objects.contains_key(&ObjectId::new(Kind::Column, [id.schema(), id.name(), *column]));
    let named = BOOKS.iter().find(|books| books.table == id.name() && books.columns.iter().all(has));
    named.or_else(|| is_alembics(id, objects).then_some(&BOOKS[0]))
}

/// Whether a table of another name is what Alembic makes: one column, and a primary key of the table's name.
fn is_alembics(id: &ObjectId, objects: &BTreeMap<ObjectId, Object>) -> bool {
    let key = ObjectId::new(Kind::PrimaryKey, [id.schema(), id.name(), &format!("{}_pkc", id.name())]);
    let within = objects.range(id..).take_while(|(other, _)| other.path().starts_with(id.path()));
    let mut columns = within.filter(|(_, object)| matches!(object.body, Body::Column(_)));
    let is_version = |column: Option<(&ObjectId, &Object)>| {
        column.is_some_and(|(column, _)| column.name() == "version_num")
    };
    objects.contains_key(&key) && is_version(columns.next()) && columns.next().is_none()
}
