//! What a change of a column's type comes to: which ones touch no row was measured on every major, and is the
//! same on all of them.

use super::super::{Case, columns};
use crate::{Body, Kind, ObjectId, plan};

/// Whether PostgreSQL changes the type without touching a row.
pub(super) fn is_widening(case: &Case<'_, '_>) -> bool {
    columns(case).is_some_and(|(old, new)| {
        is_wider(&old.data_type, &new.data_type) || is_plain_domain(case, &old.data_type, &new.data_type)
    })
}

/// Whether the type can hold less than before.
pub(super) fn is_narrowing(case: &Case<'_, '_>) -> bool {
    columns(case).is_some_and(|(old, new)| {
        is_wider(&new.data_type, &old.data_type) || is_smaller(&old.data_type, &new.data_type)
    })
}

/// Whether a moment becomes what a clock shows, or the reverse.
pub(super) fn is_zone_change(case: &Case<'_, '_>) -> bool {
    let zone = |data_type: &str| {
        let (family, _) = limits(data_type);
        match family.as_str() {
            "timestamp with time zone" => Some(true),
            "timestamp without time zone" => Some(false),
            _ => None,
        }
    };
    columns(case).is_some_and(|(old, new)| match (zone(&old.data_type), zone(&new.data_type)) {
        (Some(old), Some(new)) => old != new,
        _ => false,
    })
}

/// Whether a check of the column's table names it: then every row is read to see whether it still holds.
pub(super) fn is_checked(case: &Case<'_, '_>) -> bool {
    let id = &case.delta.id;
    let mut inside = case.context.old.within(id.parent());
    inside.any(|(check, object)| check.kind() == Kind::Check && object.depends_on.contains(id))
}

/// Whether an index is on the column, which is built anew when the collation changes.
pub(super) fn is_rebuilt(case: &Case<'_, '_>) -> bool {
    let id = &case.delta.id;
    case.context.old.within(id.parent()).any(|(index, object)| {
        matches!(index.kind(), Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclusion)
            && object.depends_on.contains(id)
    })
}

/// A type that is a domain over the other, which refuses nothing.
fn is_plain_domain(case: &Case<'_, '_>, old: &str, new: &str) -> bool {
    let new_side = case.context.new;
    let is_strict = |id: &ObjectId| new_side.within(id.path()).any(|(id, _)| id.kind() == Kind::DomainCheck);
    let needed = case.delta.new_object().into_iter().flat_map(|column| &column.depends_on);
    needed.filter(|id| id.kind() == Kind::Domain && plan::sql::qualified(id.path()) == new).any(|id| {
        matches!(new_side.objects.get(id).map(|object| &object.body),
            Some(Body::Domain(domain)) if domain.base == old && domain.nullable)
            && !is_strict(id)
    })
}

/// The same family with a larger limit or none, and for numbers the same scale (manual, "ALTER TABLE", notes).
fn is_wider(old: &str, new: &str) -> bool {
    if old == new {
        return false;
    }
    let ((old_family, old_limits), (new_family, new_limits)) = (limits(old), limits(new));
    match (old_family.as_str(), new_family.as_str()) {
        ("character varying", "text") | ("cidr", "inet") => true,
        ("text", "character varying") => new_limits.is_empty(),
        (family, other) if family == other && has_free_limits(family) => {
            match (&old_limits[..], &new_limits[..]) {
                ([_, ..], []) => true,
                // The most that there is of digits behind the second is what no limit means.
                ([], [6]) => is_time(family),
                ([from], [to]) => from <= to,
                ([from, scale], [to, new_scale]) => from <= to && scale == new_scale,
                _ => false,
            }
        }
        _ => false,
    }
}

fn has_free_limits(family: &str) -> bool {
    matches!(family, "character varying" | "bit varying" | "numeric") || is_time(family)
}

fn is_time(family: &str) -> bool {
    family.starts_with("timestamp") || family.starts_with("time ") || family == "interval"
}

/// Numbers of which the new type holds fewer, or fewer digits of.
fn is_smaller(old: &str, new: &str) -> bool {
    const NUMBERS: [&str; 3] = ["smallint", "integer", "bigint"];
    let rank = |data_type: &str| NUMBERS.iter().position(|known| *known == data_type);
    let ((old_family, old_limits), (new_family, new_limits)) = (limits(old), limits(new));
    match (rank(old), rank(new)) {
        (Some(old), Some(new)) => new < old,
        _ if old_family == new_family => match (&old_limits[..], &new_limits[..]) {
            ([from], [to]) => to < from,
            ([from, scale], [to, new_scale]) => to < from || new_scale < scale,
            _ => false,
        },
        _ => (old_family == "double precision" && new == "real") || (old == "jsonb" && new == "json"),
    }
}

/// Splits `numeric(10,2)` into its family and its numbers; `timestamp(3) with time zone` has them in the middle.
fn limits(data_type: &str) -> (String, Vec<u32>) {
    let Some((before, rest)) = data_type.split_once('(') else { return (data_type.to_owned(), Vec::new()) };
    let Some((limits, after)) = rest.split_once(')') else { return (data_type.to_owned(), Vec::new()) };
    let numbers = limits.split(',').filter_map(|limit| limit.trim().parse().ok()).collect();
    (format!("{before}{after}"), numbers)
}

#[cfg(test)]
mod tests {
    use super::{is_smaller, is_wider};

    #[test]
    fn widening_is_what_rewrites_nothing() {
        for (old, new) in [
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "character varying"),
            ("character varying(10)", "text"),
            ("text", "character varying"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("bit varying(4)", "bit varying(8)"),
            ("bit varying(4)", "bit varying"),
            ("cidr", "inet"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("timestamp(3) without time zone", "timestamp(5) without time zone"),
            ("timestamp with time zone", "timestamp(6) with time zone"),
            ("time(3) without time zone", "time without time zone"),
            ("interval(3)", "interval(6)"),
        ] {
            assert!(is_wider(old, new), "{old} to {new}");
        }
        for (old, new) in [
            ("character varying(20)", "character varying(10)"),
            ("text", "character varying(10)"),
            ("character varying", "character varying(10)"),
            ("numeric(10,2)", "numeric(12,3)"),
            ("numeric", "numeric(10,2)"),
            ("integer", "bigint"),
            ("character(5)", "character(9)"),
            ("character(5)", "text"),
            ("inet", "cidr"),
            ("character varying(10)[]", "character varying(20)[]"),
            ("timestamp with time zone", "timestamp(0) with time zone"),
            ("timestamp(3) without time zone", "timestamp with time zone"),
            ("text", "text"),
        ] {
            assert!(!is_wider(old, new), "{old} to {new}");
        }
    }

    #[test]
    fn narrowing_loses_digits_or_range() {
        for (old, new) in [
            ("bigint", "integer"),
            ("integer", "smallint"),
            ("numeric(12,4)", "numeric(12,2)"),
            ("timestamp(6) with time zone", "timestamp(0) with time zone"),
            ("double precision", "real"),
        ] {
            assert!(is_smaller(old, new), "{old} to {new}");
            assert!(!is_smaller(new, old), "{new} to {old}");
        }
        assert!(!is_smaller("integer", "text"));
    }
}
