//! The order within the ranks: as few crossings as a number of sweeps can find.

use super::rank::Ranks;
use super::sort::{sorted, sorted_by};

/// Sweeps to the right and to the left, in turn.
const SWEEPS: usize = 8;
/// How often neighbours are tried the other way round in one sweep.
const ROUNDS: usize = 4;

/// Fills `ranks.ranks`.
pub(super) fn arrange(all: &mut Ranks) {
    all.ranks = first_order(all);
    let mut position = vec![0; all.vertices.len()];
    all.ranks.iter().for_each(|rank| number(rank, &mut position));
    let mut best = (crossings(all, &position), all.ranks.clone());
    for sweep in 0..SWEEPS {
        let to_the_right = sweep % 2 == 0;
        let mut ranks = std::mem::take(&mut all.ranks);
        let count = ranks.len();
        for step in 1..count {
            let rank = &mut ranks[if to_the_right { step } else { count - 1 - step }];
            sort(all, rank, &mut position, to_the_right);
        }
        for _ in 0..ROUNDS {
            let mut is_better = false;
            ranks.iter_mut().for_each(|rank| is_better |= transpose(all, rank, &mut position));
            if !is_better {
                break;
            }
        }
        all.ranks = ranks;
        let found = crossings(all, &position);
        if found < best.0 {
            best = (found, all.ranks.clone());
        }
        if best.0 == 0 {
            break;
        }
    }
    all.ranks = best.1;
}

/// The vertices of each rank in the order in which one comes upon them, in depth, from the left.
fn first_order(all: &Ranks) -> Vec<Vec<usize>> {
    let count = all.vertices.iter().map(|vertex| vertex.rank + 1).max().unwrap_or(0);
    let mut ranks = vec![Vec::new(); count];
    let mut is_seen = vec![false; all.vertices.len()];
    for start in sorted(all.vertices.len(), |vertex| all.vertices[vertex].rank as i64) {
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut is_seen[at], true) {
                continue;
            }
            let vertex = &all.vertices[at];
            ranks[vertex.rank].push(at);
            stack.extend(vertex.right.iter().rev().map(|segment| all.segments[*segment].1));
        }
    }
    ranks
}

fn number(rank: &[usize], position: &mut [usize]) {
    rank.iter().enumerate().for_each(|(at, vertex)| position[*vertex] = at);
}

/// The vertices that a vertex is connected to on one side.
fn neighbours(all: &Ranks, vertex: usize, to_the_left: bool) -> impl Iterator<Item = usize> {
    let vertex = &all.vertices[vertex];
    let segments = if to_the_left { &vertex.left } else { &vertex.right };
    segments.iter().map(move |segment| {
        let (left, right) = all.segments[*segment];
        if to_the_left { left } else { right }
    })
}

/// Sorts a rank by where the neighbours of each vertex stand on average; those without any stay where they are.
fn sort(all: &Ranks, rank: &mut [usize], position: &mut [usize], by_left: bool) {
    let mean = |vertex: usize| {
        let places = neighbours(all, vertex, by_left).map(|other| position[other]);
        let (sum, count) = places.fold((0, 0), |(sum, count), place| (sum + place, count + 1));
        (count > 0).then(|| sum * 1_000 / count)
    };
    let slots: Vec<usize> = (0..rank.len()).filter(|at| mean(rank[*at]).is_some()).collect();
    let moving: Vec<usize> = slots.iter().map(|slot| rank[*slot]).collect();
    let moving = sorted_by(&moving, |vertex| mean(vertex).unwrap_or(0) as i64);
    for (slot, vertex) in slots.into_iter().zip(moving) {
        rank[slot] = vertex;
    }
    number(rank, position);
}

/// Swaps neighbours where that leaves fewer crossings.
fn transpose(all: &Ranks, rank: &mut [usize], position: &mut [usize]) -> bool {
    let mut is_better = false;
    for at in 1..rank.len() {
        let (above, below) = (rank[at - 1], rank[at]);
        let (mut now, mut then) = (0, 0);
        for to_the_left in [true, false] {
            for a in neighbours(all, above, to_the_left).map(|other| position[other]) {
                for b in neighbours(all, below, to_the_left).map(|other| position[other]) {
                    now += usize::from(a > b);
                    then += usize::from(a < b);
                }
            }
        }
        if then < now {
            rank.swap(at - 1, at);
            (position[above], position[below]) = (at, at - 1);
            is_better = true;
        }
    }
    is_better
}

/// How often segments cross.
fn crossings(all: &Ranks, position: &[usize]) -> usize {
    let mut count = 0;
    for rank in &all.ranks {
        // From above on the left; of those before, the ones that end further below are crossed.
        let mut ends: Vec<usize> = Vec::new();
        for vertex in rank {
            let here: Vec<usize> = neighbours(all, *vertex, false).map(|other| position[other]).collect();
            count +=
                here.iter().map(|end| ends.len() - ends.partition_point(|other| other <= end)).sum::<usize>();
            for end in here {
                ends.insert(ends.partition_point(|other| *other <= end), end);
            }
        }
    }
    count
}
