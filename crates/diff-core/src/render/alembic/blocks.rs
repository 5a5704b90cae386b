//! A plan as blocks: what runs in the revision's transaction, and what runs outside of it.
//!
//! Indexes of tables that were there before are built and dropped last, without locking out those who write;
//! but only where nothing else in the plan has to do with them.

use std::collections::BTreeSet;

use super::online;
use super::operations::{Operation, comment, operation};
use super::python::{Expr, execute, text, word};
use super::types::Sides;
use crate::{Action, Body, Kind, ObjectId, Plan, Statement, collect};

/// Calls that run together.
pub(super) struct Block {
    pub(super) is_transaction: bool,
    /// Why it runs outside of the transaction.
    pub(super) comment: Vec<String>,
    pub(super) calls: Vec<Expr>,
}

const LABELS: &[&str] = &["New labels can be used once they are committed: they are added by themselves."];
const INDEXES: &[&str] = &[
    "Indexes last and by themselves: CONCURRENTLY lets others write meanwhile, but runs",
    "in no transaction. What is above is committed by now. Should one of these fail, drop",
    "the index if it was left invalid, run the rest by hand, and `alembic stamp` this.",
];

/// The blocks of a plan in their order.
pub(super) fn blocks(plan: &Plan, sides: Sides<'_>) -> Vec<Block> {
    if plan.steps.iter().any(|step| step.online.is_some()) {
        return online::blocks(plan, sides);
    }
    let comment = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let all: Vec<(bool, &Statement)> = plan
        .steps
        .iter()
        .flat_map(|step| step.statements.iter().map(|statement| (step.is_transaction, statement)))
        .collect();
    let late = late(plan, sides);
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = all.iter().filter(|(_, statement)| !late.contains(&&statement.object)).peekable();
    while let Some((is_transaction, _)) = rest.peek() {
        let mut run: Vec<&Statement> = Vec::new();
        while let Some((_, statement)) = rest.next_if(|(also, _)| also == is_transaction) {
            run.push(statement);
        }
        let comment = comment(if *is_transaction { &[] } else { LABELS });
        blocks.push(Block { is_transaction: *is_transaction, comment, calls: calls(&run, sides) });
    }
    let last: Vec<&Statement> =
        all.iter().map(|(_, statement)| *statement).filter(|it| late.contains(&it.object)).collect();
    if !last.is_empty() {
        let concurrently = |expr: Expr| match &expr {
            Expr::Call(callee, _) if callee == "op.create_index" || callee == "op.drop_index" => {
                expr.with("postgresql_concurrently", word("True"))
            }
            _ => expr,
        };
        let calls = calls(&last, sides).into_iter().map(concurrently).collect();
        blocks.push(Block { is_transaction: false, comment: comment(INDEXES), calls });
    }
    blocks
}

/// Statements as calls, with what one call can say merged.
pub(super) fn calls(statements: &[&Statement], sides: Sides<'_>) -> Vec<Expr> {
    let mut operations: Vec<Operation> = Vec::new();
    if statements.iter().any(|statement| statement.needs_quiet_functions()) {
        // A body may speak of what comes later.
        operations.push(Operation::Call(execute("SET LOCAL check_function_bodies = off")));
    }
    let mut rest = statements.iter().peekable();
    while let Some(statement) = rest.next() {
        let mut next = match operation(statement, sides) {
            Some(operation) => operation,
            None => Operation::Call(execute(&statement.sql)),
        };
        if let Operation::Call(call) = &mut next {
            while let Some(dressed) =
                rest.peek().and_then(|comment| dress(call, &statement.object, comment, sides))
            {
                *call = dressed;
                rest.next();
            }
        }
        let next = match (operations.last_mut(), next) {
            (Some(Operation::Column(last)), Operation::Column(next)) => {
                last.merge(next).map(Operation::Column)
            }
            (_, next) => Some(next),
        };
        operations.extend(next);
    }
    operations.into_iter().map(Operation::into_expr).collect()
}

