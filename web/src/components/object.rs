//! One object with everything in it, through one of the lenses.

use std::rc::Rc;

use viewer::ask::{Dependent, ObjectView, Part};
use yew::prelude::*;

use super::code::{Compared, lines};
use super::difference::Difference;
use super::{Props, acts, name, sends, switch, use_desk, waiting};
use crate::app::Shown;
use crate::open::Desk;
use crate::state::{Action, Lens, Side, Step, View};
use crate::{dom, keys, text};

const LENSES: [(Lens, &str, &str); 3] = [
    (Lens::Summary, "summary", "Summary"),
    (Lens::Split, "sql", "SQL"),
    (Lens::Unified, "unified", "SQL, one column"),
];

#[component]
pub(super) fn Object(props: &Props) -> Html {
    let desk = use_desk();
    let state = &props.state;
    use_pointed(state);
    let answer = state.answers.object();
    let Some(object) = answer else { return waiting("Reading the object") };
    let Some(object) = object.as_ref() else {
        return html! { <div class="invitation"><p>{ "Neither side has this object." }</p></div> };
    };
    let on_lens = sends(&desk, Action::Lens);
    html! {
        <article class="object" aria-labelledby="object" aria-busy={(state.object.as_deref() != Some(object.id.as_str())).to_string()}>
            { head(&desk, state, object) }
            { switch("lens", "How to look at it", &LENSES, state.lens, &on_lens) }
            if state.lens == Lens::Summary {
                { summary(&desk, state, object) }
            } else {
                { definition(state) }
            }
        </article>
    }
}

/// Brings the difference that is pointed out into view; a new object is seen from its top. Whoever walks through
/// the list stays there.
#[hook]
fn use_pointed(state: &Shown) {
    let shown = state.answers.object().and_then(|object| object.as_ref().as_ref().map(|it| it.id.clone()));
    use_effect_with((shown, state.entry), |(_, entry)| match entry {
        Some(entry) if is_in_list() => dom::scroll_to(&format!("entry-{entry}")),
        Some(entry) => dom::focus(&format!("entry-{entry}")),
        None if dom::is_narrow() => dom::focus("object"),
        None => dom::scroll_to("object"),
    });
}

/// Whether the list has the focus, and is in sight.
fn is_in_list() -> bool {
    let focused = dom::document().and_then(|document| document.active_element());
    !dom::is_narrow() && focused.is_some_and(|element| element.id() == "tree")
}

fn head(desk: &Desk, state: &Shown, object: &ObjectView) -> Html {
    let (sign, word) = text::fate(object.fate);
    let is_compared = !state.is_single();
    html! {
        <header>
            <div class="path">
                <button type="button" class="link back" id="back" onclick={acts(desk, || Action::Select(None, None))}>
                    <span aria-hidden="true">{ "‹ " }</span>{ "All" }
                </button>
                <span class="word">{ &object.word }</span>
                if let Some(origin) = &object.origin {
                    <span class="origin">{ name::bare(origin) }</span>
                }
                if let Some((rows, bytes)) = object.size {
                    <span class="size">{ format!("{} rows, {}", text::grouped(usize::try_from(rows).unwrap_or(usize::MAX)), text::bytes(bytes)) }</span>
                }
                <span class="steps">
                    <button type="button" class="button quiet" onclick={acts(desk, || Action::Move(Step::Previous))} title="Previous (k)">
                        <span aria-hidden="true">{ "↑" }</span><span class="unseen">{ "Previous object" }</span>
                    </button>
                    <button type="button" class="button quiet" onclick={acts(desk, || Action::Move(Step::Next))} title="Next (j)">
                        <span aria-hidden="true">{ "↓" }</span><span class="unseen">{ "Next object" }</span>
                    </button>
                </span>
            </div>
            <h2 id="object" tabindex="-1">
                { name::dotted(&object.schema, &object.name) }
                if is_compared {
                    <span class={classes!("badge", word)}><span class="sign" aria-hidden="true">{ sign }</span>{ word }</span>
                }
            </h2>
            if is_compared && !object.mark.is_empty() {
                { marks(desk, state, object) }
            }
        </header>
    }
}

/// Reviewed, and taken into a migration of its own.
fn marks(desk: &Desk, state: &Shown, object: &ObjectView) -> Html {
    let (mark, reviewing) = (object.mark.clone(), desk.clone());
    let on_review = Callback::from(move |_: Event| keys::review(&reviewing, &mark));
    let id: Rc<str> = object.id.as_str().into();
    let on_pick = acts(desk, move || Action::Pick(id.clone()));
    let focus = {
        let (desk, map, id) = (desk.clone(), state.map.clone(), object.id.clone());
        Callback::from(move |_: MouseEvent| {
            desk.act(Action::Map(viewer::ask::MapOptions { focus: Some(id.clone()), ..map.clone() }));
            desk.act(Action::Go(View::Map));
        })
    };
    html! {
        <div class="options">
            <label class="check">
                <input type="checkbox" id="reviewed" checked={state.reviewed.contains(&object.mark)} onchange={on_review} />
                { "reviewed" }<kbd aria-hidden="true">{ "v" }</kbd>
            </label>
            <label class="check">
                <input type="checkbox" id="picked" checked={state.picked.contains(&object.id)} onchange={on_pick} />
                { "into the migration" }<kbd aria-hidden="true">{ "x" }</kbd>
            </label>
            if object.word == "table" {
                <button type="button" class="link" onclick={focus}>{ "on the map" }</button>
            }
        </div>
    }
}

