//! The migration: SQL or Alembic, each statement with what it is about and what it can do.

use std::rc::Rc;

use viewer::ask::{AdviceView, Migration as Told, StatementView, StepView, Way};
use yew::prelude::*;

use super::code::lines;
use super::{Props, acts, name, switch, use_desk, waiting};
use crate::app::Shown;
use crate::open::Desk;
use crate::state::Action;
use crate::{dom, text};

/// So many statements are drawn at first.
const PAGE: usize = 300;

const FORMS: [(bool, &str, &str); 2] = [(false, "as-sql", "SQL"), (true, "as-alembic", "Alembic")];
const WAYS: [(bool, &str, &str); 2] = [(false, "there", "Old to new"), (true, "back", "The way back")];

#[component]
pub(crate) fn Migration(props: &Props) -> Html {
    let desk = use_desk();
    let limit = use_state(|| PAGE);
    let state = &props.state;
    use_pointed(state);
    let way = &state.way;
    let change = |make: fn(bool, &Way) -> Way| {
        let (desk, way) = (desk.clone(), way.clone());
        Callback::from(move |value| desk.act(Action::Way(make(value, &way))))
    };
    let on_form = change(|is_alembic, way| Way { is_alembic, ..way.clone() });
    let on_way = change(|is_back, way| Way { is_back, ..way.clone() });
    let answer = state.answers.migration();
    html! {
        <div class="migration">
            <h1 class="unseen">{ "Migration" }</h1>
            <div class="bar">
                { switch("form", "Form", &FORMS, way.is_alembic, &on_form) }
                { switch("way", "Direction", &WAYS, way.is_back, &on_way) }
                if let Some(told) = answer {
                    { take(told) }
                }
            </div>
            { only(&desk, way) }
            if let Some(told) = answer {
                { notes(&desk, state, told) }
                if way.is_alembic && !told.lines.is_empty() {
                    <pre class="file-text" tabindex="0" aria-label="The revision">{ lines(&told.lines) }</pre>
                } else {
                    { steps(&desk, state, told, *limit) }
                    { more(told, &limit) }
                }
            } else {
                { waiting("Planning") }
            }
        </div>
    }
}

/// Brings the first statement into view that is about the object that was looked at.
#[hook]
fn use_pointed(state: &Shown) {
    let own = |one: &&StatementView| state.object.as_deref() == Some(one.object.as_str());
    let all = state.answers.migration().map(|told| told.steps.iter().flat_map(|step| &step.statements));
    let first = all.and_then(|mut all| all.find(own).map(|one| one.number));
    use_effect_with(first, |first| {
        if let Some(number) = first {
            dom::scroll_to(&format!("statement-{number}"));
        }
    });
}

/// Copy and save.
fn take(told: &Rc<Told>) -> Html {
    let copied = Rc::clone(told);
    let saved = Rc::clone(told);
    let on_copy = Callback::from(move |_: MouseEvent| dom::copy(&copied.text));
    let on_save = Callback::from(move |_: MouseEvent| dom::save_text(&saved.file, &saved.text));
    html! {
        <span class="take">
            <button type="button" class="button" id="copy-migration" onclick={on_copy}>{ "Copy" }</button>
            <button type="button" class="button strong" id="save-migration" onclick={on_save}>{ "Download" }</button>
        </span>
    }
}

/// Says that it is about some objects alone, and how to have all.
fn only(desk: &Desk, way: &Way) -> Html {
    let Some(only) = &way.only else { return Html::default() };
    let whole = Way { only: None, ..way.clone() };
    html! {
        <p class="only" role="status">
            { "Only " }{ text::counted(only.len(), "ticked object") }{ " and what they cannot do without. " }
            <button type="button" class="link" id="plan-all" onclick={acts(desk, move || Action::Way(whole.clone()))}>
                { "Plan everything" }
            </button>
        </p>
    }
}

