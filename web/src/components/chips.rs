//! The filter: a field for words, and everything else that is set as chips. It always says how many it hides.

use std::collections::BTreeSet;

use diff_core::collect;
use viewer::ask::Filter;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{acts, name};
use crate::app::Shown;
use crate::open::Desk;
use crate::state::Action;
use crate::text;

/// What the list is limited to.
pub(crate) fn filters(desk: &Desk, state: &Shown) -> Html {
    let filter = &state.listing.filter;
    let on_input = {
        let (desk, filter) = (desk.clone(), filter.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                desk.act(Action::Filter(Filter { text: input.value(), ..filter.clone() }));
            }
        })
    };
    html! {
        <div class="filters">
            <div class="search">
                <label class="unseen" for="filter">{ "Filter by words" }</label>
                <input type="search" id="filter" placeholder="Filter: name, value, rule, file" autocomplete="off"
                    spellcheck="false" value={filter.text.clone()} oninput={on_input} />
                <kbd aria-hidden="true">{ "/" }</kbd>
            </div>
            <ul class="chips" aria-label="What the list is limited to">{ for chips(state).into_iter().map(|it| chip(desk, it)) }</ul>
            <p class="hidden-count" role="status">
                if !filter.is_empty() {
                    <span>{ hidden(state) }</span>
                    <button type="button" class="link" id="clear" onclick={acts(desk, || Action::Filter(Filter::default()))}>
                        { "show all" }
                    </button>
                }
            </p>
        </div>
    }
}

/// A word that stands for a part of the filter, and the filter without it.
type Chip = (String, Filter);

fn chips(state: &Shown) -> Vec<Chip> {
    let filter = &state.listing.filter;
    let mut chips: Vec<Chip> = Vec::new();
    if filter.is_loss {
        chips.push(("can lose data".to_owned(), Filter { is_loss: false, ..filter.clone() }));
    }
    for it in filter.severities.iter().rev() {
        let rest = Filter { severities: without(&filter.severities, it), ..filter.clone() };
        chips.push((text::severity(*it).1.to_owned(), rest));
    }
    for it in &filter.fates {
        let rest = Filter { fates: without(&filter.fates, it), ..filter.clone() };
        chips.push((text::fate(*it).1.to_owned(), rest));
    }
    for it in &filter.groups {
        let known =
            state.answers.overview().and_then(|overview| overview.groups.iter().find(|one| one.group == *it));
        let title = known.map_or_else(|| it.title("old", "new"), |one| one.title.clone());
        chips.push((title, Filter { groups: without(&filter.groups, it), ..filter.clone() }));
    }
    for it in &filter.rules {
        chips.push((it.clone(), Filter { rules: without(&filter.rules, it), ..filter.clone() }));
    }
    for it in &filter.schemas {
        let title = if it.is_empty() { "outside of schemas".to_owned() } else { format!("schema {it}") };
        chips.push((title, Filter { schemas: without(&filter.schemas, it), ..filter.clone() }));
    }
    chips
}

fn without<T: Ord + Clone>(set: &BTreeSet<T>, value: &T) -> BTreeSet<T> {
    collect::without(set.clone(), value)
}

fn chip(desk: &Desk, (title, rest): Chip) -> Html {
    let onclick = acts(desk, move || Action::Filter(rest.clone()));
    html! {
        <li key={title.clone()}>
            <button type="button" class="chip" {onclick} aria-label={format!("{}: no longer", text::visible(&title))}>
                { name::bare(&title) }<span class="sign" aria-hidden="true">{ "×" }</span>
            </button>
        </li>
    }
}

fn hidden(state: &Shown) -> String {
    let Some(changes) = state.answers.changes() else { return String::new() };
    let (shown, total) = (text::grouped(changes.shown), text::grouped(changes.total));
    format!("{shown} of {total} shown, {} hidden.", text::grouped(changes.total - changes.shown))
}
