//! The page's end of the worker: sends requests, and what comes back goes into the state.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use viewer::ask::{Answer, Ask, FileId};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageEvent, Worker};

use crate::dom;
use crate::open::Dispatch;
use crate::state::{Action, topic};
use crate::wire::{self, Event, Request};

/// Starts workers.
#[derive(Clone, Debug)]
pub(crate) struct Start(Rc<Function>);

impl Start {
    pub(crate) fn new(function: Function) -> Self {
        Self(Rc::new(function))
    }
}

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A worker at work.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

struct Inner {
    worker: Worker,
    /// The topics of the questions on their way, one each: the next is asked when the answer is there.
    asked: Rc<RefCell<Vec<&'static str>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Drop for Inner {
    /// The memory of a worker goes with the worker alone.
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Engine {
    /// Starts a worker whose events go to `dispatch`; nothing where the browser refuses.
    pub(crate) fn start(start: &Start, dispatch: &Dispatch) -> Option<Self> {
        let worker: Worker = start.0.call0(&JsValue::UNDEFINED).ok()?.unchecked_into();
        let asked: Rc<RefCell<Vec<&str>>> = Rc::default();
        let (to_state, answered) = (dispatch.clone(), Rc::clone(&asked));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let (event, payload) = wire::received(&event);
            if let Event::Answered(ask, _) = &event {
                answered.borrow_mut().retain(|asked| *asked != topic(ask));
            }
            if let Event::Reported(Ok(())) = &event {
                return dom::save("report.html", &payload.unchecked_into());
            }
            to_state.dispatch(action(event));
        });
        let to_state = dispatch.clone();
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| {
            to_state.dispatch(Action::Stopped);
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self(Rc::new(Inner { worker, asked, _on_message: on_message, _on_error: on_error })))
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
    }

    /// Puts files into the page's one-file form and lets the browser save it.
    pub(crate) fn report(&self, ids: Vec<FileId>, shell: String) {
        self.send(&Request::Report(ids, shell), &JsValue::UNDEFINED);
    }

    /// Asks what is not being asked already; of each topic one question is on its way.
    pub(crate) fn ask(&self, wanted: &[Ask]) {
        for ask in wanted {
            let topic = topic(ask);
            if !self.0.asked.borrow().contains(&topic) {
                self.0.asked.borrow_mut().push(topic);
                self.send(&Request::Ask(ask.clone()), &JsValue::UNDEFINED);
            }
        }
    }

    fn send(&self, request: &Request, payload: &JsValue) {
        // Fails only for values that cannot be copied; bytes and files can.
        let _ = self.0.worker.post_message(&wire::posted(request, payload));
    }
}

fn action(event: Event) -> Action {
    match event {
        Event::Progress(id, done, total) => Action::Progress(id, done, total),
        Event::Opened(id, Ok(head)) => Action::Opened(id, head),
        Event::Opened(id, Err(why)) => Action::Refused(id, why),
        Event::Reported(Ok(())) => Action::Dismiss,
        Event::Reported(Err(why)) => Action::Notice(format!("There is no report: {why}.")),
        Event::Answered(ask, Answer::Failed(why)) => Action::Unanswered(ask, why),
        Event::Answered(ask, answer) => Action::Answered(ask, Box::new(answer)),
    }
}
