//! Indexes: built and dropped CONCURRENTLY.

use super::{Phase, Piece, Recipes, not_online, statement};
use crate::plan::sql::{address, ident, literal, suffixed};
use crate::plan::{Action, Statement};
use crate::{Body, Index, ObjectId};

pub(super) const BUILT: &str =
    "Others read and write meanwhile. Where it fails, run this and the step before again.";
const CLEARED: &str = "Clears what a failed build may have left.";
const DROPPED: &str = "Waits for those who still use the index. Where it fails, run it again.";

impl Recipes<'_, '_> {
    fn old_index(&self, id: &ObjectId) -> Option<&Index> {
        match self.work.old.objects.get(id).map(|object| &object.body) {
            Some(Body::Index(index)) => Some(index),
            _ => None,
        }
    }

    /// Whether an index is replaced by another of its name, which can be built beside it.
    fn is_replaced_beside(&self, id: &ObjectId) -> bool {
        let is_own =
            |index: &Index| index.attached_to.is_none() && !index.clustered && !index.replica_identity;
        self.busy_table(id).is_some_and(|table| !self.is_partitioned(table))
            && self.work.dropped.contains(id)
            && self.work.created.contains(id)
            && self.old_index(id).is_some_and(is_own)
            && self.is_other(id)
            && !self.is_needed(id)
            && !self.is_disturbed(id)
    }

    pub(super) fn create_index(&self, made: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &made.object;
        let table = self.busy_table(id)?;
        if made.sql.contains(" ON ONLY ") {
            return None;
        }
        if self.is_partitioned(table) {
            notes.push(not_online(id, "without the indexes of its partitions it cannot be built one by one"));
            return None;
        }
        let mut pieces = Vec::new();
        let aside = self.aside(id);
        let is_beside = self.is_replaced_beside(id);
        if is_beside {
            let own = literal(&self.address(id.name(), id));
            let aside_name = literal(&self.address(&aside, id));
            let rename = format!("ALTER {} RENAME TO {}", address(id), ident(&aside));
            let query =
                format!("SELECT WHERE to_regclass({aside_name}) IS NOT NULL OR to_regclass({own}) IS NULL");
            let sql = super::unless(&query, &rename);
            let note = "The index of the same name makes room, and goes on being used.";
            pieces.push(Piece::brief(Phase::Expand, note, vec![statement(made, Action::Alter("name"), sql)]));
        }
        if !is_beside {
            self.tell_gap(id, notes);
        }
        pieces.extend(self.build(made, id.name(), &made.sql));
        if is_beside {
            let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", self.address(&aside, id));
            // It is the other index that goes: this one is there by now.
            pieces.push(Piece::alone(Phase::Expand, DROPPED, statement(made, Action::Alter("name"), sql)));
        }
        Some(pieces)
    }

    /// Builds an index by a statement `CREATE [UNIQUE] INDEX …`, after clearing what was left of an earlier try.
    pub(super) fn build(&self, like: &Statement, name: &str, sql: &str) -> [Piece; 2] {
        let own = self.address(name, &like.object);
        let query = format!(
            "SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND NOT indisvalid",
            literal(&own)
        );
        let clear = format!(
            "DO $do$\nBEGIN\n    IF EXISTS ({query}) THEN\n        DROP INDEX {own};\n    END IF;\nEND $do$"
        );
        let build = sql.replacen("INDEX ", "INDEX CONCURRENTLY IF NOT EXISTS ", 1);
        [
            Piece::brief(Phase::Expand, CLEARED, vec![statement(like, Action::Alter("invalid"), clear)]),
            Piece::alone(Phase::Expand, BUILT, statement(like, Action::Create, build)),
        ]
    }

    pub(super) fn drop_index(&self, gone: &Statement) -> Option<Vec<Piece>> {
        let id = &gone.object;
        if self.is_replaced_beside(id) {
            return Some(Vec::new());
        }
        let table = self.busy_table(id)?;
        let index = self.old_index(id)?;
        if self.is_partitioned(table) || index.attached_to.is_some() || gone.action != Action::Drop {
            return None;
        }
        if !gone.sql.starts_with("DROP INDEX ") || gone.sql.ends_with(" CASCADE") || self.is_needed(id) {
            return None;
        }
        let phase = if self.leaving.is_for_good(gone) { Phase::Contract } else { Phase::Expand };
        let sql = gone.sql.replacen("DROP INDEX ", "DROP INDEX CONCURRENTLY IF EXISTS ", 1);
        Some(vec![Piece::alone(phase, DROPPED, statement(gone, Action::Drop, sql))])
    }

    pub(super) fn rebuild_index(&self, broken: &Statement) -> Option<Vec<Piece>> {
        self.busy_table(&broken.object)?;
        let sql = broken.sql.strip_prefix("REINDEX INDEX ")?;
        let sql = format!("REINDEX INDEX CONCURRENTLY {sql}");
        let note = "Others read and write meanwhile. Where it fails, drop the index that ends in _ccnew and run it again.";
        Some(vec![Piece::alone(Phase::Expand, note, statement(broken, broken.action, sql))])
    }

    /// The name of an index beside its table, qualified.
    pub(super) fn address(&self, name: &str, id: &ObjectId) -> String {
        format!("{}.{}", ident(id.schema()), ident(name))
    }

    /// The name that what is replaced has meanwhile.
    pub(super) fn aside(&self, id: &ObjectId) -> String {
        suffixed(id.name(), "__old")
    }
}
