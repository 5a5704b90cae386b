//! The page's state and everything that can happen to it: a reducer over plain values. No DOM, no clock,
//! so that all of it is tested natively.

mod answers;
mod files;

use std::collections::BTreeSet;
use std::rc::Rc;

use diff_core::collect;
use viewer::ask::{Answer, Ask, FileId, Filter, Grouping, Head, Listing, MapOptions, Pair, Way};

use crate::address::Route;
pub(crate) use answers::{Answers, topic};
pub(crate) use files::{File, Files, Side, Status, Target};

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// The outcome as a whole.
    #[default]
    Overview,
    /// The differences, one object at a time.
    Changes,
    /// Tables and foreign keys.
    Map,
    /// The way from one side to the other.
    Migration,
    /// Several files beside each other.
    Matrix,
}

/// How an object is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lens {
    /// Its parts and attributes.
    #[default]
    Summary,
    /// The SQL that makes it, both sides beside each other.
    Split,
    /// The SQL that makes it, one under the other.
    Unified,
}

/// How the map is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MapForm {
    /// Boxes and lines.
    #[default]
    Boxes,
    /// All tables as tiles.
    Tiles,
    /// The boxes and lines as a table.
    Table,
}

/// Which way to go in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Next,
    Previous,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) files: Files,
    /// What went wrong beside single files.
    pub(crate) notice: Option<Rc<str>>,
    /// Addresses on other servers, which nobody has agreed to yet.
    pub(crate) consent: Rc<[String]>,
    pub(crate) view: View,
    /// The written id of the object that is shown.
    pub(crate) object: Option<Rc<str>>,
    /// The difference that is pointed out, by its place in the report.
    pub(crate) entry: Option<usize>,
    pub(crate) lens: Lens,
    pub(crate) listing: Listing,
    pub(crate) way: Way,
    pub(crate) map: MapOptions,
    pub(crate) map_form: MapForm,
    /// Patterns of what is not compared.
    pub(crate) ignore: Vec<String>,
    /// Objects that are the same under another name.
    pub(crate) renames: Vec<String>,
    /// The objects that are ticked, for a migration of their own.
    pub(crate) picked: BTreeSet<String>,
    /// The marks of objects that were reviewed.
    pub(crate) reviewed: Rc<BTreeSet<String>>,
    /// What is searched for, while the palette is open.
    pub(crate) search: Option<Rc<str>>,
    /// Whether the address said what to look at.
    pub(crate) is_led: bool,
    /// How many places were gone to: each is a step that the browser can come back from.
    pub(crate) places: usize,
    pub(crate) answers: Answers,
}

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Action {
    /// Files are about to be read, under these numbers and names.
    Reading(Vec<(FileId, String)>, Target),
    /// So many bytes were read, of so many where that is known.
    Progress(FileId, f64, Option<f64>),
    Opened(FileId, Head),
    Refused(FileId, String),
    /// Reading was given up, or the file is of no more use.
    CloseFile(FileId),
    CloseAll,
    /// Something is to be said that is about no single file.
    Notice(String),
    /// Forget what was said.
    Dismiss,
    /// The worker is gone, and all files with it.
    Stopped,
    /// These addresses lead to other servers: may they be asked?
    Consent(Vec<String>),
    /// Old becomes new.
    Swap,
    /// Look at these two; the same one twice to look at one alone.
    Compare(FileId, FileId),
    Go(View),
    /// Show an object, and point out one of its differences.
    Select(Option<Rc<str>>, Option<usize>),
    /// Show an object in the list of changes, wherever it is looked at now.
    Reveal(Rc<str>),
    /// Go to the next or previous object of the list.
    Move(Step),
    /// Go to the next or previous difference of the object.
    MoveEntry(Step),
    Filter(Filter),
    Group(Grouping),
    /// Open or close a row of the list.
    Toggle(String),
    /// List objects without a difference too, or no longer.
    Whole(bool),
    Lens(Lens),
    /// Tick an object, or no longer.
    Pick(Rc<str>),
    PickAll(BTreeSet<String>),
    Way(Way),
    Map(MapOptions),
    MapForm(MapForm),
    Ignore(Vec<String>),
    /// These objects are the same under another name.
    Rename(Vec<String>),
    /// The objects with these marks are reviewed.
    Reviewed(BTreeSet<String>),
    /// Open the palette, or search on; close it.
    Search(Option<String>),
    Answered(Ask, Box<Answer>),
    Unanswered(Ask, String),
    /// The browser's address changed.
    Route(Box<Route>),
}

