//! Pairs objects that are the same under two names, where the names mean nothing.
//!
//! PostgreSQL numbers unnamed constraints in the order they were made, SQLAlchemy shortens long names
//! with a hash. Such objects are compared by what they say, never dropped and made again for a name.

use std::collections::{BTreeMap, BTreeSet};

use itertools::EitherOrBoth;

use crate::ObjectId;
use crate::diff::Entry;

/// Old ids and new ids of objects that are the same but for the name.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    by_old: BTreeMap<ObjectId, ObjectId>,
    new: BTreeSet<ObjectId>,
}

impl Pairs {
    pub(crate) fn is_old(&self, id: &ObjectId) -> bool {
        self.by_old.contains_key(id)
    }

    pub(crate) fn is_new(&self, id: &ObjectId) -> bool {
        self.new.contains(id)
    }

    /// Whether an id that stands on both sides belongs to a pair on either.
    pub(crate) fn consumes(&self, id: &ObjectId) -> bool {
        self.is_old(id) || self.is_new(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        self.by_old.iter()
    }
}

/// Pairs the objects of equal kind, parent and body that have no equal under their own name.
pub(crate) fn pair(apart: &[EitherOrBoth<Entry<'_>, Entry<'_>>]) -> Pairs {
    let unmatched = apart.iter().filter(|both| match both {
        EitherOrBoth::Both((_, old), (_, new)) => old.body != new.body,
        _ => true,
    });
    let candidates = group(unmatched.clone().filter_map(|both| both.as_ref().right()));
    let mut pairs = Pairs::default();
    for (key, ids) in group(unmatched.filter_map(|both| both.as_ref().left())) {
        let others = candidates.get(&key).into_iter().flatten();
        for (from, to) in ids.into_iter().zip(others) {
            pairs.by_old.insert(from.clone(), (*to).clone());
            pairs.new.insert((*to).clone());
        }
    }
    pairs
}

/// The ids that may be paired, in order, by what must be equal.
fn group<'a>(unmatched: impl Iterator<Item = &'a Entry<'a>>) -> BTreeMap<String, Vec<&'a ObjectId>> {
    let mut groups: BTreeMap<String, Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in unmatched.filter(|(_, object)| object.body.has_incidental_name()) {
        let body = serde_json::to_string(&object.body).expect("bodies hold nothing JSON cannot");
        groups.entry(format!("{}\n{body}", id.parent().join("\n"))).or_default().push(id);
    }
    groups
}
