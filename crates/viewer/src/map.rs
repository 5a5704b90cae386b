//! The map: tables that differ and their neighbours over foreign keys, of both sides in one picture, so that
//! nothing moves when one looks from old to new. And the atlas: all tables as tiles.

mod atlas;
mod keys;
mod model;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{ObjectId, Report, Severity, Snapshot};
use serde::{Deserialize, Serialize};

use crate::ask::Fate;
use crate::layout::{Point, layout};
pub use atlas::{Atlas, AtlasGroup, Tile, atlas};
use keys::Key;
use model::{Model, Table};

/// How tall the title of a box is. Pixels, like everything here.
pub const TITLE_HEIGHT: i32 = 30;
/// How tall a row of a box is.
pub const ROW_HEIGHT: i32 = 20;
/// Below the last row.
const FOOT: i32 = 6;
/// How wide a letter is, of the face in which names are written.
const LETTER: usize = 7;
/// Beside the texts: marks, borders, room between name and type.
const BESIDE: usize = 44;
/// Boxes are never narrower or wider; longer texts are cut.
const WIDTHS: (usize, usize) = (120, 340);

/// Which columns a box lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Those that differ.
    #[default]
    Changed,
    /// Those that differ, and those of primary and foreign keys.
    Keys,
    /// All of them.
    All,
    /// None: boxes have names alone.
    Names,
}

/// What the map is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// How many foreign keys away from what differs, 0 to 3.
    pub hops: u8,
    /// The written id of an object: the map shows its table and the surroundings of that, whether it differs or
    /// not. Without it the map shows what differs, or all tables where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<String>,
    /// Which columns boxes list.
    pub show: Show,
    /// How many boxes there may be.
    pub limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { hops: 1, focus: None, show: Show::Changed, limit: 80 }
    }
}

/// The map, laid out. Pixels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// Tables and views, by schema and name.
    pub boxes: Vec<Box>,
    /// Foreign keys.
    pub edges: Vec<Edge>,
    /// Of everything.
    pub width: i32,
    /// Of everything.
    pub height: i32,
    /// Boxes that the limit left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left_out: usize,
}

/// A table or a view of either side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Box {
    /// Its written id.
    pub id: String,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What becomes of it; what goes is drawn as a ghost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fate: Fate,
    /// How many differences it has, those of its partitions included.
    #[serde(default, skip_serializing_if = "is_default")]
    pub changes: usize,
    /// The highest severity of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether it is a view: it has no keys.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_view: bool,
    /// Of the left border.
    pub x: i32,
    /// Of the upper border.
    pub y: i32,
    /// To the right.
    pub width: i32,
    /// The title, [`TITLE_HEIGHT`]; then the rows, [`ROW_HEIGHT`] each, one more where `more` is not 0.
    pub height: i32,
    /// The columns that are listed, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<ColumnRow>,
    /// How many columns are not listed: the last row, "18 unchanged". 0 where names are shown alone.
    #[serde(default, skip_serializing_if = "is_default")]
    pub more: usize,
    /// How many of these differ all the same, because there are too many.
    #[serde(default, skip_serializing_if = "is_default")]
    pub more_changed: usize,
    /// Tables that foreign keys connect it with and the map does not show: "+ 5 more".
    #[serde(default, skip_serializing_if = "is_default")]
    pub hidden_neighbours: usize,
}

/// A column in a box.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRow {
    /// Its name.
    pub name: String,
    /// Its type in new, or in old where new lacks it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its type in old, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What becomes of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fate: Fate,
    /// Whether it is in the primary key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_primary: bool,
    /// Whether it is in a foreign key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_foreign: bool,
}

/// Foreign keys of one table that refer to one other and share a fate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The box of the referencing table: many rows, where the crow's foot is drawn.
    pub from: usize,
    /// The box of the referenced table: one row, where the bar is drawn.
    pub to: usize,
    /// From the border of `from`, the first point, to the border of `to`, the last. All pieces are horizontal or
    /// vertical; the first and the last one are long enough for their marks.
    pub points: Vec<Point>,
    /// What becomes of the keys; those that go are drawn as ghosts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fate: Fate,
    /// The names of the keys.
    pub label: String,
    /// The written ids of the keys.
    pub ids: Vec<String>,
}

/// The path of a relation: schema and name.
type Path<'a> = &'a [String];

/// Lays out the map of two snapshots and what `report` tells of them. One snapshot and a report without entries
/// give a map of that one.
pub fn map(old: &Snapshot, new: &Snapshot, report: &Report, options: &Options) -> Map {
    let model = Model::new(old, new, report);
    let keys = keys::collect(old, new, &model);
    let neighbours = neighbours(&keys);
    let mut found = reachable(&model, &neighbours, options);
    let left_out = found.len().saturating_sub(options.limit);
    found.truncate(options.limit);
    found.sort_unstable();

    let of_table = keys::by_table(&keys);
    let shown: Vec<(Path, &Table)> =
        found.iter().filter_map(|path| Some((*path, model.tables.get(path)?))).collect();
    let places: BTreeMap<Path, usize> =
        shown.iter().enumerate().map(|(place, (path, _))| (*path, place)).collect();
    let mut map = Map { left_out, ..Map::default() };
    for (path, table) in &shown {
        let foreign = of_table.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut made = titled(path, table);
        rows::fill(&mut made, &model, table, foreign, options.show);
        let hidden = |path: &&Path| !places.contains_key(*path);
        made.hidden_neighbours = neighbours.get(path).map_or(0, |all| all.iter().filter(hidden).count());
        sized(&mut made);
        map.boxes.push(made);
    }
    map.edges = edges(&keys, &places);
    arrange(&mut map);
    map
}

