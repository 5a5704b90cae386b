//! What is compared: both sides, their order, and every other file that is open.

use viewer::ask::FileId;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{acts, name};
use crate::app::Shown;
use crate::open;
use crate::open::Desk;
use crate::state::{Action, File, Side, Target};
use crate::text;

/// The files that are compared.
pub(crate) fn files_bar(desk: &Desk, state: &Shown) -> Html {
    let on_swap = acts(desk, || Action::Swap);
    if state.is_single() {
        return html! {
            <section class="sides single" aria-label="What is looked at">
                { side(desk, state, Side::Old) }
                { beside(desk) }
            </section>
        };
    }
    html! {
        <section class="sides" aria-label="What is compared">
            { side(desk, state, Side::Old) }
            <button type="button" class="button swap" id="swap" onclick={on_swap} title="Swap old and new">
                <span aria-hidden="true">{ "⇄" }</span><span class="unseen">{ "Swap old and new" }</span>
            </button>
            { side(desk, state, Side::New) }
        </section>
    }
}

/// Where the second file goes while one is looked at alone.
fn beside(desk: &Desk) -> Html {
    html! {
        <label class="button">
            { "Compare with…" }
            <input type="file" class="unseen" id="pick-second" accept=".json,.gz,application/json"
                onchange={open::on_pick(desk.clone(), Target::Side(Side::New))} />
        </label>
    }
}

fn side(desk: &Desk, state: &Shown, side: Side) -> Html {
    let (id, role) = match side {
        Side::Old => ("old", "old: what stands"),
        Side::New => ("new", "new: what should stand"),
    };
    let role = if state.is_single() { "snapshot" } else { role };
    let Some(file) = state.files.on(side) else { return Html::default() };
    let Some(head) = file.head() else { return Html::default() };
    let on_pick = open::on_pick(desk.clone(), Target::Side(side));
    let facts = [
        (!head.kind.is_empty()).then(|| head.kind.clone()),
        (!head.server.is_empty()).then(|| format!("PostgreSQL {}", head.server)),
        head.taken_at.as_deref().map(text::moment),
        (!head.revisions.is_empty()).then(|| format!("revision {}", head.revisions.join(", "))),
        Some(text::counted(head.tables, "table")),
    ];
    html! {
        <section class={classes!("side", id)} data-side={id} aria-labelledby={format!("role-{id} side-{id}")}>
            <p class="role" id={format!("role-{id}")}>{ role }</p>
            <h2 class="label" id={format!("side-{id}")} title={text::visible(&file.name).into_owned()}>
                { label(desk, state, side, file) }
            </h2>
            <p class="facts">
                { for facts.into_iter().flatten().map(|fact| html! { <span>{ name::bare(&fact) }</span> }) }
                <label class="link">
                    { "change" }
                    <input type="file" class="unseen" id={format!("change-{id}")} accept=".json,.gz,application/json"
                        aria-label={format!("Open another file in place of {}", text::visible(file.label()))}
                        onchange={on_pick} />
                </label>
            </p>
        </section>
    }
}

/// The name; a choice where more files are open than the two.
fn label(desk: &Desk, state: &Shown, side: Side, file: &File) -> Html {
    let open = state.files.open_ids();
    let Some((old, new)) = state.files.pair.filter(|_| open.len() > 2) else {
        return name::bare(file.label());
    };
    let desk = desk.clone();
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
        let Ok(chosen) = select.value().parse::<FileId>() else { return };
        desk.act(match side {
            Side::Old => Action::Compare(chosen, new),
            Side::New => Action::Compare(old, chosen),
        });
    });
    let which = if side == Side::Old { "Old file" } else { "New file" };
    html! {
        <select {onchange} aria-label={which}>
            { for open.iter().filter_map(|id| state.files.get(*id)).map(|one| html! {
                <option key={one.id} value={one.id.to_string()} selected={one.id == file.id}>
                    { text::visible(one.label()).into_owned() }
                </option>
            }) }
        </select>
    }
}
