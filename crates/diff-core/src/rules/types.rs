//! Types: of columns, and those that users make.

mod retype;

use super::{
    BASE, Case, Lock, Mode, On, Rule, Severity, Work, added, altered, columns, either, own, removed,
};
use crate::{Body, Group};
use retype::{is_narrowing, is_widening, is_zone_change};

/// What a change of type does beyond its own table.
const WITH_PARTNERS: Lock = Lock::new(On::Partners, Mode::AccessExclusive, Work::Brief);

const RETYPE: &[Lock] =
    &[own(Mode::AccessExclusive, Work::Rewrite), Lock::new(On::Partners, Mode::AccessExclusive, Work::Scan)];

const EVERY_USER: &[Lock] = &[Lock::new(On::Users, Mode::Share, Work::Scan)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "widen-type",
        group: Group::Types,
        attributes: &["type"],
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Scan)
                .when("where a CHECK of the table names the column", retype::is_checked),
            WITH_PARTNERS,
        ],
        effect: "Values that the models allow are refused. Widening is brief: rows and indexes stay as they \
                 are.",
        remedy: "ALTER COLUMN … TYPE with a lock timeout; views that use the column must be made again.",
        applies: |case| is_widening(case),
        ..BASE
    },
    Rule {
        id: "timestamp-zone",
        group: Group::Types,
        attributes: &["type"],
        severity: Severity::High,
        breaks_code: true,
        locks: RETYPE,
        effect: "One side keeps moments, the other what a clock shows somewhere. Changing it reads old values \
                 in the session's time zone and rewrites the table, unless that zone is UTC and no precision is set.",
        remedy: "Say which zone the old values are in: USING column AT TIME ZONE 'UTC'. On a large table whose \
                 values are UTC, SET timezone = 'UTC' and change it without USING: nothing is rewritten.",
        applies: |case| is_zone_change(case),
        ..BASE
    },
    Rule {
        id: "model-type-narrower",
        group: Group::Types,
        attributes: &["type"],
        loses_data: true,
        may_be_refused: true,
        breaks_code: true,
        locks: RETYPE,
        effect: "The database holds values that the model does not expect; narrowing rewrites the table, fails \
                 on values that do not fit, and rounds what has more digits.",
        remedy: "Look for the longest value first. Mostly it is the model that should be widened.",
        applies: |case| is_narrowing(case),
        ..BASE
    },
    Rule {
        id: "change-type",
        group: Group::Types,
        attributes: &["type"],
        severity: Severity::High,
        may_be_refused: true,
        breaks_code: true,
        locks: RETYPE,
        effect: "Changing the type rewrites the table and its indexes while nobody can use it, and fails on \
                 values that do not convert.",
        remedy: "On a large table add a new column, fill it by a trigger and in batches, then switch; on a \
                 small one ALTER COLUMN … TYPE … USING. Is the model right? Look at the values first.",
        applies: |case| columns(case).is_some_and(|(old, new)| old.data_type != new.data_type),
        ..BASE
    },
    Rule {
        id: "change-collation",
        group: Group::Types,
        attributes: &["collation"],
        severity: Severity::High,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            own(Mode::AccessExclusive, Work::Scan)
                .when("where an index is on the column", retype::is_rebuilt),
        ],
        effect: "Order and, for some collations, equality differ; every index on the column is built anew while \
                 nobody can use the table.",
        remedy: "Decide which one is meant, and rebuild on a copy of the column where the table is large.",
        applies: |case| columns(case).is_some_and(|(old, new)| old.collation != new.collation),
        ..BASE
    },
    Rule {
        id: "enum-label-extra",
        group: Group::Types,
        may_be_refused: true,
        breaks_code: true,
        locks: &[Lock::new(On::Users, Mode::AccessExclusive, Work::Rewrite)],
        effect: "Rows may hold labels that the models do not know: reading one fails in Python. PostgreSQL \
                 cannot remove a label; making the type anew rewrites every table that uses it.",
        remedy: "Add the label to the model's enum; or move the rows to another label and forbid it with a \
                 CHECK.",
        applies: |case| labels(case).is_some_and(|(old, new)| old.iter().any(|label| !new.contains(label))),
        ..BASE
    },
    Rule {
        id: "enum-label-missing",
        group: Group::Types,
        severity: Severity::High,
        effect: "Writing the new label fails. Adding it locks no table.",
        remedy: "ALTER TYPE … ADD VALUE, with BEFORE or AFTER where the order matters, in a transaction of \
                 its own before its first use.",
        applies: |case| labels(case).is_some_and(|(old, new)| is_subsequence(old, new)),
        ..BASE
    },
    Rule {
        id: "enum-order-changed",
        group: Group::Types,
        severity: Severity::Low,
        locks: &[Lock::new(On::Users, Mode::AccessExclusive, Work::Rewrite)],
        effect: "Sorting and comparing by the type differ; PostgreSQL cannot reorder labels, only make the type \
                 anew, which rewrites every table that uses it.",
        remedy: "Give the model the database's order, unless something sorts by it.",
        applies: |case| labels(case).is_some(),
        ..BASE
    },
    Rule {
        id: "domain-rule-missing",
        group: Group::Types,
        may_be_refused: true,
        breaks_code: true,
        locks: EVERY_USER,
        effect: "The domain lets values pass that the other side refuses. Adding the rule reads every table that \
                 uses the domain and blocks writes to it; NOT VALID and VALIDATE only put that off.",
        remedy: "Put the rule on each table instead: CHECK … NOT VALID, then VALIDATE CONSTRAINT, which blocks \
                 no writes.",
        applies: |case| {
            matches!(added(case), Some(Body::DomainCheck(_)))
                || matches!(altered(case), Some((Body::DomainCheck(_), _)))
                || matches!(altered(case), Some((Body::Domain(old), Body::Domain(new)))
                    if old.nullable && !new.nullable)
        },
        ..BASE
    },
    Rule {
        id: "domain-rule-extra",
        group: Group::Types,
        severity: Severity::Low,
        effect: "The domain refuses values that the other side lets pass. Dropping the rule is brief.",
        remedy: "If it is right, take it into a migration; if not, ALTER DOMAIN … DROP CONSTRAINT.",
        applies: |case| matches!(removed(case), Some(Body::DomainCheck(_))),
        ..BASE
    },
    Rule {
        id: "domain-differs",
        group: Group::Types,
        locks: &[Lock::new(On::Users, Mode::AccessExclusive, Work::Rewrite)
            .when("where the type beneath differs", |case| {
                matches!(altered(case), Some((Body::Domain(old), Body::Domain(new))) if old.base != new.base)
            })],
        effect: "The domain has another default, rule or type. Another type means a new domain, to which every \
                 table that uses it is moved.",
        remedy: "Defaults and NULL are changed in place. For another type make a new domain and move columns \
                 one by one.",
        applies: |case| matches!(altered(case), Some((Body::Domain(_), _))),
        ..BASE
    },
    Rule {
        id: "type-missing",
        group: Group::Types,
        effect: "Statements that name the type fail.",
        remedy: "Create it before the first column that uses it.",
        applies: |case| is_type(added(case)),
        ..BASE
    },
    Rule {
        id: "type-extra",
        group: Group::Types,
        severity: Severity::Low,
        breaks_code: true,
        effect: "Types outlive the columns that were dropped.",
        remedy: "If no column uses it, DROP TYPE in the next migration.",
        applies: |case| is_type(removed(case)),
        ..BASE
    },
    Rule {
        id: "type-differs",
        group: Group::Types,
        breaks_code: true,
        effect: "Values of the type are made up otherwise; PostgreSQL refuses to change one that a column uses.",
        remedy: "Make a new type beside it and move the columns one by one.",
        applies: |case| is_type(either(case)) || matches!(either(case), Some(Body::Collation(_))),
        ..BASE
    },
];

