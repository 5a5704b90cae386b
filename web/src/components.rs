//! What the page is made of. Each component is a function of the state; what happens goes out as an action.

mod contents;
mod definition;
mod detail;
mod drop_zone;
mod entry;
mod help;
mod list;
mod messages;
mod name;
mod overview;
mod sides;
mod start;
mod topbar;
mod verdict;

pub(crate) use detail::Detail;
pub(crate) use drop_zone::DropZone;
pub(crate) use help::Help;
pub(crate) use list::List;
pub(crate) use messages::Messages;
pub(crate) use overview::Overview;
pub(crate) use sides::Sides;
pub(crate) use start::Start;
pub(crate) use topbar::Topbar;
pub(crate) use verdict::Verdict;

use yew::prelude::*;

use crate::open::Dispatch;

/// Where components send actions to.
#[hook]
fn use_dispatch() -> Dispatch {
    use_context::<Dispatch>().expect("every component stands within the page's context")
}
