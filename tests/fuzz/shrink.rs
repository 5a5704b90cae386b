//! A failure made smaller: what is not needed for it is left out, and decisions of new are taken back.

use std::collections::BTreeSet;

use super::Pair;
use super::builder::build;
use super::trial::{Outcome, Trial};

/// More than these are not tried.
const TRIALS: usize = 120;

struct Shrinking<'t> {
    trial: &'t Trial,
    pair: &'t Pair,
    sort: &'t str,
    tried: usize,
    text: String,
    off: BTreeSet<String>,
    kept: BTreeSet<String>,
}

/// The failure of the smallest pair that still fails alike.
pub(super) fn shrink(trial: &Trial, pair: &Pair, sort: &str, text: String) -> String {
    let (off, kept) = (BTreeSet::new(), BTreeSet::new());
    let mut shrinking = Shrinking { trial, pair, sort, tried: 0, text, off, kept };
    while shrinking.round() {}
    shrinking.text
}

impl Shrinking<'_> {
    /// Leaves out what it can; whether that was anything.
    fn round(&mut self) -> bool {
        let before = (self.off.len(), self.kept.len());
        let new = self.pair.new.without(&self.off, &self.kept);
        build(&new);
        let mutated: Vec<String> = new.mutated().into_iter().collect();
        self.leave_out(&mutated, true);
        let (old, new) =
            (self.pair.old.without(&self.off, &self.kept), self.pair.new.without(&self.off, &self.kept));
        build(&old);
        build(&new);
        let yes: Vec<String> = old.yes().union(&new.yes()).cloned().collect();
        self.leave_out(&yes, false);
        before != (self.off.len(), self.kept.len()) && self.tried < TRIALS
    }

    /// Halves, quarters, … of a list, as long as it fails alike without them.
    fn leave_out(&mut self, list: &[String], is_kept: bool) {
        let mut size = list.len().div_ceil(2).max(1);
        let mut list = list.to_vec();
        loop {
            let mut stays = Vec::new();
            for part in list.chunks(size) {
                if self.tried < TRIALS && self.fails_without(part, is_kept) {
                    continue;
                }
                stays.extend_from_slice(part);
            }
            list = stays;
            if size == 1 || list.is_empty() {
                return;
            }
            size = size.div_ceil(2).min(list.len());
        }
    }

    fn fails_without(&mut self, part: &[String], is_kept: bool) -> bool {
        self.tried += 1;
        let (mut off, mut kept) = (self.off.clone(), self.kept.clone());
        if is_kept { &mut kept } else { &mut off }.extend(part.iter().cloned());
        let old = build(&self.pair.old.without(&off, &kept));
        let new = build(&self.pair.new.without(&off, &kept));
        match self.trial.run(&old, &new, self.pair.way()) {
            Outcome::Failed { sort, text } if sort == self.sort => {
                (self.off, self.kept, self.text) = (off, kept, text);
                true
            }
            _ => false,
        }
    }
}
