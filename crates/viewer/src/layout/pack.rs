//! Parts and boxes without arrows on shelves, the whole somewhat wider than tall.

use super::sort::sorted;
use super::{GAP_Y, Layout, MARGIN, Part};

/// Between parts.
const GAP: i32 = 40;

/// Places the parts, and below them the boxes without arrows.
pub(super) fn pack(whole: &mut Layout, parts: &[Part], alone: &[usize]) {
    let part_sizes: Vec<(i32, i32)> = parts.iter().map(|part| (part.width, part.height)).collect();
    let alone_sizes: Vec<(i32, i32)> =
        alone.iter().map(|at| (whole.boxes[*at].width, whole.boxes[*at].height)).collect();
    let area = area(&part_sizes, GAP) + area(&alone_sizes, GAP_Y);
    let widest = part_sizes.iter().chain(&alone_sizes).map(|(width, _)| *width).max().unwrap_or(0);
    // 16 to 10.
    let width = ((area * 16 / 10).isqrt().min(1_000_000) as i32).max(widest);

    let (places, bottom) = shelves(&part_sizes, width, GAP);
    for (part, (x, y)) in parts.iter().zip(places) {
        let (x, y) = (x + MARGIN, y + MARGIN);
        for (at, rect) in &part.boxes {
            (whole.boxes[*at].x, whole.boxes[*at].y) = (rect.x + x, rect.y + y);
        }
        for (at, points) in &part.routes {
            whole.routes[*at] = points.iter().map(|point| (point.0 + x, point.1 + y)).collect();
        }
    }
    let below = MARGIN + if parts.is_empty() { 0 } else { bottom + GAP };
    for (at, (x, y)) in alone.iter().zip(shelves(&alone_sizes, width, GAP_Y).0) {
        (whole.boxes[*at].x, whole.boxes[*at].y) = (x + MARGIN, y + below);
    }
    let bottom = parts.first().map_or(0, |_| bottom + MARGIN);
    whole.width = whole.boxes.iter().map(|rect| rect.right() + MARGIN).max().unwrap_or(0);
    whole.height = whole.boxes.iter().map(|rect| rect.bottom()).max().unwrap_or(0).max(bottom) + MARGIN;
}

fn area(sizes: &[(i32, i32)], gap: i32) -> i64 {
    sizes.iter().map(|(width, height)| i64::from(width + gap) * i64::from(height + gap)).sum()
}

/// Puts rectangles on shelves of a width, the tallest first. Gives their places and the height of all.
fn shelves(sizes: &[(i32, i32)], width: i32, gap: i32) -> (Vec<(i32, i32)>, i32) {
    let mut places = vec![(0, 0); sizes.len()];
    let (mut x, mut y, mut height) = (0, 0, 0);
    for at in sorted(sizes.len(), |at| -i64::from(sizes[at].1)) {
        let size = sizes[at];
        if x > 0 && x + size.0 > width {
            (x, y, height) = (0, y + height + gap, 0);
        }
        places[at] = (x, y);
        x += size.0 + gap;
        height = height.max(size.1);
    }
    (places, y + height)
}
