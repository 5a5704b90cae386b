//! The list of what differs, with the filter above it.

use diff_core::Severity;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::{name, use_dispatch};
use crate::app::Shared;
use crate::listing::{Filter, Grouping, Listing, Section};
use crate::state::{Action, Comparison};
use crate::text;

/// So many sections are drawn at first; the rest on demand, or when one of them is selected.
const PAGE: usize = 400;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) comparison: Shared<Comparison>,
    pub(crate) listing: Shared<Listing>,
    pub(crate) filter: Filter,
    pub(crate) grouping: Grouping,
    pub(crate) section: Option<usize>,
}

#[component]
pub(crate) fn List(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let limit = use_state(|| PAGE);
    let drawn = (*limit).max(props.section.map_or(0, |section| section + 20));
    let sections = &props.listing.sections;
    let on_click = {
        let listing = props.listing.clone();
        // One handler for all rows: which one it was is written on it.
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let row = target.and_then(|target| target.closest("[data-place]").ok().flatten());
            let Some(place) = row.and_then(|row| row.get_attribute("data-place")) else { return };
            let section = place.parse::<usize>().ok().and_then(|place| listing.sections.get(place));
            dispatch.dispatch(Action::Select(section.map(|section| section.key.clone())));
        })
    };
    let on_more = Callback::from(move |_| limit.set(drawn + PAGE));
    let rows = sections.iter().take(drawn).enumerate().map(|(place, section)| {
        let before = place.checked_sub(1).map(|before| sections[before].schema.as_str());
        row(place, section, before, props.section == Some(place))
    });
    html! {
        <aside class="side">
            <Tools filter={props.filter.clone()} grouping={props.grouping}
                shown={props.listing.shown} total={props.listing.total} />
            <nav class="list" aria-label="What differs">
                <ul onclick={on_click}>
                    <li key="overview">
                        <button type="button" class="row overview" data-place=""
                            aria-current={props.section.is_none().then_some("true")}>
                            { "Overview" }
                            <span class="count">{ overview_count(&props.comparison) }</span>
                        </button>
                    </li>
                    { for rows }
                </ul>
                if sections.len() > drawn {
                    <button type="button" class="button quiet" onclick={on_more}>
                        { format!("{} more", text::grouped(sections.len() - drawn)) }
                    </button>
                }
            </nav>
        </aside>
    }
}

fn overview_count(comparison: &Comparison) -> String {
    match comparison.report.advice.len() {
        0 => String::new(),
        count => text::counted(count, "recommendation"),
    }
}

/// A row; the first one of a schema says the schema's name above it.
fn row(place: usize, section: &Section, schema_before: Option<&str>, is_selected: bool) -> Html {
    let begins_schema = !section.schema.is_empty() && schema_before != Some(section.schema.as_str());
    let word = if matches!(section.word, "" | "table") { "" } else { section.word };
    html! {
        <li key={section.key.to_string()} class={classes!(begins_schema.then_some("begins"))}>
            if begins_schema {
                <p class="schema-title">{ name::bare(&section.schema) }</p>
            }
            <button type="button" class={classes!("row", section.word.is_empty().then_some("group"))}
                id={format!("section-{place}")} data-place={place.to_string()}
                aria-current={is_selected.then_some("true")}>
                { name::severity_sign(section.severity) }
                <span class="title">{ name::bare(&section.title) }</span>
                if !word.is_empty() {
                    <span class="word">{ word }</span>
                }
                <span class="count">
                    <span aria-hidden="true">{ text::grouped(section.entries.len()) }</span>
                    <span class="unseen">{ text::counted(section.entries.len(), "difference") }</span>
                </span>
            </button>
        </li>
    }
}

#[derive(PartialEq, Properties)]
struct ToolsProps {
    filter: Filter,
    grouping: Grouping,
    shown: usize,
    total: usize,
}

/// The filter, what it hides, and how the list is sorted into sections.
#[component]
fn Tools(props: &ToolsProps) -> Html {
    let dispatch = use_dispatch();
    let on_input = {
        let dispatch = dispatch.clone();
        use_callback((), move |event: InputEvent, ()| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                dispatch.dispatch(Action::Filter(input.value()));
            }
        })
    };
    let on_clear = {
        let dispatch = dispatch.clone();
        use_callback((), move |_: MouseEvent, ()| {
            dispatch.dispatch(Action::ClearFilter);
            crate::dom::focus("filter");
        })
    };
    let choice = |(grouping, value, word): (Grouping, &'static str, &'static str)| {
        let dispatch = dispatch.clone();
        let onchange = Callback::from(move |_| dispatch.dispatch(Action::Group(grouping)));
        html! {
            <label key={value}>
                <input type="radio" name="grouping" class="unseen" {value} checked={props.grouping == grouping} {onchange} />
                <span>{ word }</span>
            </label>
        }
    };
    let choices = [(Grouping::Object, "object", "By object"), (Grouping::Group, "group", "By kind")];
    html! {
        <div class="tools">
            <div class="search">
                <label class="unseen" for="filter">{ "Filter the differences" }</label>
                <input type="search" id="filter" placeholder="Filter: name, value, rule, file" autocomplete="off"
                    spellcheck="false" value={props.filter.text.clone()} oninput={on_input} />
                <kbd aria-hidden="true">{ "/" }</kbd>
            </div>
            <fieldset class="switch">
                <legend class="unseen">{ "Sort into" }</legend>
                { for choices.map(choice) }
            </fieldset>
            <p class="hidden-count" role="status">
                if !props.filter.is_empty() {
                    <span>{ hidden(props) }</span>
                    <button type="button" class="link" id="clear" onclick={on_clear}>{ "show all" }</button>
                }
            </p>
        </div>
    }
}

fn hidden(props: &ToolsProps) -> String {
    let (shown, total) = (text::grouped(props.shown), text::grouped(props.total));
    let severities: Vec<&str> =
        props.filter.severities.iter().rev().map(|severity: &Severity| text::severity(*severity).1).collect();
    let only =
        if severities.is_empty() { String::new() } else { format!(" ({} only)", severities.join(", ")) };
    format!("{shown} of {total} shown{only}, {} hidden.", text::grouped(props.total - props.shown))
}
