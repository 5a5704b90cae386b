//! Shadow databases that a killed run has left on a server: the next run drops them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_postgres::Client;

/// The clocks of two machines differ, and a run may be between two connections. What is older, and has no connection,
/// is nobody's.
const OLD: Duration = Duration::from_secs(60 * 60);

/// A name that says when the database was made; `number` is one that this process has not used yet.
pub(super) fn name(number: u64) -> String {
    format!("driftglass_{}_{}_{number}", seconds(), std::process::id())
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Drops old shadow databases without a connection. Without FORCE, so that one that is in use after all stays.
pub(super) async fn drop_databases(admin: &Client) {
    let sql = "SELECT d.datname::text FROM pg_catalog.pg_database d
                WHERE d.datname ~ '^driftglass_[0-9]+_[0-9]+_[0-9]+$' AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)";
    // What cannot be seen or dropped is not in the way.
    let Ok(found) = admin.query_typed(sql, &[]).await else { return };
    let before = seconds().saturating_sub(OLD.as_secs());
    for name in found.iter().map(|row| row.get::<_, &str>(0)).filter(|name| made(name) < Some(before)) {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await;
    }
}

/// When a database of such a name was made, in seconds since 1970.
fn made(name: &str) -> Option<u64> {
    name.split('_').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_when_it_was_made() {
        let own = name(7);
        assert!(own.ends_with("_7") && made(&own).is_some_and(|made| seconds() - made < 60), "{own}");
    }
}
