//! Constraints, indexes, triggers, rules and policies.

use itertools::Itertools;

use super::columns::change_parameters;
use super::{Writer, tables};
use crate::plan::sql::{address, alter_relation, ident, literal, name, parameters, relation, role};
use crate::plan::work::{Work, container, contents};
use crate::{
    Body, Constraint, Enabled, Index, Kind, Object, ObjectId, Policy, RewriteRule, Trigger, collect,
};

/// The constraint that a body is.
pub(super) fn constraint(body: &Body) -> Option<&Constraint> {
    match body {
        Body::PrimaryKey(it)
        | Body::Unique(it)
        | Body::Check(it)
        | Body::ForeignKey(it)
        | Body::Exclusion(it)
        | Body::DomainCheck(it) => Some(it),
        _ => None,
    }
}

/// Whether the difference is one that ALTER and VALIDATE CONSTRAINT make.
pub(super) fn is_in_place(old: &Constraint, new: &Constraint) -> bool {
    (old.attached_to.is_none() || old.attached_to == new.attached_to)
        && (old.definition == new.definition || is_validation(old, new) || is_deferral(old, new))
}

fn is_validation(old: &Constraint, new: &Constraint) -> bool {
    old.definition.strip_suffix(" NOT VALID") == Some(&new.definition)
}

/// Of foreign keys alone PostgreSQL can change when they are checked.
fn is_deferral(old: &Constraint, new: &Constraint) -> bool {
    let is_key = |one: &Constraint| one.definition.starts_with("FOREIGN KEY");
    is_key(old) && is_key(new) && split_deferral(&old.definition).0 == split_deferral(&new.definition).0
}

/// A definition without when it is checked, and that.
fn split_deferral(definition: &str) -> (&str, &str) {
    let ends = [" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"];
    for end in ends {
        if let Some(start) = definition.strip_suffix(end) {
            return (start, end);
        }
    }
    (definition, "")
}

/// Whether partitions bring their own parts of an index, which are then attached to it.
fn has_parts(work: &Work<'_>, id: &ObjectId) -> bool {
    work.parents_of_parts().contains(id)
}

/// `ALTER TABLE ONLY public.t`, where partitions or inheriting tables are not meant.
fn alter_table(work: &Work<'_>, id: &ObjectId) -> String {
    match container(work.new, id).map(ObjectId::kind) {
        Some(Kind::ForeignTable) => format!("ALTER FOREIGN TABLE {}", relation(id)),
        _ if has_parts(work, id) => format!("ALTER TABLE ONLY {}", relation(id)),
        _ => alter_relation(id),
    }
}

/// Adds a constraint to a table that is there.
pub(super) fn create_constraint(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    object: &Object,
    it: &Constraint,
) {
    let (work, id) = (writer.work, writer.id);
    let (start, deferral) = split_deferral(object.text("definition", &it.definition));
    let with =
        if it.options.is_empty() { String::new() } else { format!(" WITH ({})", parameters(&it.options)) };
    let space = it
        .tablespace
        .as_ref()
        .map_or_else(String::new, |name| format!(" USING INDEX TABLESPACE {}", ident(name)));
    // The storage of an exclusion constraint's index stands before its predicate.
    let definition = match start.split_once(" WHERE ").filter(|_| id.kind() == Kind::Exclusion) {
        Some((list, predicate)) => format!("{list}{with}{space} WHERE {predicate}{deferral}"),
        None => format!("{start}{with}{space}{deferral}"),
    };
    // One that partitions lack is not given to them.
    let table = if it.invalid { format!("ALTER TABLE ONLY {}", relation(id)) } else { alter_table(work, id) };
    writer.create(format!("{table} ADD CONSTRAINT {} {definition}", ident(id.name())));
    if it.disabled {
        switch_off(writer);
    }
    mark(writer, it.clustered, it.replica_identity);
    comment_on_index(writer, None, it.index_comment.as_ref());
    attach(last, it.attached_to.as_ref());
}

/// The triggers that enforce a constraint have names of the server's own making.
fn switch_off(writer: &mut Writer<'_, '_>) {
    set_enforcement(writer, "DISABLE");
}

fn set_enforcement(writer: &mut Writer<'_, '_>, word: &str) {
    let id = writer.id;
    let table = relation(id).replace('\'', "''");
    let own = id.name().replace('\'', "''");
    let sql = format!(
        "DO $do$\nDECLARE one record;\nBEGIN\n    FOR one IN SELECT g.tgname, g.tgrelid::regclass AS tab\n        FROM pg_trigger g \
         JOIN pg_constraint c ON c.oid = g.tgconstraint\n        WHERE c.conname = '{own}' AND c.conrelid = '{table}'::regclass\n    LOOP\n        \
         EXECUTE format('ALTER TABLE %s {word} TRIGGER %I', one.tab, one.tgname);\n    END LOOP;\nEND $do$"
    );
    writer.alter("disabled", sql);
}

