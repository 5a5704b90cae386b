//! Constraints: added without a look at the rows, which are read afterwards; keys over an index that is there.

use super::{Phase, Piece, Recipes, constraint_query, statement, unless_constrained, when};
use crate::plan::sql::{ident, parameters, relation, suffixed};
use crate::plan::{Action, Statement};
use crate::{Body, Constraint, Kind, ObjectId, Snapshot};

const ADDED: &str = "Holds for what is written from now on; the rows that are there are read later.";
const READ: &str =
    "Reads all rows while others read and write. Where it fails, mend the rows and run it again.";
const REPLACED: &str = "The new one takes the place of the old one.";

/// A definition, and when it is checked.
fn split_deferral(definition: &str) -> (&str, &str) {
    let at = definition.find(" DEFERRABLE").unwrap_or(definition.len());
    definition.split_at(at)
}

fn constraint<'s>(snapshot: &'s Snapshot, id: &ObjectId) -> Option<&'s Constraint> {
    match snapshot.objects.get(id).map(|object| &object.body) {
        Some(Body::PrimaryKey(it) | Body::Unique(it) | Body::Check(it) | Body::ForeignKey(it)) => Some(it),
        _ => None,
    }
}

impl Recipes<'_, '_> {
    /// Whether a check or foreign key is replaced by another of its name, which can be added beside it.
    pub(super) fn is_put_beside(&self, id: &ObjectId) -> bool {
        let both = (constraint(self.work.old, id), constraint(self.work.new, id));
        let (Some(old), Some(new)) = both else { return false };
        let can_wait = |one: &Constraint| {
            one.attached_to.is_none()
                && !one.disabled
                && ![" NOT ENFORCED", " NOT VALID", " NO INHERIT"]
                    .iter()
                    .any(|word| one.definition.contains(word))
        };
        self.work.dropped.contains(id)
            && self.work.created.contains(id)
            && self
                .busy_table(id)
                .is_some_and(|table| self.is_simple(table) && !self.referred_partitioned(id))
            && can_wait(old)
            && can_wait(new)
            && self.is_other(id)
            && !self.is_disturbed(id)
            && !self.is_needed(id)
    }

    /// Whether a foreign key points at a partitioned table.
    fn referred_partitioned(&self, id: &ObjectId) -> bool {
        let needed = self.work.new.objects.get(id).into_iter().flat_map(|object| &object.depends_on);
        let mut tables =
            needed.filter(|needed| needed.relation() != id.relation()).filter_map(|it| it.relation());
        tables.any(|path| self.is_partitioned(&ObjectId::new(Kind::Table, path.iter().cloned())))
    }

    pub(super) fn add_not_valid(&self, made: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &made.object;
        let table = self.busy_table(id)?;
        if made.sql.contains(" NOT VALID")
            || made.sql.contains(" NOT ENFORCED")
            || !made.sql.contains(" ADD CONSTRAINT ")
        {
            return None;
        }
        const KNOWS_IT: u32 = 18;
        let is_key = id.kind() == Kind::ForeignKey;
        if is_key && self.is_partitioned(table) && self.major < KNOWS_IT {
            return self.warn(
                made,
                "before PostgreSQL 18 no foreign key of a partitioned table can be added NOT VALID",
                notes,
            );
        }
        let own = ident(id.name());
        if !self.is_put_beside(id) {
            self.tell_gap(id, notes);
            let add = unless_constrained(id, id.name(), &format!("{} NOT VALID", made.sql));
            return Some(vec![
                Piece::brief(Phase::Expand, ADDED, vec![statement(made, Action::Create, add)]),
                self.read(made, id.name()),
            ]);
        }
        let aside = suffixed(id.name(), "__new");
        let add = made.sql.replacen(
            &format!(" ADD CONSTRAINT {own} "),
            &format!(" ADD CONSTRAINT {} ", ident(&aside)),
            1,
        );
        let add = unless_constrained(id, &aside, &format!("{add} NOT VALID"));
        let alter = format!("ALTER TABLE {}", relation(id));
        let swap = [
            format!("{alter} DROP CONSTRAINT IF EXISTS {own}"),
            format!("{alter} RENAME CONSTRAINT {} TO {own}", ident(&aside)),
        ];
        let swap = when(&constraint_query(id, &aside), &swap);
        let undo = format!("{alter} DROP CONSTRAINT IF EXISTS {}", ident(&aside));
        Some(vec![
            Piece::brief(Phase::Expand, ADDED, vec![statement(made, Action::Create, add)]).or([undo]),
            self.read(made, &aside),
            Piece::brief(Phase::Switch, REPLACED, vec![statement(made, Action::Alter("name"), swap)]),
        ])
    }

