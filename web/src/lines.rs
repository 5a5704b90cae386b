//! Two texts side by side: which lines and which words differ. Pure, and without a clock, so it runs in WASM.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Equal lines that stay around a difference; more are folded.
const CONTEXT: usize = 3;
/// Beyond this many words a value is shown whole, without emphasis.
const MAX_WORDS: usize = 4_000;
/// Two texts with less in common than this are two texts: emphasis would be confetti.
const MIN_COMMON_PERCENT: usize = 35;

/// In blocks of more lines than this, lines are paired in their order: finding the best pairs takes too long.
const MAX_PAIRED: usize = 40;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) is_changed: bool,
}

/// One line of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) spans: Vec<Span>,
}

/// What stands beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// The same line on both sides.
    Equal(Line, Line),
    /// A line that differs, or that one side lacks.
    Changed(Option<Line>, Option<Line>),
    /// This many equal lines are left out.
    Gap(usize),
}

/// How many equal lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// A few around each difference.
    Context,
    /// All of them.
    Nothing,
}

/// Compares two texts by lines, and lines that stand for each other by words.
pub(crate) fn rows(old: &str, new: &str, fold: Fold) -> Vec<Row> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let groups = match fold {
        Fold::Context => group_diff_ops(ops, CONTEXT),
        Fold::Nothing => vec![ops],
    };
    let mut rows = Vec::new();
    let mut next = 0;
    for group in groups {
        let start = group.first().map_or(next, |op| op.old_range().start);
        push_gap(&mut rows, start.saturating_sub(next));
        next = group.last().map_or(next, |op| op.old_range().end);
        group.iter().for_each(|op| push_rows(&mut rows, op, &old, &new));
    }
    push_gap(&mut rows, old.len().saturating_sub(next));
    rows
}

fn push_gap(rows: &mut Vec<Row>, lines: usize) {
    if lines > 0 {
        rows.push(Row::Gap(lines));
    }
}

fn push_rows(rows: &mut Vec<Row>, op: &DiffOp, old: &[&str], new: &[&str]) {
    let (left, right) = (op.old_range(), op.new_range());
    if let DiffOp::Equal { .. } = op {
        rows.extend(left.zip(right).map(|(i, j)| Row::Equal(plain(i, old[i]), plain(j, new[j]))));
        return;
    }
    let (mut i, mut j) = (left.start, right.start);
    for (a, b) in pairs(&old[left.clone()], &new[right.clone()]) {
        let (a, b) = (left.start + a, right.start + b);
        push_alone(rows, old, new, (i, a), (j, b));
        let (was, is) = words(old[a], new[b]);
        rows.push(Row::Changed(
            Some(Line { number: a + 1, spans: was }),
            Some(Line { number: b + 1, spans: is }),
        ));
        (i, j) = (a + 1, b + 1);
    }
    push_alone(rows, old, new, (i, left.end), (j, right.end));
}

/// Lines without a counterpart: beside each other to save room, though they have nothing in common.
fn push_alone(rows: &mut Vec<Row>, old: &[&str], new: &[&str], left: (usize, usize), right: (usize, usize)) {
    let (mut left, mut right) = (left.0..left.1, right.0..right.1);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return,
            (i, j) => rows.push(Row::Changed(i.map(|i| plain(i, old[i])), j.map(|j| plain(j, new[j])))),
        }
    }
}

/// Which lines of a block stand for each other: of all ways to pair them in their order, the one in which the
/// pairs have the most in common.
fn pairs(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.len().max(new.len()) > MAX_PAIRED {
        return (0..old.len().min(new.len())).map(|index| (index, index)).collect();
    }
    let tokens = |lines: &[&str]| lines.iter().map(|line| split(line).len()).max().unwrap_or(0);
    let is_huge = tokens(old).max(tokens(new)) > MAX_WORDS;
    let width = new.len() + 1;
    // best[i][j]: the most that old[i..] and new[j..] can have in common.
    let mut best = vec![0_usize; (old.len() + 1) * width];
    let mut common = vec![0_usize; old.len() * new.len()];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let shared = if is_huge { 0 } else { in_common(&split(old[i]), &split(new[j])).unwrap_or(0) };
            common[i * new.len() + j] = shared;
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            best[i * width + j] =
                skip.max(if shared > 0 { best[(i + 1) * width + j + 1] + shared } else { 0 });
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < old.len() && j < new.len() {
        let shared = common[i * new.len() + j];
        if shared > 0 && best[i * width + j] == best[(i + 1) * width + j + 1] + shared {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i * width + j] == best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// How many letters two texts have in common; `None` where that is too little to speak of.
fn in_common(old: &[&str], new: &[&str]) -> Option<usize> {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let equal = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. }));
    let common: usize = equal.map(|op| letters(&old[op.old_range()])).sum();
    let length = letters(old).max(letters(new));
    (common * 100 >= MIN_COMMON_PERCENT * length).then_some(common)
}

