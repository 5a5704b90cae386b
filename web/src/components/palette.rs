//! The palette: any object or column of either side, by a few letters of its name.

use std::rc::Rc;

use viewer::search::Hit;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::{Props, name, use_desk};
use crate::dom;
use crate::state::Action;

/// The dialog.
const ID: &str = "palette";

#[component]
pub(crate) fn Palette(props: &Props) -> Html {
    let desk = use_desk();
    let at = use_state(|| 0_usize);
    let state = &props.state;
    let is_open = state.search.is_some();
    use_effect_with(is_open, |is_open| {
        if *is_open {
            dom::open_dialog(ID);
        } else {
            dom::close_dialog(ID);
        }
    });
    let hits = state.answers.search().cloned().unwrap_or_default();
    let chosen = (*at).min(hits.len().saturating_sub(1));
    let on_input = {
        let (desk, at) = (desk.clone(), at.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                at.set(0);
                desk.act(Action::Search(Some(input.value())));
            }
        })
    };
    let show = {
        let (desk, hits) = (desk.clone(), Rc::clone(&hits));
        move |place: usize| {
            if let Some(hit) = hits.get(place) {
                desk.act(Action::Reveal(hit.top.as_str().into()));
            }
        }
    };
    let onkeydown = {
        let (desk, at, show, last) = (desk.clone(), at.setter(), show.clone(), hits.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => at.set((chosen + 1).min(last)),
                "ArrowUp" => at.set(chosen.saturating_sub(1)),
                "Enter" => show(chosen),
                // The browser would say a moment later that it has closed the dialog, and a key in that moment be lost.
                "Escape" => desk.act(Action::Search(None)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let item = target.and_then(|target| target.closest("[data-at]").ok().flatten());
        if let Some(place) = item.and_then(|item| item.get_attribute("data-at")?.parse().ok()) {
            show(place);
        }
    });
    let onclose = Callback::from(move |event: Event| {
        let dialog = event.target_dyn_into::<HtmlDialogElement>();
        // What is told late may be of a dialog that is open again.
        if !dialog.is_some_and(|dialog| dialog.open()) {
            desk.act(Action::Search(None));
        }
    });
    let text = state.search.as_deref().unwrap_or_default().to_owned();
    html! {
        <dialog id={ID} class="palette" aria-label="Find an object" {onclose}>
            <input type="text" id="search" role="combobox" aria-expanded={(!hits.is_empty()).to_string()} aria-controls="hits"
                aria-autocomplete="list" aria-activedescendant={(!hits.is_empty()).then(|| format!("hit-{chosen}"))}
                aria-label="Find any object or column" placeholder="Find any object or column" autocomplete="off"
                spellcheck="false" value={text.clone()} oninput={on_input} {onkeydown} />
            <ul id="hits" role="listbox" aria-label="Found" {onclick}>
                { for hits.iter().enumerate().map(|(place, hit)| item(place, hit, place == chosen)) }
            </ul>
            <p class="found" role="status">
                if is_open && !text.trim().is_empty() && hits.is_empty() {
                    { "Nothing has this name." }
                } else if text.trim().is_empty() {
                    { "Type a few letters; " }<code>{ "column:" }</code>{ " and other kinds narrow it." }
                }
            </p>
        </dialog>
    }
}

fn item(place: usize, hit: &Hit, is_chosen: bool) -> Html {
    html! {
        <li key={hit.id.clone()} role="option" id={format!("hit-{place}")} data-at={place.to_string()} aria-selected={is_chosen.to_string()}>
            <code>{ marked(&hit.path, &hit.matches) }</code>
            <span class="quiet">{ " " }{ &hit.kind }</span>
        </li>
    }
}

/// A text with the parts marked that were searched for.
fn marked(text: &str, matches: &[(usize, usize)]) -> Html {
    let mut parts = Vec::new();
    let mut next = 0;
    for (start, end) in matches {
        let (Some(before), Some(found)) = (text.get(next..*start), text.get(*start..*end)) else { continue };
        parts.push(name::bare(before));
        parts.push(html! { <mark>{ name::bare(found) }</mark> });
        next = *end;
    }
    parts.push(name::bare(text.get(next..).unwrap_or_default()));
    html! { <>{ for parts }</> }
}
