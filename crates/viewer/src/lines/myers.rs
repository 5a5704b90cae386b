//! What two sequences have in common, after Myers, in linear space; without a clock, and with a limit to the
//! effort, beyond which the outcome is right but no longer the smallest.

use std::collections::BTreeSet;

/// How many steps one search for the middle may take.
const MAX_STEPS: isize = 600;

/// The places that stand for each other, in order: what `old` and `new` have in common.
pub(super) fn matches(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // What only one side has cannot be matched; without it, texts with nothing in common cost nothing.
    let (kept_old, kept_new) = (shared(old, new), shared(new, old));
    let (a, b) = (picked(old, &kept_old), picked(new, &kept_new));
    let mut search = Search { a: &a, b: &b, found: Vec::new() };
    search.part((0, a.len()), (0, b.len()));
    let places = search.found.into_iter();
    places.filter_map(|(i, j)| Some((*kept_old.get(i)?, *kept_new.get(j)?))).collect()
}

/// The places of what the other side has too.
fn shared(these: &[&str], others: &[&str]) -> Vec<usize> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    others.iter().for_each(|other| {
        known.insert(other);
    });
    these.iter().enumerate().filter(|(_, it)| known.contains(*it)).map(|(at, _)| at).collect()
}

fn picked<'a>(all: &[&'a str], places: &[usize]) -> Vec<&'a str> {
    places.iter().filter_map(|at| all.get(*at).copied()).collect()
}

struct Search<'a> {
    a: &'a [&'a str],
    b: &'a [&'a str],
    found: Vec<(usize, usize)>,
}

impl Search<'_> {
    /// Matches `a[a0..a1]` with `b[b0..b1]`.
    fn part(&mut self, (mut a0, mut a1): (usize, usize), (mut b0, mut b1): (usize, usize)) {
        while a0 < a1 && b0 < b1 && self.a[a0] == self.b[b0] {
            self.found.push((a0, b0));
            (a0, b0) = (a0 + 1, b0 + 1);
        }
        let mut tail = 0;
        while a0 < a1 && b0 < b1 && self.a[a1 - 1] == self.b[b1 - 1] {
            (a1, b1, tail) = (a1 - 1, b1 - 1, tail + 1);
        }
        if a0 < a1 && b0 < b1 {
            let (x, y) = middle(&self.a[a0..a1], &self.b[b0..b1]);
            let (x, y) = (a0 + x, b0 + y);
            // The middle is never a corner here; were it one, there would be no end.
            if (x, y) != (a0, b0) && (x, y) != (a1, b1) {
                self.part((a0, x), (b0, y));
                self.part((x, a1), (y, b1));
            }
        }
        self.found.extend((0..tail).map(|at| (a1 + at, b1 + at)));
    }
}

/// A point that a shortest way from the one to the other passes: ways from both ends, each a step longer in
/// turn, until two meet. `reach[d]` is how far the ways on diagonal `d` have come.
fn middle(a: &[&str], b: &[&str]) -> (usize, usize) {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let delta = n - m;
    let limit = ((n + m + 1) / 2).min(MAX_STEPS);
    let mut forward = Reach::new(limit);
    let mut backward = Reach::new(limit);
    for step in 0..=limit {
        for diagonal in (-step..=step).step_by(2) {
            let x = forward.advance(step, diagonal, |x, y| x < n && y < m && a[x as usize] == b[y as usize]);
            let other = delta - diagonal;
            if delta % 2 != 0 && other.abs() < step && x + backward.get(other) >= n {
                return point(x, diagonal, n, m);
            }
        }
        for diagonal in (-step..=step).step_by(2) {
            let same =
                |x: isize, y: isize| x < n && y < m && a[(n - 1 - x) as usize] == b[(m - 1 - y) as usize];
            let x = backward.advance(step, diagonal, same);
            let other = delta - diagonal;
            if delta % 2 == 0 && other.abs() <= step && x + forward.get(other) >= n {
                return point(n - x, other, n, m);
            }
        }
    }
    forward.furthest(limit, n, m)
}

fn point(x: isize, diagonal: isize, n: isize, m: isize) -> (usize, usize) {
    (x.clamp(0, n) as usize, (x - diagonal).clamp(0, m) as usize)
}

/// How far ways have come, by diagonal: `x` there, `y` being `x - diagonal`.
struct Reach {
    at: Vec<isize>,
    middle: isize,
}

impl Reach {
    fn new(limit: isize) -> Self {
        Self { at: vec![0; (2 * limit + 3) as usize], middle: limit + 1 }
    }

    fn get(&self, diagonal: isize) -> isize {
        self.at[(diagonal + self.middle) as usize]
    }

    /// Goes one step onto `diagonal`, then as far along it as the sequences are the same.
    fn advance(&mut self, step: isize, diagonal: isize, same: impl Fn(isize, isize) -> bool) -> isize {
        let (below, above) = (self.get(diagonal - 1), self.get(diagonal + 1));
        let is_from_above = diagonal == -step || diagonal != step && below < above;
        let mut x = match step {
            0 => 0,
            _ if is_from_above => above,
            _ => below + 1,
        };
        while same(x, x - diagonal) {
            x += 1;
        }
        self.at[(diagonal + self.middle) as usize] = x;
        x
    }

    /// The point furthest from the start, when looking for the best one took too long.
    fn furthest(&self, step: isize, n: isize, m: isize) -> (usize, usize) {
        let points = (-step..=step).step_by(2).map(|diagonal| (self.get(diagonal), diagonal));
        let inside = points.filter(|(x, diagonal)| *x <= n && x - diagonal <= m);
        let (x, diagonal) = inside.max_by_key(|(x, diagonal)| 2 * x - diagonal).unwrap_or((0, 0));
        point(x, diagonal, n, m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of the longest common subsequence, by the book.
    fn longest(a: &[&str], b: &[&str]) -> usize {
        let mut best = vec![vec![0; b.len() + 1]; a.len() + 1];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                best[i + 1][j + 1] = if x == y { best[i][j] + 1 } else { best[i][j + 1].max(best[i + 1][j]) };
            }
        }
        best[a.len()][b.len()]
    }

    #[track_caller]
    fn check(a: &[&str], b: &[&str]) -> usize {
        let found = matches(a, b);
        assert!(found.iter().all(|(i, j)| a[*i] == b[*j]));
        assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        found.len()
    }

    #[test]
    fn finds_all_that_is_common() {
        let letters = ["a", "b", "c", "d", "e"];
        let mut seed = 7_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for _ in 0..2_000 {
            let (n, m, kinds) = (next(14), next(14), 1 + next(5));
            let a: Vec<&str> = (0..n).map(|_| letters[next(kinds) as usize]).collect();
            let b: Vec<&str> = (0..m).map(|_| letters[next(kinds) as usize]).collect();
            assert_eq!(check(&a, &b), longest(&a, &b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn ends_with_what_is_large() {
        let numbers: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
        let old: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let backwards: Vec<&str> = old.iter().rev().copied().collect();
        assert!(check(&old, &backwards) >= 1);
        assert_eq!(check(&old, &old[1..]), old.len() - 1);
        let none = vec!["x"; 30_000];
        assert_eq!(check(&old, &none), 0);
    }
}
