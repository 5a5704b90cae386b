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
mod define;
mod goal;
mod graph;
mod online;
mod rename;
mod select;
pub(crate) mod sql;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{DiffOptions, ObjectId, Snapshot, diff};
pub use define::{definition, definitions};
pub use online::{Online, Phase, before_contract};
pub use rename::{Rename, RenameError, Suggestion};
pub(crate) use rename::{apply, asked, each_id, known, replace_name, suggest};
use work::Work;
pub(crate) use work::parents;

/// How a plan is made.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// What to bring over; differences that are ignored stay.
    pub diff: DiffOptions,
    /// Objects that are known to be the same under another name.
    pub renames: Vec<Rename>,
    /// Whether what is only spelled otherwise is brought over too, so that a dump is the same to the letter.
    pub is_exact: bool,
    /// The role that will run the plan and so owns what it creates; the commonest owner in new where absent.
    pub role: Option<String>,
    /// Whether others go on reading and writing meanwhile: what would stop them is done in several steps.
    pub is_online: bool,
}

impl PlanOptions {
    /// The same for the way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let diff = DiffOptions { renames: rename::reversed(&self.diff.renames), ..self.diff.clone() };
        Self { renames: rename::reversed(&self.renames), diff, ..self.clone() }
    }
}

/// What a statement does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Statement {
    /// Without a semicolon.
    pub sql: String,
    /// The object that it is about, by its id in new where it is there.
    pub object: ObjectId,
    /// What it does to it.
    pub action: Action,
    /// What it was seen to do, where the plan was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// What a statement was seen to do to tables, each named as `schema.table`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Effect {
    /// The strongest lock on each table that was there before, as `pg_locks` names it: `AccessExclusiveLock`.
    pub locks: BTreeMap<String, String>,
    /// Tables of which every row was written anew.
    pub rewrites: BTreeSet<String>,
    /// Tables of which every row was read, and not written.
    pub scans: BTreeSet<String>,
}

/// Statements that belong together.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// Whether the statements run in one transaction; else each runs by itself, outside of any.
    pub is_transaction: bool,
    /// In their order.
    pub statements: Vec<Statement>,
    /// When and how to run it, where others go on meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<Online>,
}

/// SQL that turns old into new.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plan {
    /// In their order; empty where there is nothing to do.
    pub steps: Vec<Step>,
    /// What the reader must know: what is not reached, what is lost, who should run it. Sentences.
    pub notes: Vec<String>,
    /// Removed and added objects that may be one object under two names. Never applied unasked.
    pub suggestions: Vec<Suggestion>,
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
    plan_some(old, new, options, None)
}

/// Plans the way for the differences whose ids are in `selection`, as [`diff`] gives them, and for those without
/// which these cannot be brought over.
///
/// # Errors
/// Says which rename of the options cannot be.
pub fn plan_selected(
    old: &Snapshot,
    new: &Snapshot,
    options: &PlanOptions,
    selection: &BTreeSet<ObjectId>,
) -> Result<Plan, RenameError> {
    plan_some(old, new, options, Some(selection))
}

fn plan_some(
    old: &Snapshot,
    new: &Snapshot,
    options: &PlanOptions,
    selection: Option<&BTreeSet<ObjectId>>,
) -> Result<Plan, RenameError> {
    let spelled = options.is_exact.then(|| (as_printed(old), as_printed(new)));
    let (old, new) = spelled.as_ref().map_or((old, new), |(old, new)| (old, new));
    let mut renames = renames(old, new, options)?;
    let renamed = rename::apply(old, new, &renames);
    let old = renamed.as_ref().unwrap_or(old);
    let mut found = diff(old, new, &options.diff);
    let (mut reached, mut note) = (None, None);
    if let Some(selection) = selection {
        let chosen = select::choose(old, new, found, selection);
        (reached, found, note) = (Some(chosen.new), chosen.found, chosen.note);
    }
    let new = reached.as_ref().unwrap_or(new);
    let incidental = rename::incidental(old, &found);
    let renamed = rename::apply(old, new, &incidental);
    if let Some(renamed) = &renamed {
        found = diff(renamed, new, &options.diff);
    }
    let old = renamed.as_ref().unwrap_or(old);
    renames.extend(incidental);
    goal::along(old, new, &mut found);
    let goal = goal::goal(old, new, &found);
    let work = Work::new(old, &goal, &found, renames, options.role.clone());
    let ordered = graph::order(&work);
    let mut notes: Vec<String> = note.into_iter().chain(work.notes(&found, &ordered)).collect();
    let steps = match options.is_online {
        true => online::steps(&work, &ordered.groups, &mut notes),
        false => steps(ordered.groups.into_iter().flat_map(|group| group.statements).collect()),
    };
    Ok(Plan { steps, notes, suggestions: rename::suggest(&found) })
}

/// What is renamed: what was asked for, which must be there, and of what is known what is there.
fn renames(old: &Snapshot, new: &Snapshot, options: &PlanOptions) -> Result<Vec<Rename>, RenameError> {
    let known = rename::known(old, new, &options.diff.renames);
    let more = known.into_iter().filter(|known| !options.renames.contains(known));
    let all: Vec<Rename> = options.renames.iter().cloned().chain(more).collect();
    rename::asked(old, new, &all)
}

/// The snapshot in the server's own spelling.
fn as_printed(snapshot: &Snapshot) -> Snapshot {
    let mut snapshot = snapshot.clone();
    for object in snapshot.objects.values_mut().filter(|object| !object.printed.is_empty()) {
        let printed = std::mem::take(&mut object.printed);
        object.body.restore(&printed);
        object.printed = printed;
    }
    snapshot
}

/// Statements that cannot share a transaction stand in steps of their own.
fn steps(statements: Vec<Statement>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for statement in statements {
        let is_transaction = ddl::runs_in_transaction(&statement);
        match steps.last_mut().filter(|step| step.is_transaction == is_transaction) {
            Some(step) => step.statements.push(statement),
            None => steps.push(Step { is_transaction, statements: vec![statement], online: None }),
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
