//! What goes for good: it goes last, once no code that is still running uses it.

use std::collections::BTreeSet;

use super::{Phase, Piece, Recipes, statement};
use crate::plan::sql::{alter_relation, ident};
use crate::plan::work::{Work, contents};
use crate::plan::{Action, Plan, Statement, ddl};
use crate::{Body, Kind, ObjectId, Snapshot, collect};

/// Which removals can wait.
pub(super) struct Leaving {
    last: BTreeSet<ObjectId>,
}

impl Leaving {
    pub(super) fn new(work: &Work<'_>, all: &[Statement]) -> Self {
        let drops = all.iter().filter(|statement| statement.action == Action::Drop);
        let leaving = collect::set(drops.map(|drop| &drop.object).filter(|id| is_leaving(work, id)));
        let renamed = work.renames.iter().map(|rename| &rename.to);
        let made = work.created.iter().copied().chain(renamed);
        let names = |id: &ObjectId| work.new.objects.get(id).map(|object| ddl::names(id, &object.body));
        let taken = collect::set(made.filter_map(names).flatten());
        let changed = collect::set(all.iter().filter(|it| disturbs(it, &leaving)).map(|it| &it.object));
        let is_hindrance = |id: &ObjectId| {
            let Some(object) = work.old.objects.get(id) else { return false };
            ddl::names(id, &object.body).iter().any(|name| taken.contains(name))
                || object.depends_on.iter().any(|needed| changed.contains(needed))
        };
        let is_in_the_way = |id: &&ObjectId| is_hindrance(id) || contents(work.old, id).any(is_hindrance);
        let (mut early, mut last): (Vec<&ObjectId>, Vec<&ObjectId>) =
            leaving.into_iter().partition(is_in_the_way);
        // What needs anything that goes early goes early too.
        loop {
            let is_early = |needed: &ObjectId| early.contains(&needed);
            let needs_early = |id: &ObjectId| {
                let outer = ObjectId::new(Kind::Schema, [id.schema()]);
                let object = work.old.objects.get(id);
                object.is_some_and(|object| object.depends_on.iter().any(is_early)) || is_early(&outer)
            };
            let goes_early = |id: &&ObjectId| needs_early(id) || contents(work.old, id).any(needs_early);
            let (mut more, rest): (Vec<&ObjectId>, Vec<&ObjectId>) = last.into_iter().partition(goes_early);
            last = rest;
            if more.is_empty() {
                break;
            }
            early.append(&mut more);
        }
        Self { last: collect::set(last.into_iter().cloned()) }
    }

    /// Whether a statement removes what nothing else of the plan needs gone.
    pub(super) fn is_for_good(&self, statement: &Statement) -> bool {
        statement.action == Action::Drop && self.last.contains(&statement.object)
    }
}

/// Whether it is of a kind whose removal code can notice, and is not made again. What restrains the new code, such
/// as a constraint, goes at once.
fn is_leaving(work: &Work<'_>, id: &ObjectId) -> bool {
    use Kind::{Check, DefaultPrivileges, DomainCheck, Exclusion, ForeignKey, Policy, PrimaryKey, Rule};
    use Kind::{EventTrigger, Index, Publication, Statistics, Subscription, Trigger, Unique, ViewColumn};
    let goes_at_once = match id.kind() {
        Check | DomainCheck | Exclusion | ForeignKey | PrimaryKey | Unique | Policy | Rule | Trigger => true,
        DefaultPrivileges | EventTrigger | Publication | Statistics | Subscription | ViewColumn => true,
        Index => matches!(work.old.objects.get(id).map(|it| &it.body), Some(Body::Index(it)) if it.unique),
        _ => false,
    };
    work.dropped.contains(id) && !work.created.contains(id) && !goes_at_once
}

/// Whether what needs the object has to be gone when a statement runs.
fn disturbs(statement: &Statement, leaving: &BTreeSet<&ObjectId>) -> bool {
    const HARMLESS: [&str; 9] = [
        "comment",
        "owner",
        "grants",
        "default",
        "nullable",
        "not_null",
        "labels",
        "columns",
        "security_labels",
    ];
    let is_routine = matches!(statement.object.kind(), Kind::Function | Kind::Procedure);
    match statement.action {
        Action::Create => false,
        Action::Drop => !leaving.contains(&statement.object),
        Action::Alter(attribute) => !is_routine && !HARMLESS.contains(&attribute),
        Action::Rename => true,
    }
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
