//! Code in colours, and two texts of it beside each other or in one column, their equal parts folded.

use std::ops::Range;

use viewer::lines::{Class, Line, Row, Span, fold};
use yew::prelude::*;

use crate::text;

/// Equal lines that stay around a difference.
const CONTEXT: usize = 3;

/// Pieces of a line in their colours. What differs is marked, and read as removed or added where it is.
pub(super) fn spans(spans: &[Span], change: Option<&'static str>) -> Html {
    let piece = |span: &Span| {
        let shown = text::visible(&span.text).into_owned();
        let class = match span.class {
            Class::Plain => None,
            Class::Keyword => Some("kw"),
            Class::Quoted => Some("qu"),
            Class::String => Some("st"),
            Class::Number => Some("nu"),
            Class::Comment => Some("co"),
        };
        match (span.is_changed && change.is_some(), class) {
            (true, class) => html! { <mark {class}>{ shown }</mark> },
            (false, Some(class)) => html! { <span {class}>{ shown }</span> },
            (false, None) => html! { { shown } },
        }
    };
    html! { <bdi>{ for spans.iter().map(piece) }</bdi> }
}

/// Lines of code, without numbers.
pub(super) fn lines(lines: &[Line]) -> Html {
    html! {
        <code class="lines">{ for lines.iter().map(|line| html! { <span class="line">{ spans(&line.spans, None) }</span> }) }</code>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) rows: Vec<Row>,
    pub(super) old_name: AttrValue,
    pub(super) new_name: AttrValue,
    /// Whether both texts stand in one column.
    pub(super) is_unified: bool,
}

/// Two texts, compared line by line.
#[component]
pub(super) fn Compared(props: &Props) -> Html {
    let opened = use_state(Vec::<Range<usize>>::new);
    let folded = use_memo(props.rows.clone(), |rows| fold(rows, CONTEXT));
    let is_open = |range: &Range<usize>| opened.contains(range);
    let mut parts: Vec<Html> = Vec::new();
    let mut next = 0;
    for range in folded.iter().filter(|range| !is_open(range)) {
        parts.extend(props.rows[next..range.start].iter().map(|row| draw(row, props.is_unified)));
        let (range, opened) = (range.clone(), opened.clone());
        next = range.end;
        let count = range.len();
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut ranges = (*opened).clone();
            ranges.push(range.clone());
            opened.set(ranges);
        });
        parts.push(html! {
            <tr class="gap">
                <td colspan="2">
                    <button type="button" class="link" {onclick}>{ "⋯ " }{ text::counted(count, "equal line") }</button>
                </td>
            </tr>
        });
    }
    parts.extend(props.rows.get(next..).unwrap_or_default().iter().map(|row| draw(row, props.is_unified)));
    html! {
        <div class={classes!("compared", props.is_unified.then_some("unified"))} tabindex="0" role="region"
            aria-label="Both texts, line by line">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ text::visible(&props.old_name).into_owned() }</th>
                        <th scope="col">{ text::visible(&props.new_name).into_owned() }</th>
                    </tr>
                </thead>
                <tbody>{ for parts }</tbody>
            </table>
        </div>
    }
}

fn draw(row: &Row, is_unified: bool) -> Html {
    match row {
        Row::Equal { old, new, spans } if is_unified => html! {
            <tr class="equal">{ cell(*old, spans, "equal", false) }{ cell(*new, &[], "number", false) }</tr>
        },
        Row::Equal { old, new, spans } => html! {
            <tr class="equal">{ cell(*old, spans, "equal", false) }{ cell(*new, spans, "equal", false) }</tr>
        },
        Row::Changed { old, new } if is_unified => html! {
            <>
                { for old.iter().map(|line| html! { <tr>{ cell(line.number, &line.spans, "removed", true) }</tr> }) }
                { for new.iter().map(|line| html! { <tr>{ cell(line.number, &line.spans, "added", true) }</tr> }) }
            </>
        },
        Row::Changed { old, new } => html! {
            <tr>{ side(old.as_ref(), "removed") }{ side(new.as_ref(), "added") }</tr>
        },
    }
}

fn side(line: Option<&Line>, class: &'static str) -> Html {
    match line {
        Some(line) => cell(line.number, &line.spans, class, false),
        None => html! { <td class="absent"></td> },
    }
}

/// One line of one side. Its number is drawn by the style sheet, so that copied text is free of it.
fn cell(number: usize, pieces: &[Span], class: &'static str, is_wide: bool) -> Html {
    let shown = spans(pieces, (class != "equal").then_some(class));
    let shown = match class {
        "removed" => html! { <del>{ shown }</del> },
        "added" => html! { <ins>{ shown }</ins> },
        _ => shown,
    };
    html! { <td {class} colspan={is_wide.then_some("2")} data-line={number.to_string()}><code>{ shown }</code></td> }
}
