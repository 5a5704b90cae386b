//! The files: which are open, which are being read, which two are compared.

use std::rc::Rc;

use diff_core::collect;
use viewer::ask::{FileId, Head};

/// One of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// What stands.
    Old,
    /// What should stand.
    New,
}

/// Where files that were read belong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    /// On this side; of two files the second on the other one.
    Side(Side),
    /// Where they fit best.
    #[default]
    Anywhere,
    /// In the order in which they come.
    InOrder,
}

/// How far a file is.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    /// So many bytes were read, of so many where that is known.
    Reading(f64, Option<f64>),
    Open(Rc<Head>),
    /// Why it was not opened.
    Refused(Rc<str>),
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: FileId,
    pub(crate) name: Rc<str>,
    pub(crate) status: Status,
    target: Target,
    /// Whether it is open beside the two that are compared.
    is_beside: bool,
}

impl File {
    pub(crate) fn head(&self) -> Option<&Rc<Head>> {
        match &self.status {
            Status::Open(head) => Some(head),
            _ => None,
        }
    }

    /// The side that it was meant for.
    pub(crate) fn side(&self) -> Option<Side> {
        match self.target {
            Target::Side(side) => Some(side),
            _ => None,
        }
    }

    /// Whether it holds what migrations build, and says which.
    pub(crate) fn is_of_migrations(&self) -> bool {
        self.head().is_some_and(|head| head.migrations > 0)
    }

    /// What people call it.
    pub(crate) fn label(&self) -> &str {
        match self.head() {
            Some(head) if !head.label.is_empty() => &head.label,
            _ => &self.name,
        }
    }
}

/// All files. A file that cannot be opened takes nothing away that is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// In their order: old ones first.
    pub(crate) all: Vec<File>,
    /// What is compared; the same twice where one is looked at alone.
    pub(crate) pair: Option<(FileId, FileId)>,
    /// One file that is open while the other side is empty.
    pub(crate) waiting: Option<(Side, FileId)>,
    /// Which places the address asks for.
    wish: Option<(usize, usize)>,
}

impl Files {
    pub(crate) fn get(&self, id: FileId) -> Option<&File> {
        self.all.iter().find(|file| file.id == id)
    }

    /// The open files in their order.
    pub(crate) fn open_ids(&self) -> Vec<FileId> {
        self.all.iter().filter(|file| file.head().is_some()).map(|file| file.id).collect()
    }

    /// How many open files there are to compare: all but migrations.
    pub(super) fn comparable(&self) -> usize {
        self.all.iter().filter(|file| file.head().is_some() && !file.is_of_migrations()).count()
    }

    /// The file on a side.
    pub(crate) fn on(&self, side: Side) -> Option<&File> {
        let id = match (self.pair, self.waiting, side) {
            (Some((old, _)), _, Side::Old) => old,
            (Some((_, new)), _, Side::New) => new,
            (None, Some((known, id)), side) if known == side => id,
            _ => return None,
        };
        self.get(id)
    }

    pub(crate) fn is_reading(&self) -> bool {
        self.all.iter().any(|file| matches!(file.status, Status::Reading(..)))
    }

    pub(super) fn reading(&mut self, files: Vec<(FileId, String)>, target: Target) {
        self.dismiss();
        for (id, name) in files {
            self.all.push(File {
                id,
                name: name.into(),
                status: Status::Reading(0.0, None),
                target,
                is_beside: false,
            });
        }
    }

    pub(super) fn progress(&mut self, id: FileId, done: f64, total: Option<f64>) {
        if let Some(file) = self.all.iter_mut().find(|file| file.id == id) {
            file.status = Status::Reading(done, total);
        }
    }

    /// Forgets what could not be opened.
    pub(super) fn dismiss(&mut self) {
        self.all.retain(|file| !matches!(file.status, Status::Refused(_)));
    }

    pub(super) fn close(&mut self, id: FileId) {
        self.all.retain(|file| file.id != id);
        self.waiting = self.waiting.filter(|(_, waiting)| *waiting != id);
        match self.pair {
            Some((old, new)) if old == new && old == id => self.pair = None,
            Some((old, new)) if old == id => self.alone(Side::New, new),
            Some((old, new)) if new == id => self.alone(Side::Old, old),
            _ => {}
        }
        // Others may have waited for it.
        if !self.is_reading() {
            self.place();
        }
    }

    /// One side is left: the other takes the next open file, or waits for one.
    fn alone(&mut self, side: Side, id: FileId) {
        let other = self.open_ids().into_iter().find(|other| *other != id);
        self.pair = other.map(|other| if side == Side::Old { (id, other) } else { (other, id) });
        self.waiting = other.is_none().then_some((side, id));
    }

    /// A file was read, or not. Those that came together are put in their places when all are there.
    pub(super) fn settle(&mut self, id: FileId, status: Status) {
        let Some(file) = self.all.iter_mut().find(|file| file.id == id) else { return };
        file.status = status;
        if !self.is_reading() {
            self.place();
        }
    }

