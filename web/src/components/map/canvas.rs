//! Boxes and lines that can be moved and enlarged. Moving writes the picture's transform alone and draws nothing anew.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Number;
use viewer::map::{Box, ColumnRow, Edge, Map, ROW_HEIGHT, TITLE_HEIGHT};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, PointerEvent, WheelEvent};
use yew::prelude::*;

use crate::app::Shared;
use crate::components::use_desk;
use crate::open::Desk;
use crate::state::Action;
use crate::text::{self, cut};

/// How much a press of a key moves, in pixels.
const STEP: f64 = 80.0;
/// How much a press of a key enlarges.
const ZOOM: f64 = 1.25;
/// What has the focus is never nearer to the frame's edge, in pixels.
const MARGIN: f64 = 4.0;
/// The picture is never smaller or larger.
const SCALES: (f64, f64) = (0.08, 3.0);

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) map: Shared<Map>,
    pub(super) is_compared: bool,
    /// The written id of the object that is looked at elsewhere.
    pub(super) object: Option<Rc<str>>,
}

/// Where the picture lies in its frame.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: f64,
    y: f64,
    scale: f64,
}

impl Place {
    /// The whole picture in sight, not larger than it is.
    fn fit(map: &Map, frame: (f64, f64)) -> Self {
        let (width, height) = (f64::from(map.width.max(1)), f64::from(map.height.max(1)));
        let scale = (frame.0 / width).min(frame.1 / height).min(1.0).max(SCALES.0);
        Self { x: (frame.0 - width * scale) / 2.0, y: (frame.1 - height * scale) / 2.0, scale }
    }

    /// Larger or smaller around a point of the frame.
    fn zoomed(self, by: f64, at: (f64, f64)) -> Self {
        let scale = (self.scale * by).clamp(SCALES.0, SCALES.1);
        let by = scale / self.scale;
        Self { x: at.0 - (at.0 - self.x) * by, y: at.1 - (at.1 - self.y) * by, scale }
    }

    fn moved(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }

    /// Moved as little as is needed to see all of a box, or its beginning where it is larger than the frame.
    fn showing(self, one: &Box, frame: (f64, f64)) -> Self {
        let by = |start: i32, size: i32, offset: f64, room: f64| {
            let start = f64::from(start) * self.scale + offset;
            let end = start + f64::from(size) * self.scale;
            if start < MARGIN || end - start > room - 2.0 * MARGIN {
                MARGIN - start
            } else {
                (room - MARGIN - end).min(0.0)
            }
        };
        self.moved(by(one.x, one.width, self.x, frame.0), by(one.y, one.height, self.y, frame.1))
    }
}

/// The frame, the picture in it, and where it lies.
#[derive(Clone)]
struct View {
    frame: NodeRef,
    picture: NodeRef,
    place: Rc<Cell<Place>>,
}

impl View {
    fn size(&self) -> (f64, f64) {
        let frame = self.frame.cast::<Element>();
        frame.map_or((1200.0, 700.0), |it| {
            (f64::from(it.client_width().max(1)), f64::from(it.client_height().max(1)))
        })
    }

    fn put(&self, place: Place) {
        self.place.set(place);
        if let Some(picture) = self.picture.cast::<Element>() {
            let [x, y, scale] =
                [(place.x, 1), (place.y, 1), (place.scale, 3)].map(|(it, places)| written(it, places));
            let transform = format!("translate({x} {y}) scale({scale})");
            // Fails for names of attributes that cannot be; this one can.
            let _ = picture.set_attribute("transform", &transform);
        }
    }

    fn zoom(&self, by: f64) {
        let (width, height) = self.size();
        self.put(self.place.get().zoomed(by, (width / 2.0, height / 2.0)));
    }
}

/// The browser writes numbers: Rust's own way would be ten kilobytes more.
fn written(number: f64, places: u8) -> String {
    Number::from(number).to_fixed(places).map_or_else(|_| "0".to_owned(), String::from)
}

