//! Types. Where PostgreSQL cannot change one, a new one takes its name and the columns move over.

use itertools::Itertools;

use super::{Writer, access};
use crate::plan::sql::{address, ident, literal, qualified, suffixed};
use crate::plan::work::{Work, contents};
use crate::{Body, Composite, Domain, Enum, Kind, Object, ObjectId};

/// Whether the new labels are the old ones and more between them.
pub(super) fn only_adds_labels(old: &Enum, new: &Enum) -> bool {
    new.labels.iter().filter(|label| old.labels.contains(label)).eq(old.labels.iter())
}

/// An enum type.
pub(super) fn create_enum(writer: &mut Writer<'_, '_>, it: &Enum) {
    let labels = it.labels.iter().map(|label| literal(label)).join(", ");
    writer.create(format!("CREATE {} AS ENUM ({labels})", address(writer.id)));
}

/// Adds labels where only some are missing; else makes the type anew.
pub(super) fn alter_enum(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    old: &Enum,
    new: &Enum,
    changes: &impl Fn(&str) -> bool,
) {
    if !changes("labels") {
        return;
    }
    if !only_adds_labels(old, new) {
        return swap(writer, last);
    }
    for (at, label) in new.labels.iter().enumerate().filter(|(_, label)| !old.labels.contains(label)) {
        let place = match at.checked_sub(1) {
            // Those before it are there by now.
            Some(before) if new.labels[at..].iter().any(|later| old.labels.contains(later)) => {
                format!(" AFTER {}", literal(&new.labels[before]))
            }
            None => new
                .labels
                .iter()
                .find(|label| old.labels.contains(label))
                .map_or_else(String::new, |first| format!(" BEFORE {}", literal(first))),
            _ => String::new(),
        };
        writer.alter("labels", format!("ALTER {} ADD VALUE {}{place}", address(writer.id), literal(label)));
    }
}

/// Gives the old type another name, makes the new one, and removes the old one in the end; in between
/// the columns move.
pub(super) fn swap(writer: &mut Writer<'_, '_>, last: &mut Writer<'_, '_>) {
    let (work, id) = (writer.work, writer.id);
    let Some(object) = work.wanted(id) else { return };
    let old = suffixed(id.name(), "__old");
    writer.alter("name", format!("ALTER {} RENAME TO {}", address(id), ident(&old)));
    match &object.body {
        Body::Enum(it) => create_enum(writer, it),
        Body::Domain(it) => create_domain(writer, &object, it),
        Body::Composite(it) => create_composite(writer, it),
        Body::Collation(it) => writer.create(format!("CREATE {} {}", address(id), it.definition)),
        _ => {}
    }
    access::dress(writer, &object);
    let old = ObjectId::new(id.kind(), [id.schema().to_owned(), old]);
    last.say(crate::plan::Action::Drop, format!("DROP {}", address(&old)));
}

/// A domain with the constraints that need nothing else.
pub(super) fn create_domain(writer: &mut Writer<'_, '_>, object: &Object, it: &Domain) {
    let (work, id) = (writer.work, writer.id);
    let collate = it.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
    let default = it
        .default
        .as_ref()
        .map_or_else(String::new, |text| format!(" DEFAULT {}", object.text("default", text)));
    let not_null = if it.nullable { "" } else { " NOT NULL" };
    let is_within = |check: &&ObjectId| match work.created.contains(check) {
        true => work.create_owner(check) == id,
        false => work.is_swapped(id),
    };
    let own = contents(work.new, id).filter(is_within).collect_vec();
    let definition = |check: &ObjectId| {
        let object = &work.new.objects[check];
        super::parts::constraint(&object.body).map(|it| object.text("definition", &it.definition))
    };
    let (later, at_once): (Vec<&ObjectId>, Vec<&ObjectId>) =
        own.iter().partition(|check| definition(check).is_some_and(|text| text.ends_with(" NOT VALID")));
    let constraint =
        |check: &ObjectId| Some(format!("CONSTRAINT {} {}", ident(check.name()), definition(check)?));
    let checks = at_once.iter().filter_map(|check| Some(format!("\n    {}", constraint(check)?)));
    let sql = format!(
        "CREATE {} AS {}{collate}{default}{not_null}{}",
        address(id),
        it.base,
        checks.collect::<String>()
    );
    writer.create(sql);
    for added in later.iter().filter_map(|check| constraint(check)) {
        writer.create(format!("ALTER {} ADD {added}", address(id)));
    }
    for check in own {
        if let Some(wanted) = work.wanted(check) {
            let mut dressed = Writer::new(work, check);
            access::dress(&mut dressed, &wanted);
            writer.statements.append(&mut dressed.statements);
        }
    }
}

