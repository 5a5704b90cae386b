//! One difference: what it is about, what both sides hold, how much it matters, and what to do.

use diff_core::{Entry, Group, Kind, RULES, Rule};
use yew::prelude::*;

use super::contents::contents;
use super::definition::Definition;
use super::name;
use crate::app::Shared;
use crate::lines::{self, Span};
use crate::state::Comparison;
use crate::text;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) comparison: Shared<Comparison>,
    /// The entry's place in the report.
    pub(super) index: usize,
    /// Whether the heading does not say yet which table it is about.
    pub(super) is_whole_name: bool,
    pub(super) is_pointed: bool,
}

#[component]
pub(super) fn Difference(props: &Props) -> Html {
    let report = &props.comparison.report;
    let Some(entry) = report.entries.get(props.index) else { return Html::default() };
    let (old, new) = (&report.old.name, &report.new.name);
    let (sign, words) = text::change(entry, old, new);
    let id = format!("entry-{}", props.index);
    let title = format!("{id}-title");
    html! {
        <article class={classes!("entry", entry.change, props.is_pointed.then_some("pointed"))} {id}
            tabindex="-1" aria-labelledby={title.clone()} data-id={entry.id.to_string()}>
            <div class="head">
                <h4 id={title}>
                    { what(entry, props.is_whole_name) }
                </h4>
                <p class="marks">
                    <span class={classes!("change", entry.change)}>
                        <span class="sign" aria-hidden="true">{ sign }</span>{ text::visible(&words).into_owned() }
                    </span>
                    { name::severity(entry.severity) }
                </p>
            </div>
            { values(entry, old, new) }
            { inside(entry, &props.comparison) }
            { foot(entry) }
        </article>
    }
}

/// The object's kind and name, and the attribute that differs.
fn what(entry: &Entry, is_whole_name: bool) -> Html {
    let is_part = entry.id.parent().len() > 1;
    // Of a view or an index it goes without saying.
    let attribute = entry.attribute.as_deref().filter(|attribute| *attribute != "definition");
    let attribute = attribute.map(|attribute| attribute.replace('_', " "));
    let shown = if is_whole_name { name::bare(&entry.id.dotted()) } else { name::bare(entry.id.name()) };
    html! {
        <>
            if !is_whole_name || is_part || entry.id.kind() != Kind::Table {
                <span class="kind">{ entry.id.kind().label() }</span>{ " " }
            }
            <span class="name">{ shown }</span>
            if let Some(attribute) = attribute {
                <span class="attribute"><span aria-hidden="true">{ " · " }</span>{ attribute }</span>
            }
        </>
    }
}

/// What a table contains that one side lacks.
fn inside(entry: &Entry, comparison: &Comparison) -> Html {
    match entry.group {
        Group::MissingTables => contents(&entry.id, &comparison.new.snapshot),
        Group::ExtraTables => contents(&entry.id, &comparison.old.snapshot),
        _ => Html::default(),
    }
}

/// Both values; a text of several lines is compared by lines.
fn values(entry: &Entry, old: &str, new: &str) -> Html {
    let is_long = |side: &Option<String>| side.as_ref().is_some_and(|text| text.contains('\n'));
    match (&entry.old, &entry.new) {
        (Some(a), Some(b)) if is_long(&entry.old) || is_long(&entry.new) => html! {
            <Definition old={a.clone()} new={b.clone()} old_name={old.to_owned()} new_name={new.to_owned()} />
        },
        (Some(a), Some(b)) => {
            let (a, b) = lines::words(a, b);
            html! { <div class="values">{ value("old", old, spans(&a)) }{ value("new", new, spans(&b)) }</div> }
        }
        (a, b) => {
            // What an altered object does not have is "none"; what is not there at all says nothing.
            let absent = if entry.change == "altered" { "none" } else { "not there" };
            let side = |class: &'static str, side: &str, text: &Option<String>| match text.as_deref() {
                Some(text) if !text.is_empty() => value(class, side, name::bare(text)),
                Some(_) => value(class, side, html! { <span class="absent">{ "there" }</span> }),
                None => value(class, side, html! { <span class="absent">{ absent }</span> }),
            };
            html! { <div class="values">{ side("old", old, a) }{ side("new", new, b) }</div> }
        }
    }
}

fn value(class: &'static str, side: &str, shown: Html) -> Html {
    html! {
        <div class={classes!("value", class)}>
            <span class="side-name">{ text::visible(side).into_owned() }</span>
            <code>{ shown }</code>
        </div>
    }
}

/// Words, those that differ marked.
pub(super) fn spans(spans: &[Span]) -> Html {
    html! {
        <bdi>
            { for spans.iter().map(|span| {
                let text = text::visible(&span.text).into_owned();
                if span.is_changed { html! { <mark>{ text }</mark> } } else { html! { { text } } }
            }) }
        </bdi>
    }
}

/// Where it is declared, and the rule that speaks about it.
fn foot(entry: &Entry) -> Html {
    let rule = entry.rule.and_then(rule);
    if rule.is_none() && entry.origin.is_none() {
        return Html::default();
    }
    html! {
        <div class="foot">
            if let Some(rule) = rule {
                <details class="advice">
                    <summary>{ rule.effect }</summary>
                    <p><span class="arrow" aria-hidden="true">{ "→ " }</span>{ rule.remedy }</p>
                    <p class="rule"><code>{ rule.id }</code></p>
                </details>
            }
            if let Some(origin) = &entry.origin {
                <p class="origin"><span class="unseen">{ "Declared in " }</span>{ name::bare(&origin.to_string()) }</p>
            }
        </div>
    }
}

fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().flatten().find(|rule| rule.id == id)
}
