//! One moment: a snapshot is of one committed state, also while others change the schema.
//!
//! The queries of a reading share the snapshot of one transaction, and what prints definitions does not: `pg_get_viewdef`,
//! `format_type`, `pg_get_userbyid` and their like look into the catalogs as they are by then. So a change that is
//! committed in between would be half seen. Locks would hold it off, and with it a deployment. Instead `moment.sql`
//! is asked twice, within the transaction and after it, unless nothing at all was written meanwhile: where both answers are the same, nothing of what definitions
//! are printed from was committed in between, and what was read is of one state. Otherwise all is read anew.
//!
//! An error in between may come of such a change too: what a name or number stood for is gone. It counts where each of
//! the next readings meets the same. A relation renamed and renamed back within one reading is noticed by its type and
//! columns; an index or a sequence that is has none, and goes unnoticed.

use std::time::Duration;

use diff_core::Snapshot;
use futures_util::future::{try_join, try_join3};
use tokio::time::{Instant, sleep};
use tokio_postgres::Row;

use super::{Reader, hidden, queries};
use crate::error::Error;

/// So often a reading is begun.
const TRIES: u32 = 6;

/// So long it is tried to get at what somebody has locked, without a lock of our own in between.
const PATIENCE: Duration = Duration::from_secs(5);

const STEP: &str = "moment";

const MOMENT: &str = include_str!("moment.sql");

/// How far the server's log is written, before anybody can see what is written there; unknown on a standby.
const WRITTEN: &str =
    "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_insert_lsn() END";

/// Ends the transaction that was read in, and begins one that sees what was committed since.
const AFTERWARDS: &str = "COMMIT; BEGIN READ ONLY; SET LOCAL search_path = ''; SET LOCAL lock_timeout = '5s'";

impl Reader<'_> {
    /// Reads until what was read is of one state.
    pub(super) async fn read_one_moment(&self, server: &str, major: u32) -> Result<Snapshot, Error> {
        let (mut tries, mut is_changing, mut said) = (1, false, None);
        let start = Instant::now();
        loop {
            match self.attempt(server, major).await {
                Ok(Some(snapshot)) => return Ok(snapshot),
                Ok(None) => is_changing = true,
                // Without what this role may not read, and has just been refused.
                Err(Error::Refused { step, .. })
                    if hidden::can_be_left_out(step) && self.refused.borrow_mut().insert(step) =>
                {
                    self.execute("rollback", "ROLLBACK").await?;
                    continue;
                }
                Err(Error::Locked { .. }) if start.elapsed() < PATIENCE => {
                    self.execute("rollback", "ROLLBACK").await?;
                    sleep(PATIENCE / 50).await;
                    continue;
                }
                Err(error @ Error::Catalog { may_pass: false, .. }) => {
                    // What is wrong by itself is wrong in the same words each time.
                    let text = error.to_string();
                    is_changing |= said.is_some_and(|said| said != text);
                    said = Some(text);
                    if tries == TRIES && !is_changing {
                        return Err(error);
                    }
                    self.execute("rollback", "ROLLBACK").await?;
                }
                Err(error) => return Err(error),
            }
            if tries == TRIES {
                return Err(Error::Changing { target: self.target.label().to_owned(), tries });
            }
            tries += 1;
        }
    }

    /// Reads once; `None` where the schema was changed meanwhile.
    async fn attempt(&self, server: &str, major: u32) -> Result<Option<Snapshot>, Error> {
        if self.refused.borrow().contains(STEP) {
            self.begin().await?;
            let snapshot = self.read(server.to_owned(), major).await?;
            self.execute("commit", "COMMIT").await?;
            return Ok(Some(snapshot));
        }
        let written = format!("SELECT {WRITTEN}::text AS written");
        let (written, ()) = try_join(self.query(STEP, &written), self.begin()).await?;
        let seen = "SELECT pg_catalog.pg_current_snapshot()::text AS seen";
        let (seen, snapshot) = try_join(self.query(STEP, seen), self.read(server.to_owned(), major)).await?;
        let text = |rows: &[Row], name| rows.first().and_then(|row| row.get::<_, Option<String>>(name));
        let (written, seen) = (text(&written, "written"), text(&seen, "seen").unwrap_or_default());
        let sql = queries::for_major(MOMENT, major);
        // Where nobody was about to commit, and nothing was written to the server's log since, nothing was changed.
        let quiet = match written.filter(|_| seen.ends_with(':')) {
            Some(written) => format!("{WRITTEN} = '{written}'"),
            None => "false".to_owned(),
        };
        let before = format!("SELECT CASE WHEN {quiet} THEN NULL ELSE ({sql}) END AS moment");
        let before = text(&self.query(STEP, &before).await?, "moment");
        if before.is_none() {
            self.execute("commit", "COMMIT").await?;
            return Ok(Some(snapshot));
        }
        // Where no transaction has ended since, there is nothing to look at. A standby cannot tell so.
        let after = format!(
            "SELECT CASE WHEN pg_current_snapshot()::text = '{seen}' AND NOT pg_is_in_recovery() THEN NULL
                         ELSE ({sql}) END AS moment"
        );
        let (_, after, _) = try_join3(
            self.execute("commit", AFTERWARDS),
            self.query(STEP, &after),
            self.execute("commit", "COMMIT"),
        )
        .await?;
        let is_same = text(&after, "moment").is_none_or(|after| Some(after) == before);
        Ok(is_same.then_some(snapshot))
    }
}
