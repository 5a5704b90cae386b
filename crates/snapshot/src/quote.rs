//! Identifiers and literals in the SQL that this crate writes.

use diff_core::ObjectId;

/// An identifier in double quotes.
pub(crate) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in single quotes.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The schema and the name of an object that lies in a schema.
pub(crate) fn qualified(id: &ObjectId) -> String {
    format!("{}.{}", ident(id.schema()), ident(id.name()))
}
