//! Pieces in the order of their phases, and joined to steps.

use std::collections::BTreeSet;

use strum::IntoEnumIterator;

use super::{BRIEF_TIMEOUT_MILLIS, LOCK_TIMEOUT_MILLIS, Online, Phase, Piece};
use crate::plan::work::{Work, contents};
use crate::plan::{Action, Statement, Step};
use crate::{ObjectId, Snapshot, collect};

/// The phases in which a statement is done with.
struct Settled {
    object: ObjectId,
    action: Action,
    /// What it makes can be used from here on.
    usable: Phase,
    last: Phase,
}

/// The pieces of each statement as steps.
pub(super) fn steps(work: &Work<'_>, pieces: Vec<Vec<Piece>>) -> Vec<Step> {
    let pieces = in_phases(work, pieces);
    let mut steps = Vec::new();
    for phase in Phase::iter() {
        let of_phase: Vec<&Piece> = pieces.iter().filter(|piece| piece.phase == phase).collect();
        steps.extend(joined(work, undivided(work, &of_phase)));
    }
    steps
}

/// Puts what needs something of a later phase into that phase.
fn in_phases(work: &Work<'_>, pieces: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut settled: Vec<Settled> = Vec::new();
    let mut all = Vec::new();
    for mut own in pieces {
        let Some(first) = own.first().and_then(|piece| piece.statements.first()) else { continue };
        let (object, action) = (first.object.clone(), first.action);
        // That the column is there is enough to own a sequence.
        let needs_rows = action != Action::Alter("owned_by");
        let least = settled
            .iter()
            .filter(|other| needs_rows && waits(work, (&object, action), (&other.object, other.action)))
            .map(|other| if action == Action::Drop { other.last } else { other.usable })
            .max()
            .unwrap_or(Phase::Expand);
        for piece in &mut own {
            piece.phase = piece.phase.max(least);
        }
        let last = own.iter().map(|piece| piece.phase).max().unwrap_or(least);
        let used = own.iter().map(|piece| piece.phase).filter(|phase| *phase < Phase::Contract).max();
        if last > Phase::Expand {
            settled.push(Settled { object, action, usable: used.unwrap_or(last), last });
        }
        all.extend(own);
    }
    all
}

/// Whether a statement about one object has to come after one about another: one needs the other, lies in it, or
/// is it.
fn waits(work: &Work<'_>, (one, action): (&ObjectId, Action), (other, before): (&ObjectId, Action)) -> bool {
    let is_within = |one: &ObjectId, other: &ObjectId| one.path().len() > 2 && one.parent() == other.path();
    one == other
        || is_within(one, other)
        || is_within(other, one)
        || needs(work, one, action, other)
        || needs(work, other, before, one)
}

/// Whether an object, or what is made and dropped with it, needs another where a statement finds it.
fn needs(work: &Work<'_>, one: &ObjectId, action: Action, other: &ObjectId) -> bool {
    let sides: &[&Snapshot] = match action {
        Action::Drop => &[work.old],
        Action::Create => &[work.new],
        Action::Alter(_) | Action::Rename => &[work.old, work.new],
    };
    let is_whole = matches!(action, Action::Create | Action::Drop);
    sides.iter().any(|side| {
        let inside = contents(side, one).filter(|_| is_whole);
        let mut all = std::iter::once(one).chain(inside).filter_map(|id| side.objects.get(id));
        all.any(|object| object.depends_on.contains(other))
    })
}

/// What is dropped and made again stays in one transaction: other pieces wait until it is there again, unless
/// something in between needs them.
fn undivided<'p>(work: &Work<'_>, pieces: &[&'p Piece]) -> Vec<&'p Piece> {
    let plain = || pieces.iter().filter(|piece| piece.is_plain).flat_map(|piece| &piece.statements);
    let made = collect::set(plain().filter(|it| it.action == Action::Create).map(|it| &it.object));
    let mut open: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut waiting: Vec<&Piece> = Vec::new();
    let mut ordered: Vec<&Piece> = Vec::new();
    for piece in pieces {
        if !piece.is_plain && !open.is_empty() {
            waiting.push(piece);
            continue;
        }
        let is_needed = |waiting: &&Piece| {
            let mut pairs =
                waiting.statements.iter().flat_map(|one| piece.statements.iter().map(move |it| (one, it)));
            pairs.any(|(one, it)| waits(work, (&one.object, one.action), (&it.object, it.action)))
        };
        if waiting.iter().any(is_needed) {
            ordered.append(&mut waiting);
        }
        ordered.push(piece);
        for statement in piece.statements.iter().filter(|_| piece.is_plain) {
            match statement.action {
                Action::Drop if made.contains(&statement.object) => {
                    open.insert(&statement.object);
                }
                Action::Create => open = collect::without(open, &&statement.object),
                _ => {}
            }
        }
        if open.is_empty() {
            ordered.append(&mut waiting);
        }
    }
    ordered.append(&mut waiting);
    ordered
}

/// Plain statements share a transaction while they lock no more than one table that others use.
fn joined(work: &Work<'_>, pieces: Vec<&Piece>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut dropped: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut held: Option<&[String]> = None;
    let mut is_open = false;
    for piece in pieces {
        let locks = piece.statements.iter().find_map(|statement| locked(work, statement));
        let is_other = locks.is_some() && held.is_some() && locks != held;
        let joins = is_open && piece.is_plain && piece.is_transaction && (!is_other || !dropped.is_empty());
        if !joins {
            (held, dropped) = (None, BTreeSet::new());
            steps.push(step(piece));
        } else if let Some(step) = steps.last_mut() {
            step.statements.extend(piece.statements.iter().cloned());
        }
        held = held.or(locks);
        for statement in &piece.statements {
            match statement.action {
                Action::Drop if work.created.contains(&statement.object) => {
                    dropped.insert(&statement.object);
                }
                Action::Create => dropped = collect::without(dropped, &&statement.object),
                _ => {}
            }
        }
        is_open = piece.is_plain && piece.is_transaction;
    }
    steps
}

/// The relation that was there before, and that a statement may lock.
fn locked<'s>(work: &Work<'_>, statement: &'s Statement) -> Option<&'s [String]> {
    let path = statement.object.relation()?;
    let is_made = work.created.iter().any(|id| id.path() == path && !work.old.objects.contains_key(*id));
    (!is_made).then_some(path)
}

fn step(piece: &Piece) -> Step {
    let (lock, statement) = match piece.is_long {
        true => (0, 0),
        false => (LOCK_TIMEOUT_MILLIS, BRIEF_TIMEOUT_MILLIS),
    };
    Step {
        is_transaction: piece.is_transaction,
        statements: piece.statements.clone(),
        online: Some(Online {
            phase: piece.phase,
            note: piece.note.to_owned(),
            lock_timeout_millis: lock,
            statement_timeout_millis: statement,
            undo: piece.undo.clone(),
        }),
    }
}