impl State {
    /// The files that are compared, and what of it is left out.
    pub(crate) fn pair(&self) -> Option<Pair> {
        let (old, new) = self.files.pair?;
        Some(Pair { old, new, ignore: self.ignore.clone(), renames: self.renames.clone() })
    }

    /// Whether one file is looked at by itself.
    pub(crate) fn is_single(&self) -> bool {
        self.files.pair.is_some_and(|(old, new)| old == new)
    }

    /// The questions whose answers are shown and not there yet, the most urgent first.
    pub(crate) fn wanted(&self) -> Vec<Ask> {
        let Some(pair) = self.pair() else { return Vec::new() };
        let mut asks = Vec::new();
        if let Some(text) = &self.search {
            asks.push(Ask::Search(pair.clone(), text.to_string()));
        }
        if self.view == View::Changes {
            asks.push(Ask::Changes(pair.clone(), self.listing.clone()));
            if let Some(id) = &self.object {
                asks.push(Ask::Object(pair.clone(), id.to_string()));
                if self.lens != Lens::Summary {
                    asks.push(Ask::Definition(pair.clone(), id.to_string()));
                }
            }
        }
        asks.push(Ask::Overview(pair.clone()));
        match self.view {
            View::Changes if !pair.is_single() => {
                asks.extend(self.object.iter().map(|id| Ask::Statements(pair.clone(), id.to_string())));
            }
            View::Map if self.map_form == MapForm::Tiles => asks.push(Ask::Atlas(pair.clone(), 1200, 720)),
            View::Map => asks.push(Ask::Map(pair.clone(), self.map.clone())),
            View::Migration => asks.push(Ask::Migration(pair.clone(), self.way.clone())),
            View::Matrix => asks.push(Ask::Matrix(self.files.open_ids(), self.ignore.clone())),
            View::Overview if !pair.is_single() => asks.push(Ask::Atlas(pair.clone(), 1200, 720)),
            _ => {}
        }
        asks.retain(|ask| !self.answers.has(ask));
        asks
    }

