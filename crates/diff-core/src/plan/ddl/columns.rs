//! Columns of tables, partitions, foreign tables and views.

use std::collections::BTreeMap;

use super::casts::{is_text, own_storage, using};
use super::counting::counting_options;
use super::{Writer, access};
use crate::plan::sql::{alter_relation, foreign_options, ident, name, parameters, qualified, relation};
use crate::plan::work::{Work, container, contents, is_type};
use crate::plan::{Action, Statement};
use crate::{
    Body, Column, Generated, GeneratedMode, Identity, IdentityMode, Kind, NotNull, Object, ObjectId,
};

/// Whether a column can be changed where it is, rows and all.
pub(super) fn is_in_place(old: &Column, new: &Column) -> bool {
    match (&old.generated, &new.generated) {
        (None, None) => true,
        (Some(old), Some(new)) => old == new,
        (Some(old), None) => old.mode == GeneratedMode::Stored,
        (None, Some(_)) => false,
    }
}

/// A column within CREATE TABLE or ADD COLUMN.
pub(in crate::plan) fn definition(
    work: &Work<'_>,
    id: &ObjectId,
    object: &Object,
    column: &Column,
) -> String {
    let mut text = format!("{} {}", ident(id.name()), column.data_type);
    if !column.foreign_options.is_empty() {
        let options = foreign_options(&column.foreign_options);
        if !options.is_empty() {
            text.push_str(&format!(" OPTIONS ({options})"));
        }
    }
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(Generated { mode, expression }) = &column.generated {
        let mode = match mode {
            GeneratedMode::Stored => " STORED",
            GeneratedMode::Virtual => " VIRTUAL",
        };
        text.push_str(&format!(
            " GENERATED ALWAYS AS ({}){mode}",
            bare(object.text("generated", expression))
        ));
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(" {}", generated_identity(identity)));
    }
    if let Some(default) = default(work, id, object, column).filter(|_| !work.late_defaults().contains(id)) {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    match &column.not_null {
        _ if column.nullable => {}
        // What was not validated cannot be stated with the column.
        Some(NotNull { not_valid: true, .. }) => {}
        Some(NotNull { name: Some(name), no_inherit, .. }) => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            text.push_str(&format!(" CONSTRAINT {} NOT NULL{no_inherit}", ident(name)));
        }
        Some(NotNull { no_inherit: true, .. }) => text.push_str(" NOT NULL NO INHERIT"),
        _ => text.push_str(" NOT NULL"),
    }
    text
}

/// An expression without the parentheses around all of it, which are written anyway.
fn bare(expression: &str) -> &str {
    let Some(inside) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return expression;
    };
    let mut depth = 0_i32;
    // Parentheses within literals are rare enough to leave the text alone for.
    let is_whole = !inside.contains('\'')
        && inside.chars().all(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth >= 0
        });
    if is_whole && depth == 0 { inside } else { expression }
}

/// The default as SQL; that of a serial column draws from the sequence that it owns.
pub(super) fn default(work: &Work<'_>, id: &ObjectId, object: &Object, column: &Column) -> Option<String> {
    if !column.serial {
        return column.default.as_ref().map(|text| object.text("default", text).to_owned());
    }
    let owns = |sequence: &&ObjectId| matches!(work.new.objects.get(*sequence).map(|one| &one.body), Some(Body::Sequence(it)) if it.owned_by.as_ref() == Some(id));
    let sequence = object.depends_on.iter().find(owns)?;
    let text = qualified(sequence.path()).replace('\'', "''");
    Some(format!("nextval('{text}'::regclass)"))
}

fn generated_identity(identity: &Identity) -> String {
    let mode = match identity.mode {
        IdentityMode::Always => "ALWAYS",
        IdentityMode::ByDefault => "BY DEFAULT",
    };
    let mut options = Vec::new();
    if let Some(name) = &identity.sequence_name {
        options.push(format!("SEQUENCE NAME {name}"));
    }
    options.extend(counting_options(&identity.counting, None));
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {mode} AS IDENTITY{options}")
}

/// `ALTER TABLE public.t ALTER COLUMN c`.
pub(super) fn alter_column(work: &Work<'_>, id: &ObjectId) -> String {
    format!("{} ALTER COLUMN {}", alter_table(work, id), ident(id.name()))
}

