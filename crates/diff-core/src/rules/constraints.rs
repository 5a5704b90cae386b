//! Primary keys, unique, check and exclusion constraints, foreign keys.

use super::{Rule, Severity, added, altered, removed};
use crate::{Body, Group};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "primary-key-missing",
        group: Group::PrimaryKeys,
        severity: Severity::High,
        loses_data: false,
        effect: "Nothing stops duplicate or NULL keys, and logical replication cannot update such a table.",
        remedy: "Look for duplicates first: if there are any by design, it is the model that is wrong. Else \
                 build a unique index CONCURRENTLY and ADD PRIMARY KEY USING INDEX.",
        applies: |delta| matches!(added(delta), Some(Body::PrimaryKey(_))),
    },
    Rule {
        id: "primary-key-extra",
        group: Group::PrimaryKeys,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The database has a key that the models do not know of; foreign keys may rest on it.",
        remedy: "Declare it in the model. Dropping a primary key is seldom right.",
        applies: |delta| matches!(removed(delta), Some(Body::PrimaryKey(_))),
    },
    Rule {
        id: "primary-key-changed",
        group: Group::PrimaryKeys,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The key has other columns or another order: uniqueness, ON CONFLICT and the order of the \
                 index differ.",
        remedy: "If only the order differs, mending the model is cheapest. Else build the new unique index \
                 CONCURRENTLY and swap the constraint in one transaction.",
        applies: |delta| matches!(altered(delta), Some((Body::PrimaryKey(_), _))),
    },
    Rule {
        id: "foreign-key-missing",
        group: Group::ForeignKeys,
        severity: Severity::High,
        loses_data: false,
        effect: "Rows may point to nothing. Adding the key plainly reads both tables and blocks writes to \
                 both.",
        remedy: "Look for orphans first. Then ADD … NOT VALID, and VALIDATE CONSTRAINT in a transaction of \
                 its own.",
        applies: |delta| matches!(added(delta), Some(Body::ForeignKey(_))),
    },
    Rule {
        id: "foreign-key-extra",
        group: Group::ForeignKeys,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The database protects more than the models know of: code may run into it.",
        remedy: "Declare it in the model. Dropping it locks both tables, briefly.",
        applies: |delta| matches!(removed(delta), Some(Body::ForeignKey(_))),
    },
    Rule {
        id: "foreign-key-changed",
        group: Group::ForeignKeys,
        severity: Severity::High,
        loses_data: false,
        effect: "The key points elsewhere, or deleting the parent does something else to the children.",
        remedy: "Add the new key under another name NOT VALID, validate it, drop the old one, rename.",
        applies: |delta| matches!(altered(delta), Some((Body::ForeignKey(_), _))),
    },
    Rule {
        id: "unique-missing",
        group: Group::Constraints,
        severity: Severity::High,
        loses_data: false,
        effect: "Duplicates can be written. Adding the constraint plainly builds its index while nobody can \
                 use the table, and fails on duplicates.",
        remedy: "Look for duplicates first. Then CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT … \
                 UNIQUE USING INDEX.",
        applies: |delta| matches!(added(delta), Some(Body::Unique(_))),
    },
    Rule {
        id: "check-missing",
        group: Group::Constraints,
        severity: Severity::High,
        loses_data: false,
        effect: "Values that the models rule out can be written. Adding the check plainly reads the whole \
                 table while nobody can use it.",
        remedy: "Look for rows that break it. Then ADD … NOT VALID, and VALIDATE CONSTRAINT in a transaction \
                 of its own.",
        applies: |delta| matches!(added(delta), Some(Body::Check(_))),
    },
    Rule {
        id: "exclusion-missing",
        group: Group::Constraints,
        severity: Severity::High,
        loses_data: false,
        effect: "Overlapping rows can be written. Adding the constraint builds its index while nobody can \
                 use the table; there is no online way.",
        remedy: "Look for overlaps first, then add it in a maintenance window.",
        applies: |delta| matches!(added(delta), Some(Body::Exclusion(_))),
    },
    Rule {
        id: "constraint-extra",
        group: Group::Constraints,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The database protects more than the models know of: code may run into it.",
        remedy: "If it is right, declare it in the model. If not, drop it, which is brief.",
        applies: |delta| {
            matches!(removed(delta), Some(Body::Unique(_) | Body::Check(_) | Body::Exclusion(_)))
        },
    },
    Rule {
        id: "constraint-changed",
        group: Group::Constraints,
        severity: Severity::High,
        loses_data: false,
        effect: "Same name, other rule: the database accepts or refuses other rows than the models say. \
                 Tools that compare names do not see it.",
        remedy: "Add the new one under another name (a check NOT VALID, then validated; a unique one by an \
                 index built CONCURRENTLY), drop the old one, rename.",
        applies: |delta| {
            matches!(altered(delta), Some((Body::Unique(_) | Body::Check(_) | Body::Exclusion(_), _)))
        },
    },
];

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn one_rule_for_each_way_to_differ() {
        for (kind, group, missing, extra, changed) in [
            (
                "primary_key",
                Group::PrimaryKeys,
                "primary-key-missing",
                "primary-key-extra",
                "primary-key-changed",
            ),
            (
                "foreign_key",
                Group::ForeignKeys,
                "foreign-key-missing",
                "foreign-key-extra",
                "foreign-key-changed",
            ),
            ("unique", Group::Constraints, "unique-missing", "constraint-extra", "constraint-changed"),
            ("check", Group::Constraints, "check-missing", "constraint-extra", "constraint-changed"),
            ("exclusion", Group::Constraints, "exclusion-missing", "constraint-extra", "constraint-changed"),
        ] {
            let id = format!("{kind}:public.t.c");
            let body = |definition: &str| format!(r#"{{"{kind}": {{"definition": "{definition}"}}}}"#);
            check(&id, "", &body("a"), group, missing);
            check(&id, &body("a"), "", group, extra);
            check(&id, &body("a"), &body("b"), group, changed);
        }
    }
}
