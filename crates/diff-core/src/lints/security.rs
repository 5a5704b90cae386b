//! Who may see more than was meant.

use super::{BASE, Lint};
use crate::{Body, Kind, Object, ObjectId, RowSecurity, Severity};

pub(super) const SECURITY_WITHOUT_POLICY: Lint = Lint {
    id: "row-security-without-policy",
    severity: Severity::High,
    effect: "Row security is on and no policy lets anything through: nobody but the owner sees a row.",
    remedy: "CREATE POLICY, or switch row security off.",
    finds: |seen| {
        let has_policy = seen.inside().iter().any(|(id, _)| id.kind() == Kind::Policy);
        (is_secured(seen.object) && !has_policy).then(|| "row security without a policy".to_owned())
    },
    ..BASE
};

pub(super) const POLICY_WITHOUT_SECURITY: Lint = Lint {
    id: "policy-without-row-security",
    severity: Severity::High,
    effect: "The policies are not applied: everybody who may read the table sees all rows.",
    remedy: "ALTER TABLE … ENABLE ROW LEVEL SECURITY.",
    finds: |seen| {
        let is_open = matches!(seen.body(), Body::Table(_)) && !is_secured(seen.object);
        let has_policy = seen.inside().iter().any(|(id, _)| id.kind() == Kind::Policy);
        (is_open && has_policy).then(|| "policies, and row security is off".to_owned())
    },
    ..BASE
};

pub(super) const SECURITY_DEFINER: Lint = Lint {
    id: "security-definer-path",
    severity: Severity::Medium,
    effect: "It runs with its owner's rights and the caller's search path: a caller can slip in functions of its own.",
    remedy: "SET search_path = pg_catalog on the function, and every name in it qualified.",
    finds: |seen| match seen.body() {
        Body::Function(it) | Body::Procedure(it)
            if it.security_definer && !it.settings.contains_key("search_path") =>
        {
            Some("SECURITY DEFINER without a search_path".to_owned())
        }
        _ => None,
    },
    ..BASE
};

pub(super) const VIEW_PASSES_SECURITY: Lint = Lint {
    id: "view-passes-row-security",
    severity: Severity::Medium,
    effect: "The view reads the table as its owner, whom policies may not hold: callers see all rows.",
    remedy: "ALTER VIEW … SET (security_invoker = true), from PostgreSQL 15 on.",
    finds: |seen| {
        let Body::View(view) = seen.body() else { return None };
        let is_set =
            view.options.get("security_invoker").is_some_and(|value| value == "true" || value == "on");
        let needed = || seen.object.depends_on.iter().filter_map(ObjectId::relation);
        let secured = needed().find(|path| {
            let table = seen.around.get(&ObjectId::new(Kind::Table, *path));
            table.is_some_and(is_secured)
        })?;
        (!is_set).then(|| format!("{} has row security", secured.join(".")))
    },
    ..BASE
};

pub(super) const WRITABLE_BY_ALL: Lint = Lint {
    id: "writable-by-all",
    severity: Severity::Medium,
    effect: "Every role of the server may change its rows.",
    remedy: "REVOKE … FROM PUBLIC, and grant it to the roles that need it.",
    finds: |seen| {
        let is_table = matches!(seen.body(), Body::Table(_) | Body::Partition(_));
        let public = seen.object.grants.get("PUBLIC")?;
        const WRITES: [&str; 5] = ["ALL", "DELETE", "INSERT", "TRUNCATE", "UPDATE"];
        let granted: Vec<&str> = WRITES.into_iter().filter(|it| public.contains(*it)).collect();
        (is_table && !granted.is_empty()).then(|| format!("{} to PUBLIC", granted.join(", ")))
    },
    ..BASE
};

fn is_secured(object: &Object) -> bool {
    matches!(&object.body, Body::Table(table)
        if matches!(table.row_security, RowSecurity::On | RowSecurity::Forced))
}
