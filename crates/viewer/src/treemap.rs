//! Weights as rectangles: a squarified treemap, after Bruls, Huizing and van Wijk. Pixels, whole ones.

use crate::layout::Rect;
use crate::layout::sort::sorted as in_order;

/// Around what a group holds.
const PADDING: i32 = 3;
/// What the title of a group takes, where there is room for it.
const TITLE: i32 = 18;

/// A group of tiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// All of it, its title strip at the top included.
    pub rect: Rect,
    /// How tall the title strip is; 0 where there is no room for one.
    pub title: i32,
    /// The tiles within, in the order of the input.
    pub tiles: Vec<Rect>,
}

/// Two levels: `groups` of weights, within a width and a height. Groups and tiles come back in the order of the
/// input; on the picture the heaviest come first.
pub fn grouped(groups: &[Vec<u64>], width: i32, height: i32) -> Vec<Group> {
    let sums: Vec<u64> = groups.iter().map(|weights| total(weights)).collect();
    let rects = squarified(&sums, Rect { x: 0, y: 0, width, height });
    let group = |(weights, rect): (&Vec<u64>, Rect)| {
        let title = if rect.height >= 3 * TITLE && rect.width >= 2 * TITLE { TITLE } else { 0 };
        let inside = Rect {
            x: rect.x + PADDING.min(rect.width / 2),
            y: rect.y + if title > 0 { title } else { PADDING.min(rect.height / 2) },
            width: (rect.width - 2 * PADDING).max(0),
            height: (rect.height - PADDING - title.max(PADDING)).max(0),
        };
        Group { rect, title, tiles: squarified(weights, inside) }
    };
    groups.iter().zip(rects).map(group).collect()
}

/// One level: a rectangle for each weight, in the order of the input; together they fill `area`. What weighs
/// nothing gets nothing, unless nothing weighs anything: then all get the same.
pub fn squarified(weights: &[u64], area: Rect) -> Vec<Rect> {
    let is_empty = weights.iter().all(|weight| *weight == 0);
    let weight = |at: usize| if is_empty { 1.0 } else { weights[at] as f64 };
    let order = in_order(weights.len(), |at| -i64::try_from(weights[at]).unwrap_or(i64::MAX));
    let sorted: Vec<f64> = order.iter().map(|at| weight(*at)).collect();

    let mut left = Rect { width: area.width.max(0), height: area.height.max(0), ..area };
    let mut left_weight: f64 = sorted.iter().sum();
    let mut rects = vec![Rect { width: 0, height: 0, ..left }; weights.len()];
    let mut start = 0;
    while start < sorted.len() {
        let (end, sum) = row(&sorted, start, &left, left_weight);
        let share = if end == sorted.len() { 1.0 } else { part(sum, left_weight) };
        let strip = cut(&mut left, share);
        let mut done = 0.0;
        for at in start..end {
            rects[order[at]] = piece(&strip, part(done, sum), part(done + sorted[at], sum));
            done += sorted[at];
        }
        left_weight = (left_weight - sum).max(0.0);
        start = end;
    }
    rects
}

/// How many of the next weights stand in one strip along the shorter side, so that the tiles are as square as
/// can be; and what they weigh.
fn row(sorted: &[f64], start: usize, left: &Rect, left_weight: f64) -> (usize, f64) {
    let side = f64::from(left.width.min(left.height).max(1));
    let scale = part(f64::from(left.width) * f64::from(left.height), left_weight);
    let largest = sorted[start] * scale;
    let (mut end, mut sum) = (start + 1, sorted[start]);
    let worst = |sum: f64, smallest: f64| {
        let square = (sum * scale / side) * (sum * scale / side);
        part(largest, square).max(part(square, smallest * scale))
    };
    let mut now = worst(sum, sorted[start]);
    while let Some(next) = sorted.get(end) {
        let then = worst(sum + next, *next);
        if then > now && *next > 0.0 {
            break;
        }
        (end, sum, now) = (end + 1, sum + next, then);
    }
    (end, sum)
}

/// A part of the area, as long as its shorter side.
struct Strip {
    rect: Rect,
    /// Whether tiles stand in it one above the other.
    is_column: bool,
}

/// Takes a strip along the shorter side off.
fn cut(left: &mut Rect, share: f64) -> Strip {
    let all = *left;
    if left.width >= left.height {
        let width = portion(left.width, share);
        (left.x, left.width) = (left.x + width, left.width - width);
        Strip { rect: Rect { width, ..all }, is_column: true }
    } else {
        let height = portion(left.height, share);
        (left.y, left.height) = (left.y + height, left.height - height);
        Strip { rect: Rect { height, ..all }, is_column: false }
    }
}

