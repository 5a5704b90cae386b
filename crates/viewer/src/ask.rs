//! What the page can ask, and the shape of every answer. All of it crosses between page and worker as JSON.

use std::collections::BTreeSet;

use diff_core::{Group, Severity, Side, Totals};
use serde::{Deserialize, Serialize};

use crate::lines::{Row as TextRow, Span};

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

/// An answer, of the question's name.
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
    /// `database`, `models`, `sql`.
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

/// What the comparison comes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// What stands.
    pub old: Side,
    /// What should stand.
    pub new: Side,
    /// Counts.
    pub totals: Totals,
    /// Whether nothing differs and nothing was lost.
    pub is_in_sync: bool,
    /// Differences that can lose data on the way.
    pub losses: usize,
    /// Differences by fate: added, removed, altered, renamed.
    pub fates: Vec<(Fate, usize)>,
    /// Counts by kind of difference.
    pub groups: Vec<GroupCount>,
    /// The rules that speak, the worst first.
    pub risks: Vec<Risk>,
    /// The same difference in many places.
    pub folds: Vec<Fold>,
    /// Counts by schema.
    pub schemas: Vec<SchemaCount>,
    /// What is wrong with the sources themselves.
    pub findings: Vec<diff_core::Finding>,
    /// What differs and does not count, as sentences.
    pub information: Vec<String>,
    /// What was not compared and why, as sentences.
    pub not_compared: Vec<String>,
    /// Differences that the ignore patterns leave out.
    pub ignored: u64,
    /// All objects that differ, with their marks.
    pub objects: Vec<(String, String)>,
}

/// How many differences of a kind there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupCount {
    /// The kind.
    pub group: Group,
    /// Its heading.
    pub title: String,
    /// By fate: added, removed, altered, renamed.
    pub counts: [usize; 4],
}

/// How much of a schema differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemaCount {
    /// Its name; empty for what stands outside of schemas.
    pub schema: String,
    /// Top-level objects on either side.
    pub objects: usize,
    /// Those that differ.
    pub changed: usize,
    /// The highest severity.
    pub severity: Option<Severity>,
}

/// A rule and what it speaks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// The rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether going from old to new can lose data.
    pub is_loss: bool,
    /// What the difference does.
    pub effect: String,
    /// What to do.
    pub remedy: String,
    /// How many differences.
    pub count: usize,
    /// The first of them: the object to show, and what to call the difference.
    pub examples: Vec<(String, String)>,
}

/// The same difference in many places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fold {
    /// What it is: `column type integer → bigint`.
    pub title: String,
    /// The name that all have in common; empty where they have different ones.
    pub name: String,
    /// In how many places.
    pub count: usize,
    /// How much it matters.
    pub severity: Severity,
    /// What becomes of each.
    pub fate: Fate,
    /// A filter text that finds them.
    pub text: String,
    /// A kind that holds them.
    pub group: Group,
}

/// One object with everything in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectView {
    /// Its written id.
    pub id: String,
    /// The word for what it is.
    pub word: String,
    /// Its schema, empty where it has none.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Where the model declares it: `shop/models.py:12`.
    pub origin: Option<String>,
    /// Rows and bytes by the old side's statistics.
    pub size: Option<(u64, u64)>,
    /// Tells its differences apart from any others it may have another day.
    pub mark: String,
    /// What it contains and what differs, in parts by kind; the object's own attributes come first.
    pub parts: Vec<Part>,
    /// What cannot exist without it.
    pub dependents: Vec<Dependent>,
}

/// The parts of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// `Columns`; empty for the object's own attributes.
    pub title: String,
    /// Those that differ.
    pub changes: Vec<Difference>,
    /// Those that do not: name and definition.
    pub same: Vec<(String, String)>,
}

/// One difference.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Its place in the report.
    pub entry: usize,
    /// What becomes of the thing.
    pub fate: Fate,
    /// How much it matters.
    pub severity: Severity,
    /// The word for what it is.
    pub word: String,
    /// Its name.
    pub name: String,
    /// The attribute that differs; empty where one side lacks the thing.
    pub attribute: String,
    /// What old holds, its words marked where they differ; absent where it has none.
    pub old: Option<Vec<Span>>,
    /// What new holds.
    pub new: Option<Vec<Span>>,
    /// Of values of several lines: both, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TextRow>,
    /// The rule that speaks about it.
    pub advice: Option<AdviceView>,
    /// Where the model declares it.
    pub origin: Option<String>,
}

/// A rule as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdviceView {
    /// The rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether going from old to new can lose data.
    pub is_loss: bool,
    /// What the difference does.
    pub effect: String,
    /// What to do.
    pub remedy: String,
}

impl AdviceView {
    /// Of the rule with this id.
    pub fn of(id: &str) -> Option<Self> {
        let rule = diff_core::rule(id)?;
        Some(Self {
            rule: rule.id.to_owned(),
            severity: rule.severity,
            is_loss: rule.loses_data,
            effect: rule.effect.to_owned(),
            remedy: rule.remedy.to_owned(),
        })
    }
}

/// Something that cannot exist without the object that is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependent {
    /// The object to show for it.
    pub object: String,
    /// The word for what it is.
    pub word: String,
    /// What it is called.
    pub name: String,
    /// Whether it depends on another dependent, not on the object itself.
    pub is_indirect: bool,
    /// What becomes of it.
    pub fate: Fate,
}

/// The SQL that makes an object, on both sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Both texts, line by line; nothing is folded.
    pub rows: Vec<TextRow>,
    /// What old holds, to copy.
    pub old: String,
    /// What new holds, to copy.
    pub new: String,
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
    /// Objects that are the same under another name, as `--rename` takes them.
    pub renames: Vec<String>,
}

/// A migration as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    /// What to know before it is run.
    pub notes: Vec<String>,
    /// Pairs that may be one object under two names, as `--rename` takes them.
    pub suggestions: Vec<String>,
    /// The steps of SQL; empty where there is nothing to do.
    pub steps: Vec<StepView>,
    /// Of Alembic: the file, line by line.
    pub lines: Vec<crate::lines::Line>,
    /// The whole text, to copy or save.
    pub text: String,
    /// What the file is to be called.
    pub file: String,
}

/// Statements that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// Whether they run in one transaction.
    pub is_transaction: bool,
    /// In their order.
    pub statements: Vec<StatementView>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementView {
    /// Its place in the plan, from 1.
    pub number: usize,
    /// Its text, line by line.
    pub lines: Vec<crate::lines::Line>,
    /// The object to show for it.
    pub object: String,
    /// What it is about, in words.
    pub about: String,
    /// The rules that speak about what it does.
    pub hazards: Vec<AdviceView>,
}

/// How the map is to be.
pub use crate::map::Options as MapOptions;

/// Several files beside each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixView {
    /// The files, in their order.
    pub files: Vec<FileId>,
    /// The rows in which they do not all agree.
    pub rows: Vec<MatrixRow>,
    /// How many rows agree.
    pub same: usize,
    /// For each two files the number of rows that differ: `distances[i][j]`.
    pub distances: Vec<Vec<usize>>,
    /// For each file but the first, what changed since the one before: added, removed, altered.
    pub steps: Vec<[usize; 3]>,
}

/// One object in all files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// Its written id.
    pub id: String,
    /// The word for what it is.
    pub word: String,
    /// Its name with the schema.
    pub name: String,
    /// For each file which definition it has, 0 being the commonest.
    pub cells: Vec<diff_core::Cell>,
    /// The file that stands alone against all others that agree.
    pub odd: Option<usize>,
}
