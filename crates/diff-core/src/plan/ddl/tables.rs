//! Tables, partitions, foreign tables, sequences, views.

use std::collections::BTreeMap;

use itertools::Itertools;

use super::columns::{self, change_parameters};
use super::counting::counting_options;
use super::{Writer, access, attached_to};
use crate::plan::sql::{
    address, alter_relation, foreign_options, ident, name, ordered_parameters, qualified, word,
};
use crate::plan::work::{Work, contents};
use crate::{
    Body, Column, ForeignTable, Kind, Object, ObjectId, Partition, Persistence, ReplicaIdentity, RowSecurity,
    Sequence, Table, View, collect,
};

/// A table with its columns and the constraints that need nothing else.
pub(super) fn create(writer: &mut Writer<'_, '_>, last: &mut Writer<'_, '_>, object: &Object, table: &Table) {
    let (work, id) = (writer.work, writer.id);
    let columns = own_columns(work, id);
    let listed = columns.iter().filter(|(_, _, column)| table.of_type.is_none() && !column.inherited);
    let mut lines =
        listed.map(|(id, object, column)| columns::definition(work, id, object, column)).collect_vec();
    lines.extend(own_constraints(work, id));
    let of_type = table.of_type.as_ref().map_or_else(String::new, |name| format!(" OF {name}"));
    let list = match (lines.is_empty(), &table.of_type) {
        (true, Some(_)) => String::new(),
        _ if lines.is_empty() => " ()".to_owned(),
        _ => format!(" (\n    {}\n)", lines.join(",\n    ")),
    };
    let inherits = match table.inherits.as_slice() {
        [] => String::new(),
        parents => {
            format!(" INHERITS ({})", parents.iter().map(|parent| qualified(parent.path())).join(", "))
        }
    };
    let partition_by = table
        .partition_by
        .as_ref()
        .map_or_else(String::new, |by| format!(" PARTITION BY {}", object.text("partition_by", by)));
    let storage = storage(object, table.access_method.as_ref(), &table.options, table.tablespace.as_ref());
    let unlogged = unlogged(table.persistence);
    writer.create(format!(
        "CREATE {unlogged}TABLE {}{of_type}{list}{inherits}{partition_by}{storage}",
        name(id)
    ));
    dress_contents(writer, last, &columns);
    settle_rows(writer, table.row_security, table.replica_identity);
}

/// A partition: as one from the start, or attached once it has its indexes, so that they keep their names.
pub(super) fn create_partition(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    object: &Object,
    partition: &Partition,
) {
    let (work, id) = (writer.work, writer.id);
    let parent = qualified(partition.of.path());
    let has_indexes =
        contents(work.new, id).any(|inside| attached_to(&work.new.objects[inside].body).is_some());
    let partition_by = partition
        .partition_by
        .as_ref()
        .map_or_else(String::new, |by| format!(" PARTITION BY {}", object.text("partition_by", by)));
    let storage =
        storage(object, partition.access_method.as_ref(), &partition.options, partition.tablespace.as_ref());
    let unlogged = unlogged(partition.persistence);
    if has_indexes && work.stays(&partition.of) {
        let like = "INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE";
        let is_compressed = |id: &&ObjectId| matches!(&work.new.objects[*id].body, Body::Column(column) if column.compression.is_some());
        let compression = match contents(work.new, &partition.of).find(is_compressed) {
            Some(_) => " INCLUDING COMPRESSION",
            None => "",
        };
        writer.create(format!(
            "CREATE {unlogged}TABLE {} (LIKE {parent} {like}{compression}){partition_by}{storage}",
            name(id)
        ));
        last.create(format!("ALTER TABLE ONLY {parent} ATTACH PARTITION {} {}", name(id), partition.bound));
    } else {
        writer.create(format!(
            "CREATE {unlogged}TABLE {} PARTITION OF {parent} {}{partition_by}{storage}",
            name(id),
            partition.bound
        ));
    }
    columns::settle_as_parent(writer, &partition.of);
    settle_rows(writer, partition.row_security, partition.replica_identity);
}

