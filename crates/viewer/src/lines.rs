//! Two texts side by side: which lines and which words differ, and what class of token each word is of.
//! Pure, and without a clock, so it runs in WASM.

mod myers;
mod pairs;
mod pieces;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::sql::Language;
use myers::matches;
use pieces::{Piece, Text, spans};

/// Texts of more lines than this are compared line by line, without words and classes.
const MAX_LINES: usize = 20_000;
/// Lines of more words than this are shown whole, without emphasis.
const MAX_WORDS: usize = 4_000;
/// A shorter run of equal lines is shown: what would stand in its place takes as much room.
const MIN_FOLD: usize = 3;

/// What class of token a piece of text belongs to: its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Names, operators, blanks.
    #[default]
    Plain,
    /// A word of the language.
    Keyword,
    /// A quoted name.
    Quoted,
    /// A literal in quotes.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
}

/// A piece of a line. Written `{"t": "SELECT", "c": "keyword", "x": true}`, what is plain and unchanged left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What it says.
    #[serde(rename = "t")]
    pub text: String,
    /// The colour.
    #[serde(rename = "c", default, skip_serializing_if = "is_default")]
    pub class: Class,
    /// Whether the other side says something else here.
    #[serde(rename = "x", default, skip_serializing_if = "is_default")]
    pub is_changed: bool,
}

/// One line of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// The text; none for an empty line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
}

/// What stands beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// The same line on both sides.
    Equal {
        /// Its number in old, from 1.
        old: usize,
        /// Its number in new, from 1.
        new: usize,
        /// The text, once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        spans: Vec<Span>,
    },
    /// A line that differs, or that one side lacks.
    Changed {
        /// What old has there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<Line>,
        /// What new has there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<Line>,
    },
}

/// Two texts, compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// All lines of both.
    pub rows: Vec<Row>,
    /// Set where the texts are so large that some of it is without words and classes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_plain: bool,
}

/// Compares two texts by lines, and lines that stand for each other by words.
pub fn rows(old: &str, new: &str, language: Language) -> Rows {
    let is_plain = old.lines().count().max(new.lines().count()) > MAX_LINES;
    let language = (!is_plain).then_some(language);
    let mut comparison = Comparison {
        old: Text::new(old, language),
        new: Text::new(new, language),
        rows: Vec::new(),
        is_plain,
    };
    let (mut i, mut j) = (0, 0);
    for (a, b) in matches(&comparison.old.lines, &comparison.new.lines) {
        comparison.block(i..a, j..b);
        comparison.rows.push(Row::Equal { old: a + 1, new: b + 1, spans: comparison.new.line(b).spans });
        (i, j) = (a + 1, b + 1);
    }
    comparison.block(i..comparison.old.lines.len(), j..comparison.new.lines.len());
    Rows { rows: comparison.rows, is_plain: comparison.is_plain }
}

/// The runs of equal rows that are folded at first: all but `context` rows around each difference, where that
/// is worth it.
pub fn fold(rows: &[Row], context: usize) -> Vec<Range<usize>> {
    let changed = rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Changed { .. }));
    let mut folds = Vec::new();
    let mut next = 0;
    for (at, _) in changed {
        folds.push(next..at.saturating_sub(context));
        next = at + 1 + context;
    }
    folds.push(next..rows.len());
    folds.retain(|fold| fold.end >= fold.start + MIN_FOLD);
    folds
}

/// Compares two values of one line by words. Where they have little in common, nothing is emphasized.
pub fn words(old: &str, new: &str) -> (Vec<Span>, Vec<Span>) {
    let (old, new) = (pieces::of_value(old), pieces::of_value(new));
    emphasized(&old, &new).unwrap_or_else(|| (spans(&old, |_| false), spans(&new, |_| false)))
}

/// The lines of a text by itself, in colours.
pub fn highlight(text: &str, language: Language) -> Vec<Line> {
    let is_plain = text.lines().count() > MAX_LINES;
    let text = Text::new(text, (!is_plain).then_some(language));
    (0..text.lines.len()).map(|at| text.line(at)).collect()
}

struct Comparison<'a> {
    old: Text<'a>,
    new: Text<'a>,
    rows: Vec<Row>,
    is_plain: bool,
}

impl Comparison<'_> {
    /// Lines between two that are the same: they differ, or one side lacks them.
    fn block(&mut self, left: Range<usize>, right: Range<usize>) {
        let (mut i, mut j) = (left.start, right.start);
        for (a, b) in self.pairs(&left, &right) {
            self.alone(i..a, j..b);
            self.pair(a, b);
            (i, j) = (a + 1, b + 1);
        }
        self.alone(i..left.end, j..right.end);
    }

    /// Which lines of a block stand for each other.
    fn pairs(&self, left: &Range<usize>, right: &Range<usize>) -> Vec<(usize, usize)> {
        if self.is_plain || left.is_empty() || right.is_empty() {
            return Vec::new();
        }
        let old: Vec<Vec<Piece>> = left.clone().map(|at| self.old.words(at)).collect();
        let new: Vec<Vec<Piece>> = right.clone().map(|at| self.new.words(at)).collect();
        let found = pairs::find(&old, &new).into_iter();
        found.map(|(a, b)| (left.start + a, right.start + b)).collect()
    }

    /// Two lines that stand for each other.
    fn pair(&mut self, a: usize, b: usize) {
        let (old, new) = (self.old.words(a), self.new.words(b));
        self.is_plain |= old.len().max(new.len()) > MAX_WORDS;
        let (old, new) =
            emphasized(&old, &new).unwrap_or_else(|| (self.old.line(a).spans, self.new.line(b).spans));
        self.rows.push(Row::Changed {
            old: Some(Line { number: a + 1, spans: old }),
            new: Some(Line { number: b + 1, spans: new }),
        });
    }

    /// Lines without a counterpart: beside each other to save room, though they have nothing in common.
    fn alone(&mut self, mut left: Range<usize>, mut right: Range<usize>) {
        loop {
            let (old, new) = (left.next(), right.next());
            if old.is_none() && new.is_none() {
                return;
            }
            self.rows.push(Row::Changed {
                old: old.map(|at| self.old.line(at)),
                new: new.map(|at| self.new.line(at)),
            });
        }
    }
}

/// Both sides with what differs marked; `None` where they have too little in common, or are too long.
fn emphasized(old: &[Piece], new: &[Piece]) -> Option<(Vec<Span>, Vec<Span>)> {
    if old.len().max(new.len()) > MAX_WORDS {
        return None;
    }
    let common = pairs::common(old, new)?;
    let mut same = (vec![false; old.len()], vec![false; new.len()]);
    for (i, j) in common {
        same.0[i] = true;
        same.1[j] = true;
    }
    Some((spans(old, |at| !same.0[at]), spans(new, |at| !same.1[at])))
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
