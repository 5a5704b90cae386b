//! Renderers: a [`crate::Report`] in, text out.

mod agreement;
mod alembic;
mod history;
mod html;
mod lint;
mod sql;
pub mod text;
pub(crate) mod value;

pub use agreement::agreement;
pub use alembic::{Revision, alembic, alembic_online};
pub use history::history;
pub use html::{escaped, html};
pub use lint::lint;
pub use sql::sql;
pub use value::body;

use serde::Serialize;

/// Writes a report or a plan as JSON, pretty-printed, with a line feed at the end.
pub fn json(value: &impl Serialize) -> String {
    let mut text = crate::json::pretty(value);
    text.push('\n');
    text
}
