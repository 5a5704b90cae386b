//! Why a difference is there: database, models and migrations, held against each other object by object.
//!
//! Where models and migrations differ, a migration is missing. Where the database differs from what the migrations
//! build, it lacks one of them or was changed by hand; what they build up to the database's own revision tells which.

mod standing;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::report::counted;
use crate::{
    Body, Change, Delta, Diff, DiffOptions, Entry, Kind, ObjectId, Rename, Report, Revision, Snapshot, Tool,
    diff,
};
use standing::Standing;

/// Why a difference is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// All of them, in the order in which they are told.
    const ALL: [Self; 5] =
        [Self::MigrationMissing, Self::NotApplied, Self::ByHand, Self::UnknownRevision, Self::Unrecorded];

    fn bit(self) -> u8 {
        1 << self as u8
    }

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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
        let mut head: Option<&'s Snapshot> = None;
        for one in built {
            if one.source.history.len() > head.map_or(0, |head| head.source.history.len()) {
                head = Some(one);
            }
        }
        let head = head?;
        let applied = Self { head, at: None }.applied(database);
        let is_at = |one: &&&Snapshot| {
            let history = &one.source.history;
            history.len() == applied.len() && history.iter().all(|revision| applied.contains(&revision.id))
        };
        Some(Self { head, at: built.iter().find(is_at).copied() })
    }

    /// The migrations that the database has had; empty where it names none.
    pub fn applied(&self, database: &Snapshot) -> Vec<String> {
        let standing = Standing::of(database, self.head);
        let history = self.head.source.history.iter().zip(&standing.applied);
        history.filter(|(_, is_applied)| **is_applied).map(|(revision, _)| revision.id.clone()).collect()
    }
}

/// An object, or an attribute of it, or its name.
struct Asked<'e> {
    id: &'e ObjectId,
    attribute: Option<&'e str>,
    /// Of a name: the one that it has in the database.
    old_name: Option<&'e str>,
    /// What it is called where nothing is renamed yet, as far as that is known.
    was: Option<&'e ObjectId>,
}

impl<'e> Asked<'e> {
    fn of(entry: &'e Entry) -> Self {
        let old_name = entry.old.as_deref().filter(|_| entry.change == "renamed");
        Self { id: &entry.id, attribute: entry.attribute.as_deref(), old_name, was: None }
    }

    fn whole(id: &'e ObjectId) -> Self {
        Self { id, attribute: None, old_name: None, was: None }
    }

    /// Whether two sides, of which `diff` tells, differ in it.
    fn is_in(&self, diff: &Diff) -> bool {
        let is_known = |id: &ObjectId| {
            let place = diff.deltas.binary_search_by(|delta| delta.id.cmp(id));
            place.is_ok_and(|place| self.is_of(&diff.deltas[place]))
        };
        let known = is_known(self.id) || self.was.is_some_and(is_known);
        // Elsewhere it may have been made under another name again.
        let is_from = |delta: &Delta| match (&delta.change, self.old_name) {
            (Change::Renamed { from, .. }, Some(name)) => {
                from.name() == name && from.parent() == self.id.parent()
            }
            _ => false,
        };
        known || (self.old_name.is_some() && diff.deltas.iter().any(is_from))
    }

    fn is_of(&self, delta: &Delta) -> bool {
        match (&delta.change, self.attribute) {
            (Change::Added(_) | Change::Removed(_), _) => true,
            (_, Some(attribute)) => delta.attributes().iter().any(|change| change.name == attribute),
            (Change::Renamed { .. }, None) => true,
            (Change::Altered { .. }, None) => self.old_name.is_none(),
        }
    }
}

/// The comparisons that tell causes.
struct Triage {
    standing: Standing,
    is_behind: bool,
    /// Whether the database says what it has had, or has nothing yet.
    is_recorded: bool,
    /// Migrations to models.
    missing: Diff,
    /// Database to migrations.
    off: Diff,
    /// Whether it is known what the migrations build up to the database's own revision, that being not the head.
    has_own: bool,
    /// From there to the database.
    by_hand: Diff,
    /// From there to the head.
    pending: Diff,
}

