//! The page's state and everything that can happen to it: a reducer over plain values. No DOM, no clock,
//! so that all of it is tested natively.

use std::rc::Rc;

use diff_core::{DiffOptions, Report, Severity, Snapshot, diff};

use crate::listing::{Filter, Grouping, Haystack, Listing};

/// One of the two snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// What stands.
    Old,
    /// What should stand.
    New,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// A snapshot file that was read.
#[derive(Debug, PartialEq)]
pub(crate) struct Opened {
    /// The file's name.
    pub(crate) name: String,
    pub(crate) snapshot: Snapshot,
}

/// A file that was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The file's name.
    pub(crate) name: String,
    /// Why, for people.
    pub(crate) message: String,
}

/// What came of reading one file.
pub(crate) type Outcome = Result<Rc<Opened>, Refused>;

/// Where files that were read belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// On this side; of two files the second on the other one.
    Side(Side),
    /// Where they fit best.
    Anywhere,
    /// The first is old, the second new.
    InOrder,
}

/// One side of the page. A file that cannot be opened takes nothing away that is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot {
    pub(crate) opened: Option<Rc<Opened>>,
    pub(crate) refused: Option<Refused>,
}

impl PartialEq for Slot {
    /// The same file is equal to itself alone: snapshots are too large to compare for a rendering.
    fn eq(&self, other: &Self) -> bool {
        self.opened.as_ref().map(Rc::as_ptr) == other.opened.as_ref().map(Rc::as_ptr)
            && self.refused == other.refused
    }
}

/// Two open snapshots, compared.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) old: Rc<Opened>,
    pub(crate) new: Rc<Opened>,
    pub(crate) report: Report,
    haystack: Haystack,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
    /// How many files are being read.
    pub(crate) reading: usize,
    /// What went wrong beside single files.
    pub(crate) notice: Option<String>,
    /// Present while both sides are open.
    pub(crate) comparison: Option<Rc<Comparison>>,
    pub(crate) filter: Filter,
    pub(crate) grouping: Grouping,
    pub(crate) listing: Rc<Listing>,
    /// The key of the section that is shown; the overview where absent.
    pub(crate) selected: Option<Rc<str>>,
    /// The entry that is pointed out, by its index in the report.
    pub(crate) entry: Option<usize>,
}

/// Which way to go in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Next,
    Previous,
}

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Action {
    /// Files are about to be read.
    Reading(usize),
    /// Files were read, or not. They arrive together, so that two of them can be put in order.
    Read(Vec<Outcome>, Target),
    /// Something is to be said that is about no single file.
    Notice(String),
    /// Forget what was said.
    Dismiss,
    /// Old becomes new.
    Swap,
    /// Close everything.
    Close,
    Filter(String),
    /// Show entries of this severity, or no longer.
    Toggle(Severity),
    /// Let everything through again.
    ClearFilter,
    Group(Grouping),
    /// Show a section, or the overview.
    Select(Option<Rc<str>>),
    /// Go to the next or previous section.
    Move(Step),
    /// Go to the next or previous entry of the section.
    MoveEntry(Step),
    /// Show the entries of the object with this written id, even where the filter hides them.
    Reveal(String),
}

impl State {
    fn slot_mut(&mut self, side: Side) -> &mut Slot {
        match side {
            Side::Old => &mut self.old,
            Side::New => &mut self.new,
        }
    }

    /// The section that is shown, and its place.
    pub(crate) fn section(&self) -> Option<usize> {
        self.listing.position(self.selected.as_deref()?)
    }

