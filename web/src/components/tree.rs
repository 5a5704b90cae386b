//! The list of what differs: a tree of which only the rows in sight are drawn, however many there are.
//!
//! The list holds the focus; which of its rows is meant, it says by `aria-activedescendant`. That row is always
//! drawn, in sight or not.

use std::collections::BTreeSet;
use std::rc::Rc;

use viewer::ask::{Changes, Row};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{name, use_desk};
use crate::app::Shared;
use crate::open::Desk;
use crate::state::Action;
use crate::text;

/// Pixels of a row; the style sheet has the same.
const HEIGHT: i32 = 32;
/// Rows are drawn in runs of so many, so that scrolling seldom draws.
const RUN: usize = 16;
/// Runs that are drawn at once: those in sight, and some above and below.
const RUNS: usize = 6;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) changes: Shared<Changes>,
    pub(super) object: Option<Rc<str>>,
    pub(super) entry: Option<usize>,
    pub(super) picked: BTreeSet<String>,
    pub(super) reviewed: Shared<BTreeSet<String>>,
    /// Whether objects can be ticked.
    pub(super) has_ticks: bool,
}

#[component]
pub(super) fn Tree(props: &Props) -> Html {
    let desk = use_desk();
    let list = use_node_ref();
    let first = use_state(|| 0_usize);
    let rows = &props.changes.rows;
    let active_key = use_state(String::new);
    let active = active(props, &active_key);
    use_in_sight(&list, active);
    use_left_heading(props, &active_key);
    let onscroll = {
        let (list, first) = (list.clone(), first.clone());
        Callback::from(move |_: Event| {
            let Some(element) = list.cast::<HtmlElement>() else { return };
            let run = usize::try_from(element.scroll_top() / HEIGHT).unwrap_or(0) / RUN;
            if run != *first {
                first.set(run);
            }
        })
    };
    let onclick = {
        let (changes, desk, key) = (props.changes.clone(), desk.clone(), active_key.setter());
        Callback::from(move |event: MouseEvent| clicked(&event, &changes, &desk, &key))
    };
    let onkeydown = {
        let (changes, desk, key) = (props.changes.clone(), desk, active_key.setter());
        Callback::from(move |event: KeyboardEvent| pressed(&event, &changes, active, &desk, &key))
    };
    let start = first.saturating_sub(1) * RUN;
    let end = (start + RUNS * RUN).min(rows.len());
    let drawn = (start..end).chain(active.filter(|at| !(start..end).contains(at) && *at < rows.len()));
    html! {
        <div class="tree" role="treegrid" id="tree" tabindex="0" ref={list} aria-label="What differs"
            aria-rowcount={rows.len().to_string()} aria-colcount="2"
            aria-activedescendant={active.map(|at| format!("row-{at}"))} {onscroll} {onclick} {onkeydown}>
            <div class="rows" role="rowgroup" style={format!("height:{}px", rows.len() * HEIGHT.unsigned_abs() as usize)}>
                { for drawn.map(|at| row(props, at, &rows[at], active == Some(at))) }
            </div>
        </div>
    }
}

/// The row that is meant: the one that was gone to, else the one of what is shown.
fn active(props: &Props, key: &str) -> Option<usize> {
    let rows = &props.changes.rows;
    let is_shown = |row: &&Row| row.object.as_deref() == props.object.as_deref() && props.object.is_some();
    let gone_to = rows.iter().position(|row| row.key == key);
    let is_meant = |at: &usize| props.object.is_none() || rows[*at].object.is_none() || is_shown(&&rows[*at]);
    if let Some(at) = gone_to.filter(is_meant) {
        return Some(at);
    }
    let entry = rows.iter().position(|row| row.entry.is_some() && row.entry == props.entry);
    entry.or_else(|| rows.iter().position(|row| is_shown(&row)))
}

/// A heading is meant until something else is shown, by whatever way.
#[hook]
fn use_left_heading(props: &Props, key: &UseStateHandle<String>) {
    let (changes, key) = (props.changes.clone(), key.clone());
    use_effect_with((props.object.clone(), props.entry), move |_| {
        if changes.rows.iter().any(|row| row.object.is_none() && row.key == *key) {
            key.set(String::new());
        }
    });
}

/// Scrolls as little as is needed to see the row that is meant, whenever it is another one.
#[hook]
fn use_in_sight(list: &NodeRef, active: Option<usize>) {
    let list = list.clone();
    use_effect_with(active, move |active| {
        let (Some(at), Some(element)) = (active, list.cast::<HtmlElement>()) else { return };
        let top = i32::try_from(*at).unwrap_or(i32::MAX / HEIGHT) * HEIGHT;
        let (scrolled, height) = (element.scroll_top(), element.client_height());
        if top < scrolled {
            element.set_scroll_top((top - HEIGHT).max(0));
        } else if top + HEIGHT > scrolled + height {
            element.set_scroll_top(top + 2 * HEIGHT - height);
        }
    });
}

/// One handler for all rows: which one it was is written on it.
fn clicked(event: &MouseEvent, changes: &Changes, desk: &Desk, key: &UseStateSetter<String>) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let place = target.closest("[data-at]").ok().flatten().and_then(|row| row.get_attribute("data-at"));
    let Some(row) = place.and_then(|place| changes.rows.get(place.parse::<usize>().ok()?)) else { return };
    key.set(row.key.clone());
    if target.closest(".tick").ok().flatten().is_some() {
        if let Some(object) = &row.object {
            desk.act(Action::Pick(object.as_str().into()));
        }
    } else if target.closest(".twist").ok().flatten().is_some() || row.object.is_none() {
        desk.act(Action::Toggle(row.key.clone()));
    } else {
        show(row, desk);
    }
}

