//! What is to be known beside the rule that speaks about a difference.

use super::{BASE, Case, Rule, Severity, added, altered, columns};
use crate::{Body, Group, Kind, ObjectId, Volatility, plan};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "type-cached-plan",
        group: Group::Types,
        attributes: &["type"],
        severity: Severity::Low,
        effect: "Statements that connections have prepared fail once with \"cached plan must not change result \
                 type\", and the planner's statistics of the column are gone.",
        remedy: "Restart the application's connections in turn afterwards, and ANALYZE the table.",
        applies: |case| columns(case).is_some(),
        ..BASE
    },
    Rule {
        id: "add-json-column",
        group: Group::MissingColumns,
        severity: Severity::Low,
        effect: "json has no equality: DISTINCT, GROUP BY and UNION fail on the column.",
        remedy: "jsonb compares, and can be indexed; use it unless the very text must be kept.",
        applies: |case| matches!(added(case), Some(Body::Column(column)) if column.data_type == "json"),
        ..BASE
    },
    Rule {
        id: "foreign-key-unindexed",
        group: Group::ForeignKeys,
        severity: Severity::Low,
        effect: "No index begins with the key's columns: deleting or updating a parent reads the whole child table.",
        remedy: "CREATE INDEX CONCURRENTLY on the columns, unless parents are never deleted.",
        applies: |case| matches!(added(case), Some(Body::ForeignKey(_))) && !is_indexed(case),
        ..BASE
    },
    Rule {
        id: "foreign-key-cascade",
        group: Group::ForeignKeys,
        effect: "Deleting one parent deletes its children, and theirs: much can go with one statement.",
        remedy: "Make sure that this is meant; RESTRICT and deleting in batches are easier to survey.",
        applies: |case| {
            let cascades = |body: Option<&Body>| matches!(body, Some(Body::ForeignKey(key)) if key.definition.contains("ON DELETE CASCADE"));
            let (old, new) = altered(case).map_or((None, added(case)), |(old, new)| (Some(old), Some(new)));
            cascades(new) && !cascades(old)
        },
        ..BASE
    },
    Rule {
        id: "enum-label-within",
        group: Group::Types,
        attributes: &["labels"],
        severity: Severity::Low,
        effect: "The new label is not the last: values sort and compare by the order of labels.",
        remedy: "ALTER TYPE … ADD VALUE … BEFORE or AFTER puts it where it belongs; a label added at the end stays \
                 there.",
        applies: |case| {
            matches!(altered(case), Some((Body::Enum(old), Body::Enum(new)))
                if !new.labels.starts_with(&old.labels)
                    && old.labels.iter().all(|label| new.labels.contains(label)))
        },
        ..BASE
    },
    Rule {
        id: "function-volatility",
        group: Group::Routines,
        attributes: &["volatility"],
        severity: Severity::High,
        effect: "Indexes and generated columns that use the function were built on its promise never to change: \
                 they may hold other values than it gives now.",
        remedy: "REINDEX CONCURRENTLY what uses it, and look at generated columns.",
        applies: |case| {
            let was_immutable = matches!(altered(case), Some((Body::Function(old), _))
                if old.volatility == Volatility::Immutable);
            was_immutable && is_built_on(case)
        },
        ..BASE
    },
    Rule {
        id: "function-search-path",
        group: Group::Routines,
        effect: "The function runs with its owner's rights and the caller's search path: a caller can slip in \
                 functions of its own.",
        remedy: "Give it SET search_path = pg_catalog, and qualify every name in it.",
        applies: |case| {
            matches!(case.delta.new_object().map(|object| &object.body),
                Some(Body::Function(routine) | Body::Procedure(routine))
                if routine.security_definer && !routine.settings.contains_key("search_path"))
        },
        ..BASE
    },
    Rule {
        id: "row-security-unpoliced",
        group: Group::Security,
        attributes: &["row_security"],
        severity: Severity::High,
        breaks_code: true,
        effect: "Row security is to be switched on and there is no policy: nobody but the owner sees a row.",
        remedy: "Create the policies first, in the same transaction.",
        applies: |case| {
            let is_on = matches!(altered(case), Some((_, Body::Table(new)))
                if matches!(new.row_security, crate::RowSecurity::On | crate::RowSecurity::Forced));
            let mut within = case.context.new.within(case.delta.id.path());
            is_on && !within.any(|(id, _)| id.kind() == Kind::Policy)
        },
        ..BASE
    },
    Rule {
        id: "index-corruption",
        group: Group::Indexes,
        severity: Severity::High,
        loses_data: true,
        effect: "PostgreSQL 14.0 to 14.3 can leave rows out of an index that is built CONCURRENTLY.",
        remedy: "Upgrade to 14.4 or later first, and REINDEX what was built so before.",
        applies: |case| {
            let server = &case.context.old.source.server;
            let minor = server.strip_prefix("14.").and_then(|minor| minor.split_whitespace().next());
            matches!(added(case), Some(Body::Index(_)))
                && minor.and_then(|minor| minor.parse().ok()).is_some_and(|minor: u32| minor < 4)
        },
        ..BASE
    },
];