fn notes(desk: &Desk, state: &Shown, told: &Told) -> Html {
    let count: usize = told.steps.iter().map(|step| step.statements.len()).sum();
    let losses = told
        .steps
        .iter()
        .flat_map(|step| &step.statements)
        .filter(|one| one.hazards.iter().any(|it| it.is_loss))
        .count();
    html! {
        <section class="panel notes" aria-labelledby="notes">
            <h2 id="notes">
                if state.way.is_alembic { { "A revision, with the way back in it" } }
                else if count == 0 { { "Nothing to do" } }
                else { { text::counted(count, "statement") } }
                if losses > 0 {
                    <span class="loss"><span aria-hidden="true">{ " ⚠ " }</span>{ text::grouped(losses) }{ " can lose data" }</span>
                }
            </h2>
            <ul class="sentences">{ for told.notes.iter().map(|it| html! { <li>{ text::visible(it).into_owned() }</li> }) }</ul>
            if !told.suggestions.is_empty() {
                <p>{ "Dropped here and made there: was it renamed?" }</p>
                <ul class="suggestions">{ for told.suggestions.iter().map(|it| suggestion(desk, &state.renames, it)) }</ul>
            }
            if !state.renames.is_empty() {
                <ul class="suggestions">{ for state.renames.iter().map(|it| renamed(desk, &state.renames, it)) }</ul>
                <p>{ "To keep it for the command too, say it in " }<code>{ "driftglass.toml" }</code>{ ": " }<code>{ name::bare(&format!("renames = {:?}", state.renames)) }</code></p>
            }
        </section>
    }
}

fn suggestion(desk: &Desk, renames: &[String], rename: &str) -> Html {
    let next = [renames, &[rename.to_owned()]].concat();
    html! {
        <li key={rename.to_owned()}>
            <code>{ name::bare(rename) }</code>{ " " }
            <button type="button" class="button" onclick={acts(desk, move || Action::Rename(next.clone()))}>{ "Yes, rename it" }</button>
        </li>
    }
}

fn renamed(desk: &Desk, renames: &[String], rename: &str) -> Html {
    let next: Vec<String> = renames.iter().filter(|known| *known != rename).cloned().collect();
    html! {
        <li key={rename.to_owned()}>
            { "Renamed: " }<code>{ name::bare(rename) }</code>{ " " }
            <button type="button" class="link" onclick={acts(desk, move || Action::Rename(next.clone()))}>{ "undo" }</button>
        </li>
    }
}

fn steps(desk: &Desk, state: &Shown, told: &Told, limit: usize) -> Html {
    let mut left = limit;
    let step = |step: &StepView| {
        let shown = &step.statements[..step.statements.len().min(left)];
        left -= shown.len();
        if shown.is_empty() {
            return Html::default();
        }
        let title =
            if step.is_transaction { "In one transaction" } else { "By itself, outside of transactions" };
        html! {
            <section class="step">
                <h3>{ title }</h3>
                <ol>{ for shown.iter().map(|one| statement(desk, state, one)) }</ol>
            </section>
        }
    };
    told.steps.iter().map(step).collect()
}

/// A statement. Those about the object that is looked at elsewhere are pointed out.
fn statement(desk: &Desk, state: &Shown, one: &StatementView) -> Html {
    let id: Rc<str> = one.object.as_str().into();
    let worst = one.hazards.first();
    let is_pointed = state.object.as_deref() == Some(one.object.as_str());
    html! {
        <li key={one.number} id={format!("statement-{}", one.number)} class={classes!("statement", is_pointed.then_some("pointed"), worst.map(|it| text::severity(it.severity).1), worst.is_some_and(|it| it.is_loss).then_some("loses"))}>
            <span class="number">{ one.number }</span>
            <pre tabindex="0">{ lines(&one.lines) }</pre>
            <div class="about">
                <button type="button" class="reference" onclick={acts(desk, move || Action::Reveal(id.clone()))}>
                    <span class="unseen">{ "Show the change: " }</span>{ name::bare(&one.about) }
                </button>
                { for one.hazards.iter().map(hazard) }
            </div>
        </li>
    }
}

fn hazard(advice: &AdviceView) -> Html {
    html! {
        <details class="hazard">
            <summary>
                { name::severity(advice.severity) }{ " " }
                { super::difference::loss(Some(advice)) }{ " " }
                { &advice.effect }
            </summary>
            <p><span class="arrow" aria-hidden="true">{ "→ " }</span>{ &advice.remedy }</p>
            <p class="rule"><code>{ &advice.rule }</code></p>
        </details>
    }
}

fn more(told: &Told, limit: &UseStateHandle<usize>) -> Html {
    let count: usize = told.steps.iter().map(|step| step.statements.len()).sum();
    if count <= **limit {
        return Html::default();
    }
    let limit = limit.clone();
    let left = count - *limit;
    let onclick = Callback::from(move |_: MouseEvent| limit.set(*limit + PAGE));
    html! { <button type="button" class="button" {onclick}>{ format!("Show more: {} are left", text::grouped(left)) }</button> }
}
