//! The snapshot: all objects of one database or model set at one moment, and its file form.
//!
//! Whatever is not in a [`Snapshot`] does not exist for the rest of the program. Loading checks
//! everything that the rest relies on; after it, nothing can fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::parents;
use crate::{Body, Kind, ObjectId, collect, json};

/// The version of the file format that this program writes. It reads every older one.
pub const FORMAT: u32 = 1;

/// So many tables may be above one of which it is a partition or from which it inherits.
const MOST_ABOVE: usize = 1_000;

/// The schema of one database or model set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The version of the file format.
    pub format: u32,
    /// Where it comes from. Never part of a comparison.
    #[serde(default)]
    pub source: Source,
    /// What the source can say. What it cannot say is unknown, which is not the same as absent.
    #[serde(default)]
    pub coverage: Coverage,
    /// What the reading found to be wrong with the source itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// SHA-256 over the objects as written, origins included, in hexadecimal: equal for equal schemas that were
    /// read from the same kind of source.
    #[serde(default)]
    pub digest: String,
    /// The objects by their ids.
    #[serde(deserialize_with = "json::each_once")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// Estimates by relation, as the server's statistics have them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sizes: BTreeMap<ObjectId, Size>,
}

/// Where a snapshot comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `database`, `models`, `migrations`, `sql`.
    #[serde(default)]
    pub kind: String,
    /// What people call it: `shop@db.internal`, `shop.models`. Never with a password.
    #[serde(default)]
    pub label: String,
    /// The version of the server that printed the definitions, as `server_version` gives it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub server: String,
    /// When it was taken, RFC 3339 in UTC; left out without provenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// The program that took it, with its version; left out without provenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The tables in which migrations keep their books.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledgers: Vec<Ledger>,
    /// Of migrations: the revisions that were built, each after those that it follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Revision>,
}

/// A table in which migrations keep their books.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The table.
    pub table: ObjectId,
    /// Whose books they are.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tool: Tool,
    /// The revisions it names, sorted.
    pub revisions: Vec<String>,
    /// Those that began and did not come to their end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// Whether its rows may not be read, so that nothing is known of the revisions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_hidden: bool,
}

impl Ledger {
    /// What people say that a database is at: of books with a row for each migration the last one alone.
    pub fn at(&self) -> Vec<String> {
        match self.tool {
            Tool::Alembic | Tool::Migrate => self.revisions.clone(),
            // Versions are as long as each other, or the longer one is the later one.
            Tool::Flyway | Tool::SchemaMigrations => {
                let last = self.revisions.iter().max_by_key(|version| (version.len(), *version));
                last.into_iter().cloned().collect()
            }
            // There are many applications, each with a last one of its own.
            Tool::Django => Vec::new(),
        }
    }
}

/// A tool that runs migrations, by how it keeps its books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Alembic: the revisions that nothing applied follows.
    #[default]
    Alembic,
    /// Django: each migration, as `app.name`.
    Django,
    /// Flyway: each version.
    Flyway,
    /// golang-migrate: the last version alone.
    Migrate,
    /// What keeps a `schema_migrations` with each version: dbmate, Rails, and others.
    SchemaMigrations,
}

/// A migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// What the ledger calls it.
    pub id: String,
    /// The revisions that come right before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follows: Vec<String>,
    /// Its file, relative to the project where it can be.
    pub file: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a source can say about a schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Kinds that the source says nothing about.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown_kinds: BTreeSet<Kind>,
    /// Attributes that the source says nothing about, of any kind: `owner`, `grants`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown_attributes: BTreeSet<String>,
    /// The schemas that the source speaks of; all of them where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schemas: Option<BTreeSet<String>>,
    /// What the role that took the snapshot may not read, a sentence each.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// How many objects were seen of the kinds that snapshots do not hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_modelled: BTreeMap<String, u64>,
}

impl Coverage {
    /// Whether the absence of `id` from the source means that the object does not exist there.
    pub fn covers(&self, id: &ObjectId) -> bool {
        // An extension is no schema's, whatever its name.
        let in_schemas = || {
            id.kind().is_outside_schemas()
                || self.schemas.as_ref().is_none_or(|schemas| schemas.contains(id.schema()))
        };
        !self.unknown_kinds.contains(&id.kind()) && in_schemas()
    }
}

