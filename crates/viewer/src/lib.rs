//! What the page shows of snapshots, computed: questions in, answers out. No DOM and no clock, so that all of it
//! is tested natively; in the browser it runs in a worker.

pub mod layout;
pub mod lines;
pub mod map;
pub mod search;
pub mod sql;
pub mod treemap;
