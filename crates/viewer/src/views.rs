//! The shape of what is shown: one object, the overview, a migration, several files.

use diff_core::{Group, Severity, Side, Totals};
use serde::{Deserialize, Serialize};

use crate::ask::{Fate, FileId};
use crate::lines::{Line, Row as TextRow, Span};

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
    /// Where the database stands among the migrations; empty where they do not tell.
    pub standing: String,
    /// Why the differences are there, in the shape of rules: `rule` is what the filter finds them by.
    pub causes: Vec<Risk>,
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
    /// What other rules say beside it.
    pub beside: Vec<AdviceView>,
    /// What the plain way does to tables for as long as they are large: ends of sentences.
    pub costs: Vec<String>,
    /// Where the model declares it.
    pub origin: Option<String>,
    /// Why it is there, in a few words; empty where the migrations do not tell.
    pub causes: String,
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
    /// Set where the texts are so large that words are not told apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_plain: bool,
    /// What old holds, to copy.
    pub old: String,
    /// What new holds, to copy.
    pub new: String,
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
    pub lines: Vec<Line>,
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
    pub lines: Vec<Line>,
    /// The object to show for it.
    pub object: String,
    /// What it is about, in words.
    pub about: String,
    /// The rules that speak about what it does.
    pub hazards: Vec<AdviceView>,
}

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
