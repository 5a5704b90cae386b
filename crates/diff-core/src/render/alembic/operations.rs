//! What Alembic calls a statement. The statement itself is read, not what it was made from, so that an
//! operation says neither more nor less; what is read with any doubt has no operation.

use super::python::{Expr, call, sql as sa_text, text, word};
use super::types::{Sides, collated, data_type};
use super::{parts, scan, tables};
use crate::plan::sql::literal;
use crate::{Action, Body, Kind, ObjectId, Statement};

/// Names that SQLAlchemy leaves without the quotes that PostgreSQL wants.
const UNQUOTED: [&str; 5] = ["collation", "concurrently", "lateral", "system_user", "tablesample"];

/// What stands in a revision for a statement.
#[derive(Debug)]
pub(super) enum Operation {
    /// A call by itself.
    Call(Expr),
    /// Changes of one column, for which there is one call.
    Column(ColumnChange),
}

/// Changes of one column.
#[derive(Debug)]
pub(super) struct ColumnChange {
    table: [String; 2],
    column: String,
    arguments: Vec<(&'static str, Expr)>,
    /// Where the last of the changes stands in the order in which Alembic makes them.
    rank: u8,
}

impl ColumnChange {
    /// Takes another change in, if it is of the same column and Alembic would make it after these.
    pub(super) fn merge(&mut self, other: Self) -> Option<Self> {
        if (&self.table, &self.column) != (&other.table, &other.column) || self.rank >= other.rank {
            return Some(other);
        }
        self.arguments.extend(other.arguments);
        self.rank = other.rank;
        None
    }
}

impl Operation {
    pub(super) fn into_expr(self) -> Expr {
        match self {
            Self::Call(expr) => expr,
            Self::Column(change) => {
                let [schema, table] = change.table;
                let start = call("op.alter_column", [text(table), text(change.column)]);
                let all =
                    change.arguments.into_iter().fold(start, |call, (name, value)| call.with(name, value));
                all.with("schema", text(schema))
            }
        }
    }
}

/// The operation that says what a statement says.
pub(super) fn operation(statement: &Statement, sides: Sides<'_>) -> Option<Operation> {
    use Kind::{Check, Column, Exclusion, ForeignKey, Index, Partition, PrimaryKey, Table, Unique};
    let sql = statement.sql.as_str();
    let object = &statement.object;
    let expr = match (object.kind(), statement.action) {
        (Table, Action::Create) => tables::create_table(sql, sides),
        (Table | Partition, Action::Drop) => {
            let ([schema, table], rest) = table(sql.strip_prefix("DROP TABLE ")?)?;
            rest.is_empty().then(|| call("op.drop_table", [text(table)]).with("schema", text(schema)))
        }
        (Table | Partition, Action::Rename) => {
            let ([schema, from], rest) = altered(sql)?;
            let to = whole(rest.strip_prefix("RENAME TO ")?)?;
            Some(call("op.rename_table", [text(from), text(to)]).with("schema", text(schema)))
        }
        (Table | Partition, Action::Alter("comment")) => comment_on_table(sql, object, sides),
        (Column, Action::Create) => {
            let ([schema, table], rest) = altered(sql)?;
            let column = rest.strip_prefix("ADD COLUMN ")?;
            let column = tables::column(column, [&schema, &table], sides, &[])?;
            Some(call("op.add_column", [text(table), column]).with("schema", text(schema)))
        }
        (Column, Action::Drop) => {
            let ([schema, table], rest) = altered(sql)?;
            let column = whole(rest.strip_prefix("DROP COLUMN ")?)?;
            Some(call("op.drop_column", [text(table), text(column)]).with("schema", text(schema)))
        }
        (Column, _) => return column_change(sql, object, sides).map(Operation::Column),
        (PrimaryKey | Unique | Check | ForeignKey | Exclusion, Action::Create) => parts::add_constraint(sql),
        (kind @ (PrimaryKey | Unique | Check | ForeignKey | Exclusion), Action::Drop) => {
            let ([schema, table], rest) = altered(sql)?;
            let constraint = whole(rest.strip_prefix("DROP CONSTRAINT ")?)?;
            let word = match kind {
                PrimaryKey => Some("primary"),
                Unique => Some("unique"),
                Check => Some("check"),
                ForeignKey => Some("foreignkey"),
                _ => None,
            };
            let call = call("op.drop_constraint", [final_name(constraint), text(table)]);
            Some(call.with("schema", text(schema)).with_some("type_", word.map(text)))
        }
        (Index, Action::Create) => parts::create_index(sql),
        (Index, Action::Drop) => {
            let ([schema, index], rest) = table(sql.strip_prefix("DROP INDEX ")?)?;
            let call = call("op.drop_index", [final_name(index)]);
            rest.is_empty()
                .then(|| call.with("table_name", text(&object.path()[1])).with("schema", text(schema)))
        }
        _ => None,
    };
    expr.map(Operation::Call)
}

/// `op.f("…")`: a name to which no naming convention is applied.
pub(super) fn final_name(name: String) -> Expr {
    call("op.f", [text(name)])
}

/// A name that SQLAlchemy writes as it should, and what stands behind it.
pub(super) fn name(sql: &str) -> Option<(String, &str)> {
    scan::name(sql).filter(|(name, _)| is_sure(name))
}

/// A schema and a name, and what stands behind them. Alembic takes a schema apart at its dots.
pub(super) fn table(sql: &str) -> Option<([String; 2], &str)> {
    scan::qualified(sql)
        .filter(|([schema, name], _)| is_sure(schema) && is_sure(name) && !schema.contains('.'))
}

/// Names in brackets, and what stands behind them.
pub(super) fn names(sql: &str) -> Option<(Vec<String>, &str)> {
    scan::names(sql).filter(|(names, _)| names.iter().all(|name| is_sure(name)))
}

fn is_sure(name: &str) -> bool {
    !name.contains('%') && !UNQUOTED.contains(&name)
}

/// The table of an ALTER TABLE, and what is done to it.
pub(super) fn altered(sql: &str) -> Option<([String; 2], &str)> {
    let (path, rest) = table(sql.strip_prefix("ALTER TABLE ")?)?;
    Some((path, rest.strip_prefix(' ')?))
}

/// A name and nothing else.
fn whole(sql: &str) -> Option<String> {
    name(sql).filter(|(_, rest)| rest.is_empty()).map(|(name, _)| name)
}

/// The comment that a statement sets: `None` where it does not read like one, `Some(None)` where it takes it away.
pub(super) fn comment<'s>(
    sql: &str,
    on: &str,
    object: &ObjectId,
    sides: Sides<'s>,
) -> Option<Option<&'s str>> {
    let is = sql.strip_prefix(on)?.rsplit_once(" IS ")?.1;
    if is == "NULL" && sql.ends_with(" IS NULL") {
        return Some(None);
    }
    let comment = sides.new.objects.get(object)?.comment.as_deref()?;
    sql.ends_with(&format!(" IS {}", literal(comment))).then_some(Some(comment))
}

