//! Renderers: a [`crate::Report`] in, text out.

pub mod text;
pub(crate) mod value;

use crate::Report;

/// Writes a report as JSON, pretty-printed, with a line feed at the end.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).expect("a report holds nothing JSON cannot");
    text.push('\n');
    text
}
