//! The workbench: the list of what differs, and beside it the object that is looked at.

use std::collections::BTreeSet;

use viewer::ask::Grouping;
use yew::prelude::*;

use super::object::Object;
use super::tree::Tree;
use super::{acts, sends, switch, waiting};
use crate::app::{Shared, Shown};
use crate::open::Desk;
use crate::state::{Action, Step, View};
use crate::text;

/// The last one where the migrations tell.
const GROUPINGS: [(Grouping, &str, &str); 5] = [
    (Grouping::Table, "table", "Table"),
    (Grouping::Kind, "kind", "Kind"),
    (Grouping::Risk, "risk", "Risk"),
    (Grouping::Cause, "cause", "Cause"),
    (Grouping::Why, "why", "Why"),
];

/// The differences, and one object of them.
pub(crate) fn changes(desk: &Desk, state: &Shown) -> Html {
    let is_shown = state.object.is_some();
    html! {
        <div class="bench" data-shows={if is_shown { "object" } else { "list" }}>
            <h1 class="unseen">{ if state.is_single() { "Objects" } else { "Changes" } }</h1>
            <section class="left" aria-label="Differences">
                { head(desk, state) }
                if let Some(changes) = state.answers.changes() {
                    if changes.rows.is_empty() {
                        { nothing(desk, state) }
                    } else {
                        <Tree changes={Shared::from(changes)} object={state.object.clone()} entry={state.entry}
                            picked={state.picked.clone()} reviewed={Shared::from(&state.reviewed)}
                            has_ticks={!state.is_single()} />
                    }
                } else {
                    { waiting("Comparing") }
                }
                { foot(desk, state) }
            </section>
            <section class="right" aria-label="The object">
                if is_shown {
                    <Object state={state.clone()} />
                } else {
                    { invitation(desk, state) }
                }
            </section>
        </div>
    }
}

fn head(desk: &Desk, state: &Shown) -> Html {
    let on_group = sends(desk, Action::Group);
    let is_whole = state.listing.is_whole;
    let is_told = state.answers.overview().is_some_and(|told| !told.standing.is_empty());
    let groupings = if is_told { &GROUPINGS[..] } else { &GROUPINGS[..4] };
    let is_by_table = state.listing.grouping == Grouping::Table;
    html! {
        <div class="list-head">
            if !state.is_single() {
                { switch("grouping", "Sort by", groupings, state.listing.grouping, &on_group) }
                if is_by_table {
                    <label class="check">
                        <input type="checkbox" id="whole" checked={is_whole} onchange={acts(desk, move || Action::Whole(!is_whole))} />
                        { "unchanged too" }
                    </label>
                }
            }
        </div>
    }
}

fn nothing(desk: &Desk, state: &Shown) -> Html {
    let is_filtered = !state.listing.filter.is_empty();
    html! {
        <div class="nothing">
            if is_filtered {
                <p>{ "No difference passes the filter." }</p>
                <button type="button" class="button" onclick={acts(desk, || Action::Filter(viewer::ask::Filter::default()))}>
                    { "Show all" }
                </button>
            } else {
                <p>{ "Nothing differs." }</p>
            }
        </div>
    }
}

/// What can be done with what is ticked.
fn foot(desk: &Desk, state: &Shown) -> Html {
    let count = state.picked.len();
    if count == 0 {
        return Html::default();
    }
    let (way, only) = (state.way.clone(), state.picked.clone());
    let on_plan = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| {
            desk.act(Action::Way(viewer::ask::Way { only: Some(only.clone()), ..way.clone() }));
            desk.act(Action::Go(View::Migration));
        })
    };
    html! {
        <div class="list-foot" role="status">
            <span>{ text::counted(count, "object") }{ " ticked" }</span>
            <button type="button" class="button strong" id="plan-picked" onclick={on_plan}>{ "Migration of these" }</button>
            <button type="button" class="button quiet" onclick={acts(desk, || Action::PickAll(BTreeSet::new()))}>{ "None" }</button>
        </div>
    }
}

/// What stands on the right before an object is chosen.
fn invitation(desk: &Desk, state: &Shown) -> Html {
    let what = if state.is_single() { "an object" } else { "a difference" };
    html! {
        <div class="invitation">
            <p>{ format!("Choose {what} on the left to see it whole.") }</p>
            <p>
                <button type="button" class="button" id="begin" onclick={acts(desk, || Action::Move(Step::Next))}>
                    { "Begin with the first" }<kbd aria-hidden="true">{ "j" }</kbd>
                </button>
            </p>
        </div>
    }
}
