//! Types, views, routines, security, and all that is about an object rather than in it.

use super::{Rule, Severity, added, altered, removed};
use crate::{Body, Change, Delta, Enabled, Group, RowSecurity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "name-only",
        group: Group::Names,
        severity: Severity::Low,
        loses_data: false,
        effect: "Only a name differs that PostgreSQL or SQLAlchemy made up; nothing behaves differently.",
        remedy: "Leave it, or rename: ALTER INDEX … RENAME TO, ALTER TABLE … RENAME CONSTRAINT. Never drop \
                 and create.",
        applies: |delta| matches!(delta.change, Change::Renamed { .. }),
    },
    Rule {
        id: "enum-label-extra",
        group: Group::Types,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Rows may hold labels that the models do not know: reading one fails in Python. PostgreSQL \
                 cannot remove a label.",
        remedy: "Add the label to the model's enum; or move the rows to another label and forbid it with a \
                 CHECK.",
        applies: |delta| labels(delta).is_some_and(|(old, new)| old.iter().any(|label| !new.contains(label))),
    },
    Rule {
        id: "enum-label-missing",
        group: Group::Types,
        severity: Severity::High,
        loses_data: false,
        effect: "Writing the new label fails.",
        remedy: "ALTER TYPE … ADD VALUE, with BEFORE or AFTER where the order matters, in a transaction of \
                 its own before its first use.",
        applies: |delta| labels(delta).is_some_and(|(old, new)| new.iter().any(|label| !old.contains(label))),
    },
    Rule {
        id: "enum-order-changed",
        group: Group::Types,
        severity: Severity::Low,
        loses_data: false,
        effect: "Sorting and comparing by the type differ; PostgreSQL cannot reorder labels.",
        remedy: "Give the model the database's order, unless something sorts by it.",
        applies: |delta| labels(delta).is_some(),
    },
    Rule {
        id: "type-missing",
        group: Group::Types,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Statements that name the type fail.",
        remedy: "Create it before the first column that uses it.",
        applies: |delta| {
            matches!(
                added(delta),
                Some(
                    Body::Enum(_) | Body::Domain(_) | Body::Composite(_) | Body::Range(_) | Body::BaseType(_)
                )
            )
        },
    },
    Rule {
        id: "type-extra",
        group: Group::Types,
        severity: Severity::Low,
        loses_data: false,
        effect: "Types outlive the columns that were dropped.",
        remedy: "If no column uses it, DROP TYPE in the next migration.",
        applies: |delta| {
            matches!(
                removed(delta),
                Some(
                    Body::Enum(_) | Body::Domain(_) | Body::Composite(_) | Body::Range(_) | Body::BaseType(_)
                )
            )
        },
    },
    Rule {
        id: "view-changed",
        group: Group::Views,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The same query gives other rows on the two sides.",
        remedy: "CREATE OR REPLACE VIEW, where columns are only added at the end; else drop and create it \
                 with its grants in one transaction.",
        applies: |delta| matches!(altered(delta), Some((Body::View(_) | Body::MaterializedView(_), _))),
    },
    Rule {
        id: "view-missing",
        group: Group::Views,
        severity: Severity::High,
        loses_data: false,
        effect: "Queries on the view fail.",
        remedy: "Run the migration that creates it.",
        applies: |delta| matches!(added(delta), Some(Body::View(_) | Body::MaterializedView(_))),
    },
    Rule {
        id: "view-extra",
        group: Group::Views,
        severity: Severity::Low,
        loses_data: false,
        effect: "Somebody reads it who is not in the models.",
        remedy: "Keep it in a migration if it is wanted, else drop it; its definition stands in the snapshot.",
        applies: |delta| matches!(removed(delta), Some(Body::View(_) | Body::MaterializedView(_))),
    },
    Rule {
        id: "trigger-disabled",
        group: Group::Routines,
        severity: Severity::High,
        loses_data: false,
        effect: "The trigger is there but does not fire, often left so after a bulk load.",
        remedy: "ALTER TABLE … ENABLE TRIGGER, and mend the rows that were written meanwhile.",
        applies: |delta| {
            matches!(altered(delta), Some((Body::Trigger(old), Body::Trigger(new)))
                if old.enabled == Enabled::Disabled && new.enabled != Enabled::Disabled)
        },
    },
    Rule {
        id: "trigger-missing",
        group: Group::Routines,
        severity: Severity::High,
        loses_data: false,
        effect: "What the trigger keeps true is not kept true.",
        remedy: "Run the migration that creates it, and mend the rows that were written meanwhile.",
        applies: |delta| matches!(added(delta), Some(Body::Trigger(_))),
    },
    Rule {
        id: "trigger-extra",
        group: Group::Routines,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Writes do something that the other side does not know of.",
        remedy: "Take it into a migration if it is wanted, else drop it.",
        applies: |delta| matches!(removed(delta), Some(Body::Trigger(_))),
    },
    Rule {
        id: "routine-changed",
        group: Group::Routines,
        severity: Severity::Medium,
        loses_data: false,
        effect: "The same call does something else on the two sides.",
        remedy: "Read both; CREATE OR REPLACE keeps its grants and what depends on it.",
        applies: |delta| {
            matches!(
                altered(delta),
                Some((Body::Function(_) | Body::Procedure(_) | Body::Aggregate(_) | Body::Trigger(_), _))
            )
        },
    },
    Rule {
        id: "row-security-off",
        group: Group::Security,
        severity: Severity::High,
        loses_data: false,
        effect: "Policies do not apply: everybody who may read the table sees all rows.",
        remedy: "ALTER TABLE … ENABLE ROW LEVEL SECURITY. Find out since when it was off.",
        applies: |delta| {
            matches!(altered(delta), Some((Body::Table(old), Body::Table(new)))
                if is_off(old.row_security) && !is_off(new.row_security))
        },
    },
    Rule {
        id: "policy-differs",
        group: Group::Security,
        severity: Severity::High,
        loses_data: false,
        effect: "Other rows are seen or written than the other side allows.",
        remedy: "Treat it as a change of who may see what: find out who made it, then bring it in line.",
        applies: |delta| {
            delta.old_object().or(delta.new_object()).is_some_and(|one| matches!(one.body, Body::Policy(_)))
        },
    },
    Rule {
        id: "access-differs",
        group: Group::Security,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Another role owns it, or other roles may use it.",
        remedy: "GRANT, REVOKE or ALTER … OWNER TO are brief. Environments that differ by design are ignored \
                 with `#owner` or `#grants`.",
        applies: |delta| {
            delta.attributes().iter().any(|change| ["owner", "grants"].contains(&change.name.as_str()))
        },
    },
    Rule {
        id: "comment-differs",
        group: Group::Comments,
        severity: Severity::Low,
        loses_data: false,
        effect: "Only the documentation differs.",
        remedy: "COMMENT ON is brief and blocks no reader or writer.",
        applies: |_| true,
    },
    Rule {
        id: "extension-differs",
        group: Group::Other,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Types, operators or functions of the extension are missing, or of another version.",
        remedy: "CREATE EXTENSION, or ALTER EXTENSION … UPDATE, as a role that may.",
        applies: |delta| {
            delta
                .old_object()
                .or(delta.new_object())
                .is_some_and(|one| matches!(one.body, Body::Extension(_)))
        },
    },
    Rule {
        id: "sequence-extra",
        group: Group::Other,
        severity: Severity::Low,
        loses_data: false,
        effect: "No column owns it; functions and triggers may draw from it.",
        remedy: "If it is wanted, declare it in the models as Sequence(…, metadata=…), or ignore it by pattern.",
        applies: |delta| matches!(removed(delta), Some(Body::Sequence(_))),
    },
    Rule {
        id: "sequence-differs",
        group: Group::Other,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Numbers are drawn in another way, or run out earlier.",
        remedy: "ALTER SEQUENCE is brief. Is the type wide enough for the column?",
        applies: |delta| {
            delta.old_object().or(delta.new_object()).is_some_and(|one| matches!(one.body, Body::Sequence(_)))
        },
    },
];

