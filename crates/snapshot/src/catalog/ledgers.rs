//! Migration ledgers: the only user tables that are ever read.

use std::collections::BTreeMap;

use diff_core::{Kind, Ledger, Object, ObjectId};
use tokio_postgres::Client;

use crate::quote::{literal, qualified};

/// Reads the revisions of every `alembic_version` table that may be read.
pub(super) async fn read(
    client: &Client,
    objects: &BTreeMap<ObjectId, Object>,
) -> Result<Vec<Ledger>, tokio_postgres::Error> {
    let mut ledgers = Vec::new();
    for table in objects.keys().filter(|id| is_ledger(id, objects)) {
        let name = qualified(table);
        let allowed = format!(
            "SELECT has_schema_privilege({}, 'USAGE') AND has_table_privilege({}, 'SELECT')",
            literal(table.schema()),
            literal(&name)
        );
        if client.query_typed(&allowed, &[]).await?.first().is_some_and(|row| row.get(0)) {
            let sql = format!("SELECT version_num::text FROM {name} ORDER BY 1");
            let revisions = client.query_typed(&sql, &[]).await?.iter().map(|row| row.get(0)).collect();
            ledgers.push(Ledger { table: table.clone(), revisions });
        }
    }
    Ok(ledgers)
}

fn is_ledger(id: &ObjectId, objects: &BTreeMap<ObjectId, Object>) -> bool {
    let version = ObjectId::new(Kind::Column, [id.schema(), id.name(), "version_num"]);
    id.kind() == Kind::Table && id.name() == "alembic_version" && objects.contains_key(&version)
}