    /// Puts the files that are new in their places.
    fn place(&mut self) {
        let placed: Vec<FileId> =
            self.all.iter().filter(|file| self.is_placed(file)).map(|file| file.id).collect();
        let all = std::mem::take(&mut self.all);
        let (mut known, mut fresh): (Vec<File>, Vec<File>) =
            all.into_iter().partition(|file| placed.contains(&file.id));
        let is_anywhere = fresh.iter().all(|file| file.target == Target::Anywhere);
        if is_anywhere {
            fresh = collect::sorted_by_key(fresh, |file| file.head().map(|head| age(head)));
        }
        let new: Vec<(FileId, Target)> =
            fresh.iter().filter(|file| file.head().is_some()).map(|file| (file.id, file.target)).collect();
        // Migrations say why two others differ; they are compared themselves where there are no two others.
        let sides: Vec<(FileId, Target)> =
            new.iter().copied().filter(|(id, _)| !is_of_migrations(&fresh, *id)).collect();
        let new = if sides.len() > 1 { sides } else { new };
        for file in &mut fresh {
            file.is_beside = file.head().is_some();
        }
        known.append(&mut fresh);
        self.all = known;
        match new[..] {
            [] => {}
            [(only, target)] => self.place_one(only, target),
            [(first, target), (second, _), ..] => {
                let last = new[new.len() - 1].0;
                let second = if new.len() > 2 { last } else { second };
                let is_reversed = target == Target::Side(Side::New) && new.len() == 2;
                self.pair = Some(if is_reversed { (second, first) } else { (first, second) });
                self.waiting = None;
            }
        }
        self.grant();
        self.sort();
    }

    /// Whether a file has its place already, in the comparison or beside it.
    fn is_placed(&self, file: &File) -> bool {
        let is_in_pair = self.pair.is_some_and(|(old, new)| old == file.id || new == file.id);
        is_in_pair || self.waiting.is_some_and(|(_, waiting)| waiting == file.id) || file.is_beside
    }

    /// Puts a file that came alone where it was meant to go, else where there is room.
    fn place_one(&mut self, id: FileId, target: Target) {
        let natural = match self.get(id).and_then(File::head).map(|head| rank(head)) {
            Some(2) => Side::New,
            _ => Side::Old,
        };
        match (self.pair, self.waiting, target) {
            (Some((old, new)), _, Target::Side(side)) => {
                let (gone, pair) = if side == Side::Old { (old, (id, new)) } else { (new, (old, id)) };
                self.pair = Some(pair);
                if gone != pair.0 && gone != pair.1 {
                    self.all.retain(|file| file.id != gone);
                }
            }
            // One more beside the two: the matrix has it.
            (Some(_), _, _) => {}
            (None, Some((side, waiting)), target) if target != Target::Side(side) => {
                self.pair = Some(if side == Side::Old { (waiting, id) } else { (id, waiting) });
                self.waiting = None;
            }
            (None, Some((side, waiting)), _) => {
                self.all.retain(|file| file.id != waiting);
                self.waiting = Some((side, id));
            }
            (None, None, Target::Side(side)) => self.waiting = Some((side, id)),
            (None, None, _) => self.waiting = Some((natural, id)),
        }
    }

    /// What the address asks for, once so many files are open.
    pub(super) fn wish(&mut self, pair: Option<(usize, usize)>) {
        self.wish = pair;
        if !self.is_reading() {
            self.grant();
        }
    }

    fn grant(&mut self) {
        let open = self.open_ids();
        if let Some((old, new)) = self.wish
            && let (Some(old), Some(new)) = (open.get(old), open.get(new))
        {
            self.pair = Some((*old, *new));
            self.wish = None;
        }
    }

    /// The two that are compared by their places among the open files, where that is not plain.
    pub(super) fn pair_places(&self) -> Option<(usize, usize)> {
        let open = self.open_ids();
        let place = |id: FileId| open.iter().position(|known| *known == id);
        let (old, new) = self.pair?;
        Some((place(old)?, place(new)?)).filter(|pair| *pair != (0, open.len().saturating_sub(1)))
    }

    /// Old before new.
    fn sort(&mut self) {
        let Some((old, new)) = self.pair else { return };
        let place = |id| self.all.iter().position(|file: &File| file.id == id);
        if let (Some(a), Some(b)) = (place(old), place(new))
            && a > b
            && self.open_ids().len() == 2
        {
            self.all.swap(a, b);
        }
    }
}

fn is_of_migrations(files: &[File], id: FileId) -> bool {
    files.iter().filter(|file| file.id == id).any(File::is_of_migrations)
}

/// What stands comes before what should stand.
fn rank(head: &Head) -> u8 {
    match head.kind.as_str() {
        "database" => 0,
        "models" => 2,
        _ => 1,
    }
}

/// What stands first, of the same kind the earlier one.
fn age(head: &Head) -> (u8, Option<String>) {
    (rank(head), head.taken_at.clone())
}
