//! PostgreSQL's types as SQLAlchemy's. What has no certain counterpart has none.

use super::python::{Expr, call, text, word};
use super::scan;
use crate::{Body, Kind, ObjectId, Snapshot};

/// The two sides of the way: what user-defined types are is looked up in them.
#[derive(Clone, Copy)]
pub(super) struct Sides<'s> {
    pub(super) old: &'s Snapshot,
    pub(super) new: &'s Snapshot,
}

impl<'s> Sides<'s> {
    /// An object of new, or else of old.
    pub(super) fn body(&self, id: &ObjectId) -> Option<&'s Body> {
        self.new.objects.get(id).or_else(|| self.old.objects.get(id)).map(|object| &object.body)
    }
}

/// The type that `format_type` prints so.
pub(super) fn data_type(printed: &str, sides: Sides<'_>) -> Option<Expr> {
    if let Some(element) = printed.strip_suffix("[]") {
        return Some(call("postgresql.ARRAY", [data_type(element, sides)?]));
    }
    if let Some((path, "")) = scan::qualified(printed) {
        return user_defined(path, sides);
    }
    let (name, modifiers) = modifiers(printed)?;
    let number = |at: usize| modifiers.get(at).map(word);
    let plain = |callee: &str| modifiers.is_empty().then(|| call(callee, []));
    let sized = |callee: &str| (modifiers.len() <= 1).then(|| call(callee, number(0)));
    let range = |name: &str| plain(&format!("postgresql.{}", name.to_ascii_uppercase()));
    match name.as_str() {
        "smallint" => plain("sa.SmallInteger"),
        "integer" => plain("sa.Integer"),
        "bigint" => plain("sa.BigInteger"),
        "real" => plain("sa.REAL"),
        "double precision" => plain("postgresql.DOUBLE_PRECISION"),
        "numeric" if modifiers.len() != 1 => Some(call("sa.Numeric", modifiers.iter().map(word))),
        "boolean" => plain("sa.Boolean"),
        "text" => plain("sa.Text"),
        "character varying" => sized("sa.String"),
        "character" if modifiers.len() == 1 => sized("sa.CHAR"),
        "bytea" => plain("sa.LargeBinary"),
        "date" => plain("sa.Date"),
        "uuid" => plain("postgresql.UUID"),
        "json" => plain("postgresql.JSON"),
        "jsonb" => plain("postgresql.JSONB"),
        "inet" => plain("postgresql.INET"),
        "cidr" => plain("postgresql.CIDR"),
        "macaddr" => plain("postgresql.MACADDR"),
        "macaddr8" => plain("postgresql.MACADDR8"),
        "money" => plain("postgresql.MONEY"),
        "oid" => plain("postgresql.OID"),
        "tsvector" => plain("postgresql.TSVECTOR"),
        "tsquery" => plain("postgresql.TSQUERY"),
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" | "int4multirange"
        | "int8multirange" | "nummultirange" | "datemultirange" | "tsmultirange" | "tstzmultirange" => {
            range(&name)
        }
        "bit" if modifiers.len() == 1 => sized("postgresql.BIT"),
        "bit varying" => sized("postgresql.BIT").map(|bit| bit.with("varying", word("True"))),
        "interval" => Some(call("postgresql.INTERVAL", []).with_some("precision", number(0))),
        "time without time zone" => moment(["sa.Time", "postgresql.TIME"], false, number(0)),
        "time with time zone" => moment(["sa.Time", "postgresql.TIME"], true, number(0)),
        "timestamp without time zone" => moment(["sa.DateTime", "postgresql.TIMESTAMP"], false, number(0)),
        "timestamp with time zone" => moment(["sa.DateTime", "postgresql.TIMESTAMP"], true, number(0)),
        name => {
            let fields = name.strip_prefix("interval ")?;
            let is_fields = fields
                .split(' ')
                .all(|word| ["year", "month", "day", "hour", "minute", "second", "to"].contains(&word));
            let interval = call("postgresql.INTERVAL", []).with("fields", text(fields));
            is_fields.then(|| interval.with_some("precision", number(0)))
        }
    }
}

