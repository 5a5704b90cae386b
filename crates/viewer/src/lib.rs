//! What the page shows of snapshots, computed: questions in, answers out. No DOM and no clock, so that all of it
//! is tested natively; in the browser it runs in a worker.
//!
//! ```text
//! files ─► Store ─► Comparison (diff, report, sections) ─► overview, changes, object, migration, map, search
//!             └──► matrix of several files                     each an Answer to an Ask
//! ```

pub mod ask;
mod changes;
mod comparison;
pub mod large;
pub mod layout;
pub mod lines;
pub mod map;
mod matrix;
#[cfg(feature = "plans")]
mod migration;
mod object;
mod overview;
pub mod report;
pub mod search;
pub mod sql;
mod store;
pub mod treemap;
mod views;

pub use store::Store;

#[cfg(test)]
mod tests;
