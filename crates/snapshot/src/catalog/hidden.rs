//! What a role may not read is unknown, which is not the same as absent.
//!
//! Everybody may read the catalogs, unless somebody has taken that away. A query that is refused is left out of the
//! next reading, and what it would have told is in the snapshot's coverage.

use std::collections::BTreeSet;

use diff_core::{Coverage, Kind, Ledger};
use tokio_postgres::Row;

use super::{Found, rows};

/// What is not known without the answer to a query.
enum Told {
    Kinds(&'static [Kind]),
    Attribute(&'static str),
    /// Nothing that is compared.
    Beside,
}

/// The queries that can be left out, by their names, and what they tell. Without schemas, tables and columns, and
/// without what they depend on, there is no snapshot.
const OPTIONAL: &[(&str, Told)] = &[
    ("extensions", Told::Kinds(&[Kind::Extension])),
    ("enums and domains", Told::Kinds(&[Kind::Enum, Kind::Domain])),
    ("domain constraints", Told::Kinds(&[Kind::DomainCheck])),
    ("composite types", Told::Kinds(&[Kind::Composite])),
    ("range types", Told::Kinds(&[Kind::Range])),
    ("base types", Told::Kinds(&[Kind::BaseType])),
    ("sequences", Told::Kinds(&[Kind::Sequence])),
    ("foreign tables", Told::Kinds(&[Kind::ForeignTable])),
    (
        "constraints",
        Told::Kinds(&[Kind::PrimaryKey, Kind::Unique, Kind::Check, Kind::ForeignKey, Kind::Exclusion]),
    ),
    ("indexes", Told::Kinds(&[Kind::Index])),
    ("views", Told::Kinds(&[Kind::View, Kind::MaterializedView])),
    ("columns of views", Told::Kinds(&[Kind::ViewColumn])),
    ("routines", Told::Kinds(&[Kind::Function, Kind::Procedure])),
    ("aggregates", Told::Kinds(&[Kind::Aggregate])),
    ("triggers", Told::Kinds(&[Kind::Trigger])),
    ("event triggers", Told::Kinds(&[Kind::EventTrigger])),
    ("rules", Told::Kinds(&[Kind::Rule])),
    ("policies", Told::Kinds(&[Kind::Policy])),
    ("operators", Told::Kinds(&[Kind::Operator])),
    ("operator classes", Told::Kinds(&[Kind::OperatorFamily, Kind::OperatorClass])),
    ("casts", Told::Kinds(&[Kind::Cast])),
    ("transforms", Told::Kinds(&[Kind::Transform])),
    ("collations", Told::Kinds(&[Kind::Collation])),
    ("conversions", Told::Kinds(&[Kind::Conversion])),
    (
        "text search",
        Told::Kinds(&[
            Kind::TextSearchParser,
            Kind::TextSearchTemplate,
            Kind::TextSearchDictionary,
            Kind::TextSearchConfiguration,
        ]),
    ),
    ("extended statistics", Told::Kinds(&[Kind::Statistics])),
    ("languages", Told::Kinds(&[Kind::Language])),
    ("access methods", Told::Kinds(&[Kind::AccessMethod])),
    ("foreign data", Told::Kinds(&[Kind::ForeignDataWrapper, Kind::ForeignServer, Kind::UserMapping])),
    ("publications", Told::Kinds(&[Kind::Publication])),
    ("subscriptions", Told::Kinds(&[Kind::Subscription])),
    ("default privileges", Told::Kinds(&[Kind::DefaultPrivileges])),
    ("comments", Told::Attribute("comment")),
    ("security labels", Told::Attribute("security_labels")),
    ("hidden user mappings", Told::Kinds(&[Kind::UserMapping])),
    ("NOT NULL", Told::Attribute("not_null")),
    ("defaults", Told::Beside),
    ("sizes", Told::Beside),
    ("other kinds", Told::Beside),
    ("moment", Told::Beside),
];

/// Whether the rest can be read without this query.
pub(super) fn can_be_left_out(step: &str) -> bool {
    OPTIONAL.iter().any(|(name, _)| *name == step)
}

/// Says what is unknown without the queries that were refused.
pub(super) fn record(coverage: &mut Coverage, refused: &BTreeSet<&'static str>) {
    for (step, told) in OPTIONAL.iter().filter(|(step, _)| refused.contains(step)) {
        coverage.hidden.insert(match told {
            Told::Kinds(kinds) => {
                coverage.unknown_kinds.extend(*kinds);
                format!("the role may not read {step}, so nothing is known of them.")
            }
            Told::Attribute(attribute) => {
                coverage.unknown_attributes.insert((*attribute).to_owned());
                format!("the role may not read {step}, so nothing is known of them.")
            }
            Told::Beside if *step == "moment" => {
                "the role may not read all that tells whether the schema was changed meanwhile.".to_owned()
            }
            Told::Beside => format!("the role may not read {step}."),
        });
    }
}

/// Takes out the user mappings whose options are kept from this role.
pub(super) fn leave_out_mappings(found: &mut Found, coverage: &mut Coverage, hidden: &[Row]) {
    for row in hidden {
        found.remove(&rows::address(row));
    }
    if !hidden.is_empty() {
        coverage.unknown_kinds.insert(Kind::UserMapping);
        let count = hidden.len();
        let mappings = if count == 1 { "user mapping" } else { "user mappings" };
        coverage.hidden.insert(format!(
            "the options of {count} {mappings} are not shown to the role, so nothing is known of them."
        ));
    }
}

/// Says which books may not be read.
pub(super) fn record_ledgers(coverage: &mut Coverage, ledgers: &[Ledger]) {
    let hidden = ledgers.iter().filter(|ledger| ledger.is_hidden);
    coverage.hidden.extend(hidden.map(|ledger| {
        let table = ledger.table.dotted();
        format!("the role may not read {table}, so it is unknown which migrations the database has had.")
    }));
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::catalog::queries::OBJECTS;
    use crate::catalog::{LINKS, OTHERS};

    #[test]
    fn every_query_is_needed_or_can_be_left_out() {
        let needed = ["schemas", "tables", "columns", "extensions' members", "aliases", "dependencies"];
        let steps = OBJECTS.iter().chain(&LINKS).chain(&OTHERS).map(|(step, _)| *step);
        for step in steps {
            assert_ne!(needed.contains(&step), can_be_left_out(step), "{step}");
        }
    }

    #[test]
    fn every_kind_is_told_of_by_one_query() {
        let needed = [Kind::Schema, Kind::Table, Kind::Partition, Kind::Column];
        for kind in Kind::iter() {
            let is_told =
                |(_, told): &(&str, Told)| matches!(told, Told::Kinds(kinds) if kinds.contains(&kind));
            let can_be_unknown = OPTIONAL.iter().any(is_told);
            assert_ne!(needed.contains(&kind), can_be_unknown, "{kind}");
        }
    }
}
