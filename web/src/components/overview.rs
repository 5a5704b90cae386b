//! The outcome as a whole: the verdict, counts that filter, the worst first, where it is, what is hidden.

use diff_core::{Finding, Severity};
use viewer::ask::{Fate, Filter, Fold, GroupCount, Overview as Told, Risk};
use yew::prelude::*;

use super::map::Tiles;
use super::{Props, acts, name, use_desk, waiting};
use crate::app::{Shared, Shown};
use crate::open::Desk;
use crate::state::{Action, View};
use crate::text;

/// So many risks are shown at first.
const FEW: usize = 6;

/// Attributes that are often left out.
const OFTEN_IGNORED: [(&str, &str); 3] =
    [("#owner", "owners"), ("#grants", "grants"), ("#comment", "comments")];

#[component]
pub(crate) fn Overview(props: &Props) -> Html {
    let desk = use_desk();
    let state = &props.state;
    let Some(told) = state.answers.overview() else { return waiting("Comparing") };
    html! {
        <div class="overview">
            { verdict(&desk, told) }
            { why(&desk, told) }
            if !told.groups.is_empty() {
                <div class="columns">
                    <div>
                        <Risks told={Shared::from(told)} />
                        { folds(&desk, told) }
                    </div>
                    <div>
                        { kinds(&desk, told) }
                        <section class="panel" aria-labelledby="where">
                            <h2 id="where">{ "Where" }</h2>
                            <p class="quiet">{ "Every table is a tile; what differs is coloured." }</p>
                            <Tiles state={state.clone()} />
                        </section>
                    </div>
                </div>
            }
            { findings(&told.findings) }
            { hidden(&desk, state, told) }
            { sentences("information", "Good to know", &told.information) }
        </div>
    }
}

/// Shows the list with nothing but what `filter` lets through.
fn filtered(desk: &Desk, filter: Filter) -> Callback<MouseEvent> {
    let desk = desk.clone();
    Callback::from(move |_| {
        desk.act(Action::Filter(filter.clone()));
        desk.act(Action::Go(View::Changes));
    })
}

fn verdict(desk: &Desk, told: &Told) -> Html {
    let totals = told.totals;
    let (losses, high) = (told.losses, totals.high);
    let title = match totals.differences {
        0 if told.is_in_sync => "In sync".to_owned(),
        0 => "No differences found".to_owned(),
        count => text::counted(count, "difference"),
    };
    let line = match (losses, high) {
        _ if totals.differences == 0 && told.is_in_sync => {
            "Both sides agree in everything that was compared.".to_owned()
        }
        _ if totals.differences == 0 => "Something was lost on the way to a snapshot: see below.".to_owned(),
        (0, 0) => "None of them is of high severity, and none can lose data.".to_owned(),
        (0, _) => format!("{high} of high severity; none can lose data."),
        (1, _) => format!(
            "1 can lose data on the way from {} to {}; {high} of high severity.",
            told.old.name, told.new.name
        ),
        _ => format!(
            "{losses} can lose data on the way from {} to {}; {high} of high severity.",
            told.old.name, told.new.name
        ),
    };
    let severities =
        [(Severity::High, totals.high), (Severity::Medium, totals.medium), (Severity::Low, totals.low)];
    let severity = |(severity, count): (Severity, usize)| {
        let (sign, word) = text::severity(severity);
        let filter = Filter { severities: [severity].into(), ..Filter::default() };
        tile(desk, word, sign, word, count, filter)
    };
    let fate = |(fate, count): &(Fate, usize)| {
        let (sign, word) = text::fate(*fate);
        tile(desk, word, sign, word, *count, Filter { fates: [*fate].into(), ..Filter::default() })
    };
    html! {
        <section class="verdict" aria-labelledby="verdict">
            <h1 id="verdict">
                if told.is_in_sync {
                    <span class="sign" aria-hidden="true">{ "✓ " }</span>
                }
                { title }
            </h1>
            <p class="line">{ text::visible(&line).into_owned() }</p>
            if totals.differences > 0 {
                <div class="tiles" role="group" aria-label="Counts: press to see them">
                    if losses > 0 {
                        { tile(desk, "loss", "⚠", "can lose data", losses, Filter { is_loss: true, ..Filter::default() }) }
                    }
                    { for severities.into_iter().filter(|(_, count)| *count > 0).map(severity) }
                    <span class="bar" aria-hidden="true"></span>
                    { for told.fates.iter().filter(|(_, count)| *count > 0).map(fate) }
                </div>
            }
            <p class="tables-line">
                <b>{ text::grouped(totals.in_sync) }</b>{ format!(" of {} agree", text::counted(totals.tables_old.max(totals.tables_new), "table")) }
                if totals.only_old > 0 { { ", " }<b>{ text::grouped(totals.only_old) }</b>{ " only in old" } }
                if totals.only_new > 0 { { ", " }<b>{ text::grouped(totals.only_new) }</b>{ " only in new" } }
            </p>
        </section>
    }
}

