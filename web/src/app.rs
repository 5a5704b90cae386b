//! The page as a whole: holds the state, listens to the window, asks the worker, and lays out the views.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::ClipboardEvent;
use yew::prelude::*;

use crate::address::Route;
use crate::components::{
    DropZone, Help, Matrix, Migration, Overview, Palette, Topbar, changes, files_bar, filters, map_view,
    messages, start, tabs,
};
use crate::open::Desk;
use crate::state::{Action, State, View};
use crate::{dom, engine, keys, text};

/// A shared value as a property: the same one is equal, two are not, and nothing is compared in depth.
pub(crate) struct Shared<T: ?Sized>(pub(crate) Rc<T>);

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> std::ops::Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> From<&Rc<T>> for Shared<T> {
    fn from(value: &Rc<T>) -> Self {
        Self(Rc::clone(value))
    }
}

/// The state as a property of views.
pub(crate) type Shown = Shared<State>;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) start: engine::Start,
}

/// The page.
#[component]
pub(crate) fn App(props: &Props) -> Html {
    let handle = use_reducer(State::default);
    let desk = {
        let (dispatch, start) = (handle.dispatcher(), props.start.clone());
        (*use_memo((), move |()| Desk::new(dispatch, start))).clone()
    };
    let state = Shared(Rc::new((*handle).clone()));
    use_start(&desk);
    keys::use_keys(&desk, &state);
    use_paste(&desk);
    use_address(&desk, &state);
    use_title(&state);
    {
        let desk = desk.clone();
        use_effect_with(state.clone(), move |state| desk.ask(&state.wanted()));
    }
    html! {
        <ContextProvider<Desk> context={desk.clone()}>
            <a class="skip" href="#main" onclick={Callback::from(|event: MouseEvent| skip(&event))}>{ "Skip to the content" }</a>
            <Topbar state={state.clone()} />
            if state.files.pair.is_some() {
                { files_bar(&desk, &state) }
                { tabs(&desk, &state) }
            }
            <main id="main" tabindex="-1" class={classes!(view_class(&state))}>
                { messages(&desk, &state) }
                { view(&desk, &state) }
            </main>
            <Palette state={state.clone()} />
            <DropZone />
            <Help />
        </ContextProvider<Desk>>
    }
}

fn view(desk: &Desk, state: &Shown) -> Html {
    if state.files.pair.is_none() {
        return start(desk, state);
    }
    match state.view {
        View::Overview => html! { <Overview state={state.clone()} /> },
        View::Changes => html! { <>{ filters(desk, state) }{ changes(desk, state) }</> },
        View::Map => map_view(desk, state),
        View::Migration => html! { <Migration state={state.clone()} /> },
        View::Matrix => html! { <Matrix state={state.clone()} /> },
    }
}

fn view_class(state: &State) -> &'static str {
    match (state.files.pair, state.view) {
        (None, _) => "at-start",
        (_, View::Overview) => "at-overview",
        (_, View::Changes) => "at-changes",
        (_, View::Map) => "at-map",
        (_, View::Migration) => "at-migration",
        (_, View::Matrix) => "at-matrix",
    }
}

/// The address behind `#` is the page's own; a link within the page must not take its place.
fn skip(event: &MouseEvent) {
    event.prevent_default();
    dom::focus("main");
}

/// Opens what the page was started with.
#[hook]
fn use_start(desk: &Desk) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        if let Some(route) = Route::read(&dom::fragment()) {
            desk.act(Action::Route(Box::new(route)));
        }
        desk.act(Action::Reviewed(keys::reviewed()));
        desk.at_start();
    });
}

/// A snapshot's text may be pasted anywhere but into a field.
#[hook]
fn use_paste(desk: &Desk) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        let listener = dom::document().map(|document| {
            EventListener::new(&document, "paste", move |event| {
                let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
                let Some(data) = event.clipboard_data().filter(|_| !dom::is_in_field(event)) else { return };
                if let Some(list) = data.files().filter(|list| list.length() > 0) {
                    desk.files(&list, crate::state::Target::Anywhere);
                } else if let Ok(text) = data.get_data("text/plain")
                    && !text.trim().is_empty()
                {
                    desk.paste(&text);
                }
            })
        });
        move || drop(listener)
    });
}

/// Keeps state and address alike, both ways.
#[hook]
fn use_address(desk: &Desk, state: &Shown) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "popstate", move |_| {
                let route = Route::read(&dom::fragment()).unwrap_or_default();
                desk.act(Action::Route(Box::new(route)));
            })
        });
        move || drop(listener)
    });
    let is_open = state.files.pair.is_some();
    let known = use_mut_ref(|| 0);
    use_effect_with((state.route().write(), is_open, state.places), move |(fragment, is_open, places)| {
        if *is_open {
            let is_new_place = known.replace(*places) != *places;
            if *fragment != dom::fragment() {
                dom::set_fragment(fragment, is_new_place);
            }
        }
    });
}

/// What the browser's tab says.
#[hook]
fn use_title(state: &State) {
    let side = |id| {
        let label = state.files.get(id).map(|file| text::visible(file.label()).into_owned());
        label.unwrap_or_default()
    };
    let title = match state.files.pair {
        Some((old, new)) if old == new => format!("{} – driftglass", side(old)),
        Some((old, new)) => format!("{} → {} – driftglass", side(old), side(new)),
        None => "driftglass".to_owned(),
    };
    use_effect_with(title, |title| {
        if let Some(document) = dom::document() {
            document.set_title(title);
        }
    });
}
