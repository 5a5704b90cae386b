//! Which lines of two blocks stand for each other, and how much two lines have in common.

use super::myers::matches;
use super::pieces::Piece;

/// Two lines with less in common than this are two lines: emphasis would be confetti.
const MIN_COMMON_PERCENT: usize = 35;
/// In blocks of more lines, or of more words times words, lines are paired in their order: finding the best
/// pairs would take too long.
const MAX_PAIRED: usize = 40;
const MAX_EFFORT: usize = 1_000_000;

/// Of all ways to pair the lines of two blocks in their order, the one in which the pairs have the most in
/// common. Lines are given as words, pairs by place.
pub(super) fn find(old: &[Vec<Piece>], new: &[Vec<Piece>]) -> Vec<(usize, usize)> {
    let words = |lines: &[Vec<Piece>]| lines.iter().map(Vec::len).sum::<usize>();
    if old.len().max(new.len()) > MAX_PAIRED || words(old).saturating_mul(words(new)) > MAX_EFFORT {
        return (0..old.len().min(new.len())).map(|index| (index, index)).collect();
    }
    let width = new.len() + 1;
    // best[i][j]: the most that old[i..] and new[j..] can have in common.
    let mut best = vec![0_usize; (old.len() + 1) * width];
    let mut shared = vec![0_usize; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let here = likeness(&old[i], &new[j]);
            shared[i * width + j] = here;
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            best[i * width + j] = skip.max(if here > 0 { best[(i + 1) * width + j + 1] + here } else { 0 });
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < old.len() && j < new.len() {
        let here = shared[i * width + j];
        if here > 0 && best[i * width + j] == best[(i + 1) * width + j + 1] + here {
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

/// The words that two lines have in common, by place; `None` where that is too little to speak of.
pub(super) fn common(old: &[Piece], new: &[Piece]) -> Option<Vec<(usize, usize)>> {
    let found = matches(&texts(old), &texts(new));
    let length = letters(old).max(letters(new));
    (in_common(&found, old) * 100 >= MIN_COMMON_PERCENT * length).then_some(found)
}

/// How many letters two lines have in common; 0 where that is too little to speak of.
fn likeness(old: &[Piece], new: &[Piece]) -> usize {
    let (a, b) = (letters(old), letters(new));
    // Far from equally long: no need to look.
    if a.min(b) * 100 < MIN_COMMON_PERCENT * a.max(b) {
        return 0;
    }
    common(old, new).map_or(0, |found| in_common(&found, old))
}

fn in_common(found: &[(usize, usize)], old: &[Piece]) -> usize {
    found.iter().filter_map(|(at, _)| old.get(*at)).map(|piece| letters(std::slice::from_ref(piece))).sum()
}

fn texts<'a>(pieces: &[Piece<'a>]) -> Vec<&'a str> {
    pieces.iter().map(|piece| piece.text).collect()
}

/// Letters and digits: blanks and commas that agree say nothing.
fn letters(pieces: &[Piece]) -> usize {
    pieces.iter().flat_map(|piece| piece.text.chars()).filter(|c| c.is_alphanumeric()).count()
}
