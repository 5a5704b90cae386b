//! The worker that plans. Its module is larger than the page's, and loaded when something is first to be planned.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use viewer::ask::{Ask, FileId};
use wasm_bindgen::prelude::*;

use super::Start;
use super::link::Link;
use crate::wire::{Event, Request};

/// The worker that plans: which files it has, and what waits for files that are on their way to it.
pub(super) struct Planner {
    start: Start,
    on_event: Rc<dyn Fn(Event)>,
    on_end: Rc<dyn Fn()>,
    link: RefCell<Option<Link>>,
    files: Rc<RefCell<Files>>,
}

#[derive(Default)]
struct Files {
    /// Those that were asked for, and are here or on their way.
    known: BTreeSet<FileId>,
    here: BTreeSet<FileId>,
    waiting: Vec<(Ask, [FileId; 2])>,
}

impl Files {
    /// Takes the questions whose files are here.
    fn ready(&mut self) -> Vec<Ask> {
        let is_here = |(_, files): &(Ask, [FileId; 2])| files.iter().all(|id| self.here.contains(id));
        let (ready, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(is_here);
        self.waiting = waiting;
        let ready: Vec<(Ask, [FileId; 2])> = ready;
        ready.into_iter().map(|(ask, _)| ask).collect()
    }
}

impl Planner {
    pub(super) fn new(start: Start, on_event: impl Fn(Event) + 'static, on_end: impl Fn() + 'static) -> Self {
        let (link, files) = (RefCell::default(), Rc::default());
        Self { start, on_event: Rc::new(on_event), on_end: Rc::new(on_end), link, files }
    }

    pub(super) fn is_over(&self) -> bool {
        self.link.borrow().as_ref().is_some_and(Link::is_over)
    }

    /// Asks a question about two files. Gives those of them that are to be handed over first.
    pub(super) fn ask(self: &Rc<Self>, ask: &Ask, files: [FileId; 2]) -> Vec<FileId> {
        if self.link.borrow().is_none() {
            let link = self.started();
            self.link.replace(link);
        }
        self.files.borrow_mut().waiting.push((ask.clone(), files));
        self.go();
        let mut known = self.files.borrow_mut();
        let missing = BTreeSet::from(files);
        missing.into_iter().filter(|id| known.known.insert(*id)).collect()
    }

    fn started(self: &Rc<Self>) -> Option<Link> {
        let planner = Rc::downgrade(self);
        let on_event = move |event: Event, _: JsValue| {
            let Some(planner) = planner.upgrade() else { return };
            match event {
                Event::Opened(id, _) => {
                    planner.files.borrow_mut().here.insert(id);
                    planner.go();
                }
                // How far the handing over has come is nobody's concern.
                Event::Progress(..) => {}
                event => (planner.on_event)(event),
            }
        };
        let on_end = Rc::clone(&self.on_end);
        Some(Link::new(self.start.planner()?, on_event, move || on_end()))
    }

    /// Takes a file that was handed over.
    pub(super) fn open(&self, id: FileId, name: String, content: &JsValue) {
        self.send(&Request::Open(id, name), content);
    }

    /// Forgets a file.
    pub(super) fn close(&self, id: FileId) {
        let mut files = self.files.borrow_mut();
        files.known.remove(&id);
        files.here.remove(&id);
        files.waiting.retain(|(_, files)| !files.contains(&id));
        self.send(&Request::Close(id), &JsValue::UNDEFINED);
    }

    /// Sends the questions whose files are here.
    fn go(&self) {
        for ask in self.files.borrow_mut().ready() {
            self.send(&Request::Ask(ask), &JsValue::UNDEFINED);
        }
    }

    fn send(&self, request: &Request, payload: &JsValue) {
        if let Some(link) = self.link.borrow().as_ref() {
            link.send(request, payload);
        }
    }
}
