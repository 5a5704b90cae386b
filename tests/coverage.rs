//! Every column of PostgreSQL's catalogs is read, or docs/coverage.md says why it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use tests::{major, psql, root};

/// The newest server that the document is about.
const NEWEST: u32 = 18;

type Column = (String, String);

fn of_the_server() -> BTreeSet<Column> {
    let sql = "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
                  AND a.attnum > 0 AND NOT a.attisdropped";
    let pairs = psql("postgres", &[sql], &[]);
    pairs.lines().filter_map(|line| line.split_once('|')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

/// The words of each query of the catalog reader, without its comments.
fn queries() -> Vec<BTreeSet<String>> {
    let folder = root().join("crates/snapshot/src/catalog");
    let files = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let queries = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
    let words = |text: String| {
        let code = text.lines().map(|line| line.split("--").next().unwrap_or_default());
        code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .map(str::to_owned)
            .collect()
    };
    queries.map(|path| words(fs::read_to_string(path).unwrap())).collect()
}

/// The columns that the document's tables name, with the last major that has them where it is not the newest.
fn left_out() -> BTreeMap<Column, u32> {
    let text = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| pg_")?.split_once(':'));
    let mut found = BTreeMap::new();
    for (table, rest) in rows {
        for column in rest.split('|').next().unwrap_or_default().split(',') {
            let (name, last) = column.trim().split_once(" (until ").unwrap_or((column.trim(), ""));
            let last = last.strip_suffix(')').map_or(NEWEST, |last| last.parse().unwrap());
            found.insert((format!("pg_{table}"), name.to_owned()), last);
        }
    }
    found
}

#[test]
fn every_catalog_column_is_accounted_for() {
    let (columns, queries, left_out) = (of_the_server(), queries(), left_out());
    let is_read = |(table, column): &Column| {
        queries.iter().any(|words| words.contains(table) && words.contains(column))
    };
    let is_left_out = |(table, column): &Column| {
        left_out.contains_key(&(table.clone(), column.clone()))
            || left_out.contains_key(&(table.clone(), "*".to_owned()))
    };
    let missing: Vec<String> = columns
        .iter()
        .filter(|column| !is_read(column) && !is_left_out(column))
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert!(missing.is_empty(), "neither read nor in docs/coverage.md: {}", missing.join(", "));
    let both: Vec<&Column> = columns.iter().filter(|it| is_read(it) && left_out.contains_key(it)).collect();
    assert!(both.is_empty(), "read, though docs/coverage.md says otherwise: {both:?}");
}

#[test]
fn what_is_left_out_exists() {
    let columns = of_the_server();
    let major = major();
    let exists = |(table, column): &Column| {
        columns.iter().any(|(known, name)| known == table && (column == "*" || name == column))
    };
    let left_out = left_out();
    assert!(left_out.len() > 20, "the document has tables");
    let wrong: Vec<&Column> =
        left_out.iter().filter(|(it, last)| major == **last && !exists(it)).map(|(it, _)| it).collect();
    assert!(wrong.is_empty(), "docs/coverage.md names what PostgreSQL {major} does not have: {wrong:?}");
}
