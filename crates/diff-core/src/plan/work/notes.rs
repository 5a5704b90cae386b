//! What the reader of a plan must know.

use itertools::Itertools;

use super::{Work, container};
use crate::plan::{ddl, graph};
use crate::{Body, Change, Diff, Kind, ObjectId};

impl Work<'_> {
    /// What the reader must know.
    pub(in crate::plan) fn notes(&self, found: &Diff, ordered: &graph::Ordered) -> Vec<String> {
        let mut notes = Vec::new();
        let secrets = self.created.iter().copied().chain(self.altered.keys().copied());
        let secrets = secrets
            .filter(|id| ddl::has_secret(&self.new.objects[*id].body))
            .map(ToString::to_string)
            .join(", ");
        if !secrets.is_empty() {
            notes.push(format!("Secrets are in no snapshot; set them by hand afterwards: {secrets}."));
        }
        let is_owned = |id: &&ObjectId| self.new.objects[*id].owner.is_some();
        let makes_owned = self.speaks_of("owner") && self.created.iter().any(is_owned);
        if let Some(role) = self.role.as_ref().filter(|_| makes_owned) {
            notes.push(format!("To be run as {role}, who owns what is created unless it says otherwise."));
        }
        if found
            .deltas
            .iter()
            .any(|delta| matches!(delta.change, Change::Added(_)) && self.is_late_column(&delta.id))
        {
            notes.push(
                "PostgreSQL adds columns at the end: their order is not new's, which changes nothing but `SELECT *`."
                    .to_owned(),
            );
        }
        let lost = |kind: Kind| {
            let is_gone = |id: &&&ObjectId| id.kind() == kind && !self.is_within_dropped(id);
            self.dropped.iter().filter(is_gone).map(|id| id.dotted()).join(", ")
        };
        for (kind, word) in
            [(Kind::Table, "tables"), (Kind::Partition, "partitions"), (Kind::Column, "columns")]
        {
            let names = lost(kind);
            if !names.is_empty() {
                notes.push(format!("The rows or values of these {word} are lost: {names}."));
            }
        }
        let names = self
            .created
            .iter()
            .filter(|id| id.kind() == Kind::MaterializedView && self.old.objects.contains_key(id));
        let names = names.map(|id| id.dotted()).join(", ");
        if !names.is_empty() {
            notes.push(format!("These materialized views are filled anew: {names}."));
        }
        for id in &self.created {
            let goes = |needed: &&ObjectId| {
                self.old.objects.contains_key(*needed) && !self.new.objects.contains_key(*needed)
            };
            let needed = self.new.objects[*id].depends_on.iter().find(goes);
            if let Some(needed) = needed.filter(|_| self.old.objects.contains_key(id)) {
                notes.push(format!(
                    "{id} needs {needed}, which goes: the plan fails where it is made again. Keep the one or drop both."
                ));
            }
        }
        notes.extend(ordered.notes.iter().cloned());
        notes
    }

    /// Whether a column comes to a table that stands, and new has one before which it belongs.
    fn is_late_column(&self, id: &ObjectId) -> bool {
        let position = |id: &ObjectId| match &self.new.objects.get(id)?.body {
            Body::Column(column) => Some(column.position),
            _ => None,
        };
        let is_after =
            |other: &ObjectId| position(other) > position(id) && self.old.objects.contains_key(other);
        id.kind() == Kind::Column
            && container(self.new, id).is_some_and(|table| self.stays(table))
            && self.new.within(id.parent()).any(|(other, _)| is_after(other))
    }
}
