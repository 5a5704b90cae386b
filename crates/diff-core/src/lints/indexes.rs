//! Indexes that are missing, unusable or there twice.

use super::tables::referenced;
use super::{BASE, Lint};
use crate::rules::begins_with;
use crate::{Body, Index, Kind, Object, ObjectId, Severity};

pub(super) const FOREIGN_KEY_UNINDEXED: Lint = Lint {
    id: "foreign-key-without-index",
    severity: Severity::Medium,
    effect: "Deleting or updating a row of the table referred to reads this whole table.",
    remedy: "CREATE INDEX CONCURRENTLY on the key's columns; `index=True` in the model.",
    finds: |seen| {
        let other = referenced(seen)?;
        let columns: Vec<ObjectId> = seen.columns().into_iter().cloned().collect();
        let is_self = other == seen.id.parent();
        let serves = |(_, object): &(&ObjectId, &Object)| {
            definition(object).is_some_and(|it| begins_with(it, &columns))
        };
        // Of a key within one table the snapshot does not tell the two ends apart.
        (!is_self && !seen.siblings().iter().any(serves))
            .then(|| format!("no index begins with {}", names(&columns)))
    },
    ..BASE
};

pub(super) const INVALID_INDEX: Lint = Lint {
    id: "invalid-index",
    severity: Severity::High,
    effect: "A build failed and left it behind: it costs every write and serves no read.",
    remedy: "REINDEX INDEX CONCURRENTLY, or drop it CONCURRENTLY and build it again.",
    finds: |seen| match seen.body() {
        Body::Index(index) if index.invalid => Some("invalid".to_owned()),
        _ => None,
    },
    ..BASE
};

pub(super) const DUPLICATE_INDEX: Lint = Lint {
    id: "duplicate-index",
    severity: Severity::Medium,
    effect: "The same is kept twice: every write pays for it.",
    remedy: "DROP INDEX CONCURRENTLY for one of the two.",
    finds: |seen| {
        let Body::Index(index) = seen.body() else { return None };
        let is_twin = |(id, object): &&(&ObjectId, &Object)| {
            let is_index = matches!(&object.body, Body::Index(other) if *other == *index && *id < seen.id);
            let is_key = index.unique
                && key_columns(object).is_some_and(|it| index.definition == format!("USING btree {it}"));
            is_index || is_key
        };
        let (twin, _) = seen.siblings().iter().find(is_twin)?;
        Some(format!("the same as {}", twin.name()))
    },
    ..BASE
};

pub(super) const REDUNDANT_INDEX: Lint = Lint {
    id: "redundant-index",
    effect: "Another index begins with the same columns and serves what this one does.",
    remedy: "DROP INDEX CONCURRENTLY, unless it is much smaller and read all the time.",
    finds: |seen| {
        let Body::Index(index) = seen.body() else { return None };
        let own = plain_columns(index).filter(|_| !index.unique)?;
        let covers = |(id, object): &&(&ObjectId, &Object)| match &object.body {
            Body::Index(other) if *id != seen.id => {
                let longer = plain_columns(other).and_then(|it| it.strip_prefix(own));
                longer.is_some_and(|rest| rest.starts_with(", "))
            }
            _ => key_columns(object).is_some_and(|it| {
                let it = it.trim_start_matches('(').trim_end_matches(')');
                it == own || it.strip_prefix(own).is_some_and(|rest| rest.starts_with(", "))
            }),
        };
        let (other, _) = seen.siblings().iter().find(covers)?;
        Some(format!("{} begins with the same columns", other.name()))
    },
    ..BASE
};

pub(super) const WIDE_INDEX: Lint = Lint {
    id: "wide-index",
    is_taste: true,
    effect: "An index of more than three columns that is not unique is seldom used beyond the first ones.",
    remedy: "Look at what queries filter by, and keep those columns.",
    finds: |seen| match seen.body() {
        Body::Index(index) if !index.unique => {
            let count = plain_columns(index)?.split(", ").count();
            (count > 3).then(|| format!("{count} columns"))
        }
        _ => None,
    },
    ..BASE
};

/// What is in the parentheses of a plain btree index; `None` for one with a predicate, expressions or more.
fn plain_columns(index: &Index) -> Option<&str> {
    let list = index.definition.strip_prefix("USING btree (")?.strip_suffix(')')?;
    (!list.contains(['(', ')']) && !list.contains(" INCLUDE ")).then_some(list)
}

/// The columns of a primary key or unique constraint, with the parentheses.
fn key_columns(object: &Object) -> Option<&str> {
    match &object.body {
        Body::PrimaryKey(key) => key.definition.strip_prefix("PRIMARY KEY "),
        Body::Unique(key) => key.definition.strip_prefix("UNIQUE "),
        _ => None,
    }
}

fn definition(object: &Object) -> Option<&str> {
    match &object.body {
        Body::Index(index) if !index.definition.contains(" WHERE ") => Some(&index.definition),
        Body::PrimaryKey(key) | Body::Unique(key) => Some(&key.definition),
        _ => None,
    }
}

fn names(columns: &[ObjectId]) -> String {
    columns.iter().filter(|id| id.kind() == Kind::Column).map(ObjectId::name).collect::<Vec<_>>().join(", ")
}
