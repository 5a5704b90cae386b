//! Dropping files anywhere on the page.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element};
use yew::prelude::*;

use super::use_desk;
use crate::open::Desk;
use crate::state::{Side, Target};

/// Shows where files can be dropped while some are held over the page, and reads them.
#[component]
pub(crate) fn DropZone() -> Html {
    let desk = use_desk();
    // Entering an element comes before leaving the one around it, so the two are counted.
    let depth = use_mut_ref(|| 0_i32);
    let is_over = use_state(|| false);
    {
        let is_over = is_over.setter();
        use_effect_with((), move |()| {
            let listeners = web_sys::window().map(|window| {
                ["dragenter", "dragover", "dragleave", "drop"].map(|name| {
                    let (depth, is_over, desk) = (depth.clone(), is_over.clone(), desk.clone());
                    let options = EventListenerOptions::enable_prevent_default();
                    EventListener::new_with_options(&window, name, options, move |event| {
                        let Some(event) = event.dyn_ref::<DragEvent>().filter(|event| carries_files(event))
                        else {
                            return;
                        };
                        event.prevent_default();
                        let mut depth = depth.borrow_mut();
                        match name {
                            "dragenter" => *depth += 1,
                            "dragleave" => *depth -= 1,
                            "drop" => {
                                *depth = 0;
                                read(event, &desk);
                            }
                            _ => return,
                        }
                        is_over.set(*depth > 0);
                    })
                })
            });
            move || drop(listeners)
        });
    }
    html! {
        if *is_over {
            <div class="drop" aria-hidden="true"><p>{ "Drop snapshots here" }</p></div>
        }
    }
}

/// Text and links may be dragged too; they are none of the page's business.
fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
}

fn read(event: &DragEvent, desk: &Desk) {
    let Some(list) = event.data_transfer().and_then(|data| data.files()) else { return };
    desk.files(&list, target(event));
}

/// The side whose place the files were dropped on.
fn target(event: &DragEvent) -> Target {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let place = element.and_then(|element| element.closest("[data-side]").ok().flatten());
    match place.and_then(|place| place.get_attribute("data-side")).as_deref() {
        Some("old") => Target::Side(Side::Old),
        Some("new") => Target::Side(Side::New),
        _ => Target::Anywhere,
    }
}
