//! The views, and how much was reviewed.

use yew::prelude::*;

use super::acts;
use crate::app::Shown;
use crate::open::Desk;
use crate::state::{Action, View};
use crate::text;

/// The ways to look at the comparison.
pub(crate) fn tabs(desk: &Desk, state: &Shown) -> Html {
    let overview = state.answers.overview();
    let differences = overview.map(|it| it.totals.differences);
    let views = if state.is_single() {
        vec![(View::Changes, "Objects", None), (View::Map, "Map", None)]
    } else {
        let mut views = vec![
            (View::Overview, "Overview", None),
            (View::Changes, "Changes", differences),
            (View::Map, "Map", None),
            (View::Migration, "Migration", None),
        ];
        if state.files.open_ids().len() > 2 {
            views.push((View::Matrix, "Matrix", Some(state.files.open_ids().len())));
        }
        views
    };
    let tab = |(view, word, count): (View, &'static str, Option<usize>)| {
        let is_current = view == state.view;
        html! {
            <li key={word}>
                <button type="button" id={format!("go-{}", word.to_ascii_lowercase())} onclick={acts(desk, move || Action::Go(view))}
                    aria-current={is_current.then_some("page")}>
                    { word }
                    if let Some(count) = count {
                        <span class="count">{ text::grouped(count) }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        <nav class="tabs" aria-label="Views">
            <ul>{ for views.into_iter().map(tab) }</ul>
            if let Some(overview) = overview.filter(|it| !it.objects.is_empty()) {
                <p class="reviewed" role="status">
                    { text::grouped(overview.objects.iter().filter(|(_, mark)| state.reviewed.contains(mark)).count()) }
                    { " of " }{ text::grouped(overview.objects.len()) }{ " reviewed" }
                </p>
            }
        </nav>
    }
}
