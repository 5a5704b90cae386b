//! A column of another type: a second column beside it, kept in step by a trigger until it takes the place.

use super::{Phase, Piece, Recipes, backfill, statement, unless_constrained, when};
use crate::plan::sql::{dollar_quoted, ident, literal, qualified, relation, suffixed};
use crate::plan::{Action, Statement};
use crate::{Body, Column, Index, Kind, ObjectId};

const BESIDE: &str = "A second column of the new type, which a trigger keeps in step with the first.";
const SWAPPED: &str =
    "The second column takes the place of the first. Code that prepared its statements prepares them again.";
const REMOVED: &str = "The old column goes, and its indexes with it.";

/// What the recipe needs to know about a column.
struct Both<'s> {
    id: &'s ObjectId,
    old: &'s Column,
    new: &'s Column,
}

impl Recipes<'_, '_> {
    pub(super) fn retype(&self, altered: &Statement, notes: &mut Vec<String>) -> Option<Vec<Piece>> {
        let id = &altered.object;
        self.busy_table(id)?;
        let both = self.both(id)?;
        if both.is_free() {
            return None;
        }
        match self.refusal(&both) {
            Some(reason) => self.warn(
                altered,
                &format!("its type changes, which writes the whole table anew: {reason}"),
                notes,
            ),
            None => self.retype_beside(altered, &both),
        }
    }

    /// Whether the column is made anew beside itself, so that its default comes with it.
    pub(super) fn is_retyped_beside(&self, id: &ObjectId) -> bool {
        self.busy_table(id).is_some()
            && self.all.iter().any(|it| it.object == *id && it.action == Action::Alter("type"))
            && self.both(id).is_some_and(|both| !both.is_free() && self.refusal(&both).is_none())
    }

