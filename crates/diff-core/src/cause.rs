//! Why a difference is there: database, models and migrations, held against each other object by object.
//!
//! Where models and migrations differ, a migration is missing. Where the database differs from what the migrations
//! build, it lacks one of them or was changed by hand; what they build up to the database's own revision tells which.

mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use strum::{EnumIter, IntoEnumIterator};

use crate::report::counted;
use crate::{
    Body, Change, Delta, Diff, DiffOptions, Entry, Kind, ObjectId, Report, Revision, Snapshot, Tool, collect,
    diff,
};
pub use standing::Standing;

/// Why a difference is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The models say what no migration builds.
    MigrationMissing,
    /// A migration builds it, and the database has not had it yet.
    NotApplied,
    /// The database is not as the migrations that it has had left it.
    ByHand,
    /// The database has had a migration that is not there.
    UnknownRevision,
    /// The database keeps no books, so that it cannot be told what it lacks.
    Unrecorded,
}

impl Cause {
    /// In a word or two.
    pub fn label(self) -> &'static str {
        match self {
            Self::MigrationMissing => "migration missing",
            Self::NotApplied => "migration not applied",
            Self::ByHand => "changed by hand",
            Self::UnknownRevision => "unknown revision",
            Self::Unrecorded => "no record of migrations",
        }
    }
}

/// What the migrations build.
#[derive(Clone, Copy, Debug)]
pub struct Migrations<'s> {
    /// All of them.
    pub head: &'s Snapshot,
    /// Those that the database has had, where that is not the head.
    pub at: Option<&'s Snapshot>,
}

/// Why a report's differences are there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Causes {
    /// The migrations, as people call them.
    pub migrations: String,
    /// Where the database stands among them, in a sentence or two.
    pub standing: String,
    /// What the database says it is at.
    pub at: Vec<String>,
    /// The ends of the migrations.
    pub heads: Vec<String>,
    /// The migrations that the database has not had, in order.
    pub pending: Vec<Revision>,
    /// What the database names and the migrations do not hold.
    pub unknown: Vec<String>,
    /// The causes that were found.
    pub found: Vec<CauseFound>,
}

/// A cause, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseFound {
    /// The cause.
    pub cause: Cause,
    /// How many entries it has.
    pub count: usize,
    /// The revisions that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<String>,
    /// What to do next.
    pub next: String,
}

impl<'s> Migrations<'s> {
    /// Finds among `built` the migrations as a whole, and those that `database` has had.
    pub fn among(database: &Snapshot, built: &[&'s Snapshot]) -> Option<Self> {
        let longest = built.iter().max_by(|a, b| a.source.history.len().cmp(&b.source.history.len()));
        let head: &'s Snapshot = longest.copied().filter(|head| !head.source.history.is_empty())?;
        let applied = Self { head, at: None }.applied(database);
        let is_at = |one: &&&Snapshot| {
            one.source.history.len() == applied.len()
                && one.source.history.iter().all(|revision| applied.contains(&revision.id))
        };
        Some(Self { head, at: built.iter().find(is_at).copied() })
    }

    /// The migrations that the database has had; empty where it names none.
    pub fn applied(&self, database: &Snapshot) -> Vec<String> {
        let standing = Standing::of(database, self.head);
        standing.applied.iter().map(|place| self.head.source.history[*place].id.clone()).collect()
    }
}

/// What two snapshots differ in, by object.
struct Apart<'d> {
    deltas: BTreeMap<&'d ObjectId, &'d Delta>,
}

impl<'d> Apart<'d> {
    fn new(diff: &'d Diff) -> Self {
        let from = |delta: &'d Delta| match &delta.change {
            Change::Renamed { from, .. } => Some((from, delta)),
            _ => None,
        };
        let renamed = diff.deltas.iter().filter_map(from);
        Self { deltas: collect::map(renamed.chain(diff.deltas.iter().map(|delta| (&delta.id, delta)))) }
    }

    /// Whether they differ in what is asked for.
    fn has(&self, asked: &Asked<'_>) -> bool {
        let differs = |id: &ObjectId| {
            self.deltas.get(id).is_some_and(|delta| match (&delta.change, asked.attribute) {
                (Change::Added(_) | Change::Removed(_), _) => true,
                (_, Some(attribute)) => delta.attributes().iter().any(|change| change.name == attribute),
                (Change::Renamed { .. }, None) => true,
                (Change::Altered { .. }, None) => !asked.is_name,
            })
        };
        differs(asked.id) || asked.from.as_ref().is_some_and(differs)
    }
}

