//! One difference: what it is about, what both sides hold, how much it matters, and what to do.

use std::rc::Rc;

use viewer::ask::{AdviceView, Difference as Shown, Fate};
use viewer::lines::Span;
use yew::prelude::*;

use super::code::{Compared, spans};
use super::name;
use crate::text;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Shown,
    /// What the two sides are called.
    pub(super) names: (Rc<str>, Rc<str>),
    pub(super) is_pointed: bool,
}

#[component]
pub(super) fn Difference(props: &Props) -> Html {
    let shown = &props.shown;
    let (sign, word) = text::fate(shown.fate);
    let id = format!("entry-{}", shown.entry);
    let title = format!("{id}-title");
    html! {
        <article class={classes!("difference", word, props.is_pointed.then_some("pointed"))} {id} tabindex="-1"
            aria-labelledby={title.clone()}>
            <h4 id={title}>
                <span class={classes!("fate", word)} title={word}>
                    <span class="sign" aria-hidden="true">{ sign }</span><span class="unseen">{ word }{ " " }</span>
                </span>
                <span class="name">{ name::bare(&shown.name) }</span>
                if !shown.attribute.is_empty() && !matches!(shown.attribute.as_str(), "definition" | "nullable") {
                    <span class="attribute">{ " " }{ &shown.attribute }</span>
                }
            </h4>
            <div class="marks">
                if let Some(origin) = &shown.origin {
                    <span class="origin"><span class="unseen">{ "Declared in " }</span>{ name::bare(origin) }</span>
                }
                if !shown.causes.is_empty() {
                    <span class="cause">{ &shown.causes }</span>
                }
                { loss(shown.advice.as_ref()) }
                { name::severity(shown.severity) }
            </div>
            { values(props) }
            if !shown.costs.is_empty() {
                <ul class="costs">
                    { for shown.costs.iter().map(|cost| html! {
                        <li><span aria-hidden="true">{ "⚠ " }</span>{ "The plain way " }{ text::visible(cost).into_owned() }{ "." }</li>
                    }) }
                </ul>
            }
            { for shown.advice.iter().chain(&shown.beside).map(advice_of) }
        </article>
    }
}

pub(super) fn loss(advice: Option<&AdviceView>) -> Html {
    match advice {
        Some(advice) if advice.is_loss => {
            html! { <span class="loss"><span aria-hidden="true">{ "⚠ " }</span>{ "can lose data" }</span> }
        }
        _ => Html::default(),
    }
}

fn values(props: &Props) -> Html {
    let shown = &props.shown;
    let (old_name, new_name) = &props.names;
    if !shown.lines.is_empty() {
        return html! {
            <Compared rows={shown.lines.clone()} old_name={old_name.to_string()} new_name={new_name.to_string()} is_unified={false} />
        };
    }
    if matches!(shown.fate, Fate::Added | Fate::Removed) && shown.attribute.is_empty() {
        let (class, pieces) =
            if shown.fate == Fate::Added { ("new", &shown.new) } else { ("old", &shown.old) };
        return html! {
            if let Some(pieces) = pieces.as_ref().filter(|pieces| !pieces.is_empty()) {
                <p class="values"><code class={classes!("value", class)}>{ spans(pieces, None) }</code></p>
            }
        };
    }
    html! {
        <p class="values">
            { value("old", old_name, shown.old.as_deref()) }
            <span class="arrow" aria-hidden="true">{ "→" }</span>
            { value("new", new_name, shown.new.as_deref()) }
        </p>
    }
}

fn value(class: &'static str, side: &str, pieces: Option<&[Span]>) -> Html {
    html! {
        <code class={classes!("value", class)} title={text::visible(side).into_owned()}>
            <span class="unseen">{ text::visible(side).into_owned() }{ ": " }</span>
            if let Some(pieces) = pieces {
                { spans(pieces, Some("changed")) }
            } else {
                <span class="absent">{ "none" }</span>
            }
        </code>
    }
}

/// What a rule says.
pub(super) fn advice_of(advice: &AdviceView) -> Html {
    html! {
        <details class="advice">
            <summary>{ &advice.effect }</summary>
            <p><span class="arrow" aria-hidden="true">{ "→ " }</span>{ &advice.remedy }</p>
            <p class="rule"><code>{ &advice.rule }</code></p>
        </details>
    }
}
