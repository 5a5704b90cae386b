//! The module that the browser loads: page and worker start it by what `lib.rs` exports.

use web as _;

fn main() {}
