//! The few things that are asked of the browser directly: elements, focus, what it remembers.

use wasm_bindgen::JsCast as _;
use web_sys::{
    Document, Element, HtmlDialogElement, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, Storage,
};

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Gives an element the focus; the browser brings it into view.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that takes no focus is left alone.
        let _ = element.focus();
    }
}

/// Opens a dialog, which holds the focus until it is closed. The dialog itself is all that knows whether it is
/// open: what the page remembered beside it would be late by an event.
pub(crate) fn open_dialog(id: &str) {
    let dialog = by_id(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        // Fails only for a dialog that is open already.
        let _ = dialog.show_modal();
    }
}

/// Scrolls as little as is needed to see an element.
pub(crate) fn scroll_to(id: &str) {
    if let Some(element) = by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the page is too narrow for the list and what is selected to stand side by side.
pub(crate) fn is_narrow() -> bool {
    let width =
        web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 900.0)
}

/// What this browser remembers for the page; nothing where it is not allowed to.
pub(crate) fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Makes this browser remember something, if it may.
pub(crate) fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Sets an attribute of the whole document.
pub(crate) fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute(name, value);
    }
}
