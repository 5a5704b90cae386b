//! The columns that a box lists.

use std::collections::BTreeMap;

use diff_core::{Body, Kind, Object, ObjectId, Snapshot};

use super::keys;
use super::model::{Model, Table};
use super::{Box, ColumnRow, Show};
use crate::ask::Fate;
use crate::layout::sort::sorted_by;

/// No box has more rows.
const MAX_ROWS: usize = 60;

/// Fills a box with the columns that are to be shown.
pub(super) fn fill(made: &mut Box, model: &Model, table: &Table, foreign: &[String], show: Show) {
    if show == Show::Names {
        return;
    }
    let all = columns(model, table, foreign);
    let is_wanted = |row: &&ColumnRow| match show {
        Show::All => true,
        Show::Keys => row.fate != Fate::Same || row.is_primary || row.is_foreign,
        Show::Changed | Show::Names => row.fate != Fate::Same,
    };
    // Where there is not room for all, those that differ come first.
    let wanted: Vec<&ColumnRow> = all.iter().filter(is_wanted).collect();
    let changed = wanted.iter().filter(|row| row.fate != Fate::Same).count();
    let mut room = MAX_ROWS.saturating_sub(changed);
    for row in wanted {
        let is_changed = row.fate != Fate::Same;
        if made.rows.len() < MAX_ROWS && (is_changed || room > 0) {
            room = room.saturating_sub(usize::from(!is_changed));
            made.rows.push(row.clone());
        }
    }
    made.more = all.len() - made.rows.len();
    made.more_changed = changed.saturating_sub(MAX_ROWS);
}

/// The columns of both sides in the order that new has; those that go stand behind the one that they stood behind.
fn columns(model: &Model, table: &Table, foreign: &[String]) -> Vec<ColumnRow> {
    let primary = primary(model, table);
    let (old, new) = (side(model.old, table.old), side(model.new, table.new));
    let (old_types, new_types) = (by_name(&old), by_name(&new));
    let fate = |name: &str| {
        let fate = model
            .fate(&ObjectId::new(Kind::Column, table.id.path().iter().map(String::as_str).chain([name])));
        let is_one_sided = old_types.contains_key(name) != new_types.contains_key(name);
        match fate {
            // The report speaks of a view's columns only as parts of its text.
            Fate::Same if table.is_view() && table.changes > 0 && is_one_sided => {
                if new_types.contains_key(name) { Fate::Added } else { Fate::Removed }
            }
            fate => fate,
        }
    };
    let row = |name: &str, data_type: &str, was: Option<&str>| ColumnRow {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        was: was.filter(|was| *was != data_type).map(str::to_owned),
        fate: fate(name),
        is_primary: primary.iter().any(|key| key == name),
        is_foreign: foreign.iter().any(|key| key == name),
    };
    let mut rows: Vec<ColumnRow> =
        new.iter().map(|(name, data_type)| row(name, data_type, old_types.get(name).copied())).collect();
    let mut before: Option<&str> = None;
    for (name, data_type) in &old {
        if !new_types.contains_key(name) {
            let behind = before.and_then(|before| rows.iter().position(|row| row.name == before));
            rows.insert(behind.map_or(0, |at| at + 1), row(name, data_type, None));
        }
        before = Some(name);
    }
    rows
}

/// Inserted one by one: collecting would sort first, and each sort is ten kilobytes of the page.
fn by_name<'a>(columns: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, &'a str> {
    let mut found = BTreeMap::new();
    columns.iter().for_each(|(name, data_type)| {
        found.insert(*name, *data_type);
    });
    found
}

/// Names and types of one side's columns, in their order.
fn side<'a>(side: &'a Snapshot, table: Option<(&'a ObjectId, &'a Object)>) -> Vec<(&'a str, &'a str)> {
    let Some((id, object)) = table else { return Vec::new() };
    if let Body::View(view) | Body::MaterializedView(view) = &object.body {
        return view.columns.iter().map(|column| (column.name.as_str(), column.data_type.as_str())).collect();
    }
    let found: Vec<(u32, &str, &str)> = within(side, id)
        .filter_map(|(id, object)| match &object.body {
            Body::Column(column) => Some((column.position, id.name(), column.data_type.as_str())),
            _ => None,
        })
        .collect();
    sorted_by(&found, |(position, ..)| position.into())
        .into_iter()
        .map(|(_, name, data_type)| (name, data_type))
        .collect()
}

/// What a table contains: it follows the table.
fn within<'a>(side: &'a Snapshot, table: &'a ObjectId) -> impl Iterator<Item = (&'a ObjectId, &'a Object)> {
    side.objects.range(table..).take_while(|(id, _)| id.path().starts_with(table.path()))
}

/// The columns of the primary keys of both sides.
fn primary(model: &Model, table: &Table) -> Vec<String> {
    let sides = [(model.old, table.old), (model.new, table.new)];
    let objects = sides.into_iter().filter_map(|(side, table)| Some(within(side, table?.0))).flatten();
    let keys = objects.filter_map(|(_, object)| match &object.body {
        Body::PrimaryKey(key) => Some(keys::columns(&key.definition)),
        _ => None,
    });
    keys.flatten().collect()
}