    /// The state after `action`.
    #[must_use]
    pub(crate) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Reading(count) => {
                self.reading += count;
                self.notice = None;
            }
            Action::Read(outcomes, target) => {
                self.reading = self.reading.saturating_sub(outcomes.len());
                self.place(outcomes, target);
                self.compare();
            }
            Action::Notice(text) => self.notice = Some(text),
            Action::Dismiss => {
                self.notice = None;
                self.old.refused = None;
                self.new.refused = None;
            }
            Action::Swap => {
                std::mem::swap(&mut self.old, &mut self.new);
                self.compare();
            }
            Action::Close => return Self::default(),
            Action::Filter(text) => self.filter.text = text,
            Action::Toggle(severity) => {
                if !self.filter.severities.remove(&severity) {
                    self.filter.severities.insert(severity);
                }
            }
            Action::ClearFilter => self.filter = Filter::default(),
            Action::Group(grouping) if grouping == self.grouping => return self,
            Action::Group(grouping) => {
                self.grouping = grouping;
                self.show(None, None);
            }
            Action::Select(key) => self.show(key, None),
            Action::Move(step) => self.step(step),
            Action::MoveEntry(step) => self.step_entry(step),
            Action::Reveal(id) => self.reveal(&id),
        }
        self.list();
        self
    }

    fn show(&mut self, key: Option<Rc<str>>, entry: Option<usize>) {
        self.selected = key;
        self.entry = entry;
    }

    /// Puts files where they belong: what stands is old, what should stand is new.
    fn place(&mut self, outcomes: Vec<Outcome>, target: Target) {
        let mut outcomes = outcomes.into_iter();
        match (outcomes.next(), outcomes.next()) {
            (Some(first), Some(second)) => {
                let is_reversed = match target {
                    Target::Anywhere => is_newer(&first, &second),
                    Target::Side(Side::New) => true,
                    Target::Side(Side::Old) | Target::InOrder => false,
                };
                let (old, new) = if is_reversed { (second, first) } else { (first, second) };
                self.put(Side::Old, old);
                self.put(Side::New, new);
            }
            (Some(only), _) => {
                let side = match target {
                    Target::Side(side) => side,
                    Target::InOrder => Side::Old,
                    Target::Anywhere => self.side_for(&only),
                };
                self.put(side, only);
            }
            _ => {}
        }
    }

    fn put(&mut self, side: Side, outcome: Outcome) {
        let slot = self.slot_mut(side);
        match outcome {
            Ok(opened) => *slot = Slot { opened: Some(opened), refused: None },
            Err(refused) => slot.refused = Some(refused),
        }
    }

    /// The side of a file that came alone: the empty one, else the one that holds its like.
    fn side_for(&self, outcome: &Outcome) -> Side {
        let natural = outcome.as_ref().map_or(Side::Old, |opened| match rank(opened) {
            0 => Side::Old,
            _ => Side::New,
        });
        match (&self.old.opened, &self.new.opened) {
            (None, Some(_)) => Side::Old,
            (Some(_), None) => Side::New,
            (Some(old), Some(_)) => outcome.as_ref().map_or(natural, |opened| {
                if rank(old) == rank(opened) { Side::Old } else { Side::Old.other() }
            }),
            (None, None) => natural,
        }
    }

    fn compare(&mut self) {
        let (Some(old), Some(new)) = (&self.old.opened, &self.new.opened) else {
            self.comparison = None;
            return;
        };
        let options = DiffOptions::default();
        let found = diff(&old.snapshot, &new.snapshot, &options);
        let report = Report::new(&old.snapshot, &new.snapshot, &found, &options);
        let haystack = Haystack::new(&report);
        let (old, new) = (Rc::clone(old), Rc::clone(new));
        self.comparison = Some(Rc::new(Comparison { old, new, report, haystack }));
        self.entry = None;
    }

    /// Lists anew what is shown; a section that is gone is no longer selected.
    fn list(&mut self) {
        let listing = self.comparison.as_ref().map(|comparison| {
            Listing::new(&comparison.report, &comparison.haystack, &self.filter, self.grouping)
        });
        let listing = listing.unwrap_or_default();
        if listing != *self.listing {
            self.listing = Rc::new(listing);
        }
        if self.section().is_none() {
            self.show(None, None);
        }
    }

    fn step(&mut self, step: Step) {
        let last = self.listing.sections.len().checked_sub(1);
        let place = match (self.section(), step, last) {
            (_, _, None) | (Some(0) | None, Step::Previous, _) => None,
            (None, Step::Next, _) => Some(0),
            (Some(at), Step::Next, Some(last)) => Some((at + 1).min(last)),
            (Some(at), Step::Previous, _) => Some(at - 1),
        };
        let key = place.map(|place| Rc::clone(&self.listing.sections[place].key));
        if key != self.selected {
            self.show(key, None);
        }
    }

    fn step_entry(&mut self, step: Step) {
        let Some(section) = self.section().map(|at| &self.listing.sections[at]) else { return };
        let at = self.entry.and_then(|entry| section.entries.iter().position(|index| *index == entry));
        let place = match (at, step) {
            (None, _) => 0,
            (Some(at), Step::Next) => (at + 1).min(section.entries.len() - 1),
            (Some(at), Step::Previous) => at.saturating_sub(1),
        };
        self.entry = section.entries.get(place).copied();
    }

    fn reveal(&mut self, id: &str) {
        let Some(comparison) = self.comparison.clone() else { return };
        let entries = &comparison.report.entries;
        let Some(entry) = entries.iter().position(|entry| entry.id.to_string() == id) else { return };
        if !self.listing.sections.iter().any(|section| section.entries.contains(&entry)) {
            self.filter = Filter::default();
            self.list();
        }
        let key = self.listing.section_of(entry).map(|section| Rc::clone(&section.key));
        self.show(key, Some(entry));
    }
}

/// What stands comes before what should stand.
fn rank(opened: &Opened) -> u8 {
    match opened.snapshot.source.kind.as_str() {
        "database" => 0,
        "models" => 2,
        _ => 1,
    }
}

/// Whether `first` belongs on the side of new: it says what should stand, or was taken later.
fn is_newer(first: &Outcome, second: &Outcome) -> bool {
    match (first, second) {
        (Ok(first), Ok(second)) => {
            let age = |opened: &Opened| (rank(opened), opened.snapshot.source.taken_at.clone());
            age(first) > age(second)
        }
        (Ok(first), Err(_)) => rank(first) == 2,
        (Err(_), Ok(second)) => rank(second) == 0,
        (Err(_), Err(_)) => false,
    }
}

#[cfg(test)]
mod tests;
