//! Layouts of made-up graphs: nothing overlaps, and every arrow ends at its boxes.

use super::{Layout, Point, Rect, layout};

/// Sizes and arrows.
type Graph = (Vec<(i32, i32)>, Vec<(usize, usize)>);

/// Numbers that look random and are the same every time.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % below.max(1)
    }

    fn graph(&mut self, nodes: u32, edges: u32) -> Graph {
        let sizes = (0..nodes).map(|_| (60 + self.next(200) as i32, 20 + self.next(300) as i32)).collect();
        let edges = (0..edges).map(|_| (self.next(nodes) as usize, self.next(nodes) as usize)).collect();
        (sizes, edges)
    }
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

fn is_on_border(rect: &Rect, (x, y): Point) -> bool {
    let is_within = x >= rect.x && x <= rect.right() && y >= rect.y && y <= rect.bottom();
    is_within && (x == rect.x || x == rect.right() || y == rect.y || y == rect.bottom())
}

/// Whether a line runs through the inside of a box.
fn is_through(rect: &Rect, a: Point, b: Point) -> bool {
    a.0.min(b.0) < rect.right()
        && a.0.max(b.0) > rect.x
        && a.1.min(b.1) < rect.bottom()
        && a.1.max(b.1) > rect.y
}

#[track_caller]
fn check(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Layout {
    let found = layout(sizes, edges);
    assert_eq!((found.boxes.len(), found.routes.len()), (sizes.len(), edges.len()));
    for (at, rect) in found.boxes.iter().enumerate() {
        assert_eq!((rect.width, rect.height), sizes[at]);
        assert!(rect.x >= 0 && rect.y >= 0 && rect.right() <= found.width && rect.bottom() <= found.height);
        assert!(found.boxes[..at].iter().all(|other| !overlap(rect, other)), "{at}");
    }
    for ((from, to), points) in edges.iter().zip(&found.routes) {
        assert!(is_on_border(&found.boxes[*from], points[0]));
        assert!(is_on_border(&found.boxes[*to], points[points.len() - 1]));
        for pair in points.windows(2) {
            assert!(pair[0] != pair[1] && (pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1), "{points:?}");
            assert!(found.boxes.iter().all(|rect| !is_through(rect, pair[0], pair[1])), "{points:?}");
        }
        let is_inside = |(x, y): &Point| *x >= 0 && *y >= 0 && *x <= found.width && *y <= found.height;
        assert!(points.iter().all(is_inside));
    }
    found
}

#[test]
fn nothing_overlaps_and_arrows_end_at_their_boxes() {
    let mut numbers = Numbers(1);
    for round in 0..300 {
        let (nodes, edges) = (1 + numbers.next(40), numbers.next(60));
        let (sizes, edges) = numbers.graph(nodes, edges);
        let found = check(&sizes, &edges);
        assert_eq!(found, layout(&sizes, &edges), "{round}");
    }
}

#[test]
fn shapes_that_are_odd() {
    let box_of = |count: usize| vec![(100, 50); count];
    for (count, edges) in [
        (0, &[][..]),
        (1, &[]),
        (1, &[(0, 0), (0, 0)]),
        (2, &[(0, 1), (1, 0), (0, 1)]),
        (3, &[(0, 1), (1, 2), (2, 0)]),
        (4, &[(0, 1), (1, 2), (2, 3), (0, 3), (3, 3)]),
    ] {
        check(&box_of(count), edges);
    }
    assert_eq!(layout(&box_of(1), &[(0, 7), (9, 9)]).routes, vec![vec![], vec![]]);
    layout(&[(-5, 0), (i32::MAX, i32::MAX), (i32::MIN, 3)], &[(0, 1), (1, 2)]);
}

#[test]
fn arrows_point_to_the_right() {
    let found = check(&[(100, 50); 4], &[(2, 1), (1, 0), (2, 3)]);
    let x: Vec<i32> = found.boxes.iter().map(|rect| rect.x).collect();
    assert!(x[2] < x[1] && x[1] < x[0] && x[3] == x[1], "{x:?}");
    // A chain is one straight line.
    let chain = check(&[(100, 50); 3], &[(0, 1), (1, 2)]);
    assert!(chain.routes.iter().all(|points| points.len() == 2));
}

#[test]
fn no_crossing_where_none_is_needed() {
    // A tree given in a bad order.
    let edges = [(0, 1), (0, 2), (0, 3), (3, 4), (2, 5), (1, 6), (1, 7), (3, 8), (2, 9)];
    let found = check(&[(100, 40); 10], &edges);
    let mut crossings = 0;
    for (at, a) in found.routes.iter().enumerate() {
        for b in &found.routes[..at] {
            crossings += a
                .windows(2)
                .flat_map(|one| b.windows(2).map(move |other| (one, other)))
                .filter(|(one, other)| {
                    let rect = |line: &[Point]| {
                        let (x, y) = (line[0].0.min(line[1].0), line[0].1.min(line[1].1));
                        (x, y, line[0].0.max(line[1].0), line[0].1.max(line[1].1))
                    };
                    let (a, b) = (rect(one), rect(other));
                    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
                })
                .count();
        }
    }
    assert_eq!(crossings, 0);
}

#[test]
fn a_hub_does_not_make_one_endless_column() {
    let edges: Vec<(usize, usize)> = (1..60).map(|to| (0, to)).collect();
    let found = check(&[(200, 100); 60], &edges);
    assert!(found.height < 2 * found.width, "{} x {}", found.width, found.height);
    let alone = check(&[(200, 100); 60], &[]);
    assert!(alone.width > alone.height && alone.width < 2 * alone.height + 400);
}

/// `cargo test --release -- --ignored --nocapture`
#[test]
#[ignore = "prints how long it takes"]
fn speed() {
    let mut numbers = Numbers(5);
    for (nodes, edges) in [(80, 120), (80, 300), (400, 600)] {
        let (sizes, edges) = numbers.graph(nodes, edges);
        let start = std::time::Instant::now();
        let found = layout(&sizes, &edges);
        println!(
            "{nodes} boxes, {} arrows: {:?}, {} x {}",
            edges.len(),
            start.elapsed(),
            found.width,
            found.height
        );
    }
}