/// A foreign table with its columns.
pub(super) fn create_foreign(writer: &mut Writer<'_, '_>, table: &ForeignTable) {
    let (work, id) = (writer.work, writer.id);
    let columns = own_columns(work, id);
    let options = foreign_options(&table.options);
    let options = if options.is_empty() { options } else { format!(" OPTIONS ({options})") };
    let server = format!(" SERVER {}{options}", ident(&table.server));
    if let (Some(of), Some(bound)) = (&table.of, &table.bound) {
        writer.create(format!(
            "CREATE FOREIGN TABLE {} PARTITION OF {} {bound}{server}",
            name(id),
            qualified(of.path())
        ));
        return;
    }
    let listed = columns.iter().filter(|(_, _, column)| !column.inherited);
    let mut lines =
        listed.map(|(id, object, column)| columns::definition(work, id, object, column)).collect_vec();
    lines.extend(own_constraints(work, id));
    let inherits = match table.inherits.as_slice() {
        [] => String::new(),
        parents => {
            format!(" INHERITS ({})", parents.iter().map(|parent| qualified(parent.path())).join(", "))
        }
    };
    writer.create(format!(
        "CREATE FOREIGN TABLE {} (\n    {}\n){inherits}{server}",
        name(id),
        lines.join(",\n    ")
    ));
    let mut last = Writer::new(work, id);
    dress_contents(writer, &mut last, &columns);
}

/// The columns of a table in their order.
fn own_columns<'s>(work: &'s Work<'_>, id: &ObjectId) -> Vec<(&'s ObjectId, &'s Object, &'s Column)> {
    let column = |id: &'s ObjectId| match &work.new.objects[id].body {
        Body::Column(column) => Some((id, &work.new.objects[id], column)),
        _ => None,
    };
    collect::sorted_by_key(contents(work.new, id).filter_map(column), |(_, _, column)| column.position)
}

/// The constraints that stand in the table's statement: keys first.
fn own_constraints(work: &Work<'_>, table: &ObjectId) -> Vec<String> {
    let own = contents(work.new, table).filter(|id| {
        id.kind() != Kind::Column && work.created.contains(id) && work.create_owner(id) == table
    });
    collect::sorted_by_key(own, |id| (id.kind(), *id))
        .into_iter()
        .filter_map(|id| {
            let object = &work.new.objects[id];
            let definition = &super::parts::constraint(&object.body)?.definition;
            Some(format!("CONSTRAINT {} {}", ident(id.name()), object.text("definition", definition)))
        })
        .collect()
}

/// What columns and constraints within the table's statement could not say there.
fn dress_contents(
    writer: &mut Writer<'_, '_>,
    last: &mut Writer<'_, '_>,
    columns: &[(&ObjectId, &Object, &Column)],
) {
    let (work, table) = (writer.work, writer.id);
    let is_typed = matches!(&work.new.objects[table].body, Body::Table(table) if table.of_type.is_some());
    for (id, object, column) in columns {
        let mut own = Writer::new(work, id);
        if is_typed {
            let plain = Column { default: None, nullable: true, serial: false, ..(*column).clone() };
            let plain = Object::new(Body::Column(Column {
                storage: None,
                compression: None,
                statistics: None,
                ..plain
            }));
            columns::match_column(&mut own, (id, &plain), (object, column));
        } else if column.inherited {
            if let Some((parent_id, parent)) = work.handed_down(id) {
                columns::match_column(&mut own, (&parent_id, &parent), (object, column));
            }
        } else {
            columns::settle(&mut own, column);
        }
        if work.late_defaults().contains(id) {
            let mut late = Writer::new(work, id);
            columns::set_late_default(&mut late, object, column);
            last.statements.append(&mut late.statements);
        }
        if let Some(wanted) = work.wanted(id) {
            access::dress(&mut own, &wanted);
        }
        writer.statements.append(&mut own.statements);
    }
    let within = contents(work.new, table).filter(|id| {
        id.kind() != Kind::Column && work.created.contains(id) && work.create_owner(id) == table
    });
    for id in within {
        let mut own = Writer::new(work, id);
        if let Some(constraint) = super::parts::constraint(&work.new.objects[id].body) {
            super::parts::mark(&mut own, constraint.clustered, constraint.replica_identity);
            super::parts::comment_on_index(&mut own, None, constraint.index_comment.as_ref());
        }
        if let Some(wanted) = work.wanted(id) {
            access::dress(&mut own, &wanted);
        }
        writer.statements.append(&mut own.statements);
    }
}

fn unlogged(persistence: Persistence) -> &'static str {
    match persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
    }
}

fn storage(
    object: &Object,
    access_method: Option<&String>,
    options: &BTreeMap<String, String>,
    tablespace: Option<&String>,
) -> String {
    let method = access_method.map_or_else(String::new, |method| format!(" USING {}", ident(method)));
    let with = if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", ordered_parameters(object, options))
    };
    let tablespace = tablespace.map_or_else(String::new, |name| format!(" TABLESPACE {}", ident(name)));
    format!("{method}{with}{tablespace}")
}

