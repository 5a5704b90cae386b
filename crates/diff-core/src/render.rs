//! Renderers: a [`crate::Report`] in, text out.

mod alembic;
mod html;
mod sql;
pub mod text;
pub(crate) mod value;

pub use alembic::{Revision, alembic};
pub use html::{escaped, html};
pub use sql::sql;
pub use value::body;

use serde::Serialize;

/// Writes a report or a plan as JSON, pretty-printed, with a line feed at the end.
pub fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("reports and plans hold nothing JSON cannot");
    text.push('\n');
    text
}
