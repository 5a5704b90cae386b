//! What is shown before an object is selected: what to do, what is wrong with the sources, what was left out.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Advice, Finding, Report};
use yew::prelude::*;

use super::{name, use_dispatch};
use crate::app::Shared;
use crate::listing::Listing;
use crate::open::Dispatch;
use crate::state::{Action, Comparison};
use crate::text;

/// So many objects of one recommendation are named at once.
const FEW: usize = 8;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) comparison: Shared<Comparison>,
    pub(crate) listing: Shared<Listing>,
}

#[component]
pub(crate) fn Overview(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let report = &props.comparison.report;
    let advice = shown_advice(report, &props.listing);
    html! {
        <div class="overview">
            <h2 id="detail" tabindex="-1" class="unseen">{ "Overview" }</h2>
            if report.is_in_sync() {
                <div class="calm">
                    <p>{ "Both sides agree in everything that was compared." }</p>
                </div>
            }
            { contents(report) }
            if !report.advice.is_empty() {
                <section aria-labelledby="advice">
                    <h3 id="advice">
                        { "What to do" }
                        <span class="count">
                            { text::grouped(advice.len()) }
                            if advice.len() < report.advice.len() {
                                { format!(" of {}: of what the filter shows", text::grouped(report.advice.len())) }
                            }
                        </span>
                    </h3>
                    <ol class="advices">
                        { for advice.iter().map(|it| html! { <Recommendation key={it.rule} advice={it.clone()} /> }) }
                    </ol>
                </section>
            }
            if !report.findings.is_empty() {
                <section aria-labelledby="findings">
                    <h3 id="findings">
                        { "Wrong in the sources themselves" }<span class="count">{ report.findings.len() }</span>
                    </h3>
                    <ul class="findings">{ for report.findings.iter().map(finding) }</ul>
                </section>
            }
            { sentences("information", "Good to know", &report.information) }
            { sentences("not-compared", "Not compared", &report.not_compared) }
            { start_reading(&dispatch, report.is_in_sync()) }
        </div>
    }
}

/// The recommendations about what the filter lets through.
fn shown_advice(report: &Report, listing: &Listing) -> Vec<Advice> {
    if listing.shown == listing.total {
        return report.advice.clone();
    }
    let shown =
        listing.sections.iter().flat_map(|section| &section.entries).map(|index| &report.entries[*index]);
    let mut objects: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for entry in shown {
        if let Some(rule) = entry.rule {
            objects.entry(rule).or_default().insert(entry.id.to_string());
        }
    }
    let about = |advice: &Advice| {
        let objects = objects.get(advice.rule)?.iter().cloned().collect();
        Some(Advice { objects, ..advice.clone() })
    };
    report.advice.iter().filter_map(about).collect()
}

/// What the overview holds, where that is more than recommendations: they are long, and come first.
fn contents(report: &Report) -> Html {
    let parts = [
        ("#advice", "What to do", report.advice.len()),
        ("#findings", "Wrong in the sources", report.findings.len()),
        ("#information", "Good to know", report.information.len()),
        ("#not-compared", "Not compared", report.not_compared.len()),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|(.., count)| *count > 0).collect();
    if parts.len() < 2 {
        return Html::default();
    }
    html! {
        <nav class="contents" aria-label="Overview">
            { for parts.into_iter().map(|(href, title, count)| html! {
                <a class="link" key={href} {href}>{ format!("{title} {}", text::grouped(count)) }</a>
            }) }
        </nav>
    }
}

/// A way into the list for those who have read the recommendations.
fn start_reading(dispatch: &Dispatch, is_in_sync: bool) -> Html {
    if is_in_sync {
        return Html::default();
    }
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_| dispatch.dispatch(Action::Move(crate::state::Step::Next)));
    html! {
        <p class="onward">
            <button type="button" class="button" {onclick}>
                { "Go through the differences " }<kbd aria-hidden="true">{ "j" }</kbd>
            </button>
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct RecommendationProps {
    advice: Advice,
}

#[component]
fn Recommendation(props: &RecommendationProps) -> Html {
    let dispatch = use_dispatch();
    let is_whole = use_state(|| false);
    let advice = &props.advice;
    let shown = if *is_whole || advice.objects.len() <= FEW + 1 { advice.objects.len() } else { FEW };
    let on_more = {
        let is_whole = is_whole.setter();
        Callback::from(move |_| is_whole.set(true))
    };
    let object = |id: &String| {
        let (dispatch, target) = (dispatch.clone(), id.clone());
        let onclick = Callback::from(move |_| dispatch.dispatch(Action::Reveal(target.clone())));
        let path = id.split_once(':').map_or(id.as_str(), |(_, path)| path);
        html! {
            <li key={id.clone()}><button type="button" class="object" {onclick}>{ name::bare(path) }</button></li>
        }
    };
    html! {
        <li class="recommendation">
            <div class="head">{ name::severity(advice.severity) }<code class="rule">{ advice.rule }</code></div>
            <p class="effect">{ advice.effect }</p>
            <p class="remedy"><span class="arrow" aria-hidden="true">{ "→" }</span>{ advice.remedy }</p>
            <ul class="objects" aria-label="What it is about">
                { for advice.objects[..shown].iter().map(object) }
                if shown < advice.objects.len() {
                    <li key="more">
                        <button type="button" class="link" onclick={on_more}>
                            { format!("and {} more", text::grouped(advice.objects.len() - shown)) }
                        </button>
                    </li>
                }
            </ul>
        </li>
    }
}

fn finding(finding: &Finding) -> Html {
    html! {
        <li>
            <p>{ text::visible(&finding.message).into_owned() }</p>
            if let Some(detail) = &finding.detail {
                <pre tabindex="0"><code>{ name::bare(detail) }</code></pre>
            }
            if let Some(origin) = &finding.origin {
                <p class="origin">{ name::bare(&origin.to_string()) }</p>
            }
        </li>
    }
}

fn sentences(id: &'static str, title: &'static str, sentences: &[String]) -> Html {
    if sentences.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby={id}>
            <h3 {id}>{ title }</h3>
            <ul class="sentences">
                { for sentences.iter().map(|it| html! { <li>{ text::visible(it).into_owned() }</li> }) }
            </ul>
        </section>
    }
}
