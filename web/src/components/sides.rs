//! The two sides of the comparison: what they are called, where and when they were taken.

use diff_core::Side as Head;
use yew::prelude::*;

use super::{name, use_dispatch};
use crate::app::Shared;
use crate::open;
use crate::state::{Action, Comparison, Side, Slot, Target};
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
    pub(crate) comparison: Shared<Comparison>,
}

#[component]
pub(crate) fn Sides(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let on_swap = {
        let dispatch = dispatch.clone();
        Callback::from(move |_| dispatch.dispatch(Action::Swap))
    };
    let report = &props.comparison.report;
    let side = |side: Side, head: &Head, slot: &Slot| {
        let on_pick = open::on_pick(dispatch.clone(), Target::Side(side));
        card(side, head, slot, on_pick)
    };
    html! {
        <div class="sides">
            { side(Side::Old, &report.old, &props.old) }
            <button type="button" class="button swap" id="swap" onclick={on_swap} title="Swap the sides">
                <span aria-hidden="true">{ "⇄" }</span><span class="unseen">{ "Swap the sides" }</span>
            </button>
            { side(Side::New, &report.new, &props.new) }
        </div>
    }
}

fn card(side: Side, head: &Head, slot: &Slot, on_pick: Callback<Event>) -> Html {
    let id = match side {
        Side::Old => "old",
        Side::New => "new",
    };
    let (file, objects) =
        slot.opened.as_ref().map_or(("", 0), |opened| (opened.name.as_str(), opened.snapshot.objects.len()));
    let label = if head.label.is_empty() { file } else { head.label.as_str() };
    let fact = |word: &'static str, value: Html| html! { <div><dt>{ word }</dt><dd>{ value }</dd></div> };
    html! {
        <section class={classes!("card", id)} data-side={id} aria-labelledby={format!("role-{id} side-{id}")}>
            <div class="head">
                <p class="role" id={format!("role-{id}")}>{ name::bare(&head.name) }</p>
                <label class="link">
                    { "change" }
                    <input type="file" class="unseen" id={format!("change-{id}")} accept=".json,application/json"
                        aria-label={format!("Open another file in place of {}", text::visible(label))}
                        onchange={on_pick} />
                </label>
            </div>
            <h2 class="label" id={format!("side-{id}")}>{ name::bare(label) }</h2>
            <p class="source">{ name::bare(file) }{ ", " }{ text::counted(objects, "object") }</p>
            <dl class="facts">
                if !head.server.is_empty() {
                    { fact("PostgreSQL", name::bare(&head.server)) }
                }
                if let Some(taken_at) = &head.taken_at {
                    { fact("taken", html! { <time datetime={taken_at.clone()}>{ text::moment(taken_at) }</time> }) }
                }
                if !head.revisions.is_empty() {
                    { fact("revision", name::bare(&head.revisions.join(", "))) }
                }
            </dl>
        </section>
    }
}
