//! Primary keys, unique, check and exclusion constraints, foreign keys.

use super::{BASE, BRIEF, Case, Lock, Mode, On, Rule, Severity, Work, added, altered, own, removed};
use crate::{Body, Constraint, Group};

/// An index is built, or the rows are read, while nobody can use the table.
const SCAN: &[Lock] = &[own(Mode::AccessExclusive, Work::Scan)];

/// What a new foreign key does to both tables.
const KEY: [Lock; 3] = [
    own(Mode::ShareRowExclusive, Work::Scan),
    Lock::new(On::Referenced, Mode::ShareRowExclusive, Work::Brief),
    Lock::new(On::Referenced, Mode::ShareRowExclusive, Work::Scan)
        .when("unless the table of the key is new", |case| case.context.stands(case.delta.id.parent())),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "constraint-not-validated",
        group: Group::Constraints,
        attributes: &["definition"],
        locks: &[own(Mode::ShareUpdateExclusive, Work::Scan)],
        may_be_refused: true,
        effect: "The check holds for new rows alone: those that were there before were never looked at. \
                 Validating it reads the table and blocks neither reads nor writes.",
        remedy: "VALIDATE CONSTRAINT, after a look for rows that break it.",
        applies: |case| changed(case, Group::Constraints).is_some_and(is_validated),
        ..BASE
    },
    Rule {
        id: "foreign-key-not-validated",
        group: Group::ForeignKeys,
        attributes: &["definition"],
        locks: &[own(Mode::ShareUpdateExclusive, Work::Scan)],
        may_be_refused: true,
        effect: "The key holds for new rows alone: those that were there before may point to nothing. \
                 Validating it reads both tables and blocks neither reads nor writes.",
        remedy: "VALIDATE CONSTRAINT, after a look for orphans.",
        applies: |case| changed(case, Group::ForeignKeys).is_some_and(is_validated),
        ..BASE
    },
    Rule {
        id: "primary-key-missing",
        group: Group::PrimaryKeys,
        severity: Severity::High,
        may_be_refused: true,
        locks: SCAN,
        effect: "Nothing stops duplicate or NULL keys, and logical replication cannot update such a table. \
                 Adding it plainly builds its index while nobody can use the table.",
        remedy: "Look for duplicates first: if there are any by design, it is the model that is wrong. Else \
                 build a unique index CONCURRENTLY, set NOT NULL, and ADD PRIMARY KEY USING INDEX.",
        applies: |case| matches!(added(case), Some(Body::PrimaryKey(_))),
        ..BASE
    },
    Rule {
        id: "primary-key-extra",
        group: Group::PrimaryKeys,
        breaks_code: true,
        locks: BRIEF,
        effect: "The database has a key that the models do not know of; foreign keys may rest on it.",
        remedy: "Declare it in the model. Dropping a primary key is seldom right.",
        applies: |case| matches!(removed(case), Some(Body::PrimaryKey(_))),
        ..BASE
    },
    Rule {
        id: "primary-key-changed",
        group: Group::PrimaryKeys,
        attributes: &["definition"],
        may_be_refused: true,
        breaks_code: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Scan),
            Lock::new(On::Partners, Mode::AccessExclusive, Work::Scan),
        ],
        effect: "The key has other columns or another order: uniqueness, ON CONFLICT and the order of the \
                 index differ. Foreign keys that rest on it are made anew.",
        remedy: "If only the order differs, mending the model is cheapest. Else build the new unique index \
                 CONCURRENTLY and swap the constraint in one transaction.",
        applies: |case| matches!(altered(case), Some((Body::PrimaryKey(_), _))),
        ..BASE
    },
    Rule {
        id: "foreign-key-unchecked-missing",
        group: Group::ForeignKeys,
        severity: Severity::High,
        locks: &[
            Lock::new(On::Table, Mode::ShareRowExclusive, Work::Brief),
            Lock::new(On::Referenced, Mode::ShareRowExclusive, Work::Brief),
        ],
        effect: "Rows may point to nothing. Adding the key as it is in the other side, NOT VALID or NOT ENFORCED, \
                 is brief.",
        remedy: "ALTER TABLE … ADD with a lock timeout: both tables are locked for a moment.",
        applies: |case| matches!(added(case), Some(Body::ForeignKey(key)) if is_unchecked(key)),
        ..BASE
    },
    Rule {
        id: "foreign-key-missing",
        group: Group::ForeignKeys,
        severity: Severity::High,
        may_be_refused: true,
        locks: &KEY,
        effect: "Rows may point to nothing. Adding the key plainly reads both tables and blocks writes to \
                 both.",
        remedy: "Look for orphans first. Then ADD … NOT VALID, and VALIDATE CONSTRAINT in a transaction of \
                 its own.",
        applies: |case| matches!(added(case), Some(Body::ForeignKey(_))),
        ..BASE
    },
    Rule {
        id: "foreign-key-extra",
        group: Group::ForeignKeys,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Referenced, Mode::AccessExclusive, Work::Brief),
        ],
        effect: "The database protects more than the models know of: code may run into it.",
        remedy: "Declare it in the model. Dropping it locks both tables, briefly.",
        applies: |case| matches!(removed(case), Some(Body::ForeignKey(_))),
        ..BASE
    },
    Rule {
        id: "foreign-key-deferral",
        group: Group::ForeignKeys,
        attributes: &["definition"],
        severity: Severity::Low,
        locks: BRIEF,
        effect: "The key is checked at another time: with the statement, or at the end of the transaction.",
        remedy: "ALTER TABLE … ALTER CONSTRAINT is brief, and reads nothing.",
        applies: |case| {
            changed(case, Group::ForeignKeys).is_some_and(|(old, new)| undeferred(old) == undeferred(new))
        },
        ..BASE
    },
    Rule {
        id: "foreign-key-changed",
        group: Group::ForeignKeys,
        attributes: &["definition"],
        severity: Severity::High,
        may_be_refused: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Referenced, Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Scan).when(UNLESS_UNCHECKED, is_checked_anew),
            Lock::new(On::Referenced, Mode::AccessExclusive, Work::Scan)
                .when(UNLESS_UNCHECKED, is_checked_anew),
        ],
        effect: "The key points elsewhere, or deleting the parent does something else to the children.",
        remedy: "Add the new key under another name NOT VALID, validate it, drop the old one, rename.",
        applies: |case| matches!(altered(case), Some((Body::ForeignKey(_), _))),
        ..BASE
    },
    Rule {
        id: "unique-missing",
        group: Group::Constraints,
        severity: Severity::High,
        may_be_refused: true,
        locks: SCAN,
        effect: "Duplicates can be written. Adding the constraint plainly builds its index while nobody can \
                 use the table, and fails on duplicates.",
        remedy: "Look for duplicates first. Then CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT … \
                 UNIQUE USING INDEX.",
        applies: |case| matches!(added(case), Some(Body::Unique(_))),
        ..BASE
    },
    Rule {
        id: "check-unchecked-missing",
        group: Group::Constraints,
        locks: BRIEF,
        effect: "Values that the models rule out can be written. Adding the check as it is in the other side, NOT \
                 VALID or NOT ENFORCED, is brief; rows that are there are not looked at.",
        remedy: "ALTER TABLE … ADD with a lock timeout.",
        applies: |case| matches!(added(case), Some(Body::Check(check)) if is_unchecked(check)),
        ..BASE
    },
    Rule {
        id: "check-missing",
        group: Group::Constraints,
        severity: Severity::High,
        may_be_refused: true,
        locks: SCAN,
        effect: "Values that the models rule out can be written. Adding the check plainly reads the whole \
                 table while nobody can use it.",
        remedy: "Look for rows that break it. Then ADD … NOT VALID, and VALIDATE CONSTRAINT in a transaction \
                 of its own.",
        applies: |case| matches!(added(case), Some(Body::Check(_))),
        ..BASE
    },
    Rule {
        id: "exclusion-missing",
        group: Group::Constraints,
        severity: Severity::High,
        may_be_refused: true,
        locks: SCAN,
        effect: "Overlapping rows can be written. Adding the constraint builds its index while nobody can \
                 use the table; there is no online way.",
        remedy: "Look for overlaps first, then add it in a maintenance window.",
        applies: |case| matches!(added(case), Some(Body::Exclusion(_))),
        ..BASE
    },
    Rule {
        id: "constraint-extra",
        group: Group::Constraints,
        locks: BRIEF,
        effect: "The database protects more than the models know of: code may run into it.",
        remedy: "If it is right, declare it in the model. If not, drop it, which is brief.",
        applies: |case| matches!(removed(case), Some(Body::Unique(_) | Body::Check(_) | Body::Exclusion(_))),
        ..BASE
    },
    Rule {
        id: "constraint-changed",
        group: Group::Constraints,
        attributes: &["definition"],
        severity: Severity::High,
        may_be_refused: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Scan).when(UNLESS_UNCHECKED, is_checked_anew),
        ],
        effect: "Same name, other rule: the database accepts or refuses other rows than the models say. \
                 Tools that compare names do not see it.",
        remedy: "Add the new one under another name (a check NOT VALID, then validated; a unique one by an \
                 index built CONCURRENTLY), drop the old one, rename.",
        applies: |case| {
            matches!(altered(case), Some((Body::Unique(_) | Body::Check(_) | Body::Exclusion(_), _)))
        },
        ..BASE
    },
    Rule {
        id: "primary-key-settings",
        group: Group::PrimaryKeys,
        severity: Severity::Low,
        locks: IDENTITY,
        effect: "The key is the same; how the index behind it is kept, or what it is marked as, is not.",
        remedy: "Bring it over when nothing else is to be done; it is brief, but for another tablespace.",
        applies: |case| matches!(altered(case), Some((Body::PrimaryKey(_), _))),
        ..BASE
    },
    Rule {
        id: "foreign-key-disabled",
        group: Group::ForeignKeys,
        attributes: &["disabled"],
        severity: Severity::High,
        locks: &[
            own(Mode::ShareRowExclusive, Work::Brief),
            Lock::new(On::Referenced, Mode::ShareRowExclusive, Work::Brief),
        ],
        effect: "On one side the key is there and not looked after, often left so after a bulk load: rows may point \
                 to nothing.",
        remedy: "ALTER TABLE … ENABLE TRIGGER ALL, and look for orphans that were written meanwhile.",
        applies: |case| matches!(altered(case), Some((Body::ForeignKey(_), _))),
        ..BASE
    },
    Rule {
        id: "constraint-settings",
        group: Group::Constraints,
        severity: Severity::Low,
        locks: IDENTITY,
        effect: "The rule is the same; how the index behind it is kept, or what it is marked as, is not.",
        remedy: "Bring it over when nothing else is to be done; it is brief, but for another tablespace.",
        applies: |case| {
            matches!(altered(case), Some((Body::Unique(_) | Body::Check(_) | Body::Exclusion(_), _)))
        },
        ..BASE
    },
];

