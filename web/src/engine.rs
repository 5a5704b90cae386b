//! The page's end of the workers: sends requests, and what comes back goes into the state.

mod link;
mod planner;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use viewer::ask::{Answer, Ask, FileId};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, Worker};

use crate::dom;
use crate::open::Dispatch;
use crate::state::{Action, topic};
use crate::wire::{Event, Request};
use link::Link;
use planner::Planner;

/// Starts workers.
#[derive(Clone, Debug)]
pub(crate) struct Start(Rc<[Function; 2]>);

impl Start {
    pub(crate) fn new(worker: Function, planner: Function) -> Self {
        Self(Rc::new([worker, planner]))
    }

    fn worker(&self) -> Option<Worker> {
        Some(self.0[0].call0(&JsValue::UNDEFINED).ok()?.unchecked_into())
    }

    fn planner(&self) -> Option<Worker> {
        Some(self.0[1].call0(&JsValue::UNDEFINED).ok()?.unchecked_into())
    }
}

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A worker at work, and one that plans where the first one cannot.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

struct Inner {
    worker: Link,
    /// The topics of the questions on their way, one each: the next is asked when the answer is there.
    asked: Rc<RefCell<Vec<&'static str>>>,
    planner: Rc<Planner>,
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Engine {
    /// Starts a worker whose events go to `dispatch`; nothing where the browser refuses.
    pub(crate) fn start(start: &Start, dispatch: &Dispatch) -> Option<Self> {
        let asked: Rc<RefCell<Vec<&str>>> = Rc::default();
        let to_state = {
            let (dispatch, answered) = (dispatch.clone(), Rc::clone(&asked));
            move |event: Event| {
                if let Event::Answered(ask, _) = &event {
                    answered.borrow_mut().retain(|asked| *asked != topic(ask));
                }
                dispatch.dispatch(action(event));
            }
        };
        let stopped = {
            let dispatch = dispatch.clone();
            move || dispatch.dispatch(Action::Stopped)
        };
        let planner = Rc::new(Planner::new(start.clone(), to_state.clone(), stopped.clone()));
        let exported = Rc::clone(&planner);
        let on_event = move |event: Event, payload: JsValue| match event {
            Event::Reported(Ok(())) => dom::save("report.html", &payload.unchecked_into()),
            Event::Exported(id, name) => exported.open(id, name, &payload),
            event => to_state(event),
        };
        let worker = Link::new(start.worker()?, on_event, stopped);
        Some(Self(Rc::new(Inner { worker, asked, planner })))
    }

    /// Whether a worker has failed: nothing more comes of it.
    pub(crate) fn is_over(&self) -> bool {
        self.0.worker.is_over() || self.0.planner.is_over()
    }

    /// Reads a file's content.
    pub(crate) fn open(&self, id: FileId, name: String, content: &Blob) {
        self.send(&Request::Open(id, name), content);
    }

    /// Reads what stands at an address.
    pub(crate) fn fetch(&self, id: FileId, name: String, address: String) {
        self.send(&Request::Fetch(id, name, address), &JsValue::UNDEFINED);
    }

    /// Makes up an old and a new file of so many tables.
    pub(crate) fn large(&self, ids: [FileId; 2], tables: u32) {
        self.send(&Request::Large(ids, tables), &JsValue::UNDEFINED);
    }

    /// Stops reading a file.
    pub(crate) fn cancel(&self, id: FileId) {
        self.send(&Request::Cancel(id), &JsValue::UNDEFINED);
    }

    /// Forgets a file.
    pub(crate) fn close(&self, id: FileId) {
        self.send(&Request::Close(id), &JsValue::UNDEFINED);
        self.0.planner.close(id);
    }

    /// Puts files into the page's one-file form and lets the browser save it.
    pub(crate) fn report(&self, ids: Vec<FileId>, shell: String) {
        self.send(&Request::Report(ids, shell), &JsValue::UNDEFINED);
    }

    /// Asks what is not being asked already; of each topic one question is on its way.
    pub(crate) fn ask(&self, wanted: &[Ask]) {
        for ask in wanted {
            let topic = topic(ask);
            if self.0.asked.borrow().contains(&topic) {
                continue;
            }
            self.0.asked.borrow_mut().push(topic);
            match ask.planned() {
                Some(files) if !cfg!(feature = "plans") => {
                    for id in self.0.planner.ask(ask, files) {
                        self.send(&Request::Export(id), &JsValue::UNDEFINED);
                    }
                }
                _ => self.send(&Request::Ask(ask.clone()), &JsValue::UNDEFINED),
            }
        }
    }

    fn send(&self, request: &Request, payload: &JsValue) {
        self.0.worker.send(request, payload);
    }
}

fn action(event: Event) -> Action {
    match event {
        Event::Progress(id, done, total) => Action::Progress(id, done, total),
        Event::Opened(id, Ok(head)) => Action::Opened(id, head),
        Event::Opened(id, Err(why)) => Action::Refused(id, why),
        // What comes along with these is seen to where it comes in.
        Event::Reported(Ok(())) | Event::Exported(..) => Action::Dismiss,
        Event::Reported(Err(why)) => Action::Notice(format!("There is no report: {why}.")),
        Event::Answered(ask, Answer::Failed(why)) => Action::Unanswered(ask, why),
        Event::Answered(ask, answer) => Action::Answered(ask, Box::new(answer)),
    }
}