/// Where the database stands among the migrations, and what to do next about each cause.
fn why(desk: &Desk, told: &Told) -> Html {
    if told.standing.is_empty() {
        return Html::default();
    }
    let row = |cause: &Risk| {
        let filter = Filter { text: cause.rule.clone(), ..Filter::default() };
        html! {
            <li key={cause.rule.clone()} data-cause={cause.rule.clone()}>
                <button type="button" class="reference" onclick={filtered(desk, filter)}>
                    <b>{ cause.count }</b>{ " × " }{ name::bare(&cause.effect) }
                </button>
                <p class="remedy"><span class="arrow" aria-hidden="true">{ "→ " }</span>{ &cause.remedy }</p>
            </li>
        }
    };
    html! {
        <section class="panel" aria-labelledby="why">
            <h2 id="why">{ "Why" }</h2>
            <p class="quiet">{ text::visible(&told.standing).into_owned() }</p>
            <ul class="causes">{ for told.causes.iter().map(row) }</ul>
        </section>
    }
}

fn tile(
    desk: &Desk,
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    count: usize,
    filter: Filter,
) -> Html {
    html! {
        <button type="button" class={classes!("tile", class)} data-count={class} onclick={filtered(desk, filter)}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span class="number">{ text::grouped(count) }</span>
            <span class="word">{ word }</span>
        </button>
    }
}

#[derive(PartialEq, Properties)]
struct RisksProps {
    told: Shared<Told>,
}

#[component]
fn Risks(props: &RisksProps) -> Html {
    let desk = use_desk();
    let is_whole = use_state(|| false);
    let risks = &props.told.risks;
    let shown = if *is_whole || risks.len() <= FEW + 1 { risks.len() } else { FEW };
    let onclick = Callback::from(move |_: MouseEvent| is_whole.set(true));
    html! {
        <section class="panel" aria-labelledby="risks">
            <h2 id="risks">{ "What to do, the worst first" }<span class="count">{ risks.len() }</span></h2>
            <ol class="risks">{ for risks[..shown].iter().map(|one| risk(&desk, one)) }</ol>
            if shown < risks.len() {
                <button type="button" class="button more" {onclick}>{ format!("{} more", text::grouped(risks.len() - shown)) }</button>
            }
        </section>
    }
}

fn risk(desk: &Desk, risk: &Risk) -> Html {
    let filter = Filter { rules: [risk.rule.clone()].into(), ..Filter::default() };
    let example = |(id, words): &(String, String)| {
        let id: std::rc::Rc<str> = id.as_str().into();
        html! {
            <li><button type="button" class="reference" onclick={acts(desk, move || Action::Reveal(id.clone()))}>{ name::bare(words) }</button></li>
        }
    };
    html! {
        <li class={classes!("risk", if risk.is_loss { "high" } else { text::severity(risk.severity).1 })} key={risk.rule.clone()}>
            <p class="head">
                if risk.is_loss {
                    <span class="loss"><span aria-hidden="true">{ "⚠ " }</span>{ "can lose data" }</span>
                } else {
                    { name::severity(risk.severity) }
                }
                <button type="button" class="link" onclick={filtered(desk, filter)}>
                    { text::counted(risk.count, "difference") }<span class="unseen">{ " of rule " }{ &risk.rule }</span>
                </button>
            </p>
            <p class="effect">{ &risk.effect }</p>
            <p class="remedy"><span class="arrow" aria-hidden="true">{ "→ " }</span>{ &risk.remedy }</p>
            <ul class="examples" aria-label="What it is about">
                { for risk.examples.iter().map(example) }
                if risk.count > risk.examples.len() {
                    <li class="quiet">{ format!("and {} more", text::grouped(risk.count - risk.examples.len())) }</li>
                }
            </ul>
        </li>
    }
}

