//! What a table contains that one side lacks: its columns, constraints and indexes, from the other side's file.

use diff_core::{Body, ObjectId, Snapshot};
use yew::prelude::*;

use super::name;
use crate::text;

/// The parts of the table at `id`, in the order of the columns, the rest after them.
pub(super) fn contents(id: &ObjectId, snapshot: &Snapshot) -> Html {
    let after = snapshot.objects.range(id..).skip_while(|(part, _)| *part == id);
    let within = after.take_while(|(part, _)| part.path().starts_with(id.path()));
    let mut parts: Vec<_> = within.filter(|(part, _)| part.path().len() == id.path().len() + 1).collect();
    if parts.is_empty() {
        return Html::default();
    }
    parts.sort_by_key(|(part, object)| (place(&object.body), part.kind()));
    html! {
        <details class="inside">
            <summary>{ "What it contains: " }{ text::counted(parts.len(), "part") }</summary>
            <table>
                <thead class="unseen">
                    <tr><th scope="col">{ "Kind" }</th><th scope="col">{ "Name" }</th><th scope="col">{ "Definition" }</th></tr>
                </thead>
                <tbody>
                    { for parts.into_iter().map(|(part, object)| html! {
                        <tr>
                            <td class="kind">{ part.kind().label() }</td>
                            <td><code>{ name::bare(part.name()) }</code></td>
                            <td><code>{ name::bare(&definition(&object.body)) }</code></td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </details>
    }
}

/// Columns by their position, everything else behind.
fn place(body: &Body) -> u32 {
    match body {
        Body::Column(column) => column.position,
        _ => u32::MAX,
    }
}

fn definition(body: &Body) -> String {
    match body {
        Body::Column(column) => {
            let mut text = column.data_type.clone();
            if !column.nullable {
                text.push_str(" not null");
            }
            if let Some(default) = &column.default {
                text.push_str(&format!(" default {default}"));
            }
            text
        }
        Body::PrimaryKey(it)
        | Body::Unique(it)
        | Body::Check(it)
        | Body::ForeignKey(it)
        | Body::Exclusion(it) => it.definition.clone(),
        Body::Index(it) => it.definition.clone(),
        Body::Trigger(it) => it.definition.clone(),
        Body::Rule(it) => it.definition.clone(),
        Body::DomainCheck(it) => it.definition.clone(),
        Body::Policy(it) => format!("for {} to {}", it.command, it.roles.join(", ")),
        _ => String::new(),
    }
}