fn show(row: &Row, desk: &Desk) {
    if let Some(object) = &row.object {
        desk.act(Action::Select(Some(object.as_str().into()), row.entry));
    }
}

fn pressed(
    event: &KeyboardEvent,
    changes: &Changes,
    active: Option<usize>,
    desk: &Desk,
    key: &UseStateSetter<String>,
) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let rows = &changes.rows;
    let last = rows.len().saturating_sub(1);
    let at = active.unwrap_or(0);
    let Some(row) = rows.get(at) else { return };
    let next = match event.key().as_str() {
        "ArrowDown" => active.map_or(0, |at| (at + 1).min(last)),
        "ArrowUp" => at.saturating_sub(1),
        "PageDown" => (at + RUN).min(last),
        "PageUp" => at.saturating_sub(RUN),
        "Home" => 0,
        "End" => last,
        "ArrowRight" if row.is_open == Some(false) => {
            desk.act(Action::Toggle(row.key.clone()));
            at
        }
        "ArrowRight" if row.is_open == Some(true) => (at + 1).min(last),
        "ArrowLeft" if row.is_open == Some(true) => {
            desk.act(Action::Toggle(row.key.clone()));
            at
        }
        "ArrowLeft" => rows[..at].iter().rposition(|one| one.level < row.level).unwrap_or(at),
        "Enter" if row.object.is_none() => {
            desk.act(Action::Toggle(row.key.clone()));
            at
        }
        "Enter" => at,
        " " => {
            if let Some(object) = &row.object {
                desk.act(Action::Pick(object.as_str().into()));
            }
            at
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(row) = rows.get(next) {
        key.set(row.key.clone());
        if next != at || event.key() == "Enter" || active.is_none() {
            show(row, desk);
        }
    }
}

fn row(props: &Props, at: usize, row: &Row, is_active: bool) -> Html {
    let is_reviewed = !row.mark.is_empty() && props.reviewed.contains(&row.mark);
    let class = classes!(
        "row",
        format!("level-{}", row.level),
        row.fate.map(|fate| text::fate(fate).1),
        is_active.then_some("active"),
        is_reviewed.then_some("done"),
    );
    html! {
        <div key={row.key.clone()} role="row" {class} id={format!("row-{at}")} data-at={at.to_string()}
            style={format!("top:{}px", at * HEIGHT.unsigned_abs() as usize)}
            aria-level={row.level.to_string()} aria-rowindex={(at + 1).to_string()}
            aria-posinset={row.place.to_string()} aria-setsize={row.siblings.to_string()}
            aria-expanded={row.is_open.map(|is_open| is_open.to_string())}
            aria-selected={is_active.to_string()}>
            <span role="gridcell" class="what">
                { tick(props, row) }
                <span class="twist" aria-hidden="true">
                    { match row.is_open { Some(true) => "▾", Some(false) => "▸", None => "" } }
                </span>
                { sign(row) }
                { words(row) }
            </span>
            <span role="gridcell" class="numbers">{ numbers(row, is_reviewed) }</span>
        </div>
    }
}

/// A box of its own would take the focus from the list: it is drawn, and the row says whether it is ticked.
fn tick(props: &Props, row: &Row) -> Html {
    let Some(object) =
        row.object.as_ref().filter(|_| props.has_ticks && row.entry.is_none() && row.count > 0)
    else {
        return Html::default();
    };
    let is_picked = props.picked.contains(object);
    html! {
        <span class={classes!("tick", is_picked.then_some("on"))} title="Take it into a migration of its own (x)">
            if is_picked {
                <span aria-hidden="true">{ "✓" }</span><span class="unseen">{ "ticked" }</span>
            }
        </span>
    }
}

fn sign(row: &Row) -> Html {
    let Some(fate) = row.fate else { return Html::default() };
    let (sign, word) = text::fate(fate);
    html! {
        <span class={classes!("fate", word)} title={word}>
            <span class="sign" aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span>
        </span>
    }
}

fn words(row: &Row) -> Html {
    html! {
        <span class="title" title={format!("{}{} {}", text::visible(&row.before), text::visible(&row.title), text::visible(&row.after))}>
            if !row.before.is_empty() {
                <span class="quiet">{ name::bare(&row.before) }</span>
            }
            <span class={if row.level == 1 { "heading" } else { "name" }}>{ name::bare(&row.title) }</span>
            if !row.word.is_empty() {
                <span class="quiet">{ " " }{ row.word.clone() }</span>
            }
            if !row.after.is_empty() {
                <span class="quiet">{ " " }{ name::bare(&row.after) }</span>
            }
        </span>
    }
}

fn numbers(row: &Row, is_reviewed: bool) -> Html {
    html! {
        <>
            if is_reviewed {
                <span class="reviewed" title="reviewed"><span aria-hidden="true">{ "✓" }</span><span class="unseen">{ "reviewed" }</span></span>
            }
            if row.is_loss {
                <span class="loss" title="can lose data"><span aria-hidden="true">{ "⚠" }</span><span class="unseen">{ "can lose data" }</span></span>
            }
            if let Some(severity) = row.severity {
                { name::severity_sign(severity) }
            }
            if row.entry.is_none() && row.count > 0 {
                <span class="count"><span aria-hidden="true">{ text::grouped(row.count) }</span>
                    <span class="unseen">{ text::counted(row.count, "difference") }</span></span>
            }
        </>
    }
}