/// Something wrong with the source itself, such as a model that PostgreSQL refuses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// One sentence.
    pub message: String,
    /// Whether a part of the source is missing from the snapshot because of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_loss: bool,
    /// The statement or text that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// One object: what all kinds have, and the body of its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The role that owns it, for kinds that are owned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its security labels by provider.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub security_labels: BTreeMap<String, String>,
    /// What roles may do: privileges by role, `*` behind those that may be passed on; `ALL` for all that there
    /// are of several. The owner stands here only where it lacks a privilege, with those it has left.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<String, BTreeSet<String>>,
    /// What it cannot exist without, beside what contains it, as `pg_depend` records it. Never compared.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<ObjectId>,
    /// Where the model declares it. Never compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Texts as the server printed them, by attribute, where the body has another spelling of the same. Plans
    /// write these; they are never compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub printed: BTreeMap<String, String>,
    /// The attributes of its kind.
    pub body: Body,
}

impl Object {
    /// The text of an attribute as SQL is to have it: as the server printed it.
    pub fn text<'a>(&'a self, attribute: &str, settled: &'a str) -> &'a str {
        self.printed.get(attribute).map_or(settled, String::as_str)
    }

    /// An object with nothing but a body.
    pub fn new(body: Body) -> Self {
        Self {
            owner: None,
            comment: None,
            security_labels: BTreeMap::new(),
            grants: BTreeMap::new(),
            depends_on: BTreeSet::new(),
            origin: None,
            printed: BTreeMap::new(),
            body,
        }
    }
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The path as the source named it, relative to the project where it can be.
    pub file: String,
    /// From 1.
    pub line: u32,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// How large a relation is, as an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Rows.
    pub rows: u64,
    /// Bytes on disk, indexes included.
    pub bytes: u64,
}

/// Why some bytes are not a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Not JSON, or not of a snapshot's shape.
    #[error("line {line}, column {column}: {message}")]
    Damaged {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there, and what it looks like instead.
        message: String,
    },
    /// JSON, but nothing that this program wrote.
    #[error("it is JSON, but not a snapshot: it has no \"format\" number and no \"objects\"")]
    NotASnapshot,
    /// A newer program wrote it.
    #[error(
        "it has snapshot format {found}, but this driftglass reads up to {FORMAT}: use a newer driftglass"
    )]
    Newer {
        /// The format it declares.
        found: u64,
    },
    /// A table is a partition of itself, or inherits from itself, by way of others or not.
    #[error("{id} follows tables that follow it, or more than {MOST_ABOVE} others")]
    Circle {
        /// The table.
        id: ObjectId,
    },
    /// An id says one kind, the body beneath it another.
    #[error("{id} holds a body of kind {body}")]
    WrongBody {
        /// The id.
        id: ObjectId,
        /// The kind of the body.
        body: Kind,
    },
    /// An id names no table for a column, or more than a table for one.
    #[error("{id} has {} names, and {expected} are needed", id.path().len())]
    WrongDepth {
        /// The id.
        id: ObjectId,
        /// How many names such objects are addressed by.
        expected: usize,
    },
}

impl Snapshot {
    /// A snapshot of `objects`, its digest computed.
    pub fn new(source: Source, coverage: Coverage, objects: BTreeMap<ObjectId, Object>) -> Self {
        let digest = digest(&objects);
        Self {
            format: FORMAT,
            source,
            coverage,
            findings: Vec::new(),
            digest,
            objects,
            sizes: BTreeMap::new(),
        }
    }

    /// A database as PostgreSQL makes it: nothing but the schema `public`. `beside` is what it will be compared
    /// with, of whose version it is.
    pub fn of_new_database(beside: Option<&Self>) -> Self {
        let server = beside.map_or("", |beside| &beside.source.server).to_owned();
        let major = server.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(u32::MAX);
        let id = ObjectId::new(Kind::Schema, ["public"]);
        let other = beside.and_then(|beside| beside.objects.get(&id)).and_then(|object| object.owner.clone());
        // Since 15 the schema is its database's owner's, and only that one may create in it.
        let (owner, all) =
            if major < 15 { (other, "ALL") } else { (Some("pg_database_owner".to_owned()), "USAGE") };
        let public = Object {
            owner,
            comment: Some("standard public schema".to_owned()),
            grants: [("PUBLIC".to_owned(), [all.to_owned()].into())].into(),
            ..Object::new(Body::Schema(crate::Schema::default()))
        };
        let source = Source {
            kind: "empty".to_owned(),
            label: "an empty database".to_owned(),
            server,
            ..Source::default()
        };
        Self::new(source, Coverage::default(), collect::map([(id, public)]))
    }

