//! One section: a table with all that differs in it, or one kind of difference in all tables.

use diff_core::{Entry, Group};
use yew::prelude::*;

use super::entry::Difference;
use super::{name, use_dispatch};
use crate::app::Shared;
use crate::listing::{Grouping, Listing};
use crate::state::{Action, Comparison, Step};
use crate::text;

/// So many entries are drawn at first; the rest on demand, or when one of them is pointed out.
const PAGE: usize = 120;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) comparison: Shared<Comparison>,
    pub(crate) listing: Shared<Listing>,
    pub(crate) section: usize,
    pub(crate) grouping: Grouping,
    pub(crate) entry: Option<usize>,
}

#[component]
pub(crate) fn Detail(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let limit = use_state(|| PAGE);
    let Some(section) = props.listing.sections.get(props.section) else { return Html::default() };
    let on_back = {
        let dispatch = dispatch.clone();
        Callback::from(move |_| dispatch.dispatch(Action::Select(None)))
    };
    let go = |step: Step| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Move(step)))
    };
    let pointed = props.entry.and_then(|entry| section.entries.iter().position(|index| *index == entry));
    let drawn = (*limit).max(pointed.map_or(0, |place| place + 10));
    let on_more = Callback::from(move |_| limit.set(drawn + PAGE));
    let report = &props.comparison.report;
    let shown = &section.entries[..drawn.min(section.entries.len())];
    let is_last = props.section + 1 >= props.listing.sections.len();
    html! {
        <section class="detail" aria-labelledby="detail">
            <div class="path">
                <button type="button" class="link back" id="back" onclick={on_back}>
                    <span aria-hidden="true">{ "‹ " }</span>{ "All differences" }
                </button>
                <span class="place-of">
                    { format!("{} of {}", props.section + 1, text::grouped(props.listing.sections.len())) }
                </span>
                <button type="button" class="button quiet" onclick={go(Step::Previous)} title="Previous (k)">
                    <span aria-hidden="true">{ "↑" }</span><span class="unseen">{ "Previous" }</span>
                </button>
                <button type="button" class="button quiet" onclick={go(Step::Next)} disabled={is_last} title="Next (j)">
                    <span aria-hidden="true">{ "↓" }</span><span class="unseen">{ "Next" }</span>
                </button>
            </div>
            <h2 id="detail" tabindex="-1" class={classes!(section.word.is_empty().then_some("group"))}>
                { name::dotted(&section.schema, &section.title) }
            </h2>
            <p class="summary" aria-live="polite">
                if !section.word.is_empty() {
                    <span class="word">{ section.word }</span>
                }
                { text::counted(section.entries.len(), "difference") }
                if props.listing.shown < props.listing.total {
                    { " that the filter shows" }
                }
            </p>
            { for runs(shown, &report.entries).map(|(group, indices)| html! {
                <div class="run" key={format!("{group:?}")}>
                    if props.grouping == Grouping::Object {
                        <h3>{ text::visible(&group.title(&report.old.name, &report.new.name)).into_owned() }</h3>
                    }
                    { for indices.iter().map(|index| html! {
                        <Difference key={*index} comparison={props.comparison.clone()} index={*index}
                            is_whole_name={props.grouping == Grouping::Group}
                            is_pointed={props.entry == Some(*index)} />
                    }) }
                </div>
            }) }
            if section.entries.len() > drawn {
                <button type="button" class="button" onclick={on_more}>
                    { format!("Show more: {} are left", text::grouped(section.entries.len() - drawn)) }
                </button>
            }
        </section>
    }
}

/// Entries that follow each other and are of one group. Entries are sorted by group already.
fn runs<'a>(indices: &'a [usize], entries: &'a [Entry]) -> impl Iterator<Item = (Group, &'a [usize])> {
    indices
        .chunk_by(|a, b| entries[*a].group == entries[*b].group)
        .filter_map(|run| Some((entries[*run.first()?].group, run)))
}
