//! What went wrong: files that could not be opened, and anything else. What is open stays open. And the one
//! question: whether another server may be asked.

use yew::prelude::*;

use super::{acts, name};
use crate::app::Shown;
use crate::open::{self, Desk};
use crate::state::{Action, File, Status, Target};
use crate::text;

/// What went wrong, and what is asked of the user.
pub(crate) fn messages(desk: &Desk, state: &Shown) -> Html {
    let refused: Vec<_> = state
        .files
        .all
        .iter()
        .filter_map(|file| match &file.status {
            Status::Refused(why) => Some((file, why)),
            _ => None,
        })
        .collect();
    let is_any = state.notice.is_some() || !refused.is_empty();
    html! {
        <>
        // The region is there before its content, so that screen readers tell when something comes in.
        <div class="messages" role="alert">
            if is_any {
                { for refused.into_iter().map(|(file, why)| message(desk, state, file, why)) }
                if let Some(notice) = &state.notice {
                    <div class="message"><p>{ text::visible(notice).into_owned() }</p></div>
                }
                <button type="button" class="button quiet dismiss" onclick={acts(desk, || Action::Dismiss)}>
                    { "Dismiss" }
                </button>
            }
        </div>
        if !state.consent.is_empty() {
            { consent(desk, state) }
        }
        </>
    }
}

fn message(desk: &Desk, state: &Shown, file: &File, why: &str) -> Html {
    let target = file.side().map_or(Target::Anywhere, Target::Side);
    let stays = file.side().and_then(|side| state.files.on(side));
    html! {
        <div class="message" key={file.id}>
            <p><strong class="file">{ name::bare(&file.name) }</strong>{ " was not opened." }</p>
            <p class="why">{ sentence(why) }</p>
            if let Some(stays) = stays {
                <p class="stays">{ "Still open on this side: " }{ name::bare(&stays.name) }</p>
            }
            <label class="button">
                { "Open another…" }
                <input type="file" class="unseen" id={format!("again-{}", file.id)} accept=".json,.gz,application/json"
                    aria-label={format!("Open another file in place of {}", text::visible(&file.name))}
                    onchange={open::on_pick(desk.clone(), target)} />
            </label>
        </div>
    }
}

/// Errors are written to stand after a colon; here they stand alone.
fn sentence(message: &str) -> String {
    let shown = text::visible(message);
    let mut chars = shown.chars();
    let first = chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string());
    let dot = if shown.ends_with(['.', '?', ')']) { "" } else { "." };
    format!("{first}{}{dot}", chars.as_str())
}

/// The address of this page asks for files of other servers. They learn that somebody asked, so people say yes first.
fn consent(desk: &Desk, state: &Shown) -> Html {
    let addresses = state.consent.clone();
    let on_yes = {
        let (desk, addresses) = (desk.clone(), addresses.clone());
        Callback::from(move |_: MouseEvent| desk.fetch(addresses.to_vec()))
    };
    let hosts = open::foreign_hosts(&addresses);
    let is_plain = hosts.iter().any(|host| host.starts_with("http:"));
    html! {
        <section class="consent" aria-labelledby="consent">
            <h2 id="consent">{ "Fetch these files?" }</h2>
            <p>
                { "The link that opened this page names files on " }
                <strong>{ name::bare(&hosts.join(", ")) }</strong>
                { ". They are read into this browser; nothing is sent but the request for them." }
                if is_plain {
                    { " Of other servers the page may read what is behind https, and nothing else." }
                }
            </p>
            <ul>{ for addresses.iter().map(|address| html! { <li><code>{ name::bare(address) }</code></li> }) }</ul>
            <p class="buttons">
                <button type="button" class="button strong" id="consent-yes" onclick={on_yes}>{ "Fetch them" }</button>
                <button type="button" class="button" onclick={acts(desk, || Action::Dismiss)}>{ "No" }</button>
            </p>
        </section>
    }
}