/// What lies between two shares of a strip.
fn piece(strip: &Strip, from: f64, to: f64) -> Rect {
    let rect = strip.rect;
    if strip.is_column {
        let (top, bottom) = (portion(rect.height, from), portion(rect.height, to));
        Rect { y: rect.y + top, height: bottom - top, ..rect }
    } else {
        let (start, end) = (portion(rect.width, from), portion(rect.width, to));
        Rect { x: rect.x + start, width: end - start, ..rect }
    }
}

fn portion(length: i32, share: f64) -> i32 {
    ((f64::from(length) * share).round() as i32).clamp(0, length)
}

/// `a / b`, 0 where there is nothing to divide by.
fn part(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 0.0 }
}

/// What a group weighs; a group is never nothing.
fn total(weights: &[u64]) -> u64 {
    weights.iter().fold(0_u64, |sum, weight| sum.saturating_add(*weight)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(rect: &Rect) -> i64 {
        i64::from(rect.width) * i64::from(rect.height)
    }

    #[track_caller]
    fn check(weights: &[u64], width: i32, height: i32) -> Vec<Rect> {
        let whole = Rect { x: 5, y: 7, width, height };
        let rects = squarified(weights, whole);
        assert_eq!(rects.len(), weights.len());
        for (at, a) in rects.iter().enumerate() {
            assert!(a.width >= 0 && a.height >= 0 && a.x >= 5 && a.y >= 7, "{a:?}");
            assert!(a.right() <= 5 + width.max(0) && a.bottom() <= 7 + height.max(0), "{a:?}");
            let overlaps = |b: &&Rect| {
                area(b) > 0 && a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
            };
            assert!(area(a) == 0 || !rects[..at].iter().any(|b| overlaps(&b)), "{weights:?}");
        }
        if !weights.is_empty() {
            assert_eq!(
                rects.iter().map(area).sum::<i64>(),
                i64::from(width.max(0)) * i64::from(height.max(0))
            );
        }
        rects
    }

    #[test]
    fn fills_the_area_without_overlap() {
        let mut seed = 11_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for (weights, width, height) in [
            (&[][..], 100, 50),
            (&[3], 100, 50),
            (&[0], 100, 50),
            (&[0, 0, 0], 90, 50),
            (&[5, 0, 1], 90, 50),
            (&[1, 2, 3], 0, 50),
            (&[1, 2, 3], -4, 50),
            (&[1, 2, 3], 1, 1),
            (&[u64::MAX, u64::MAX, 1], 100, 100),
        ] {
            check(weights, width, height);
        }
        for _ in 0..200 {
            let weights: Vec<u64> = (0..next(60)).map(|_| u64::from(next(40))).collect();
            check(&weights, next(900) as i32, next(500) as i32);
        }
    }

    #[test]
    fn tiles_are_nearly_square_and_fair() {
        let weights: Vec<u64> = (1..=40).rev().collect();
        let rects = check(&weights, 1_200, 800);
        let sum: u64 = weights.iter().sum();
        for (rect, weight) in rects.iter().zip(&weights) {
            let fair = 1_200 * 800 * *weight as i64 / sum as i64;
            assert!((area(rect) - fair).abs() < 200 + fair / 10, "{weight}: {} {fair}", area(rect));
            let (long, short) = (rect.width.max(rect.height), rect.width.min(rect.height));
            assert!(long <= 3 * short, "{rect:?}");
        }
        assert_eq!((rects[0].x, rects[0].y), (5, 7));
    }

    #[test]
    fn tiles_stand_within_their_groups() {
        for (width, height) in [(800, 500), (30, 20), (2, 2), (0, 0)] {
            for group in grouped(&[vec![1; 30], vec![], vec![0, 0], vec![90, 3]], width, height) {
                assert!(group.title >= 0 && group.title <= group.rect.height);
                for tile in &group.tiles {
                    assert!(tile.width >= 0 && tile.height >= 0);
                    assert!(tile.x >= group.rect.x && tile.right() <= group.rect.right(), "{group:?}");
                    assert!(tile.y >= group.rect.y + group.title && tile.bottom() <= group.rect.bottom());
                }
            }
        }
    }

    /// `cargo test --release -- --ignored --nocapture`
    #[test]
    #[ignore = "prints how long it takes"]
    fn speed() {
        let weights: Vec<u64> = (0..10_000).map(|at| 1 + at * 7_919 % 97).collect();
        let start = std::time::Instant::now();
        let groups = grouped(&[weights], 1_600, 1_000);
        println!("{} tiles: {:?}", groups[0].tiles.len(), start.elapsed());
    }
}