fn is_off(row_security: RowSecurity) -> bool {
    matches!(row_security, RowSecurity::Off | RowSecurity::OffForced)
}

fn labels(delta: &Delta) -> Option<(&[String], &[String])> {
    match altered(delta)? {
        (Body::Enum(old), Body::Enum(new)) => Some((&old.labels, &new.labels)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn enums() {
        let of = |labels: &str| format!(r#"{{"enum": {{"labels": [{labels}]}}}}"#);
        let id = "enum:public.mood";
        check(id, &of(r#""a""#), &of(r#""a", "b""#), Group::Types, "enum-label-missing");
        check(id, &of(r#""a", "b""#), &of(r#""a""#), Group::Types, "enum-label-extra");
        check(id, &of(r#""a", "b""#), &of(r#""b", "a""#), Group::Types, "enum-order-changed");
        check(id, &of(r#""a""#), "", Group::Types, "type-extra");
    }

    #[test]
    fn triggers_and_security() {
        let id = "trigger:public.t.tr";
        let fires = r#"{"trigger": {"definition": "x"}}"#;
        let silent = r#"{"trigger": {"definition": "x", "enabled": "disabled"}}"#;
        check(id, silent, fires, Group::Routines, "trigger-disabled");
        check(id, fires, silent, Group::Routines, "routine-changed");
        let (open, closed) = (r#"{"table": {}}"#, r#"{"table": {"row_security": "on"}}"#);
        check("table:public.t", open, closed, Group::Security, "row-security-off");
        check("table:public.t", closed, open, Group::Security, "");
    }
}