fn moment([plain, precise]: [&str; 2], has_zone: bool, precision: Option<Expr>) -> Option<Expr> {
    let zone = has_zone.then(|| word("True"));
    Some(match precision {
        None => call(plain, []).with_some("timezone", zone),
        precision => call(precise, []).with_some("timezone", zone).with_some("precision", precision),
    })
}

/// `timestamp(3) with time zone` as its name and its numbers.
fn modifiers(printed: &str) -> Option<(String, Vec<i32>)> {
    let Some(open) = printed.find('(') else { return Some((printed.to_owned(), Vec::new())) };
    let (inside, rest) = scan::enclosed(&printed[open..])?;
    let numbers = inside.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    Some((format!("{}{rest}", &printed[..open]), numbers))
}

fn user_defined([schema, name]: [String; 2], sides: Sides<'_>) -> Option<Expr> {
    let id = |kind| ObjectId::new(kind, [schema.clone(), name.clone()]);
    let place = |own: Expr| own.with("schema", text(&schema)).with("create_type", word("False"));
    if let Some(Body::Enum(it)) = sides.body(&id(Kind::Enum)) {
        let labels = it.labels.iter().map(text);
        return Some(place(call("postgresql.ENUM", labels).with("name", text(&name))));
    }
    if let Some(Body::Domain(it)) = sides.body(&id(Kind::Domain)) {
        return Some(place(call("postgresql.DOMAIN", [text(&name), data_type(&it.base, sides)?])));
    }
    // Types of extensions are called without their schema.
    let is_of = |extension: &str| {
        let id = ObjectId::new(Kind::Extension, [extension]);
        matches!(sides.body(&id), Some(Body::Extension(it)) if it.schema == schema && schema == "public")
    };
    match name.as_str() {
        "citext" if is_of("citext") => Some(call("postgresql.CITEXT", [])),
        "hstore" if is_of("hstore") => Some(call("postgresql.HSTORE", [])),
        _ => None,
    }
}

/// The same type with a collation; only types of text have one here.
pub(super) fn collated(own: Expr, collation: &str) -> Option<Expr> {
    let bare = collation.strip_prefix("pg_catalog.").unwrap_or(collation);
    let (name, rest) = scan::name(bare)?;
    let is_text = matches!(&own, Expr::Call(callee, _) if ["sa.String", "sa.Text", "sa.CHAR"].contains(&callee.as_str()));
    (is_text && rest.is_empty() && !name.contains(['"', '%'])).then(|| own.with("collation", text(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(printed: &str, expected: Option<&str>) {
        let empty = Snapshot::default();
        let found = data_type(printed, Sides { old: &empty, new: &empty }).map(|expr| {
            let mut out = String::new();
            expr.write(&mut out, 0);
            out.trim_end().to_owned()
        });
        assert_eq!(found.as_deref(), expected, "{printed}");
    }

    #[test]
    fn types_have_certain_counterparts() {
        check("character varying(80)", Some("sa.String(80)"));
        check("character varying", Some("sa.String()"));
        check("numeric", Some("sa.Numeric()"));
        check("numeric(12,2)[]", Some("postgresql.ARRAY(sa.Numeric(12, 2))"));
        check("timestamp with time zone", Some("sa.DateTime(timezone=True)"));
        check("timestamp(3) without time zone", Some("postgresql.TIMESTAMP(precision=3)"));
        check("interval", Some("postgresql.INTERVAL()"));
        check(
            "interval day to second(3)",
            Some("postgresql.INTERVAL(fields=\"day to second\", precision=3)"),
        );
        check("bit varying(5)", Some("postgresql.BIT(5, varying=True)"));
        check("tstzrange", Some("postgresql.TSTZRANGE()"));
    }

    #[test]
    fn what_is_uncertain_has_none() {
        for printed in ["xml", "\"char\"", "point", "public.geometry(Point,4326)", "public.gone", "name"] {
            check(printed, None);
        }
    }
}
