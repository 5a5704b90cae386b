//! The keyboard: which key does what, and listening for it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use diff_core::collect;
use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::app::Shown;
use crate::dom;
use crate::open::Desk;
use crate::state::{Action, Lens, Step, View};

/// The keys and what they do, as the help shows them.
pub(crate) const KEYS: &[(&[&str], &str)] = &[
    (&["j", "]"], "Next object"),
    (&["k", "["], "Previous object"),
    (&["n"], "Next difference of the object"),
    (&["p"], "Previous difference of the object"),
    (&["s"], "Summary, SQL beside each other, SQL in one column"),
    (&["v"], "Mark the object as reviewed, or not"),
    (&["x"], "Tick the object for a migration of its own, or not"),
    (&["y"], "Copy a link to what is shown"),
    (&["/"], "Filter"),
    (&["t"], "Find any object or column; also Ctrl K"),
    (&["g o"], "Overview"),
    (&["g c"], "Changes"),
    (&["g m"], "Map"),
    (&["g s"], "Migration"),
    (&["g x"], "Matrix"),
    (&["?"], "This list"),
    (&["Esc"], "Leave the field; close the object"),
];

/// Where the browser remembers that single keys do nothing.
const REMEMBERED: &str = "driftglass-keys";
/// Where the browser remembers what was reviewed.
const REVIEWED: &str = "driftglass-reviewed";

/// The dialog that shows [`KEYS`].
pub(crate) const HELP: &str = "keys";

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Move(Step),
    MoveEntry(Step),
    Lens,
    Review,
    Pick,
    Link,
    Filter,
    Find,
    /// The next key says where to.
    Lead,
    Help,
    Leave,
}

fn command(key: &str) -> Option<Command> {
    Some(match key {
        "j" | "]" => Command::Move(Step::Next),
        "k" | "[" => Command::Move(Step::Previous),
        "n" => Command::MoveEntry(Step::Next),
        "p" => Command::MoveEntry(Step::Previous),
        "s" => Command::Lens,
        "v" => Command::Review,
        "x" => Command::Pick,
        "y" => Command::Link,
        "/" => Command::Filter,
        "t" => Command::Find,
        "g" => Command::Lead,
        "?" => Command::Help,
        "Escape" => Command::Leave,
        _ => return None,
    })
}

/// The view that a key behind `g` leads to.
fn destination(key: &str) -> Option<View> {
    Some(match key {
        "o" => View::Overview,
        "c" => View::Changes,
        "m" => View::Map,
        "s" => View::Migration,
        "x" => View::Matrix,
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

/// The marks of what was reviewed in this browser.
pub(crate) fn reviewed() -> BTreeSet<String> {
    let remembered = dom::remembered(REVIEWED).unwrap_or_default();
    collect::set(remembered.split_whitespace().map(str::to_owned))
}

/// Marks differences as reviewed, or no longer; the browser remembers it.
pub(crate) fn review(desk: &Desk, mark: &str) {
    // Another tab may have marked others since.
    let mut marks = reviewed();
    let mark = mark.to_owned();
    if !marks.insert(mark.clone()) {
        marks = collect::without(marks, &mark);
    }
    dom::remember(REVIEWED, &marks.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
    desk.act(Action::Reviewed(marks));
}

/// Listens for the keys as long as the component lives.
#[hook]
pub(crate) fn use_keys(desk: &Desk, state: &Shown) {
    let shown = use_mut_ref(|| state.clone());
    *shown.borrow_mut() = state.clone();
    let desk = desk.clone();
    use_effect_with((), move |()| {
        let is_led = Rc::new(Cell::new(false));
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        let listener = dom::document().map(|document| {
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    let state = shown.borrow().clone();
                    on_key(event, &desk, &state, &is_led);
                }
            })
        });
        move || drop(listener)
    });
}

fn on_key(event: &KeyboardEvent, desk: &Desk, state: &Shown, is_led: &Cell<bool>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_within =
        |selector: &str| target.as_ref().is_some_and(|it| it.closest(selector).ok().flatten().is_some());
    if is_within("dialog") {
        return;
    }
    let is_find = (event.ctrl_key() || event.meta_key()) && event.key() == "k";
    if is_find && state.files.pair.is_some() {
        event.prevent_default();
        return desk.act(Action::Search(Some(String::new())));
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    if is_within("input:not([type=checkbox], [type=radio], [type=file]), textarea, select") {
        if event.key() == "Escape" && is_within("#filter") {
            event.prevent_default();
            dom::focus("main");
        }
        return;
    }
    if is_led.replace(false)
        && let Some(view) = destination(&event.key())
    {
        event.prevent_default();
        return desk.act(Action::Go(view));
    }
    let Some(command) = command(&event.key()) else { return };
    if command != Command::Leave && !are_on() {
        return;
    }
    event.prevent_default();
    is_led.set(command == Command::Lead);
    run(command, desk, state);
}

fn run(command: Command, desk: &Desk, state: &Shown) {
    let object = state.object.clone().filter(|_| state.view == View::Changes);
    match command {
        Command::Help => dom::open_dialog(HELP),
        _ if state.files.pair.is_none() => {}
        Command::Move(step) => desk.act(Action::Move(step)),
        Command::MoveEntry(step) => desk.act(Action::MoveEntry(step)),
        Command::Lens => desk.act(Action::Lens(match state.lens {
            Lens::Summary => Lens::Split,
            Lens::Split => Lens::Unified,
            Lens::Unified => Lens::Summary,
        })),
        Command::Review => {
            let shown = state.answers.object().and_then(|object| object.as_ref().as_ref());
            if let Some(shown) = shown.filter(|shown| object.is_some() && !shown.mark.is_empty()) {
                review(desk, &shown.mark);
            }
        }
        Command::Pick => {
            if let Some(object) = object {
                desk.act(Action::Pick(object));
            }
        }
        Command::Link => link(),
        Command::Filter => {
            desk.act(Action::Go(View::Changes));
            // The field is there once the view is.
            gloo_timers::callback::Timeout::new(0, || dom::focus("filter")).forget();
        }
        Command::Find => desk.act(Action::Search(Some(String::new()))),
        Command::Leave if object.is_some() => desk.act(Action::Select(None, None)),
        Command::Lead | Command::Leave => {}
    }
}

/// Puts a link to what is shown on the clipboard.
pub(crate) fn link() {
    if let Some(address) = web_sys::window().and_then(|window| window.location().href().ok()) {
        dom::copy(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_help_does_something() {
        for key in KEYS.iter().flat_map(|(keys, _)| keys.iter()) {
            let known = match key.split_once(' ') {
                Some((lead, to)) => command(lead) == Some(Command::Lead) && destination(to).is_some(),
                None => command(if *key == "Esc" { "Escape" } else { key }).is_some(),
            };
            assert!(known, "{key} does nothing");
        }
        assert_eq!(command("q"), None);
    }
}