/// Clustering and replication by the index of this object.
pub(super) fn mark(writer: &mut Writer<'_, '_>, clustered: bool, replica_identity: bool) {
    let (table, own) = (alter_relation(writer.id), ident(writer.id.name()));
    if clustered {
        writer.alter("clustered", format!("{table} CLUSTER ON {own}"));
    }
    if replica_identity {
        writer.alter("replica_identity", format!("{table} REPLICA IDENTITY USING INDEX {own}"));
    }
}

/// The comment of the index behind a constraint.
pub(super) fn comment_on_index(writer: &mut Writer<'_, '_>, old: Option<&String>, new: Option<&String>) {
    if old != new {
        let text = new.map_or_else(|| "NULL".to_owned(), |comment| literal(comment));
        let index = format!("{}.{}", ident(writer.id.schema()), ident(writer.id.name()));
        writer.alter("index_comment", format!("COMMENT ON INDEX {index} IS {text}"));
    }
}

fn change_marks(writer: &mut Writer<'_, '_>, old: (bool, bool), new: (bool, bool)) {
    mark(writer, new.0 && !old.0, new.1 && !old.1);
    if old.0 && !new.0 && !is_clustered(writer) {
        writer.alter("clustered", format!("{} SET WITHOUT CLUSTER", alter_relation(writer.id)));
    }
    if old.1 && !new.1 {
        tables::forget_identity(writer);
    }
}

/// Whether the table is clustered on another index in new.
fn is_clustered(writer: &Writer<'_, '_>) -> bool {
    let new = writer.work.new;
    container(new, writer.id).is_some_and(|table| {
        contents(new, table).any(|id| match &new.objects[id].body {
            Body::Index(index) => index.clustered,
            body => constraint(body).is_some_and(|it| it.clustered),
        })
    })
}

fn attach(last: &mut Writer<'_, '_>, parent: Option<&ObjectId>) {
    let Some(parent) = parent else { return };
    let table = container(last.work.new, last.id);
    // A table that is attached as a whole brings its indexes along.
    let comes_with_table =
        table.is_some_and(|table| last.work.created.contains(table) && last.work.is_attached_late(table));
    if !comes_with_table {
        let index = |id: &ObjectId| format!("{}.{}", ident(id.schema()), ident(id.name()));
        last.alter(
            "attached_to",
            format!("ALTER INDEX {} ATTACH PARTITION {}", index(parent), index(last.id)),
        );
    }
}

/// Changes a constraint in place.
pub(super) fn alter_constraint(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    old: &Constraint,
    new: &Constraint,
) {
    let (work, id) = (writer.work, writer.id);
    let own = ident(id.name());
    if is_validation(old, new) {
        let table = match id.kind() {
            Kind::DomainCheck => format!("ALTER DOMAIN {}", relation(id)),
            _ => alter_table(work, id),
        };
        writer.alter("definition", format!("{table} VALIDATE CONSTRAINT {own}"));
    } else if old.definition != new.definition {
        let when = match split_deferral(&new.definition).1 {
            "" => " NOT DEFERRABLE",
            " DEFERRABLE" => " DEFERRABLE INITIALLY IMMEDIATE",
            when => when,
        };
        writer.alter("definition", format!("{} ALTER CONSTRAINT {own}{when}", alter_table(work, id)));
    }
    if old.disabled != new.disabled {
        set_enforcement(writer, if new.disabled { "DISABLE" } else { "ENABLE" });
    }
    let index = format!("ALTER INDEX {}.{own}", ident(id.schema()));
    change_parameters(writer, "options", &index, &old.options, &new.options);
    if old.tablespace != new.tablespace {
        let space = new.tablespace.as_deref().unwrap_or("pg_default");
        writer.alter("tablespace", format!("{index} SET TABLESPACE {}", ident(space)));
    }
    change_marks(writer, (old.clustered, old.replica_identity), (new.clustered, new.replica_identity));
    comment_on_index(writer, old.index_comment.as_ref(), new.index_comment.as_ref());
    if old.attached_to != new.attached_to {
        attach(last, new.attached_to.as_ref());
    }
}

/// An index.
pub(super) fn create_index(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    object: &Object,
    index: &Index,
) {
    let (work, id) = (writer.work, writer.id);
    let unique = if index.unique { "UNIQUE " } else { "" };
    let only = if has_parts(work, id) || index.invalid { "ONLY " } else { "" };
    let space =
        index.tablespace.as_ref().map_or_else(String::new, |name| format!(" TABLESPACE {}", ident(name)));
    let printed = object.text("definition", &index.definition);
    let definition = match printed.split_once(" WHERE ") {
        Some((start, predicate)) => format!("{start}{space} WHERE {predicate}"),
        None => format!("{printed}{space}"),
    };
    writer.create(format!(
        "CREATE {unique}INDEX {} ON {only}{} {definition}",
        ident(id.name()),
        relation(id)
    ));
    for (number, statistics) in &index.statistics {
        writer.alter(
            "statistics",
            format!("ALTER {} ALTER COLUMN {number} SET STATISTICS {statistics}", address(id)),
        );
    }
    mark(writer, index.clustered, index.replica_identity);
    attach(last, index.attached_to.as_ref());
}

