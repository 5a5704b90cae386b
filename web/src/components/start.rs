//! What is shown until two files are open: two places, the examples, and how to get a snapshot.

use yew::prelude::*;

use super::{acts, name};
use crate::app::Shown;
use crate::open::{self, Desk};
use crate::state::{Action, Side, Status, Target};
use crate::text;

/// What stands there before two files are open.
pub(crate) fn start(desk: &Desk, state: &Shown) -> Html {
    let is_reading = state.files.is_reading();
    let click = |run: fn(&Desk)| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| run(&desk))
    };
    html! {
        <div key="start" class="start">
            <h1>{ "Where has the schema drifted?" }</h1>
            <p class="lead">
                { "Open two snapshots of a PostgreSQL schema: what stands in a database, and what should stand there. " }
                { "They are read and compared in this browser." }
            </p>
            <div class="slots" aria-busy={is_reading.to_string()}>
                { place(desk, state, Side::Old) }
                <span class="versus" aria-hidden="true">{ "→" }</span>
                { place(desk, state, Side::New) }
            </div>
            { reading(desk, state) }
            <p class="hint">
                { "Drop files anywhere, several at once: three or more become a matrix. Or paste a snapshot's text " }
                <kbd>{ "Ctrl V" }</kbd>{ ". Packed files (.json.gz) are fine." }
            </p>
            <div class="example">
                <button type="button" class="button strong" id="example" onclick={click(Desk::example)} disabled={is_reading}>
                    { "Try the example" }
                </button>
                <p>{ "A web shop whose production database has drifted from its models." }</p>
                <button type="button" class="button" id="large" onclick={click(Desk::large)} disabled={is_reading}>
                    { "A large one" }
                </button>
                <p>{ "5,000 tables, made up on the spot." }</p>
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

/// The place of one file.
fn place(desk: &Desk, state: &Shown, side: Side) -> Html {
    let (id, title, hint) = match side {
        Side::Old => ("old", "What stands", "usually a database"),
        Side::New => ("new", "What should stand", "usually the models"),
    };
    let file = state.files.on(side);
    let label = if file.is_some() { "Open another…" } else { "Choose a file…" };
    let on_pick = open::on_pick(desk.clone(), Target::Side(side));
    html! {
        <section class={classes!("place", file.is_some().then_some("filled"))} data-side={id}
            aria-labelledby={format!("place-{id}")}>
            <h2 id={format!("place-{id}")}>{ title }<small>{ hint }</small></h2>
            if let Some((file, head)) = file.and_then(|file| Some((file, file.head()?))) {
                <p class="file"><span class="sign" aria-hidden="true">{ "✓" }</span>{ name::bare(&file.name) }</p>
                <p class="detail">
                    { name::bare(&head.label) }{ " " }{ text::counted(head.objects, "object") }
                </p>
            }
            <p class="buttons">
                <label class="button">
                    { label }
                    <input type="file" class="unseen" id={format!("pick-{id}")} multiple=true
                        accept=".json,.gz,application/json" aria-label={format!("{title}: {label}")} onchange={on_pick} />
                </label>
                if let Some(file) = file {
                    <button type="button" class="button" id="browse" onclick={browse(desk, file.id)}>
                        { "Look at it alone" }
                    </button>
                }
            </p>
        </section>
    }
}

fn browse(desk: &Desk, id: u32) -> Callback<MouseEvent> {
    acts(desk, move || Action::Compare(id, id))
}

/// How far the files are that are being read.
fn reading(desk: &Desk, state: &Shown) -> Html {
    let bars = state.files.all.iter().filter_map(|file| {
        let Status::Reading(done, total) = file.status else { return None };
        let (id, desk) = (file.id, desk.clone());
        let onclick = Callback::from(move |_: MouseEvent| desk.close(id, true));
        Some(html! {
            <li key={id}>
                <span class="file">{ name::bare(&file.name) }</span>
                <progress value={total.map(|_| done.to_string())} max={total.map(|total| total.to_string())}
                    aria-label={format!("Reading {}", text::visible(&file.name))}></progress>
                <button type="button" class="link" {onclick}>{ "Cancel" }</button>
            </li>
        })
    });
    html! { <ul class="reading" aria-label="Files that are being read">{ for bars }</ul> }
}
