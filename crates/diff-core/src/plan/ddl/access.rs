//! What objects of all kinds carry: owner, privileges, comment, security labels.

use std::collections::{BTreeMap, BTreeSet};

use super::Writer;
use crate::plan::sql::{address, ident, literal, name, relation, role, word};
use crate::plan::work::contents;
use crate::{Kind, Object, ObjectId, collect};

/// Privileges by role.
pub(super) type Grants = BTreeMap<String, BTreeSet<String>>;

/// Gives a new object all that it carries.
pub(super) fn dress(writer: &mut Writer<'_, '_>, object: &Object) {
    let id = writer.id;
    if let Some(owner) = object.owner.as_ref().filter(|owner| writer.work.role.as_ref() != Some(owner)) {
        set_owner(writer, owner);
    }
    if let Some(comment) = &object.comment {
        writer.alter("comment", format!("COMMENT ON {} IS {}", address(id), literal(comment)));
    }
    for (provider, label) in &object.security_labels {
        set_label(writer, provider, Some(label));
    }
    let is_known = writer.work.speaks_of("grants") || writer.work.old.objects.contains_key(id);
    if let Some(on) = grant_word(id.kind()).filter(|_| is_known) {
        let given = given_by_default(writer, &object.grants);
        say_grants(writer, on, &given, object);
    }
}

/// Changes what an object carries.
pub(super) fn change(
    writer: &mut Writer<'_, '_>,
    old: &Object,
    new: &Object,
    changes: &impl Fn(&str) -> bool,
) {
    let id = writer.id;
    if let Some(owner) = new.owner.as_ref().filter(|_| changes("owner")) {
        set_owner(writer, owner);
    }
    if changes("comment") {
        let text = new.comment.as_ref().map_or_else(|| "NULL".to_owned(), |comment| literal(comment));
        writer.alter("comment", format!("COMMENT ON {} IS {text}", address(id)));
    }
    if changes("security_labels") {
        for provider in
            old.security_labels.keys().filter(|provider| !new.security_labels.contains_key(*provider))
        {
            set_label(writer, provider, None);
        }
        for (provider, label) in &new.security_labels {
            set_label(writer, provider, Some(label));
        }
    }
    let had = match (&old.owner, &new.owner) {
        (Some(from), Some(to)) if changes("owner") => handed_over(&old.grants, from, to),
        _ => old.grants.clone(),
    };
    if let Some(on) = grant_word(id.kind()).filter(|_| changes("grants") || had != old.grants) {
        say_grants(writer, on, &had, new);
    }
}

/// What is granted once another role owns the object: what the one had, the other has.
fn handed_over(grants: &Grants, from: &str, to: &str) -> Grants {
    let others = grants.iter().filter(|(role, _)| *role != from && *role != to);
    let mut handed = collect::map(others.map(|(role, privileges)| (role.clone(), privileges.clone())));
    // An owner that is not named has everything.
    if let Some(privileges) = grants.get(from) {
        let own = grants.get(to).into_iter().flatten();
        handed.insert(to.to_owned(), collect::set(privileges.iter().chain(own).cloned()));
    }
    handed
}

fn set_owner(writer: &mut Writer<'_, '_>, owner: &str) {
    let id = writer.id;
    if !matches!(id.kind(), Kind::Extension | Kind::UserMapping) {
        writer.alter("owner", format!("ALTER {} OWNER TO {}", address(id), ident(owner)));
    }
}

fn set_label(writer: &mut Writer<'_, '_>, provider: &str, label: Option<&String>) {
    let text = label.map_or_else(|| "NULL".to_owned(), |label| literal(label));
    let sql = format!("SECURITY LABEL FOR {} ON {} IS {text}", ident(provider), address(writer.id));
    writer.alter("security_labels", sql);
}

/// The word for a kind in GRANT; `None` for what has no privileges.
fn grant_word(kind: Kind) -> Option<&'static str> {
    use Kind::*;
    match kind {
        Table | Partition | ForeignTable | View | MaterializedView | Column | ViewColumn => Some("TABLE"),
        Function | Aggregate => Some("FUNCTION"),
        Enum | Domain | Composite | Range | BaseType => Some("TYPE"),
        ForeignServer => Some("FOREIGN SERVER"),
        Procedure | Sequence | Schema | Language | ForeignDataWrapper => Some(word(kind)),
        _ => None,
    }
}