fn names(state: &Shown) -> (Rc<str>, Rc<str>) {
    match state.answers.overview() {
        Some(overview) => (overview.old.name.as_str().into(), overview.new.name.as_str().into()),
        None => ("old".into(), "new".into()),
    }
}

fn summary(desk: &Desk, state: &Shown, object: &ObjectView) -> Html {
    let names = names(state);
    html! {
        <>
            { for object.parts.iter().map(|one| part(state, object, one, &names)) }
            { dependents(desk, &object.dependents) }
            if !state.is_single() {
                { statements(desk, state, object) }
            }
        </>
    }
}

fn part(state: &Shown, object: &ObjectView, part: &Part, names: &(Rc<str>, Rc<str>)) -> Html {
    let is_alone = matches!(text::fate(object.fate).1, "same" | "added" | "removed");
    let same = part.same.len();
    html! {
        <section class="part" key={part.title.clone()}>
            if part.title.is_empty() {
                <h3 class="unseen">{ "The object itself" }</h3>
            } else {
                <h3>{ &part.title }<span class="count">{ text::grouped(part.changes.len() + same) }</span></h3>
            }
            { for part.changes.iter().map(|one| html! {
                <Difference key={one.entry} shown={one.clone()} names={names.clone()} is_pointed={state.entry == Some(one.entry)} />
            }) }
            if same > 0 && is_alone {
                { contents(&part.same) }
            } else if same > 0 {
                <details class="same">
                    <summary>{ text::grouped(same) }{ " unchanged" }</summary>
                    { contents(&part.same) }
                </details>
            }
        </section>
    }
}

fn contents(same: &[(String, String)]) -> Html {
    html! {
        <table class="contents">
            <thead class="unseen"><tr><th scope="col">{ "Name" }</th><th scope="col">{ "Definition" }</th></tr></thead>
            <tbody>
                { for same.iter().map(|(title, definition)| html! {
                    <tr><td><code>{ name::bare(title) }</code></td><td><code>{ name::bare(definition) }</code></td></tr>
                }) }
            </tbody>
        </table>
    }
}

/// What cannot exist without the object: how far a change to it reaches.
fn dependents(desk: &Desk, dependents: &[Dependent]) -> Html {
    if dependents.is_empty() {
        return Html::default();
    }
    let item = |one: &Dependent| {
        let id: Rc<str> = one.object.as_str().into();
        let onclick = acts(desk, move || Action::Reveal(id.clone()));
        let (sign, word) = text::fate(one.fate);
        html! {
            <li key={one.object.clone()}>
                <button type="button" class="reference" {onclick}>
                    <span class={classes!("fate", word)}><span class="sign" aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span></span>
                    { name::bare(&one.name) }<span class="quiet">{ " " }{ &one.word }{ if one.is_indirect { ", indirectly" } else { "" } }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="part dependents">
            <h3>{ "What depends on it" }<span class="count">{ text::grouped(dependents.len()) }</span></h3>
            <ul>{ for dependents.iter().map(item) }</ul>
        </section>
    }
}

/// The migration's statements about the object; each leads to its place among the others.
fn statements(desk: &Desk, state: &Shown, object: &ObjectView) -> Html {
    if object.mark.is_empty() {
        return Html::default();
    }
    let Some(statements) = state.answers.statements() else { return Html::default() };
    html! {
        <section class="part statements">
            <h3>{ "In the migration" }<span class="count">{ text::grouped(statements.len()) }</span></h3>
            if statements.is_empty() {
                <p class="quiet">{ "Nothing has to be run for it." }</p>
            }
            <ol>
                { for statements.iter().map(|one| html! {
                    <li key={one.number}>
                        <button type="button" class="link number" title="Show it in the migration" onclick={acts(desk, || Action::Go(View::Migration))}>
                            <span class="unseen">{ "Show in the migration: statement " }</span>{ one.number }
                        </button>
                        <pre tabindex="0">{ lines(&one.lines) }</pre>
                    </li>
                }) }
            </ol>
        </section>
    }
}

fn definition(state: &Shown) -> Html {
    let Some(definition) = state.answers.definition() else { return waiting("Writing the SQL") };
    let label = |side| state.files.on(side).map(|file| file.label().to_owned()).unwrap_or_default();
    let (old, new) = (label(Side::Old), label(Side::New));
    let (text_old, text_new) = (definition.old.clone(), definition.new.clone());
    let is_unified = state.lens == Lens::Unified || dom::is_narrow() || state.is_single();
    let copy = |text: String, word: String| {
        let onclick = Callback::from(move |_: MouseEvent| dom::copy(&text));
        html! { <button type="button" class="link" {onclick}>{ word }</button> }
    };
    html! {
        <section class="sql">
            <Compared rows={definition.rows.clone()} old_name={old} new_name={new} {is_unified} />
            if definition.is_plain {
                <p class="quiet" role="status">{ "The texts are too large to compare word by word: lines are compared." }</p>
            }
            <p class="copies">
                if !text_old.is_empty() { { copy(text_old, "Copy old".to_owned()) } }
                if !text_new.is_empty() && !state.is_single() { { copy(text_new, "Copy new".to_owned()) } }
            </p>
        </section>
    }
}
