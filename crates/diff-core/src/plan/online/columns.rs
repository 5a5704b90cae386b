//! Columns: NOT NULL over a constraint that is there, and new columns whose values are computed.

use super::{Phase, Piece, Recipes, backfill, statement, unless_constrained, when};
use crate::plan::sql::{alter_relation, ident, literal, qualified, relation, suffixed};
use crate::plan::{Action, Statement, ddl};
use crate::{Body, Column, GeneratedMode, Kind, Object, ObjectId};

/// The first major version in which a NOT NULL can be added NOT VALID.
const NOT_NULL_NOT_VALID: u32 = 18;

impl Recipes<'_, '_> {
    /// SET NOT NULL, without reading the table under the lock.
    pub(super) fn set_not_null(&self, altered: &Statement) -> Option<Vec<Piece>> {
        self.busy_table(&altered.object)?;
        let id = &altered.object;
        let column = ident(id.name());
        if let Some(table) = altered.sql.strip_suffix(&format!(" ALTER COLUMN {column} SET NOT NULL")) {
            let table = table.replacen("ALTER TABLE ONLY ", "ALTER TABLE ", 1);
            return (!table.contains("FOREIGN")).then(|| self.not_null_pieces(altered, Phase::Expand));
        }
        if altered.sql.contains(" VALIDATE CONSTRAINT ") {
            let note = "Reads all rows while others read and write.";
            return Some(vec![Piece::long(Phase::Backfill, note, altered.clone())]);
        }
        // A NOT NULL with more to it is a constraint that is added.
        let (_, rest) = altered.sql.split_once(" ADD CONSTRAINT ")?;
        let is_whole = !rest.contains(" NOT VALID") && !rest.contains(" NO INHERIT");
        (is_whole && self.major >= NOT_NULL_NOT_VALID).then(|| self.not_null_pieces(altered, Phase::Expand))
    }

    /// The pieces that end in NOT NULL, the first of them in a phase.
    fn not_null_pieces(&self, like: &Statement, phase: Phase) -> Vec<Piece> {
        let id = &like.object;
        let (alter, column) = (alter_relation(id), ident(id.name()));
        let say = |sql: String| vec![statement(like, Action::Alter("nullable"), sql)];
        let added = "NULL is refused from now on; the rows that are there are read later.";
        let settled = "PostgreSQL takes the constraint that holds for a proof, and reads nothing.";
        // Partitions would have theirs by the parent's name, where SET NOT NULL gives them names of their own.
        let is_alone = self.busy_table(id).is_some_and(|table| self.is_simple(table));
        if self.major >= NOT_NULL_NOT_VALID && (is_alone || like.sql.contains(" ADD CONSTRAINT ")) {
            let name = self.not_null_name(id);
            let add = format!("{alter} ADD CONSTRAINT {} NOT NULL {column} NOT VALID", ident(&name));
            let add = unless_constrained(id, &name, &add);
            return vec![Piece::brief(phase, added, say(add)), self.read(like, &name)];
        }
        let name = suffixed(&format!("{}_{}", id.path()[1], id.name()), "__filled");
        let add = format!("{alter} ADD CONSTRAINT {} CHECK ({column} IS NOT NULL) NOT VALID", ident(&name));
        let add = unless_constrained(id, &name, &add);
        let mut settle = say(format!("{alter} ALTER COLUMN {column} SET NOT NULL"));
        let drop = format!("{alter} DROP CONSTRAINT IF EXISTS {}", ident(&name));
        settle.extend(say(drop.clone()));
        vec![
            Piece::brief(phase, added, say(add)).or([drop]),
            self.read(like, &name),
            Piece::brief(Phase::Switch, settled, settle),
        ]
    }

    /// What the NOT NULL of a column is called.
    pub(super) fn not_null_name(&self, id: &ObjectId) -> String {
        let own = match self.work.new.objects.get(id).map(|object| &object.body) {
            Some(Body::Column(column)) => column.not_null.as_ref().and_then(|more| more.name.clone()),
            _ => None,
        };
        own.unwrap_or_else(|| format!("{}_{}_not_null", id.path()[1], id.name()))
    }

    /// A new column, where adding it would write the table anew or fail.
    pub(super) fn add_column(&self, made: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &made.object;
        let table = self.busy_table(id)?;
        let object = self.work.new.objects.get(id)?;
        let Body::Column(column) = &object.body else { return None };
        if let Some(generated) = &column.generated {
            let is_written = generated.mode == GeneratedMode::Stored;
            return is_written
                .then(|| self.warn(made, "a stored column is written into every row", notes))?;
        }
        if self.is_of_strict_domain(column) {
            return self.warn(made, "every row is checked for a domain with constraints", notes);
        }
        let default = self.default(made, id, object, column);
        let needs_values =
            column.identity.is_some() || default.as_deref().is_some_and(|text| !is_settled(text));
        let is_required = !column.nullable && default.is_none() && column.identity.is_none();
        let can =
            self.is_simple(table) && column.not_null.is_none() && (is_required || self.is_updatable(table));
        if !needs_values && !is_required {
            return None;
        }
        if !can {
            return self.warn(
                made,
                "such a column of such a table cannot be added empty and filled later",
                notes,
            );
        }
        let bare = Column { nullable: true, default: None, serial: false, identity: None, ..column.clone() };
        let add = format!(
            "{} ADD COLUMN IF NOT EXISTS {}",
            alter_relation(id),
            ddl::column(self.work, id, object, &bare)
        );
        let mut first = vec![statement(made, Action::Create, add)];
        if is_required {
            notes.push(format!(
                "{id} is required and has no default: fill its old rows by hand before the switch."
            ));
            let note = "The column is empty at first; it is required from the switch on.";
            let mut pieces = vec![Piece::brief(Phase::Expand, note, first)];
            let mut later =
                self.not_null_pieces(&statement(made, Action::Alter("nullable"), ""), Phase::Switch);
            later.iter_mut().for_each(|piece| piece.phase = Phase::Switch);
            pieces.extend(later);
            return Some(pieces);
        }
        let counter = column.identity.as_ref().map(|_| self.counter(id));
        let default = match &counter {
            Some(counter) => {
                let create = format!("CREATE SEQUENCE IF NOT EXISTS {counter}");
                first.push(statement(made, Action::Alter("identity"), create));
                format!("nextval({}::regclass)", literal(counter))
            }
            None => default?,
        };
        let alter = format!("{} ALTER COLUMN {}", alter_relation(id), ident(id.name()));
        first.push(statement(made, Action::Alter("default"), format!("{alter} SET DEFAULT {default}")));
        let note = "The column is empty at first; new rows get their value.";
        let undo = counter.iter().map(|counter| format!("DROP SEQUENCE IF EXISTS {counter} CASCADE"));
        let name = ident(id.name());
        let mut pieces = vec![
            Piece::brief(Phase::Expand, note, first).or(undo),
            backfill::fill(made, &format!("{name} = DEFAULT"), &format!("{name} IS NULL"), self.major),
        ];
        if !column.nullable {
            // What the new rows have by default is never NULL: nothing is lost by asking for it later.
            pieces.extend(
                self.not_null_pieces(&statement(made, Action::Alter("nullable"), ""), Phase::Backfill),
            );
        }
        if let Some(counter) = counter {
            pieces.push(self.become_identity(made, &counter, object));
        }
        Some(pieces)
    }