/// The same of a column that follows another, and of those that follow it.
fn alter_own(work: &Work<'_>, id: &ObjectId) -> String {
    let alter = alter_column(work, id);
    if work.has_partitions(id) { alter } else { alter.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1) }
}

fn alter_table(work: &Work<'_>, id: &ObjectId) -> String {
    let outer = container(work.new, id).or_else(|| container(work.old, id));
    match outer.map(ObjectId::kind) {
        Some(Kind::ForeignTable) => format!("ALTER FOREIGN TABLE {}", relation(id)),
        Some(Kind::MaterializedView) => format!("ALTER MATERIALIZED VIEW {}", relation(id)),
        Some(Kind::View) => format!("ALTER VIEW {}", relation(id)),
        _ => alter_relation(id),
    }
}

/// Adds a column to a table that is there.
pub(super) fn add(writer: &mut Writer<'_, '_>, object: &Object, column: &Column) {
    let (work, id) = (writer.work, writer.id);
    if column.inherited || work.is_of_partition(id) {
        if let Some((parent_id, parent)) = work.handed_down(id) {
            match_column(writer, (&parent_id, &parent), (object, column));
        }
        return;
    }
    // An identity cannot be handed down.
    let later = column.identity.as_ref().filter(|_| work.has_heirs(id));
    let at_once = Column { identity: column.identity.clone().filter(|_| later.is_none()), ..column.clone() };
    writer.create(format!("{} ADD COLUMN {}", alter_table(work, id), definition(work, id, object, &at_once)));
    if let Some(identity) = later {
        change_identity(writer, &alter_column(work, id), None, identity);
    }
    settle(writer, column);
    let bare = Column { compression: None, options: BTreeMap::new(), ..column.clone() };
    store_below(writer, &bare, column);
}

/// Brings to the columns of a new partition that are as the parent's what a partition does not copy.
pub(super) fn settle_as_parent(writer: &mut Writer<'_, '_>, parent: &ObjectId) {
    let (work, id) = (writer.work, writer.id);
    for column in contents(work.new, parent) {
        let Body::Column(wanted) = &work.new.objects[column].body else { continue };
        let own = ObjectId::new(Kind::Column, id.path().iter().cloned().chain([column.name().to_owned()]));
        if !work.new.objects.contains_key(&own) {
            let copied = Column { statistics: None, options: BTreeMap::new(), ..wanted.clone() };
            let alter = format!("ALTER TABLE ONLY {} ALTER COLUMN {}", name(id), ident(column.name()));
            set_storage(writer, &alter, Some(&copied), wanted);
        }
    }
}

/// Brings to partitions whose columns are as the parent's what no parent hands down.
fn store_below(writer: &mut Writer<'_, '_>, old: &Column, new: &Column) {
    let (work, id) = (writer.work, writer.id);
    for partition in work.partitions_that_follow(id) {
        let alter =
            format!("ALTER TABLE ONLY {} ALTER COLUMN {}", qualified(partition.path()), ident(id.name()));
        set_storage(writer, &alter, Some(old), new);
    }
}

/// What a column of a table cannot state when it is made.
pub(super) fn settle(writer: &mut Writer<'_, '_>, column: &Column) {
    let (work, id) = (writer.work, writer.id);
    let alter = alter_column(work, id);
    set_storage(writer, &alter, None, column);
    if let (false, Some(NotNull { not_valid: true, .. })) = (column.nullable, &column.not_null) {
        add_not_null(writer, column);
    }
}

fn add_not_null(writer: &mut Writer<'_, '_>, column: &Column) {
    let (work, id) = (writer.work, writer.id);
    let more = column.not_null.clone().unwrap_or_default();
    let name = more.name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", ident(&name)));
    let no_inherit = if more.no_inherit { " NO INHERIT" } else { "" };
    let not_valid = if more.not_valid { " NOT VALID" } else { "" };
    let sql =
        format!("{} ADD {name}NOT NULL {}{no_inherit}{not_valid}", alter_table(work, id), ident(id.name()));
    writer.alter("nullable", sql);
}

