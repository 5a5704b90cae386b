//! One worker: messages to it, events from it.

use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use crate::wire::{self, Event, Request};

/// A worker, and what listens to it.
pub(super) struct Link {
    worker: Worker,
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
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| on_end());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, _on_message: on_message, _on_error: on_error }
    }

    pub(super) fn send(&self, request: &Request, payload: &JsValue) {
        // Fails only for values that cannot be copied; bytes and files can.
        let _ = self.worker.post_message(&wire::posted(request, payload));
    }
}
