//! The statements that make, change and remove one object, by kind.

mod access;
mod casts;
mod columns;
mod counting;
mod others;
mod parts;
mod routines;
mod tables;
mod types;
mod view_columns;

use std::collections::BTreeSet;

use super::sql::{address, alter_relation, ident, literal, name, qualified, relation, suffixed, word};
use super::work::{Work, is_shelled};
use super::{Action, Statement};
use crate::{Body, HIDDEN, Index, Kind, Object, ObjectId};

pub(super) use casts::changes_family;
pub(super) use columns::definition as column;

/// Collects the statements about one object.
pub(super) struct Writer<'w, 'a> {
    work: &'w Work<'a>,
    id: &'w ObjectId,
    statements: Vec<Statement>,
}

impl<'w, 'a> Writer<'w, 'a> {
    fn new(work: &'w Work<'a>, id: &'w ObjectId) -> Self {
        Self { work, id, statements: Vec::new() }
    }

    fn say(&mut self, action: Action, sql: impl Into<String>) {
        self.statements.push(Statement { sql: sql.into(), object: self.id.clone(), action, effect: None });
    }

    fn create(&mut self, sql: impl Into<String>) {
        self.say(Action::Create, sql);
    }

    fn alter(&mut self, attribute: &'static str, sql: impl Into<String>) {
        self.say(Action::Alter(attribute), sql);
    }
}

/// Whether a statement may share a transaction with others. New labels of an enum may be added in one, but
/// not used before it ends.
pub(super) fn runs_in_transaction(statement: &Statement) -> bool {
    !(statement.object.kind() == Kind::Enum && statement.action == Action::Alter("labels"))
}

/// The index or constraint of the parent's that an object is a part of.
pub(super) fn attached_to(body: &Body) -> Option<&ObjectId> {
    body.attached_to()
}

/// Whether it has an option of which only the name is known, or a connection string.
pub(super) fn has_secret(body: &Body) -> bool {
    let options = match body {
        Body::ForeignDataWrapper(it) => &it.options,
        Body::ForeignServer(it) => &it.options,
        Body::ForeignTable(it) => &it.options,
        Body::UserMapping(it) => &it.options,
        Body::Column(it) => &it.foreign_options,
        Body::Subscription(_) => return true,
        _ => return false,
    };
    options.values().any(|value| value == HIDDEN)
}

/// What must be free before the object can be made, and is once it is gone.
pub(super) fn names(id: &ObjectId, body: &Body) -> Vec<String> {
    let in_schema = |name: &str| format!("{}\0{name}", id.schema());
    match (id.kind(), body) {
        // Relations and types share their names, and the index behind a constraint is a relation.
        (Kind::PrimaryKey | Kind::Unique | Kind::Exclusion, _) => {
            vec![in_schema(id.name()), format!("constraint\0{}", id.dotted())]
        }
        (Kind::Check | Kind::ForeignKey, _) => vec![format!("constraint\0{}", id.dotted())],
        (Kind::Index, _) => vec![in_schema(id.name())],
        (Kind::Column, Body::Column(column)) => {
            let mut names = vec![format!("column\0{}", id.dotted())];
            if let Some(identity) = &column.identity {
                names.push(match &identity.sequence_name {
                    Some(name) => name.clone(),
                    None => in_schema(&format!("{}_{}_seq", id.path()[1], id.name())),
                });
            }
            names
        }
        (Kind::Function | Kind::Procedure | Kind::Aggregate, _) => vec![format!("routine\0{}", id.dotted())],
        (kind, _) if kind.is_outside_schemas() => vec![format!("{kind}\0{}", id.dotted())],
        (
            Kind::Table
            | Kind::Partition
            | Kind::ForeignTable
            | Kind::View
            | Kind::MaterializedView
            | Kind::Sequence
            | Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::BaseType,
            _,
        ) => vec![in_schema(id.name())],
        (kind, _) => vec![format!("{kind}\0{}", id.dotted())],
    }
}

