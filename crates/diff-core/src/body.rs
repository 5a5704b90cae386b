//! What each kind of object is made of: one struct a kind, as PostgreSQL prints its parts.
//!
//! Comparing works on the serialized fields, so a field that is added here is compared from then on.
//! A field that holds its default is left out of the file.

mod others;
mod parts;
mod relations;
mod routines;
mod types;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumIter, EnumString, IntoStaticStr};

use crate::ObjectId;

pub use others::*;
pub use parts::*;
pub use relations::*;
pub use routines::*;
pub use types::*;

/// An object's own attributes; the variant is its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[strum_discriminants(
    name(Kind),
    doc = "The kind of an object. Its written form is the one used in ids: `materialized_view`.",
    derive(PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumString, EnumIter, IntoStaticStr),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    cfg_attr(test, derive(schemars::JsonSchema))
)]
pub enum Body {
    /// A namespace.
    Schema(Schema),
    /// An installed extension; what it owns is not part of the snapshot.
    Extension(Extension),
    /// An enum type.
    Enum(Enum),
    /// A domain.
    Domain(Domain),
    /// A check constraint of a domain.
    DomainCheck(Constraint),
    /// A composite type.
    Composite(Composite),
    /// A range type; its definition is the list in parentheses.
    Range(Definition),
    /// A base type; its definition is the list in parentheses.
    BaseType(Definition),
    /// A sequence that is not an identity column's own.
    Sequence(Sequence),
    /// A plain or partitioned table.
    Table(Table),
    /// A table that is a partition of another. Only what differs from the parent stands beneath it.
    Partition(Partition),
    /// A foreign table.
    ForeignTable(ForeignTable),
    /// A column of a table.
    Column(Column),
    /// A primary key.
    PrimaryKey(Constraint),
    /// A unique constraint.
    Unique(Constraint),
    /// A check constraint of a table.
    Check(Constraint),
    /// A foreign key.
    ForeignKey(Constraint),
    /// An exclusion constraint.
    Exclusion(Constraint),
    /// An index that backs no constraint.
    Index(Index),
    /// A view.
    View(View),
    /// A materialized view.
    MaterializedView(View),
    /// A column of a view that carries a comment, grants or attributes of its own.
    ViewColumn(ViewColumn),
    /// A function or window function; the path's last part is its signature, quoted as SQL.
    Function(Routine),
    /// A procedure; the path's last part is its signature, quoted as SQL.
    Procedure(Routine),
    /// An aggregate; the path's last part is its signature, quoted as SQL.
    Aggregate(Definition),
    /// A trigger that a user made.
    Trigger(Trigger),
    /// An event trigger.
    EventTrigger(EventTrigger),
    /// A rewrite rule that a user made.
    Rule(RewriteRule),
    /// A row security policy.
    Policy(Policy),
    /// An operator; the path's last part is `+(integer, integer)`, `NONE` for an absent side.
    Operator(Definition),
    /// An operator class; the path's last part is `name USING btree`.
    OperatorClass(Definition),
    /// An operator family; its definition is the members that belong to no class. The path's last part is `name USING btree`.
    OperatorFamily(Definition),
    /// A cast; the path is the two types.
    Cast(Definition),
    /// A transform; the path is the type and the language.
    Transform(Definition),
    /// A collation.
    Collation(Definition),
    /// A conversion between encodings.
    Conversion(Definition),
    /// A text search configuration.
    TextSearchConfiguration(TextSearchConfiguration),
    /// A text search dictionary.
    TextSearchDictionary(Definition),
    /// A text search parser.
    TextSearchParser(Definition),
    /// A text search template.
    TextSearchTemplate(Definition),
    /// Extended statistics.
    Statistics(Statistics),
    /// A procedural language.
    Language(Language),
    /// An access method.
    AccessMethod(Definition),
    /// A foreign data wrapper.
    ForeignDataWrapper(ForeignDataWrapper),
    /// A foreign server.
    ForeignServer(ForeignServer),
    /// A user mapping; the path is the server and the role.
    UserMapping(UserMapping),
    /// A publication.
    Publication(Publication),
    /// A subscription.
    Subscription(Subscription),
    /// Default privileges; the path is the role, what for (`TABLES`), and the schema where it is for one.
    DefaultPrivileges(DefaultPrivileges),
}

impl Body {
    /// The index or key of the parent that this one, of a partition, is a part of.
    pub fn attached_to(&self) -> Option<&ObjectId> {
        match self {
            Self::Index(it) => it.attached_to.as_ref(),
            Self::PrimaryKey(it) | Self::Unique(it) | Self::Exclusion(it) => it.attached_to.as_ref(),
            _ => None,
        }
    }

    /// The kind that this body is of.
    pub fn kind(&self) -> Kind {
        self.into()
    }

