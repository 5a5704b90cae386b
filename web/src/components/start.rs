//! What is shown until both sides are open: two places for files, the example, and how to get a snapshot.

use yew::prelude::*;

use super::{name, use_dispatch};
use crate::open;
use crate::state::{Side, Slot, Target};
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
    pub(crate) is_reading: bool,
}

#[component]
pub(crate) fn Start(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let on_example = Callback::from(move |_| open::example(dispatch.clone()));
    html! {
        <div class="start">
            <h1>{ "Where has the schema drifted?" }</h1>
            <p class="lead">
                { "Open two snapshots of a PostgreSQL schema: what stands in a database, and what should stand there. " }
                { "They are read and compared in this browser." }
            </p>
            <div class="slots" aria-busy={props.is_reading.to_string()}>
                <Place side={Side::Old} slot={props.old.clone()} />
                <span class="versus" aria-hidden="true">{ "→" }</span>
                <Place side={Side::New} slot={props.new.clone()} />
            </div>
            <p class="hint">{ "Or drop files anywhere on the page, both at once if you like." }</p>
            <div class="example">
                <button type="button" class="button strong" id="example" onclick={on_example} disabled={props.is_reading}>
                    { "Try the example" }
                </button>
                <p>{ "A web shop whose production database has drifted from its models." }</p>
            </div>
            <section class="how" aria-labelledby="how">
                <h2 id="how">{ "How to take a snapshot" }</h2>
                <p>{ "of a database" }</p>
                <pre tabindex="0"><code>{ "driftglass snapshot postgres://user@host/shop -o database.json" }</code></pre>
                <p>{ "of SQLAlchemy models" }</p>
                <pre tabindex="0"><code>{ "driftglass snapshot models:shop.models -o models.json" }</code></pre>
            </section>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct PlaceProps {
    side: Side,
    slot: Slot,
}

/// The place of one file.
#[component]
fn Place(props: &PlaceProps) -> Html {
    let dispatch = use_dispatch();
    let (id, title, hint) = match props.side {
        Side::Old => ("old", "What stands", "usually a database"),
        Side::New => ("new", "What should stand", "usually the models"),
    };
    let on_pick = open::on_pick(dispatch, Target::Side(props.side));
    let label = if props.slot.opened.is_some() { "Open another…" } else { "Choose a file…" };
    html! {
        <section class={classes!("place", props.slot.opened.is_some().then_some("filled"))} data-side={id}
            aria-labelledby={format!("place-{id}")}>
            <h2 id={format!("place-{id}")}>{ title }<small>{ hint }</small></h2>
            if let Some(opened) = &props.slot.opened {
                <p class="file"><span class="sign" aria-hidden="true">{ "✓" }</span>{ name::bare(&opened.name) }</p>
                <p class="detail">
                    { name::bare(&opened.snapshot.source.label) }{ " " }
                    { text::counted(opened.snapshot.objects.len(), "object") }
                </p>
            }
            <label class="button">
                { label }
                <input type="file" class="unseen" id={format!("pick-{id}")} multiple=true
                    accept=".json,application/json" aria-label={format!("{title}: {label}")} onchange={on_pick} />
            </label>
        </section>
    }
}