/// Whether PostgreSQL can change these attributes without making the object anew.
pub(super) fn is_in_place(old: &Body, new: &Body, names: &BTreeSet<String>) -> bool {
    let changes = |name: &str| names.contains(name);
    match (old, new) {
        (Body::Column(old), Body::Column(new)) => columns::is_in_place(old, new),
        (Body::View(old), Body::View(new)) => {
            !changes("definition") || !old.columns.is_empty() && new.columns.starts_with(&old.columns)
        }
        (Body::MaterializedView(_), Body::MaterializedView(_)) => !changes("definition"),
        (Body::Table(old), Body::Table(new)) => old.partition_by == new.partition_by,
        (Body::Partition(old), Body::Partition(new)) => old.partition_by == new.partition_by,
        (Body::ForeignTable(old), Body::ForeignTable(new)) => {
            (&old.server, &old.of, &old.bound, &old.inherits)
                == (&new.server, &new.of, &new.bound, &new.inherits)
        }
        (
            Body::PrimaryKey(old)
            | Body::Unique(old)
            | Body::Check(old)
            | Body::ForeignKey(old)
            | Body::Exclusion(old)
            | Body::DomainCheck(old),
            Body::PrimaryKey(new)
            | Body::Unique(new)
            | Body::Check(new)
            | Body::ForeignKey(new)
            | Body::Exclusion(new)
            | Body::DomainCheck(new),
        ) => parts::is_in_place(old, new),
        (Body::Index(old), Body::Index(new)) => {
            (&old.definition, old.unique) == (&new.definition, new.unique)
                && (old.attached_to.is_none() || old.attached_to == new.attached_to)
        }
        (Body::Function(old), Body::Function(new)) => {
            (&old.arguments, &old.returns, old.window) == (&new.arguments, &new.returns, new.window)
        }
        (Body::Procedure(old), Body::Procedure(new)) => old.arguments == new.arguments,
        (Body::Trigger(_) | Body::Rule(_), _) => !changes("definition"),
        (Body::Policy(old), Body::Policy(new)) => {
            (old.permissive, &old.command) == (new.permissive, &new.command)
                && (old.using.is_none() || new.using.is_some())
                && (old.check.is_none() || new.check.is_some())
        }
        (Body::EventTrigger(_), _) => !(changes("event") || changes("tags") || changes("function")),
        (Body::Statistics(_), _) => !changes("definition"),
        (Body::TextSearchConfiguration(_), _) => !changes("parser"),
        (Body::Publication(old), Body::Publication(new)) => old.all_tables == new.all_tables,
        (Body::ForeignServer(old), Body::ForeignServer(new)) => {
            (&old.wrapper, &old.server_type) == (&new.wrapper, &new.server_type)
        }
        (Body::Language(_), _) => {
            !(changes("trusted") || changes("handler") || changes("inline") || changes("validator"))
        }
        (Body::Collation(_), _) => true,
        (Body::Subscription(old), Body::Subscription(new)) => {
            old.options.get("two_phase") == new.options.get("two_phase")
        }
        (
            Body::BaseType(_)
            | Body::Range(_)
            | Body::Aggregate(_)
            | Body::Operator(_)
            | Body::OperatorClass(_)
            | Body::OperatorFamily(_)
            | Body::Cast(_)
            | Body::Transform(_)
            | Body::Conversion(_)
            | Body::TextSearchDictionary(_)
            | Body::TextSearchParser(_)
            | Body::TextSearchTemplate(_)
            | Body::AccessMethod(_),
            _,
        ) => !changes("definition"),
        _ => true,
    }
}

/// Whether the change makes a type anew under its name, and moves its columns over.
pub(super) fn is_swap(old: &Body, new: &Body, names: &BTreeSet<String>) -> bool {
    let changes = |name: &str| names.contains(name);
    match (old, new) {
        (Body::Enum(old), Body::Enum(new)) => changes("labels") && !types::only_adds_labels(old, new),
        (Body::Domain(_), Body::Domain(_)) => changes("type") || changes("collation"),
        (Body::Composite(old), Body::Composite(new)) => {
            changes("type") || changes("attributes") && !types::can_alter(old, new)
        }
        (Body::Collation(_), _) => changes("definition"),
        _ => false,
    }
}

/// Gives an object a new name; everything else about it is called by the new one already.
pub(super) fn rename(work: &Work<'_>, id: &ObjectId, from: &str, to: &str) -> Vec<Statement> {
    let mut writer = Writer::new(work, id);
    let (from, to) = (ident(from), ident(to));
    let schema = ident(id.schema());
    let sql = match id.kind() {
        Kind::Column => format!("{} RENAME COLUMN {from} TO {to}", alter_relation(id)),
        Kind::PrimaryKey | Kind::Unique | Kind::Check | Kind::ForeignKey | Kind::Exclusion => {
            format!("{} RENAME CONSTRAINT {from} TO {to}", alter_relation(id))
        }
        Kind::DomainCheck => format!("ALTER DOMAIN {} RENAME CONSTRAINT {from} TO {to}", relation(id)),
        Kind::Trigger | Kind::Rule | Kind::Policy => {
            format!("ALTER {} {from} ON {} RENAME TO {to}", word(id.kind()), relation(id))
        }
        kind if id.path().len() == 1 => format!("ALTER {} {from} RENAME TO {to}", word(kind)),
        kind => format!("ALTER {} {schema}.{from} RENAME TO {to}", word(kind)),
    };
    writer.say(Action::Rename, sql);
    writer.statements
}

