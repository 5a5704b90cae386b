//! Boxes and arrows in layers from left to right, after Sugiyama. Integers throughout, pixels everywhere: the
//! same input gives the same picture, natively and in the browser.
//!
//! Each connected part is laid out by itself (ranks, order within the ranks, places, routes), then the parts and
//! the boxes without arrows are put on shelves.

mod order;
mod pack;
mod place;
mod rank;
mod route;
pub(crate) mod sort;

use serde::{Deserialize, Serialize};

use rank::Graph;

/// Between boxes of one rank, one above the other.
const GAP_Y: i32 = 24;
/// From a rank to the first vertical line, and from the last one to the next rank.
const GAP_X: i32 = 28;
/// Between vertical lines.
const TRACK: i32 = 10;
/// What a line that passes through a rank keeps free.
const LANE: i32 = 12;
/// How far an arrow from a box to itself goes away from it.
const LOOP: i32 = 10;
/// Around everything.
const MARGIN: i32 = 20;
/// No box is larger: sums of sizes stay far from what an integer holds.
const LARGEST: i32 = 50_000;

/// A box with a place. Pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rect {
    /// Of its left border.
    pub x: i32,
    /// Of its upper border.
    pub y: i32,
    /// To the right.
    pub width: i32,
    /// Downwards.
    pub height: i32,
}

impl Rect {
    /// The x of the right border.
    pub fn right(&self) -> i32 {
        self.x + self.width
    }

    /// The y of the lower border.
    pub fn bottom(&self) -> i32 {
        self.y + self.height
    }
}

/// A corner of an arrow: x and y.
pub type Point = (i32, i32);

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The boxes, in the order of the input.
    pub boxes: Vec<Rect>,
    /// The corners of each arrow, in the order of the input, from a border of the box that it leaves to a border
    /// of the box that it enters. Every piece is horizontal or vertical.
    pub routes: Vec<Vec<Point>>,
    /// Of all of it.
    pub width: i32,
    /// Of all of it.
    pub height: i32,
}

/// Lays out boxes of the given widths and heights, and arrows from one to another by their indexes. Arrows to
/// boxes that are not there have no corners.
pub fn layout(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Layout {
    let clamped =
        sizes.iter().map(|(width, height)| (*width.clamp(&1, &LARGEST), *height.clamp(&1, &LARGEST)));
    let sizes: Vec<(i32, i32)> = clamped.collect();
    let mut whole = Layout {
        boxes: sizes
            .iter()
            .map(|(width, height)| Rect { x: 0, y: 0, width: *width, height: *height })
            .collect(),
        routes: vec![Vec::new(); edges.len()],
        ..Layout::default()
    };
    let (parts, alone) = parts(sizes.len(), edges);
    let parts: Vec<Part> = parts.iter().map(|nodes| part(nodes, &sizes, edges)).collect();
    pack::pack(&mut whole, &parts, &alone);
    for (edge, (from, to)) in edges.iter().enumerate() {
        if let Some(rect) = whole.boxes.get(*from).filter(|_| from == to) {
            whole.routes[edge] = route::to_itself(rect);
        }
    }
    whole
}

/// One connected part, laid out from (0, 0).
struct Part {
    /// Boxes by their index in the whole.
    boxes: Vec<(usize, Rect)>,
    /// Routes by their index in the whole.
    routes: Vec<(usize, Vec<Point>)>,
    width: i32,
    height: i32,
}

/// The nodes that arrows connect, part by part, and those that none does, in the order of the input.
fn parts(count: usize, edges: &[(usize, usize)]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut neighbours = vec![Vec::new(); count];
    for (from, to) in edges.iter().filter(|(from, to)| from != to && *from.max(to) < count) {
        neighbours[*from].push(*to);
        neighbours[*to].push(*from);
    }
    let (mut parts, mut alone) = (Vec::new(), Vec::new());
    let mut is_seen = vec![false; count];
    for start in 0..count {
        if neighbours[start].is_empty() {
            alone.push(start);
        }
        if is_seen[start] || neighbours[start].is_empty() {
            continue;
        }
        is_seen[start] = true;
        let mut nodes = vec![start];
        let mut next = 0;
        while let Some(node) = nodes.get(next).copied() {
            next += 1;
            for other in &neighbours[node] {
                if !std::mem::replace(&mut is_seen[*other], true) {
                    nodes.push(*other);
                }
            }
        }
        parts.push(sort::sorted_by(&nodes, |node| node as i64));
    }
    (parts, alone)
}

fn part(nodes: &[usize], sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Part {
    let graph = Graph::new(nodes, sizes, edges);
    let mut ranks = rank::ranked(&graph);
    order::arrange(&mut ranks);
    let ports = place::Ports::new(&ranks);
    let tops = place::tops(&ranks, &ports);
    route::drawn(&graph, &ranks, &ports, &tops)
}

#[cfg(test)]
mod tests;