/// Brings a column that follows its parent's to where it should be, beyond what it inherits.
pub(super) fn match_column(
    writer: &mut Writer<'_, '_>,
    (have_id, have): (&ObjectId, &Object),
    (object, want): (&Object, &Column),
) {
    let (work, id) = (writer.work, writer.id);
    let Body::Column(parent) = &have.body else { return };
    let alter = alter_own(work, id);
    let (had, has) = (default(work, have_id, have, parent), default(work, id, object, want));
    if had != has && want.generated.is_none() {
        writer.alter("default", set_default(&alter, has.as_deref()));
    }
    if parent.nullable && !want.nullable {
        writer.alter("nullable", format!("{alter} SET NOT NULL"));
    }
    set_storage(writer, &alter, Some(parent), want);
}

/// A partition's column loses what set it apart from the parent's.
pub(super) fn follow_parent(work: &Work<'_>, id: &ObjectId) -> Vec<Statement> {
    let mut writer = Writer::new(work, id);
    let partition = container(work.old, id).filter(|table| work.stays(table));
    if let (Some(_), Some((parent_id, parent)), Some(old)) =
        (partition, work.parent_column(id), work.old.objects.get(id))
        && let (Body::Column(want), Body::Column(had)) = (&parent.body, &old.body)
    {
        if !work.stays(&parent_id) {
            // It came with the parent's.
            return writer.statements;
        }
        let mut had = work.as_followed(id, had);
        if had.data_type != want.data_type {
            // A column of another type is stored as that type is.
            had.compression = None;
        }
        let had = &had;
        let alter = alter_own(work, id);
        let wanted = default(work, &parent_id, &parent, want);
        let own = default(work, id, old, had).filter(|_| !work.loses_default_first(id));
        if own != wanted && want.generated.is_none() && !had.serial {
            writer.alter("default", set_default(&alter, wanted.as_deref()));
        }
        if want.nullable && !had.nullable {
            writer.alter("nullable", format!("{alter} DROP NOT NULL"));
        }
        set_storage(&mut writer, &alter, Some(had), want);
        if old.comment.is_some() {
            let bare = Object::new(old.body.clone());
            access::change(&mut writer, old, &bare, &|name| name == "comment" || name == "grants");
        }
    }
    writer.statements
}

pub(super) fn set_default(alter: &str, default: Option<&str>) -> String {
    match default {
        Some(default) => format!("{alter} SET DEFAULT {default}"),
        None => format!("{alter} DROP DEFAULT"),
    }
}

/// Storage, compression, statistics and options, where they differ.
fn set_storage(writer: &mut Writer<'_, '_>, alter: &str, old: Option<&Column>, new: &Column) {
    let differs = |field: fn(&Column) -> Option<String>| match old {
        Some(old) => (field(old) != field(new)).then(|| field(new)),
        None => field(new).map(Some),
    };
    if let Some(storage) = differs(|one| one.storage.clone()) {
        // Before 16 there is no word for the type's own.
        let storage =
            storage.map_or_else(|| own_storage(&new.data_type).to_owned(), |name| name.to_ascii_uppercase());
        writer.alter("storage", format!("{alter} SET STORAGE {storage}"));
    }
    if let Some(compression) = differs(|one| one.compression.clone()) {
        let method = compression.unwrap_or_else(|| "default".to_owned());
        writer.alter("compression", format!("{alter} SET COMPRESSION {method}"));
    }
    if let Some(statistics) = differs(|one| one.statistics.map(|number| number.to_string())) {
        writer
            .alter("statistics", format!("{alter} SET STATISTICS {}", statistics.as_deref().unwrap_or("-1")));
    }
    let none = BTreeMap::new();
    let had = old.map_or(&none, |old| &old.options);
    change_parameters(writer, "options", alter, had, &new.options);
}

/// `SET (…)` and `RESET (…)` behind `alter`.
pub(super) fn change_parameters(
    writer: &mut Writer<'_, '_>,
    attribute: &'static str,
    alter: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) {
    let gone: Vec<&str> = old.keys().filter(|name| !new.contains_key(*name)).map(String::as_str).collect();
    if !gone.is_empty() {
        writer.alter(attribute, format!("{alter} RESET ({})", gone.join(", ")));
    }
    let set = parameters(new.iter().filter(|(name, value)| old.get(*name) != Some(value)));
    if !set.is_empty() {
        writer.alter(attribute, format!("{alter} SET ({set})"));
    }
}

