//! Each case: the columns of one table in database, at its own revision, at the head, in the models; and the causes.

use std::collections::BTreeMap;

use super::*;
use crate::{Coverage, Kind, Ledger, Object, Source, body};

/// A snapshot of a table whose columns are given as `name:type`, or of none.
fn snapshot(kind: &str, columns: &str) -> Snapshot {
    let mut objects: BTreeMap<ObjectId, Object> = BTreeMap::new();
    let mut table = || {
        let table = Object::new(body::Body::Table(body::Table::default()));
        objects.insert("table:public.t".parse().unwrap(), table);
    };
    if !columns.is_empty() {
        table();
    }
    for text in columns.split_whitespace().filter(|text| *text != "t") {
        let (name, of) = text.split_once(':').unwrap_or((text, "text"));
        let json =
            format!(r#"{{"body": {{"column": {{"position": 1, "type": "{of}", "nullable": true}}}}}}"#);
        let column: Object = serde_json::from_str(&json).unwrap();
        objects.insert(ObjectId::new(Kind::Column, ["public", "t", name]), column);
    }
    let source = Source { kind: kind.to_owned(), ..Source::default() };
    Snapshot::new(source, Coverage::default(), objects)
}

fn ledger(revisions: &[&str]) -> Ledger {
    Ledger {
        table: "table:public.alembic_version".parse().unwrap(),
        tool: Tool::Alembic,
        revisions: revisions.iter().map(ToString::to_string).collect(),
        failed: Vec::new(),
        is_hidden: false,
    }
}

fn history(ids: &[&str]) -> Vec<Revision> {
    let before = |place: usize| place.checked_sub(1).map(|before| ids[before].to_owned());
    let revision = |(place, id): (usize, &&str)| Revision {
        id: id.to_string(),
        follows: before(place).into_iter().collect(),
        file: format!("versions/{id}_it.py"),
    };
    ids.iter().enumerate().map(revision).collect()
}

#[derive(Clone, Copy)]
struct Sides<'s> {
    database: &'s str,
    at: Option<&'s str>,
    head: &'s str,
    models: &'s str,
}

/// A report of a database whose ledger has these rows, or that has none; the migrations are `a` and `b`.
fn report(rows: Option<&[&str]>, sides: &Sides<'_>) -> Report {
    let mut old = snapshot("database", sides.database);
    old.source.ledgers.extend(rows.map(ledger));
    let new = snapshot("models", sides.models);
    let mut head = snapshot("migrations", sides.head);
    head.source.history = history(&["a", "b"]);
    let at = sides.at.map(|columns| {
        let mut at = snapshot("migrations", columns);
        at.source.history = history(&["a"]);
        at
    });
    let built: Vec<&Snapshot> = at.iter().chain([&head]).collect();
    let options = DiffOptions::default();
    let found = diff(&old, &new, &options);
    let mut report = Report::new(&old, &new, &found, &options);
    report.tell_causes(&old, &new, &found, Migrations::among(&old, &built).unwrap(), &options);
    report
}

fn lines(report: &Report) -> Vec<String> {
    let line = |entry: &Entry| {
        let causes: Vec<&str> = entry.causes.iter().map(|cause| cause.label()).collect();
        format!("{}: {}", entry.id.name(), causes.join(" + "))
    };
    report.entries.iter().map(line).collect()
}

#[track_caller]
fn check(rows: Option<&[&str]>, sides: &Sides<'_>, expected: &[&str]) {
    assert_eq!(lines(&report(rows, sides)), expected);
}

const AT_B: Option<&[&str]> = Some(&["b"]);
const AT_A: Option<&[&str]> = Some(&["a"]);

#[test]
fn at_the_head_a_difference_is_missing_or_by_hand() {
    let sides = Sides { database: "t", at: None, head: "t", models: "t x" };
    check(AT_B, &sides, &["x: migration missing"]);
    let sides = Sides { database: "t x", at: None, head: "t", models: "t" };
    check(AT_B, &sides, &["x: changed by hand"]);
    let sides = Sides { database: "t", at: None, head: "t x", models: "t x" };
    check(AT_B, &sides, &["x: changed by hand"]);
    // All three differ: both are said.
    let sides = Sides { database: "t x:int", at: None, head: "t x:text", models: "t x:bytea" };
    check(AT_B, &sides, &["x: migration missing + changed by hand"]);
    let sides = Sides { database: "", at: None, head: "", models: "t x" };
    check(AT_B, &sides, &["t: migration missing"]);
}

#[test]
fn behind_the_database_s_own_revision_tells() {
    let sides = Sides { database: "t", at: Some("t"), head: "t x", models: "t x" };
    check(AT_A, &sides, &["x: migration not applied"]);
    let sides = Sides { database: "t y", at: Some("t"), head: "t x", models: "t x" };
    check(AT_A, &sides, &["x: migration not applied", "y: changed by hand"]);
    let sides = Sides { database: "t x:int", at: Some("t x:text"), head: "t x:bytea", models: "t x:bytea" };
    check(AT_A, &sides, &["x: migration not applied + changed by hand"]);
    let sides = Sides { database: "t x", at: Some("t x"), head: "t", models: "t x:int" };
    check(AT_A, &sides, &["x: migration missing + migration not applied"]);
    // Without it what the migrations do not lead to is taken for not applied.
    let sides = Sides { database: "t", at: None, head: "t x", models: "t x" };
    check(AT_A, &sides, &["x: migration not applied"]);
}

