//! Constraints and indexes as Alembic has them.

use super::operations::{altered, final_name, name, names, table};
use super::python::{Expr, call, sql as sa_text, text, word};
use super::scan;
use super::tables::{no_percent, parameters};

/// `op.create_primary_key(…)` and the like.
pub(super) fn add_constraint(sql: &str) -> Option<Expr> {
    let ([schema, own], rest) = altered(sql)?;
    let part = Part::read(rest.strip_prefix("ADD ")?)?;
    let constraint = final_name(part.name.clone());
    let named = |callee: &str, arguments: Vec<Expr>| {
        let start = [constraint.clone(), text(&own)];
        call(callee, start.into_iter().chain(arguments))
    };
    let place = |call: Expr| call.with("schema", text(&schema));
    let call = match &part.definition {
        Definition::PrimaryKey(columns) => place(named("op.create_primary_key", vec![list(columns)])),
        Definition::Unique { columns, are_nulls_equal } => {
            let call = place(named("op.create_unique_constraint", vec![list(columns)]));
            call.with_some("postgresql_nulls_not_distinct", are_nulls_equal.then(|| word("True")))
        }
        Definition::Check { expression } => {
            place(named("op.create_check_constraint", vec![sa_text(expression)?]))
        }
        Definition::ForeignKey(key) => {
            let arguments = vec![text(&key.table[1]), list(&key.columns), list(&key.referred)];
            named("op.create_foreign_key", arguments)
                .with("source_schema", text(&schema))
                .with("referent_schema", text(&key.table[0]))
                .with_some("onupdate", key.on_update.map(text))
                .with_some("ondelete", key.on_delete.map(text))
                .with_some("match", key.is_full.then(|| text("FULL")))
        }
        Definition::Exclusion { using, elements, predicate } => {
            let element = |(column, operator): &(Element, String)| {
                let column = match column {
                    Element::Column(name) => call("sa.column", [text(name)]),
                    Element::Other(sql) => call("sa.literal_column", [text(sql)]),
                };
                Expr::Tuple(vec![column, text(operator)])
            };
            let elements = elements.iter().map(element).collect();
            let predicate = predicate.as_ref().map(|it| sa_text(it).ok_or(()));
            place(named("op.create_exclude_constraint", elements))
                .with("using", text(using))
                .with_some("where", predicate.transpose().ok()?)
        }
    };
    Some(part.with_flags(call))
}

fn list(names: &[String]) -> Expr {
    Expr::List(names.iter().map(text).collect())
}

/// A constraint as it stands in SQL: `CONSTRAINT c CHECK ((a > 0))`.
pub(super) struct Part {
    name: String,
    definition: Definition,
    is_deferrable: bool,
    is_deferred: bool,
    is_not_valid: bool,
}

enum Definition {
    PrimaryKey(Vec<String>),
    Unique { columns: Vec<String>, are_nulls_equal: bool },
    Check { expression: String },
    ForeignKey(ForeignKey),
    Exclusion { using: String, elements: Vec<(Element, String)>, predicate: Option<String> },
}

struct ForeignKey {
    columns: Vec<String>,
    table: [String; 2],
    referred: Vec<String>,
    is_full: bool,
    on_update: Option<&'static str>,
    on_delete: Option<&'static str>,
}

impl Part {
    /// Reads it, to its end.
    pub(super) fn read(sql: &str) -> Option<Self> {
        let (name, rest) = name(sql.strip_prefix("CONSTRAINT ")?)?;
        let (definition, mut rest) = Definition::read(rest.strip_prefix(' ')?)?;
        let mut take = |words: &str| match rest.strip_prefix(words) {
            Some(behind) => {
                rest = behind;
                true
            }
            None => false,
        };
        let part = Self {
            name,
            definition,
            is_deferrable: take(" DEFERRABLE"),
            is_deferred: take(" INITIALLY DEFERRED"),
            is_not_valid: take(" NOT VALID"),
        };
        let has_validity = matches!(part.definition, Definition::Check { .. } | Definition::ForeignKey(_));
        (rest.is_empty() && (has_validity || !part.is_not_valid)).then_some(part)
    }

