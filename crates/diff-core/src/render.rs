//! Renderers: a [`crate::Report`] in, text out.

mod agreement;
mod alembic;
mod github;
mod gitlab;
mod history;
mod html;
mod junit;
mod lint;
mod markdown;
mod run;
mod sarif;
mod sql;
pub mod text;
pub(crate) mod value;

pub use agreement::agreement;
pub use alembic::{Revision, alembic, alembic_online};
pub use github::github;
pub use gitlab::gitlab;
pub use history::history;
pub use html::{escaped, html};
pub use junit::junit;
pub use lint::lint;
pub use markdown::{MARKER, markdown};
pub use run::{Checkout, Run, line, lines};
pub use sarif::sarif;
pub use sql::sql;
pub use value::body;

use serde::Serialize;

/// Writes a report or a plan as JSON, pretty-printed, with a line feed at the end.
pub fn json(value: &impl Serialize) -> String {
    let mut text = crate::json::pretty(value);
    text.push('\n');
    text
}
