//! What is looked for, and how well a path fits.

use std::collections::BTreeSet;

use diff_core::Kind;

/// A query: words that must all occur, and the kinds that it is narrowed to.
pub(super) struct Query {
    /// In small letters.
    pub(super) words: Vec<String>,
    /// All kinds where empty.
    pub(super) kinds: BTreeSet<Kind>,
}

impl Query {
    /// Reads what was typed; `known` are the kinds that there are.
    pub(super) fn new(text: &str, known: &BTreeSet<Kind>) -> Self {
        let mut query = Self { words: Vec::new(), kinds: BTreeSet::new() };
        for word in super::lowered(text).split(|c: char| c.is_whitespace() || c == '\0') {
            let (prefix, rest) = word.split_once(':').unwrap_or(("", word));
            let kinds = kinds(prefix, known);
            let rest = if kinds.is_empty() { word } else { rest };
            query.kinds.extend(kinds);
            if !rest.is_empty() {
                query.words.push(rest.to_owned());
            }
        }
        query
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.kinds.is_empty()
    }

    /// The word of which the fewest paths can be expected to have it.
    pub(super) fn rarest(&self, frequency: &[usize]) -> Option<&str> {
        let rarity = |word: &&String| {
            let bytes = word.bytes().map(|byte| frequency.get(usize::from(byte)).copied().unwrap_or(0));
            bytes.min().unwrap_or(0)
        };
        self.words.iter().min_by_key(rarity).map(String::as_str)
    }
}

/// The kinds that a prefix means: `column`, `columns`, `foreign_key`, `fk`, or the beginning of one.
fn kinds(prefix: &str, known: &BTreeSet<Kind>) -> Vec<Kind> {
    if prefix.is_empty() {
        return Vec::new();
    }
    let prefix = prefix.replace(['_', '-'], " ");
    let is_meant = |kind: &&Kind| {
        let written = <&str>::from(**kind).replace('_', " ");
        let initials: String = written.split(' ').filter_map(|word| word.chars().next()).collect();
        written == prefix
            || kind.label() == prefix
            || kind.plural() == prefix
            || initials.len() > 1 && initials == prefix
    };
    let meant: Vec<Kind> = known.iter().filter(is_meant).copied().collect();
    if !meant.is_empty() {
        return meant;
    }
    known.iter().filter(|kind| kind.label().starts_with(&prefix)).copied().collect()
}

/// How well a word fits a path, 0 being best, and where; none where the path does not have it. The object's own
/// name begins at `name`.
pub(super) fn rank(path: &str, name: usize, word: &str) -> Option<(u64, usize)> {
    let (path, word) = (path.as_bytes(), word.as_bytes());
    let mut best: Option<(u64, usize)> = None;
    let mut from = 0;
    while let Some(start) = place(path, word, from) {
        let found = (rank_at(path, name, start, start + word.len()), start);
        if best.is_none_or(|best| found.0 < best.0) {
            best = Some(found);
        }
        from = start + 1;
    }
    best
}

/// The first place of a word. Paths are short: nothing clever pays.
fn place(path: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let first = word.first()?;
    let last = path.len().checked_sub(word.len())?;
    (from..=last).find(|at| path[*at] == *first && path[*at..].starts_with(word))
}

fn rank_at(path: &[u8], name: usize, start: usize, end: usize) -> u64 {
    let before = start.checked_sub(1).and_then(|at| path.get(at)).copied().unwrap_or(b'.');
    let after = path.get(end).copied().unwrap_or(b'.');
    let is_part = matches!(before, b'.' | b'"');
    match () {
        // In the path alone: a schema, a table.
        () if end <= name => 4,
        // The whole name; of a routine without its arguments.
        () if is_part && matches!(after, b'.' | b'"' | b'(') => 0,
        () if is_part => 1,
        () if !before.is_ascii_alphanumeric() && before < 0x80 => 2,
        () => 3,
    }
}
