//! Views, functions, triggers: what runs in the database.

use super::{BASE, BRIEF, Lock, Mode, On, Rule, Severity, Work, added, altered, own, removed};
use crate::{Body, Enabled, Group};

const GUARD: &[Lock] = &[own(Mode::ShareRowExclusive, Work::Brief)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "view-security",
        group: Group::Views,
        attributes: &["options"],
        severity: Severity::High,
        locks: BRIEF,
        effect: "The view reads its tables with other rights, or lets other rows through: row security may be \
                 passed by.",
        remedy: "ALTER VIEW … SET (security_invoker = …) is brief. Treat it as a change of who may see what.",
        applies: |case| {
            matches!(altered(case), Some((Body::View(old), Body::View(new)))
                if old.options.get("security_invoker") != new.options.get("security_invoker"))
        },
        ..BASE
    },
    Rule {
        id: "materialized-view-changed",
        group: Group::Views,
        attributes: &["definition"],
        locks: BRIEF,
        breaks_code: true,
        effect: "The same query gives other rows on the two sides. A materialized view is dropped, made and \
                 filled anew; meanwhile nobody can read it.",
        remedy: "Make it under another name WITH NO DATA, fill it, build its indexes, then swap the names.",
        applies: |case| matches!(altered(case), Some((Body::MaterializedView(_), _))),
        ..BASE
    },
    Rule {
        id: "view-changed",
        group: Group::Views,
        attributes: &["definition"],
        locks: BRIEF,
        effect: "The same query gives other rows on the two sides.",
        remedy: "CREATE OR REPLACE VIEW, where columns are only added at the end; else drop and create it \
                 with its grants in one transaction.",
        applies: |case| matches!(altered(case), Some((Body::View(_), _))),
        ..BASE
    },
    Rule {
        id: "view-missing",
        group: Group::Views,
        severity: Severity::High,
        effect: "Queries on the view fail.",
        remedy: "Run the migration that creates it.",
        applies: |case| matches!(added(case), Some(Body::View(_) | Body::MaterializedView(_))),
        ..BASE
    },
    Rule {
        id: "view-extra",
        group: Group::Views,
        severity: Severity::Low,
        breaks_code: true,
        locks: BRIEF,
        effect: "Somebody reads it who is not in the models.",
        remedy: "Keep it in a migration if it is wanted, else drop it; its definition stands in the snapshot.",
        applies: |case| matches!(removed(case), Some(Body::View(_) | Body::MaterializedView(_))),
        ..BASE
    },
    Rule {
        id: "rewrite-rule-differs",
        group: Group::Views,
        locks: BRIEF,
        effect: "Statements on the table do something else, or more, than they say.",
        remedy: "Rules are brief to make and drop; a trigger is easier to understand.",
        applies: |case| matches!(super::either(case), Some(Body::Rule(_))),
        ..BASE
    },
    Rule {
        id: "trigger-disabled",
        group: Group::Routines,
        attributes: &["enabled"],
        severity: Severity::High,
        locks: GUARD,
        effect: "The trigger is there but does not fire, often left so after a bulk load.",
        remedy: "ALTER TABLE … ENABLE TRIGGER, and mend the rows that were written meanwhile.",
        applies: |case| {
            matches!(altered(case), Some((Body::Trigger(old), Body::Trigger(new)))
                if old.enabled == Enabled::Disabled && new.enabled != Enabled::Disabled)
        },
        ..BASE
    },
    Rule {
        id: "trigger-missing",
        group: Group::Routines,
        severity: Severity::High,
        locks: GUARD,
        effect: "What the trigger keeps true is not kept true.",
        remedy: "Run the migration that creates it, and mend the rows that were written meanwhile.",
        applies: |case| matches!(added(case), Some(Body::Trigger(_))),
        ..BASE
    },
    Rule {
        id: "trigger-extra",
        group: Group::Routines,
        breaks_code: true,
        locks: BRIEF,
        effect: "Writes do something that the other side does not know of.",
        remedy: "Take it into a migration if it is wanted, else drop it.",
        applies: |case| matches!(removed(case), Some(Body::Trigger(_))),
        ..BASE
    },
    Rule {
        id: "trigger-changed",
        group: Group::Routines,
        locks: &[Lock::new(On::Table, Mode::AccessExclusive, Work::Brief)],
        effect: "Writes do something else on the two sides.",
        remedy: "Read both; it is dropped and made again in one transaction, which is brief.",
        applies: |case| matches!(altered(case), Some((Body::Trigger(_), _))),
        ..BASE
    },
    Rule {
        id: "routine-missing",
        group: Group::Routines,
        severity: Severity::High,
        effect: "Statements that call it fail.",
        remedy: "Run the migration that creates it, before what calls it.",
        applies: |case| {
            matches!(added(case), Some(Body::Function(_) | Body::Procedure(_) | Body::Aggregate(_)))
        },
        ..BASE
    },
    Rule {
        id: "routine-extra",
        group: Group::Routines,
        severity: Severity::Low,
        breaks_code: true,
        effect: "Somebody calls it who is not in the models. PostgreSQL does not know what the bodies of other \
                 functions call.",
        remedy: "Search code and functions for its name before it is dropped; its body stands in the snapshot.",
        applies: |case| {
            matches!(removed(case), Some(Body::Function(_) | Body::Procedure(_) | Body::Aggregate(_)))
        },
        ..BASE
    },
    Rule {
        id: "routine-changed",
        group: Group::Routines,
        effect: "The same call does something else on the two sides.",
        remedy: "Read both; CREATE OR REPLACE keeps its grants and what depends on it, unless the result or the \
                 names of arguments differ.",
        applies: |case| {
            matches!(altered(case), Some((Body::Function(_) | Body::Procedure(_) | Body::Aggregate(_), _)))
        },
        ..BASE
    },
    Rule {
        id: "event-trigger-missing",
        group: Group::Routines,
        effect: "It watches or forbids changes of the schema, those of migrations too.",
        remedy: "Read what it does before it is made: it runs with every DDL statement after it.",
        applies: |case| matches!(added(case), Some(Body::EventTrigger(_))),
        ..BASE
    },
];

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn triggers() {
        let id = "trigger:public.t.tr";
        let fires = r#"{"trigger": {"definition": "x"}}"#;
        let silent = r#"{"trigger": {"definition": "x", "enabled": "disabled"}}"#;
        check(id, silent, fires, Group::Routines, "trigger-disabled");
        check(id, fires, silent, Group::Routines, "trigger-changed");
        check(id, "", fires, Group::Routines, "trigger-missing");
        check(id, fires, "", Group::Routines, "trigger-extra");
    }

    #[test]
    fn views() {
        let of = |kind: &str, more: &str| format!(r#"{{"{kind}": {{"definition": "SELECT 1"{more}}}}}"#);
        let (plain, invoker) = (of("view", ""), of("view", r#", "options": {"security_invoker": "true"}"#));
        check("view:public.v", "", &plain, Group::Views, "view-missing");
        check("view:public.v", &plain, "", Group::Views, "view-extra");
        check("view:public.v", &invoker, &plain, Group::Views, "view-security");
        let other = r#"{"materialized_view": {"definition": "SELECT 2"}}"#;
        let id = "materialized_view:public.m";
        check(id, &of("materialized_view", ""), other, Group::Views, "materialized-view-changed");
    }
}
