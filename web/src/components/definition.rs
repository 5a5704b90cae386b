//! Two texts of several lines side by side, their equal parts folded; one under the other where it is narrow.

use yew::prelude::*;

use super::entry::spans;
use crate::lines::{self, Fold, Line, Row};
use crate::text;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) old_name: String,
    pub(super) new_name: String,
}

#[component]
pub(super) fn Definition(props: &Props) -> Html {
    let fold = use_state(|| Fold::Context);
    let deps = (props.old.clone(), props.new.clone(), *fold);
    let rows = use_memo(deps, |(old, new, fold)| lines::rows(old, new, *fold));
    let is_folded = rows.iter().any(|row| matches!(row, Row::Gap(_)));
    let on_unfold = {
        let fold = fold.setter();
        Callback::from(move |_| fold.set(Fold::Nothing))
    };
    html! {
        <div class="definition">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ text::visible(&props.old_name).into_owned() }</th>
                        <th scope="col">{ text::visible(&props.new_name).into_owned() }</th>
                    </tr>
                </thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table>
            if is_folded {
                <button type="button" class="link" onclick={on_unfold}>{ "Show all lines" }</button>
            }
        </div>
    }
}

fn row(row: &Row) -> Html {
    match row {
        Row::Equal(old, new) => html! {
            <tr class="equal">{ cell(Some(old), "equal old") }{ cell(Some(new), "equal new") }</tr>
        },
        Row::Changed(old, new) => html! {
            <tr>{ cell(old.as_ref(), "removed") }{ cell(new.as_ref(), "added") }</tr>
        },
        Row::Gap(lines) => html! {
            <tr class="gap"><td colspan="2">{ text::counted(*lines, "equal line") }</td></tr>
        },
    }
}

/// One line of one side. Its number is drawn by the style sheet, so that copied text is free of it.
fn cell(line: Option<&Line>, class: &'static str) -> Html {
    let Some(line) = line else { return html! { <td class="nothing"></td> } };
    let text = spans(&line.spans);
    let text = match class {
        "removed" => html! { <del>{ text }</del> },
        "added" => html! { <ins>{ text }</ins> },
        _ => text,
    };
    html! { <td class={class} data-line={line.number.to_string()}><code>{ text }</code></td> }
}