    /// The columns, where it is the primary key.
    pub(super) fn key(&self) -> Option<Vec<String>> {
        match &self.definition {
            Definition::PrimaryKey(columns) => Some(columns.clone()),
            _ => None,
        }
    }

    /// As it stands in `op.create_table`.
    pub(super) fn within_table(&self) -> Option<Expr> {
        let columns = |callee: &str, columns: &[String]| call(callee, columns.iter().map(text));
        let call = match &self.definition {
            Definition::PrimaryKey(list) => columns("sa.PrimaryKeyConstraint", list),
            Definition::Unique { columns: list, are_nulls_equal } => columns("sa.UniqueConstraint", list)
                .with_some("postgresql_nulls_not_distinct", are_nulls_equal.then(|| word("True"))),
            Definition::Check { expression } => call("sa.CheckConstraint", [sa_text(expression)?]),
            Definition::ForeignKey(_) | Definition::Exclusion { .. } => return None,
        };
        Some(self.with_flags(call.with("name", final_name(self.name.clone()))))
    }

    fn with_flags(&self, call: Expr) -> Expr {
        call.with_some("deferrable", self.is_deferrable.then(|| word("True")))
            .with_some("initially", self.is_deferred.then(|| text("DEFERRED")))
            .with_some("postgresql_not_valid", self.is_not_valid.then(|| word("True")))
    }
}

impl Definition {
    fn read(sql: &str) -> Option<(Self, &str)> {
        if let Some(rest) = sql.strip_prefix("PRIMARY KEY ") {
            let (columns, rest) = names(rest)?;
            return Some((Self::PrimaryKey(columns), rest));
        }
        if let Some(rest) = sql.strip_prefix("UNIQUE ") {
            let (are_nulls_equal, rest) = match rest.strip_prefix("NULLS NOT DISTINCT ") {
                Some(rest) => (true, rest),
                None => (false, rest),
            };
            let (columns, rest) = names(rest)?;
            return Some((Self::Unique { columns, are_nulls_equal }, rest));
        }
        if let Some(rest) = sql.strip_prefix("CHECK ") {
            let (expression, rest) = scan::enclosed(rest)?;
            return Some((Self::Check { expression: scan::bare(expression).to_owned() }, rest));
        }
        if let Some(rest) = sql.strip_prefix("FOREIGN KEY ") {
            return foreign_key(rest);
        }
        exclusion(sql.strip_prefix("EXCLUDE USING ")?)
    }
}

fn foreign_key(sql: &str) -> Option<(Definition, &str)> {
    const ACTIONS: [&str; 4] = ["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT"];
    let (columns, rest) = names(sql)?;
    let (table, rest) = table(rest.strip_prefix(" REFERENCES ")?)?;
    let (referred, mut rest) = names(rest)?;
    // SQLAlchemy takes the other side apart at its dots.
    if table.iter().chain(&referred).any(|name| name.contains('.')) {
        return None;
    }
    let is_full = match rest.strip_prefix(" MATCH FULL") {
        Some(behind) => {
            rest = behind;
            true
        }
        None => false,
    };
    let mut action = |words: &str| {
        let behind = rest.strip_prefix(words)?;
        let action = ACTIONS.into_iter().find(|action| behind.starts_with(action))?;
        rest = &behind[action.len()..];
        Some(action)
    };
    let (on_update, on_delete) = (action(" ON UPDATE "), action(" ON DELETE "));
    let key = ForeignKey { columns, table, referred, is_full, on_update, on_delete };
    Some((Definition::ForeignKey(key), rest))
}