    /// The sequence that counts until the column is an identity column.
    fn counter(&self, id: &ObjectId) -> String {
        let name = suffixed(&format!("{}_{}", id.path()[1], id.name()), "__fill");
        qualified(&[id.schema().to_owned(), name])
    }

    /// The identity takes over where the sequence has come to.
    fn become_identity(&self, made: &Statement, counter: &str, object: &Object) -> Piece {
        let id = &made.object;
        let alter = format!("{} ALTER COLUMN {}", alter_relation(id), ident(id.name()));
        let Body::Column(column) = &object.body else { return Piece::plain(Phase::Switch, made.clone()) };
        let whole =
            ddl::column(self.work, id, object, &Column { default: None, nullable: true, ..column.clone() });
        let generated = whole.find("GENERATED ").map_or("", |at| &whole[at..]);
        let sequence = format!("pg_get_serial_sequence({}, {})", literal(&relation(id)), literal(id.name()));
        let sqls = [
            format!("{alter} DROP DEFAULT"),
            format!("{alter} ADD {generated}"),
            format!("PERFORM setval({sequence}, nextval({}))", literal(counter)),
            format!("DROP SEQUENCE {counter}"),
        ];
        let note = "The identity goes on where the sequence has come to.";
        let sql = when(&format!("SELECT WHERE to_regclass({}) IS NOT NULL", literal(counter)), &sqls);
        Piece::brief(Phase::Switch, note, vec![statement(made, Action::Alter("identity"), sql)])
    }

    /// The default as the plain statement has it.
    fn default(&self, made: &Statement, id: &ObjectId, object: &Object, column: &Column) -> Option<String> {
        let bare = Column { nullable: true, ..column.clone() };
        let without = Column { default: None, serial: false, ..bare.clone() };
        let [with, without] = [&bare, &without].map(|it| ddl::column(self.work, id, object, it));
        let own = with.strip_prefix(&without)?.strip_prefix(" DEFAULT ")?;
        made.sql.contains(own).then(|| own.to_owned())
    }

    /// Whether the column's type is a domain that refuses values.
    pub(super) fn is_of_strict_domain(&self, column: &Column) -> bool {
        let is_own = |id: &ObjectId| id.kind() == Kind::Domain && qualified(id.path()) == column.data_type;
        self.work.new.objects.iter().any(|(id, object)| match &object.body {
            Body::Domain(domain) => is_own(id) && !domain.nullable,
            Body::DomainCheck(_) => qualified(id.parent()) == column.data_type,
            _ => false,
        })
    }
}

/// Whether a default is the same for all rows: then it is noted once, and no row is written. What is not known to
/// be so is taken to be computed for each.
fn is_settled(default: &str) -> bool {
    const STABLE: [&str; 8] = [
        "now()",
        "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "CURRENT_USER",
        "LOCALTIMESTAMP",
        "transaction_timestamp()",
        "statement_timestamp()",
        "NULL",
    ];
    let is_number = |text: &str| {
        let text = text.trim_start_matches(['(', '-']).trim_end_matches(')');
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let (value, cast) = match default.rsplit_once("::") {
        Some((value, cast)) if !cast.contains('\'') => (value, cast),
        _ => (default, ""),
    };
    let value = value.strip_prefix('E').unwrap_or(value);
    let is_text = value.len() > 1
        && value.starts_with('\'')
        && value.ends_with('\'')
        && !value[1..value.len() - 1].replace("''", "").contains('\'');
    let is_bare_cast = !cast.contains('(') || cast.ends_with(')');
    STABLE.contains(&default)
        || is_bare_cast && (is_text || is_number(value) || ["true", "false"].contains(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_told_from_what_is_computed() {
        for settled in
            ["0", "-1", "1.5", "'a'", "'it''s'", "'{}'::jsonb", "true", "now()", "'x'::character varying(3)"]
        {
            assert!(is_settled(settled), "{settled}");
        }
        for computed in
            ["random()", "gen_random_uuid()", "nextval('s'::regclass)", "'a' || f('b')", "clock_timestamp()"]
        {
            assert!(!is_settled(computed), "{computed}");
        }
    }
}
