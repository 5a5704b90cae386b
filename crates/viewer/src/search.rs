//! Any object or column of either side, by a few letters of its path.
//!
//! All paths stand in one text, in small letters, one after the other: looking for a word is one pass over it.

mod query;

use std::collections::{BTreeSet, BinaryHeap};
use std::ops::Range;

use diff_core::{Kind, ObjectId, Snapshot};
use itertools::{EitherOrBoth, Itertools};
use serde::{Deserialize, Serialize};

use crate::layout::sort::sorted_by;
use query::{Query, rank};

/// Stands between paths: no word that is looked for has it.
const END: u8 = 0;

/// Which sides have an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// Old and new.
    #[default]
    Both,
    /// Old alone.
    Old,
    /// New alone.
    New,
}

/// An object that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its written id.
    pub id: String,
    /// The written id of what contains it and is shown for it: of a column the table. Else its own.
    pub top: String,
    /// The word for what it is: `foreign key`.
    pub kind: String,
    /// Its path: `public.users.email`.
    pub path: String,
    /// The parts of the path that were looked for, in bytes: from, to. In order, none touching the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<(usize, usize)>,
    /// Which sides have it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sides: Sides,
    /// Whether it differs, or something in it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_changed: bool,
}

#[derive(Debug)]
struct Entry {
    /// Where its path begins in the text.
    start: usize,
    /// Where its own name begins, counted from there.
    name: usize,
    kind: Kind,
    sides: Sides,
    is_changed: bool,
    /// The entry that is shown for it.
    top: usize,
}

/// Every object of two snapshots, once, in the order of the ids.
#[derive(Debug)]
pub struct Index {
    /// The paths, each followed by [`END`].
    text: String,
    /// The same in small letters, where that takes as many bytes.
    small: String,
    entries: Vec<Entry>,
    kinds: BTreeSet<Kind>,
    /// How often each byte occurs in `small`.
    frequency: Vec<usize>,
}

impl Index {
    /// Lists the objects of both sides; those in `changed` come first among their equals.
    pub fn new(old: &Snapshot, new: &Snapshot, changed: &BTreeSet<ObjectId>) -> Self {
        let mut index = Self {
            text: String::new(),
            small: String::new(),
            entries: Vec::with_capacity(old.objects.len().max(new.objects.len())),
            kinds: BTreeSet::new(),
            frequency: vec![0; 256],
        };
        let mut changed = changed.iter().peekable();
        let mut container: Option<(&ObjectId, usize)> = None;
        for both in old.objects.keys().merge_join_by(new.objects.keys(), Ord::cmp) {
            let (id, sides) = match both {
                EitherOrBoth::Both(id, _) => (id, Sides::Both),
                EitherOrBoth::Left(id) => (id, Sides::Old),
                EitherOrBoth::Right(id) => (id, Sides::New),
            };
            while changed.next_if(|other| *other < id).is_some() {}
            let is_changed = changed.next_if_eq(&id).is_some();
            // What a table contains follows it.
            let at = index.entries.len();
            if id.kind().is_relation() || id.kind() == Kind::Domain {
                container = Some((id, at));
            }
            let top =
                container.filter(|(top, _)| id.parent().starts_with(top.path())).map_or(at, |(_, top)| top);
            index.push(id, Entry { start: 0, name: 0, kind: id.kind(), sides, is_changed, top });
        }
        index.small = lowered(&index.text);
        index.small.bytes().for_each(|byte| index.frequency[usize::from(byte)] += 1);
        index
    }

