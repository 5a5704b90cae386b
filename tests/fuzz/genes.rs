//! Where chance comes from: every decision has a path, and its value is a hash of seed and path. So two schemas
//! of one seed are equal but for the decisions that are made anew, and a failure shrinks by taking decisions back.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

/// What decides one schema.
pub(super) struct Genes {
    seed: u64,
    /// Another seed, and how many of a hundred decisions it makes.
    mutation: Option<(u64, u64)>,
    /// What must not be.
    off: BTreeSet<String>,
    /// What is decided as without mutation.
    kept: BTreeSet<String>,
    yes: RefCell<BTreeSet<String>>,
    mutated: RefCell<BTreeSet<String>>,
}

impl Genes {
    pub(super) fn new(seed: u64, mutation: Option<(u64, u64)>) -> Self {
        let none = BTreeSet::new;
        let (yes, mutated) = (RefCell::new(none()), RefCell::new(none()));
        Self { seed, mutation, off: none(), kept: none(), yes, mutated }
    }

    /// The same with some things switched off, and some decisions as they were.
    pub(super) fn without(&self, off: &BTreeSet<String>, kept: &BTreeSet<String>) -> Self {
        Self { off: off.clone(), kept: kept.clone(), ..Self::new(self.seed, self.mutation) }
    }

    /// The start of all paths.
    pub(super) fn root(&self) -> Gene<'_> {
        Gene { genes: self, path: String::new() }
    }

    /// What came to be.
    pub(super) fn yes(&self) -> BTreeSet<String> {
        self.yes.borrow().clone()
    }

    /// What was decided otherwise than without mutation.
    pub(super) fn mutated(&self) -> BTreeSet<String> {
        self.mutated.borrow().clone()
    }

    fn value(&self, path: &str, is_stable: bool) -> u64 {
        let seed = match self.mutation {
            Some((other, percent))
                if !is_stable && !self.kept.contains(path) && hash(other, path) % 100 < percent =>
            {
                self.mutated.borrow_mut().insert(path.to_owned());
                other.wrapping_add(1)
            }
            _ => self.seed,
        };
        hash(seed, path)
    }
}

/// A place where decisions are made.
#[derive(Clone)]
pub(super) struct Gene<'g> {
    genes: &'g Genes,
    path: String,
}

impl<'g> Gene<'g> {
    /// A place below.
    pub(super) fn at(&self, name: impl Display) -> Gene<'g> {
        Gene { genes: self.genes, path: format!("{}/{name}", self.path) }
    }

    /// Where this is.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether something is so, `percent` of a hundred times.
    pub(super) fn chance(&self, name: impl Display, percent: u64) -> bool {
        self.decide(&self.at(name).path, percent, false)
    }

    /// The same, never mutated: both schemas of a pair have it, or none.
    pub(super) fn both(&self, name: impl Display, percent: u64) -> bool {
        self.decide(&self.at(name).path, percent, true)
    }

    fn decide(&self, path: &str, percent: u64, is_stable: bool) -> bool {
        if self.genes.off.contains(path) || self.genes.value(path, is_stable) % 100 >= percent {
            return false;
        }
        self.genes.yes.borrow_mut().insert(path.to_owned());
        true
    }

    /// A number below `end`.
    pub(super) fn below(&self, name: impl Display, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.genes.value(&self.at(name).path, false) % end).unwrap()
    }

    /// One of a fixed list.
    pub(super) fn pick<T: Copy>(&self, name: impl Display, list: &[T]) -> T {
        list[self.below(name, list.len())]
    }

    /// One of a list that differs between the two schemas of a pair: the same where both have it.
    pub(super) fn choose<'t, T>(
        &self,
        name: impl Display,
        list: &'t [T],
        key: impl Fn(&T) -> String,
    ) -> Option<&'t T> {
        let value = self.genes.value(&self.at(name).path, false);
        list.iter().max_by_key(|one| hash(value, &key(one)))
    }

    /// Some of a list, in an order of chance, at most `most`.
    pub(super) fn some<T: Clone>(
        &self,
        name: impl Display,
        list: &[T],
        most: usize,
        key: impl Fn(&T) -> String,
    ) -> Vec<T> {
        let value = self.genes.value(&self.at(&name).path, false);
        let count = 1 + self.below(format!("{name}#"), most);
        let mut sorted = list.to_vec();
        sorted.sort_by_key(|one| hash(value, &key(one)));
        sorted.truncate(count);
        sorted
    }
}

/// FNV-1a, and the last step of splitmix64.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    let mut hash = text.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
