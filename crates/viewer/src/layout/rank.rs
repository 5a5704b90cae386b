//! Which rank each box stands in, and the places through which long arrows pass the ranks between.

use super::{GAP_Y, LANE};

/// A connected part of the input, its nodes counted from 0.
pub(super) struct Graph {
    /// Each with its index in the whole, its width and its height.
    pub(super) nodes: Vec<(usize, i32, i32)>,
    edges: Vec<Edge>,
}

struct Edge {
    /// Its index in the whole.
    index: usize,
    from: usize,
    to: usize,
}

/// A box, or the place where a long arrow passes a rank.
pub(super) struct Vertex {
    /// The box, by its number in the [`Graph`].
    pub(super) node: Option<usize>,
    pub(super) rank: usize,
    pub(super) width: i32,
    pub(super) height: i32,
    /// The segments that end here, and those that start here.
    pub(super) left: Vec<usize>,
    pub(super) right: Vec<usize>,
}

/// The part of an arrow between two neighbouring ranks: the vertices to the left and to the right.
pub(super) type Segment = (usize, usize);

/// An arrow, from left to right.
pub(super) struct Chain {
    /// The arrow's index in the whole.
    pub(super) edge: usize,
    /// Set where the arrow points from right to left.
    pub(super) is_reversed: bool,
    pub(super) segments: Vec<usize>,
}

/// A graph in ranks.
pub(super) struct Ranks {
    pub(super) vertices: Vec<Vertex>,
    /// The vertices of each rank, from above.
    pub(super) ranks: Vec<Vec<usize>>,
    pub(super) segments: Vec<Segment>,
    pub(super) chains: Vec<Chain>,
}

