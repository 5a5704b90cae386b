//! The page: snapshots compared in the browser. Nothing leaves it.
//!
//! ```text
//! files ─► open ─┐                         page │ worker
//!                ├─► Action ─► State ─► wanted ─┼─► Ask ─► viewer::Store
//! keys, clicks ──┘     ▲         └► components  │            │
//!                      └──────── engine ◄───────┼─ Answer ◄──┘
//! ```
//!
//! [`State`](state::State) holds what is looked at and the answers, and knows no DOM; components are functions of
//! it. Snapshots stay in the worker, where they are read, compared and planned: the page itself never waits.

mod address;
mod app;
mod components;
mod dom;
mod engine;
mod keys;
mod open;
mod panic;
mod state;
mod text;
mod wire;
mod worker;

use diff_core::{DiffOptions, Report, Snapshot, diff, render};
use wasm_bindgen::prelude::*;

/// Shows the page in the element `app`. `start_worker` gives a new worker that runs [`work`]; so does
/// `start_planner`, of the module with the planner where this one has none.
#[wasm_bindgen]
pub fn show(start_worker: js_sys::Function, start_planner: js_sys::Function) {
    panic::install();
    let Some(root) = dom::by_id("app") else { return };
    root.set_text_content(None);
    let start = engine::Start::new(start_worker, start_planner);
    yew::Renderer::<app::App>::with_root_and_props(root, app::Props { start }).render();
}

/// Serves a page, within a worker.
#[wasm_bindgen]
pub fn work() {
    worker::serve();
}

/// Compares two snapshot files; gives the report as `driftglass diff --format json` writes it.
///
/// # Errors
/// Names the side whose text is not a snapshot, and why.
#[wasm_bindgen]
pub fn compare(old: &str, new: &str) -> Result<String, JsError> {
    let read = |side: &str, text: &str| {
        Snapshot::from_json(text.as_bytes()).map_err(|error| JsError::new(&format!("{side}: {error}")))
    };
    let (old, new) = (read("old", old)?, read("new", new)?);
    let options = DiffOptions::default();
    let found = diff(&old, &new, &options);
    Ok(render::json(&Report::new(&old, &new, &found, &options)))
}

/// Fails as a mistake in the page would: so that a test can see what is shown then.
#[wasm_bindgen]
pub fn fail() {
    panic!("a failure that was asked for");
}
