//! The arrows' corners: horizontal to a vertical line of their own between two ranks, along it, on to the next.

use super::place::Ports;
use super::rank::{Graph, Ranks};
use super::sort::sorted_by;
use super::{GAP_X, LOOP, Part, Point, Rect, TRACK};

/// A bend of so little is taken out; of a little more where no other arrow is at that side of the box.
const SNAP: i32 = 3;
const SNAP_ALONE: i32 = 12;
/// How near two vertical lines in one track may come to each other.
const NEAR: i32 = 6;

/// Draws a part whose vertices have their heights.
pub(super) fn drawn(graph: &Graph, all: &Ranks, ports: &Ports, tops: &[i32]) -> Part {
    let mut levels: Vec<(i32, i32)> = all
        .segments
        .iter()
        .enumerate()
        .map(|(segment, (left, right))| {
            (tops[*left] + ports.leave[segment], tops[*right] + ports.enter[segment])
        })
        .collect();
    snap(all, tops, &mut levels);
    let mut tracks = vec![0; all.segments.len()];
    let mut starts = Vec::new();
    let mut x = 0;
    for rank in &all.ranks {
        starts.push(x);
        let width = rank.iter().map(|vertex| all.vertices[*vertex].width).max().unwrap_or(0);
        x += width + gap(all, rank, &levels, x + width, &mut tracks);
    }
    let rect = |at: usize| {
        let vertex = &all.vertices[at];
        Rect { x: starts[vertex.rank], y: tops[at], width: vertex.width, height: vertex.height }
    };
    let boxes: Vec<(usize, Rect)> =
        graph.nodes.iter().enumerate().map(|(at, node)| (node.0, rect(at))).collect();
    let routes = all.chains.iter().map(|chain| {
        let mut points = Vec::new();
        for segment in &chain.segments {
            let ((left, right), (from, to), track) =
                (all.segments[*segment], levels[*segment], tracks[*segment]);
            points.extend([(rect(left).right(), from), (track, from), (track, to), (rect(right).x, to)]);
        }
        let mut points = straight(points);
        if chain.is_reversed {
            points.reverse();
        }
        (chain.edge, points)
    });
    Part {
        routes: routes.collect(),
        width: boxes.iter().map(|(_, rect)| rect.right()).max().unwrap_or(0),
        height: (0..all.vertices.len()).map(|at| rect(at).bottom()).max().unwrap_or(0),
        boxes,
    }
}

/// Makes straight what is nearly so, at the end where a box is.
fn snap(all: &Ranks, tops: &[i32], levels: &mut [(i32, i32)]) {
    for ((left, right), (from, to)) in all.segments.iter().zip(levels) {
        let bend = (*from - *to).abs();
        let can_take = |at: usize, level: i32, arrows: usize| {
            let vertex = &all.vertices[at];
            let is_inside = level > tops[at] && level < tops[at] + vertex.height;
            vertex.node.is_some() && is_inside && bend <= if arrows == 1 { SNAP_ALONE } else { SNAP }
        };
        if can_take(*right, *from, all.vertices[*right].left.len()) {
            *to = *from;
        } else if can_take(*left, *to, all.vertices[*left].right.len()) {
            *from = *to;
        }
    }
}

/// Gives each segment from a rank to the next its vertical line, and says how wide the gap between is.
fn gap(all: &Ranks, rank: &[usize], levels: &[(i32, i32)], x: i32, tracks: &mut [i32]) -> i32 {
    let leaving = rank.iter().flat_map(|vertex| all.vertices[*vertex].right.iter().copied());
    let bent: Vec<usize> = leaving.filter(|segment| levels[*segment].0 != levels[*segment].1).collect();
    // Lines that go down, the lowest first, do not cross each other; nor do lines that go up, the highest first.
    let segments = sorted_by(&bent, |segment| {
        let (from, to) = (i64::from(levels[segment].0), i64::from(levels[segment].1));
        if from < to { -from } else { from + (1 << 40) }
    });
    let mut placed: Vec<(usize, i32)> = Vec::new();
    for segment in segments {
        let touching = |other: &&(usize, i32)| is_near(levels[other.0], levels[segment]);
        let same = |other: &&(usize, i32)| is_down(levels[other.0]) == is_down(levels[segment]);
        let first =
            placed.iter().filter(touching).filter(same).map(|(_, track)| track + 1).max().unwrap_or(0);
        let is_free = |track: &i32| !placed.iter().filter(touching).any(|(_, other)| other == track);
        let track = (first..).find(is_free).unwrap_or(first);
        placed.push((segment, track));
    }
    let count = placed.iter().map(|(_, track)| track + 1).max().unwrap_or(1);
    for segment in rank.iter().flat_map(|vertex| &all.vertices[*vertex].right) {
        tracks[*segment] = x + GAP_X;
    }
    for (segment, track) in placed {
        tracks[segment] = x + GAP_X + track * TRACK;
    }
    2 * GAP_X + (count - 1) * TRACK
}

fn is_down((from, to): (i32, i32)) -> bool {
    from < to
}

fn is_near(a: (i32, i32), b: (i32, i32)) -> bool {
    a.0.min(a.1) <= b.0.max(b.1) + NEAR && b.0.min(b.1) <= a.0.max(a.1) + NEAR
}

/// Leaves out corners that are none.
fn straight(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if let [.., before, last] = kept[..]
            && (before.0 == last.0 && last.0 == point.0 || before.1 == last.1 && last.1 == point.1)
        {
            kept.pop();
        }
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    kept
}

/// From the right border around the corner to the upper border.
pub(super) fn to_itself(rect: &Rect) -> Vec<Point> {
    let y = rect.y + (rect.height / 2).min(LOOP);
    let x = rect.right() - (rect.width / 2).min(2 * LOOP);
    let (right, above) = (rect.right() + LOOP, rect.y - LOOP);
    vec![(rect.right(), y), (right, y), (right, above), (x, above), (x, rect.y)]
}