/// Whether an index or key of new begins with the columns of the foreign key.
fn is_indexed(case: &Case<'_, '_>) -> bool {
    let Some(key) = case.delta.new_object() else { return false };
    let own = case.delta.id.parent();
    let own_columns = |object: &crate::Object| -> Vec<ObjectId> {
        let needed = object.depends_on.iter();
        needed.filter(|id| id.kind() == Kind::Column && id.parent() == own).cloned().collect()
    };
    let columns = own_columns(key);
    case.context.new.within(own).any(|(_, object)| match &object.body {
        Body::Index(index) => {
            !index.definition.contains(" WHERE ") && begins_with(&index.definition, &columns)
        }
        Body::PrimaryKey(key) | Body::Unique(key) => begins_with(&key.definition, &columns),
        _ => false,
    })
}

/// Whether the first columns of a key or a btree index are these, in whatever order.
pub(crate) fn begins_with(definition: &str, columns: &[ObjectId]) -> bool {
    let is_other = definition.starts_with("USING ") && !definition.starts_with("USING btree ");
    let Some((_, list)) = definition.split_once('(').filter(|_| !is_other) else { return false };
    let first: Vec<String> = items(list).take(columns.len()).collect();
    columns.iter().all(|id| first.iter().any(|name| *name == plan::sql::ident(id.name())))
}

/// The first word of each item of a list in parentheses, as it is written: `"a b"` of `"a b" DESC`.
fn items(list: &str) -> impl Iterator<Item = String> {
    let mut is_quoted = false;
    let mut depth = 0_usize;
    let mut items = vec![String::new()];
    let mut is_first_word = true;
    for c in list.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => break,
            ')' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => {
                items.push(String::new());
                is_first_word = true;
                continue;
            }
            ' ' if !is_quoted => {
                let is_begun = items.last().is_some_and(|item| !item.is_empty());
                is_first_word &= !is_begun;
                continue;
            }
            _ => {}
        }
        if let Some(item) = items.last_mut().filter(|_| is_first_word) {
            item.push(c);
        }
    }
    items.into_iter()
}

/// Whether an index or a generated column rests on the function.
fn is_built_on(case: &Case<'_, '_>) -> bool {
    case.context.new.objects.values().any(|object| {
        let is_stored = match &object.body {
            Body::Index(_) => true,
            Body::Column(column) => column.generated.is_some(),
            _ => false,
        };
        is_stored && object.depends_on.contains(&case.delta.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_that_begin_with_columns() {
        let columns = ["column:public.t.a".parse().unwrap(), "column:public.t.b".parse().unwrap()];
        for (definition, expected) in [
            ("USING btree (a, b)", true),
            ("USING btree (b, a, c)", true),
            ("USING btree (a, c, b)", false),
            ("PRIMARY KEY (a, b)", true),
            ("USING btree (a)", false),
            ("USING btree (a DESC, b int8_ops)", true),
            ("USING brin (a, b)", false),
            ("USING btree (lower(a), b)", false),
        ] {
            assert_eq!(begins_with(definition, &columns), expected, "{definition}");
        }
        let odd = ["column:public.t.\"x,y\"".parse().unwrap()];
        assert!(begins_with(r#"USING btree ("x,y" DESC, z)"#, &odd));
    }
}
