//! One worker: messages to it, events from it.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use crate::wire::{self, Event, Request};

/// A worker, and what listens to it.
pub(super) struct Link {
    worker: Worker,
    /// Whether it has failed: it answers nothing any more.
    is_over: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Link {
    /// The memory of a worker goes with the worker alone.
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Link {
    /// Listens to a worker: to its events with what comes along, and to its end.
    pub(super) fn new(
        worker: Worker,
        on_event: impl Fn(Event, JsValue) + 'static,
        on_end: impl Fn() + 'static,
    ) -> Self {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let (event, payload) = wire::received(&event);
            on_event(event, payload);
        });
        let is_over: Rc<Cell<bool>> = Rc::default();
        let over = Rc::clone(&is_over);
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| {
            over.set(true);
            on_end();
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, is_over, _on_message: on_message, _on_error: on_error }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.get()
    }

    pub(super) fn send(&self, request: &Request, payload: &JsValue) {
        // Fails only for values that cannot be copied; bytes and files can.
        let _ = self.worker.post_message(&wire::posted(request, payload));
    }
}