#[test]
fn what_is_told_with_its_table_has_causes_too() {
    let sides = Sides { database: "", at: Some(""), head: "t x", models: "t x y" };
    check(AT_A, &sides, &["t: migration missing + migration not applied"]);
}

#[test]
fn books_that_say_nothing_are_told_so() {
    let sides = Sides { database: "t", at: None, head: "t x", models: "t x" };
    check(Some(&["f"]), &sides, &["x: unknown revision"]);
    check(None, &sides, &["x: no record of migrations"]);
    let new = Sides { database: "", at: None, head: "t x", models: "t x" };
    check(None, &new, &["t: migration not applied"]);
    check(Some(&[]), &new, &["t: migration not applied"]);
    let standing = |rows, sides| report(rows, sides).causes.unwrap().standing;
    assert_eq!(standing(Some(&["f"]), &sides), "The database is at f, which is none of the 2 migrations.");
    assert!(standing(None, &sides).contains("keeps no record"));
    assert!(standing(Some(&[]), &sides).contains("is empty"));
    let behind = "The database is at a, 1 migration behind b.";
    let known = Sides { at: Some("t"), ..sides };
    assert_eq!(standing(AT_A, &known), behind);
    assert!(standing(AT_A, &sides).ends_with("changes by hand count as not applied."));
}

#[test]
fn the_summary_counts_and_says_what_next() {
    let sides = Sides { database: "t y z", at: Some("t"), head: "t x", models: "t x" };
    let causes = report(AT_A, &sides).causes.unwrap();
    let found: Vec<_> = causes.found.iter().map(|it| (it.cause, it.count, it.revisions.join(" "))).collect();
    assert_eq!(found, [(Cause::NotApplied, 1, "b_it".to_owned()), (Cause::ByHand, 2, String::new())]);
    assert_eq!(causes.found[0].next, "run `alembic upgrade head`");
    assert_eq!(causes.pending[0].id, "b");
}

#[test]
fn what_both_agree_on_without_a_migration_is_said() {
    let sides = Sides { database: "t x", at: None, head: "t", models: "t x" };
    let report = report(AT_B, &sides);
    assert_eq!(report.entries, []);
    let said = "No migration leads to what database and models agree on: column public.t.x.";
    assert_eq!(report.information, [said]);
}

#[test]
fn what_a_migration_will_meet_is_said() {
    let sides = Sides { database: "t x", at: Some("t"), head: "t x", models: "t x" };
    let said =
        "Migrations that are not applied will meet what they build, as it is there: column public.t.x.";
    assert_eq!(report(AT_A, &sides).information, [said]);
}

#[test]
fn several_heads_are_named() {
    let mut old = snapshot("database", "t");
    old.source.ledgers.push(ledger(&["a"]));
    let mut head = snapshot("migrations", "t x");
    head.source.history = history(&["a", "b"]);
    head.source.history.push(Revision { id: "c".into(), follows: vec!["a".into()], file: "c.py".into() });
    let new = snapshot("models", "t x");
    let options = DiffOptions::default();
    let found = diff(&old, &new, &options);
    let mut report = Report::new(&old, &new, &found, &options);
    report.tell_causes(&old, &new, &found, Migrations { head: &head, at: None }, &options);
    let causes = report.causes.unwrap();
    assert!(causes.standing.contains("The migrations have several heads: b, c."), "{}", causes.standing);
    assert_eq!(causes.found[0].next, "run `alembic upgrade heads`");
}

#[test]
fn what_is_renamed_is_one_and_the_same() {
    let table = |snapshot: Snapshot, name: &str| {
        let rename = |id: ObjectId| {
            let path = ["public", name].into_iter().chain(id.path().iter().skip(2).map(String::as_str));
            ObjectId::new(id.kind(), path)
        };
        let objects = snapshot.objects.clone().into_iter().map(|(id, object)| (rename(id), object)).collect();
        Snapshot::new(snapshot.source, Coverage::default(), objects)
    };
    let renames = vec!["table:public.t=u".parse().unwrap()];
    let options = DiffOptions { renames, ..DiffOptions::default() };
    let mut old = snapshot("database", "t x:int");
    old.source.ledgers.push(ledger(&["b"]));
    let new = table(snapshot("models", "t x:text"), "u");
    let told = |head: Snapshot| {
        let mut head = head;
        head.source.history = history(&["a", "b"]);
        let mut compared = crate::compare(&old, &new, &options);
        compared.tell_causes(&old, &new, Migrations { head: &head, at: None }, &options);
        lines(&compared.report)
    };
    // The column was changed by hand; the name is only in the models.
    let before = snapshot("migrations", "t x:text");
    assert_eq!(told(before), ["x: changed by hand", "u: migration missing"]);
    // Both are in the migrations.
    let after = table(snapshot("migrations", "t x:text"), "u");
    assert_eq!(told(after), ["x: changed by hand", "u: changed by hand"]);
}
