//! Compares two snapshots of PostgreSQL schemas.
//!
//! ```text
//! Snapshot (old) ──┐
//!                  ├─► diff ─► Diff ─► report ─► Report ─► render::text, render::json, the page
//! Snapshot (new) ──┘  deltas    │       entries, advice
//!                               └─ rules: what each delta costs, and the safe way
//! ```
//!
//! Everything here is a pure function over plain values: no I/O, no clock, no environment. The native
//! command and the browser run this same code, and a test compares what they give byte for byte.
//!
//! ```
//! use diff_core::{DiffOptions, Report, Snapshot, diff};
//!
//! let empty = Snapshot::from_json(r#"{"format": 1, "objects": {}}"#.as_bytes())?;
//! let options = DiffOptions::default();
//! let found = diff(&empty, &empty, &options);
//! assert!(found.deltas.is_empty());
//! assert_eq!(Report::new(&empty, &empty, &found, &options).verdict(), "in sync");
//! # Ok::<(), diff_core::SnapshotError>(())
//! ```

mod accept;
mod agreement;
mod body;
mod cause;
pub mod collect;
mod compare;
mod diff;
mod gate;
mod history;
mod id;
pub mod json;
mod lints;
mod matrix;
mod names;
mod pattern;
mod plan;
pub mod render;
mod report;
mod rules;
#[cfg(test)]
mod schema;
mod snapshot;
mod tenant;

pub use accept::{Accepted, Baseline, BaselineError};
pub use agreement::{Agreement, Standing};
pub use body::*;
pub use cause::{Cause, CauseFound, Causes, Migrations};
pub use compare::{Compared, Scope, compare};
pub use diff::{AttrChange, Change, Delta, Diff, DiffOptions, NotCompared, diff};
pub use gate::{Gate, GateError};
pub use history::{History, Stored, Stretch, stored_path};
pub use id::{IdError, ObjectId};
pub use lints::{Found, LINTS, Lint, lint};
pub use matrix::{Cell, Matrix, MatrixRow, matrix};
pub use pattern::Pattern;
pub use plan::{
    Action, Effect, Online, Phase, Plan, PlanOptions, Rename, RenameError, Statement, Step, Suggestion,
    before_contract, definition, definitions, plan, plan_selected,
};
pub use report::{Entry, Group, Report, Side, TABLE_GROUPS, Totals};
pub use rules::{
    Advice, Hazard, Lock, Locked, Mode, On, RULES, Rule, Severity, Work, in_units, is_beside, rule,
};
pub use snapshot::{
    Coverage, FORMAT, Finding, Ledger, Object, Origin, Revision, Size, Snapshot, SnapshotError, Source, Tool,
};
