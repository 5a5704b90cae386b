//! The map of tables and foreign keys, and all tables as tiles.

use yew::prelude::*;

use super::{Props, waiting};

#[component]
pub(crate) fn MapView(props: &Props) -> Html {
    let _ = &props.state;
    waiting("Laying out the map")
}

#[component]
pub(super) fn Tiles(props: &Props) -> Html {
    let _ = &props.state;
    Html::default()
}
