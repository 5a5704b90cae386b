//! A plan beside which others go on reading and writing.
//!
//! ```text
//! statements ─► recipes: each statement as it is, or as pieces ─► phases ─► steps with their timeouts
//! ```
//!
//! A statement that is brief stays as it is, behind a lock timeout. One that reads or writes a whole table under a
//! lock becomes pieces of several phases; one for which there is no such way stays, and a note says so.

mod backfill;
mod columns;
mod constraints;
mod indexes;
mod leaving;
mod order;
mod partitions;
mod retype;

use serde::Serialize;

use super::graph::Group;
use super::sql::relation;
use super::work::{Work, container, contents};
use super::{Action, Plan, PlanOptions, RenameError, Statement, Step, ddl, rename};
use crate::{Body, Kind, ObjectId, Snapshot, Table};
use leaving::Leaving;

/// How long a statement waits for a strong lock: others wait behind it.
const LOCK_TIMEOUT_MILLIS: u32 = 2_000;
/// How long a brief statement may take, waiting included.
const BRIEF_TIMEOUT_MILLIS: u32 = 10_000;
/// A table that takes no more bytes than this, and in which no rows were counted, is as good as empty.
const SMALL_BYTES: u64 = 1 << 16;

/// When a step is to be run. Each phase comes after the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::Display, strum::EnumIter)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Adds what is new; code that knows nothing of it goes on.
    Expand,
    /// Reads and fills the rows that are there; takes its time.
    Backfill,
    /// Puts the new in the place of the old.
    Switch,
    /// Removes what is not used any more.
    Contract,
}

/// When and how a step is run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Online {
    /// Its phase.
    pub phase: Phase,
    /// What it does and how to go on where it fails; empty where the statements say all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How long to wait for a lock; 0 for any time, where nobody waits behind it.
    pub lock_timeout_millis: u32,
    /// How long a statement may take; 0 for any time.
    pub statement_timeout_millis: u32,
    /// What takes away what the step leaves for later phases, where the way is given up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<String>,
}

/// What becomes of a statement, or a part of it.
struct Piece {
    phase: Phase,
    is_transaction: bool,
    /// Whether it takes its time, and takes no lock that stops others.
    is_long: bool,
    /// Whether it is the plain statement, which may share a transaction with others.
    is_plain: bool,
    note: &'static str,
    statements: Vec<Statement>,
    undo: Vec<String>,
}

impl Piece {
    fn plain(phase: Phase, statement: Statement) -> Self {
        let is_transaction = ddl::runs_in_transaction(&statement);
        Self {
            phase,
            is_transaction,
            is_long: false,
            is_plain: true,
            note: "",
            statements: vec![statement],
            undo: Vec::new(),
        }
    }

    /// Brief statements of one transaction, which take strong locks.
    fn brief(phase: Phase, note: &'static str, statements: Vec<Statement>) -> Self {
        Self {
            phase,
            is_transaction: true,
            is_long: false,
            is_plain: false,
            note,
            statements,
            undo: Vec::new(),
        }
    }

    /// A statement that takes its time in a transaction of its own.
    fn long(phase: Phase, note: &'static str, statement: Statement) -> Self {
        let statements = vec![statement];
        Self {
            phase,
            is_transaction: true,
            is_long: true,
            is_plain: false,
            note,
            statements,
            undo: Vec::new(),
        }
    }

    /// A statement that takes its time and runs in no transaction.
    fn alone(phase: Phase, note: &'static str, statement: Statement) -> Self {
        Self { is_transaction: false, ..Self::long(phase, note, statement) }
    }

    /// With what takes away what it leaves for later.
    fn or(self, undo: impl IntoIterator<Item = String>) -> Self {
        Self { undo: undo.into_iter().collect(), ..self }
    }
}

/// What recipes look at.
struct Recipes<'w, 'a> {
    work: &'w Work<'a>,
    /// The statements of the plain plan.
    all: Vec<&'w Statement>,
    /// The server's major version; the oldest where it is not known.
    major: u32,
    leaving: Leaving,
}

/// The statements as steps, and what to know about them.
pub(super) fn steps(work: &Work<'_>, groups: &[Group], notes: &mut Vec<String>) -> Vec<Step> {
    let all: Vec<&Statement> = groups.iter().flat_map(|group| &group.statements).collect();
    let recipes = Recipes { work, all, major: major(work.old), leaving: Leaving::new(work, groups) };
    let mut phases = order::Phases::new(groups);
    for (at, group) in groups.iter().enumerate() {
        for statement in &group.statements {
            phases.add(at, statement.action, recipes.pieces(statement, notes));
        }
        phases.close(at);
    }
    order::steps(work, groups, &phases)
}

fn major(snapshot: &Snapshot) -> u32 {
    const OLDEST: u32 = 13;
    let first = snapshot.source.server.split('.').next();
    first.and_then(|major| major.parse().ok()).unwrap_or(OLDEST)
}