fn comment_on_table(sql: &str, object: &ObjectId, sides: Sides<'_>) -> Option<Expr> {
    let on = "COMMENT ON TABLE ";
    let ([schema, table], _) = table(sql.strip_prefix(on)?)?;
    Some(match comment(sql, on, object, sides)? {
        Some(comment) => call("op.create_table_comment", [text(table), text(comment)]),
        None => call("op.drop_table_comment", [text(table)]),
    })
    .map(|call| call.with("schema", text(schema)))
}

fn column_change(sql: &str, object: &ObjectId, sides: Sides<'_>) -> Option<ColumnChange> {
    let on = "COMMENT ON COLUMN ";
    if let Some(rest) = sql.strip_prefix(on) {
        let (table, rest) = table(rest)?;
        let (column, _) = name(rest.strip_prefix('.')?)?;
        let comment = comment(sql, on, object, sides)?.map_or_else(|| word("None"), text);
        return Some(ColumnChange { table, column, arguments: vec![("comment", comment)], rank: 4 });
    }
    let (table, rest) = altered(sql)?;
    if let Some(rest) = rest.strip_prefix("RENAME COLUMN ") {
        let (column, rest) = name(rest)?;
        let to = whole(rest.strip_prefix(" TO ")?)?;
        return Some(ColumnChange { table, column, arguments: vec![("new_column_name", text(to))], rank: 5 });
    }
    let (column, rest) = name(rest.strip_prefix("ALTER COLUMN ")?)?;
    let change = rest.strip_prefix(' ')?;
    let (rank, arguments) = match change {
        "SET NOT NULL" => (1, vec![("nullable", word("False"))]),
        "DROP NOT NULL" => (1, vec![("nullable", word("True"))]),
        "DROP DEFAULT" => (2, vec![("server_default", word("None"))]),
        "DROP IDENTITY" => {
            let was = call("sa.Identity", []);
            (2, vec![("server_default", word("None")), ("existing_server_default", was)])
        }
        _ => {
            if let Some(default) = change.strip_prefix("SET DEFAULT ") {
                (2, vec![("server_default", sa_text(default)?)])
            } else if let Some(identity) = change.strip_prefix("ADD ") {
                let identity = tables::identity(identity)?;
                (2, vec![("server_default", identity), ("existing_server_default", word("None"))])
            } else {
                (0, retyped(change.strip_prefix("TYPE ")?, object, sides)?)
            }
        }
    };
    Some(ColumnChange { table, column, arguments, rank })
}

/// `numeric(8,3) COLLATE x USING y` as arguments.
fn retyped(sql: &str, object: &ObjectId, sides: Sides<'_>) -> Option<Vec<(&'static str, Expr)>> {
    let Body::Column(column) = sides.body(object)? else { return None };
    let rest = sql.strip_prefix(column.data_type.as_str())?;
    let (start, using) = match rest.split_once(" USING ") {
        Some((start, using)) => (start, Some(using)),
        None => (rest, None),
    };
    let mut own = data_type(&column.data_type, sides)?;
    if let Some(collation) = start.strip_prefix(" COLLATE ") {
        own = collated(own, collation)?;
    } else if !start.is_empty() {
        return None;
    }
    // SQLAlchemy hands it on without a look, percent signs and all.
    if using.is_some_and(|using| using.contains('%')) {
        return None;
    }
    let mut arguments = vec![("type_", own)];
    arguments.extend(using.map(|using| ("postgresql_using", text(using))));
    Some(arguments)
}