/// What a new object grants before anything is said: by PostgreSQL itself, and by default privileges of
/// whoever makes it. Only what `wanted` does not grant in the same way matters.
fn given_by_default(writer: &Writer<'_, '_>, wanted: &Grants) -> Grants {
    let id = writer.id;
    let mut given = built_in(match id.kind() {
        Kind::Function | Kind::Procedure | Kind::Aggregate => "FUNCTIONS",
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType | Kind::Language => {
            "TYPES"
        }
        _ => "",
    });
    let class = match id.kind() {
        Kind::Table | Kind::Partition | Kind::ForeignTable | Kind::View | Kind::MaterializedView => "TABLES",
        Kind::Sequence => "SEQUENCES",
        Kind::Function | Kind::Procedure | Kind::Aggregate => "FUNCTIONS",
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => "TYPES",
        Kind::Schema => "SCHEMAS",
        _ => return given,
    };
    for (default, body) in writer.work.default_privileges() {
        let path = default.path();
        let is_meant =
            path.get(1).is_some_and(|of| of == class) && path.get(2).is_none_or(|of| of == id.schema());
        for (grantee, privileges) in
            body.privileges.iter().filter(|(grantee, _)| is_meant && **grantee != path[0])
        {
            if wanted.get(grantee) != Some(privileges) {
                given.entry(grantee.clone()).or_default().extend(privileges.iter().cloned());
            }
        }
    }
    given
}

/// What PostgreSQL grants to all by itself (manual, "Privileges").
pub(super) fn built_in(class: &str) -> Grants {
    let to_all =
        |privilege: &str| Grants::from([("PUBLIC".to_owned(), BTreeSet::from([privilege.to_owned()]))]);
    match class {
        "FUNCTIONS" => to_all("EXECUTE"),
        "TYPES" => to_all("USAGE"),
        _ => Grants::new(),
    }
}

fn say_grants(writer: &mut Writer<'_, '_>, on: &str, old: &Grants, new: &Object) {
    let id = writer.id;
    let (target, columns) = match id.kind() {
        Kind::Column | Kind::ViewColumn => (relation(id), format!(" ({})", ident(id.name()))),
        _ => (name(id), String::new()),
    };
    for change in grant_changes(old, &new.grants, new.owner.as_deref()) {
        let privileges =
            change.privileges.iter().map(|one| format!("{one}{columns}")).collect::<Vec<_>>().join(", ");
        writer.alter("grants", change.sql(&privileges, &format!(" ON {on} {target}")));
        if !change.is_grant && id.kind().is_relation() {
            grant_columns_again(writer, &change.grantee);
        }
    }
}

/// What a role loses on a table it loses on its columns too.
fn grant_columns_again(writer: &mut Writer<'_, '_>, grantee: &str) {
    let (work, id) = (writer.work, writer.id);
    let is_there = |column: &&ObjectId| work.stays(column) || work.created.contains(id);
    for column in contents(work.new, id).filter(is_there) {
        let object = &work.new.objects[column];
        for privilege in object.grants.get(grantee).into_iter().flatten() {
            let (privilege, option) = match privilege.strip_suffix('*') {
                Some(bare) => (bare, true),
                None => (privilege.as_str(), false),
            };
            let privileges = vec![privilege.to_owned()];
            let again = GrantChange { is_grant: true, option, privileges, grantee: grantee.to_owned() };
            let on = format!(" ON TABLE {}", name(id));
            writer.alter("grants", again.sql(&format!("{privilege} ({})", ident(column.name())), &on));
        }
    }
}

/// One GRANT or REVOKE.
pub(super) struct GrantChange {
    is_grant: bool,
    option: bool,
    pub(super) privileges: Vec<String>,
    grantee: String,
}