fn settle_rows(writer: &mut Writer<'_, '_>, row_security: RowSecurity, identity: ReplicaIdentity) {
    set_row_security(writer, RowSecurity::Off, row_security);
    if identity != ReplicaIdentity::Default {
        set_identity(writer, identity);
    }
}

fn set_identity(writer: &mut Writer<'_, '_>, identity: ReplicaIdentity) {
    let word = match identity {
        ReplicaIdentity::Default => "DEFAULT",
        ReplicaIdentity::Full => "FULL",
        ReplicaIdentity::Nothing => "NOTHING",
    };
    writer.alter("replica_identity", format!("{} REPLICA IDENTITY {word}", alter_relation(writer.id)));
}

/// An index that rows were identified by is gone: the table goes back to its own setting, unless another
/// index takes over.
pub(super) fn forget_identity(writer: &mut Writer<'_, '_>) {
    let path = writer.id.path()[..2].to_vec();
    let tables = [Kind::Table, Kind::Partition].map(|kind| ObjectId::new(kind, path.clone()));
    let Some(table) = tables.iter().find(|table| writer.work.stays(table)) else { return };
    let takes_over = contents(writer.work.new, table).any(|id| match &writer.work.new.objects[id].body {
        Body::Index(index) => index.replica_identity,
        body => super::parts::constraint(body).is_some_and(|constraint| constraint.replica_identity),
    });
    let identity = match &writer.work.new.objects[table].body {
        Body::Table(table) => table.replica_identity,
        Body::Partition(partition) => partition.replica_identity,
        _ => return,
    };
    if !takes_over {
        set_identity(writer, identity);
    }
}

fn set_row_security(writer: &mut Writer<'_, '_>, old: RowSecurity, new: RowSecurity) {
    let is_on = |one: RowSecurity| matches!(one, RowSecurity::On | RowSecurity::Forced);
    let is_forced = |one: RowSecurity| matches!(one, RowSecurity::Forced | RowSecurity::OffForced);
    let table = alter_relation(writer.id);
    if is_on(old) != is_on(new) {
        let word = if is_on(new) { "ENABLE" } else { "DISABLE" };
        writer.alter("row_security", format!("{table} {word} ROW LEVEL SECURITY"));
    }
    if is_forced(old) != is_forced(new) {
        let word = if is_forced(new) { "FORCE" } else { "NO FORCE" };
        writer.alter("row_security", format!("{table} {word} ROW LEVEL SECURITY"));
    }
}

/// Changes a table's own attributes.
pub(super) fn alter(
    [before, writer, last]: [&mut Writer<'_, '_>; 3],
    old: &Table,
    new: &Table,
    changes: &impl Fn(&str) -> bool,
) {
    let table = alter_relation(writer.id);
    let gone = |parent: &&ObjectId| !new.inherits.contains(parent) || writer.work.dropped.contains(*parent);
    for parent in old.inherits.iter().filter(gone) {
        before.alter("inherits", format!("{table} NO INHERIT {}", qualified(parent.path())));
    }
    let come = |parent: &&ObjectId| !old.inherits.contains(parent) || writer.work.dropped.contains(*parent);
    for parent in new.inherits.iter().filter(come).cloned().collect_vec() {
        writer.alter("inherits", format!("{table} INHERIT {}", qualified(parent.path())));
    }
    if changes("of_type") {
        if old.of_type.is_some() {
            before.alter("of_type", format!("{table} NOT OF"));
        }
        if let Some(of) = &new.of_type {
            last.alter("of_type", format!("{table} OF {of}"));
        }
    }
    // Options of the TOAST table need columns that have one.
    change_storage(
        last,
        "TABLE",
        (old.access_method.as_ref(), &old.options, old.tablespace.as_ref()),
        (new.access_method.as_ref(), &new.options, new.tablespace.as_ref()),
    );
    change_persistence(writer, old.persistence, new.persistence);
    set_row_security(writer, old.row_security, new.row_security);
    if old.replica_identity != new.replica_identity {
        set_identity(writer, new.replica_identity);
    }
}

