//! Pieces in the order of their phases, and joined to steps.

use std::collections::BTreeSet;

use strum::IntoEnumIterator;

use super::{BRIEF_TIMEOUT_MILLIS, LOCK_TIMEOUT_MILLIS, Online, Phase, Piece};
use crate::plan::graph::Group;
use crate::plan::work::Work;
use crate::plan::{Action, Statement, Step};
use crate::{Kind, ObjectId, collect};

/// The pieces of each group, each in a phase that is not before those of what it needs.
pub(super) struct Phases<'g> {
    groups: &'g [Group],
    pieces: Vec<(usize, Piece)>,
    /// By group, the phases from which on what it needs can be used, and in which that is done with.
    needs: Vec<[Phase; 2]>,
}

impl<'g> Phases<'g> {
    pub(super) fn new(groups: &'g [Group]) -> Self {
        Self { groups, pieces: Vec::new(), needs: vec![[Phase::Expand; 2]; groups.len()] }
    }

    /// Adds the pieces of a statement of a group; groups and their statements come in their order.
    pub(super) fn add(&mut self, group: usize, action: Action, pieces: Vec<Piece>) {
        let [usable, last] = self.needs[group];
        let least = match action {
            Action::Drop => last,
            // That the column is there is enough to own a sequence.
            Action::Alter("owned_by") => Phase::Expand,
            _ => usable,
        };
        for mut piece in pieces {
            piece.phase = piece.phase.max(least);
            let known = &mut self.needs[group];
            if piece.phase < Phase::Contract || action == Action::Drop {
                known[0] = known[0].max(piece.phase);
            }
            known[1] = known[1].max(piece.phase);
            self.pieces.push((group, piece));
        }
    }

    /// Hands on when a group is done with.
    pub(super) fn close(&mut self, group: usize) {
        let own = self.needs[group];
        for later in &self.groups[group].after {
            let known = &mut self.needs[*later];
            *known = [known[0].max(own[0]), known[1].max(own[1])];
        }
    }
}

/// The pieces as steps.
pub(super) fn steps(work: &Work<'_>, groups: &[Group], phases: &Phases<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for phase in Phase::iter() {
        let of_phase: Vec<&(usize, Piece)> =
            phases.pieces.iter().filter(|(_, piece)| piece.phase == phase).collect();
        steps.extend(joined(work, undivided(groups, &of_phase)));
    }
    steps
}

/// Groups that need something that has not been done yet.
struct Held<'g> {
    groups: &'g [Group],
    held: BTreeSet<usize>,
}

impl Held<'_> {
    /// Marks a group and those that come after it; groups without statements hand it on.
    fn hold(&mut self, group: usize) {
        let mut all = vec![group];
        while let Some(next) = all.pop() {
            let is_new = self.held.insert(next);
            if is_new && (next == group || self.groups[next].statements.is_empty()) {
                all.extend(&self.groups[next].after);
            }
        }
    }
}

/// What is dropped and made again stays in one transaction: other pieces wait until it is there again, unless
/// something in between needs them.
fn undivided<'p>(groups: &[Group], pieces: &[&'p (usize, Piece)]) -> Vec<&'p Piece> {
    let plain = pieces.iter().filter(|(_, piece)| piece.is_plain).flat_map(|(_, piece)| &piece.statements);
    let made = collect::set(plain.filter(|it| it.action == Action::Create).map(|it| &it.object));
    let mut open: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut waiting: Vec<&Piece> = Vec::new();
    let mut ordered: Vec<&Piece> = Vec::new();
    let mut held = Held { groups, held: BTreeSet::new() };
    for (group, piece) in pieces {
        if !piece.is_plain && !open.is_empty() {
            waiting.push(piece);
            held.hold(*group);
            continue;
        }
        if open.is_empty() || held.held.contains(group) {
            ordered.append(&mut waiting);
            held.held = BTreeSet::new();
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
    use Kind::{ForeignTable, MaterializedView, Partition, Table, View};
    let path = statement.object.relation()?;
    let is_old = |kind: Kind| work.old.objects.contains_key(&ObjectId::new(kind, path.iter().cloned()));
    [Table, Partition, View, MaterializedView, ForeignTable].into_iter().any(is_old).then_some(path)
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
