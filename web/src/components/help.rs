//! The list of keys, as a dialog of the browser: it holds the focus and gives it back.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::keys;

#[component]
pub(crate) fn Help() -> Html {
    let on_toggle = use_callback((), |event: Event, ()| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            keys::turn(input.checked());
        }
    });
    html! {
        <dialog id={keys::HELP} class="help" aria-labelledby="help">
            <form method="dialog">
                <h2 id="help">{ "Keys" }</h2>
                <dl>
                    { for keys::KEYS.iter().map(|(keys, what)| html! {
                        <div>
                            <dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                            <dd>{ *what }</dd>
                        </div>
                    }) }
                </dl>
                <label class="check">
                    <input type="checkbox" checked={keys::are_on()} onchange={on_toggle} />
                    { "Single keys do something" }
                </label>
                <button class="button" value="close">{ "Close" }</button>
            </form>
        </dialog>
    }
}