    /// Reads a snapshot file.
    ///
    /// # Errors
    /// Says where the file is damaged, that it is no snapshot, or that it is of a newer format.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let snapshot = match json::read::<Self>(bytes) {
            Ok(snapshot) if snapshot.format > FORMAT => {
                return Err(SnapshotError::Newer { found: snapshot.format.into() });
            }
            Ok(snapshot) => snapshot,
            Err(error) => return Err(explain(bytes, &error)),
        };
        for (id, object) in &snapshot.objects {
            if object.body.kind() != id.kind() {
                return Err(SnapshotError::WrongBody { id: id.clone(), body: object.body.kind() });
            }
            if let Some(expected) = id.kind().depth().filter(|depth| *depth != id.path().len()) {
                return Err(SnapshotError::WrongDepth { id: id.clone(), expected });
            }
            if snapshot.goes_round(&object.body) {
                return Err(SnapshotError::Circle { id: id.clone() });
            }
        }
        Ok(snapshot)
    }

    /// Whether what a table follows never comes to an end.
    fn goes_round(&self, body: &Body) -> bool {
        let (mut above, mut count) = (parents(body), 0);
        while let Some(id) = above.pop().filter(|_| count < MOST_ABOVE) {
            if let Some(object) = self.objects.get(id) {
                above.append(&mut parents(&object.body));
            }
            count += 1;
        }
        count == MOST_ABOVE
    }

    /// Writes the file form: pretty, sorted, LF, with one at the end. The same snapshot gives the same bytes.
    pub fn to_json(&self) -> String {
        let mut text = json::pretty(self);
        text.push('\n');
        text
    }

    /// The snapshot with those objects alone whose ids are let through.
    pub(crate) fn only(&self, lets_through: impl Fn(&ObjectId) -> bool) -> Self {
        let kept = self.objects.iter().filter(|(id, _)| lets_through(id));
        Self {
            format: self.format,
            source: self.source.clone(),
            coverage: self.coverage.clone(),
            findings: self.findings.clone(),
            digest: self.digest.clone(),
            objects: collect::map(kept.map(|(id, object)| (id.clone(), object.clone()))),
            sizes: self.sizes.clone(),
        }
    }

    /// The revisions that Alembic's ledgers name.
    pub fn alembic_revisions(&self) -> impl Iterator<Item = &String> {
        let ledgers = self.source.ledgers.iter().filter(|ledger| ledger.tool == Tool::Alembic);
        ledgers.flat_map(|ledger| &ledger.revisions)
    }

    /// What lies in the object at a path, at whatever depth: one range of the map, since ids sort by path.
    pub(crate) fn within<'s>(
        &'s self,
        path: &'s [String],
    ) -> impl Iterator<Item = (&'s ObjectId, &'s Object)> {
        let start = ObjectId::new(Kind::Schema, path.iter().cloned());
        let inside = self.objects.range(start..).take_while(move |(id, _)| id.path().starts_with(path));
        inside.filter(move |(id, _)| id.path().len() > path.len())
    }

    /// The objects of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects.iter().filter(move |(id, _)| id.kind() == kind)
    }
}