fn plain(index: usize, text: &str) -> Line {
    Line { number: index + 1, spans: vec![whole(text)] }
}

fn whole(text: &str) -> Span {
    Span { text: text.to_owned(), is_changed: false }
}

/// Compares two short texts by words. Where they have little in common, nothing is emphasized.
pub(crate) fn words(old: &str, new: &str) -> (Vec<Span>, Vec<Span>) {
    let (a, b) = (split(old), split(new));
    if a.len().max(b.len()) > MAX_WORDS {
        return (vec![whole(old)], vec![whole(new)]);
    }
    if in_common(&a, &b).is_none() {
        return (vec![whole(old)], vec![whole(new)]);
    }
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    let mut sides = (Vec::new(), Vec::new());
    for op in &ops {
        let is_changed = !matches!(op, DiffOp::Equal { .. });
        for (side, text) in
            [(&mut sides.0, a[op.old_range()].concat()), (&mut sides.1, b[op.new_range()].concat())]
        {
            if !text.is_empty() {
                side.push(Span { text, is_changed });
            }
        }
    }
    sides
}

/// Letters and digits: blanks and commas that agree say nothing.
fn letters(words: &[&str]) -> usize {
    words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric()).count()
}

/// Runs of letters, digits and `_`, and every other character alone.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        if at > start && !(is_word && in_word) {
            words.push(&text[start..at]);
            start = at;
        }
        in_word = is_word;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(spans: &[Span]) -> Vec<&str> {
        spans.iter().filter(|span| span.is_changed).map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn words_that_differ_are_emphasized() {
        let (old, new) = words("numeric(6,2)", "numeric(8,3)");
        assert_eq!((changed(&old), changed(&new)), (vec!["6", "2"], vec!["8", "3"]));
        let (old, new) = words("none", "CHECK ((quantity > 0))");
        assert!(changed(&old).is_empty() && changed(&new).is_empty());
    }

    #[test]
    fn spans_hold_the_whole_text() {
        for (old, new) in [("", "a"), ("späti 🍦", "späti  🍦!"), ("a.b", "a,b"), ("x", "x")] {
            let (a, b) = words(old, new);
            let text = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
            assert_eq!((text(&a).as_str(), text(&b).as_str()), (old, new));
        }
    }

    #[test]
    fn equal_lines_are_folded() {
        let old: Vec<String> = (1..=20).map(|line| format!("line {line}")).collect();
        let mut new = old.clone();
        new[9] = "line ten".to_owned();
        let rows = |fold| rows(&old.join("\n"), &new.join("\n"), fold);
        let folded = rows(Fold::Context);
        assert_eq!(folded.first(), Some(&Row::Gap(6)));
        assert_eq!(folded.last(), Some(&Row::Gap(7)));
        assert_eq!(folded.len(), 2 + 2 * CONTEXT + 1);
        assert_eq!(rows(Fold::Nothing).len(), 20);
    }

    #[test]
    fn lines_stand_beside_their_like() {
        let old = "WHERE paid IS NULL AND sent";
        let new = "LEFT JOIN billing.payments p ON p.id = i.id\nWHERE paid IS NULL";
        let rows = rows(old, new, Fold::Context);
        assert!(matches!(&rows[0], Row::Changed(None, Some(line)) if line.number == 1));
        assert!(matches!(&rows[1], Row::Changed(Some(_), Some(line)) if line.number == 2));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn a_line_that_one_side_lacks_stands_alone() {
        let rows = rows("a\nc", "a\nb\nc", Fold::Context);
        assert_eq!(rows.len(), 3);
        assert!(matches!(&rows[1], Row::Changed(None, Some(line)) if line.number == 2));
        assert!(super::rows("same", "same", Fold::Context).iter().all(|row| matches!(row, Row::Gap(1))));
    }
}
