//! Paints a message when the program fails, in place of a page that no longer answers.

use web_sys::{Document, Element};

use crate::dom;

/// Makes every panic visible.
pub(crate) fn install() {
    // Not the standard library's `set_hook`: Yew would put its own hook in place of it.
    yew::set_custom_panic_hook(Box::new(|info| {
        let message = info.to_string();
        web_sys::console::error_1(&message.as_str().into());
        // Where even this fails, the console has it.
        let _ = dom::document().and_then(|document| paint(&document, &message));
    }));
}

fn paint(document: &Document, message: &str) -> Option<()> {
    let element = |name: &str, text: &str| -> Option<Element> {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(text));
        Some(element)
    };
    let root = document.create_element("main").ok()?;
    root.set_attribute("class", "stopped").ok()?;
    root.set_attribute("role", "alert").ok()?;
    let again = element("a", "Open the page again")?;
    again.set_attribute("class", "button").ok()?;
    again.set_attribute("href", "").ok()?;
    let detail = element("pre", message)?;
    detail.set_attribute("tabindex", "0").ok()?;
    let parts = [
        element("h1", "The page has stopped")?,
        element(
            "p",
            "This is a mistake in driftglass. Your files are as they were; nothing was sent anywhere.",
        )?,
        detail,
        again,
    ];
    for part in parts {
        root.append_child(&part).ok()?;
    }
    let body = document.body()?;
    body.set_text_content(None);
    body.append_child(&root).ok()?;
    Some(())
}
