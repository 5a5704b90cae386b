//! Tables and columns as SQLAlchemy declares them.

use itertools::Itertools;

use super::operations::{name, table};
use super::parts;
use super::python::{Expr, call, sql as sa_text, text, word};
use super::scan;
use super::types::{Sides, collated, data_type};
use crate::{Body, Kind, ObjectId};

/// `op.create_table(…)`.
pub(super) fn create_table(sql: &str, sides: Sides<'_>) -> Option<Expr> {
    let (is_unlogged, sql) = match sql.strip_prefix("CREATE UNLOGGED TABLE ") {
        Some(rest) => (true, rest),
        None => (false, sql.strip_prefix("CREATE TABLE ")?),
    };
    let ([schema, own], rest) = table(sql)?;
    let (inside, mut rest) = scan::enclosed(rest.strip_prefix(' ')?)?;
    let pieces = scan::split(inside);
    let (constraints, columns): (Vec<&str>, Vec<&str>) =
        pieces.into_iter().partition(|piece| piece.starts_with("CONSTRAINT "));
    let constraints = constraints.into_iter().map(parts::Part::read).collect::<Option<Vec<_>>>()?;
    let key = constraints.iter().find_map(parts::Part::key).unwrap_or_default();
    let mut call = call("op.create_table", [text(&own)]);
    for piece in &columns {
        call = call.then(column(piece, [&schema, &own], sides, &key)?);
    }
    for constraint in &constraints {
        call = call.then(constraint.within_table()?);
    }
    call = call.with("schema", text(&schema));
    if is_unlogged {
        call = call.with("prefixes", Expr::List(vec![text("UNLOGGED")]));
    }
    if let Some(partition_by) = rest.strip_prefix(" PARTITION BY ") {
        // Whatever comes behind belongs to it only where it ends with its brackets.
        let open = partition_by.find('(')?;
        let (_, behind) = scan::enclosed(&partition_by[open..])?;
        let by = &partition_by[..partition_by.len() - behind.len()];
        call = call.with("postgresql_partition_by", text(no_percent(by)?));
        rest = behind;
    }
    rest.is_empty().then_some(call)
}

/// Storage parameters as a dictionary.
pub(super) fn parameters(options: &str) -> Option<Expr> {
    let pair = |option: &str| {
        let (name, value) = no_percent(option)?.split_once('=')?;
        Some((name.to_owned(), text(value)))
    };
    Some(Expr::Dict(scan::split(options).into_iter().map(pair).collect::<Option<_>>()?))
}

/// SQL that SQLAlchemy hands on as it is must not hold what the driver takes for a parameter.
pub(super) fn no_percent(sql: &str) -> Option<&str> {
    (!sql.contains('%')).then_some(sql)
}

/// `sa.Column(…)`.
pub(super) fn column(piece: &str, table: [&str; 2], sides: Sides<'_>, key: &[String]) -> Option<Expr> {
    let (own, rest) = name(piece)?;
    let id = ObjectId::new(Kind::Column, [table[0], table[1], own.as_str()]);
    let Body::Column(it) = &sides.new.objects.get(&id)?.body else { return None };
    let mut rest = rest.strip_prefix(' ')?.strip_prefix(it.data_type.as_str())?;
    let is_not_null = rest.ends_with(" NOT NULL") && !it.nullable;
    if is_not_null {
        // A name or anything else beyond it is more than can be said here.
        if it.not_null.as_ref().is_some_and(|more| more.name.is_some() || more.no_inherit || more.not_valid) {
            return None;
        }
        rest = rest.strip_suffix(" NOT NULL")?;
    } else if !it.nullable {
        return None;
    }
    let mut own_type = data_type(&it.data_type, sides)?;
    if let Some(collate) = rest.strip_prefix(" COLLATE ") {
        let collation = it.collation.as_deref()?;
        rest = collate.strip_prefix(collation)?;
        own_type = collated(own_type, collation)?;
    }
    let is_integer = ["smallint", "integer", "bigint"].contains(&it.data_type.as_str());
    let is_bare = rest.is_empty();
    let mut column = call("sa.Column", [text(&own), own_type]);
    if let Some(generated) = rest.strip_prefix(" GENERATED ALWAYS AS (") {
        let expression = generated.strip_suffix(") STORED")?;
        let computed = call("sa.Computed", [sa_text(expression)?]).with("persisted", word("True"));
        column = column.then(computed);
    } else if rest.starts_with(" GENERATED ") {
        column = column.then(identity(rest.trim_start())?);
    } else if let Some(default) = rest.strip_prefix(" DEFAULT ") {
        column = column.with("server_default", sa_text(default)?);
    } else if !is_bare {
        return None;
    }
    // SQLAlchemy would make a serial column of it.
    if is_bare && is_integer && key.iter().exactly_one().ok() == Some(&own) {
        column = column.with("autoincrement", word("False"));
    }
    Some(column.with("nullable", word(if is_not_null { "False" } else { "True" })))
}

/// `sa.Identity(…)` of `GENERATED ALWAYS AS IDENTITY (…)`.
pub(super) fn identity(sql: &str) -> Option<Expr> {
    let rest = sql.strip_prefix("GENERATED ")?;
    let (is_always, rest) = match rest.strip_prefix("ALWAYS AS IDENTITY") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("BY DEFAULT AS IDENTITY")?),
    };
    let always = word(if is_always { "True" } else { "False" });
    let mut identity = call("sa.Identity", []).with("always", always);
    if rest.is_empty() {
        return Some(identity);
    }
    let (inside, "") = scan::enclosed(rest.strip_prefix(' ')?)? else { return None };
    let mut words = inside.split(' ').collect::<std::collections::VecDeque<_>>();
    while let Some(first) = words.pop_front() {
        let (name, value) = match first {
            "START" | "INCREMENT" => {
                words.pop_front().filter(|word| ["WITH", "BY"].contains(word))?;
                (if first == "START" { "start" } else { "increment" }, words.pop_front()?)
            }
            "MINVALUE" => ("minvalue", words.pop_front()?),
            "MAXVALUE" => ("maxvalue", words.pop_front()?),
            "CACHE" => ("cache", words.pop_front()?),
            "CYCLE" => ("cycle", "True"),
            _ => return None,
        };
        let is_value = value == "True" || value.parse::<i64>().is_ok();
        identity = is_value.then(|| identity.with(name, word(value)))?;
    }
    Some(identity)
}