/// Changes a column of a table: what it lets go of first, then the change.
pub(super) fn alter(
    before: &mut Writer<'_, '_>,
    writer: &mut Writer<'_, '_>,
    old: &Column,
    new: &Column,
    changes: &impl Fn(&str) -> bool,
) {
    let (work, id) = (writer.work, writer.id);
    let (Some(was), Some(object)) = (work.old.objects.get(id), work.new.objects.get(id)) else { return };
    let is_retyped = changes("type") || changes("collation");
    let changes = |name: &str| changes(name) && !work.follows_parent(id, name);
    let alter = alter_column(work, id);
    let mut followed = work.as_followed(id, old);
    // A column of another type is stored as that type is.
    let is_stored_anew =
        was.body != object.body && (&old.data_type, &old.collation) != (&new.data_type, &new.collation);
    if is_stored_anew {
        (followed.storage, followed.compression) = (None, None);
    }
    let old = &followed;
    let (had, has) = (old.default.is_some() || old.serial, default(work, id, object, new));
    let retypes = changes("type") || changes("collation");
    let needs_gone = |needed: &ObjectId| {
        !is_type(needed.kind()) && (work.dropped.contains(needed) || work.altered.contains_key(needed))
    };
    let redefaults =
        (changes("default") || changes("serial")) && (&old.default, old.serial) != (&new.default, new.serial);
    // A range type cannot be made anew beside itself: its values wait as text.
    let is_anew = |needed: &ObjectId| {
        needed.kind() == Kind::Range && work.dropped.contains(needed) && work.created.contains(needed)
    };
    let waits = retypes && was.depends_on.iter().any(is_anew);
    let releases = had
        && (is_retyped || redefaults && (was.depends_on.iter().any(needs_gone) || new.identity.is_some()));
    if releases {
        before.alter("default", format!("{alter} DROP DEFAULT"));
    }
    if old.identity.is_some() && new.identity.is_none() {
        before.alter("identity", format!("{alter} DROP IDENTITY"));
    }
    if old.generated.is_some() && new.generated.is_none() {
        before.alter("generated", format!("{alter} DROP EXPRESSION"));
    }
    if waits {
        before.alter("type", format!("{alter} TYPE text"));
        let column = ident(id.name());
        writer.alter("type", format!("{alter} TYPE {} USING {column}::{}", new.data_type, new.data_type));
    } else if retypes {
        retype(writer, &alter, old, new);
    }
    change_nullable(writer, &alter, old, new, &changes);
    if new.generated.is_none() && (redefaults || releases) && (has.is_some() || had && !releases) {
        writer.alter("default", set_default(&alter, has.as_deref()));
    }
    if let Some(identity) = new.identity.as_ref().filter(|_| changes("identity")) {
        change_identity(writer, &alter, old.identity.as_ref(), identity);
    }
    if is_stored_anew || ["storage", "compression", "statistics", "options"].into_iter().any(&changes) {
        set_storage(writer, &alter, Some(old), new);
        let kept = Column { storage: new.storage.clone(), statistics: new.statistics, ..old.clone() };
        store_below(writer, &kept, new);
    }
    if changes("foreign_options") {
        let sql = super::others::option_changes(&old.foreign_options, &new.foreign_options);
        writer.alter("foreign_options", format!("{alter} OPTIONS ({sql})"));
    }
}

fn retype(writer: &mut Writer<'_, '_>, alter: &str, old: &Column, new: &Column) {
    let collate = match (&new.collation, &old.collation) {
        (Some(collation), _) => format!(" COLLATE {collation}"),
        (None, Some(_)) if is_text(&new.data_type) => " COLLATE pg_catalog.\"default\"".to_owned(),
        _ => String::new(),
    };
    let column = ident(writer.id.name());
    // A foreign table holds no values.
    let is_foreign = alter.starts_with("ALTER FOREIGN");
    let using =
        if is_foreign { String::new() } else { using(&column, &old.data_type, &new.data_type, writer.work) };
    writer.alter("type", format!("{alter} TYPE {}{collate}{using}", new.data_type));
}

