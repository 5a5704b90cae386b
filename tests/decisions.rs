//! What teams decide about differences: gates, baselines, confirmed renames; who agrees with whom; what is unwise.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tests::{Ran, driftglass, root, run};

fn ran(folder: &Path, words: &[&str]) -> Ran {
    run(&mut driftglass(folder, words))
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

/// A folder with snapshots of texts of DDL, by name.
fn snapshots(all: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in all {
        let file = folder.path().join(format!("{name}.sql"));
        fs::write(&file, sql).unwrap();
        let made =
            ran(folder.path(), &["snapshot", &format!("sql:{name}.sql"), "-o", &format!("{name}.json")]);
        assert_eq!(made.status, 0, "{}", made.stderr);
    }
    folder
}

const OLD: &str = "CREATE TABLE t (id integer PRIMARY KEY, email text, gone integer);";
const NEW: &str = "CREATE TABLE t (id integer PRIMARY KEY, mail text); CREATE INDEX by_mail ON t (mail);";

#[test]
fn a_run_fails_on_what_it_was_told_to() {
    let folder = snapshots(&[
        ("old", OLD),
        (
            "index",
            "CREATE TABLE t (id integer PRIMARY KEY, email text, gone integer); CREATE INDEX i ON t (email);",
        ),
        ("new", NEW),
    ]);
    for (to, words, status) in [
        ("index", vec![], 1),
        ("index", vec!["--fail-on", "data-loss"], 0),
        ("index", vec!["--fail-on", "data-loss,outage", "--fail-on", "high"], 0),
        ("index", vec!["--fail-on", "blocked-writes"], 1),
        ("index", vec!["--fail-on", "medium"], 1),
        ("index", vec!["--allow", "index-missing"], 0),
        ("new", vec!["--fail-on", "data-loss"], 1),
        ("new", vec!["--fail-on", "never"], 0),
        ("new", vec!["--fail-on", "data-loss", "--allow", "drop-column"], 0),
        ("old", vec!["--fail-on", "drift"], 0),
    ] {
        let to = format!("{to}.json");
        let words = [vec!["diff", "old.json", to.as_str()], words].concat();
        let ran = ran(folder.path(), &words);
        assert_eq!(ran.status, status, "{words:?}: {}{}", ran.stdout, ran.stderr);
    }
    for (words, reason) in [
        (["--fail-on", "dataloss"], "none of drift, never, high, medium, low, data-loss"),
        (["--allow", "drop-colum"], "there is no such rule; perhaps"),
        (["--baseline", "none.json"], "cannot read the baseline none.json; --accept makes one"),
    ] {
        let ran = ran(folder.path(), &[&["diff", "old.json", "new.json"][..], &words].concat());
        assert!(ran.status == 2 && ran.stderr.contains(reason), "{words:?}: {}", ran.stderr);
    }
    let toml = "fail_on = [\"data-loss\"]\nallow = [\"drop-column\"]\n";
    fs::write(folder.path().join("driftglass.toml"), toml).unwrap();
    let quiet = ran(folder.path(), &["diff", "old.json", "new.json"]);
    assert!(quiet.status == 0 && quiet.stderr.contains("passed: no difference"), "{}", quiet.stderr);
}

#[test]
fn a_baseline_accepts_today_and_no_more() {
    let more = format!("{NEW} CREATE TABLE more (id integer PRIMARY KEY);");
    let folder = snapshots(&[("old", OLD), ("new", NEW), ("more", &more)]);
    let path = folder.path().join("drift.json");
    let diff = |to: &str, words: &[&str]| {
        ran(folder.path(), &[&["diff", "old.json", to, "--baseline", "drift.json"], words].concat())
    };
    let accepted = diff("new.json", &["--accept"]);
    assert!(
        accepted.status == 0 && accepted.stderr.contains("accepted 4 differences"),
        "{}",
        accepted.stderr
    );
    let quiet = diff("new.json", &[]);
    assert!(
        quiet.status == 0 && quiet.stdout.contains("4 differences accepted, and not shown."),
        "{}",
        quiet.stdout
    );
    let new = diff("more.json", &["--format", "json"]);
    let told: Vec<_> = json(&new)["entries"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!((new.status, told), (1, vec![Value::from("table:public.more")]));
    // A reason and a day are kept when it is written again; a day that has passed ends it.
    let text = fs::read_to_string(&path).unwrap();
    let dated = text.replacen(
        "\"fingerprint\"",
        "\"reason\": \"later\", \"until\": \"2020-01-31\", \"fingerprint\"",
        1,
    );
    fs::write(&path, &dated).unwrap();
    let ended = diff("new.json", &[]);
    assert!(ended.status == 1 && ended.stderr.contains("was accepted until 2020-01-31"), "{}", ended.stderr);
    assert_eq!(diff("more.json", &["--accept"]).status, 0);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.contains("\"later\"") && kept.contains("table:public.more"), "{kept}");
    // A run that looks at some tables alone does not forget the others.
    assert_eq!(diff("more.json", &["--accept", "--table", "more"]).status, 0);
    assert!(fs::read_to_string(&path).unwrap().contains("column:public.t.gone"));
    // Another table of the same size is another difference.
    let other = format!("{NEW} CREATE TABLE more (name text PRIMARY KEY);");
    fs::write(folder.path().join("other.sql"), other).unwrap();
    assert_eq!(ran(folder.path(), &["snapshot", "sql:other.sql", "-o", "other.json"]).status, 0);
    assert_eq!(diff("other.json", &[]).status, 1);
    let sql = diff("more.json", &["--format", "sql"]);
    assert!(sql.status == 0 && !sql.stdout.contains("CREATE TABLE"), "{}", sql.stdout);
    fs::write(&path, "{").unwrap();
    let broken = diff("new.json", &[]);
    assert!(broken.status == 2 && broken.stderr.contains("drift.json: line 1"), "{}", broken.stderr);
}

#[test]
fn a_rename_is_offered_confirmed_and_kept() {
    let old = "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, born date); CREATE VIEW v AS SELECT email FROM users;";
    let new = "CREATE TABLE people (id integer PRIMARY KEY, mail text NOT NULL, born date); CREATE VIEW v AS SELECT mail AS email FROM people;";
    let folder = snapshots(&[("old", old), ("new", new)]);
    let asked = ran(folder.path(), &["diff", "old.json", "new.json"]);
    assert!(
        asked.stdout.contains("? public.users → people: 2 of 3 columns have the same name"),
        "{}",
        asked.stdout
    );
    assert!(asked.stdout.contains("renames = [\"table:public.users=people\"]"), "{}", asked.stdout);
    let toml = "renames = [\"table:public.users=people\", \"column:public.users.email=mail\", \"table:public.x=y\"]\n";
    fs::write(folder.path().join("driftglass.toml"), toml).unwrap();
    let report = ran(folder.path(), &["diff", "old.json", "new.json", "--format", "json"]);
    let entries: Vec<String> = json(&report)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["rule"] == "renamed")
        .map(|it| format!("{} {} {}", it["id"], it["old"], it["new"]).replace('"', ""))
        .collect();
    assert_eq!(entries, ["table:public.people users people", "column:public.people.mail email mail"]);
    assert!(!report.stdout.contains("data-loss"), "{}", report.stdout);
    let plan = ran(folder.path(), &["plan", "old.json", "new.json", "--verify"]);
    assert!(
        plan.status == 0 && plan.stdout.contains("ALTER TABLE public.users RENAME TO people;"),
        "{}{}",
        plan.stdout,
        plan.stderr
    );
    assert!(!plan.stdout.contains("DROP TABLE"), "{}", plan.stdout);
    // Once it is done the entry does no harm, and on the way back it is undone.
    assert_eq!(ran(folder.path(), &["diff", "new.json", "new.json"]).status, 0);
    let back = ran(folder.path(), &["plan", "old.json", "new.json", "--down"]);
    assert!(back.stdout.contains("ALTER TABLE public.people RENAME TO users;"), "{}", back.stdout);
}

