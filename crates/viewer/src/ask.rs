//! What the page can ask, and the shape of every answer. All of it crosses between page and worker.

use std::collections::BTreeSet;

use diff_core::{Group, Severity};
use serde::{Deserialize, Serialize};

pub use crate::map::Options as MapOptions;
pub use crate::views::*;

/// A file that is open, by the number that the page gave it.
pub type FileId = u32;

/// The two files of a comparison, and what of it is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// What stands.
    pub old: FileId,
    /// What should stand.
    pub new: FileId,
    /// Differences that are left out, as `--ignore` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Objects that are the same under another name, as `--rename` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<String>,
}

impl Pair {
    /// Whether one file is looked at by itself.
    pub fn is_single(&self) -> bool {
        self.old == self.new
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// What the comparison comes to.
    Overview(Pair),
    /// The list of what differs.
    Changes(Pair, Listing),
    /// One object with everything in it.
    Object(Pair, String),
    /// The SQL that makes an object, on both sides.
    Definition(Pair, String),
    /// The statements of the migration that are about an object.
    Statements(Pair, String),
    /// Objects by name.
    Search(Pair, String),
    /// The way from one side to the other.
    Migration(Pair, Way),
    /// Tables and their foreign keys.
    Map(Pair, MapOptions),
    /// All tables as tiles, for an area of so many pixels.
    Atlas(Pair, u32, u32),
    /// Several files beside each other, in this order.
    Matrix(Vec<FileId>, Vec<String>),
}

impl Ask {
    /// The two files of a question that takes a planner to answer: it knows what a rename comes to, too.
    pub fn planned(&self) -> Option<[FileId; 2]> {
        let (pair, is_planned) = match self {
            Self::Definition(pair, _) | Self::Statements(pair, _) | Self::Migration(pair, _) => (pair, true),
            Self::Overview(pair)
            | Self::Changes(pair, _)
            | Self::Object(pair, _)
            | Self::Search(pair, _)
            | Self::Map(pair, _)
            | Self::Atlas(pair, ..) => (pair, !pair.renames.is_empty()),
            Self::Matrix(..) => return None,
        };
        is_planned.then_some([pair.old, pair.new])
    }
}

/// An answer, of the question's name.
#[allow(clippy::large_enum_variant, reason = "there is one at a time, so that the large ones cost nothing")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`Ask::Overview`].
    Overview(Overview),
    /// To [`Ask::Changes`].
    Changes(Changes),
    /// To [`Ask::Object`]; nothing where neither side has it.
    Object(Option<ObjectView>),
    /// To [`Ask::Definition`].
    Definition(Definition),
    /// To [`Ask::Statements`].
    Statements(Vec<StatementView>),
    /// To [`Ask::Search`].
    Search(Vec<crate::search::Hit>),
    /// To [`Ask::Migration`].
    Migration(Migration),
    /// To [`Ask::Map`].
    Map(crate::map::Map),
    /// To [`Ask::Atlas`].
    Atlas(crate::map::Atlas),
    /// To [`Ask::Matrix`].
    Matrix(MatrixView),
    /// What was asked cannot be answered: why.
    Failed(String),
}

/// What becomes of an object on the way from old to new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nothing.
    #[default]
    Same,
    /// Only new has it.
    Added,
    /// Only old has it.
    Removed,
    /// Both have it, and it differs.
    Altered,
    /// Both have it under names of which neither means anything.
    Renamed,
}

impl Fate {
    /// Of an entry's `change`.
    pub fn of(change: &str) -> Self {
        match change {
            "added" => Self::Added,
            "removed" => Self::Removed,
            "renamed" => Self::Renamed,
            _ => Self::Altered,
        }
    }
}

/// What is known of an open file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The file's name.
    pub name: String,
    /// `database`, `models`, `migrations`, `sql`.
    pub kind: String,
    /// What people call the source.
    pub label: String,
    /// The server's version.
    pub server: String,
    /// When it was taken.
    pub taken_at: Option<String>,
    /// The revisions of its migration ledger.
    pub revisions: Vec<String>,
    /// How many objects it has.
    pub objects: usize,
    /// How many tables it has.
    pub tables: usize,
    /// Its size in bytes, unpacked.
    pub bytes: usize,
    /// How many migrations it tells of.
    pub migrations: usize,
    /// Tells files of equal content.
    pub digest: String,
}

/// What of the differences is shown. Nothing is hidden where all is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words that must all occur in names, values, rules or files; blanks part them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only these severities.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub severities: BTreeSet<Severity>,
    /// Only these kinds of difference.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<Group>,
    /// Only these fates.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub fates: BTreeSet<Fate>,
    /// Only these rules.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub rules: BTreeSet<String>,
    /// Only these schemas.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub schemas: BTreeSet<String>,
    /// Only what can lose data.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_loss: bool,
}

impl Filter {
    /// Whether it hides nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self { text: self.text.trim().to_owned(), ..Self::default() } && self.text.trim().is_empty()
    }
}

/// Into what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Tables, by schema.
    #[default]
    Table,
    /// Kinds of difference.
    Kind,
    /// How much it matters.
    Risk,
    /// The rules that speak.
    Cause,
    /// Why it is there, as the migrations tell.
    Why,
}

/// How the list is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What is let through.
    pub filter: Filter,
    /// The groups.
    pub grouping: Grouping,
    /// Keys of rows that are not as they are at first: groups are open, objects and folds closed.
    pub toggled: BTreeSet<String>,
    /// Whether objects without a difference are listed too.
    pub is_whole: bool,
}

/// The list of what differs: a tree, row by row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// The rows that are not within a closed one.
    pub rows: Vec<Row>,
    /// Differences that are shown.
    pub shown: usize,
    /// All differences.
    pub total: usize,
    /// The objects that are shown, in their order: where "next" leads.
    pub objects: Vec<String>,
}

/// One row of the tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Tells rows apart.
    pub key: String,
    /// From 1.
    pub level: u8,
    /// Its place among its siblings, from 1.
    pub place: usize,
    /// How many siblings there are, itself included.
    pub siblings: usize,
    /// Whether it is open; absent where it has nothing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_open: Option<bool>,
    /// The word for what it is: `table`; empty where that goes without saying.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub word: String,
    /// Quieter, before the title: the schema, the table.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The name or heading.
    pub title: String,
    /// Quieter, behind the title: `type integer → bigint`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// What becomes of it; absent for groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
    /// The highest severity in it; absent where nothing differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether going from old to new can lose data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_loss: bool,
    /// Differences in it.
    pub count: usize,
    /// The object that it leads to, by its written id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The one difference that it is, by its place in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<usize>,
    /// Of an object: tells its differences apart from any others it may have another day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mark: String,
}

/// Which migration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Way {
    /// From new to old.
    pub is_back: bool,
    /// As an Alembic revision.
    pub is_alembic: bool,
    /// Only these objects, with everything in them; all where absent.
    pub only: Option<BTreeSet<String>>,
}