impl Recipes<'_, '_> {
    fn pieces(&self, statement: &Statement, notes: &mut Vec<String>) -> Vec<Piece> {
        match self.rewritten(statement, notes) {
            Some(pieces) => pieces,
            None if self.leaving.is_for_good(statement) => {
                let mut pieces = leaving::release(self, statement);
                pieces.push(Piece::plain(Phase::Contract, statement.clone()));
                pieces
            }
            None => vec![Piece::plain(Phase::Expand, statement.clone())],
        }
    }

    /// The pieces of a statement that would stop others; `None` where it may stay, or has to.
    fn rewritten(&self, statement: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        use Kind::{Check, Column, Enum, Exclusion, ForeignKey, Index, Partition, PrimaryKey, Unique};
        let id = &statement.object;
        match (id.kind(), statement.action) {
            (Index, Action::Create) => self.create_index(statement, notes),
            (Index, Action::Drop) => self.drop_index(statement),
            (Index, Action::Alter("invalid")) => self.rebuild_index(statement),
            (ForeignKey | Check, Action::Create) => self.add_not_valid(statement, notes),
            (ForeignKey | Check, Action::Alter("definition")) => self.validate(statement),
            (ForeignKey | Check, Action::Drop) => self.is_put_beside(id).then(Vec::new),
            (PrimaryKey | Unique, Action::Create) => self.add_by_index(statement, notes),
            (Exclusion, Action::Create) => {
                self.warn(statement, "no exclusion constraint can be added online", notes)
            }
            (Column, Action::Create) => self.add_column(statement, notes),
            (Column, Action::Alter("nullable" | "not_null")) => self.set_not_null(statement),
            (Column, Action::Alter("type")) => self.retype(statement, notes),
            (Column, Action::Alter("default")) => self.is_retyped_beside(id).then(Vec::new),
            (_, Action::Alter("attached_to")) => self.attach_part(statement),
            (Enum, Action::Alter("labels")) => self.add_label(statement),
            (Partition, Action::Create) => self.create_partition(statement, notes),
            (Partition, Action::Drop) => self.drop_partition(statement, notes),
            (_, Action::Alter("persistence" | "access_method" | "tablespace")) => {
                self.warn(statement, "it writes the whole table anew", notes)
            }
            (Kind::Table | Column, Action::Rename) => {
                notes.push(format!(
                    "{id} has its new name at once: code that calls it by the old one fails from then on."
                ));
                None
            }
            (Kind::Domain | Kind::DomainCheck, Action::Create | Action::Alter("nullable"))
                if self.stands(id)
                    && (id.kind() == Kind::DomainCheck || statement.sql.contains(" SET NOT NULL")) =>
            {
                let reason = "the tables that use the domain are read, and cannot be written meanwhile";
                notes.push(not_online(id, reason));
                None
            }
            _ => None,
        }
    }

    /// Says that an object that is replaced is not there for a while.
    fn tell_gap(&self, id: &ObjectId, notes: &mut Vec<String>) {
        if self.work.old.objects.contains_key(id) {
            notes.push(format!(
                "{id} is not there between the step that drops it and the one that makes it again."
            ));
        }
    }

