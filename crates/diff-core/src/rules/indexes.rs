//! Indexes that back no constraint.

use super::{BASE, BRIEF, Case, Lock, Mode, Rule, Severity, Work, added, altered, own, removed};
use crate::{Body, Group};

/// An index is built while nobody can write.
const BUILD: &[Lock] = &[own(Mode::Share, Work::Scan)];

/// The old one is dropped, and the lock for that is held while the new one is built.
const REBUILD: &[Lock] = &[own(Mode::AccessExclusive, Work::Scan)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "index-invalid",
        group: Group::Indexes,
        attributes: &["invalid"],
        severity: Severity::High,
        locks: REBUILD,
        effect: "A build failed and left the index behind: it costs every write and serves no read.",
        remedy: "REINDEX INDEX CONCURRENTLY, or drop it CONCURRENTLY and build it again.",
        applies: |case| is_invalid(case),
        ..BASE
    },
    Rule {
        id: "unique-index-missing",
        group: Group::Indexes,
        severity: Severity::High,
        may_be_refused: true,
        locks: BUILD,
        effect: "Duplicates can be written. Building it plainly blocks writes to the table, and fails on \
                 duplicates.",
        remedy: "Look for duplicates first, then CREATE UNIQUE INDEX CONCURRENTLY outside a transaction.",
        applies: |case| matches!(added(case), Some(Body::Index(index)) if index.unique),
        ..BASE
    },
    Rule {
        id: "index-missing",
        group: Group::Indexes,
        locks: BUILD,
        effect: "Queries that it serves are slow. Building it plainly blocks writes to the table.",
        remedy: "CREATE INDEX CONCURRENTLY outside a transaction; in Alembic within autocommit_block().",
        applies: |case| matches!(added(case), Some(Body::Index(_))),
        ..BASE
    },
    Rule {
        id: "index-extra",
        group: Group::Indexes,
        severity: Severity::Low,
        locks: BRIEF,
        effect: "Somebody made it by hand, or a migration kept what the models dropped. It costs writes.",
        remedy: "Look at pg_stat_user_indexes: if it is used, add it to the model; if not, DROP INDEX \
                 CONCURRENTLY.",
        applies: |case| matches!(removed(case), Some(Body::Index(_))),
        ..BASE
    },
    Rule {
        id: "index-changed",
        group: Group::Indexes,
        attributes: &["definition", "unique"],
        locks: REBUILD,
        effect: "Same name, other index: other queries are served, or other rows are unique.",
        remedy: "Rename the old one, build the new one CONCURRENTLY, then drop the old one CONCURRENTLY.",
        applies: |case| matches!(altered(case), Some((Body::Index(_), _))),
        ..BASE
    },
    Rule {
        id: "index-settings",
        group: Group::Indexes,
        severity: Severity::Low,
        effect: "The index is the same; where it lies or what is said of it is not.",
        remedy: "ALTER INDEX is brief for statistics; another tablespace copies the index while nobody can use it.",
        applies: |case| matches!(altered(case), Some((Body::Index(_), _))),
        ..BASE
    },
];

/// Whether old has it unusable and new has it whole.
fn is_invalid(case: &Case<'_, '_>) -> bool {
    matches!(altered(case), Some((Body::Index(old), Body::Index(new))) if old.invalid && !new.invalid)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn one_rule_for_each_way_to_differ() {
        let id = "index:public.t.ix";
        let body = |more: &str| format!(r#"{{"index": {{"definition": "USING btree (a)"{more}}}}}"#);
        let (plain, unique, invalid) = (body(""), body(r#", "unique": true"#), body(r#", "invalid": true"#));
        check(id, "", &plain, Group::Indexes, "index-missing");
        check(id, "", &unique, Group::Indexes, "unique-index-missing");
        check(id, &plain, "", Group::Indexes, "index-extra");
        check(id, &plain, &unique, Group::Indexes, "index-changed");
        check(id, &invalid, &plain, Group::Indexes, "index-invalid");
        check(id, &invalid, "", Group::Indexes, "index-extra");
        check(id, &plain, &body(r#", "clustered": true"#), Group::Indexes, "index-settings");
    }
}
