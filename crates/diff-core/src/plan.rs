//! The plan: SQL that turns old into new, ordered by what depends on what.
//!
//! ```text
//! old, new ─► renames ─► diff ─► work (what happens to each object) ─► graph (nodes and their order) ─► steps
//!                                  └ dependents that are in the way       └ ddl: the statements of a node
//! ```
//!
//! Pure like everything here. What a change needs, and what is in its way, is read off `depends_on`, which
//! is `pg_depend` as the server recorded it; no order of kinds is built in.

mod ddl;
mod graph;
mod rename;
pub(crate) mod sql;
mod work;

use serde::Serialize;

use crate::{DiffOptions, ObjectId, Snapshot, diff};
pub use rename::{Rename, RenameError};
use work::Work;

/// How a plan is made.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// What to bring over; differences that are ignored stay.
    pub diff: DiffOptions,
    /// Objects that are known to be the same under another name.
    pub renames: Vec<Rename>,
    /// The role that will run the plan and so owns what it creates; the commonest owner in new where absent.
    pub role: Option<String>,
}

/// What a statement does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes it.
    Create,
    /// Removes it.
    Drop,
    /// Gives it another name.
    Rename,
    /// Changes one attribute, named as in [`crate::AttrChange`].
    Alter(&'static str),
}

/// One SQL statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// Without a semicolon.
    pub sql: String,
    /// The object that it is about, by its id in new where it is there.
    pub object: ObjectId,
    /// What it does to it.
    pub action: Action,
}

/// Statements that belong together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Whether the statements run in one transaction; else each runs by itself, outside of any.
    pub is_transaction: bool,
    /// In their order.
    pub statements: Vec<Statement>,
}

/// SQL that turns old into new.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// In their order; empty where there is nothing to do.
    pub steps: Vec<Step>,
    /// What the reader must know: what is not reached, what is lost, who should run it. Sentences.
    pub notes: Vec<String>,
    /// Removed and added objects that may be one object under two names. Never applied unasked.
    pub suggestions: Vec<Rename>,
}

impl Plan {
    /// All statements in their order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.steps.iter().flat_map(|step| &step.statements)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Plans the way from `old` to `new`.
///
/// # Errors
/// Says which rename of the options cannot be.
pub fn plan(old: &Snapshot, new: &Snapshot, options: &PlanOptions) -> Result<Plan, RenameError> {
    let renames = rename::all(old, new, options)?;
    let renamed = rename::apply(old, new, &renames);
    let old = renamed.as_ref().unwrap_or(old);
    let found = diff(old, new, &options.diff);
    let work = Work::new(old, new, &found, renames, options.role.clone());
    let ordered = graph::order(&work);
    Ok(Plan {
        notes: work.notes(&found, &ordered),
        suggestions: rename::suggest(&found),
        steps: steps(ordered.statements),
    })
}

/// Statements that cannot share a transaction stand in steps of their own.
fn steps(statements: Vec<Statement>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for statement in statements {
        let is_transaction = ddl::runs_in_transaction(&statement);
        match steps.last_mut().filter(|step| step.is_transaction == is_transaction) {
            Some(step) => step.statements.push(statement),
            None => steps.push(Step { is_transaction, statements: vec![statement] }),
        }
    }
    steps
}

impl Statement {
    /// Whether it makes a routine, whose body may speak of what comes later.
    pub fn needs_quiet_functions(&self) -> bool {
        use crate::Kind::{Function, Procedure};
        matches!(self.object.kind(), Function | Procedure) && self.action != Action::Drop
    }
}
