//! How an object is addressed: its kind and its path, and the one written form of both.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Kind;

/// The address of an object: `column:public.users.email`.
///
/// Ids sort by path first, so that what a table contains follows the table in one range.
/// The last part of a routine, an operator, an operator class or family is its signature as SQL has it, with
/// the name quoted where it must be: `function:public.total(integer, text)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    path: Vec<String>,
    kind: Kind,
}

/// Why a text is not an [`ObjectId`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// There is no `kind:` in front.
    #[error("object id {0:?} has no kind in front, such as `table:public.users`")]
    NoKind(String),
    /// The kind is none that this version knows.
    #[error("object id {id:?} has the unknown kind {kind:?}")]
    UnknownKind {
        /// The whole text.
        id: String,
        /// What stands before the colon.
        kind: String,
    },
    /// A quote or a parenthesis is not closed, or a part is empty.
    #[error("object id {0:?} has a path that cannot be read")]
    BadPath(String),
}

impl ObjectId {
    /// Addresses the object of `kind` at `path`, outermost name first.
    pub fn new<P: Into<String>>(kind: Kind, path: impl IntoIterator<Item = P>) -> Self {
        Self { path: path.into_iter().map(Into::into).collect(), kind }
    }

    /// The kind of the object.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The names from the outermost (the schema) to the object's own.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The object's own name: the last part of the path.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The name of the schema that holds the object (of an extension: its own name).
    pub fn schema(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The path of what contains the object; empty for a schema or an extension.
    pub fn parent(&self) -> &[String] {
        self.path.split_last().map_or(&[], |(_, parent)| parent)
    }

    /// The path of the relation that the object is or belongs to, if it is or belongs to one.
    pub fn relation(&self) -> Option<&[String]> {
        match self.path.len() {
            _ if self.kind.is_outside_schemas() || self.kind == Kind::DomainCheck => None,
            3.. => Some(&self.path[..2]),
            2 if self.kind.is_relation() => Some(&self.path),
            _ => None,
        }
    }

    /// The path as written, without the kind: `public.users.email`.
    pub fn dotted(&self) -> String {
        dotted(&self.path)
    }
}

/// Writes a path with dots, quoting the parts that would not read back as they are.
pub(crate) fn dotted(path: &[String]) -> String {
    let mut text = String::new();
    for (at, part) in path.iter().enumerate() {
        if at > 0 {
            text.push('.');
        }
        if reads_back(part) {
            text.push_str(part);
        } else {
            text.push('"');
            text.push_str(&part.replace('"', "\"\""));
            text.push('"');
        }
    }
    text
}

/// Whether a part can stand bare. Most can at a glance, and ids are written by the ten thousand.
fn reads_back(part: &str) -> bool {
    let is_plain = !part.is_empty() && !part.bytes().any(|byte| b".\"()".contains(&byte));
    is_plain || parse_path(part).is_some_and(|read| read.len() == 1 && read[0] == part)
}

/// Splits at dots that stand outside of quotes and parentheses; `None` where a part is empty or left open.
fn parse_path(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut depth = 0_usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if depth == 0 => loop {
                match chars.next()? {
                    '"' if chars.next_if_eq(&'"').is_some() => part.push('"'),
                    '"' => break,
                    inside => part.push(inside),
                }
            },
            '.' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.checked_sub(1)?,
                    _ => {}
                }
                part.push(c);
            }
        }
    }
    parts.push(part);
    (depth == 0 && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.dotted())
    }
}

impl FromStr for ObjectId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (kind, path) = text.split_once(':').ok_or_else(|| IdError::NoKind(text.to_owned()))?;
        let kind =
            kind.parse().map_err(|_| IdError::UnknownKind { id: text.to_owned(), kind: kind.to_owned() })?;
        let path = parse_path(path).ok_or_else(|| IdError::BadPath(text.to_owned()))?;
        Ok(Self { path, kind })
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, path: &[&str], written: &str) {
        let id = ObjectId::new(kind, path.iter().copied());
        assert_eq!(id.to_string(), written);
        assert_eq!(written.parse::<ObjectId>(), Ok(id));
    }

    #[test]
    fn reads_back_what_it_writes() {
        check(Kind::Table, &["public", "users"], "table:public.users");
        check(Kind::Column, &["public", "users", "e mail"], "column:public.users.e mail");
        check(Kind::Table, &["a.b", "c\"d"], "table:\"a.b\".\"c\"\"d\"");
        check(Kind::Function, &["public", "f(integer, x.y)"], "function:public.f(integer, x.y)");
        check(Kind::Function, &["public", "a.b(integer)"], "function:public.\"a.b(integer)\"");
        check(Kind::Table, &["public", "odd("], "table:public.\"odd(\"");
        check(Kind::Table, &["public", "späti 🍦"], "table:public.späti 🍦");
        check(Kind::Table, &["public", "kind:like"], "table:public.kind:like");
        check(Kind::Table, &["public", "line\nbreak"], "table:public.line\nbreak");
    }

    #[test]
    fn refuses_what_it_never_writes() {
        let read = |text: &str| text.parse::<ObjectId>().unwrap_err().to_string();
        assert_eq!(read("users"), "object id \"users\" has no kind in front, such as `table:public.users`");
        assert_eq!(read("tabel:public.x"), "object id \"tabel:public.x\" has the unknown kind \"tabel\"");
        for broken in ["table:", "table:a..b", "table:\"a", "table:f(", "table:f)"] {
            assert!(read(broken).ends_with("has a path that cannot be read"), "{broken}");
        }
    }

    #[test]
    fn what_a_table_contains_follows_it() {
        let mut ids: Vec<ObjectId> =
            ["table:public.b", "column:public.a.x", "function:public.a(integer)", "table:public.a"]
                .iter()
                .map(|id| id.parse().unwrap())
                .collect();
        ids.sort();
        let written: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(
            written,
            ["table:public.a", "column:public.a.x", "function:public.a(integer)", "table:public.b"]
        );
    }
}