    /// Puts texts back as the server printed them.
    pub(crate) fn restore(&mut self, printed: &BTreeMap<String, String>) {
        let put = |name: &str, text: &mut String| {
            if let Some(printed) = printed.get(name) {
                text.clone_from(printed);
            }
        };
        match self {
            Self::Column(it) => {
                it.default.iter_mut().for_each(|text| put("default", text));
                it.generated.iter_mut().for_each(|generated| put("generated", &mut generated.expression));
            }
            Self::ViewColumn(ViewColumn { default, .. }) | Self::Domain(Domain { default, .. }) => {
                default.iter_mut().for_each(|text| put("default", text));
            }
            Self::PrimaryKey(it)
            | Self::Unique(it)
            | Self::Check(it)
            | Self::DomainCheck(it)
            | Self::ForeignKey(it)
            | Self::Exclusion(it) => put("definition", &mut it.definition),
            Self::Index(it) => put("definition", &mut it.definition),
            Self::View(it) | Self::MaterializedView(it) => put("definition", &mut it.definition),
            Self::Trigger(it) => put("definition", &mut it.definition),
            Self::Function(it) | Self::Procedure(it) => {
                put("arguments", &mut it.arguments);
                put("definition", &mut it.definition);
            }
            Self::Policy(it) => {
                it.using.iter_mut().for_each(|text| put("using", text));
                it.check.iter_mut().for_each(|text| put("check", text));
            }
            _ => {}
        }
    }

    /// Whether two bodies are equal, wherever a column stands among others: see [`INFORMATION`].
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(one), Self::Column(other)) if one.position != other.position => {
                Column { position: other.position, ..one.clone() } == *other
            }
            _ => self == other,
        }
    }

    /// Whether the object's name carries no meaning of its own, so that two of the same parent and body
    /// are one object under two names: PostgreSQL and SQLAlchemy make up names for these.
    pub fn has_incidental_name(&self) -> bool {
        match self {
            Self::PrimaryKey(_)
            | Self::Unique(_)
            | Self::Check(_)
            | Self::DomainCheck(_)
            | Self::ForeignKey(_)
            | Self::Exclusion(_)
            | Self::Index(_) => true,
            Self::Sequence(sequence) => sequence.owned_by.is_some(),
            _ => false,
        }
    }
}

impl Kind {
    /// Whether `pg_class` holds such objects and others are contained in them.
    pub fn is_relation(self) -> bool {
        matches!(
            self,
            Self::Table | Self::Partition | Self::ForeignTable | Self::View | Self::MaterializedView
        )
    }

    /// Whether such objects belong to the database as a whole: the first part of their path is no schema.
    pub fn is_outside_schemas(self) -> bool {
        matches!(
            self,
            Self::Extension
                | Self::EventTrigger
                | Self::Cast
                | Self::Transform
                | Self::Language
                | Self::AccessMethod
                | Self::ForeignDataWrapper
                | Self::ForeignServer
                | Self::UserMapping
                | Self::Publication
                | Self::Subscription
                | Self::DefaultPrivileges
        )
    }

    /// How many names such objects are addressed by: a column by its schema's, its table's and its own. Objects of
    /// the database as a whole have as many as they need.
    pub fn depth(self) -> Option<usize> {
        match self {
            Self::Schema => Some(1),
            Self::Column
            | Self::ViewColumn
            | Self::PrimaryKey
            | Self::Unique
            | Self::Check
            | Self::DomainCheck
            | Self::ForeignKey
            | Self::Exclusion
            | Self::Index
            | Self::Trigger
            | Self::Rule
            | Self::Policy => Some(3),
            kind => (!kind.is_outside_schemas()).then_some(2),
        }
    }

    /// The word for one such object, for people: `foreign key`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum type",
            Self::Domain => "domain",
            Self::DomainCheck => "domain constraint",
            Self::Composite => "composite type",
            Self::Range => "range type",
            Self::BaseType => "base type",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Partition => "partition",
            Self::ForeignTable => "foreign table",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique constraint",
            Self::Check => "check constraint",
            Self::ForeignKey => "foreign key",
            Self::Exclusion => "exclusion constraint",
            Self::Index => "index",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::ViewColumn => "view column",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Trigger => "trigger",
            Self::EventTrigger => "event trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Operator => "operator",
            Self::OperatorClass => "operator class",
            Self::OperatorFamily => "operator family",
            Self::Cast => "cast",
            Self::Transform => "transform",
            Self::Collation => "collation",
            Self::Conversion => "conversion",
            Self::TextSearchConfiguration => "text search configuration",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchParser => "text search parser",
            Self::TextSearchTemplate => "text search template",
            Self::Statistics => "extended statistics",
            Self::Language => "language",
            Self::AccessMethod => "access method",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::ForeignServer => "foreign server",
            Self::UserMapping => "user mapping",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
            Self::DefaultPrivileges => "default privileges",
        }
    }

    /// The word for several such objects.
    pub fn plural(self) -> String {
        let label = self.label();
        match label.strip_suffix(['x', 'y']) {
            Some(stem) if label.ends_with('x') => format!("{stem}xes"),
            Some(stem) if !label.ends_with("key") => format!("{stem}ies"),
            _ if label.ends_with("class") => format!("{label}es"),
            _ if label.ends_with('s') => label.to_owned(),
            _ => format!("{label}s"),
        }
    }
}

/// Attributes that are kept in the file and shown, yet are no difference. Where a column stands among
/// others cannot be changed without writing the table anew, and every history of migrations shifts it.
pub(crate) const INFORMATION: &[&str] = &["position", "columns"];

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_kind_has_words() {
        let words: Vec<String> = Kind::iter().map(Kind::plural).collect();
        for plural in
            ["indexes", "policies", "foreign keys", "primary keys", "operator classes", "extended statistics"]
        {
            assert!(words.contains(&plural.to_owned()), "{words:?}");
        }
    }
}