/// An object, or an attribute of it, or its name.
struct Asked<'e> {
    id: &'e ObjectId,
    from: Option<ObjectId>,
    attribute: Option<&'e str>,
    is_name: bool,
}

impl<'e> Asked<'e> {
    fn object(id: &'e ObjectId) -> Self {
        Self { id, from: None, attribute: None, is_name: false }
    }

    fn entry(entry: &'e Entry) -> Self {
        let is_name = entry.change == "renamed";
        let old = entry.old.as_ref().filter(|_| is_name);
        let renamed = |name: &String| {
            ObjectId::new(entry.id.kind(), entry.id.parent().iter().cloned().chain([name.clone()]))
        };
        Self {
            from: old.map(renamed),
            attribute: entry.attribute.as_deref(),
            is_name,
            ..Self::object(&entry.id)
        }
    }
}

/// The comparisons that tell causes.
struct Triage<'d> {
    standing: Standing,
    is_behind: bool,
    /// Whether the database says what it has had, or has nothing yet.
    is_recorded: bool,
    /// Migrations to models.
    missing: Apart<'d>,
    /// Database to migrations.
    off: Apart<'d>,
    /// The database's own revision to the database; none where it is the head, or is not known.
    by_hand: Option<Apart<'d>>,
    /// The database's own revision to the head, likewise.
    pending: Option<Apart<'d>>,
}

impl Triage<'_> {
    fn causes(&self, asked: &Asked<'_>) -> Vec<Cause> {
        let mut causes = Vec::new();
        if self.missing.has(asked) {
            causes.push(Cause::MigrationMissing);
        }
        if !self.off.has(asked) {
            return causes;
        }
        if !self.standing.unknown.is_empty() {
            causes.push(Cause::UnknownRevision);
            return causes;
        }
        if !self.is_recorded {
            causes.push(Cause::Unrecorded);
            return causes;
        }
        let is_by_hand = self.by_hand.as_ref().map_or(!self.is_behind, |apart| apart.has(asked));
        let is_pending = self.is_behind && self.pending.as_ref().is_none_or(|apart| apart.has(asked));
        if is_pending {
            causes.push(Cause::NotApplied);
        }
        if is_by_hand {
            causes.push(Cause::ByHand);
        }
        causes
    }
}

impl Report {
    /// Tells at each entry why it is there, and what that comes to. `found` is what the report tells of.
    pub fn tell_causes(
        &mut self,
        old: &Snapshot,
        new: &Snapshot,
        found: &Diff,
        migrations: Migrations<'_>,
        options: &DiffOptions,
    ) {
        let head = migrations.head;
        let history = &head.source.history;
        let standing = Standing::of(old, head);
        let pending: Vec<&Revision> = history
            .iter()
            .enumerate()
            .filter(|(at, _)| !standing.applied.contains(at))
            .map(|(_, it)| it)
            .collect();
        // Before the first migration stands what PostgreSQL makes by itself.
        let nothing = Snapshot::of_new_database(Some(old));
        let is_before = standing.applied.is_empty() && standing.unknown.is_empty();
        let at = if is_before { Some(&nothing) } else { migrations.at.filter(|_| !pending.is_empty()) };
        let (missing, off) = (diff(head, new, options), diff(old, head, options));
        let by_hand = at.map(|at| diff(at, old, options));
        let not_applied = at.map(|at| diff(at, head, options));
        let triage = Triage {
            is_behind: !pending.is_empty(),
            is_recorded: standing.tool.is_some() || !old.objects.keys().any(|id| id.kind().is_relation()),
            missing: Apart::new(&missing),
            off: Apart::new(&off),
            by_hand: by_hand.as_ref().map(Apart::new),
            pending: not_applied.as_ref().map(Apart::new),
            standing,
        };
        for entry in &mut self.entries {
            entry.causes = triage.causes(&Asked::entry(entry));
        }
        self.add_causes_of_parts(&triage);
        self.information.extend(agreed(&triage, found, self));
        self.information.extend(ahead(&triage));
        let mut causes = summary(self, &triage.standing, history, &pending, head);
        if triage.is_behind && triage.by_hand.is_none() && triage.standing.unknown.is_empty() {
            causes
                .standing
                .push_str(" Without what they build up to there, changes by hand count as not applied.");
        }
        self.causes = Some(causes);
    }

