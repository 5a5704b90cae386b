//! The index of a place where snapshots are published: which environment had which schema, and when.
//!
//! It grows with changes, not with time: a schema that is seen again makes its stretch longer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::snapshot::hex;
use crate::{Kind, Ledger, Snapshot, Source};

/// The index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The version of this form.
    pub format: u32,
    /// The stretches of each environment, by time.
    pub environments: BTreeMap<String, Vec<Stretch>>,
    /// What was seen, by key; each is stored once.
    pub schemas: BTreeMap<String, Stored>,
}

/// A time during which an environment had one schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The key of the schema.
    pub schema: String,
    /// When it was seen first, RFC 3339 in UTC.
    pub from: String,
    /// When it was seen last.
    pub until: String,
    /// How often it was seen.
    pub seen: u32,
    /// The commit of the code with which it was seen first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// How many differences there are to the stretch before; of the first stretch none are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<usize>,
}

/// A schema that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// How many tables it has.
    pub tables: usize,
    /// How many objects.
    pub objects: usize,
    /// The version of the server that printed it.
    pub server: String,
    /// The revisions that its migrations' ledger names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<String>,
}

impl Default for History {
    fn default() -> Self {
        Self { format: 1, environments: BTreeMap::new(), schemas: BTreeMap::new() }
    }
}

/// The name of a stored schema's file, from the index's folder.
pub fn stored_path(key: &str) -> String {
    format!("schemas/{key}.json.gz")
}

impl Snapshot {
    /// What is published of it: all but when and as what it was taken; and the key of that, the same for the same.
    pub fn to_publish(&self) -> (String, Self) {
        let source = Source { label: String::new(), taken_at: None, tool: None, ..self.source.clone() };
        let mut plain = Self { source, sizes: BTreeMap::new(), ..self.clone() };
        let digest = Sha256::digest(plain.to_json());
        plain.sizes.clone_from(&self.sizes);
        (hex(&digest[..10]), plain)
    }
}

impl History {
    /// Reads an index.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        match read.format {
            1 => Ok(read),
            found => Err(format!("it has format {found}; a newer driftglass has written it")),
        }
    }

    /// The stretch of `environment` that ends last before `at`, or holds it.
    pub fn before(&self, environment: &str, at: &str) -> Option<&Stretch> {
        self.environments.get(environment)?.iter().rev().find(|stretch| stretch.from.as_str() <= at)
    }

    /// Notes that `environment` had `snapshot`, whose key is `key`, at a time. `differences` is to what stood there
    /// [before](Self::before).
    pub fn add(
        &mut self,
        environment: &str,
        (key, snapshot): (&str, &Snapshot),
        at: &str,
        commit: Option<&str>,
        differences: Option<usize>,
    ) {
        let stored = || Stored {
            tables: snapshot.of_kind(Kind::Table).count(),
            objects: snapshot.objects.len(),
            server: snapshot.source.server.clone(),
            revisions: snapshot.source.ledgers.iter().flat_map(Ledger::at).collect(),
        };
        self.schemas.entry(key.to_owned()).or_insert_with(stored);
        let new = Stretch {
            schema: key.to_owned(),
            from: at.to_owned(),
            until: at.to_owned(),
            seen: 1,
            commit: commit.map(str::to_owned),
            differences,
        };
        let stretches = self.environments.entry(environment.to_owned()).or_default();
        let place = stretches.partition_point(|stretch| stretch.from.as_str() <= at);
        if let Some(before) = place.checked_sub(1).and_then(|place| stretches.get_mut(place)) {
            if before.schema == key {
                before.until = before.until.clone().max(at.to_owned());
                before.seen += 1;
                return;
            }
            // What came late falls into a longer stretch: that one ended, and began again.
            if before.until.as_str() > at {
                let again = Stretch { from: before.until.clone(), seen: 1, differences, ..before.clone() };
                before.until.clone_from(&before.from);
                before.seen = before.seen.saturating_sub(1).max(1);
                stretches.splice(place..place, [new, again]);
                return;
            }
        }
        match stretches.get_mut(place).filter(|after| after.schema == key) {
            Some(after) => {
                after.from = at.to_owned();
                after.seen += 1;
                after.commit = new.commit;
                after.differences = differences;
            }
            None => stretches.insert(place, new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretches of one environment, each as `key from-until ×seen`.
    #[track_caller]
    fn check(seen: &[(&str, &str)], expected: &[&str]) {
        let snapshot = Snapshot::default();
        let mut index = History::default();
        for (key, at) in seen {
            index.add("prod", (key, &snapshot), at, None, None);
        }
        let word = |it: &Stretch| format!("{} {}-{} ×{}", it.schema, it.from, it.until, it.seen);
        assert_eq!(index.environments["prod"].iter().map(word).collect::<Vec<_>>(), expected, "{seen:?}");
    }

    #[test]
    fn a_schema_that_stays_makes_one_stretch() {
        check(&[("a", "1"), ("a", "2"), ("a", "3")], &["a 1-3 ×3"]);
        check(&[("a", "1"), ("b", "2"), ("b", "3"), ("a", "4")], &["a 1-1 ×1", "b 2-3 ×2", "a 4-4 ×1"]);
    }

    #[test]
    fn what_comes_late_finds_its_place() {
        check(&[("a", "3"), ("a", "1")], &["a 1-3 ×2"]);
        check(&[("a", "1"), ("b", "3"), ("a", "2")], &["a 1-2 ×2", "b 3-3 ×1"]);
        check(&[("a", "1"), ("a", "5"), ("b", "3")], &["a 1-1 ×1", "b 3-3 ×1", "a 5-5 ×1"]);
    }

    #[test]
    fn time_and_name_make_no_new_schema() {
        let text = r#"{"format": 1, "source": {"label": "prod", "taken_at": "2026-01-01T00:00:00Z"}, "objects": {},
            "sizes": {"table:public.a": {"rows": 1, "bytes": 2}}}"#;
        let one = Snapshot::from_json(text.as_bytes()).unwrap();
        let two = Snapshot::from_json(
            text.replace("prod", "staging").replace("\"rows\": 1", "\"rows\": 7").as_bytes(),
        );
        let three = Snapshot::from_json(
            text.replace("\"objects\": {}", r#""objects": {"schema:a": {"body": {"schema": {}}}}"#)
                .as_bytes(),
        );
        let key = |snapshot: &Snapshot| snapshot.to_publish().0;
        assert_eq!(key(&one), key(&two.unwrap()));
        assert_ne!(key(&one), key(&three.unwrap()));
        assert_eq!(one.to_publish().1.source.label, "");
    }

    #[test]
    fn an_index_of_another_form_is_refused() {
        assert!(
            History::from_json(br#"{"format": 9, "environments": {}, "schemas": {}}"#)
                .unwrap_err()
                .contains("newer")
        );
        assert!(History::from_json(b"[]").is_err());
    }
}