    /// Appends an object; where its path and name begin is found here.
    fn push(&mut self, id: &ObjectId, mut entry: Entry) {
        let start = self.text.len();
        let mut name = start;
        for (at, part) in id.path().iter().enumerate() {
            if at > 0 {
                self.text.push('.');
            }
            name = self.text.len();
            if !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_') {
                self.text.push_str(part);
            } else {
                self.text.push_str(&ObjectId::new(id.kind(), [part.replace('\0', " ")]).dotted());
            }
        }
        self.text.push(char::from(END));
        if entry.is_changed
            && let Some(top) = self.entries.get_mut(entry.top)
        {
            top.is_changed = true;
        }
        self.kinds.insert(entry.kind);
        (entry.start, entry.name) = (start, name - start);
        self.entries.push(entry);
    }

    /// The best `limit` objects whose paths have all words of `query` in them. A word such as `column:` narrows by
    /// kind, `column:mail` does both. Names come before schemas, whole words before parts, what differs before what
    /// does not, short paths before long ones.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = Query::new(query, &self.kinds);
        if query.is_empty() {
            return Vec::new();
        }
        let mut best = Best { limit, scores: BinaryHeap::new() };
        match query.rarest(&self.frequency) {
            Some(word) => self.scan(&query, word, &mut best),
            None => (0..self.entries.len()).for_each(|at| best.add(self.score(&query, at))),
        }
        let best = best.scores.into_sorted_vec();
        best.into_iter().filter_map(|score| self.hit(&query, (score & 0xffff_ffff) as usize)).collect()
    }

    /// Scores the objects that have `word` in their paths, by looking for its rarest byte.
    fn scan(&self, query: &Query, word: &str, best: &mut Best) {
        let (text, word) = (self.small.as_bytes(), word.as_bytes());
        let rarity = |(_, byte): &(usize, &u8)| self.frequency[usize::from(**byte)];
        let (before, rare) =
            word.iter().enumerate().min_by_key(rarity).map_or((0, END), |(at, byte)| (at, *byte));
        let (mut from, mut entry) = (before, 0);
        while let Some(next) = text.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == rare)) {
            let start = from + next - before;
            from += next + 1;
            if text.get(start..).is_some_and(|rest| rest.starts_with(word)) {
                // Hits come in order: the entry is here or a little further on.
                while self.entries.get(entry + 1).is_some_and(|next| next.start <= start) {
                    entry += 1;
                }
                best.add(self.score(query, entry));
                // One hit is enough for an entry.
                from = from.max(self.range(entry).end + before);
            }
        }
    }

    /// How good a hit an object is, the lower the better, with its number in the lower half; none where it is not
    /// one.
    fn score(&self, query: &Query, at: usize) -> Option<u64> {
        let entry = self.entries.get(at)?;
        if !query.kinds.is_empty() && !query.kinds.contains(&entry.kind) {
            return None;
        }
        let path = self.small.get(self.range(at))?;
        let mut sum = 0;
        for word in &query.words {
            sum += rank(path, entry.name, word)?.0;
        }
        let length = path.len().min(0xffff) as u64;
        Some(sum.min(0x7fff) << 49 | u64::from(!entry.is_changed) << 48 | length << 32 | at as u64)
    }

    fn hit(&self, query: &Query, at: usize) -> Option<Hit> {
        let entry = self.entries.get(at)?;
        let small = self.small.get(self.range(at))?;
        let place = |word: &String| {
            let start = rank(small, entry.name, word)?.1;
            Some((start, start + word.len()))
        };
        let matches: Vec<(usize, usize)> = query.words.iter().filter_map(place).collect();
        Some(Hit {
            id: self.id(at)?,
            top: self.id(entry.top)?,
            kind: entry.kind.label().to_owned(),
            path: self.text.get(self.range(at))?.to_owned(),
            matches: joined(&matches),
            sides: entry.sides,
            is_changed: entry.is_changed,
        })
    }

    fn id(&self, at: usize) -> Option<String> {
        Some(format!("{}:{}", self.entries.get(at)?.kind, self.text.get(self.range(at))?))
    }

    /// Where a path stands in the text.
    fn range(&self, at: usize) -> Range<usize> {
        let start = self.entries.get(at).map_or(0, |entry| entry.start);
        let next = self.entries.get(at + 1).map_or(self.text.len(), |next| next.start);
        start..next.saturating_sub(1)
    }
}

/// The lowest scores that there were.
struct Best {
    limit: usize,
    scores: BinaryHeap<u64>,
}

impl Best {
    fn add(&mut self, score: Option<u64>) {
        let Some(score) = score else { return };
        if self.scores.len() < self.limit {
            self.scores.push(score);
        } else if self.scores.peek().is_some_and(|worst| score < *worst) {
            self.scores.pop();
            self.scores.push(score);
        }
    }
}

/// In order, and as one what touches.
fn joined(matches: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in sorted_by(matches, |(start, _)| start as i64) {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// In small letters; those whose small form takes another number of bytes stay as they are, so that places in the
/// one text are places in the other.
fn lowered(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = |c: char| {
        let mut small = c.to_lowercase();
        small.next().filter(|first| small.next().is_none() && first.len_utf8() == c.len_utf8()).unwrap_or(c)
    };
    text.chars().map(lower).collect()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