    /// What is told with its table may have causes of its own.
    fn add_causes_of_parts(&mut self, triage: &Triage<'_>) {
        let mut of_wholes: BTreeMap<ObjectId, Vec<Cause>> = BTreeMap::new();
        for (part, whole) in self.told_with() {
            of_wholes.entry(whole.clone()).or_default().extend(triage.causes(&Asked::object(part)));
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.attribute.is_none()) {
            let more = of_wholes.get(&entry.id);
            let all: Vec<Cause> = entry.causes.iter().chain(more.into_iter().flatten()).copied().collect();
            entry.causes = Cause::iter().filter(|cause| all.contains(cause)).collect();
        }
    }
}

/// What database and models agree on and no migration leads to.
fn agreed(triage: &Triage<'_>, found: &Diff, report: &Report) -> Option<String> {
    let told = Apart::new(found);
    let is_agreed = |delta: &&Delta| {
        let attributes = delta.attributes().iter().map(|change| Some(change.name.as_str()));
        let whole = delta.attributes().is_empty().then_some(None);
        attributes.chain(whole).any(|attribute| {
            let asked = Asked { attribute, ..Asked::object(&delta.id) };
            triage.off.has(&asked) && !told.has(&asked)
        })
    };
    let deltas = triage.missing.deltas.values().copied().filter(is_agreed);
    let names = named(deltas);
    let (old, new) = (&report.old.name, &report.new.name);
    (!names.is_empty()).then(|| format!("No migration leads to what {old} and {new} agree on: {names}."))
}

/// What migrations that are not applied will meet.
fn ahead(triage: &Triage<'_>) -> Option<String> {
    let (by_hand, pending) =
        (triage.by_hand.as_ref()?, triage.pending.as_ref().filter(|_| triage.is_recorded)?);
    let is_ahead = |delta: &&Delta| {
        let asked = Asked::object(&delta.id);
        matches!(delta.change, Change::Added(_)) && by_hand.has(&asked) && !triage.off.has(&asked)
    };
    let names = named(pending.deltas.values().copied().filter(is_ahead));
    (!names.is_empty()).then(|| {
        format!("Migrations that are not applied will meet what they build, as it is there: {names}.")
    })
}

/// Whether an object lies in a table or a column of which the same is told.
fn is_within(id: &ObjectId, is_told: &dyn Fn(&ObjectId) -> bool) -> bool {
    let relation = id.relation().filter(|path| *path != id.path());
    relation.is_some_and(|path| {
        [Kind::Table, Kind::Partition].iter().any(|kind| is_told(&ObjectId::new(*kind, path.iter().cloned())))
    })
}

/// Some objects by name, and how many there are more, without what lies in another or is owned by it.
fn named<'d>(deltas: impl Iterator<Item = &'d Delta>) -> String {
    const FEW: usize = 6;
    let is_owned = |delta: &&Delta| {
        let object = delta.new_object().or(delta.old_object());
        matches!(object.map(|object| &object.body), Some(Body::Sequence(own)) if own.owned_by.is_some())
    };
    let ids = collect::set(deltas.filter(|delta| !is_owned(delta)).map(|delta| &delta.id));
    let (mut text, mut count) = (String::new(), 0);
    for id in ids.iter().filter(|id| !is_within(id, &|whole| ids.contains(whole))) {
        count += 1;
        if count <= FEW {
            let comma = if count == 1 { "" } else { ", " };
            text = format!("{text}{comma}{} {}", id.kind().label(), id.dotted());
        }
    }
    if count > FEW { format!("{text} and {} more", count - FEW) } else { text }
}