/// Changes a partition's own attributes.
pub(super) fn alter_partition(writer: &mut Writer<'_, '_>, old: &Partition, new: &Partition) {
    let own = name(writer.id);
    if (&old.of, &old.bound) != (&new.of, &new.bound) {
        writer.alter("bound", format!("ALTER TABLE {} DETACH PARTITION {own}", qualified(old.of.path())));
        writer.alter(
            "bound",
            format!("ALTER TABLE ONLY {} ATTACH PARTITION {own} {}", qualified(new.of.path()), new.bound),
        );
    }
    change_storage(
        writer,
        "TABLE",
        (old.access_method.as_ref(), &old.options, old.tablespace.as_ref()),
        (new.access_method.as_ref(), &new.options, new.tablespace.as_ref()),
    );
    change_persistence(writer, old.persistence, new.persistence);
    set_row_security(writer, old.row_security, new.row_security);
    if old.replica_identity != new.replica_identity {
        set_identity(writer, new.replica_identity);
    }
}

fn change_persistence(writer: &mut Writer<'_, '_>, old: Persistence, new: Persistence) {
    if old != new {
        let word = if new == Persistence::Unlogged { "UNLOGGED" } else { "LOGGED" };
        writer.alter("persistence", format!("ALTER {} SET {word}", address(writer.id)));
    }
}

type Storage<'s> = (Option<&'s String>, &'s BTreeMap<String, String>, Option<&'s String>);

fn change_storage(writer: &mut Writer<'_, '_>, kind: &str, old: Storage<'_>, new: Storage<'_>) {
    let alter = format!("ALTER {kind} {}", name(writer.id));
    if old.0 != new.0 {
        let method = new.0.map_or("heap", String::as_str);
        writer.alter("access_method", format!("{alter} SET ACCESS METHOD {}", ident(method)));
    }
    if old.2 != new.2 {
        let tablespace = new.2.map_or("pg_default", String::as_str);
        writer.alter("tablespace", format!("{alter} SET TABLESPACE {}", ident(tablespace)));
    }
    change_parameters(writer, "options", &alter, old.1, new.1);
}

/// A sequence; the column that owns it may come later.
pub(super) fn create_sequence(writer: &mut Writer<'_, '_>, last: &mut Writer<'_, '_>, sequence: &Sequence) {
    let options = counting_options(&sequence.counting, None);
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(" ")) };
    let unlogged = unlogged(sequence.persistence);
    writer.create(format!("CREATE {unlogged}{}{options}", address(writer.id)));
    if let Some(owner) = &sequence.owned_by {
        last.alter("owned_by", format!("ALTER {} OWNED BY {}", address(last.id), qualified(owner.path())));
    }
}

/// Changes a sequence: lets go of its column, counts otherwise, is owned again.
pub(super) fn alter_sequence(
    [before, writer, last]: [&mut Writer<'_, '_>; 3],
    old: &Sequence,
    new: &Sequence,
    changes: &impl Fn(&str) -> bool,
) {
    let alter = format!("ALTER {}", address(writer.id));
    if changes("owned_by") && old.owned_by.is_some() {
        before.alter("owned_by", format!("{alter} OWNED BY NONE"));
    }
    let options = counting_options(&new.counting, Some(&old.counting));
    if !options.is_empty() {
        writer.alter("counting", format!("{alter} {}", options.join(" ")));
    }
    change_persistence(writer, old.persistence, new.persistence);
    if let Some(owner) = new.owned_by.as_ref().filter(|_| changes("owned_by")) {
        last.alter("owned_by", format!("{alter} OWNED BY {}", qualified(owner.path())));
    }
}

/// A view or a materialized view, made or replaced.
pub(super) fn create_view(writer: &mut Writer<'_, '_>, object: &Object, view: &View, is_replaced: bool) {
    let id = writer.id;
    let replace = if is_replaced { "OR REPLACE " } else { "" };
    let storage = storage(object, view.access_method.as_ref(), &view.options, view.tablespace.as_ref());
    let sql = format!(
        "CREATE {replace}{} {}{storage} AS\n{}",
        word(id.kind()),
        name(id),
        object.text("definition", &view.definition)
    );
    match is_replaced {
        true => writer.alter("definition", sql),
        false => writer.create(sql),
    }
}

/// Changes a view in place.
pub(super) fn alter_view(writer: &mut Writer<'_, '_>, object: &Object, old: &View, new: &View) {
    if old.definition != new.definition {
        return create_view(writer, object, new, true);
    }
    let kind = word(writer.id.kind());
    change_storage(
        writer,
        kind,
        (old.access_method.as_ref(), &old.options, old.tablespace.as_ref()),
        (new.access_method.as_ref(), &new.options, new.tablespace.as_ref()),
    );
}