impl Triage {
    /// The causes, as bits.
    fn causes(&self, asked: &Asked<'_>) -> u8 {
        let missing = if asked.is_in(&self.missing) { Cause::MigrationMissing.bit() } else { 0 };
        if !asked.is_in(&self.off) {
            return missing;
        }
        let off = match () {
            () if !self.standing.unknown.is_empty() => Cause::UnknownRevision.bit(),
            () if !self.is_recorded => Cause::Unrecorded.bit(),
            () if !self.is_behind => Cause::ByHand.bit(),
            () if !self.has_own => Cause::NotApplied.bit(),
            () => {
                let by_hand = if asked.is_in(&self.by_hand) { Cause::ByHand.bit() } else { 0 };
                by_hand | if asked.is_in(&self.pending) { Cause::NotApplied.bit() } else { 0 }
            }
        };
        missing | off
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
        self.tell_causes_by(old, new, found, migrations, &|old, new| diff(old, new, options), &[]);
    }

    /// The same, where `apart` compares two snapshots under what is known of renames.
    pub(crate) fn tell_causes_by(
        &mut self,
        old: &Snapshot,
        new: &Snapshot,
        found: &Diff,
        migrations: Migrations<'_>,
        apart: &dyn Fn(&Snapshot, &Snapshot) -> Diff,
        renames: &[Rename],
    ) {
        let head = migrations.head;
        let standing = Standing::of(old, head);
        let history = head.source.history.iter().zip(&standing.applied);
        let pending: Vec<Revision> =
            history.filter(|(_, is_applied)| !**is_applied).map(|(revision, _)| revision.clone()).collect();
        let is_behind = !pending.is_empty();
        // Before the first migration there is the schema that every database has, as it may be set up.
        let nothing = old.only(|id| id.kind() == Kind::Schema && id.name() == "public");
        let is_before = pending.len() == standing.applied.len() && standing.unknown.is_empty();
        let own = if is_before { Some(&nothing) } else { migrations.at.filter(|_| is_behind) };
        let triage = Triage {
            is_behind,
            is_recorded: standing.tool.is_some() || !old.objects.keys().any(|id| id.kind().is_relation()),
            missing: apart(head, new),
            off: apart(old, head),
            has_own: own.is_some(),
            by_hand: own.map_or_else(Diff::default, |own| apart(own, old)),
            pending: own.map_or_else(Diff::default, |own| apart(own, head)),
            standing,
        };
        for entry in &mut self.entries {
            let was = was(&entry.id, renames);
            let mut bits = triage.causes(&Asked { was: was.as_ref(), ..Asked::of(entry) });
            if entry.attribute.is_none() {
                // What is told with its table may have causes of its own.
                let after = found.deltas.partition_point(|delta| delta.id <= entry.id);
                let is_part = |delta: &&Delta| delta.id.path().starts_with(entry.id.path());
                for part in found.deltas[after..].iter().take_while(is_part) {
                    bits |= triage.causes(&Asked::whole(&part.id));
                }
            }
            entry.causes = Cause::ALL.into_iter().filter(|cause| bits & cause.bit() > 0).collect();
        }
        self.tell_what_does_not_count(&triage, found);
        self.causes = Some(summary(self, &triage, pending, head));
    }

    fn tell_what_does_not_count(&mut self, triage: &Triage, found: &Diff) {
        let is_agreed = |delta: &Delta| {
            let is_agreed = |attribute: Option<&str>| {
                let asked = Asked { attribute, ..Asked::whole(&delta.id) };
                asked.is_in(&triage.off) && !asked.is_in(found)
            };
            let attributes = delta.attributes();
            attributes.iter().any(|change| is_agreed(Some(&change.name)))
                || (attributes.is_empty() && is_agreed(None))
        };
        let is_met = |delta: &Delta| {
            let asked = Asked::whole(&delta.id);
            let is_new = matches!(delta.change, Change::Added(_)) && triage.is_recorded;
            is_new && asked.is_in(&triage.by_hand) && !asked.is_in(&triage.off)
        };
        let (old, new) = (&self.old.name, &self.new.name);
        let agreed = ["No migration leads to what ", old, " and ", new, " agree on: "].concat();
        let met = "Migrations that are not applied will meet what they build, as it is there: ".to_owned();
        self.information.extend(named(agreed, &triage.missing, &is_agreed));
        self.information.extend(named(met, &triage.pending, &is_met));
    }
}

/// What an object was called before renames of it, or of what it lies in.
fn was(id: &ObjectId, renames: &[Rename]) -> Option<ObjectId> {
    let rename = renames.iter().find(|rename| id.path().starts_with(rename.to.path()))?;
    let within = &id.path()[rename.to.path().len()..];
    Some(ObjectId::new(id.kind(), rename.from.path().iter().chain(within).cloned()))
}