    /// Reads the rows that were there before a constraint was added.
    pub(super) fn read(&self, like: &Statement, name: &str) -> Piece {
        let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", relation(&like.object), ident(name));
        Piece::long(Phase::Backfill, READ, statement(like, Action::Alter("definition"), sql))
    }

    /// A constraint that was not validated is: by itself, it takes its time.
    pub(super) fn validate(&self, altered: &Statement) -> Option<Vec<Piece>> {
        self.busy_table(&altered.object)?;
        altered
            .sql
            .contains(" VALIDATE CONSTRAINT ")
            .then(|| vec![Piece::long(Phase::Backfill, READ, altered.clone())])
    }

    /// UNIQUE and PRIMARY KEY: the index first, then the constraint over it.
    pub(super) fn add_by_index(&self, made: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &made.object;
        let table = self.busy_table(id)?;
        // Of a partitioned table alone: its partitions bring theirs.
        if made.sql.starts_with("ALTER TABLE ONLY ") && self.is_partitioned(table)
            || !made.sql.contains(" ADD CONSTRAINT ")
        {
            return None;
        }
        if self.is_partitioned(table) {
            return self.warn(
                made,
                "the key of a partitioned table is built over all partitions at once",
                notes,
            );
        }
        let Some(index) = self.index_of(id, made) else {
            return self.warn(made, "such a key cannot be built over an index that is there", notes);
        };
        let it = constraint(self.work.new, id)?;
        let word = if id.kind() == Kind::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" };
        let own = ident(id.name());
        let start = made.sql.split(" ADD CONSTRAINT ").next().unwrap_or_default();
        let object = self.work.new.objects.get(id)?;
        let deferral = split_deferral(object.text("definition", &it.definition)).1;
        let add = format!("{start} ADD CONSTRAINT {own} {word} USING INDEX {own}{deferral}");
        let add = unless_constrained(id, id.name(), &add);
        let note = "Takes the index that is there; nothing is read.";
        self.tell_gap(id, notes);
        let mut pieces = Vec::from(self.build(made, id.name(), &index));
        pieces.push(Piece::brief(Phase::Expand, note, vec![statement(made, Action::Create, add)]));
        Some(pieces)
    }

    /// The index that a key can be made of, as a statement.
    fn index_of(&self, id: &ObjectId, made: &Statement) -> Option<String> {
        let object = self.work.new.objects.get(id)?;
        let it = constraint(self.work.new, id)?;
        let (start, _) = split_deferral(object.text("definition", &it.definition));
        if start.contains(" WITHOUT OVERLAPS")
            || made.sql.contains(" USING INDEX TABLESPACE ") && it.tablespace.is_none()
        {
            return None;
        }
        let rest = start.strip_prefix("UNIQUE ").or_else(|| start.strip_prefix("PRIMARY KEY "))?;
        let (rest, nulls) = match rest.strip_prefix("NULLS NOT DISTINCT ") {
            Some(rest) => (rest, " NULLS NOT DISTINCT"),
            None => (rest, ""),
        };
        let with = match it.options.is_empty() {
            true => String::new(),
            false => format!(" WITH ({})", parameters(&it.options)),
        };
        let space =
            it.tablespace.as_ref().map_or_else(String::new, |name| format!(" TABLESPACE {}", ident(name)));
        Some(format!(
            "CREATE UNIQUE INDEX {} ON {} USING btree {rest}{nulls}{with}{space}",
            ident(id.name()),
            relation(id)
        ))
    }
}
