//! Patterns that people write: which tables to look at, which differences to leave out.

use std::collections::BTreeSet;

use wildmatch::WildMatch;

use crate::{Kind, ObjectId, Snapshot, collect};

/// A pattern with `*` and `?` over names: `users`, `billing.*`, `column:*.updated_at#comment`.
///
/// Without a kind it means relations and what they contain, with or without the schema. With a kind it means the
/// whole written id, and where it is left out what such an object contains. What follows `#` is an attribute.
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
            return self.glob.matches(&id.to_string());
        }
        id.relation().is_some_and(|relation| {
            let name = relation.last().map_or("", String::as_str);
            self.glob.matches(name) || self.glob.matches(&relation.join("."))
        })
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

/// Patterns of what is left out, and what they mean in some snapshots: to leave out a table and not its columns would
/// be to drop each of them.
pub(crate) struct LeftOut<'a> {
    patterns: &'a [Pattern],
    /// The paths of relations and schemas that are left out as a whole.
    wholes: BTreeSet<&'a [String]>,
}

impl<'a> LeftOut<'a> {
    pub(crate) fn new(patterns: &'a [Pattern], snapshots: &[&'a Snapshot]) -> Self {
        let is_meant = |id: &ObjectId| {
            patterns.iter().any(|pattern| pattern.has_kind && pattern.is_whole() && pattern.matches(id))
        };
        let mut wholes = BTreeSet::new();
        if patterns.iter().any(|pattern| pattern.has_kind && pattern.is_whole()) {
            let ids = snapshots.iter().flat_map(|snapshot| snapshot.objects.keys());
            let wide = ids.filter(|id| id.kind().is_relation() || id.kind() == Kind::Schema);
            wholes = collect::set(wide.filter(|id| is_meant(id)).map(ObjectId::path));
        }
        Self { patterns, wholes }
    }

    /// Whether an object is left out as a whole.
    pub(crate) fn has(&self, id: &ObjectId) -> bool {
        self.has_around(id) || self.patterns.iter().any(|pattern| pattern.is_whole() && pattern.matches(id))
    }

    /// Whether an attribute of it is.
    pub(crate) fn has_attribute(&self, id: &ObjectId, attribute: &str) -> bool {
        self.has_around(id) || self.patterns.iter().any(|pattern| pattern.matches_attribute(id, attribute))
    }

    fn has_around(&self, id: &ObjectId) -> bool {
        !self.wholes.is_empty()
            && !id.kind().is_outside_schemas()
            && (self.wholes.contains(&id.path()[..1])
                || id.relation().is_some_and(|path| self.wholes.contains(path)))
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
    fn what_is_left_out_takes_along_what_it_contains() {
        let body = |id: &str, kind: &str| format!(r#""{id}": {{"body": {{"{kind}": {{}}}}}}"#);
        let objects = [
            body("schema:legacy", "schema"),
            body("table:public.old", "table"),
            body("table:public.t", "table"),
        ];
        let text = format!(r#"{{"format": 1, "objects": {{{}}}}}"#, objects.join(","));
        let snapshot = Snapshot::from_json(text.as_bytes()).unwrap();
        for (pattern, id, expected) in [
            ("table:public.old", "column:public.old.id", true),
            ("table:*.o*", "index:public.old.by_name", true),
            ("table:public.old", "column:public.older.id", false),
            ("view:*", "column:public.t.id", false),
            ("schema:legacy", "function:legacy.f()", true),
            ("schema:legacy", "extension:legacy", false),
            ("table:public.old#comment", "column:public.old.id", false),
            ("column:*.id", "column:public.t.id", true),
        ] {
            let patterns = [Pattern::new(pattern)];
            let left_out = LeftOut::new(&patterns, &[&snapshot]);
            assert_eq!(left_out.has(&id.parse().unwrap()), expected, "{pattern} on {id}");
        }
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
