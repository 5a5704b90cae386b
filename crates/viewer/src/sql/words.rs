//! The words of the languages.

use super::Language;

/// SQL's words in small letters, the names of common types among them. Sorted.
#[rustfmt::skip]
const SQL: &[&str] = &[
    "add", "after", "all", "alter", "always", "analyze", "and", "any", "as", "asc", "atomic",
    "authorization", "before", "begin", "between", "bigint", "bigserial", "boolean", "both", "by", "bytea",
    "cache", "call", "cascade", "case", "cast", "char", "character", "check", "close", "cluster",
    "collate", "column", "comment", "commit", "commutator", "concurrently", "conflict", "constraint",
    "constraints", "continue", "copy", "cost", "create", "cross", "cube", "current", "current_date",
    "current_time", "current_timestamp", "current_user", "cursor", "cycle", "database", "date", "declare",
    "default", "deferrable", "deferred", "definer", "delete", "desc", "distinct", "do", "domain", "double",
    "drop", "each", "else", "elseif", "elsif", "end", "enum", "escape", "except", "exception", "exclude",
    "execute", "exists", "exit", "extension", "external", "false", "fetch", "filter", "first", "for",
    "foreach", "foreign", "from", "full", "function", "generated", "get", "grant", "group", "grouping",
    "handler", "having", "identity", "if", "ilike", "immediate", "immutable", "in", "include", "increment",
    "index", "inherit", "inherits", "initially", "inline", "inner", "inout", "input", "insert", "instead",
    "int", "integer", "intersect", "interval", "into", "invoker", "is", "isnull", "join", "json", "jsonb",
    "key", "language", "last", "lateral", "leading", "leakproof", "left", "like", "limit", "local",
    "localtime", "localtimestamp", "lock", "logged", "loop", "materialized", "maxvalue", "merge",
    "minvalue", "name", "natural", "next", "no", "not", "nothing", "notice", "notnull", "null", "nullif",
    "nulls", "numeric", "of", "off", "offset", "on", "only", "open", "operator", "option", "or", "order",
    "out", "outer", "over", "overriding", "owned", "owner", "parallel", "partition", "perform",
    "permissive", "plain", "policy", "precision", "primary", "privileges", "procedure", "publication",
    "raise", "range", "real", "recursive", "references", "refresh", "rename", "replace", "replica",
    "reset", "restrict", "restrictive", "return", "returning", "returns", "reverse", "revoke", "right",
    "role", "rollback", "rollup", "row", "rows", "rule", "safe", "savepoint", "schema", "security",
    "select", "sequence", "serial", "server", "session_user", "set", "setof", "sets", "share", "similar",
    "skip", "smallint", "smallserial", "some", "stable", "start", "statement", "statistics", "storage",
    "stored", "strict", "subscription", "symmetric", "table", "tablespace", "temp", "temporary", "text",
    "then", "time", "timestamp", "timestamptz", "timetz", "to", "trailing", "transaction", "trigger",
    "true", "truncate", "type", "unbounded", "union", "unique", "unlogged", "unsafe", "until", "update",
    "usage", "user", "using", "uuid", "valid", "validate", "value", "values", "varchar", "variadic",
    "varying", "version", "view", "virtual", "volatile", "when", "where", "while", "window", "with",
    "within", "without", "work", "xml", "yes", "zone",
];

/// Python's words. Sorted.
#[rustfmt::skip]
const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "self", "try", "while", "with",
    "yield",
];

/// No keyword is longer.
const LONGEST: usize = 20;

/// Whether a word belongs to the language itself. SQL has its words in any case.
pub(super) fn is_keyword(word: &str, language: Language) -> bool {
    // Every word of a text comes by here: no memory is asked for.
    let mut small = [0; LONGEST];
    let Some(small) = small.get_mut(..word.len()) else { return false };
    small.copy_from_slice(word.as_bytes());
    let words = match language {
        Language::Sql => {
            small.make_ascii_lowercase();
            SQL
        }
        Language::Python => PYTHON,
    };
    words.binary_search_by(|word| word.as_bytes().cmp(small)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_can_be_found() {
        for words in [SQL, PYTHON] {
            assert!(words.is_sorted() && words.iter().all(|word| word.len() <= LONGEST));
        }
        for (word, language, expected) in [
            ("SELECT", Language::Sql, true),
            ("select", Language::Python, false),
            ("None", Language::Python, true),
            ("none", Language::Python, false),
            ("email", Language::Sql, false),
        ] {
            assert_eq!(is_keyword(word, language), expected, "{word}");
        }
    }
}