    /// The state after `action`.
    #[must_use]
    pub(crate) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Reading(files, target) => {
                self.notice = None;
                self.consent = Rc::default();
                self.files.reading(files, target);
            }
            Action::Progress(id, done, total) => self.files.progress(id, done, total),
            Action::Opened(id, head) => self.settle(id, Status::Open(Rc::new(head))),
            Action::Refused(id, why) => self.settle(id, Status::Refused(why.into())),
            Action::CloseFile(id) => {
                self.files.close(id);
                self.repair();
            }
            Action::CloseAll => return self.closed(None),
            Action::Notice(text) => self.notice = Some(text.into()),
            Action::Dismiss => {
                self.notice = None;
                self.consent = Rc::default();
                self.files.dismiss();
            }
            Action::Stopped => {
                let why = "The page's worker has stopped: the browser may have run out of memory. All files \
                           are closed; open them again, the largest one last.";
                return self.closed(Some(why.into()));
            }
            Action::Consent(addresses) => self.consent = addresses.into(),
            Action::Swap => self.swap(),
            Action::Compare(old, new) => self.compare(old, new),
            Action::Route(route) => self.follow(*route),
            Action::Answered(ask, answer) => self.answers.take(ask, *answer),
            Action::Unanswered(ask, why) => {
                self.answers.fail(ask);
                self.notice = Some(why.into());
            }
            Action::Search(text) => self.search = text.map(Into::into),
            Action::Reviewed(marks) => self.reviewed = Rc::new(marks),
            action => self.look(action),
        }
        self
    }

    /// What changes what is looked at.
    fn look(&mut self, action: Action) {
        match action {
            Action::Go(view) => {
                self.places += usize::from(view != self.view);
                self.view = view;
            }
            Action::Select(object, entry) => self.show(object, entry),
            Action::Reveal(object) => {
                self.search = None;
                self.view = View::Changes;
                self.show(Some(object), None);
            }
            Action::Move(step) => self.step(step),
            Action::MoveEntry(step) => self.step_entry(step),
            Action::Filter(filter) => self.listing.filter = filter,
            Action::Group(grouping) => self.listing.grouping = grouping,
            Action::Toggle(key) => flip(&mut self.listing.toggled, &key),
            Action::Whole(is_whole) => self.listing.is_whole = is_whole,
            Action::Lens(lens) => self.lens = lens,
            Action::Pick(id) => flip(&mut self.picked, &id),
            Action::PickAll(ids) => self.picked = ids,
            Action::Way(way) => self.way = way,
            Action::Map(map) => self.map = map,
            Action::MapForm(form) => self.map_form = form,
            Action::Ignore(patterns) => self.ignore = patterns,
            Action::Rename(renames) => self.renames = renames,
            _ => {}
        }
    }

    /// Nothing is open. What was reviewed stays so.
    fn closed(self, notice: Option<Rc<str>>) -> Self {
        Self { notice, reviewed: self.reviewed, ..Self::default() }
    }

    fn settle(&mut self, id: FileId, status: Status) {
        let before = self.files.pair;
        let is_first = before.is_none();
        // What the migrations tell is part of every answer.
        let tells = matches!(&status, Status::Open(head) if head.migrations > 0);
        self.files.settle(id, status);
        if self.files.pair == before {
            if tells {
                self.forget();
            }
            return;
        }
        self.forget();
        if is_first && !self.is_led && self.files.comparable() > 2 {
            self.view = View::Matrix;
        }
    }

    /// Answers are about files that are no longer looked at.
    fn forget(&mut self) {
        self.answers = Answers::default();
        self.picked.clear();
        self.entry = None;
    }

    fn repair(&mut self) {
        self.forget();
        if self.files.open_ids().len() < 3 && self.view == View::Matrix {
            self.view = View::Overview;
        }
        if self.files.pair.is_none() {
            self.view = View::Overview;
            self.object = None;
        }
    }

    fn swap(&mut self) {
        if let Some((old, new)) = self.files.pair {
            self.compare(new, old);
        }
    }

    fn compare(&mut self, old: FileId, new: FileId) {
        if self.files.pair != Some((old, new)) {
            self.files.pair = Some((old, new));
            self.forget();
        }
        if self.is_single() {
            self.view = View::Changes;
            self.listing = Listing { is_whole: true, ..Listing::default() };
        } else {
            self.listing.is_whole = false;
            if self.view == View::Matrix {
                self.view = View::Changes;
            }
        }
        self.places += 1;
    }

    fn show(&mut self, object: Option<Rc<str>>, entry: Option<usize>) {
        self.places += usize::from(object != self.object);
        self.object = object;
        self.entry = entry;
    }

    /// The next object of the list, or the one before.
    fn step(&mut self, step: Step) {
        if self.view != View::Changes {
            self.view = View::Changes;
            self.places += 1;
        }
        let Some(changes) = self.answers.changes() else { return };
        let at = changes.objects.iter().position(|id| Some(id.as_str()) == self.object.as_deref());
        let place = match (at, step) {
            (None, Step::Next) => Some(0),
            (Some(at), Step::Next) => Some((at + 1).min(changes.objects.len().saturating_sub(1))),
            (None, Step::Previous) => None,
            (Some(at), Step::Previous) => at.checked_sub(1),
        };
        let object = place.and_then(|place| changes.objects.get(place)).map(|id| id.as_str().into());
        if object.is_some() {
            self.show(object, None);
        }
    }

    fn step_entry(&mut self, step: Step) {
        let Some(Some(object)) = self.answers.object().map(|object| object.as_ref().as_ref().cloned()) else {
            return;
        };
        let entries: Vec<usize> =
            object.parts.iter().flat_map(|part| &part.changes).map(|change| change.entry).collect();
        let at = self.entry.and_then(|entry| entries.iter().position(|known| *known == entry));
        let place = match (at, step) {
            (None, _) => 0,
            (Some(at), Step::Next) => (at + 1).min(entries.len().saturating_sub(1)),
            (Some(at), Step::Previous) => at.saturating_sub(1),
        };
        self.entry = entries.get(place).copied();
    }

    fn follow(&mut self, route: Route) {
        let Route { view, object, entry, lens, listing, way, map, map_form, ignore, renames, pair } = route;
        self.is_led = true;
        self.view = view;
        self.object = object.map(Into::into);
        self.entry = entry;
        self.lens = lens;
        self.listing = Listing { toggled: std::mem::take(&mut self.listing.toggled), ..listing };
        self.way = way;
        self.map = map;
        self.map_form = map_form;
        self.ignore = ignore;
        self.renames = renames;
        self.files.wish(pair);
    }

    /// What the browser's address says of it.
    pub(crate) fn route(&self) -> Route {
        Route {
            view: self.view,
            object: self.object.as_deref().map(str::to_owned),
            entry: self.entry,
            lens: self.lens,
            listing: Listing { toggled: BTreeSet::new(), ..self.listing.clone() },
            way: self.way.clone(),
            map: self.map.clone(),
            map_form: self.map_form,
            ignore: self.ignore.clone(),
            renames: self.renames.clone(),
            pair: self.files.pair_places(),
        }
    }
}

fn flip(set: &mut BTreeSet<String>, key: &str) {
    if !set.insert(key.to_owned()) {
        *set = collect::without(std::mem::take(set), &key.to_owned());
    }
}

#[cfg(test)]
mod tests;
