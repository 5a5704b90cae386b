//! The list of keys, as a dialog of the browser: it holds the focus and gives it back.

use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use crate::keys;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) is_open: bool,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Help(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.is_open, move |is_open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *is_open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let on_toggle = use_callback((), |event: Event, ()| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            keys::turn(input.checked());
        }
    });
    let on_close = props.on_close.reform(|_: Event| ());
    let on_cancel = props.on_close.reform(|_: Event| ());
    html! {
        <dialog ref={dialog} class="help" aria-labelledby="help" onclose={on_close} oncancel={on_cancel}>
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
