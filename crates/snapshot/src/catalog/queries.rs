//! The queries for objects, one a kind or family, all with the same columns:
//!
//! | column | what it holds |
//! | --- | --- |
//! | `kind` | the kind, as an id writes it |
//! | `class`, `object`, `part` | the address in the catalogs; `part` is a column's number |
//! | `path` | the id's path |
//! | `owner`, `grants` | the role, and the ACL as `aclitem` prints it |
//! | `body` | the body's fields as JSON |
//!
//! Comments, security labels and what belongs to an extension are read by queries of their own and joined by
//! the address. Schemas of the server itself begin with `pg_`; its objects outside schemas have an OID below
//! 16384.

/// The queries with their names for error messages, in no order that matters.
pub(super) const OBJECTS: &[(&str, &str)] = &[
    ("schemas", include_str!("schema.sql")),
    ("extensions", include_str!("extension.sql")),
    ("types", include_str!("type.sql")),
    ("sequences", include_str!("sequence.sql")),
    ("tables", include_str!("table.sql")),
    ("columns", include_str!("column.sql")),
    ("constraints", include_str!("constraint.sql")),
    ("domain constraints", include_str!("domain_check.sql")),
    ("indexes", include_str!("index.sql")),
    ("views", include_str!("view.sql")),
    ("routines", include_str!("routine.sql")),
    ("triggers", include_str!("trigger.sql")),
    ("policies", include_str!("policy.sql")),
];

/// The text of a query for a server: a line that ends in `-- 15+` is for that major and later ones, one that
/// ends in `-- until 14` for that and earlier ones.
pub(super) fn for_major(sql: &str, major: u32) -> String {
    let is_meant = |line: &&str| match line.rsplit_once(" -- ") {
        Some((_, marker)) => match (marker.strip_suffix('+'), marker.strip_prefix("until ")) {
            (Some(first), _) => first.parse().map_or(true, |first: u32| major >= first),
            (_, Some(last)) => last.parse().map_or(true, |last: u32| major <= last),
            _ => true,
        },
        None => true,
    };
    sql.lines().filter(is_meant).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_lines_are_for_some_servers() {
        let sql = "SELECT a,\n  b, -- 15+\n  NULL AS b, -- until 14\n  c -- as it is\n";
        assert_eq!(for_major(sql, 14), "SELECT a,\n  NULL AS b, -- until 14\n  c -- as it is");
        assert_eq!(for_major(sql, 15), "SELECT a,\n  b, -- 15+\n  c -- as it is");
    }

    #[test]
    fn every_marker_is_understood() {
        for (step, sql) in OBJECTS {
            for line in sql.lines().filter(|line| line.ends_with('+') || line.contains("-- until")) {
                assert!(for_major(line, 10) != for_major(line, 20), "{step}: {line}");
            }
        }
    }
}