/// Some objects by name behind `text`, and how many there are more, without what lies in another or is owned by it;
/// nothing where there is none.
fn named(text: String, diff: &Diff, is_told: &dyn Fn(&Delta) -> bool) -> Option<String> {
    const FEW: usize = 6;
    let (mut text, mut count, mut whole) = (text, 0, &[][..]);
    for delta in diff.deltas.iter().filter(|delta| is_told(delta)) {
        let object = delta.new_object().or(delta.old_object());
        let is_owned = matches!(object.map(|object| &object.body),
            Some(Body::Sequence(sequence)) if sequence.owned_by.is_some());
        if is_owned || (!whole.is_empty() && delta.id.parent().starts_with(whole)) {
            continue;
        }
        if delta.id.kind().is_relation() {
            whole = delta.id.path();
        }
        count += 1;
        if count <= FEW {
            text.push_str(if count == 1 { "" } else { ", " });
            text.push_str(delta.id.kind().label());
            text.push(' ');
            text.push_str(&delta.id.dotted());
        }
    }
    if count > FEW {
        text.push_str(&format!(" and {} more", count - FEW));
    }
    text.push('.');
    (count > 0).then_some(text)
}

fn summary(report: &Report, triage: &Triage, pending: Vec<Revision>, head: &Snapshot) -> Causes {
    let standing = &triage.standing;
    let heads = standing::heads(&head.source.history);
    // What the migrations are run with is known from the books, or from how they were built.
    let tool = standing.tool.or((head.source.kind == "migrations").then_some(Tool::Alembic));
    let mut found = Vec::new();
    for cause in Cause::ALL {
        let count = report.entries.iter().filter(|entry| entry.causes.contains(&cause)).count();
        let revisions = match cause {
            Cause::NotApplied => pending.iter().map(name).collect(),
            Cause::UnknownRevision => standing.unknown.clone(),
            _ => Vec::new(),
        };
        if count > 0 {
            found.push(CauseFound {
                cause,
                count,
                revisions,
                next: match cause {
                    Cause::Unrecorded if standing.is_hidden => {
                        "let the role read the migrations' table".to_owned()
                    }
                    _ => next(cause, tool, heads.len()).to_owned(),
                },
            });
        }
    }
    Causes {
        migrations: head.source.label.clone(),
        standing: sentence(triage, &heads, pending.len()),
        at: standing.at.clone(),
        found,
        heads,
        pending,
        unknown: standing.unknown.clone(),
    }
}

/// A revision as people find it: by its file, which mostly begins with the id.
fn name(revision: &Revision) -> String {
    let file = revision.file.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem.contains(&revision.id) { stem.to_owned() } else { [&revision.id, " (", stem, ")"].concat() }
}

/// Where the database stands.
fn sentence(triage: &Triage, heads: &[String], pending: usize) -> String {
    let standing = &triage.standing;
    let (at, ends, all) = (standing.at.join(", "), heads.join(", "), standing.applied.len());
    let mut text = if standing.is_hidden {
        "The database keeps a record of migrations, which may not be read: what it has had is unknown."
            .to_owned()
    } else if standing.tool.is_none() {
        "The database keeps no record of these migrations.".to_owned()
    } else if !standing.unknown.is_empty() {
        let unknown = standing.unknown.join(", ");
        let which = if standing.unknown == standing.at { ", which" } else { &["; ", &unknown].concat() };
        ["The database is at ", &at, which, " is none of the ", &counted(all, "migration"), "."].concat()
    } else if pending == all {
        let all = counted(all, "migration");
        ["The database's record of migrations is empty: it has had none of the ", &all, "."].concat()
    } else if pending == 0 {
        ["The database is at ", &at, ", the end of the migrations."].concat()
    } else {
        let behind = counted(pending, "migration");
        ["The database is at ", &at, ", ", &behind, " behind ", &ends, "."].concat()
    };
    if !standing.failed.is_empty() {
        text = [&text, " ", &standing.failed.join(", "), " did not come to its end."].concat();
    }
    if heads.len() > 1 {
        text = [&text, " The migrations have several heads: ", &ends, "."].concat();
    }
    if triage.is_behind && !triage.has_own && standing.unknown.is_empty() {
        text.push_str(" Without what they build up to there, changes by hand count as not applied.");
    }
    text
}

/// What to do next.
fn next(cause: Cause, tool: Option<Tool>, heads: usize) -> &'static str {
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
}