/// The same difference in many places, as one row.
fn folds(desk: &Desk, told: &Told) -> Html {
    if told.folds.is_empty() {
        return Html::default();
    }
    let row = |fold: &Fold| {
        let (sign, word) = text::fate(fold.fate);
        let filter = Filter { text: fold.text.clone(), groups: [fold.group].into(), ..Filter::default() };
        html! {
            <li key={format!("{} {}", fold.title, fold.name)}>
                <button type="button" class="reference" onclick={filtered(desk, filter)}>
                    <span class={classes!("fate", word)}><span class="sign" aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span></span>
                    if !fold.name.is_empty() {
                        <b>{ name::bare(&fold.name) }</b>{ " " }
                    }
                    { name::bare(&fold.title) }
                    <span class="count">{ format!("in {} places", text::grouped(fold.count)) }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="panel" aria-labelledby="folds">
            <h2 id="folds">{ "The same in many places" }</h2>
            <ul class="folds">{ for told.folds.iter().map(row) }</ul>
        </section>
    }
}

fn kinds(desk: &Desk, told: &Told) -> Html {
    const FATES: [Fate; 4] = [Fate::Added, Fate::Removed, Fate::Altered, Fate::Renamed];
    let row = |one: &GroupCount| {
        let whole = Filter { groups: [one.group].into(), ..Filter::default() };
        let cell = |(fate, count): (Fate, usize)| {
            let filter = Filter { groups: [one.group].into(), fates: [fate].into(), ..Filter::default() };
            let word = text::fate(fate).1;
            html! {
                <td class={word}>
                    if count > 0 {
                        <button type="button" class="link" onclick={filtered(desk, filter)}
                            aria-label={format!("{} {word}: {count}", text::visible(&one.title))}>{ text::grouped(count) }</button>
                    } else {
                        <span class="quiet" aria-hidden="true">{ "·" }</span><span class="unseen">{ "0" }</span>
                    }
                </td>
            }
        };
        html! {
            <tr key={one.title.clone()}>
                <th scope="row"><button type="button" class="link dim" onclick={filtered(desk, whole)}>{ name::bare(&one.title) }</button></th>
                { for FATES.into_iter().zip(one.counts).map(cell) }
            </tr>
        }
    };
    html! {
        <section class="panel" aria-labelledby="kinds">
            <h2 id="kinds">{ "By kind" }</h2>
            <table class="kinds">
                <thead>
                    <tr>
                        <th scope="col"><span class="unseen">{ "Kind" }</span></th>
                        { for FATES.map(|fate| { let (sign, word) = text::fate(fate); html! {
                            <th scope="col" class={word} title={word}><span aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span></th>
                        } }) }
                    </tr>
                </thead>
                <tbody>{ for told.groups.iter().map(row) }</tbody>
            </table>
        </section>
    }
}

/// What is left out, why, and how to change that.
fn hidden(desk: &Desk, state: &Shown, told: &Told) -> Html {
    let toggle = |(pattern, word): &(&'static str, &'static str)| {
        let (pattern, current) = (*pattern, state.ignore.clone());
        let is_on = current.iter().any(|known| known == pattern);
        let onchange = acts(desk, move || {
            let mut next = current.clone();
            if is_on {
                next.retain(|known| known != pattern);
            } else {
                next.push(pattern.to_owned());
            }
            Action::Ignore(next)
        });
        html! {
            <label class="check" key={pattern}><input type="checkbox" checked={is_on} {onchange} />{ *word }</label>
        }
    };
    html! {
        <section class="panel hidden" aria-labelledby="hidden">
            <h2 id="hidden">{ "What is left out" }</h2>
            <div class="ignores" role="group" aria-label="Leave out">
                <span>{ "Leave out:" }</span>
                { for OFTEN_IGNORED.iter().map(toggle) }
                { for state.ignore.iter().filter(|it| OFTEN_IGNORED.iter().all(|(known, _)| known != it)).map(|it| html! { <code>{ name::bare(it) }</code> }) }
            </div>
            <ul class="sentences">
                if told.ignored > 0 && told.not_compared.iter().all(|sentence| !sentence.contains("rule")) {
                    <li>{ text::counted(usize::try_from(told.ignored).unwrap_or(usize::MAX), "difference") }{ " ignored by pattern." }</li>
                }
                { for told.not_compared.iter().map(|it| html! { <li>{ text::visible(it).into_owned() }</li> }) }
                if told.ignored == 0 && told.not_compared.is_empty() {
                    <li>{ "Nothing: everything on both sides was compared." }</li>
                }
            </ul>
        </section>
    }
}

fn findings(findings: &[Finding]) -> Html {
    if findings.is_empty() {
        return Html::default();
    }
    let finding = |one: &Finding| {
        html! {
            <li>
                <p>{ text::visible(&one.message).into_owned() }</p>
                if let Some(detail) = &one.detail {
                    <pre tabindex="0"><code>{ name::bare(detail) }</code></pre>
                }
                if let Some(origin) = &one.origin {
                    <p class="origin">{ name::bare(&origin.to_string()) }</p>
                }
            </li>
        }
    };
    html! {
        <section class="panel" aria-labelledby="findings">
            <h2 id="findings">{ "Wrong in the sources themselves" }<span class="count">{ findings.len() }</span></h2>
            <ul class="findings">{ for findings.iter().map(finding) }</ul>
        </section>
    }
}

fn sentences(id: &'static str, title: &'static str, sentences: &[String]) -> Html {
    if sentences.is_empty() {
        return Html::default();
    }
    html! {
        <section class="panel" aria-labelledby={id}>
            <h2 {id}>{ title }</h2>
            <ul class="sentences">
                { for sentences.iter().map(|it| html! { <li>{ text::visible(it).into_owned() }</li> }) }
            </ul>
        </section>
    }
}