fn digest(objects: &BTreeMap<ObjectId, Object>) -> String {
    hex(&Sha256::digest(json::write(objects)))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Finds the cause behind a failed read: a newer format, another JSON file, another kind of file.
fn explain(bytes: &[u8], error: &serde_json::Error) -> SnapshotError {
    #[derive(Deserialize)]
    struct Head {
        format: Option<u64>,
    }
    match json::read::<Head>(bytes) {
        Ok(Head { format: Some(found) }) if found > FORMAT.into() => SnapshotError::Newer { found },
        Ok(Head { format: None }) => SnapshotError::NotASnapshot,
        _ => SnapshotError::Damaged {
            line: error.line(),
            column: error.column(),
            message: describe(bytes, error),
        },
    }
}

fn describe(bytes: &[u8], error: &serde_json::Error) -> String {
    let start = bytes.trim_ascii_start();
    let looks_like = match start.get(..2) {
        None if start.is_empty() => return "the file is empty".to_owned(),
        Some(b"\x1f\x8b") => return "it is compressed with gzip, decompress it first".to_owned(),
        Some(b"\xff\xfe" | b"\xfe\xff") => return "it is UTF-16, a snapshot is UTF-8".to_owned(),
        _ if start[0] == b'<' => "; it looks like an HTML page (a login page?)",
        _ if start[0].is_ascii_alphabetic() || start.starts_with(b"--") => {
            "; it looks like SQL or plain text"
        }
        _ if error.is_eof() => "; the file ends too early",
        _ => "",
    };
    let text = error.to_string();
    let bare = text.split(" at line ").next().unwrap_or(&text);
    format!("{bare}{looks_like}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(bytes: &[u8], message: &str) {
        assert_eq!(Snapshot::from_json(bytes).unwrap_err().to_string(), message);
    }

    #[test]
    fn says_what_is_wrong_with_a_file() {
        refused(b"", "line 1, column 0: the file is empty");
        refused(
            b"<!DOCTYPE html>",
            "line 1, column 1: expected value; it looks like an HTML page (a login page?)",
        );
        refused(b"CREATE TABLE x", "line 1, column 1: expected value; it looks like SQL or plain text");
        refused(b"\x1f\x8b\x08\x00", "line 1, column 1: it is compressed with gzip, decompress it first");
        refused(b"\xff\xfe{\0", "line 1, column 1: it is UTF-16, a snapshot is UTF-8");
        refused(
            b"{\"a\": 1}",
            "it is JSON, but not a snapshot: it has no \"format\" number and no \"objects\"",
        );
        refused(
            b"{\"format\": 7, \"objects\": {}, \"new\": 1}",
            "it has snapshot format 7, but this driftglass reads up to 1: use a newer driftglass",
        );
        refused(
            b"{\"format\": 1,\n \"objects\": {",
            "line 2, column 13: EOF while parsing an object; the file ends too early",
        );
        refused(
            b"{\"format\": 1,\n \"objects\": {\"table:public.t\": {\"body\": {\"schema\": {}}}}}",
            "table:public.t holds a body of kind schema",
        );
        for (id, body, found, needed) in [
            ("index:public.ix", r#""index": {"definition": ""}"#, 2, 3),
            ("column:a", r#""column": {"position": 1, "type": "text", "nullable": true}"#, 1, 3),
            ("table:public.a.b", r#""table": {}"#, 3, 2),
            ("schema:public.a", r#""schema": {}"#, 2, 1),
        ] {
            let file = format!(r#"{{"format": 1, "objects": {{"{id}": {{"body": {{{body}}}}}}}}}"#);
            refused(file.as_bytes(), &format!("{id} has {found} names, and {needed} are needed"));
        }
        let follows = |name: &str, of: &str| {
            format!(
                "\"partition:public.{name}\":{{\"body\":{{\"partition\":{{\"bound\":\"\",\"of\":\"partition:public.{of}\"}}}}}}"
            )
        };
        let circle = format!("{{\"format\":1,\"objects\":{{{},{}}}}}", follows("a", "b"), follows("b", "a"));
        refused(
            circle.as_bytes(),
            "partition:public.a follows tables that follow it, or more than 1000 others",
        );
        refused(
            b"{\"format\": 1,\n \"objects\": {\"tabel:public.t\": {}}}",
            "line 2, column 29: object id \"tabel:public.t\" has the unknown kind \"tabel\"",
        );
    }

    #[test]
    fn every_truncation_is_refused() {
        let body = Body::Enum(crate::Enum { labels: vec!["a".into()] });
        let id = ObjectId::new(Kind::Enum, ["public", "mood"]);
        let whole = Snapshot::new(Source::default(), Coverage::default(), [(id, Object::new(body))].into());
        let text = whole.to_json();
        assert_eq!(Snapshot::from_json(text.as_bytes()).unwrap(), whole);
        for end in 0..text.len() - 2 {
            assert!(Snapshot::from_json(&text.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"format\":1,\"objects\":{}", "[".repeat(100_000));
        assert!(Snapshot::from_json(deep.as_bytes()).is_err());
    }
}