impl GrantChange {
    /// `on` is ` ON TABLE public.t`.
    pub(super) fn sql(&self, privileges: &str, on: &str) -> String {
        let grantee = role(&self.grantee);
        match (self.is_grant, self.option) {
            (true, false) => format!("GRANT {privileges}{on} TO {grantee}"),
            (true, true) => format!("GRANT {privileges}{on} TO {grantee} WITH GRANT OPTION"),
            (false, false) => format!("REVOKE {privileges}{on} FROM {grantee}"),
            (false, true) => format!("REVOKE GRANT OPTION FOR {privileges}{on} FROM {grantee}"),
        }
    }
}

/// The way from one set of grants to another. The owner has everything where it is not named.
pub(super) fn grant_changes(old: &Grants, new: &Grants, owner: Option<&str>) -> Vec<GrantChange> {
    let all = || BTreeSet::from(["ALL".to_owned()]);
    let mut changes = Vec::new();
    let roles = collect::set(old.keys().chain(new.keys()));
    for grantee in roles {
        let of = |grants: &Grants| match grants.get(grantee) {
            None if owner == Some(grantee.as_str()) => all(),
            set => set.cloned().unwrap_or_default(),
        };
        let (had, has) = (of(old), of(new));
        let mut say = |is_grant, option, privileges: Vec<String>| {
            if !privileges.is_empty() {
                changes.push(GrantChange { is_grant, option, privileges, grantee: grantee.clone() });
            }
        };
        let is_all = |set: &BTreeSet<String>| set.contains("ALL") || set.contains("ALL*");
        let had = if is_all(&had) && !is_all(&has) {
            say(false, false, vec!["ALL".to_owned()]);
            BTreeSet::new()
        } else {
            had
        };
        let bare = |privilege: &String| privilege.trim_end_matches('*').to_owned();
        let (had_bare, has_bare) = (collect::set(had.iter().map(bare)), collect::set(has.iter().map(bare)));
        if !is_all(&has) {
            say(false, false, had_bare.difference(&has_bare).cloned().collect());
        }
        let lost = had.iter().filter(|one| one.ends_with('*') && has.contains(&bare(one)));
        say(false, true, lost.map(bare).collect());
        let gained = |option: bool| {
            let is_new = |one: &&String| {
                one.ends_with('*') == option
                    && !had.contains(*one)
                    && (option || !had.contains(&format!("{one}*")))
            };
            has.iter().filter(is_new).map(bare).collect::<Vec<_>>()
        };
        say(true, false, gained(false));
        say(true, true, gained(true));
    }
    changes
}

/// The comment of an attribute within an object.
pub(super) fn comment_on_column(
    writer: &mut Writer<'_, '_>,
    id: &ObjectId,
    column: &str,
    comment: Option<&String>,
) {
    let text = comment.map_or_else(|| "NULL".to_owned(), |comment| literal(comment));
    writer.alter("attributes", format!("COMMENT ON COLUMN {}.{} IS {text}", name(id), ident(column)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let read = |text: &str| -> Grants {
            let one = |part: &str| {
                let (role, list) = part.split_once(' ').unwrap();
                (role.to_owned(), list.split(' ').map(str::to_owned).collect())
            };
            text.split("; ").filter(|part| !part.is_empty()).map(one).collect()
        };
        let changes = grant_changes(&read(old), &read(new), Some("me"));
        let written: Vec<String> =
            changes.iter().map(|change| change.sql(&change.privileges.join(", "), "")).collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn grants_change_one_by_one() {
        check("", "app INSERT SELECT", &["GRANT INSERT, SELECT TO app"]);
        check("app INSERT SELECT", "app SELECT", &["REVOKE INSERT FROM app"]);
        check("app SELECT", "app SELECT*", &["GRANT SELECT TO app WITH GRANT OPTION"]);
        check("app SELECT*", "app SELECT", &["REVOKE GRANT OPTION FOR SELECT FROM app"]);
        check("app ALL", "app SELECT", &["REVOKE ALL FROM app", "GRANT SELECT TO app"]);
        check("app SELECT", "app ALL", &["GRANT ALL TO app"]);
        check("PUBLIC EXECUTE", "", &["REVOKE EXECUTE FROM PUBLIC"]);
        check("", "me SELECT", &["REVOKE ALL FROM me", "GRANT SELECT TO me"]);
        check("me SELECT", "", &["GRANT ALL TO me"]);
    }
}