/// Which tables foreign keys connect with which.
fn neighbours<'a>(keys: &[Key<'a>]) -> BTreeMap<Path<'a>, BTreeSet<Path<'a>>> {
    let mut found: BTreeMap<Path, BTreeSet<Path>> = BTreeMap::new();
    for key in keys.iter().filter(|key| key.from != key.to) {
        found.entry(key.from).or_default().insert(key.to);
        found.entry(key.to).or_default().insert(key.from);
    }
    found
}

/// The tables within reach of where the map starts: what differs most comes first, then what is near.
fn reachable<'a>(
    model: &Model<'a>,
    neighbours: &BTreeMap<Path<'a>, BTreeSet<Path<'a>>>,
    options: &Options,
) -> Vec<Path<'a>> {
    let mut distance: BTreeMap<Path, u8> = starts(model, options).into_iter().map(|path| (path, 0)).collect();
    let mut edge: Vec<Path> = distance.keys().copied().collect();
    for hop in 1..=options.hops.min(3) {
        let next: BTreeSet<Path> =
            edge.iter().filter_map(|path| neighbours.get(path)).flatten().copied().collect();
        edge = next.into_iter().filter(|path| !distance.contains_key(path)).collect();
        distance.extend(edge.iter().map(|path| (*path, hop)));
    }
    let is_focused = options.focus.is_some();
    let keys = |path: &Path| neighbours.get(path).map_or(0, BTreeSet::len);
    let rank = |path: &Path| {
        let changes = model.tables.get(path).map_or(0, |table| table.changes);
        let hops = distance.get(path).copied().unwrap_or(u8::MAX);
        (
            is_focused && hops > 0,
            changes == 0,
            std::cmp::Reverse(changes),
            hops,
            std::cmp::Reverse(keys(path)),
        )
    };
    let mut found: Vec<Path> =
        distance.keys().copied().filter(|path| model.tables.contains_key(path)).collect();
    found.sort_by_cached_key(rank);
    found
}

/// The focus; else what differs; else all tables.
fn starts<'a>(model: &Model<'a>, options: &Options) -> Vec<Path<'a>> {
    if let Some(focus) = options.focus.as_deref() {
        let id = focus.parse::<ObjectId>().ok();
        return id.iter().filter_map(|id| model.path(id.relation()?)).collect();
    }
    let changed: Vec<Path> =
        model.tables.iter().filter(|(_, table)| table.changes > 0).map(|(path, _)| *path).collect();
    if changed.is_empty() {
        return model.tables.iter().filter(|(_, table)| !table.is_view()).map(|(path, _)| *path).collect();
    }
    changed
}

fn titled(path: Path, table: &Table) -> Box {
    let part = |at: usize| path.get(at).cloned().unwrap_or_default();
    Box {
        id: table.id.to_string(),
        schema: part(0),
        name: part(1),
        fate: table.fate,
        changes: table.changes,
        severity: table.severity,
        is_view: table.is_view(),
        ..Box::default()
    }
}

/// Gives a box the size that its texts need.
fn sized(made: &mut Box) {
    let letters = |text: &str| text.chars().count();
    let title = letters(&made.schema) + letters(&made.name) + 5;
    let row = |row: &ColumnRow| {
        letters(&row.name) + letters(&row.data_type) + row.was.as_deref().map_or(0, |was| letters(was) + 3)
    };
    let widest = made.rows.iter().map(row).max().unwrap_or(0).max(title);
    made.width = (widest * LETTER + BESIDE).clamp(WIDTHS.0, WIDTHS.1) as i32;
    let rows = (made.rows.len() + usize::from(made.more > 0)) as i32;
    made.height = TITLE_HEIGHT + rows * ROW_HEIGHT + if rows > 0 { FOOT } else { 0 };
}

/// The foreign keys between boxes that are shown.
fn edges(keys: &[Key], places: &BTreeMap<Path, usize>) -> Vec<Edge> {
    let mut found: BTreeMap<(usize, usize, Fate), Edge> = BTreeMap::new();
    for key in keys {
        let (Some(from), Some(to)) = (places.get(key.from), places.get(key.to)) else { continue };
        let (from, to, fate) = (*from, *to, key.fate);
        let edge =
            found.entry((from, to, fate)).or_insert_with(|| Edge { from, to, fate, ..Edge::default() });
        if !edge.label.is_empty() {
            edge.label.push_str(", ");
        }
        edge.label.push_str(key.id.name());
        edge.ids.push(key.id.to_string());
    }
    found.into_values().collect()
}

/// Places boxes and edges: what is referred to stands to the left of what refers to it.
fn arrange(map: &mut Map) {
    let sizes: Vec<(i32, i32)> = map.boxes.iter().map(|it| (it.width, it.height)).collect();
    let arrows: Vec<(usize, usize)> = map.edges.iter().map(|edge| (edge.to, edge.from)).collect();
    let placed = layout(&sizes, &arrows);
    for (it, rect) in map.boxes.iter_mut().zip(&placed.boxes) {
        (it.x, it.y) = (rect.x, rect.y);
    }
    for (edge, mut points) in map.edges.iter_mut().zip(placed.routes) {
        points.reverse();
        edge.points = points;
    }
    (map.width, map.height) = (placed.width, placed.height);
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