    fn both<'s>(&'s self, id: &'s ObjectId) -> Option<Both<'s>> {
        let body = |snapshot: &'s crate::Snapshot| match snapshot.objects.get(id).map(|object| &object.body) {
            Some(Body::Column(column)) => Some(column),
            _ => None,
        };
        Some(Both { id, old: body(self.work.old)?, new: body(self.work.new)? })
    }

    /// Why there is no way for a column.
    fn refusal(&self, both: &Both<'_>) -> Option<String> {
        let id = both.id;
        let table = self.busy_table(id)?;
        if table.kind() != Kind::Table || !self.is_simple(table) {
            return Some("it is of a partitioned table or of one that inherits".to_owned());
        }
        if !self.is_updatable(table) {
            return Some("it is published, and its rows have no key".to_owned());
        }
        let changes = self.all.iter().filter(|it| it.object == *id && it.action == Action::Alter("type"));
        if changes.count() != 1
            || self.is_disturbed(id)
            || both.old.data_type == both.new.data_type && !both.recollates()
        {
            return Some("what its type is made of changes too".to_owned());
        }
        if both.is_odd() || self.is_of_strict_domain(both.new) {
            return Some("it counts, is computed, or has settings of its own".to_owned());
        }
        let objects = [self.work.old.objects.get(id), self.work.new.objects.get(id)];
        if objects
            .into_iter()
            .flatten()
            .any(|object| !object.grants.is_empty() || !object.security_labels.is_empty())
        {
            return Some("it has grants of its own".to_owned());
        }
        let needing = self.work.old.objects.iter().filter(|(_, object)| object.depends_on.contains(id));
        needing
            .map(|(other, _)| other)
            .find(|other| self.index_beside(id, other).is_none())
            .map(|other| format!("{other} needs it"))
    }

    /// The statement that builds an index over the second column, where the first has one that is simple.
    fn index_beside(&self, column: &ObjectId, index: &ObjectId) -> Option<(String, String)> {
        let object = self.work.new.objects.get(index)?;
        let Body::Index(Index {
            unique,
            definition,
            invalid: false,
            tablespace: None,
            clustered: false,
            replica_identity: false,
            statistics,
            attached_to: None,
        }) = &object.body
        else {
            return None;
        };
        let is_bare = self.work.stays(index) && statistics.is_empty() && object.comment.is_none();
        let text = object.text("definition", definition);
        let (method, list) = text.split_once(" (")?;
        // An expression or a predicate may hold the name in another sense.
        let is_list = !list.contains(['\'', '('])
            || list.matches('(').count()
                == list.matches(" INCLUDE (").count() + list.matches(" WITH (").count();
        if !is_bare || !is_list || list.contains('\'') || list.contains(" WHERE ") || self.is_needed(index) {
            return None;
        }
        let own = ident(column.name());
        let beside = ident(&beside(column));
        let words: String =
            words(list).map(|word| if word == own { beside.as_str() } else { word }).collect();
        let unique = if *unique { "UNIQUE " } else { "" };
        let name = suffixed(index.name(), "__new");
        let table = relation(index);
        Some((format!("CREATE {unique}INDEX {} ON {table} {method} ({words}", ident(&name)), name))
    }

    fn retype_beside(&self, altered: &Statement, both: &Both<'_>) -> Option<Vec<Piece>> {
        let id = both.id;
        let (_, change) = altered.sql.split_once(" TYPE ")?;
        let (data_type, using) = match change.split_once(" USING ") {
            Some((data_type, using)) => (data_type, Some(using)),
            None => (change, None),
        };
        let (table, own, beside) = (relation(id), ident(id.name()), ident(&beside(id)));
        let value = using.unwrap_or(&own);
        // The expression begins with the column; in the trigger it is the new row's.
        let of_row = format!("NEW.{value}");
        let sync = suffixed(&format!("zzz_{}_{}", id.path()[1], id.name()), "__sync");
        let function = qualified(&[id.schema().to_owned(), sync.clone()]);
        let trigger = ident(&sync);
        let body = format!("BEGIN\n    NEW.{beside} := {of_row};\n    RETURN NEW;\nEND");
        let say = |sqls: Vec<String>| {
            sqls.into_iter().map(|sql| statement(altered, Action::Alter("type"), sql)).collect()
        };
        let expand: Vec<Statement> = say(vec![
            format!("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {beside} {data_type}"),
            format!(
                "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {}",
                dollar_quoted(&body)
            ),
            format!("DROP TRIGGER IF EXISTS {trigger} ON {table}"),
            format!(
                "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
            ),
        ]);
        let gone = ident(&aside(id));
        let undo = [
            format!("DROP TRIGGER IF EXISTS {trigger} ON {table}"),
            format!("DROP FUNCTION IF EXISTS {function}()"),
            format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {beside}"),
            format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {gone}"),
        ];
        let mut pieces = vec![
            Piece::brief(Phase::Expand, BESIDE, expand).or(undo),
            backfill::fill(
                altered,
                &format!("{beside} = {value}"),
                &format!("{beside} IS NULL AND {own} IS NOT NULL"),
                self.major,
            ),
        ];
        let needing = self.work.old.objects.iter().filter(|(_, object)| object.depends_on.contains(id));
        let indexes: Vec<(&ObjectId, (String, String))> =
            needing.filter_map(|(index, _)| Some((index, self.index_beside(id, index)?))).collect();
        for (_, (sql, name)) in &indexes {
            let built = self.build(altered, name, sql).map(|piece| Piece { phase: Phase::Backfill, ..piece });
            pieces.extend(built);
        }
        let alter = format!("ALTER TABLE {table}");
        let is_required = !both.old.nullable && !both.new.nullable;
        let proof = suffixed(&format!("{}_{}", id.path()[1], id.name()), "__new_filled");
        if is_required {
            let add =
                format!("{alter} ADD CONSTRAINT {} CHECK ({beside} IS NOT NULL) NOT VALID", ident(&proof));
            let add = unless_constrained(id, &proof, &add);
            pieces.push(Piece::brief(Phase::Backfill, "Proves that every row is filled.", say(vec![add])));
            pieces.push(self.read(altered, &proof));
        }
        let swap = self.swap(both, &trigger, &function, &proof, &indexes);
        let query = format!(
            "SELECT FROM pg_attribute WHERE attrelid = {}::regclass AND attname = {} AND NOT attisdropped",
            literal(&table),
            literal(&self::beside(id))
        );
        pieces.push(Piece::brief(Phase::Switch, SWAPPED, say(vec![when(&query, &swap)])));
        let remove = format!("{alter} DROP COLUMN IF EXISTS {gone}");
        pieces.push(Piece::brief(Phase::Contract, REMOVED, say(vec![remove])));
        Some(pieces)
    }

    /// What one short transaction does to let the second column take the place of the first.
    fn swap(
        &self,
        both: &Both<'_>,
        trigger: &str,
        function: &str,
        proof: &str,
        indexes: &[(&ObjectId, (String, String))],
    ) -> Vec<String> {
        const NAMES_NOT_NULL: u32 = 18;
        let id = both.id;
        let (table, own, beside, aside) =
            (relation(id), ident(id.name()), ident(&beside(id)), ident(&aside(id)));
        let alter = format!("ALTER TABLE {table}");
        let is_required = !both.old.nullable && !both.new.nullable;
        let mut sqls =
            vec![format!("DROP TRIGGER {trigger} ON {table}"), format!("DROP FUNCTION {function}()")];
        if both.old.default.is_some() {
            sqls.push(format!("{alter} ALTER COLUMN {own} DROP DEFAULT"));
        }
        if !both.old.nullable {
            sqls.push(format!("{alter} ALTER COLUMN {own} DROP NOT NULL"));
        }
        if is_required {
            sqls.push(format!("{alter} ALTER COLUMN {beside} SET NOT NULL"));
            sqls.push(format!("{alter} DROP CONSTRAINT {}", ident(proof)));
        }
        sqls.push(format!("{alter} RENAME COLUMN {own} TO {aside}"));
        sqls.push(format!("{alter} RENAME COLUMN {beside} TO {own}"));
        if is_required && self.major >= NAMES_NOT_NULL {
            let made = format!("{}_{}_not_null", id.path()[1], self::beside(id));
            let name = ident(&self.not_null_name(id));
            sqls.push(format!("{alter} RENAME CONSTRAINT {} TO {name}", ident(&made)));
        }
        let object = self.work.new.objects.get(id);
        if let (Some(default), Some(object)) = (&both.new.default, object) {
            sqls.push(format!("{alter} ALTER COLUMN {own} SET DEFAULT {}", object.text("default", default)));
        }
        if let Some(comment) = self.work.old.objects.get(id).and_then(|object| object.comment.as_ref()) {
            sqls.push(format!("COMMENT ON COLUMN {table}.{own} IS {}", literal(comment)));
        }
        for (index, (_, built)) in indexes {
            let schema = ident(index.schema());
            let name = ident(index.name());
            sqls.push(format!("ALTER INDEX {schema}.{name} RENAME TO {}", ident(&self.aside(index))));
            sqls.push(format!("ALTER INDEX {schema}.{} RENAME TO {name}", ident(built)));
        }
        sqls
    }
}