#[component]
pub(super) fn Canvas(props: &Props) -> Html {
    let desk = use_desk();
    let place = use_memo((), |()| Rc::new(Cell::new(Place { x: 0.0, y: 0.0, scale: 1.0 })));
    let view = View { frame: use_node_ref(), picture: use_node_ref(), place: Rc::clone(&place) };
    {
        let view = view.clone();
        use_effect_with(props.map.clone(), move |map| view.put(Place::fit(map, view.size())));
    }
    use_pointer(&view);
    let button = |word: &'static str, sign: &'static str, act: fn(&View, &Map)| {
        let (view, map) = (view.clone(), props.map.clone());
        let onclick = Callback::from(move |_: MouseEvent| act(&view, &map));
        html! { <button type="button" class="button" {onclick} title={word}><span aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span></button> }
    };
    let onkeydown = {
        let (view, map, desk) = (view.clone(), props.map.clone(), desk.clone());
        Callback::from(move |event: KeyboardEvent| pressed(&event, &view, &map, &desk))
    };
    let onclick = Callback::from(move |event: MouseEvent| reveal(event.target(), &desk));
    let onfocusin = {
        let (view, map) = (view.clone(), props.map.clone());
        Callback::from(move |event: FocusEvent| follow(event.target(), &view, &map))
    };
    let map = &props.map;
    html! {
        <div class="canvas">
            <div class="controls">
                { button("Show all of it", "Fit", |view, map| view.put(Place::fit(map, view.size()))) }
                { button("Larger", "+", |view, _| view.zoom(ZOOM)) }
                { button("Smaller", "−", |view, _| view.zoom(1.0 / ZOOM)) }
            </div>
            // The frame has keys of its own: arrows move the picture, + and - enlarge it, f fits it.
            <svg ref={view.frame.clone()} class="frame" tabindex="0" role="group"
                aria-label={format!("Map of {}. Arrow keys move it, plus and minus enlarge it, F shows all of it.", text::counted(map.boxes.len(), "table"))}
                {onkeydown} {onclick} {onfocusin}>
                <g ref={view.picture.clone()}>
                    { for map.edges.iter().enumerate().map(edge) }
                    { for map.boxes.iter().map(|one| table(one, props.is_compared, props.object.as_deref() == Some(one.id.as_str()))) }
                </g>
            </svg>
            if props.is_compared {
                <p class="legend">
                    { for [viewer::ask::Fate::Added, viewer::ask::Fate::Removed, viewer::ask::Fate::Altered, viewer::ask::Fate::Same].map(|fate| {
                        let (sign, word) = text::fate(fate);
                        html! { <span class={classes!("key", word)}><span class="sign" aria-hidden="true">{ sign }</span>{ " " }{ word }</span> }
                    }) }
                </p>
            }
        </div>
    }
}

/// Dragging and the wheel. Yew listens to neither in a way that could stop the browser from scrolling.
#[hook]
fn use_pointer(view: &View) {
    let view = view.clone();
    use_effect_with((), move |()| {
        let frame = view.frame.cast::<Element>();
        let held = Rc::new(Cell::new(None::<(i32, i32)>));
        let listen = |name: &'static str, handle: std::boxed::Box<dyn Fn(&web_sys::Event)>| {
            let options = EventListenerOptions::enable_prevent_default();
            frame.as_ref().map(|frame| {
                EventListener::new_with_options(frame, name, options, move |event| handle(event))
            })
        };
        let wheel = {
            let view = view.clone();
            listen(
                "wheel",
                std::boxed::Box::new(move |event| {
                    let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
                    event.prevent_default();
                    let by = if event.delta_y() < 0.0 { 1.1 } else { 1.0 / 1.1 };
                    let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
                    view.put(view.place.get().zoomed(by, at));
                }),
            )
        };
        let down = {
            let held = Rc::clone(&held);
            listen(
                "pointerdown",
                std::boxed::Box::new(move |event| {
                    held.set(event.dyn_ref::<PointerEvent>().map(|it| (it.client_x(), it.client_y())));
                }),
            )
        };
        let moving = {
            let held = Rc::clone(&held);
            listen(
                "pointermove",
                std::boxed::Box::new(move |event| {
                    let (Some((x, y)), Some(event)) = (held.get(), event.dyn_ref::<PointerEvent>()) else {
                        return;
                    };
                    if event.buttons() == 0 {
                        return held.set(None);
                    }
                    held.set(Some((event.client_x(), event.client_y())));
                    view.put(
                        view.place
                            .get()
                            .moved(f64::from(event.client_x() - x), f64::from(event.client_y() - y)),
                    );
                }),
            )
        };
        let up = listen("pointerup", std::boxed::Box::new(move |_| held.set(None)));
        move || drop((wheel, down, moving, up))
    });
}

