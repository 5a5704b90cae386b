//! The map: tables that differ and their neighbours over foreign keys, of both sides in one picture, so that
//! nothing moves when one looks from old to new. And the atlas: all tables as tiles.

mod atlas;
mod keys;
mod model;
mod rows;

use diff_core::{ObjectId, Report, Severity, Snapshot};
use serde::{Deserialize, Serialize};

use crate::ask::Fate;
use crate::layout::sort::sorted_by;
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
    let neighbours = neighbours(&model, &keys);
    let found = reachable(&model, &neighbours, options);
    let left_out = found.len().saturating_sub(options.limit);
    // Of each table the place of its box.
    let mut places: Vec<Option<usize>> = vec![None; model.tables.len()];
    found.iter().take(options.limit).for_each(|at| places[*at] = Some(0));
    places.iter_mut().flatten().enumerate().for_each(|(place, slot)| *slot = place);

    let mut map = Map { left_out, ..Map::default() };
    for (at, table) in model.tables.iter().enumerate().filter(|(at, _)| places[*at].is_some()) {
        let mut made = titled(table);
        let of_table = keys.iter().filter(|key| key.from == at);
        let foreign: Vec<String> = of_table.flat_map(|key| key.columns.iter().cloned()).collect();
        rows::fill(&mut made, &model, table, &foreign, options.show);
        made.hidden_neighbours = neighbours[at].iter().filter(|other| places[**other].is_none()).count();
        sized(&mut made);
        map.boxes.push(made);
    }
    map.edges = edges(&keys, &places);
    arrange(&mut map);
    map
}

/// Which tables foreign keys connect with each.
fn neighbours(model: &Model, keys: &[Key]) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); model.tables.len()];
    let mut connect = |here: usize, there: usize| {
        if here != there && !found[here].contains(&there) {
            found[here].push(there);
        }
    };
    for key in keys {
        connect(key.from, key.to);
        connect(key.to, key.from);
    }
    found
}

/// The tables within reach of where the map starts: what differs most comes first, then what is near.
fn reachable(model: &Model, neighbours: &[Vec<usize>], options: &Options) -> Vec<usize> {
    let mut hops: Vec<Option<u8>> = vec![None; model.tables.len()];
    let mut found = starts(model, options);
    found.iter().for_each(|at| hops[*at] = Some(0));
    let mut next = 0;
    while let Some(at) = found.get(next).copied() {
        next += 1;
        let further = hops[at].unwrap_or(0) + 1;
        for other in neighbours[at].iter().filter(|_| further <= options.hops.min(3)) {
            if hops[*other].is_none() {
                hops[*other] = Some(further);
                found.push(*other);
            }
        }
    }
    sorted_by(&found, |at| {
        let hops = i64::from(hops[at].unwrap_or(0));
        let is_aside = i64::from(options.focus.is_some() && hops > 0);
        let few = |count: usize| 0xffff - count.min(0xffff) as i64;
        // Digits of one number, of which the first weighs most.
        is_aside << 48 | few(model.tables[at].changes) << 24 | hops << 16 | few(neighbours[at].len())
    })
}

/// The focus; else what differs; else all tables.
fn starts(model: &Model, options: &Options) -> Vec<usize> {
    if let Some(focus) = options.focus.as_deref() {
        let id = focus.parse::<ObjectId>().ok();
        return id.iter().filter_map(|id| model.place(id.relation()?)).collect();
    }
    let is_changed = model.tables.iter().any(|table| table.changes > 0);
    let is_start = |table: &Table| if is_changed { table.changes > 0 } else { !table.is_view() };
    (0..model.tables.len()).filter(|at| is_start(&model.tables[*at])).collect()
}

fn titled(table: &Table) -> Box {
    Box {
        id: table.id.to_string(),
        schema: table.id.schema().to_owned(),
        name: table.id.name().to_owned(),
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
fn edges(keys: &[Key], places: &[Option<usize>]) -> Vec<Edge> {
    let mut found: Vec<Edge> = Vec::new();
    for key in keys {
        let (Some(from), Some(to)) = (places[key.from], places[key.to]) else { continue };
        let (fate, label, id) = (key.fate, key.id.name(), key.id.to_string());
        let is_like = |edge: &&mut Edge| (edge.from, edge.to, edge.fate) == (from, to, fate);
        if let Some(edge) = found.iter_mut().find(is_like) {
            edge.label.push_str(", ");
            edge.label.push_str(label);
            edge.ids.push(id);
        } else {
            let label = label.to_owned();
            found.push(Edge { from, to, points: Vec::new(), fate, label, ids: vec![id] });
        }
    }
    found
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