/// The second column.
fn beside(id: &ObjectId) -> String {
    suffixed(id.name(), "__new")
}

/// The first column, once the second has taken its name.
fn aside(id: &ObjectId) -> String {
    suffixed(id.name(), "__old")
}

impl Both<'_> {
    fn recollates(&self) -> bool {
        self.old.collation != self.new.collation
    }

    /// Whether one of the two is more than a column with a type, a default and perhaps NOT NULL.
    fn is_odd(&self) -> bool {
        let names_differ = self.old.not_null != self.new.not_null;
        names_differ
            || [self.old, self.new].into_iter().any(|column| {
                column.serial
                    || column.inherited
                    || column.identity.is_some()
                    || column.generated.is_some()
                    || column.storage.is_some()
                    || column.compression.is_some()
                    || column.statistics.is_some()
                    || !column.options.is_empty()
                    || column.not_null.as_ref().is_some_and(|more| more.no_inherit || more.not_valid)
            })
    }

    /// Whether PostgreSQL changes the type without writing or reading a row.
    fn is_free(&self) -> bool {
        !self.recollates() && is_free(&self.old.data_type, &self.new.data_type)
    }
}

/// Changes that leave the rows as they are (measured on PostgreSQL 13 to 18).
fn is_free(old: &str, new: &str) -> bool {
    let (had, has) = (parts(old), parts(new));
    let wider = |at: usize| match (had.1.get(at), has.1.get(at)) {
        (_, None) => true,
        (Some(had), Some(has)) => had <= has,
        (None, Some(_)) => false,
    };
    match (had.0.as_str(), has.0.as_str()) {
        ("character varying" | "text", "character varying" | "text") => wider(0),
        ("numeric", "numeric") => has.1.is_empty() || wider(0) && had.1.get(1) == has.1.get(1),
        ("cidr", "inet") => true,
        (one, other) if one == other => {
            const WIDENING: [&str; 6] = [
                "bit varying",
                "timestamp without time zone",
                "timestamp with time zone",
                "time without time zone",
                "time with time zone",
                "interval",
            ];
            WIDENING.contains(&one) && wider(0)
        }
        _ => false,
    }
}

/// `timestamp(3) with time zone` as `timestamp with time zone` and 3.
fn parts(data_type: &str) -> (String, Vec<u32>) {
    let Some((start, rest)) = data_type.split_once('(') else { return (data_type.to_owned(), Vec::new()) };
    let (numbers, end) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = numbers.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    (format!("{start}{end}"), numbers)
}

/// The text in words, quoted names and what is between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let end = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |at| at + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_changes_are_told_from_those_that_write() {
        for (old, new) in [
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "text"),
            ("text", "character varying"),
            ("numeric(8,2)", "numeric(10,2)"),
            ("numeric(8,2)", "numeric"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("cidr", "inet"),
        ] {
            assert!(is_free(old, new), "{old} to {new}");
        }
        for (old, new) in [
            ("integer", "bigint"),
            ("character varying(20)", "character varying(10)"),
            ("text", "character varying(10)"),
            ("numeric(8,2)", "numeric(10,3)"),
            ("numeric", "numeric(10,3)"),
            ("character varying(10)[]", "character varying(20)[]"),
            ("timestamp without time zone", "timestamp with time zone"),
            ("character(3)", "character(5)"),
        ] {
            assert!(!is_free(old, new), "{old} to {new}");
        }
    }

    #[test]
    fn a_name_is_replaced_as_a_whole() {
        let found: Vec<&str> = words("a, \"a b\" DESC, ab").collect();
        assert_eq!(found, ["a", ",", " ", "\"a b\"", " ", "DESC", ",", " ", "ab"]);
    }
}
