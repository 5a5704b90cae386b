//! How names, literals and objects are written in SQL.

use std::collections::BTreeMap;

use crate::{HIDDEN, Kind, ObjectId};

/// An identifier, quoted only where it must be, as `quote_ident` does.
pub(crate) fn ident(name: &str) -> String {
    let mut chars = name.chars();
    let is_plain = chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain && KEYWORDS.binary_search(&name).is_err() {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in single quotes, safe whatever `standard_conforming_strings` says.
pub(crate) fn literal(text: &str) -> String {
    let quoted = format!("'{}'", text.replace('\'', "''"));
    if quoted.contains('\\') { format!("E{}", quoted.replace('\\', "\\\\")) } else { quoted }
}

/// A text in dollar quotes, with a tag at which it cannot end too early.
pub(crate) fn dollar_quoted(text: &str) -> String {
    let tags = ["$$".to_owned(), "$body$".to_owned()].into_iter();
    let mut tags = tags.chain((1_u32..).map(|number| format!("$body{number}$")));
    let ends_right = |tag: &String| format!("{text}{tag}").find(tag.as_str()) == Some(text.len());
    let tag = tags.find(ends_right).expect("a text holds finitely many tags");
    format!("{tag}{text}{tag}")
}

/// A role, or everybody. A role that is called so itself stands in its quotes already.
pub(crate) fn role(name: &str) -> String {
    if matches!(name, "PUBLIC" | "\"PUBLIC\"") { name.to_owned() } else { ident(name) }
}

/// The path of a relation, or of whatever lies in a schema, with its schema.
pub(crate) fn qualified(path: &[String]) -> String {
    path.iter().map(|part| ident(part)).collect::<Vec<_>>().join(".")
}

/// The relation that an object belongs to, qualified.
pub(crate) fn relation(id: &ObjectId) -> String {
    qualified(&id.path()[..2.min(id.path().len())])
}

/// The name by which statements call an object, without the word for its kind.
pub(crate) fn name(id: &ObjectId) -> String {
    use Kind::*;
    let own = || ident(id.name());
    match id.kind() {
        // The last part is SQL already.
        Function | Procedure | Aggregate | Operator | OperatorClass | OperatorFamily => {
            format!("{}.{}", ident(id.schema()), id.name())
        }
        PrimaryKey | Unique | Check | ForeignKey | Exclusion | Trigger | Rule | Policy => {
            format!("{} ON {}", own(), relation(id))
        }
        DomainCheck => format!("{} ON DOMAIN {}", own(), relation(id)),
        Index => format!("{}.{}", ident(id.schema()), own()),
        Cast => format!("({} AS {})", id.schema(), id.name()),
        Transform => format!("FOR {} LANGUAGE {}", id.schema(), own()),
        UserMapping => format!("FOR {} SERVER {}", role(id.name()), ident(id.schema())),
        _ => qualified(id.path()),
    }
}

/// The word for a kind in COMMENT ON, DROP and ALTER.
pub(crate) fn word(kind: Kind) -> &'static str {
    use Kind::*;
    match kind {
        Schema => "SCHEMA",
        Extension => "EXTENSION",
        Enum | Composite | Range | BaseType => "TYPE",
        Domain => "DOMAIN",
        Sequence => "SEQUENCE",
        Table | Partition => "TABLE",
        ForeignTable => "FOREIGN TABLE",
        Column | ViewColumn => "COLUMN",
        PrimaryKey | Unique | Check | ForeignKey | Exclusion | DomainCheck => "CONSTRAINT",
        Index => "INDEX",
        View => "VIEW",
        MaterializedView => "MATERIALIZED VIEW",
        Function => "FUNCTION",
        Procedure => "PROCEDURE",
        Aggregate => "AGGREGATE",
        Trigger => "TRIGGER",
        EventTrigger => "EVENT TRIGGER",
        Rule => "RULE",
        Policy => "POLICY",
        Operator => "OPERATOR",
        OperatorClass => "OPERATOR CLASS",
        OperatorFamily => "OPERATOR FAMILY",
        Cast => "CAST",
        Transform => "TRANSFORM",
        Collation => "COLLATION",
        Conversion => "CONVERSION",
        TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        TextSearchParser => "TEXT SEARCH PARSER",
        TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        Statistics => "STATISTICS",
        Language => "LANGUAGE",
        AccessMethod => "ACCESS METHOD",
        ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        ForeignServer => "SERVER",
        UserMapping => "USER MAPPING",
        Publication => "PUBLICATION",
        Subscription => "SUBSCRIPTION",
        DefaultPrivileges => "DEFAULT PRIVILEGES",
    }
}

/// Kind and name: `TABLE public.users`, `CONSTRAINT c ON public.t`.
pub(crate) fn address(id: &ObjectId) -> String {
    format!("{} {}", word(id.kind()), name(id))
}

/// `ALTER TABLE public.t`, for all that is altered through its relation.
pub(crate) fn alter_relation(id: &ObjectId) -> String {
    format!("ALTER TABLE {}", relation(id))
}

/// Storage parameters in their order: `fillfactor=70, autovacuum_enabled=false`.
pub(crate) fn parameters<'a>(options: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let one = |(name, value): (&String, &String)| {
        // The namespace `toast.` is no part of the identifier.
        let name = name.split('.').map(ident).collect::<Vec<_>>().join(".");
        let is_plain =
            !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        let is_bare = is_plain && KEYWORDS.binary_search(&value.as_str()).is_err()
            || value == "true"
            || value == "false";
        if is_bare { format!("{name}={value}") } else { format!("{name}={}", literal(value)) }
    };
    options.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Storage parameters in the order in which they were set.
