//! The map as a table: the same boxes and lines, row by row.

use viewer::map::Map;
use yew::prelude::*;

use crate::components::{acts, name, use_desk};
use crate::state::Action;
use crate::text;

#[derive(PartialEq, Properties)]
struct Props {
    id: AttrValue,
    title: AttrValue,
}

/// A name that leads to its object.
#[component]
fn Link(props: &Props) -> Html {
    let desk = use_desk();
    let id: std::rc::Rc<str> = props.id.as_str().into();
    html! {
        <button type="button" class="reference" onclick={acts(&desk, move || Action::Reveal(id.clone()))}>{ name::bare(&props.title) }</button>
    }
}

pub(super) fn listed(map: &Map) -> Html {
    let title =
        |at: usize| map.boxes.get(at).map(|one| format!("{}.{}", one.schema, one.name)).unwrap_or_default();
    let row = |(at, one): (usize, &viewer::map::Box)| {
        let refers: Vec<String> =
            map.edges.iter().filter(|edge| edge.from == at).map(|edge| title(edge.to)).collect();
        let referred: Vec<String> =
            map.edges.iter().filter(|edge| edge.to == at).map(|edge| title(edge.from)).collect();
        let (sign, word) = text::fate(one.fate);
        html! {
            <tr key={one.id.clone()}>
                <th scope="row"><Link id={one.id.clone()} title={title(at)} /></th>
                <td><span class="sign" aria-hidden="true">{ sign }{ " " }</span>{ word }</td>
                <td class="number">{ text::grouped(one.changes) }</td>
                <td>{ name::bare(&refers.join(", ")) }</td>
                <td>{ name::bare(&referred.join(", ")) }</td>
            </tr>
        }
    };
    html! {
        <table class="listed">
            <thead>
                <tr>
                    <th scope="col">{ "Table" }</th><th scope="col">{ "What becomes of it" }</th><th scope="col">{ "Differences" }</th>
                    <th scope="col">{ "Refers to" }</th><th scope="col">{ "Referred to by" }</th>
                </tr>
            </thead>
            <tbody>{ for map.boxes.iter().enumerate().map(row) }</tbody>
        </table>
    }
}
