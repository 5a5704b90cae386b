//! The keyboard: which key does what, and listening for it.

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::dom;
use crate::open::Dispatch;
use crate::state::{Action, Step};

/// The keys and what they do, as the help shows them.
pub(crate) const KEYS: &[(&[&str], &str)] = &[
    (&["j", "]"], "Next object"),
    (&["k", "["], "Previous object; from the first one to the overview"),
    (&["n"], "Next difference of the object"),
    (&["p"], "Previous difference of the object"),
    (&["/"], "Filter"),
    (&["?"], "This list"),
    (&["Esc"], "Leave the filter; back to the overview"),
];

/// Where the browser remembers that single keys do nothing.
const REMEMBERED: &str = "driftglass-keys";

/// The dialog that shows [`KEYS`].
pub(crate) const HELP: &str = "keys";

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Move(Step),
    MoveEntry(Step),
    Filter,
    Help,
    Leave,
}

fn command(key: &str) -> Option<Command> {
    Some(match key {
        "j" | "]" => Command::Move(Step::Next),
        "k" | "[" => Command::Move(Step::Previous),
        "n" => Command::MoveEntry(Step::Next),
        "p" => Command::MoveEntry(Step::Previous),
        "/" => Command::Filter,
        "?" => Command::Help,
        "Escape" => Command::Leave,
        _ => return None,
    })
}

/// Whether single keys do something: speech input and slips of the hand can make them a nuisance.
pub(crate) fn are_on() -> bool {
    dom::remembered(REMEMBERED).as_deref() != Some("off")
}

/// Turns single keys on or off, from now on.
pub(crate) fn turn(is_on: bool) {
    dom::remember(REMEMBERED, if is_on { "on" } else { "off" });
}

/// Listens for the keys as long as the component lives.
#[hook]
pub(crate) fn use_keys(dispatch: Dispatch) {
    use_effect_with((), move |()| {
        let listener = dom::document().map(|document| {
            EventListener::new_with_options(
                &document,
                "keydown",
                gloo_events::EventListenerOptions::enable_prevent_default(),
                move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                        on_key(event, &dispatch);
                    }
                },
            )
        });
        move || drop(listener)
    });
}

fn on_key(event: &KeyboardEvent, dispatch: &Dispatch) {
    let is_chord = event.ctrl_key() || event.meta_key() || event.alt_key();
    let Some(command) = command(&event.key()) else { return };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_within =
        |selector: &str| target.as_ref().is_some_and(|it| it.closest(selector).ok().flatten().is_some());
    if is_chord || is_within("dialog") {
        return;
    }
    if is_within("input, textarea, select") {
        if command == Command::Leave && is_within("#filter") {
            dispatch.dispatch(Action::ClearFilter);
            dom::focus("detail");
        }
        return;
    }
    if command != Command::Leave && !are_on() {
        return;
    }
    event.prevent_default();
    match command {
        Command::Move(step) => dispatch.dispatch(Action::Move(step)),
        Command::MoveEntry(step) => dispatch.dispatch(Action::MoveEntry(step)),
        Command::Filter => dom::focus("filter"),
        Command::Help => dom::open_dialog(HELP),
        Command::Leave => dispatch.dispatch(Action::Select(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_help_does_something() {
        for key in KEYS.iter().flat_map(|(keys, _)| keys.iter()) {
            let name = if *key == "Esc" { "Escape" } else { key };
            assert!(command(name).is_some(), "{key} does nothing");
        }
        assert_eq!(command("x"), None);
    }
}