/// Changes a domain; a new type beneath takes a new domain.
pub(super) fn alter_domain(
    [before, writer, last]: [&mut Writer<'_, '_>; 3],
    object: &Object,
    old: &Domain,
    new: &Domain,
    changes: &impl Fn(&str) -> bool,
) {
    if writer.work.is_swapped(writer.id) {
        return swap(writer, last);
    }
    let alter = format!("ALTER {}", address(writer.id));
    if changes("nullable") {
        writer.alter("nullable", format!("{alter} {} NOT NULL", if new.nullable { "DROP" } else { "SET" }));
    }
    if changes("default") {
        if old.default.is_some() {
            before.alter("default", format!("{alter} DROP DEFAULT"));
        }
        if let Some(default) = &new.default {
            writer.alter("default", format!("{alter} SET DEFAULT {}", object.text("default", default)));
        }
    }
}

/// A composite type.
pub(super) fn create_composite(writer: &mut Writer<'_, '_>, it: &Composite) {
    let mut attributes = it.attributes.iter().map(|one| {
        let collate = one.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
        format!("\n    {} {}{collate}", ident(&one.name), one.data_type)
    });
    writer.create(format!("CREATE {} AS ({}\n)", address(writer.id), attributes.join(",")));
    for one in it.attributes.iter().filter(|one| one.comment.is_some()) {
        access::comment_on_column(writer, writer.id, &one.name, one.comment.as_ref());
    }
}

/// Whether ALTER TYPE reaches the new attributes: those that stay keep their order, the others come last.
pub(super) fn can_alter(old: &Composite, new: &Composite) -> bool {
    let has = |list: &Composite, name: &str| list.attributes.iter().any(|one| one.name == name);
    let stay = |list: &Composite, other: &Composite| {
        list.attributes
            .iter()
            .filter(|one| has(other, &one.name))
            .map(|one| (one.name.clone(), one.data_type.clone(), one.collation.clone()))
            .collect_vec()
    };
    let kept = stay(old, new);
    kept == stay(new, old)
        && new.attributes.iter().take(kept.len()).all(|one| has(old, &one.name))
        && !new.attributes.is_empty()
}

/// Changes a composite type, in place where PostgreSQL can.
pub(super) fn alter_composite(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    old: &Composite,
    new: &Composite,
    changes: &impl Fn(&str) -> bool,
) {
    if writer.work.is_swapped(writer.id) {
        return swap(writer, last);
    }
    if !changes("attributes") {
        return;
    }
    let alter = format!("ALTER {}", address(writer.id));
    let find = |list: &Composite, name: &str| list.attributes.iter().find(|one| one.name == name).cloned();
    for gone in old.attributes.iter().filter(|one| find(new, &one.name).is_none()) {
        writer.alter("attributes", format!("{alter} DROP ATTRIBUTE {}", ident(&gone.name)));
    }
    for one in &new.attributes {
        let before = find(old, &one.name);
        if before.is_none() {
            let collate = one.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
            writer.alter(
                "attributes",
                format!("{alter} ADD ATTRIBUTE {} {}{collate}", ident(&one.name), one.data_type),
            );
        }
        if before.and_then(|before| before.comment) != one.comment {
            access::comment_on_column(writer, writer.id, &one.name, one.comment.as_ref());
        }
    }
}

/// How values of a composite type that is made anew are put together from the old ones; `None` for other types.
pub(super) fn row_of(work: &Work<'_>, column: &str, old_type: &str, new_type: &str) -> Option<String> {
    if old_type != new_type {
        return None;
    }
    let is_it = |id: &&&ObjectId| {
        id.kind() == Kind::Composite && qualified(id.path()) == new_type && work.is_swapped(id)
    };
    let id = work.altered.keys().find(is_it)?;
    let (Body::Composite(old), Body::Composite(new)) =
        (&work.old.objects[*id].body, &work.new.objects[*id].body)
    else {
        return None;
    };
    let field = |one: &crate::Attribute| match old.attributes.iter().any(|before| before.name == one.name) {
        true => format!("({column}).{}::text::{}", ident(&one.name), one.data_type),
        false => format!("NULL::{}", one.data_type),
    };
    let fields = new.attributes.iter().map(field).join(", ");
    Some(format!("CASE WHEN {column} IS NOT NULL THEN ROW({fields})::{new_type} END"))
}

/// A type that is made of functions: a shell at once, so that they can be made, and the whole once they are there.
pub(super) fn create_shell(writer: &mut Writer<'_, '_>, last: &mut Writer<'_, '_>, body: &Body) {
    writer.create(format!("CREATE {}", address(writer.id)));
    match body {
        Body::Range(it) => last.create(format!("CREATE {} AS RANGE {}", address(last.id), it.definition)),
        Body::BaseType(it) => last.create(format!("CREATE {} {}", address(last.id), it.definition)),
        _ => {}
    }
}
