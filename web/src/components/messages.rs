//! What went wrong: files that could not be opened, and anything else. What is open stays open.

use yew::prelude::*;

use super::{name, use_dispatch};
use crate::open;
use crate::state::{Action, Refused, Side, Slot, Target};
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
    pub(crate) notice: Option<String>,
}

#[component]
pub(crate) fn Messages(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let on_dismiss = {
        let dispatch = dispatch.clone();
        Callback::from(move |_| dispatch.dispatch(Action::Dismiss))
    };
    let refused = |side: Side, slot: &Slot| {
        let on_pick = open::on_pick(dispatch.clone(), Target::Side(side));
        slot.refused.as_ref().map(|it| message(it, slot, side, on_pick)).unwrap_or_default()
    };
    let is_any = props.notice.is_some() || props.old.refused.is_some() || props.new.refused.is_some();
    html! {
        // The region is there before its content, so that screen readers tell when something comes in.
        <div class="messages" role="alert">
            if is_any {
                { refused(Side::Old, &props.old) }
                { refused(Side::New, &props.new) }
                if let Some(notice) = &props.notice {
                    <div class="message"><p>{ text::visible(notice).into_owned() }</p></div>
                }
                <button type="button" class="button quiet dismiss" onclick={on_dismiss}>{ "Dismiss" }</button>
            }
        </div>
    }
}

fn message(refused: &Refused, slot: &Slot, side: Side, on_pick: Callback<Event>) -> Html {
    let stays = slot.opened.as_ref().map(|opened| {
        html! { <p class="stays">{ "Still open on this side: " }{ name::bare(&opened.name) }</p> }
    });
    let id = match side {
        Side::Old => "again-old",
        Side::New => "again-new",
    };
    html! {
        <div class="message">
            <p><strong class="file">{ name::bare(&refused.name) }</strong>{ " was not opened." }</p>
            <p class="why">{ sentence(&refused.message) }</p>
            { stays.unwrap_or_default() }
            <label class="button">
                { "Open another…" }
                <input type="file" class="unseen" {id} accept=".json,application/json"
                    aria-label={format!("Open another file in place of {}", text::visible(&refused.name))}
                    onchange={on_pick} />
            </label>
        </div>
    }
}

/// Errors are written to stand after a colon; here they stand alone.
fn sentence(message: &str) -> String {
    let shown = text::visible(message);
    let mut chars = shown.chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let dot = if shown.ends_with(['.', '?', ')']) { "" } else { "." };
    format!("{first}{}{dot}", chars.as_str())
}