fn summary(
    report: &Report,
    standing: &Standing,
    history: &[Revision],
    pending: &[&Revision],
    head: &Snapshot,
) -> Causes {
    let heads: Vec<String> = standing::heads(history).iter().map(|one| one.id.clone()).collect();
    // What the migrations are run with is known from the books, or from how they were built.
    let tool = standing.tool.or((head.source.kind == "migrations").then_some(Tool::Alembic));
    let found = |cause: Cause| {
        let count = report.entries.iter().filter(|entry| entry.causes.contains(&cause)).count();
        let revisions = match cause {
            Cause::NotApplied => pending.iter().map(|one| name(one)).collect(),
            Cause::UnknownRevision => standing.unknown.clone(),
            _ => Vec::new(),
        };
        (count > 0).then(|| CauseFound { cause, count, revisions, next: next(cause, tool, heads.len()) })
    };
    Causes {
        migrations: head.source.label.clone(),
        standing: sentence(standing, &heads, history, pending),
        at: standing.at.clone(),
        found: Cause::iter().filter_map(found).collect(),
        heads,
        pending: pending.iter().map(|one| (*one).clone()).collect(),
        unknown: standing.unknown.clone(),
    }
}

/// A revision as people find it: by its file, which mostly begins with the id.
fn name(revision: &Revision) -> String {
    let file = revision.file.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem.contains(&revision.id) { stem.to_owned() } else { format!("{} ({stem})", revision.id) }
}

/// Where the database stands.
fn sentence(standing: &Standing, heads: &[String], history: &[Revision], pending: &[&Revision]) -> String {
    let at = standing.at.join(", ");
    let count = counted(history.len(), "migration");
    let mut text = match standing.tool {
        None => "The database keeps no record of these migrations.".to_owned(),
        Some(_) if !at.is_empty() && standing.unknown == standing.at => {
            format!("The database is at {at}, which is none of the {count}.")
        }
        Some(_) if !standing.unknown.is_empty() => {
            format!("The database is at {at}; {} is none of the {count}.", standing.unknown.join(", "))
        }
        Some(_) if standing.applied.is_empty() => {
            format!("The database's record of migrations is empty: it has had none of the {count}.")
        }
        Some(_) if pending.is_empty() => format!("The database is at {at}, the end of the migrations."),
        Some(_) => {
            let behind = counted(pending.len(), "migration");
            format!("The database is at {at}, {behind} behind {}.", heads.join(", "))
        }
    };
    if !standing.failed.is_empty() {
        text = format!("{text} {} did not come to its end.", standing.failed.join(", "));
    }
    if heads.len() > 1 {
        text = format!("{text} The migrations have {} heads: {}.", heads.len(), heads.join(", "));
    }
    text
}

/// What to do next.
fn next(cause: Cause, tool: Option<Tool>, heads: usize) -> String {
    let run = match tool {
        Some(Tool::Alembic) if heads > 1 => "run `alembic upgrade heads`",
        Some(Tool::Alembic) => "run `alembic upgrade head`",
        Some(Tool::Django) => "run `python manage.py migrate`",
        Some(Tool::Flyway) => "run `flyway migrate`",
        Some(Tool::Migrate) => "run `migrate up`",
        Some(Tool::SchemaMigrations) | None => "run the migrations",
    };
    match (cause, tool) {
        (Cause::MigrationMissing, Some(Tool::Alembic)) => {
            "write this migration: `driftglass check --fix`, with the database at the head"
        }
        (Cause::MigrationMissing, _) => "write this migration",
        (Cause::NotApplied, _) => run,
        (Cause::ByHand, _) => "take the change into the models and a migration, or undo it",
        (Cause::UnknownRevision, _) => "find the branch or the deployment that has this migration",
        (Cause::Unrecorded, Some(Tool::Alembic)) => {
            "find out which migration the database is at, and `alembic stamp` it"
        }
        (Cause::Unrecorded, _) => "find out which migrations the database has had, and record them",
    }
    .to_owned()
}