/// The name of a type that is about to go.
fn name_aside(id: &ObjectId) -> String {
    suffixed(id.name(), "__old")
}

/// Takes a partition's column its own default, before its type changes.
pub(super) fn release_default(work: &Work<'_>, id: &ObjectId) -> Vec<Statement> {
    let mut writer = Writer::new(work, id);
    let only = if work.has_partitions(id) { "" } else { "ONLY " };
    let sql = format!("ALTER TABLE {only}{} ALTER COLUMN {} DROP DEFAULT", relation(id), ident(id.name()));
    writer.alter("default", sql);
    writer.statements
}

/// Gives a type another name, since its own is needed before it can go.
pub(super) fn set_aside(work: &Work<'_>, id: &ObjectId) -> Vec<Statement> {
    let mut writer = Writer::new(work, id);
    writer.say(Action::Rename, format!("ALTER {} RENAME TO {}", address(id), ident(&name_aside(id))));
    writer.statements
}

/// Removes an object that is not removed with another.
pub(super) fn drop(work: &Work<'_>, id: &ObjectId) -> Vec<Statement> {
    let mut writer = Writer::new(work, id);
    if work.is_set_aside(id) {
        let aside = ObjectId::new(id.kind(), [id.schema().to_owned(), name_aside(id)]);
        writer.say(Action::Drop, format!("DROP {}", address(&aside)));
        return writer.statements;
    }
    let table = || match id
        .relation()
        .and_then(|path| work.old.objects.get(&ObjectId::new(Kind::ForeignTable, path.iter().cloned())))
    {
        Some(_) => format!("ALTER FOREIGN TABLE {}", relation(id)),
        None => alter_relation(id),
    };
    let inherited = matches!(work.old.objects.get(id).map(|one| &one.body), Some(Body::Column(column)) if column.inherited);
    let sql = match id.kind() {
        // It goes with the parent's, or is the parent's no more.
        Kind::Column if inherited => return Vec::new(),
        Kind::Column if work.is_of_partition(id) => return columns::follow_parent(work, id),
        Kind::ViewColumn => {
            if let Some(object) = work.old.objects.get(id).filter(|_| work.is_within_staying(id)) {
                view_columns::undress(&mut writer, object);
            }
            return writer.statements;
        }
        Kind::Trigger if work.is_of_partition(id) && work.has_parent_trigger(id) => {
            if work.is_within_staying(id) {
                parts::enable_as_parent(&mut writer);
            }
            return writer.statements;
        }
        // Its functions go with it.
        Kind::BaseType | Kind::Range if is_shelled(work.old, id) => format!("DROP {} CASCADE", address(id)),
        Kind::Column if work.is_kept_below(id) => {
            format!("ALTER TABLE ONLY {} DROP COLUMN {}", relation(id), ident(id.name()))
        }
        Kind::Column => format!("{} DROP COLUMN {}", table(), ident(id.name())),
        Kind::PrimaryKey | Kind::Unique | Kind::Check | Kind::ForeignKey | Kind::Exclusion => {
            format!("{} DROP CONSTRAINT {}", table(), ident(id.name()))
        }
        Kind::DomainCheck => format!("ALTER DOMAIN {} DROP CONSTRAINT {}", relation(id), ident(id.name())),
        Kind::DefaultPrivileges => return others::default_privileges(work, id),
        // The parts that partitions have of it go along, which PostgreSQL wants to be told where they are constraints.
        Kind::Index if work.has_constraints_as_parts(id) => format!("DROP {} CASCADE", address(id)),
        _ => format!("DROP {}", address(id)),
    };
    if let Some(Body::Partition(partition)) = work.old.objects.get(id).map(|one| &one.body)
        && work.is_referred_to(&partition.of)
    {
        let parent = qualified(partition.of.path());
        writer.say(Action::Drop, format!("ALTER TABLE {parent} DETACH PARTITION {}", name(id)));
    }
    writer.say(Action::Drop, sql);
    if let Some(Object { body: Body::Index(Index { replica_identity: true, .. }), .. }) =
        work.old.objects.get(id)
    {
        tables::forget_identity(&mut writer);
    }
    writer.statements
}

