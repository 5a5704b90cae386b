//! Several files beside each other: which definition each has of every object, and who stands alone.

use diff_core::Cell;
use viewer::ask::{FileId, MatrixRow, MatrixView};
use yew::prelude::*;

use super::{Props, name, use_desk, waiting};
use crate::app::Shown;
use crate::open::Desk;
use crate::state::Action;
use crate::text;

/// So many rows are drawn at first.
const PAGE: usize = 300;

#[component]
pub(crate) fn Matrix(props: &Props) -> Html {
    let desk = use_desk();
    let chosen = use_state(|| None::<FileId>);
    let limit = use_state(|| PAGE);
    let state = &props.state;
    let Some(told) = state.answers.matrix() else { return waiting("Comparing all files") };
    let shown = told.rows.len().min(*limit);
    let more = Callback::from(move |_: MouseEvent| limit.set(*limit + PAGE));
    html! {
        <div class="matrix">
            <header>
                <h1>{ headline(told) }</h1>
                <p class="quiet">
                    { "Equal letters are equal definitions; A is the commonest. Choose two cells, or two columns, to compare them." }
                </p>
            </header>
            <div class="scroll" tabindex="0" role="region" aria-label="The matrix">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ "Object" }</th>
                            { for told.files.iter().enumerate().map(|(at, id)| column(&desk, state, told, at, *id, &chosen)) }
                            <th scope="col">{ "Odd one out" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for told.rows[..shown].iter().map(|row| line(&desk, state, told, row, &chosen)) }</tbody>
                </table>
            </div>
            if shown < told.rows.len() {
                <button type="button" class="button" onclick={more}>{ format!("Show more: {} are left", text::grouped(told.rows.len() - shown)) }</button>
            }
        </div>
    }
}

fn headline(told: &MatrixView) -> String {
    match told.rows.len() {
        0 => format!("All {} files agree", told.files.len()),
        count => format!(
            "{} differ, {} agree in all {} files",
            text::counted(count, "object"),
            text::grouped(told.same),
            told.files.len()
        ),
    }
}

/// The head of a file's column: its name, when it was taken, and what changed since the one before.
fn column(
    desk: &Desk,
    state: &Shown,
    told: &MatrixView,
    at: usize,
    id: FileId,
    chosen: &UseStateHandle<Option<FileId>>,
) -> Html {
    let Some(file) = state.files.get(id) else { return Html::default() };
    let taken = file.head().and_then(|head| head.taken_at.clone()).map(|it| text::moment(&it));
    let step = at.checked_sub(1).and_then(|before| told.steps.get(before));
    html! {
        <th scope="col" key={id}>
            { choose(desk, chosen, id, None, html! { <>{ name::bare(file.label()) }</> }) }
            if let Some(taken) = taken {
                <span class="quiet">{ taken }</span>
            }
            if let Some([added, removed, changed]) = step {
                <span class="step" title="since the column before">
                    <span class="added">{ format!("+{added}") }</span>{ " " }
                    <span class="removed">{ format!("−{removed}") }</span>{ " " }
                    <span class="changed">{ format!("~{changed}") }</span>
                    <span class="unseen">{ " since the column before" }</span>
                </span>
            }
        </th>
    }
}

/// A button: the first of two files is chosen, and compared with the second.
fn choose(
    desk: &Desk,
    chosen: &UseStateHandle<Option<FileId>>,
    id: FileId,
    object: Option<String>,
    content: Html,
) -> Html {
    let is_chosen = **chosen == Some(id);
    let (desk, chosen) = (desk.clone(), chosen.clone());
    let onclick = Callback::from(move |_: MouseEvent| match *chosen {
        Some(first) if first != id => {
            chosen.set(None);
            desk.act(Action::Compare(first, id));
            if let Some(object) = &object {
                desk.act(Action::Reveal(object.as_str().into()));
            }
        }
        Some(_) => chosen.set(None),
        None => chosen.set(Some(id)),
    });
    html! {
        <button type="button" class="cell" aria-pressed={is_chosen.to_string()} {onclick}>{ content }</button>
    }
}

fn line(
    desk: &Desk,
    state: &Shown,
    told: &MatrixView,
    row: &MatrixRow,
    chosen: &UseStateHandle<Option<FileId>>,
) -> Html {
    let odd = row.odd.and_then(|at| told.files.get(at)).and_then(|id| state.files.get(*id));
    let cell = |(at, cell): (usize, &Cell)| {
        let (class, shown) = match cell {
            Cell::Class(number) => (format!("is is-{}", (*number).min(5)), letter(*number)),
            Cell::Absent => ("absent".to_owned(), "∅".to_owned()),
            Cell::Unknown => ("unknown".to_owned(), "?".to_owned()),
        };
        let word = match cell {
            Cell::Class(_) => "",
            Cell::Absent => "not there",
            Cell::Unknown => "cannot say",
        };
        let id = told.files.get(at).copied().unwrap_or_default();
        let content = html! {
            <>
                <span aria-hidden={(!word.is_empty()).then_some("true")}>{ shown }</span>
                if !word.is_empty() { <span class="unseen">{ word }</span> }
            </>
        };
        html! {
            <td key={at} class={classes!(class, (row.odd == Some(at)).then_some("odd"))}>
                { choose(desk, chosen, id, Some(row.id.clone()), content) }
            </td>
        }
    };
    html! {
        <tr key={row.id.clone()}>
            <th scope="row"><code>{ name::bare(&row.name) }</code><span class="quiet">{ " " }{ &row.word }</span></th>
            { for row.cells.iter().enumerate().map(cell) }
            <td class="who">{ odd.map(|file| name::bare(file.label())).unwrap_or_default() }</td>
        </tr>
    }
}

/// A, B, …, Z, then numbers.
fn letter(number: usize) -> String {
    match u8::try_from(number).ok().filter(|number| *number < 26) {
        Some(number) => char::from(b'A' + number).to_string(),
        None => format!("#{number}"),
    }
}