pub(crate) fn ordered_parameters(object: &crate::Object, options: &BTreeMap<String, String>) -> String {
    match object.printed.get("options") {
        Some(order) => parameters(order.split(',').filter_map(|name| options.get_key_value(name))),
        None => parameters(options),
    }
}

/// Options of foreign data: `host 'a', port 'b'`. Those whose value is a secret are left out.
pub(crate) fn foreign_options(options: &BTreeMap<String, String>) -> String {
    let known = options.iter().filter(|(_, value)| *value != HIDDEN);
    known.map(|(name, value)| format!("{} {}", ident(name), literal(value))).collect::<Vec<_>>().join(", ")
}

/// A name with a suffix that still fits into PostgreSQL's 63 bytes.
pub(crate) fn suffixed(name: &str, suffix: &str) -> String {
    let mut end = name.len().min(63 - suffix.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{suffix}", &name[..end])
}

/// What `quote_ident` quotes though it looks plain: all keywords but the unreserved ones (manual, "SQL Key
/// Words"; of PostgreSQL 18, which reserves all that older ones do). Sorted.
const KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_must_be_quoted() {
        for (name, written) in [
            ("users", "users"),
            ("user", "\"user\""),
            ("Users", "\"Users\""),
            ("a b", "\"a b\""),
            ("q\"q", "\"q\"\"q\""),
            ("1st", "\"1st\""),
            ("", "\"\""),
        ] {
            assert_eq!(ident(name), written);
        }
        assert!(KEYWORDS.is_sorted());
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
    }

    #[test]
    fn dollar_quotes_never_meet_the_text() {
        assert_eq!(dollar_quoted("a"), "$$a$$");
        assert_eq!(dollar_quoted("a $$ b"), "$body$a $$ b$body$");
        assert_eq!(dollar_quoted("a$"), "$body$a$$body$");
        assert_eq!(dollar_quoted("$$ $body"), "$body1$$$ $body$body1$");
    }

    #[test]
    fn long_names_are_cut_at_characters() {
        let long = "ä".repeat(40);
        let cut = suffixed(&long, "__old");
        assert!(cut.len() <= 63 && cut.ends_with("__old"), "{cut}");
    }
}