fn change_nullable(
    writer: &mut Writer<'_, '_>,
    alter: &str,
    old: &Column,
    new: &Column,
    changes: &impl Fn(&str) -> bool,
) {
    let table = alter_table(writer.work, writer.id);
    let default_name = format!("{}_{}_not_null", writer.id.path()[1], writer.id.name());
    let name = |column: &Column| {
        column.not_null.as_ref().and_then(|more| more.name.clone()).unwrap_or_else(|| default_name.clone())
    };
    let flags = |column: &Column| {
        column.not_null.as_ref().map_or((false, false), |more| (more.no_inherit, more.not_valid))
    };
    match (old.nullable, new.nullable) {
        (was, is) if was != is && !changes("nullable") => {}
        (true, false) if new.not_null.is_some() => add_not_null(writer, new),
        (true, false) => writer.alter("nullable", format!("{alter} SET NOT NULL")),
        (false, true) => writer.alter("nullable", format!("{alter} DROP NOT NULL")),
        (false, false) if changes("not_null") => {
            if name(old) != name(new) {
                // ALTER FOREIGN TABLE knows no such thing.
                let table = alter_relation(writer.id);
                let sql = format!("{table} RENAME CONSTRAINT {} TO {}", ident(&name(old)), ident(&name(new)));
                writer.alter("not_null", sql);
            }
            let own = ident(&name(new));
            match (flags(old), flags(new)) {
                (was, is) if was == is => {}
                ((a, true), (b, false)) if a == b => {
                    writer.alter("not_null", format!("{table} VALIDATE CONSTRAINT {own}"));
                }
                ((_, a), (no_inherit, b)) if a == b => {
                    let word = if no_inherit { "NO INHERIT" } else { "INHERIT" };
                    writer.alter("not_null", format!("{table} ALTER CONSTRAINT {own} {word}"));
                }
                _ => {
                    writer.alter("not_null", format!("{alter} DROP NOT NULL"));
                    add_not_null(writer, new);
                }
            }
        }
        _ => {}
    }
}

fn change_identity(writer: &mut Writer<'_, '_>, alter: &str, old: Option<&Identity>, new: &Identity) {
    let Some(old) = old else {
        return writer.alter("identity", format!("{alter} ADD {}", generated_identity(new)));
    };
    let mut clauses = Vec::new();
    if old.mode != new.mode {
        let mode = if new.mode == IdentityMode::Always { "ALWAYS" } else { "BY DEFAULT" };
        clauses.push(format!("SET GENERATED {mode}"));
    }
    let is_restart = |option: &String| option.starts_with("RESTART");
    for option in counting_options(&new.counting, Some(&old.counting)) {
        clauses.push(if is_restart(&option) { option } else { format!("SET {option}") });
    }
    if !clauses.is_empty() {
        writer.alter("identity", format!("{alter} {}", clauses.join(" ")));
    }
    if old.sequence_name != new.sequence_name {
        let default = format!("{}_{}_seq", writer.id.path()[1], writer.id.name());
        let schema = ident(writer.id.schema());
        let name = |identity: &Identity| {
            identity.sequence_name.clone().unwrap_or_else(|| format!("{schema}.{}", ident(&default)))
        };
        let own = name(new);
        let last = own.rsplit_once('.').map_or(own.as_str(), |(_, last)| last);
        writer.alter("identity", format!("ALTER SEQUENCE {} RENAME TO {last}", name(old)));
    }
}

/// Sets a default that had to wait.
pub(super) fn set_late_default(last: &mut Writer<'_, '_>, object: &Object, column: &Column) {
    let (work, id) = (last.work, last.id);
    if let Some(default) = default(work, id, object, column) {
        last.say(Action::Alter("default"), format!("{} SET DEFAULT {default}", alter_column(work, id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_parentheses_are_written_once() {
        for (expression, expected) in [
            ("(a + 1)", "a + 1"),
            ("(a) + (b)", "(a) + (b)"),
            ("lower(a)", "lower(a)"),
            ("('(' || a)", "('(' || a)"),
        ] {
            assert_eq!(bare(expression), expected);
        }
    }
}
