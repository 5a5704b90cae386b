//! Tables, their constraints and triggers.

use super::{BASE, Lint, Seen};
use crate::{Body, Enabled, Kind, ObjectId, Persistence, Severity};

pub(super) const NO_PRIMARY_KEY: Lint = Lint {
    id: "no-primary-key",
    severity: Severity::Medium,
    effect: "Logical replication cannot update or delete its rows, and nothing tells two equal rows apart.",
    remedy: "Give it a primary key: a column of its own where nothing natural is unique.",
    finds: |seen| {
        let is_table = matches!(seen.body(), Body::Table(table) if table.inherits.is_empty());
        let has_key = seen.inside().iter().any(|(id, _)| id.kind() == Kind::PrimaryKey);
        (is_table && !has_key).then(|| "no primary key".to_owned())
    },
    ..BASE
};

pub(super) const NOT_VALIDATED: Lint = Lint {
    id: "not-validated",
    severity: Severity::Medium,
    effect: "Rows that were there before were never looked at, and the planner does not rely on it.",
    remedy: "VALIDATE CONSTRAINT, which blocks neither reads nor writes.",
    finds: |seen| match seen.body() {
        Body::Check(it) | Body::ForeignKey(it) | Body::DomainCheck(it) => {
            it.definition.ends_with(" NOT VALID").then(|| "NOT VALID was left behind".to_owned())
        }
        Body::Column(column) => {
            let is_left = column.not_null.as_ref().is_some_and(|it| it.not_valid);
            is_left.then(|| "NOT NULL … NOT VALID was left behind".to_owned())
        }
        _ => None,
    },
    ..BASE
};

pub(super) const AUTOVACUUM_OFF: Lint = Lint {
    id: "autovacuum-off",
    severity: Severity::Medium,
    effect: "Dead rows are never cleared away: the table grows, and in the end the server stops to keep its data.",
    remedy: "ALTER TABLE … RESET (autovacuum_enabled); for a bulk load switch it off and on again.",
    finds: |seen| match seen.body() {
        Body::Table(table) => {
            let is_off = table.options.get("autovacuum_enabled").is_some_and(|value| value == "false");
            is_off.then(|| "autovacuum_enabled is false".to_owned())
        }
        _ => None,
    },
    ..BASE
};

pub(super) const UNLOGGED: Lint = Lint {
    id: "unlogged-table",
    severity: Severity::Medium,
    effect: "It is emptied after a crash and is not there on replicas.",
    remedy: "SET LOGGED, unless its rows can be made again.",
    finds: |seen| match seen.body() {
        Body::Table(table) if table.persistence == Persistence::Unlogged => Some("unlogged".to_owned()),
        _ => None,
    },
    ..BASE
};

pub(super) const TRIGGER_DISABLED: Lint = Lint {
    id: "trigger-disabled-here",
    severity: Severity::Medium,
    effect: "What the trigger keeps true is not kept true; often it was left so after a bulk load.",
    remedy: "ENABLE TRIGGER and mend the rows, or drop it.",
    finds: |seen| match seen.body() {
        Body::Trigger(trigger) if trigger.enabled == Enabled::Disabled => Some("never fires".to_owned()),
        Body::ForeignKey(key) if key.disabled => Some("its triggers are switched off".to_owned()),
        _ => None,
    },
    ..BASE
};

pub(super) const EXTENSION_IN_PUBLIC: Lint = Lint {
    id: "extension-in-public",
    effect: "Its functions stand among the application's own, and whoever may create there can shadow them.",
    remedy: "CREATE EXTENSION … SCHEMA extensions, and put that schema on the search path.",
    finds: |seen| match seen.body() {
        Body::Extension(extension) if extension.schema == "public" => Some("installed in public".to_owned()),
        _ => None,
    },
    ..BASE
};

pub(super) const CIRCLE: Lint = Lint {
    id: "foreign-key-circle",
    is_taste: true,
    effect: "Neither table's rows can be written first, unless the keys are deferred or empty for a while.",
    remedy: "Put one of the references into a table of its own, or make it deferrable.",
    finds: |seen| {
        let other = referenced(seen)?;
        let is_back = |id: &ObjectId| id.parent() == seen.id.parent();
        let keys = seen.around.within(other).iter().filter(|(id, _)| id.kind() == Kind::ForeignKey);
        let mut needed = keys.flat_map(|(_, key)| &key.depends_on);
        (other != seen.id.parent() && needed.any(|id| id.kind() != Kind::Column && is_back(id)))
            .then(|| format!("{} refers back", other.join(".")))
    },
    ..BASE
};

pub(super) const UNRELATED: Lint = Lint {
    id: "unrelated-table",
    is_taste: true,
    effect: "No foreign key leads to or from it: the database does not know what its rows belong to.",
    remedy: "Declare the foreign keys that the code takes for granted.",
    finds: |seen| {
        let is_alone = seen.id.kind() == Kind::Table && !seen.around.tied.contains(seen.id.path());
        is_alone.then(|| "no foreign key to or from it".to_owned())
    },
    ..BASE
};

pub(super) const NO_COMMENT: Lint = Lint {
    id: "table-without-comment",
    is_taste: true,
    effect: "Nobody is told what it is for.",
    remedy: "COMMENT ON TABLE, or `comment=` in the model.",
    finds: |seen| {
        let is_bare = seen.id.kind() == Kind::Table && seen.object.comment.is_none();
        is_bare.then(|| "no comment".to_owned())
    },
    ..BASE
};

/// The table that a foreign key refers to.
pub(super) fn referenced<'a>(seen: &Seen<'a>) -> Option<&'a [String]> {
    if seen.id.kind() != Kind::ForeignKey {
        return None;
    }
    let mut needed = seen.object.depends_on.iter().filter_map(ObjectId::relation);
    Some(needed.find(|path| *path != seen.id.parent()).unwrap_or(seen.id.parent()))
}
