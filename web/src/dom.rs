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

/// The part of the browser's address from `#` on.
pub(crate) fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Changes that part: as a step to come back to, or in place of the last one.
pub(crate) fn set_fragment(fragment: &str, is_new_place: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    let nothing = wasm_bindgen::JsValue::NULL;
    // A browser may refuse where too many changes follow each other; the next one takes.
    let _ = if is_new_place {
        history.push_state_with_url(&nothing, "", Some(fragment))
    } else {
        history.replace_state_with_url(&nothing, "", Some(fragment))
    };
}

/// Whether an event comes from where people write.
pub(crate) fn is_in_field(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|it| it.closest("input, textarea, select").ok().flatten().is_some())
}

/// Puts a text on the clipboard.
pub(crate) fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        // Where the browser refuses there is nothing that the page could do.
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Lets the browser save a text as a file.
pub(crate) fn save_text(name: &str, text: &str) {
    if let Ok(content) = web_sys::Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())) {
        save(name, &content);
    }
}

/// Lets the browser save a content as a file.
pub(crate) fn save(name: &str, content: &web_sys::Blob) {
    let Ok(address) = web_sys::Url::create_object_url_with_blob(content) else { return };
    let link = document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has the content by now.
    let _ = web_sys::Url::revoke_object_url(&address);
}

/// Closes a dialog, if it is open; the focus goes back to where it was.
pub(crate) fn close_dialog(id: &str) {
    let dialog = by_id(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(HtmlDialogElement::open) {
        // Where nothing had the focus before, the browser takes it out of what it hides only at its next picture, and
        // a key in between would be lost.
        let focused = document().and_then(|document| document.active_element());
        if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.blur();
        }
        dialog.close();
    }
}
