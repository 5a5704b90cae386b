//! The bar at the top: what this is, and what can be done at any time.

use yew::prelude::*;

use super::{Props, acts, use_desk};
use crate::dom;
use crate::keys;
use crate::open;
use crate::state::{Action, Target};

/// Where the browser remembers the colours.
const REMEMBERED: &str = "driftglass-theme";

/// The choices: value, sign, word.
const THEMES: [(&str, &str, &str); 3] =
    [("auto", "◐", "Colours as the system has them"), ("light", "☀", "Light"), ("dark", "☾", "Dark")];

#[component]
pub(crate) fn Topbar(props: &Props) -> Html {
    let desk = use_desk();
    let is_open = props.state.files.pair.is_some();
    let on_pick = open::on_pick(desk.clone(), Target::Anywhere);
    let on_close = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.close_all())
    };
    let on_report = {
        let (desk, state) = (desk.clone(), props.state.clone());
        Callback::from(move |_: MouseEvent| {
            // Old and new come first, whatever else is open.
            let (old, new) = state.files.pair.unwrap_or_default();
            let others = state.files.open_ids().into_iter().filter(|id| *id != old && *id != new);
            desk.report([old, new].into_iter().chain(others).collect());
        })
    };
    let on_help = Callback::from(|_: MouseEvent| dom::open_dialog(keys::HELP));
    let on_search = acts(&desk, || Action::Search(Some(String::new())));
    html! {
        <header class="topbar">
            <p class="brand"><span class="mark" aria-hidden="true"></span>{ "driftglass" }</p>
            <p class="promise">{ "Nothing leaves this page" }</p>
            <div class="tools">
                if is_open {
                    <button type="button" class="button find" id="find" onclick={on_search} aria-haspopup="dialog">
                        { "Find" }<kbd aria-hidden="true">{ "Ctrl K" }</kbd>
                    </button>
                    <Share />
                    if !open::is_one_file() && !props.state.is_single() {
                        <button type="button" class="button quiet" id="report" onclick={on_report}
                            title="Save the page with these snapshots in it, as one file">{ "Save report" }</button>
                    }
                    <label class="button quiet">
                        { "Open…" }
                        <input type="file" class="unseen" id="pick-any" multiple=true accept=".json,.gz,application/json"
                            aria-label="Open more snapshots" onchange={on_pick} />
                    </label>
                    <button type="button" class="button quiet" id="close" onclick={on_close}>{ "Close" }</button>
                }
                <Theme />
                <button type="button" class="button quiet" onclick={on_help} aria-haspopup="dialog">
                    { "Keys" }<kbd aria-hidden="true">{ "?" }</kbd>
                </button>
            </div>
        </header>
    }
}

/// Copies a link to what is shown, and says so.
#[component]
fn Share() -> Html {
    let is_copied = use_state(|| false);
    let onclick = {
        let is_copied = is_copied.setter();
        Callback::from(move |_: MouseEvent| {
            keys::link();
            is_copied.set(true);
            let is_copied = is_copied.clone();
            gloo_timers::callback::Timeout::new(1_600, move || is_copied.set(false)).forget();
        })
    };
    html! {
        <button type="button" class="button quiet" id="link" {onclick} title="Copy a link to what is shown (y)">
            <span role="status">{ if *is_copied { "Copied" } else { "Copy link" } }</span>
        </button>
    }
}

/// Light, dark, or as the system has it.
#[component]
fn Theme() -> Html {
    let theme = use_state(|| {
        let remembered = dom::remembered(REMEMBERED);
        let known = THEMES.iter().find(|(value, ..)| Some(*value) == remembered.as_deref());
        known.map_or("auto", |(value, ..)| *value)
    });
    use_effect_with(*theme, |theme| dom::set_root_attribute("data-theme", theme));
    let choice = |(value, sign, word): (&'static str, &'static str, &'static str)| {
        let setter = theme.setter();
        let onchange = Callback::from(move |_| {
            dom::remember(REMEMBERED, value);
            setter.set(value);
        });
        html! {
            <label title={word} key={value}>
                <input type="radio" name="theme" class="unseen" {value} checked={*theme == value} {onchange} />
                <span class="sign" aria-hidden="true">{ sign }</span>
                <span class="unseen">{ word }</span>
            </label>
        }
    };
    html! {
        <fieldset class="theme">
            <legend class="unseen">{ "Colours" }</legend>
            { for THEMES.map(choice) }
        </fieldset>
    }
}
