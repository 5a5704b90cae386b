//! Who may see and change what: row security, policies, owners, grants.

use super::{BASE, BRIEF, Lock, Rule, Severity, added, altered, either, removed};
use crate::{Body, Group, RowSecurity};

/// Policies are short to make and drop, and lock the table for it.
const POLICY: &[Lock] = BRIEF;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "row-security-off",
        group: Group::Security,
        attributes: &["row_security"],
        severity: Severity::High,
        breaks_code: true,
        locks: BRIEF,
        effect: "Policies do not apply: everybody who may read the table sees all rows.",
        remedy: "ALTER TABLE … ENABLE ROW LEVEL SECURITY, after the policies are there: without any, nobody but \
                 the owner sees a row. Find out since when it was off.",
        applies: |case| row_security(case.delta).is_some_and(|(old, new)| is_off(old) && !is_off(new)),
        ..BASE
    },
    Rule {
        id: "row-security-on",
        group: Group::Security,
        attributes: &["row_security"],
        severity: Severity::High,
        locks: BRIEF,
        effect: "Policies apply that the other side does not know of. Without row security everybody who may read \
                 the table sees all rows.",
        remedy: "Take it into a migration, unless the policies were a trial. Switching it off opens the table.",
        applies: |case| row_security(case.delta).is_some(),
        ..BASE
    },
    Rule {
        id: "policy-missing",
        group: Group::Security,
        severity: Severity::High,
        locks: POLICY,
        effect: "A permissive policy that is missing hides rows, a restrictive one shows too many.",
        remedy: "Run the migration that creates it. CREATE POLICY is brief.",
        applies: |case| matches!(added(case), Some(Body::Policy(_))),
        ..BASE
    },
    Rule {
        id: "policy-extra",
        group: Group::Security,
        severity: Severity::High,
        locks: POLICY,
        effect: "A permissive policy that nobody declared shows more rows, a restrictive one hides some.",
        remedy: "Find out who made it, then take it into a migration or drop it.",
        applies: |case| matches!(removed(case), Some(Body::Policy(_))),
        ..BASE
    },
    Rule {
        id: "policy-changed",
        group: Group::Security,
        severity: Severity::High,
        locks: POLICY,
        effect: "Other rows are seen or written than the other side allows.",
        remedy: "Treat it as a change of who may see what: find out who made it, then bring it in line.",
        applies: |case| matches!(altered(case), Some((Body::Policy(_), _))),
        ..BASE
    },
    Rule {
        id: "owner-differs",
        group: Group::Security,
        attributes: &["owner"],
        locks: BRIEF,
        effect: "Another role owns it, and so may change it, and is not held by row security.",
        remedy: "ALTER … OWNER TO is brief. Environments that differ by design are ignored with `#owner`.",
        applies: |_| true,
        ..BASE
    },
    Rule {
        id: "access-differs",
        group: Group::Security,
        attributes: &["grants", "security_labels"],
        effect: "Other roles may use it.",
        remedy: "GRANT and REVOKE are brief and lock no table. Environments that differ by design are ignored \
                 with `#grants`.",
        applies: |_| true,
        ..BASE
    },
    Rule {
        id: "default-access-differs",
        group: Group::Security,
        effect: "What is made from now on may be used by other roles.",
        remedy: "ALTER DEFAULT PRIVILEGES changes nothing that is there: grant that by itself.",
        applies: |case| matches!(either(case), Some(Body::DefaultPrivileges(_))),
        ..BASE
    },
];

fn row_security(delta: &crate::Delta) -> Option<(RowSecurity, RowSecurity)> {
    match (&delta.old_object()?.body, &delta.new_object()?.body) {
        (Body::Table(old), Body::Table(new)) => Some((old.row_security, new.row_security)),
        (Body::Partition(old), Body::Partition(new)) => Some((old.row_security, new.row_security)),
        _ => None,
    }
}

fn is_off(row_security: RowSecurity) -> bool {
    matches!(row_security, RowSecurity::Off | RowSecurity::OffForced)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn row_security_and_policies() {
        let (open, closed) = (r#"{"table": {}}"#, r#"{"table": {"row_security": "on"}}"#);
        check("table:public.t", open, closed, Group::Security, "row-security-off");
        check("table:public.t", closed, open, Group::Security, "row-security-on");
        let policy = |command: &str| {
            format!(r#"{{"policy": {{"permissive": true, "command": "{command}", "roles": ["PUBLIC"]}}}}"#)
        };
        let id = "policy:public.t.p";
        check(id, "", &policy("ALL"), Group::Security, "policy-missing");
        check(id, &policy("ALL"), "", Group::Security, "policy-extra");
        check(id, &policy("ALL"), &policy("SELECT"), Group::Security, "policy-changed");
    }
}
