//! Partitions: attached and detached without a lock on their parent that stops others; labels of enums.

use super::{Phase, Piece, Recipes, not_online, statement};
use crate::plan::sql::{literal, name, qualified};
use crate::plan::{Action, Statement};
use crate::{Body, Kind, ObjectId, Partition, Snapshot};

fn partition<'s>(snapshot: &'s Snapshot, id: &ObjectId) -> Option<&'s Partition> {
    match snapshot.objects.get(id).map(|object| &object.body) {
        Some(Body::Partition(partition)) => Some(partition),
        _ => None,
    }
}

impl Recipes<'_, '_> {
    /// The partition that takes what no other takes: it is read when another one comes, and stops DETACH CONCURRENTLY.
    fn default_partition(&self, parent: &ObjectId) -> Option<&ObjectId> {
        let is_it = |id: &&ObjectId| {
            partition(self.work.old, id).is_some_and(|it| it.of == *parent && it.bound == "DEFAULT")
        };
        self.work.old.objects.keys().find(is_it)
    }

    /// A table by itself first, then attached: its parent can be written meanwhile.
    pub(super) fn create_partition(&self, made: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &made.object;
        let it = partition(self.work.new, id)?;
        self.busy_table(&it.of)?;
        if let Some(default) = self.default_partition(&it.of) {
            let reason = format!("{} is read meanwhile, and cannot be used", default.dotted());
            let note = not_online(id, &reason);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let parent = qualified(it.of.path());
        let rest = made.sql.split_once(&format!(" PARTITION OF {parent} {}", it.bound));
        let (start, storage) = rest?;
        let like = "INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE";
        let compression = if self.major >= 14 { " INCLUDING COMPRESSION" } else { "" };
        let sqls = [
            format!("{start} (LIKE {parent} {like}{compression}){storage}"),
            format!("ALTER TABLE {parent} ATTACH PARTITION {} {}", name(id), it.bound),
        ];
        let note = "The table is empty when it is attached: nothing is read.";
        let say = |sql: String| statement(made, Action::Create, sql);
        Some(vec![Piece::brief(Phase::Expand, note, sqls.into_iter().map(say).collect())])
    }

    pub(super) fn drop_partition(&self, gone: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        const DETACHES: u32 = 14;
        let id = &gone.object;
        let it = partition(self.work.old, id)?;
        if !self.work.stays(&it.of) || !self.leaving.is_for_good(gone) {
            return None;
        }
        if self.major < DETACHES || self.default_partition(&it.of).is_some() {
            let reason =
                "its parent is locked while it goes, for a moment; there is no DETACH CONCURRENTLY here";
            let note = format!("Not quite online: {id}; {reason}.");
            if !notes.contains(&note) {
                notes.push(note);
            }
            return None;
        }
        if !gone.sql.starts_with("DROP TABLE ") {
            return Some(Vec::new());
        }
        let detach =
            format!("ALTER TABLE {} DETACH PARTITION {} CONCURRENTLY", qualified(it.of.path()), name(id));
        let note = "Waits for those who still use it. Where it is broken off, run the same with FINALIZE in place of \
                    CONCURRENTLY, and go on.";
        Some(vec![
            Piece::alone(Phase::Contract, note, statement(gone, Action::Alter("bound"), detach)),
            Piece::brief(Phase::Contract, "", vec![gone.clone()]),
        ])
    }

    /// The index of a partitioned table is whole once each partition has its part: after those are gone that get none.
    pub(super) fn attach_part(&self, attached: &Statement) -> Option<Vec<Piece>> {
        let table = ObjectId::new(Kind::Partition, attached.object.relation()?.iter().cloned());
        let parent = &partition(self.work.new, &table)?.of;
        let goes = |statement: &Statement| {
            partition(self.work.old, &statement.object).is_some_and(|it| it.of == *parent)
                && self.leaving.is_for_good(statement)
        };
        let note = "The whole index is valid once no partition lacks its part.";
        let both = attached.sql.strip_prefix("ALTER INDEX ")?.split_once(" ATTACH PARTITION ")?;
        let is_there = |name: &str| format!("to_regclass({}) IS NOT NULL", literal(name));
        // What is attached is dropped with the whole; where there is no whole yet, by itself.
        let undo = format!(
            "DO $do$\nBEGIN\n    IF {} AND {} THEN\n        {};\n    ELSE\n        DROP INDEX IF EXISTS {};\n    END IF;\nEND $do$",
            is_there(both.0),
            is_there(both.1),
            attached.sql,
            both.1
        );
        let piece = || Piece::brief(Phase::Contract, note, vec![attached.clone()]).or([undo]);
        self.all.iter().copied().any(goes).then(|| vec![piece()])
    }

    /// A label that is added by itself, and may be added again.
    pub(super) fn add_label(&self, altered: &Statement) -> Option<Vec<Piece>> {
        if !altered.sql.contains(" ADD VALUE ") {
            return None;
        }
        let sql = altered.sql.replacen(" ADD VALUE ", " ADD VALUE IF NOT EXISTS ", 1);
        let note =
            "A new label can be used once it is committed; it locks no table, and cannot be taken back.";
        let mut piece = Piece::alone(Phase::Expand, note, statement(altered, altered.action, sql));
        piece.is_long = false;
        Some(vec![piece])
    }
}
