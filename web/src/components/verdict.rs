//! The outcome in one line, and its numbers: tables by fate, differences by severity.

use std::collections::BTreeSet;

use diff_core::Severity;
use yew::prelude::*;

use super::use_dispatch;
use crate::app::Shared;
use crate::state::{Action, Comparison};
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) comparison: Shared<Comparison>,
    pub(crate) picked: BTreeSet<Severity>,
}

#[component]
pub(crate) fn Verdict(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let report = &props.comparison.report;
    let totals = report.totals;
    let (old, new) = (&report.old.name, &report.new.name);
    let title = match totals.differences {
        0 if report.is_in_sync() => "In sync".to_owned(),
        0 => "No differences found".to_owned(),
        count => text::counted(count, "difference"),
    };
    let chip = |(severity, count): (Severity, usize)| {
        let (sign, word) = text::severity(severity);
        let is_picked = props.picked.contains(&severity);
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_| dispatch.dispatch(Action::Toggle(severity)));
        html! {
            <button type="button" key={word} class={classes!("chip", word)} aria-pressed={is_picked.to_string()}
                disabled={count == 0 && !is_picked} {onclick} title={format!("Show only {word}")}>
                <span class="sign" aria-hidden="true">{ sign }</span>
                <span class="count">{ text::grouped(count) }</span>{ " " }{ word }
            </button>
        }
    };
    let severities =
        [(Severity::High, totals.high), (Severity::Medium, totals.medium), (Severity::Low, totals.low)];
    let fates = [
        ("same", "=", "in sync".to_owned(), totals.in_sync),
        ("changed", "~", "differ".to_owned(), totals.differing),
        ("removed", "−", format!("only in {old}"), totals.only_old),
        ("added", "+", format!("only in {new}"), totals.only_new),
    ];
    let all: usize = fates.iter().map(|(.., count)| count).sum();
    html! {
        <section class="verdict" aria-labelledby="verdict" data-verdict={report.verdict()}>
            <div class="outcome">
                <h1 id="verdict">
                    if report.is_in_sync() {
                        <span class="sign" aria-hidden="true">{ "✓" }</span>
                    }
                    { title }
                </h1>
                if !report.is_in_sync() {
                    <div class="chips" role="group" aria-label="Differences by severity: press to filter">
                        { for severities.map(chip) }
                    </div>
                }
            </div>
            <div class="tables">
                <p class="sizes">
                    { "Tables: " }<b>{ text::grouped(totals.tables_old) }</b>{ format!(" in {}, ", text::visible(old)) }
                    <b>{ text::grouped(totals.tables_new) }</b>{ format!(" in {}", text::visible(new)) }
                </p>
                if all > 0 {
                    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                        { bar(&fates, all) }
                    </svg>
                }
                <ul class="fates">
                    { for fates.iter().map(|(class, sign, word, count)| html! {
                        <li key={*class} class={classes!(*class, (*count == 0).then_some("none"))}>
                            <span class="sign" aria-hidden="true">{ *sign }</span>
                            <b>{ text::grouped(*count) }</b>{ " " }{ text::visible(word).into_owned() }
                        </li>
                    }) }
                </ul>
            </div>
        </section>
    }
}

/// Each fate's part of the bar, with a gap between two.
fn bar(fates: &[(&'static str, &'static str, String, usize)], all: usize) -> Html {
    let mut start = 0;
    let mut parts = Vec::new();
    for (class, _, _, count) in fates.iter().filter(|(.., count)| *count > 0) {
        let width = (count * 1000 / all).max(6);
        parts.push(html! {
            <rect key={*class} class={*class} x={start.to_string()} y="0" height="10"
                width={width.saturating_sub(3).to_string()} />
        });
        start += width;
    }
    parts.into_iter().collect()
}