/// The call that makes a table or a column, with a comment that a later statement sets.
fn dress(call: &Expr, made: &ObjectId, statement: &Statement, sides: Sides<'_>) -> Option<Expr> {
    let Expr::Call(callee, arguments) = call else { return None };
    let object = &statement.object;
    if statement.action != Action::Alter("comment") {
        return None;
    }
    let (callee, mut arguments) = (callee.clone(), arguments.clone());
    match (callee.as_str(), object.kind()) {
        ("op.create_table", Kind::Table) if object == made => {
            let comment = comment(&statement.sql, "COMMENT ON TABLE ", object, sides)??;
            arguments.push((Some("comment"), text(comment)));
        }
        ("op.create_table", Kind::Column) if object.parent() == made.path() => {
            let comment = comment(&statement.sql, "COMMENT ON COLUMN ", object, sides)??;
            let column = arguments.iter_mut().find(|(_, it)| is_column(it, object.name()))?;
            column.1 = column.1.clone().with("comment", text(comment));
        }
        ("op.add_column", Kind::Column) if object == made => {
            let comment = comment(&statement.sql, "COMMENT ON COLUMN ", object, sides)??;
            let column = arguments.iter_mut().find(|(_, it)| is_column(it, object.name()))?;
            column.1 = column.1.clone().with("comment", text(comment));
        }
        _ => return None,
    }
    Some(Expr::Call(callee, arguments))
}

fn is_column(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Call(callee, arguments)
        if callee == "sa.Column" && arguments.first().is_some_and(|(_, it)| *it == text(name)))
}

/// Indexes whose statements can wait until everything else is done, and run outside of the transaction.
fn late<'p>(plan: &'p Plan, sides: Sides<'_>) -> BTreeSet<&'p ObjectId> {
    let about = |id: &ObjectId| plan.statements().filter(|it| it.object == *id).collect::<Vec<_>>();
    let indexes = collect::set(plan.statements().map(|it| &it.object).filter(|id| id.kind() == Kind::Index));
    // What is built: its statements are its making, its comment, and perhaps the removal of one of its name.
    let is_simple = |id: &&ObjectId| {
        about(id).iter().all(|statement| match statement.action {
            Action::Create | Action::Drop => operation(statement, sides).is_some(),
            action => action == Action::Alter("comment"),
        }) && about(id).iter().any(|it| matches!(it.action, Action::Create | Action::Drop))
    };
    let is_possible = |id: &&ObjectId| {
        let is_made = about(id).iter().any(|it| it.action == Action::Create);
        let is_dropped = about(id).iter().any(|it| it.action == Action::Drop);
        (!is_made || can_be_built_late(plan, id, sides))
            && (!is_dropped || can_be_dropped_late(plan, id, sides))
    };
    let late = collect::set(indexes.into_iter().filter(|id| is_simple(id) && is_possible(id)));
    // A name must be free when it is taken: either of the two may be another kind of object's.
    let taken = plan.statements().filter(|it| !late.contains(&it.object) && it.action != Action::Drop);
    let taken = collect::set(taken.map(|it| (it.object.schema(), it.object.name())));
    collect::set(late.iter().copied().filter(|id| !taken.contains(&(id.schema(), id.name()))))
}

/// The table that an index is of, where it is one by itself and was there before.
fn plain_table(plan: &Plan, id: &ObjectId, sides: Sides<'_>) -> Option<ObjectId> {
    let table = ObjectId::new(Kind::Table, id.relation()?.iter().cloned());
    let is_plain = matches!(sides.new.objects.get(&table).map(|it| &it.body), Some(Body::Table(it)) if it.partition_by.is_none());
    let is_made = plan.statements().any(|it| it.object == table && it.action == Action::Create);
    (is_plain && !is_made).then_some(table)
}

fn can_be_built_late(plan: &Plan, id: &ObjectId, sides: Sides<'_>) -> bool {
    let is_alone = matches!(
        sides.new.objects.get(id).map(|it| &it.body),
        Some(Body::Index(index)) if index.attached_to.is_none() && !index.invalid
    );
    let is_needed = sides.new.objects.values().any(|object| object.depends_on.contains(id));
    is_alone && !is_needed && plain_table(plan, id, sides).is_some()
}

fn can_be_dropped_late(plan: &Plan, id: &ObjectId, sides: Sides<'_>) -> bool {
    let Some(object) = sides.old.objects.get(id) else { return false };
    let is_alone = matches!(&object.body, Body::Index(index) if index.attached_to.is_none());
    let is_needed = sides.old.objects.values().any(|other| other.depends_on.contains(id));
    let touches = |statement: &&Statement| {
        object.depends_on.contains(&statement.object) && statement.action != Action::Alter("comment")
            || statement.action == Action::Rename
                && (statement.object.path().len() == 1 || statement.object.relation() == id.relation())
    };
    is_alone
        && !is_needed
        && plain_table(plan, id, sides).is_some()
        && !plan.statements().any(|it| touches(&it))
}