/// Both bodies of a constraint of which the definition differs.
fn changed<'a>(case: &Case<'a, '_>, group: Group) -> Option<(&'a Constraint, &'a Constraint)> {
    match altered(case)? {
        (Body::ForeignKey(old), Body::ForeignKey(new)) if group == Group::ForeignKeys => Some((old, new)),
        (Body::Check(old), Body::Check(new)) if group == Group::Constraints => Some((old, new)),
        _ => None,
    }
}

/// Whether the rows that are there are not looked at.
fn is_unchecked(constraint: &Constraint) -> bool {
    [" NOT VALID", " NOT ENFORCED"].iter().any(|end| constraint.definition.ends_with(end))
}

const UNLESS_UNCHECKED: &str = "unless it is added NOT VALID or NOT ENFORCED";

/// Whether the rows are looked at when the constraint is made anew.
fn is_checked_anew(case: &Case<'_, '_>) -> bool {
    !matches!(altered(case), Some((_, Body::Check(new) | Body::ForeignKey(new))) if is_unchecked(new))
}

/// Replication is told of another index by ALTER TABLE.
const IDENTITY: &[Lock] = &[own(Mode::AccessExclusive, Work::Brief)
    .when("for the replica identity", |case| case.attribute == Some("replica_identity"))];

/// Whether nothing is left to do but to look at the rows.
fn is_validated((old, new): (&Constraint, &Constraint)) -> bool {
    old.definition.strip_suffix(" NOT VALID") == Some(&new.definition)
}

