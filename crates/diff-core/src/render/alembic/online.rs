//! A plan beside which others go on, as revisions: one for each phase, each step with its timeouts.
//!
//! A step is committed before the next one begins, whatever `env.py` says: entering `autocommit_block()` commits
//! what ran before it.

use super::blocks::{Block, calls};
use super::parts;
use super::python::{Expr, execute, word};
use super::types::Sides;
use super::{Revision, alembic};
use crate::plan::Phase;
use crate::render::sql::{about, timeouts};
use crate::{
    Action, ObjectId, Online, Plan, PlanOptions, RenameError, Snapshot, Statement, Step, before_contract,
    plan,
};

/// The width of a comment within a function.
const WIDTH: usize = 80;

/// The revisions of a plan that was made with these options, and their files, each following the one before.
///
/// The last phase is taken back by what makes again what it removed; the first of the others takes all of them back.
///
/// # Errors
/// Says which rename of the options cannot be.
pub fn alembic_online(
    up: &Plan,
    old: &Snapshot,
    new: &Snapshot,
    options: &PlanOptions,
    revision: &Revision,
) -> Result<Vec<(Revision, String)>, RenameError> {
    let between = before_contract(old, new, up, options)?;
    let mut files: Vec<(Revision, String)> = Vec::new();
    let mut follows = revision.down_revision.clone();
    for (at, (phase, mut part)) in up.phases().into_iter().enumerate() {
        let message = format!("{}: {phase}", revision.message);
        let mut own = Revision::new(old, new, follows.clone(), message);
        own.create_date.clone_from(&revision.create_date);
        if at == 0 {
            (part.notes, part.suggestions) = (up.notes.clone(), up.suggestions.clone());
        }
        part.notes.insert(0, about(phase).replace('\n', " "));
        let down = match (phase, files.first()) {
            (Phase::Contract, _) => {
                let nothing_renamed = PlanOptions { renames: Vec::new(), ..options.clone() };
                let mut down = plan(new, &between, &nothing_renamed)?;
                down.notes.push(
                    "The rows and values that went are not brought back: what is made again is empty."
                        .to_owned(),
                );
                down
            }
            (_, None) => from_anywhere(plan(&between, old, &options.reversed())?, up),
            (_, Some((first, _))) => {
                let note =
                    format!("Nothing is done here: revision {} takes back what this one did.", first.id);
                Plan { notes: vec![note], ..Plan::default() }
            }
        };
        follows = Some(own.id.clone());
        let text = alembic(&part, &down, old, new, &own);
        files.push((own, text));
    }
    Ok(files)
}

/// The way back, which can be gone where only some of the phases were.
fn from_anywhere(mut down: Plan, up: &Plan) -> Plan {
    let later = up.phases().into_iter().skip(1).flat_map(|(_, part)| part.steps);
    let made: Vec<ObjectId> = later
        .flat_map(|step| step.statements)
        .filter(|statement| statement.action == Action::Create)
        .map(|statement| statement.object)
        .collect();
    let drops = down.steps.iter_mut().flat_map(|step| &mut step.statements);
    for drop in drops.filter(|it| it.action == Action::Drop && made.contains(&it.object)) {
        if !drop.sql.contains(" IF EXISTS ") {
            for word in ["DROP CONSTRAINT ", "DROP COLUMN ", "DROP INDEX ", "DROP VIEW ", "DROP TABLE "] {
                drop.sql = drop.sql.replacen(word, &format!("{word}IF EXISTS "), 1);
            }
        }
    }
    let undo = |step: &Step| {
        let (Some(online), Some(first)) = (&step.online, step.statements.first()) else { return Vec::new() };
        let sqls = online.undo.iter();
        sqls.map(|sql| Statement { sql: sql.clone(), action: Action::Alter("undo"), ..first.clone() })
            .collect()
    };
    let left: Vec<Statement> = up.steps.iter().flat_map(undo).collect();
    let online = down.steps.first().and_then(|step| step.online.clone());
    if let Some(online) = online.filter(|_| !left.is_empty()) {
        let note = "Clears what the phases leave where they are given up halfway.".to_owned();
        let online = Online { note, lock_timeout_millis: 2_000, statement_timeout_millis: 10_000, ..online };
        down.steps.insert(0, Step { is_transaction: true, statements: left, online: Some(online) });
    }
    down
}

/// The steps as blocks.
pub(super) fn blocks(plan: &Plan, sides: Sides<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for step in &plan.steps {
        let Some(online) = &step.online else { continue };
        let lines = textwrap::wrap(&online.note, WIDTH);
        let comment = lines.iter().filter(|line| !line.is_empty()).map(ToString::to_string).collect();
        let mut own: Vec<Expr> = timeouts(online).iter().map(|sql| execute(sql)).collect();
        let is_quiet = step.statements.iter().any(Statement::needs_quiet_functions);
        // A statement by itself is a transaction.
        if step.is_transaction && (step.statements.len() > 1 || is_quiet) {
            blocks.push(Block { is_transaction: false, comment, calls: own });
            blocks.push(Block { is_transaction: true, comment: Vec::new(), calls: step_calls(step, sides) });
        } else {
            own.extend(step_calls(step, sides));
            blocks.push(Block { is_transaction: false, comment, calls: own });
        }
    }
    if !blocks.is_empty() {
        let reset = ["RESET lock_timeout", "RESET statement_timeout"];
        let calls = reset.into_iter().map(execute).collect();
        blocks.push(Block { is_transaction: false, comment: Vec::new(), calls });
    }
    blocks
}

fn step_calls(step: &Step, sides: Sides<'_>) -> Vec<Expr> {
    match step.statements.as_slice() {
        [statement] => match concurrently(&statement.sql) {
            Some(call) => vec![call],
            None => calls(&[statement], sides),
        },
        several => calls(&several.iter().collect::<Vec<_>>(), sides),
    }
}

/// `op.create_index` of an index that is built while others write.
fn concurrently(sql: &str) -> Option<Expr> {
    let bare = sql.replacen("INDEX CONCURRENTLY IF NOT EXISTS ", "INDEX ", 1);
    let is_it = bare != sql && bare.starts_with("CREATE ");
    let call = parts::create_index(&bare).filter(|_| is_it)?;
    let call = call.with("postgresql_concurrently", word("True"));
    Some(call.with("if_not_exists", word("True")))
}
