//! Indexes that back no constraint.

use super::{Rule, Severity, added, altered, removed};
use crate::{Body, Group};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "index-invalid",
        group: Group::Indexes,
        severity: Severity::High,
        loses_data: false,
        effect: "A build failed and left the index behind: it costs every write and serves no read.",
        remedy: "REINDEX INDEX CONCURRENTLY, or drop it CONCURRENTLY and build it again.",
        applies: |delta| matches!(delta.old_object().map(|old| &old.body), Some(Body::Index(index)) if index.invalid),
    },
    Rule {
        id: "unique-index-missing",
        group: Group::Indexes,
        severity: Severity::High,
        loses_data: false,
        effect: "Duplicates can be written.",
        remedy: "Look for duplicates first, then CREATE UNIQUE INDEX CONCURRENTLY outside a transaction.",
        applies: |delta| matches!(added(delta), Some(Body::Index(index)) if index.unique),
    },
    Rule {
        id: "index-missing",
        group: Group::Indexes,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Queries that it serves are slow. Building it plainly blocks writes to the table.",
        remedy: "CREATE INDEX CONCURRENTLY outside a transaction; in Alembic within autocommit_block().",
        applies: |delta| matches!(added(delta), Some(Body::Index(_))),
    },
    Rule {
        id: "index-extra",
        group: Group::Indexes,
        severity: Severity::Low,
        loses_data: false,
        effect: "Somebody made it by hand, or a migration kept what the models dropped. It costs writes.",
        remedy: "Look at pg_stat_user_indexes: if it is used, add it to the model; if not, DROP INDEX \
                 CONCURRENTLY.",
        applies: |delta| matches!(removed(delta), Some(Body::Index(_))),
    },
    Rule {
        id: "index-changed",
        group: Group::Indexes,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Same name, other index: other queries are served, or other rows are unique.",
        remedy: "Rename the old one, build the new one CONCURRENTLY, then drop the old one CONCURRENTLY.",
        applies: |delta| matches!(altered(delta), Some((Body::Index(_), _))),
    },
];

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
    }
}