fn pressed(event: &KeyboardEvent, view: &View, map: &Map, desk: &Desk) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let place = view.place.get();
    match event.key().as_str() {
        "ArrowLeft" => view.put(place.moved(STEP, 0.0)),
        "ArrowRight" => view.put(place.moved(-STEP, 0.0)),
        "ArrowUp" => view.put(place.moved(0.0, STEP)),
        "ArrowDown" => view.put(place.moved(0.0, -STEP)),
        "+" | "=" => view.zoom(ZOOM),
        "-" => view.zoom(1.0 / ZOOM),
        "f" | "0" => view.put(Place::fit(map, view.size())),
        "Enter" | " " => reveal(event.target(), desk),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Shows the object of the box that was meant.
fn reveal(target: Option<web_sys::EventTarget>, desk: &Desk) {
    if let Some(id) = meant(target).and_then(|table| table.get_attribute("data-id")) {
        desk.act(Action::Reveal(id.into()));
    }
}

/// The box that an event is about.
fn meant(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-id]").ok()?
}

/// Brings the box that keys have led to into sight.
fn follow(target: Option<web_sys::EventTarget>, view: &View, map: &Map) {
    let Some(table) = meant(target).filter(|it| it.matches(":focus-visible").unwrap_or(false)) else {
        return;
    };
    let id = table.get_attribute("data-id").unwrap_or_default();
    if let Some(one) = map.boxes.iter().find(|one| one.id == id) {
        view.put(view.place.get().showing(one, view.size()));
    }
}

fn table(one: &Box, is_compared: bool, is_pointed: bool) -> Html {
    let (sign, word) = text::fate(one.fate);
    let changes = if one.changes > 0 {
        format!(", {}", text::counted(one.changes, "difference"))
    } else {
        String::new()
    };
    let label = format!("{}.{}: {word}{changes}", text::visible(&one.schema), text::visible(&one.name));
    let badge = match one.changes {
        0 if word == "same" || !is_compared => String::new(),
        0 => sign.to_owned(),
        count => format!("{sign} {count}"),
    };
    let room = one.width - 20 - i32::try_from(badge.chars().count()).unwrap_or(0) * text::LETTER;
    let more = match (one.more, one.more_changed) {
        (0, _) => None,
        (count, 0) if is_compared => Some(format!("{count} unchanged")),
        (count, 0) => Some(format!("{count} more")),
        (count, changed) => Some(format!("{count} more, {changed} of them changed")),
    };
    html! {
        <svg key={one.id.clone()} class={classes!("box", word, one.is_view.then_some("view"), is_pointed.then_some("pointed"))} x={one.x.to_string()} y={one.y.to_string()}
            width={one.width.to_string()} height={one.height.to_string()} data-id={one.id.clone()} tabindex="0" role="button" aria-label={label}>
            <rect class="ground" x="0.75" y="0.75" rx="7" width={format!("{}.5", one.width - 2)} height={format!("{}.5", one.height - 2)} />
            <text class="name" x="10" y={(TITLE_HEIGHT - 10).to_string()}>{ cut(&one.name, room) }</text>
            <text class="badge" x={(one.width - 10).to_string()} y={(TITLE_HEIGHT - 10).to_string()}>{ badge }</text>
            { for one.rows.iter().enumerate().map(|(at, row)| column(one, at, row)) }
            if let Some(more) = more {
                <text class="more" x="10" y={(TITLE_HEIGHT + i32::try_from(one.rows.len()).unwrap_or(0) * ROW_HEIGHT + 12).to_string()}>{ more }</text>
            }
            if one.hidden_neighbours > 0 {
                <title>{ format!("{} not shown", text::counted(one.hidden_neighbours, "neighbour")) }</title>
            }
        </svg>
    }
}