#[test]
fn who_agrees_with_whom() {
    let folder = snapshots(&[("a", OLD), ("b", OLD), ("c", OLD), ("d", NEW)]);
    let words = ["compare", "a.json", "b.json", "c.json", "d.json"];
    let told = ran(folder.path(), &[&words[..], &["--baseline", "b"]].concat());
    assert_eq!(told.status, 1, "{}", told.stderr);
    for line in [
        "  1  a, b, c  baseline",
        "  A   B*",
        "  2  d",
        "only d differs",
        "✗ 3 of 4 agree; the other one differs in 1 way, in 1 object",
    ] {
        assert!(told.stdout.contains(line), "{line} is not in\n{}", told.stdout);
    }
    let found = json(&ran(folder.path(), &[&words[..], &["--format", "json"]].concat()));
    assert_eq!(found["groups"], serde_json::json!([[0, 1, 2], [3]]));
    assert_eq!(found["rows"][0]["odd_one"], 1);
    let alike = ran(folder.path(), &["compare", "a.json", "b.json"]);
    assert!(alike.status == 0 && alike.stdout.contains("✓ all 2 agree"), "{}", alike.stdout);
    let unknown = ran(folder.path(), &[&words[..], &["--baseline", "x"]].concat());
    assert!(unknown.status == 2 && unknown.stderr.contains("there are a, b, c, d"), "{}", unknown.stderr);
    let shop = ran(
        &root(),
        &[
            "compare",
            "snapshots/dev.json",
            "snapshots/production.json",
            "snapshots/staging.json",
            "snapshots/models.json",
        ],
    );
    assert!(
        shop.stdout.contains("view billing.open_invoices") && shop.stdout.contains("?"),
        "{}",
        shop.stdout
    );
}

#[test]
fn two_hundred_tenants_are_told_in_a_few_lines() {
    let folder =
        snapshots(&[("same", OLD), ("one", NEW), ("other", "CREATE TABLE t (id integer PRIMARY KEY);")]);
    let mut words = vec!["compare".to_owned()];
    for tenant in 0..200 {
        let from = match tenant {
            17 | 120 => "one",
            180 => "other",
            _ => "same",
        };
        let name = format!("tenant_{tenant}.json");
        fs::copy(folder.path().join(format!("{from}.json")), folder.path().join(&name)).unwrap();
        words.push(name);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let told = ran(folder.path(), &words);
    assert!(told.stdout.contains("197 of 200 agree; the other 3 differ in 2 ways"), "{}", told.stdout);
    assert!(told.stdout.contains("and 191 more") && told.stdout.lines().count() < 20, "{}", told.stdout);
}