/// Makes an object: at once, and once others are there.
pub(super) fn create(work: &Work<'_>, id: &ObjectId) -> [Vec<Statement>; 2] {
    let Some(object) = work.wanted(id) else { return Default::default() };
    let (mut writer, mut last) = (Writer::new(work, id), Writer::new(work, id));
    let create = |text: &str| format!("CREATE {} {}", address(id), text);
    match &object.body {
        Body::Schema(_) => writer.create(format!("CREATE {}", address(id))),
        Body::Table(table) => tables::create(&mut writer, &mut last, &object, table),
        Body::Partition(partition) => tables::create_partition(&mut writer, &mut last, &object, partition),
        Body::ForeignTable(table) => tables::create_foreign(&mut writer, table),
        Body::Column(column) => columns::add(&mut writer, &object, column),
        Body::ViewColumn(column) => view_columns::dress(&mut writer, column),
        Body::Sequence(sequence) => tables::create_sequence(&mut writer, &mut last, sequence),
        Body::View(view) | Body::MaterializedView(view) => {
            tables::create_view(&mut writer, &object, view, false);
        }
        Body::PrimaryKey(it)
        | Body::Unique(it)
        | Body::Check(it)
        | Body::ForeignKey(it)
        | Body::Exclusion(it) => {
            parts::create_constraint(&mut writer, &mut last, &object, it);
        }
        Body::DomainCheck(it) => {
            writer.create(format!(
                "ALTER DOMAIN {} ADD CONSTRAINT {} {}",
                relation(id),
                ident(id.name()),
                it.definition
            ));
        }
        Body::Index(index) => parts::create_index(&mut writer, &mut last, &object, index),
        Body::Trigger(trigger) => parts::create_trigger(&mut writer, &object, trigger),
        Body::Rule(rule) => parts::create_rule(&mut writer, rule),
        Body::Policy(policy) => parts::create_policy(&mut writer, &object, policy),
        Body::Enum(it) => types::create_enum(&mut writer, it),
        Body::Domain(it) => types::create_domain(&mut writer, &object, it),
        Body::Composite(it) => types::create_composite(&mut writer, it),
        Body::Range(_) | Body::BaseType(_) if is_shelled(work.new, id) => {
            types::create_shell(&mut writer, &mut last, &object.body);
        }
        Body::Range(it) => writer.create(create(&format!("AS RANGE {}", it.definition))),
        Body::BaseType(it) => writer.create(create(&it.definition)),
        Body::Function(it) | Body::Procedure(it) => routines::create(&mut writer, it),
        Body::Language(it) => routines::create_language(&mut writer, it),
        Body::EventTrigger(it) => routines::create_event_trigger(&mut writer, it),
        Body::Conversion(it) => others::create_conversion(&mut writer, it),
        Body::OperatorClass(it) => {
            let path = name(id);
            let bare = path.rsplit_once(" USING ").map_or(path.as_str(), |(bare, _)| bare);
            writer.create(format!("CREATE OPERATOR CLASS {bare} {}", it.definition));
        }
        Body::OperatorFamily(it) => {
            writer.create(format!("CREATE {}", address(id)));
            if !it.definition.is_empty() {
                writer.create(format!("ALTER {} ADD {}", address(id), it.definition));
            }
        }
        Body::Operator(it) => {
            let path = name(id);
            let bare = path.split('(').next().unwrap_or(&path);
            writer.create(format!("CREATE OPERATOR {bare} {}", it.definition));
        }
        Body::Aggregate(it)
        | Body::Cast(it)
        | Body::Transform(it)
        | Body::Collation(it)
        | Body::TextSearchDictionary(it)
        | Body::TextSearchParser(it)
        | Body::TextSearchTemplate(it)
        | Body::AccessMethod(it) => writer.create(create(&it.definition)),
        Body::Extension(it) => {
            let schema = ident(&it.schema);
            let version = match it.version.as_str() {
                "" => String::new(),
                version => format!(" VERSION {}", literal(version)),
            };
            writer.create(format!("CREATE {} WITH SCHEMA {schema}{version}", address(id)));
        }
        Body::TextSearchConfiguration(it) => others::create_configuration(&mut writer, it),
        Body::Statistics(it) => others::create_statistics(&mut writer, it),
        Body::Publication(it) => others::create_publication(&mut writer, it),
        Body::Subscription(it) => others::create_subscription(&mut writer, it),
        Body::ForeignDataWrapper(it) => others::create_wrapper(&mut writer, it),
        Body::ForeignServer(it) => others::create_server(&mut writer, it),
        Body::UserMapping(it) => others::create_mapping(&mut writer, it),
        Body::DefaultPrivileges(_) => writer.statements.extend(others::default_privileges(work, id)),
    }
    access::dress(&mut writer, &object);
    [writer.statements, last.statements]
}

