//! What the page is made of: functions of the state; what happens goes out as an action. A component is what has
//! a state of its own or is spared being drawn anew: each is five kilobytes of the module, a function is none.

mod changes;
mod chips;
mod code;
mod difference;
mod drop_zone;
mod files_bar;
mod help;
mod map;
mod matrix;
mod messages;
mod migration;
mod name;
mod object;
mod overview;
mod palette;
mod start;
mod tabs;
mod topbar;
mod tree;

pub(crate) use changes::changes;
pub(crate) use chips::filters;
pub(crate) use drop_zone::DropZone;
pub(crate) use files_bar::files_bar;
pub(crate) use help::Help;
pub(crate) use map::map_view;
pub(crate) use matrix::Matrix;
pub(crate) use messages::messages;
pub(crate) use migration::Migration;
pub(crate) use overview::Overview;
pub(crate) use palette::Palette;
pub(crate) use start::start;
pub(crate) use tabs::tabs;
pub(crate) use topbar::Topbar;

use yew::prelude::*;

use crate::app::Shown;
use crate::open::Desk;
use crate::state::Action;

/// What most components are given: the state.
#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: Shown,
}

/// Where components send actions to.
#[hook]
fn use_desk() -> Desk {
    use_context::<Desk>().expect("every component stands within the page's context")
}

/// A handler that sends the action that `make` makes.
fn acts<E: 'static>(desk: &Desk, make: impl Fn() -> Action + 'static) -> Callback<E> {
    let desk = desk.clone();
    Callback::from(move |_| desk.act(make()))
}

/// A handler that sends the action that `make` makes of what it is given.
fn sends<T: 'static>(desk: &Desk, make: fn(T) -> Action) -> Callback<T> {
    let desk = desk.clone();
    Callback::from(move |value| desk.act(make(value)))
}

/// Choices of which one holds: a row of radio buttons that looks like a switch.
fn switch<T: Copy + PartialEq + 'static>(
    name: &'static str,
    legend: &'static str,
    choices: &[(T, &'static str, &'static str)],
    chosen: T,
    on_choice: &Callback<T>,
) -> Html {
    let choice = |(value, id, word): &(T, &'static str, &'static str)| {
        let (value, on_choice) = (*value, on_choice.clone());
        let onchange = Callback::from(move |_: Event| on_choice.emit(value));
        html! {
            <label key={*id}>
                <input type="radio" {name} class="unseen" value={*id} checked={value == chosen} {onchange} />
                <span>{ *word }</span>
            </label>
        }
    };
    html! {
        <fieldset class="switch">
            <legend class="unseen">{ legend }</legend>
            { for choices.iter().map(choice) }
        </fieldset>
    }
}

/// What stands where an answer is not there yet. It comes into sight only when it takes a while.
fn waiting(what: &'static str) -> Html {
    html! { <p class="waiting" role="status">{ what }{ "…" }</p> }
}