fn is_type(body: Option<&Body>) -> bool {
    matches!(
        body,
        Some(Body::Enum(_) | Body::Domain(_) | Body::Composite(_) | Body::Range(_) | Body::BaseType(_))
    )
}

fn labels<'a>(case: &Case<'a, '_>) -> Option<(&'a [String], &'a [String])> {
    match altered(case)? {
        (Body::Enum(old), Body::Enum(new)) => Some((&old.labels, &new.labels)),
        _ => None,
    }
}

/// Whether new holds all of old in the same order: then labels are only added.
fn is_subsequence(old: &[String], new: &[String]) -> bool {
    let mut rest = new.iter();
    old.iter().all(|label| rest.any(|known| known == label))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check, column};
    use super::Group;

    #[test]
    fn types_of_columns() {
        let id = "column:public.t.c";
        let of = |data_type: &str| column(&format!(r#""type": "{data_type}", "nullable": true"#));
        for (old, new, rule) in [
            ("character varying(40)", "character varying(80)", "widen-type"),
            ("text", "character varying(80)", "model-type-narrower"),
            ("integer", "bigint", "change-type"),
            ("timestamp without time zone", "timestamp with time zone", "timestamp-zone"),
            ("timestamp(3) with time zone", "timestamp(3) without time zone", "timestamp-zone"),
        ] {
            check(id, &of(old), &of(new), Group::Types, rule);
        }
    }

    #[test]
    fn enums() {
        let of = |labels: &str| format!(r#"{{"enum": {{"labels": [{labels}]}}}}"#);
        let id = "enum:public.mood";
        check(id, &of(r#""a""#), &of(r#""a", "b""#), Group::Types, "enum-label-missing");
        check(id, &of(r#""a", "c""#), &of(r#""a", "b", "c""#), Group::Types, "enum-label-missing");
        check(id, &of(r#""a", "b""#), &of(r#""a""#), Group::Types, "enum-label-extra");
        check(id, &of(r#""a", "b""#), &of(r#""b", "a""#), Group::Types, "enum-order-changed");
        check(id, &of(r#""a""#), "", Group::Types, "type-extra");
        check(id, "", &of(r#""a""#), Group::Types, "type-missing");
    }

    #[test]
    fn domains() {
        let of = |nullable: bool| format!(r#"{{"domain": {{"type": "text", "nullable": {nullable}}}}}"#);
        check("domain:public.d", &of(true), &of(false), Group::Types, "domain-rule-missing");
        check("domain:public.d", &of(false), &of(true), Group::Types, "domain-differs");
        let rule = r#"{"domain_check": {"definition": "CHECK (VALUE > 0)"}}"#;
        check("domain_check:public.d.c", "", rule, Group::Types, "domain-rule-missing");
        check("domain_check:public.d.c", rule, "", Group::Types, "domain-rule-extra");
    }
}
