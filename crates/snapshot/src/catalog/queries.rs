//! The queries for objects, one a kind or family, all with the same columns at first:
//!
//! | column | what it holds |
//! | --- | --- |
//! | `kind` | the kind, as an id writes it |
//! | `class`, `object`, `part` | the address in the catalogs; `part` is a column's number |
//! | `path` | the id's path |
//! | `owner`, `grants` | the role, and the ACL as `aclitem` prints it |
//! | `body` | fields of the body as JSON |
//! | any other | the field of that name: of what there are thousands, the server need not write JSON |
//!
//! Comments, security labels and what belongs to an extension are read by queries of their own and joined by
//! the address. Schemas of the server itself begin with `pg_`; its objects outside schemas have an OID below
//! 16384.

use std::ops::RangeInclusive;

/// The queries with their names for error messages. Those with many rows come first: while those are made into
/// objects the server is at the others.
pub(super) const OBJECTS: &[(&str, &str)] = &[
    ("columns", include_str!("column.sql")),
    ("constraints", include_str!("constraint.sql")),
    ("views", include_str!("view.sql")),
    ("indexes", include_str!("index.sql")),
    ("schemas", include_str!("schema.sql")),
    ("extensions", include_str!("extension.sql")),
    ("enums and domains", include_str!("type.sql")),
    ("domain constraints", include_str!("domain_check.sql")),
    ("composite types", include_str!("composite.sql")),
    ("range types", include_str!("range.sql")),
    ("base types", include_str!("base_type.sql")),
    ("sequences", include_str!("sequence.sql")),
    ("tables", include_str!("table.sql")),
    ("foreign tables", include_str!("foreign_table.sql")),
    ("columns of views", include_str!("view_column.sql")),
    ("routines", include_str!("routine.sql")),
    ("aggregates", include_str!("aggregate.sql")),
    ("triggers", include_str!("trigger.sql")),
    ("event triggers", include_str!("event_trigger.sql")),
    ("rules", include_str!("rule.sql")),
    ("policies", include_str!("policy.sql")),
    ("operators", include_str!("operator.sql")),
    ("operator classes", include_str!("operator_class.sql")),
    ("casts", include_str!("cast.sql")),
    ("transforms", include_str!("transform.sql")),
    ("collations", include_str!("collation.sql")),
    ("conversions", include_str!("conversion.sql")),
    ("text search", include_str!("text_search.sql")),
    ("extended statistics", include_str!("statistics.sql")),
    ("languages", include_str!("language.sql")),
    ("access methods", include_str!("access_method.sql")),
    ("foreign data", include_str!("foreign_data.sql")),
    ("publications", include_str!("publication.sql")),
    ("subscriptions", include_str!("subscription.sql")),
    ("default privileges", include_str!("default_privileges.sql")),
];

/// The text of a query for a server. A line that ends in `-- 15+` is for that major and later ones, one that
/// ends in `-- until 14` for that and earlier ones, one that ends in `-- 15 to 16` for those between.
pub(super) fn for_major(sql: &str, major: u32) -> String {
    let is_meant = |line: &&str| marker(line).is_none_or(|majors| majors.contains(&major));
    sql.lines().filter(is_meant).collect::<Vec<_>>().join("\n")
}

/// The majors that a line is marked for.
fn marker(line: &str) -> Option<RangeInclusive<u32>> {
    let (_, marker) = line.rsplit_once("-- ")?;
    if let Some(first) = marker.strip_suffix('+') {
        return Some(first.parse().ok()?..=u32::MAX);
    }
    if let Some(last) = marker.strip_prefix("until ") {
        return Some(0..=last.parse().ok()?);
    }
    let (first, last) = marker.split_once(" to ")?;
    Some(first.parse().ok()?..=last.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_lines_are_for_some_servers() {
        let check = |line: &str, expected: &[u32]| {
            let found: Vec<u32> = (13..=18).filter(|major| !for_major(line, *major).is_empty()).collect();
            assert_eq!(found, expected, "{line}");
        };
        check("  a, -- 15+", &[15, 16, 17, 18]);
        check("  a, -- until 14", &[13, 14]);
        check("  a, -- 15 to 16", &[15, 16]);
        check("-- From 17 to 18 it is so.", &[13, 14, 15, 16, 17, 18]);
        assert_eq!(for_major("SELECT a,\n  b, -- 15+\n  c\n", 14), "SELECT a,\n  c");
    }

    #[test]
    fn what_looks_like_a_marker_is_one() {
        for (step, sql) in OBJECTS {
            let mut marked = sql.lines().filter(|line| line.contains("-- until") || line.ends_with('+'));
            assert!(marked.all(|line| marker(line).is_some()), "{step}");
        }
    }
}