fn exclusion(sql: &str) -> Option<(Definition, &str)> {
    let (using, rest) = name(sql)?;
    let (inside, mut rest) = scan::enclosed(rest.strip_prefix(' ')?)?;
    let element = |part: &str| {
        let (column, operator) = part.rsplit_once(" WITH ")?;
        let operator = no_percent(operator)?.to_owned();
        Some((Element::read(column), operator))
    };
    let elements = scan::split(inside).into_iter().map(element).collect::<Option<_>>()?;
    let mut predicate = None;
    if let Some(behind) = rest.strip_prefix(" WHERE ") {
        let (inside, behind) = scan::enclosed(behind)?;
        predicate = Some(inside.to_owned());
        rest = behind;
    }
    Some((Definition::Exclusion { using, elements, predicate }, rest))
}

/// What an index or an exclusion constraint is over.
enum Element {
    Column(String),
    Other(String),
}

impl Element {
    fn read(sql: &str) -> Self {
        match name(sql) {
            Some((name, "")) => Self::Column(name),
            _ => Self::Other(sql.to_owned()),
        }
    }
}

/// `op.create_index(…)`.
pub(super) fn create_index(sql: &str) -> Option<Expr> {
    let (is_unique, rest) = match sql.strip_prefix("CREATE UNIQUE INDEX ") {
        Some(rest) => (true, rest),
        None => (false, sql.strip_prefix("CREATE INDEX ")?),
    };
    let (own, rest) = name(rest)?;
    let ([schema, table], rest) = table(rest.strip_prefix(" ON ")?)?;
    let (method, rest) = name(rest.strip_prefix(" USING ")?)?;
    let (inside, mut rest) = scan::enclosed(rest.strip_prefix(' ')?)?;
    let mut operators = Vec::new();
    let mut columns = Vec::new();
    for part in scan::split(inside) {
        columns.push(match column_and_class(part) {
            Some((column, class)) => {
                operators.extend(class.map(|class| (column.clone(), text(class))));
                text(column)
            }
            None => sa_text(part)?,
        });
    }
    let mut call = call("op.create_index", [final_name(own), text(table), Expr::List(columns)])
        .with("schema", text(schema))
        .with_some("unique", is_unique.then(|| word("True")))
        .with_some("postgresql_using", (method != "btree").then(|| text(method)))
        .with_some("postgresql_ops", (!operators.is_empty()).then_some(Expr::Dict(operators)));
    if let Some(behind) = rest.strip_prefix(" INCLUDE ") {
        let (included, behind) = names(behind)?;
        call = call.with("postgresql_include", list(&included));
        rest = behind;
    }
    if let Some(behind) = rest.strip_prefix(" NULLS NOT DISTINCT") {
        call = call.with("postgresql_nulls_not_distinct", word("True"));
        rest = behind;
    }
    if let Some(behind) = rest.strip_prefix(" WITH ") {
        let (options, behind) = scan::enclosed(behind)?;
        call = call.with("postgresql_with", parameters(options)?);
        rest = behind;
    }
    if let Some(behind) = rest.strip_prefix(" TABLESPACE ") {
        let (space, behind) = name(behind)?;
        call = call.with("postgresql_tablespace", text(space));
        rest = behind;
    }
    if let Some(predicate) = rest.strip_prefix(" WHERE ") {
        call = call.with("postgresql_where", sa_text(scan::bare(predicate))?);
        rest = "";
    }
    rest.is_empty().then_some(call)
}

/// A column by itself, or with an operator class.
fn column_and_class(part: &str) -> Option<(String, Option<&str>)> {
    let (column, rest) = name(part)?;
    if rest.is_empty() {
        return Some((column, None));
    }
    let class = rest.strip_prefix(' ')?;
    let is_class = name(class).is_some_and(|(_, rest)| rest.is_empty())
        || scan::qualified(class).is_some_and(|(_, rest)| rest.is_empty());
    (is_class && no_percent(class).is_some()).then_some((column, Some(class)))
}
