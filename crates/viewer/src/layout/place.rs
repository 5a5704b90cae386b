//! How high the vertices stand: as near to their neighbours as their order lets them.

use super::GAP_Y;
use super::rank::{Ranks, Vertex};
use super::sort::sorted_by;

/// Sweeps to the right and to the left, in turn; the last ones look both ways.
const SWEEPS: usize = 14;
const BOTH: usize = 4;

/// Where segments leave and enter: how far below the upper border of the vertex, by segment.
pub(super) struct Ports {
    pub(super) leave: Vec<i32>,
    pub(super) enter: Vec<i32>,
}

impl Ports {
    pub(super) fn new(all: &Ranks) -> Self {
        let mut position = vec![0; all.vertices.len()];
        for rank in &all.ranks {
            rank.iter().enumerate().for_each(|(at, vertex)| position[*vertex] = at);
        }
        let mut ports = Self { leave: vec![0; all.segments.len()], enter: vec![0; all.segments.len()] };
        for vertex in &all.vertices {
            spread(vertex, &vertex.right, &mut ports.leave, |segment| position[all.segments[segment].1]);
            spread(vertex, &vertex.left, &mut ports.enter, |segment| position[all.segments[segment].0]);
        }
        ports
    }
}

/// Spreads segments evenly over a border, in the order of where they go.
fn spread(vertex: &Vertex, segments: &[usize], ports: &mut [i32], position: impl Fn(usize) -> usize) {
    let segments = sorted_by(segments, |segment| position(segment) as i64);
    let parts = segments.len() as i32 + 1;
    for (segment, part) in segments.into_iter().zip(1..) {
        ports[segment] = vertex.height * part / parts;
    }
}

/// The upper border of every vertex, the uppermost one at 0.
pub(super) fn tops(all: &Ranks, ports: &Ports) -> Vec<i32> {
    let mut tops = vec![0; all.vertices.len()];
    for rank in &all.ranks {
        settle(all, rank, &mut tops, |_| (0, 1));
    }
    for sweep in 0..SWEEPS {
        let is_right = sweep % 2 == 0;
        let looks_both_ways = sweep + BOTH >= SWEEPS;
        let count = all.ranks.len();
        for step in 0..count {
            let rank = &all.ranks[if is_right { step } else { count - 1 - step }];
            let before = tops.clone();
            settle(all, rank, &mut tops, |vertex| {
                wish(all, ports, &before, vertex, is_right || looks_both_ways, !is_right || looks_both_ways)
            });
        }
    }
    let first = tops.iter().min().copied().unwrap_or(0);
    tops.iter().map(|top| top - first).collect()
}

/// Where a vertex would make its segments straight, on average, times the weight; and the weight.
fn wish(all: &Ranks, ports: &Ports, tops: &[i32], at: usize, by_left: bool, by_right: bool) -> (i64, i64) {
    let vertex = &all.vertices[at];
    let (mut sum, mut weight) = (0, 0);
    let mut add = |other: usize, theirs: i32, own: i32| {
        // Long arrows should be straight most of all.
        let bends = all.vertices[other].node.is_none() && vertex.node.is_none();
        let heavy = if bends { 8 } else { 1 + i64::from(all.vertices[other].node.is_none()) };
        sum += heavy * i64::from(tops[other] + theirs - own);
        weight += heavy;
    };
    for segment in vertex.left.iter().copied().filter(|_| by_left) {
        add(all.segments[segment].0, ports.leave[segment], ports.enter[segment]);
    }
    for segment in vertex.right.iter().copied().filter(|_| by_right) {
        add(all.segments[segment].1, ports.enter[segment], ports.leave[segment]);
    }
    if weight == 0 { (i64::from(tops[at]), 1) } else { (sum, weight) }
}

/// Places a rank so that the squares of the distances to the wishes are least, and nothing overlaps: those that
/// would are moved together, as one block to the mean of its wishes.
fn settle(all: &Ranks, rank: &[usize], tops: &mut [i32], wish: impl Fn(usize) -> (i64, i64)) {
    // Of each block: the sum of wishes, the weight, how many it holds. Wishes are less what stands above.
    let mut blocks: Vec<(i64, i64, usize)> = Vec::new();
    let mut above = Vec::with_capacity(rank.len());
    for (at, vertex) in rank.iter().enumerate() {
        let offset = match at.checked_sub(1) {
            Some(before) => above[before] + i64::from(distance(all, rank[before], *vertex)),
            None => 0,
        };
        above.push(offset);
        let (sum, weight) = wish(*vertex);
        let mut block = (sum - offset * weight, weight, 1);
        while let Some(last) = blocks.pop_if(|last| mean(last) > mean(&block)) {
            block = (last.0 + block.0, last.1 + block.1, last.2 + block.2);
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|block| std::iter::repeat_n(mean(block), block.2));
    for ((vertex, offset), place) in rank.iter().zip(above).zip(places) {
        tops[*vertex] = (place + offset).clamp(-1_000_000_000, 1_000_000_000) as i32;
    }
}

fn mean((sum, weight, _): &(i64, i64, usize)) -> i64 {
    sum.div_euclid((*weight).max(1))
}

/// From the upper border of a vertex to that of the next one below, at least.
fn distance(all: &Ranks, above: usize, below: usize) -> i32 {
    let (above, below) = (&all.vertices[above], &all.vertices[below]);
    let gap = match (above.node, below.node) {
        (None, None) => 0,
        (Some(_), Some(_)) => GAP_Y,
        _ => GAP_Y / 2,
    };
    above.height + gap
}