/// A key without what it says of when it is checked.
fn undeferred(key: &Constraint) -> &str {
    let words = [" INITIALLY DEFERRED", " DEFERRABLE"];
    words.iter().fold(key.definition.as_str(), |rest, word| rest.strip_suffix(word).unwrap_or(rest))
}

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

    #[test]
    fn what_is_not_checked_is_brief() {
        let body =
            |kind: &str, definition: &str| format!(r#"{{"{kind}": {{"definition": "{definition}"}}}}"#);
        for (kind, group, missing, validated) in [
            ("check", Group::Constraints, "check-unchecked-missing", "constraint-not-validated"),
            ("foreign_key", Group::ForeignKeys, "foreign-key-unchecked-missing", "foreign-key-not-validated"),
        ] {
            let id = format!("{kind}:public.t.c");
            check(&id, "", &body(kind, "a NOT VALID"), group, missing);
            check(&id, &body(kind, "a NOT VALID"), &body(kind, "a"), group, validated);
        }
        let id = "foreign_key:public.t.c";
        let key = |definition: &str| body("foreign_key", definition);
        check(
            id,
            &key("a"),
            &key("a DEFERRABLE INITIALLY DEFERRED"),
            Group::ForeignKeys,
            "foreign-key-deferral",
        );
        check(id, &key("a"), &key("a ON DELETE CASCADE"), Group::ForeignKeys, "foreign-key-changed");
    }
}