fn column(one: &Box, at: usize, row: &ColumnRow) -> Html {
    let top = TITLE_HEIGHT + i32::try_from(at).unwrap_or(0) * ROW_HEIGHT;
    let (sign, word) = text::fate(row.fate);
    let key = match (row.is_primary, row.is_foreign) {
        (true, _) => "PK",
        (_, true) => "FK",
        _ => "",
    };
    let data_type = match &row.was {
        Some(was) => format!("{was} → {}", row.data_type),
        None => row.data_type.clone(),
    };
    let letters =
        |text: &str| i32::try_from(text.chars().count()).unwrap_or(i32::MAX / text::LETTER) * text::LETTER;
    // The name takes what it needs, up to two thirds; the type has what is left.
    let room = one.width - 40 - letters(key);
    let name = cut(&row.name, room * 2 / 3);
    let type_room = room - letters(&name);
    let sign = if word == "same" { " " } else { sign };
    html! {
        <g class={classes!("column", word)}>
            <title>{ format!("{} {}", text::visible(&row.name), text::visible(&data_type)) }</title>
            if word != "same" {
                <rect x="1.5" y={top.to_string()} width={(one.width - 3).to_string()} height={ROW_HEIGHT.to_string()} />
            }
            <text x="8" y={(top + 14).to_string()}><tspan class="sign">{ sign }</tspan></text>
            <text x="22" y={(top + 14).to_string()}>{ &name }</text>
            if !key.is_empty() {
                <text class="key" x={(26 + letters(&name)).to_string()} y={(top + 14).to_string()}>{ key }</text>
            }
            if type_room > 4 * text::LETTER {
                <text class="type" x={(one.width - 8).to_string()} y={(top + 14).to_string()}>{ cut(&data_type, type_room) }</text>
            }
        </g>
    }
}

/// A foreign key: a crow's foot where many rows refer, a bar where they refer to one.
fn edge((at, edge): (usize, &Edge)) -> Html {
    let (Some(&(x, y)), Some(&(end_x, end_y))) = (edge.points.first(), edge.points.last()) else {
        return Html::default();
    };
    let points: Vec<String> = edge.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let (_, word) = text::fate(edge.fate);
    let out = x + 10 * edge.points.get(1).map_or(1, |next| (next.0 - x).signum());
    let near = end_x + 6 * edge.points.iter().rev().nth(1).map_or(-1, |before| (before.0 - end_x).signum());
    let foot = format!("M{out} {y}L{x} {}M{out} {y}L{x} {}", y - 6, y + 6);
    let bar = format!("M{near} {}L{near} {}", end_y - 5, end_y + 5);
    html! {
        <g key={format!("edge-{at}")} class={classes!("edge", word)}>
            <title>{ text::visible(&edge.label).into_owned() }</title>
            <polyline points={points.join(" ")} />
            <path d={foot} /><path d={bar} />
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pointed_at_stays_in_its_place() {
        let place = Place { x: 10.0, y: 20.0, scale: 1.0 };
        let zoomed = place.zoomed(2.0, (110.0, 220.0));
        assert_eq!(zoomed, Place { x: -90.0, y: -180.0, scale: 2.0 });
        assert_eq!(zoomed.zoomed(100.0, (0.0, 0.0)).scale, SCALES.1);
    }
}