/// Changes an object: what is let go of first, the change, and what comes once others are there.
pub(super) fn alter(work: &Work<'_>, id: &ObjectId) -> [Vec<Statement>; 3] {
    let (Some(was), Some(wanted)) = (work.old.objects.get(id), work.wanted(id)) else {
        return Default::default();
    };
    let none = BTreeSet::new();
    let names = work.altered.get(id).unwrap_or(&none);
    let changes = |name: &str| names.contains(name);
    let mut writers = [(); 3].map(|()| Writer::new(work, id));
    let [before, writer, last] = &mut writers;
    match (&was.body, &wanted.body) {
        (Body::Table(old), Body::Table(new)) => {
            tables::alter([&mut *before, &mut *writer, &mut *last], old, new, &changes);
        }
        (Body::Partition(old), Body::Partition(new)) => tables::alter_partition(writer, old, new),
        (Body::ForeignTable(old), Body::ForeignTable(new)) => {
            others::change_options(writer, &old.options, &new.options);
        }
        (Body::Column(old), Body::Column(new)) => columns::alter(before, writer, old, new, &changes),
        (Body::ViewColumn(old), Body::ViewColumn(new)) => view_columns::alter(writer, old, new),
        (Body::Sequence(old), Body::Sequence(new)) => {
            tables::alter_sequence([&mut *before, &mut *writer, &mut *last], old, new, &changes);
        }
        (Body::View(old), Body::View(new)) | (Body::MaterializedView(old), Body::MaterializedView(new)) => {
            tables::alter_view(writer, &wanted, old, new);
        }
        (
            Body::PrimaryKey(old)
            | Body::Unique(old)
            | Body::Check(old)
            | Body::ForeignKey(old)
            | Body::Exclusion(old)
            | Body::DomainCheck(old),
            Body::PrimaryKey(new)
            | Body::Unique(new)
            | Body::Check(new)
            | Body::ForeignKey(new)
            | Body::Exclusion(new)
            | Body::DomainCheck(new),
        ) => parts::alter_constraint(writer, last, old, new),
        (Body::Index(old), Body::Index(new)) => parts::alter_index(writer, last, old, new),
        (Body::Trigger(old), Body::Trigger(new)) => {
            parts::enable(writer, "TRIGGER", old.enabled, new.enabled);
        }
        (Body::Rule(old), Body::Rule(new)) => parts::enable(writer, "RULE", old.enabled, new.enabled),
        (Body::Policy(old), Body::Policy(new)) => parts::alter_policy(writer, &wanted, old, new),
        (Body::Enum(old), Body::Enum(new)) => types::alter_enum(writer, last, old, new, &changes),
        (Body::Domain(old), Body::Domain(new)) => {
            types::alter_domain([&mut *before, &mut *writer, &mut *last], &wanted, old, new, &changes);
        }
        (Body::Composite(old), Body::Composite(new)) => {
            types::alter_composite(writer, last, old, new, &changes);
        }
        (Body::Collation(_), _) if work.is_swapped(id) => types::swap(writer, last),
        (Body::Function(old), Body::Function(new)) | (Body::Procedure(old), Body::Procedure(new))
            if old != new =>
        {
            routines::replace(writer, new);
        }
        (Body::EventTrigger(_), Body::EventTrigger(new)) if changes("enabled") => {
            routines::enable_event_trigger(writer, new.enabled);
        }
        (Body::Extension(old), Body::Extension(new)) => others::alter_extension(writer, old, new),
        (Body::TextSearchConfiguration(old), Body::TextSearchConfiguration(new)) => {
            others::alter_configuration(writer, old, new);
        }
        (Body::Statistics(_), Body::Statistics(new)) if changes("target") => {
            others::set_target(writer, new.target);
        }
        (Body::Publication(old), Body::Publication(new)) => {
            others::alter_publication([&mut *before, &mut *writer], old, new, &changes);
        }
        (Body::Subscription(old), Body::Subscription(new)) => others::alter_subscription(writer, old, new),
        (Body::ForeignDataWrapper(old), Body::ForeignDataWrapper(new)) => {
            others::alter_wrapper(writer, old, new);
        }
        (Body::ForeignServer(old), Body::ForeignServer(new)) => others::alter_server(writer, old, new),
        (Body::UserMapping(old), Body::UserMapping(new)) => {
            others::change_options(writer, &old.options, &new.options);
        }
        (Body::DefaultPrivileges(_), _) => writer.statements.extend(others::default_privileges(work, id)),
        _ => {}
    }
    if !work.is_swapped(id) {
        access::change(writer, was, &wanted, &changes);
    }
    writers.map(|writer| writer.statements)
}
