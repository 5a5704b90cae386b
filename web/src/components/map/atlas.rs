//! All tables as tiles, grouped by schema: where the differences are.

use viewer::map::{AtlasGroup, Tile};
use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use crate::app::Shown;
use crate::components::{use_desk, waiting};
use crate::state::Action;
use crate::text::{self, LETTER, cut};

/// A tile needs so many pixels to bear a name.
const NAME: (i32, i32) = (64, 20);

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: Shown,
    /// Whether the tiles are the view, not a part of one.
    #[prop_or_default]
    pub(crate) is_large: bool,
}

/// The tiles.
#[component]
pub(crate) fn Tiles(props: &Props) -> Html {
    let desk = use_desk();
    let Some(atlas) = props.state.answers.atlas() else { return waiting("Laying out the tables") };
    let show = |element: Option<Element>, desk: &crate::open::Desk| {
        let tile = element.and_then(|element| element.closest("[data-id]").ok().flatten());
        if let Some(id) = tile.and_then(|tile| tile.get_attribute("data-id")) {
            desk.act(Action::Reveal(id.into()));
        }
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        show(event.target().and_then(|target| target.dyn_into().ok()), &desk);
    });
    let changed: usize = atlas.groups.iter().map(|group| group.changed).sum();
    let all: usize = atlas.groups.iter().map(|group| group.tables).sum();
    let label = format!(
        "{} of {} differ, in {}",
        text::grouped(changed),
        text::counted(all, "table"),
        text::counted(atlas.groups.len(), "schema")
    );
    html! {
        <figure class={classes!("atlas", props.is_large.then_some("large"))}>
            <svg viewBox={format!("0 0 {} {}", atlas.width.max(1), atlas.height.max(1))} role="img" aria-label={label.clone()} {onclick}>
                { for atlas.groups.iter().map(group) }
            </svg>
            <figcaption>{ label }</figcaption>
        </figure>
    }
}

fn group(group: &AtlasGroup) -> Html {
    let rect = group.rect;
    html! {
        <g key={group.schema.clone()}>
            <rect class="schema" x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} />
            if group.title > 0 {
                <text class="schema-name" x={(rect.x + 6).to_string()} y={(rect.y + group.title - 5).to_string()}>
                    { cut(&group.schema, rect.width - 12) }
                </text>
            }
            { for group.tiles.iter().filter(|tile| tile.rect.width > 0 && tile.rect.height > 0).map(tile) }
        </g>
    }
}

fn tile(tile: &Tile) -> Html {
    let rect = tile.rect;
    let (sign, word) = text::fate(tile.fate);
    let title = if tile.more > 0 {
        format!("{} more", text::counted(tile.more, "table"))
    } else {
        format!(
            "{}: {word}{}",
            text::visible(&tile.name),
            if tile.changes > 0 {
                format!(", {}", text::counted(tile.changes, "difference"))
            } else {
                String::new()
            }
        )
    };
    let has_name = rect.width >= NAME.0 && rect.height >= NAME.1;
    let shown = if tile.more > 0 { format!("{} more", text::grouped(tile.more)) } else { tile.name.clone() };
    let has_sign = tile.changes > 0 && rect.width >= 14 && rect.height >= 16;
    html! {
        <g key={if tile.id.is_empty() { format!("more-{}", tile.more) } else { tile.id.clone() }} class={classes!("tile", word, tile.severity.map(|it| text::severity(it).1))}
            data-id={(!tile.id.is_empty()).then(|| tile.id.clone())}>
            <title>{ title }</title>
            <rect x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} />
            if has_name {
                <text x={(rect.x + 6).to_string()} y={(rect.y + 15).to_string()}>
                    { if has_sign { format!("{sign} ") } else { String::new() } }{ cut(&shown, rect.width - 12 - if has_sign { 2 * LETTER } else { 0 }) }
                </text>
            } else if has_sign {
                <text x={(rect.x + 3).to_string()} y={(rect.y + 12).to_string()}>{ sign }</text>
            }
        </g>
    }
}
