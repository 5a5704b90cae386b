//! The map: tables and foreign keys as boxes and lines, all tables as tiles, or the same as a table.

mod atlas;
mod canvas;
mod listed;

use viewer::ask::MapOptions;
use viewer::map::Show;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

pub(super) use atlas::Tiles;
use canvas::Canvas;
use listed::listed;

use super::{acts, name, sends, switch, waiting};
use crate::app::{Shared, Shown};
use crate::open::Desk;
use crate::state::{Action, MapForm};
use crate::text;

const FORMS: [(MapForm, &str, &str); 3] = [
    (MapForm::Boxes, "boxes", "Map"),
    (MapForm::Tiles, "tiles", "All tables"),
    (MapForm::Table, "rows", "As a table"),
];

const SHOWS: [(Show, &str, &str); 4] = [
    (Show::Changed, "changed", "columns that differ"),
    (Show::Keys, "keys", "and keys"),
    (Show::All, "all", "all columns"),
    (Show::Names, "names", "names alone"),
];

/// Tables and their foreign keys.
pub(crate) fn map_view(desk: &Desk, state: &Shown) -> Html {
    let on_form = sends(desk, Action::MapForm);
    html! {
        <div key="map" class="map-view">
            <h1 class="unseen">{ "Map" }</h1>
            <div class="bar">
                { switch("map-form", "Form", &FORMS, state.map_form, &on_form) }
                if state.map_form != MapForm::Tiles {
                    { options(desk, state) }
                }
            </div>
            { body(state) }
        </div>
    }
}

fn body(state: &Shown) -> Html {
    if state.map_form == MapForm::Tiles {
        return html! { <Tiles state={state.clone()} is_large=true /> };
    }
    let Some(map) = state.answers.map() else { return waiting("Laying out the map") };
    if map.boxes.is_empty() {
        return html! { <p class="waiting">{ "No table differs. Choose “All tables” to see them all." }</p> };
    }
    if state.map_form == MapForm::Table {
        return html! { <div class="scroll" tabindex="0" role="region" aria-label="The map as a table">{ listed(map) }</div> };
    }
    html! { <Canvas map={Shared::from(map)} is_compared={!state.is_single()} object={state.object.clone()} /> }
}

fn options(desk: &Desk, state: &Shown) -> Html {
    let map = &state.map;
    let choose = |make: fn(&str, &MapOptions) -> MapOptions| {
        let (desk, map) = (desk.clone(), map.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                desk.act(Action::Map(make(&select.value(), &map)));
            }
        })
    };
    let on_hops = choose(|value, map| MapOptions { hops: value.parse().unwrap_or(1), ..map.clone() });
    let on_show = choose(|value, map| {
        let show = SHOWS.iter().find(|(_, id, _)| *id == value).map_or(Show::Changed, |(show, ..)| *show);
        MapOptions { show, ..map.clone() }
    });
    let whole = MapOptions { focus: None, ..map.clone() };
    let left_out = state.answers.map().map_or(0, |map| map.left_out);
    html! {
        <>
            <label>{ "neighbours " }
                <select id="hops" onchange={on_hops}>
                    { for (0..=3_u8).map(|hops| html! { <option value={hops.to_string()} selected={map.hops == hops}>{ hops }</option> }) }
                </select>
            </label>
            <label>{ "show " }
                <select id="show" onchange={on_show}>
                    { for SHOWS.iter().map(|(show, id, word)| html! { <option value={*id} selected={map.show == *show}>{ *word }</option> }) }
                </select>
            </label>
            if let Some(focus) = &map.focus {
                <button type="button" class="chip" onclick={acts(desk, move || Action::Map(whole.clone()))}
                    aria-label={format!("Around {}: no longer", text::visible(focus))}>
                    { "around " }{ name::bare(focus) }<span class="sign" aria-hidden="true">{ "×" }</span>
                </button>
            }
            if left_out > 0 {
                <span class="quiet" role="status">{ format!("{} more tables are left out", text::grouped(left_out)) }</span>
            }
        </>
    }
}
