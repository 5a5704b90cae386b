//! All tables as tiles, by schema: where in a large database the differences are.

use diff_core::{Report, Severity, Snapshot};
use serde::{Deserialize, Serialize};

use super::is_default;
use super::model::{Model, Table};
use crate::ask::Fate;
use crate::layout::Rect;
use crate::layout::sort::sorted_by;
use crate::treemap::{Group, grouped};

/// With more tables than this, the smallest of each schema share a tile.
const MAX_TILES: usize = 4_000;
/// No atlas is wider or taller.
const MAX_SIDE: u32 = 20_000;

/// All tables and views as tiles. Pixels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Atlas {
    /// The schemas, by name.
    pub groups: Vec<AtlasGroup>,
    /// Of everything.
    pub width: i32,
    /// Of everything.
    pub height: i32,
}

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AtlasGroup {
    /// Its name.
    pub schema: String,
    /// All of it, the title strip at the top included.
    pub rect: Rect,
    /// How tall the title strip is; 0 where there is no room for one.
    pub title: i32,
    /// How many tables and views it has.
    pub tables: usize,
    /// How many of them differ.
    #[serde(default, skip_serializing_if = "is_default")]
    pub changed: usize,
    /// The highest severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Its tables: those that differ first, then the largest.
    pub tiles: Vec<Tile>,
}

/// A table or a view; or several that share a tile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tile {
    /// The written id; empty where several share the tile.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The name; empty where several share the tile.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Where it stands. Nothing can be seen of it where a side is 0.
    pub rect: Rect,
    /// What becomes of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fate: Fate,
    /// How many differences it has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub changes: usize,
    /// The highest severity of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// How many tables share the tile, "1,200 more tables"; 0 where it is one table.
    #[serde(default, skip_serializing_if = "is_default")]
    pub more: usize,
}

/// All tables of both sides within a width and a height; each weighs as much as it has columns.
pub fn atlas(old: &Snapshot, new: &Snapshot, report: &Report, width: u32, height: u32) -> Atlas {
    let model = Model::new(old, new, report);
    let schemas = model.tables.chunk_by(|a, b| a.id.schema() == b.id.schema());
    let made: Vec<(AtlasGroup, Vec<u64>)> = schemas.map(|tables| group(tables, model.tables.len())).collect();
    let weights: Vec<Vec<u64>> = made.iter().map(|(_, weights)| weights.clone()).collect();
    let (width, height) = (width.min(MAX_SIDE) as i32, height.min(MAX_SIDE) as i32);
    let placed = grouped(&weights, width, height);
    let groups = made.into_iter().zip(placed).map(|((group, _), placed)| place(group, &placed)).collect();
    Atlas { groups, width, height }
}

/// A schema with its tiles and what they weigh.
fn group(tables: &[Table], all: usize) -> (AtlasGroup, Vec<u64>) {
    let tables: Vec<&Table> = tables.iter().collect();
    let weight = |table: &Table| (i64::from(table.changes == 0) << 40) - table.columns as i64;
    let tables = sorted_by(&tables, weight);
    let share = if all > MAX_TILES { (tables.len() * MAX_TILES / all).max(1) } else { tables.len() };
    let (shown, rest) = tables.split_at(share.min(tables.len()));
    let mut tiles: Vec<Tile> = shown.iter().map(|table| tile(table)).collect();
    let mut weights: Vec<u64> = shown.iter().map(|table| table.columns as u64).collect();
    if !rest.is_empty() {
        tiles.push(shared(rest));
        weights.push(rest.iter().map(|table| table.columns as u64).sum());
    }
    let group = AtlasGroup {
        schema: tables.first().map(|table| table.id.schema().to_owned()).unwrap_or_default(),
        tables: tables.len(),
        changed: tables.iter().filter(|table| table.changes > 0).count(),
        severity: tables.iter().filter_map(|table| table.severity).max(),
        tiles,
        ..AtlasGroup::default()
    };
    (group, weights)
}

fn tile(table: &Table) -> Tile {
    Tile {
        id: table.id.to_string(),
        name: table.id.name().to_owned(),
        fate: table.fate,
        changes: table.changes,
        severity: table.severity,
        ..Tile::default()
    }
}

fn shared(tables: &[&Table]) -> Tile {
    let changes = tables.iter().map(|table| table.changes).sum();
    Tile {
        fate: if changes > 0 { Fate::Altered } else { Fate::Same },
        changes,
        severity: tables.iter().filter_map(|table| table.severity).max(),
        more: tables.len(),
        ..Tile::default()
    }
}

fn place(mut group: AtlasGroup, placed: &Group) -> AtlasGroup {
    (group.rect, group.title) = (placed.rect, placed.title);
    group.tiles.iter_mut().zip(&placed.tiles).for_each(|(tile, rect)| tile.rect = *rect);
    group
}
