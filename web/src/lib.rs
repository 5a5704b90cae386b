//! The page: two snapshots compared in the browser. Nothing leaves it.
//!
//! ```text
//! files ─► open ─► Action ─► State ─► components ─► DOM
//!                    ▲                    │
//!                    └──── keys, clicks ──┘
//! ```
//!
//! [`State`](state::State) holds everything and knows no DOM; components are functions of it. The comparison
//! is `diff_core`'s: the page gives the same report as the command, byte for byte ([`compare`]).

mod app;
mod components;
mod dom;
mod keys;
mod lines;
mod listing;
mod open;
mod panic;
mod state;
mod text;

use diff_core::{DiffOptions, Report, Snapshot, diff, render};
use wasm_bindgen::prelude::*;

/// Shows the page in the element `app`.
pub fn run() {
    panic::install();
    let Some(root) = dom::by_id("app") else { return };
    root.set_text_content(None);
    yew::Renderer::<app::App>::with_root(root).render();
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
