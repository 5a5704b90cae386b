//! What goes for good: it goes last, once no code that is still running uses it.

use std::collections::BTreeSet;

use super::{Phase, Piece, Recipes, statement};
use crate::plan::graph::Group;
use crate::plan::sql::{alter_relation, ident};
use crate::plan::work::{Work, contents};
use crate::plan::{Action, Plan, Statement};
use crate::{Body, Kind, ObjectId, Snapshot, collect};

/// Which removals can wait.
pub(super) struct Leaving {
    last: BTreeSet<ObjectId>,
}

impl Leaving {
    pub(super) fn new(work: &Work<'_>, groups: &[Group]) -> Self {
        let is_last =
            |statement: &Statement| statement.action == Action::Drop && is_leaving(work, &statement.object);
        let mut can_wait = vec![false; groups.len()];
        for (at, group) in groups.iter().enumerate().rev() {
            // Of those before it in a circle it is not known yet.
            can_wait[at] =
                group.statements.iter().all(is_last) && group.after.iter().all(|later| can_wait[*later]);
        }
        let last = groups.iter().zip(can_wait).filter(|(_, can_wait)| *can_wait);
        let objects = last.flat_map(|(group, _)| &group.statements).map(|drop| drop.object.clone());
        Self { last: collect::set(objects) }
    }

    /// Whether a statement removes what nothing else of the plan needs gone.
    pub(super) fn is_for_good(&self, statement: &Statement) -> bool {
        statement.action == Action::Drop && self.last.contains(&statement.object)
    }
}

/// Whether it is of a kind whose removal code can notice, and is not made again. What restrains the new code, such
/// as a constraint, goes at once.
fn is_leaving(work: &Work<'_>, id: &ObjectId) -> bool {
    use Kind::{
        Aggregate, Check, DefaultPrivileges, DomainCheck, EventTrigger, Exclusion, ForeignKey, Function,
    };
    use Kind::{
        Index, Partition, Policy, PrimaryKey, Procedure, Publication, Rule, Statistics, Subscription,
    };
    use Kind::{Trigger, Unique, ViewColumn};
    let goes_at_once = match id.kind() {
        Check | DomainCheck | Exclusion | ForeignKey | PrimaryKey | Unique | Policy | Rule | Trigger => true,
        DefaultPrivileges | EventTrigger | Publication | Statistics | Subscription | ViewColumn => true,
        Function | Procedure | Aggregate => is_overloaded(work, id),
        Partition => is_keyed(work, id),
        Index => matches!(work.old.objects.get(id).map(|it| &it.body), Some(Body::Index(it)) if it.unique),
        _ => false,
    };
    work.dropped.contains(id) && !work.created.contains(id) && !goes_at_once
}

/// Whether the parent of a partition gets a key, which is none while a partition lacks its part.
fn is_keyed(work: &Work<'_>, id: &ObjectId) -> bool {
    let is_key = |made: &ObjectId, parent: &ObjectId| {
        matches!(made.kind(), Kind::PrimaryKey | Kind::Unique) && made.parent() == parent.path()
    };
    match work.old.objects.get(id).map(|object| &object.body) {
        Some(Body::Partition(it)) => work.created.iter().any(|made| is_key(made, &it.of)),
        _ => false,
    }
}

/// Whether a routine of the same name is made: with both there, calls could mean either.
fn is_overloaded(work: &Work<'_>, id: &ObjectId) -> bool {
    let bare = |id: &ObjectId| id.name().split('(').next().unwrap_or_default().to_owned();
    let is_routine = |kind: Kind| matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate);
    let is_same = |made: &ObjectId| made.schema() == id.schema() && bare(made) == bare(id);
    work.created.iter().any(|made| is_routine(made.kind()) && is_same(made))
}

/// What lets new code forget a column that old code still writes: it may be empty.
pub(super) fn release(recipes: &Recipes<'_, '_>, gone: &Statement) -> Vec<Piece> {
    let id = &gone.object;
    let Some(Body::Column(column)) = recipes.work.old.objects.get(id).map(|object| &object.body) else {
        return Vec::new();
    };
    let is_filled = column.default.is_some()
        || column.serial
        || column.identity.is_some()
        || column.generated.is_some()
        || column.inherited;
    let keys = |other: &ObjectId| other.kind() == Kind::PrimaryKey;
    let is_key =
        recipes.work.old.objects.iter().any(|(other, object)| keys(other) && object.depends_on.contains(id));
    if column.nullable || is_filled || is_key || recipes.busy_table(id).is_none() {
        return Vec::new();
    }
    let sql = format!("{} ALTER COLUMN {} DROP NOT NULL", alter_relation(id), ident(id.name()));
    let note = "New code need not fill the column that goes.";
    vec![Piece::brief(Phase::Expand, note, vec![statement(gone, Action::Alter("nullable"), sql)])]
}

/// New, and what the last phase of a plan removes from old.
pub(super) fn kept(old: &Snapshot, new: &Snapshot, plan: &Plan) -> Snapshot {
    let mut kept = new.clone();
    let steps =
        plan.steps.iter().filter(|step| step.online.as_ref().is_some_and(|it| it.phase == Phase::Contract));
    let statements =
        steps.flat_map(|step| &step.statements).filter(|statement| statement.action == Action::Drop);
    let released = |id: &ObjectId| {
        let is_it =
            |statement: &Statement| statement.object == *id && statement.action == Action::Alter("nullable");
        plan.statements().any(is_it)
    };
    for id in statements.map(|statement| &statement.object) {
        for inside in std::iter::once(id).chain(contents(old, id)) {
            let Some(object) = old.objects.get(inside).filter(|_| !new.objects.contains_key(inside)) else {
                continue;
            };
            let mut object = object.clone();
            if let Body::Column(column) = &mut object.body {
                column.nullable = column.nullable || released(inside);
                column.not_null = column.not_null.take().filter(|_| !column.nullable);
            }
            kept.objects.insert(inside.clone(), object);
        }
    }
    kept
}
