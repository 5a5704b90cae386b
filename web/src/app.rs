//! The page as a whole: holds the state, listens to the window, and lays out the components.

use std::rc::Rc;

use yew::prelude::*;

use crate::components::{Detail, DropZone, Help, List, Messages, Overview, Sides, Start, Topbar, Verdict};
use crate::open::{self, Dispatch};
use crate::state::{Action, Comparison, State};
use crate::{dom, keys};

/// A shared value as a property: the same one is equal, two are not, and nothing is compared in depth.
pub(crate) struct Shared<T>(pub(crate) Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

/// The page.
#[component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::default);
    let dispatch = state.dispatcher();
    keys::use_keys(dispatch.clone());
    {
        let dispatch = dispatch.clone();
        use_effect_with((), move |()| open::from_address(dispatch));
    }
    use_shown(&state);
    let comparison = state.comparison.clone().map(Shared);
    html! {
        <ContextProvider<Dispatch> context={dispatch}>
            <a class="skip" href="#main">{ "Skip to the differences" }</a>
            <Topbar is_compared={comparison.is_some()} />
            <main id="main" tabindex="-1">
                <Messages old={state.old.clone()} new={state.new.clone()} notice={state.notice.clone()} />
                if let Some(comparison) = comparison {
                    { compared(&state, comparison) }
                } else {
                    <Start old={state.old.clone()} new={state.new.clone()} is_reading={state.reading > 0} />
                }
            </main>
            <DropZone />
            <Help />
        </ContextProvider<Dispatch>>
    }
}

fn compared(state: &State, comparison: Shared<Comparison>) -> Html {
    let section = state.section();
    let listing = Shared(Rc::clone(&state.listing));
    let is_selected = section.is_some();
    html! {
        <>
            <Sides old={state.old.clone()} new={state.new.clone()} comparison={comparison.clone()} />
            <Verdict comparison={comparison.clone()} picked={state.filter.severities.clone()} />
            <div class="bench" data-shows={if is_selected { "detail" } else { "list" }}>
                <List
                    comparison={comparison.clone()}
                    listing={listing.clone()}
                    filter={state.filter.clone()}
                    grouping={state.grouping}
                    {section}
                />
                <div class="pane">
                    if let Some(section) = section {
                        <Detail {comparison} {listing} {section} grouping={state.grouping} entry={state.entry} />
                    } else {
                        <Overview {comparison} {listing} />
                    }
                </div>
            </div>
        </>
    }
}

/// Brings into view what was selected; where list and detail share one column, the focus goes along.
#[hook]
fn use_shown(state: &State) {
    let place = state.section();
    let was = use_mut_ref(|| None::<usize>);
    use_effect_with((state.selected.clone(), state.entry), move |(_, entry)| {
        let before = was.replace(place);
        match (place, entry) {
            (_, Some(entry)) => dom::focus(&format!("entry-{entry}")),
            (Some(place), None) => {
                dom::scroll_to(&format!("section-{place}"));
                if dom::is_narrow() {
                    dom::focus("detail");
                }
                dom::scroll_to("detail");
            }
            (None, None) if dom::is_narrow() => {
                if let Some(before) = before {
                    dom::focus(&format!("section-{before}"));
                }
            }
            (None, None) => {}
        }
    });
}
