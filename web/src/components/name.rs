//! Names and severities, drawn the same everywhere. What comes from a file is shown as text and nothing else.

use diff_core::Severity;
use yew::prelude::*;

use crate::text;

/// A text from a file, kept apart from the direction of writing around it.
pub(super) fn bare(value: &str) -> Html {
    html! { <bdi>{ text::visible(value).into_owned() }</bdi> }
}

/// A schema and a name, the schema quieter: `billing.refunds`.
pub(super) fn dotted(schema: &str, name: &str) -> Html {
    if schema.is_empty() {
        return html! { <span class="name">{ bare(name) }</span> };
    }
    html! {
        <span class="name">
            <span class="schema">{ bare(schema) }{ "." }</span><wbr />{ bare(name) }
        </span>
    }
}

/// The sign of a severity and its word.
pub(super) fn severity(severity: Severity) -> Html {
    let (sign, word) = text::severity(severity);
    html! {
        <span class={classes!("severity", word)}><span class="sign" aria-hidden="true">{ sign }</span>{ word }</span>
    }
}

/// The sign of a severity where its word would crowd: the word is there for those who cannot see the sign.
pub(super) fn severity_sign(severity: Severity) -> Html {
    let (sign, word) = text::severity(severity);
    html! {
        <span class={classes!("severity", word)} title={word}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span class="unseen">{ word }</span>
        </span>
    }
}
