//! What crosses between page and worker: [`bytes`], and files as the browser hands them over.

pub(crate) mod bytes;

use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use viewer::ask::{Answer, Ask, FileId, Head};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::MessageEvent;

/// A message and what comes along with it, as it is posted.
pub(crate) fn posted(message: &impl Serialize, payload: &JsValue) -> Array {
    Array::of2(&Uint8Array::from(&bytes::write(message)[..]), payload)
}

/// What was posted.
pub(crate) fn received<T: DeserializeOwned>(event: &MessageEvent) -> (T, JsValue) {
    let posted: Array = event.data().unchecked_into();
    let message: Uint8Array = posted.get(0).unchecked_into();
    (bytes::read(&message.to_vec()), posted.get(1))
}

/// From the page.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Read the file that comes along.
    Open(FileId, String),
    /// Read what stands at an address.
    Fetch(FileId, String, String),
    /// Make up an old and a new file of so many tables.
    Large([FileId; 2], u32),
    /// Read no further.
    Cancel(FileId),
    /// Forget a file.
    Close(FileId),
    /// Answer a question.
    Ask(Ask),
    /// Hand over a file's text.
    Export(FileId),
    /// Put these files into the page's one-file form, which stands at this address.
    Report(Vec<FileId>, String),
}

/// From the worker.
#[allow(clippy::large_enum_variant, reason = "there is one at a time, so that the large ones cost nothing")]
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Event {
    /// So many bytes of a file were read, of so many where that is known.
    Progress(FileId, f64, Option<f64>),
    /// A file is open, or why it is not.
    Opened(FileId, Result<Head, String>),
    /// The answer to a question.
    Answered(Ask, Answer),
    /// A file's text comes along, under this name.
    Exported(FileId, String),
    /// The report comes along; or why there is none.
    Reported(Result<(), String>),
}