impl Graph {
    pub(super) fn new(nodes: &[usize], sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Self {
        let local = |node: &usize| nodes.binary_search(node).ok();
        let found = edges.iter().enumerate().filter_map(|(index, (from, to))| {
            let (from, to) = (local(from)?, local(to)?);
            (from != to).then_some(Edge { index, from, to })
        });
        let size = |node: &usize| sizes.get(*node).copied().unwrap_or((1, 1));
        Self {
            edges: found.collect(),
            nodes: nodes.iter().map(|node| (*node, size(node).0, size(node).1)).collect(),
        }
    }

    /// The arrows that leave each node.
    fn leaving(&self) -> Vec<Vec<usize>> {
        let mut leaving = vec![Vec::new(); self.nodes.len()];
        for (index, edge) in self.edges.iter().enumerate() {
            leaving[edge.from].push(index);
        }
        leaving
    }

    /// Goes through the graph in depth, from nodes that no arrow enters first. Gives the nodes so that each
    /// comes before those that it points to, and turns the arrows that close a circle.
    fn unwound(&self) -> (Vec<usize>, Vec<bool>) {
        let leaving = self.leaving();
        let mut entered = vec![false; self.nodes.len()];
        self.edges.iter().for_each(|edge| entered[edge.to] = true);
        let all = 0..self.nodes.len();
        let starts = all.clone().filter(|node| !entered[*node]).chain(all);
        let mut is_reversed = vec![false; self.edges.len()];
        let (mut is_seen, mut is_open) = (vec![false; self.nodes.len()], vec![false; self.nodes.len()]);
        let mut order = Vec::new();
        for start in starts {
            let mut stack = Vec::new();
            if !std::mem::replace(&mut is_seen[start], true) {
                is_open[start] = true;
                stack.push((start, 0));
            }
            while let Some((node, next)) = stack.last_mut() {
                let Some(edge) = leaving[*node].get(*next).copied() else {
                    is_open[*node] = false;
                    order.push(*node);
                    stack.pop();
                    continue;
                };
                *next += 1;
                let to = self.edges[edge].to;
                is_reversed[edge] = is_open[to];
                if !std::mem::replace(&mut is_seen[to], true) {
                    is_open[to] = true;
                    stack.push((to, 0));
                }
            }
        }
        order.reverse();
        (order, is_reversed)
    }
}

/// Puts the nodes into ranks so that every arrow, turned where it closes a circle, goes to the right.
pub(super) fn ranked(graph: &Graph) -> Ranks {
    let (order, is_reversed) = graph.unwound();
    let ends = |(index, edge): (usize, &Edge)| match is_reversed[index] {
        true => (edge.to, edge.from),
        false => (edge.from, edge.to),
    };
    let edges: Vec<(usize, usize)> = graph.edges.iter().enumerate().map(ends).collect();
    let mut rank = longest_paths(&order, &edges);
    let limit = tallest(graph);
    spread(graph, &edges, &mut rank, limit, 1);
    spread(graph, &edges, &mut rank, limit, -1);
    let first = rank.iter().min().copied().unwrap_or(0);
    let rank: Vec<usize> = rank.iter().map(|rank| (rank - first) as usize).collect();
    chained(graph, &edges, &is_reversed, &rank)
}

/// As far left as can be; then those with more arrows out than in as far right as can be, which shortens them.
fn longest_paths(order: &[usize], edges: &[(usize, usize)]) -> Vec<i32> {
    let mut rank = vec![0; order.len()];
    let (mut into, mut out) = (vec![Vec::new(); order.len()], vec![Vec::new(); order.len()]);
    for (from, to) in edges {
        into[*to].push(*from);
        out[*from].push(*to);
    }
    for node in order {
        rank[*node] = into[*node].iter().map(|from| rank[*from] + 1).max().unwrap_or(0);
    }
    for node in order.iter().rev().filter(|node| out[**node].len() > into[**node].len()) {
        rank[*node] = out[*node].iter().map(|to| rank[*to] - 1).min().unwrap_or(rank[*node]);
    }
    rank
}

/// How tall a rank may be: what would make the whole about square.
fn tallest(graph: &Graph) -> i64 {
    let area: i64 =
        graph.nodes.iter().map(|(_, width, height)| i64::from(width * 2) * i64::from(height + GAP_Y)).sum();
    area.isqrt().max(1_000)
}

/// Where a rank is too tall, moves boxes at the ends of the graph on into the next: a table that fifty others
/// refer to would make one endless column. `step` is 1 to the right, -1 to the left.
fn spread(graph: &Graph, edges: &[(usize, usize)], rank: &mut [i32], limit: i64, step: i32) {
    let mut is_end = vec![true; rank.len()];
    for (from, to) in edges {
        is_end[if step > 0 { *from } else { *to }] = false;
    }
    let (first, last) = (rank.iter().min().copied().unwrap_or(0), rank.iter().max().copied().unwrap_or(0));
    let mut at = if step > 0 { first } else { last };
    // Each round moves at least one box of those beyond on, or is the last: there are fewer rounds than this.
    for _ in 0..2 * rank.len() + 2 {
        let here: Vec<usize> = (0..rank.len()).filter(|node| rank[*node] == at).collect();
        if here.is_empty() {
            return;
        }
        let mut height: i64 = 0;
        for node in
            here.iter().filter(|node| !is_end[**node]).chain(here.iter().filter(|node| is_end[**node]))
        {
            let is_first = height == 0;
            height += i64::from(graph.nodes[*node].2 + GAP_Y);
            if height > limit && is_end[*node] && !is_first {
                rank[*node] += step;
            }
        }
        at += step;
    }
}

/// Cuts arrows into segments between neighbouring ranks.
fn chained(graph: &Graph, edges: &[(usize, usize)], is_reversed: &[bool], rank: &[usize]) -> Ranks {
    let vertex = |node: Option<usize>, rank: usize, width: i32, height: i32| Vertex {
        node,
        rank,
        width,
        height,
        left: Vec::new(),
        right: Vec::new(),
    };
    let nodes = graph.nodes.iter().enumerate();
    let vertices =
        nodes.map(|(node, (_, width, height))| vertex(Some(node), rank[node], *width, *height)).collect();
    let mut all = Ranks { vertices, ranks: Vec::new(), segments: Vec::new(), chains: Vec::new() };
    for (edge, (from, to)) in edges.iter().enumerate() {
        let mut segments = Vec::new();
        let mut last = *from;
        for between in rank[*from] + 1..rank[*to] {
            all.vertices.push(vertex(None, between, 0, LANE));
            segments.push(all.segments.len());
            all.segments.push((last, all.vertices.len() - 1));
            last = all.vertices.len() - 1;
        }
        segments.push(all.segments.len());
        all.segments.push((last, *to));
        all.chains.push(Chain { edge: graph.edges[edge].index, is_reversed: is_reversed[edge], segments });
    }
    for (segment, (left, right)) in all.segments.iter().enumerate() {
        all.vertices[*left].right.push(segment);
        all.vertices[*right].left.push(segment);
    }
    all
}
