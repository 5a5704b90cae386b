//! Two texts side by side: which lines and which words differ. Pure, and without a clock, so it runs in WASM.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Equal lines that stay around a difference; more are folded.
const CONTEXT: usize = 3;
/// Beyond this many words a value is shown whole, without emphasis.
const MAX_WORDS: usize = 4_000;
/// Two texts with less in common than this are two texts: emphasis would be confetti.
const MIN_COMMON: f64 = 0.35;

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
    let (mut left, mut right) = (op.old_range(), op.new_range());
    loop {
        let row = match (left.next(), right.next()) {
            (None, None) => return,
            (Some(i), Some(j)) if old[i] == new[j] => Row::Equal(plain(i, old[i]), plain(j, new[j])),
            (Some(i), Some(j)) => {
                let (a, b) = words(old[i], new[j]);
                Row::Changed(Some(Line { number: i + 1, spans: a }), Some(Line { number: j + 1, spans: b }))
            }
            (i, j) => Row::Changed(i.map(|i| plain(i, old[i])), j.map(|j| plain(j, new[j]))),
        };
        rows.push(row);
    }
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
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    let common: usize =
        ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. })).map(|op| letters(&a[op.old_range()])).sum();
    let length = letters(&a).max(letters(&b));
    #[expect(clippy::cast_precision_loss, reason = "lengths of texts are far below 2^52")]
    let is_far = (common as f64) < MIN_COMMON * length as f64;
    if is_far {
        return (vec![whole(old)], vec![whole(new)]);
    }
    let mut sides = (Vec::new(), Vec::new());
    for op in &ops {
        let is_changed = !matches!(op, DiffOp::Equal { .. });
        for (side, text) in [(&mut sides.0, a[op.old_range()].concat()), (&mut sides.1, b[op.new_range()].concat())] {
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
    fn a_line_that_one_side_lacks_stands_alone() {
        let rows = rows("a\nc", "a\nb\nc", Fold::Context);
        assert_eq!(rows.len(), 3);
        assert!(matches!(&rows[1], Row::Changed(None, Some(line)) if line.number == 2));
        assert!(super::rows("same", "same", Fold::Context).iter().all(|row| matches!(row, Row::Gap(1))));
    }
}
