//! Patterns that people write: which tables to look at, which differences to leave out.

use strum::IntoEnumIterator as _;
use wildmatch::WildMatch;

use crate::{Kind, ObjectId};

/// A pattern with `*` and `?` over names: `users`, `billing.*`, `column:*.updated_at#comment`.
///
/// Without a kind it means relations and what they contain, with or without the schema. With a kind it means the
/// objects with such an id, and what those contain. What follows `#` is an attribute, of these objects alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    written: String,
    glob: WildMatch,
    has_kind: bool,
    attribute: Option<WildMatch>,
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(written: &str) -> Self {
        let (body, attribute) = match written.split_once('#') {
            Some((body, attribute)) => (body, Some(WildMatch::new(attribute))),
            None => (written, None),
        };
        Self {
            written: written.to_owned(),
            glob: WildMatch::new(if body.is_empty() { "*" } else { body }),
            has_kind: body.contains(':') || body.is_empty(),
            attribute,
        }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it means the object `id`.
    pub fn matches(&self, id: &ObjectId) -> bool {
        if self.has_kind {
            return self.glob.matches(&id.to_string()) || self.is_whole() && self.holds(id);
        }
        id.relation().is_some_and(|relation| {
            let name = relation.last().map_or("", String::as_str);
            self.glob.matches(name) || self.glob.matches(&relation.join("."))
        })
    }

    /// Whether it means what contains the object: without it, nothing is to be said of a part.
    fn holds(&self, id: &ObjectId) -> bool {
        let path = id.path();
        let is_meant = |kind: Kind, path: &[String]| {
            self.glob.matches(&ObjectId::new(kind, path.iter().cloned()).to_string())
        };
        let relations = || Kind::iter().filter(|kind| kind.is_relation());
        !id.kind().is_outside_schemas()
            && (path.len() > 1 && is_meant(Kind::Schema, &path[..1])
                || id.relation().is_some_and(|relation| {
                    relation.len() < path.len() && relations().any(|kind| is_meant(kind, relation))
                }))
    }

    /// Whether it means the whole of every object that it matches, not one attribute.
    pub fn is_whole(&self) -> bool {
        self.attribute.is_none()
    }

    /// Whether it means this attribute of `id`.
    pub fn matches_attribute(&self, id: &ObjectId, attribute: &str) -> bool {
        self.attribute.as_ref().is_none_or(|glob| glob.matches(attribute)) && self.matches(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, id: &str, expected: bool) {
        assert_eq!(Pattern::new(pattern).matches(&id.parse().unwrap()), expected, "{pattern} on {id}");
    }

    #[test]
    fn names_relations_or_ids() {
        check("users", "table:public.users", true);
        check("users", "column:app.users.id", true);
        check("public.users", "column:app.users.id", false);
        check("public.us*", "index:public.users.ix", true);
        check("users", "function:public.users()", false);
        check("function:public.f(*", "function:public.f(integer)", true);
        check("column:*.updated_at", "column:public.users.updated_at", true);
        check("column:*.updated_at", "table:public.users", false);
    }

    #[test]
    fn what_is_meant_is_meant_with_all_that_it_contains() {
        check("table:public.old_*", "column:public.old_users.id", true);
        check("table:public.old_users", "index:public.old_users.by_name", true);
        check("table:public.old_users", "column:public.older.id", false);
        check("view:public.v", "view_column:public.v.id", true);
        check("schema:legacy", "column:legacy.users.id", true);
        check("schema:legacy", "function:legacy.f()", true);
        check("schema:legacy", "table:public.legacy", false);
        check("extension:legacy", "table:legacy.users", false);
        // An attribute is that of the objects themselves.
        check("table:public.users#comment", "column:public.users.id", false);
    }

    #[test]
    fn names_attributes() {
        let id = "column:public.users.id".parse().unwrap();
        assert!(Pattern::new("users#comment").matches_attribute(&id, "comment"));
        assert!(!Pattern::new("users#comment").matches_attribute(&id, "type"));
        assert!(Pattern::new("#owner").matches_attribute(&id, "owner"));
        assert!(!Pattern::new("#owner").is_whole());
    }
}