/// Changes an index in place.
pub(super) fn alter_index(writer: &mut Writer<'_, '_>, last: &mut Writer<'_, '_>, old: &Index, new: &Index) {
    let alter = format!("ALTER {}", address(writer.id));
    if old.tablespace != new.tablespace {
        let space = new.tablespace.as_deref().unwrap_or("pg_default");
        writer.alter("tablespace", format!("{alter} SET TABLESPACE {}", ident(space)));
    }
    for number in collect::set(old.statistics.keys().chain(new.statistics.keys())) {
        if old.statistics.get(number) != new.statistics.get(number) {
            let target = new.statistics.get(number).copied().unwrap_or(-1);
            writer.alter("statistics", format!("{alter} ALTER COLUMN {number} SET STATISTICS {target}"));
        }
    }
    if old.invalid && !new.invalid && !has_parts(writer.work, writer.id) {
        writer.alter("invalid", format!("REINDEX {}", address(writer.id)));
    }
    change_marks(writer, (old.clustered, old.replica_identity), (new.clustered, new.replica_identity));
    if old.attached_to != new.attached_to {
        attach(last, new.attached_to.as_ref());
    }
}

/// A trigger. One of a partition is its parent's, switched otherwise.
pub(super) fn create_trigger(writer: &mut Writer<'_, '_>, object: &Object, trigger: &Trigger) {
    if !writer.work.is_of_partition(writer.id) || !writer.work.has_parent_trigger(writer.id) {
        writer.create(object.text("definition", &trigger.definition));
    }
    enable(writer, "TRIGGER", Enabled::Origin, trigger.enabled);
}

/// Switches a trigger or a rule.
pub(super) fn enable(writer: &mut Writer<'_, '_>, word: &str, old: Enabled, new: Enabled) {
    let how = match new {
        _ if old == new => return,
        Enabled::Origin => "ENABLE",
        Enabled::Disabled => "DISABLE",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Always => "ENABLE ALWAYS",
    };
    let sql = format!("{} {how} {word} {}", alter_relation(writer.id), ident(writer.id.name()));
    writer.alter("enabled", sql);
}

/// A partition's trigger that was switched otherwise than its parent's is switched back.
pub(super) fn enable_as_parent(writer: &mut Writer<'_, '_>) {
    let state =
        |snapshot: &crate::Snapshot, id: &ObjectId| match snapshot.objects.get(id).map(|one| &one.body) {
            Some(Body::Trigger(trigger)) => Some(trigger.enabled),
            _ => None,
        };
    let parent = writer.work.parent_trigger(writer.id);
    if let (Some(was), Some(parent)) = (state(writer.work.old, writer.id), parent)
        && let Some(wanted) = state(writer.work.new, &parent)
    {
        enable(writer, "TRIGGER", was, wanted);
    }
}

/// A rewrite rule.
pub(super) fn create_rule(writer: &mut Writer<'_, '_>, rule: &RewriteRule) {
    writer.create(rule.definition.trim_end_matches(';'));
    enable(writer, "RULE", Enabled::Origin, rule.enabled);
}

/// A policy.
pub(super) fn create_policy(writer: &mut Writer<'_, '_>, object: &Object, policy: &Policy) {
    let kind = if policy.permissive { "" } else { " AS RESTRICTIVE" };
    let sql = format!(
        "CREATE {}{kind} FOR {}{}",
        address(writer.id),
        policy.command,
        policy_clauses(object, policy)
    );
    writer.create(sql);
}

fn policy_clauses(object: &Object, policy: &Policy) -> String {
    let clause =
        |word: &str, text: Option<&str>| text.map_or_else(String::new, |text| format!(" {word} ({text})"));
    let roles = policy.roles.iter().map(|name| role(name)).join(", ");
    format!(
        " TO {roles}{}{}",
        clause("USING", policy.using.as_ref().map(|text| object.text("using", text))),
        clause("WITH CHECK", policy.check.as_ref().map(|text| object.text("check", text)))
    )
}

/// Changes a policy in place.
pub(super) fn alter_policy(writer: &mut Writer<'_, '_>, object: &Object, old: &Policy, new: &Policy) {
    if old != new {
        writer.alter("using", format!("ALTER POLICY {}{}", name(writer.id), policy_clauses(object, new)));
    }
}