    /// Says that a statement stays as it is, and why, where others could notice.
    fn warn(&self, statement: &Statement, reason: &str, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        if self.busy_table(&statement.object).is_some() {
            let note = not_online(&statement.object, reason);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        None
    }

    /// Whether what holds the object was there before, and is there afterwards.
    fn stands(&self, id: &ObjectId) -> bool {
        let outer = if id.kind() == Kind::Domain { Some(id) } else { container(self.work.new, id) };
        outer.is_some_and(|outer| self.work.stays(outer))
    }

    /// The table of an object, where others may be using it: it was there before, and holds rows for all that is known.
    fn busy_table(&self, id: &ObjectId) -> Option<&ObjectId> {
        let path = id.relation()?;
        let kinds = [Kind::Table, Kind::Partition, Kind::MaterializedView];
        let of_kind = |kind: Kind| {
            self.work.old.objects.get_key_value(&ObjectId::new(kind, path.iter().cloned())).map(|(id, _)| id)
        };
        let table = kinds.into_iter().find_map(of_kind)?;
        let before = self.work.renames.iter().find(|rename| rename.to == *table).map(|rename| &rename.from);
        let size = self.work.old.sizes.get(before.unwrap_or(table));
        // Models and files are read from a shadow database, whose tables are always empty.
        let is_counted = self.work.old.source.kind == "database";
        let is_small = is_counted && size.is_some_and(|size| size.rows == 0 && size.bytes <= SMALL_BYTES);
        (self.work.stays(table) && !is_small).then_some(table)
    }

    /// Whether a table has no part in partitioning or inheritance.
    fn is_simple(&self, table: &ObjectId) -> bool {
        let is_plain = |snapshot: &Snapshot| {
            matches!(snapshot.objects.get(table).map(|object| &object.body),
                Some(Body::Table(Table { partition_by: None, of_type: None, inherits, .. })) if inherits.is_empty())
        };
        let has_heirs = self.work.old.objects.values().any(|object| object.depends_on.contains(table));
        is_plain(self.work.old) && is_plain(self.work.new) && !has_heirs
    }

    /// Whether a table is split into partitions.
    fn is_partitioned(&self, table: &ObjectId) -> bool {
        match self.work.new.objects.get(table).map(|object| &object.body) {
            Some(Body::Table(it)) => it.partition_by.is_some(),
            Some(Body::Partition(it)) => it.partition_by.is_some(),
            _ => false,
        }
    }

    /// Whether the plan removes any of what an object of old needs, or changes it so that the object notices.
    fn is_disturbed(&self, id: &ObjectId) -> bool {
        let Some(object) = self.work.old.objects.get(id) else { return false };
        if object.depends_on.iter().any(|needed| self.work.dropped.contains(needed)) {
            return true;
        }
        let disturbs = |statement: &&Statement| match statement.action {
            Action::Create => false,
            Action::Alter(attribute) => {
                !["comment", "owner", "grants", "default", "nullable", "not_null"].contains(&attribute)
            }
            Action::Drop | Action::Rename => true,
        };
        self.all
            .iter()
            .copied()
            .filter(disturbs)
            .any(|statement| object.depends_on.contains(&statement.object))
    }

    /// Whether an object is made anew for its own sake, and not because something else is in its way.
    fn is_other(&self, id: &ObjectId) -> bool {
        let body = |snapshot: &'_ Snapshot| snapshot.objects.get(id).map(|object| object.body.clone());
        body(self.work.old) != body(self.work.new)
    }

    /// Whether rows of a table can be changed: those of a published table want to be told apart.
    fn is_updatable(&self, table: &ObjectId) -> bool {
        [self.work.old, self.work.new].into_iter().all(|snapshot| {
            let is_key = |id: &ObjectId| id.kind() == Kind::PrimaryKey && self.work.stays(id);
            let is_published = snapshot.of_kind(Kind::Publication).next().is_some();
            !is_published || contents(snapshot, table).any(is_key)
        })
    }

    /// Whether anything needs an object of old.
    fn is_needed(&self, id: &ObjectId) -> bool {
        self.work.old.objects.values().any(|object| object.depends_on.contains(id))
    }
}

fn not_online(id: &ObjectId, reason: &str) -> String {
    format!("Not online, run it when nobody needs the table: {id}; {reason}.")
}

/// One more statement about the same object.
fn statement(like: &Statement, action: Action, sql: impl Into<String>) -> Statement {
    Statement { sql: sql.into(), object: like.object.clone(), action, effect: None }
}

/// A block that runs a statement where a query finds nothing yet.
fn unless(query: &str, sql: &str) -> String {
    format!("DO $do$\nBEGIN\n    IF NOT EXISTS ({query}) THEN\n        {sql};\n    END IF;\nEND $do$")
}

/// A block that runs statements where a query finds something: else they were run before.
fn when(query: &str, sqls: &[String]) -> String {
    let all: String = sqls.iter().map(|sql| format!("        {sql};\n")).collect();
    format!("DO $do$\nBEGIN\n    IF EXISTS ({query}) THEN\n{all}    END IF;\nEND $do$")
}

/// The query that finds a constraint of a table.
fn constraint_query(table: &ObjectId, name: &str) -> String {
    let table = super::sql::literal(&relation(table));
    let name = super::sql::literal(name);
    format!("SELECT FROM pg_constraint WHERE conrelid = {table}::regclass AND conname = {name}")
}

/// Adds a constraint unless the table has it: the step may be run again.
fn unless_constrained(table: &ObjectId, name: &str, sql: &str) -> String {
    unless(&constraint_query(table, name), sql)
}

/// What stands between the phases before the last and the last: new, and beside it what the last one removes.
///
/// # Errors
/// Says which rename of the options cannot be.
pub fn before_contract(
    old: &Snapshot,
    new: &Snapshot,
    plan: &Plan,
    options: &PlanOptions,
) -> Result<Snapshot, RenameError> {
    let renames = super::renames(old, new, options)?;
    let renamed = rename::apply(old, new, &renames);
    Ok(leaving::kept(renamed.as_ref().unwrap_or(old), new, plan))
}

impl Plan {
    /// The plan of each phase that has steps, in their order.
    pub fn phases(&self) -> Vec<(Phase, Plan)> {
        use strum::IntoEnumIterator;
        let of_phase = |phase: Phase| {
            let is_of = |step: &&Step| step.online.as_ref().is_some_and(|online| online.phase == phase);
            let steps: Vec<Step> = self.steps.iter().filter(is_of).cloned().collect();
            (!steps.is_empty()).then(|| (phase, Plan { steps, ..Plan::default() }))
        };
        Phase::iter().filter_map(of_phase).collect()
    }
}
