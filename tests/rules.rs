//! Every rule has an example under `tests/rules`, which is run on the servers: the locks that the rule states are
//! compared with those that are taken, the safe way with where the plain one leads, and the near misses are to
//! be passed over in silence. `docs/rules.md` is made from the same table and the same examples.
//!
//! A file holds one example or several, each in parts that begin with a line of their own:
//! `-- old` (or `-- old 14` where older servers do not know it), `-- bad` for the plain way, `-- good` for the safe
//! one (or `-- good none: …` where there is none), `-- refused 23502` for rows that stop the plain way, and
//! `-- near: …` for what the rule is not about.

mod page;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use diff_core::{Locked, Mode, RULES, Rule, Work};
use tests::{hand_on, root};
use trial::{Held, Trial};

const MAJORS: [u32; 6] = [13, 14, 15, 16, 17, 18];

/// Of a server that is not to be had any more.
const NOT_SHOWN: [&str; 2] = ["index-corruption", "renamed"];

/// What a rule is tried on.
#[derive(Debug, Default)]
struct Example {
    /// The first major version that knows what it says.
    since: u32,
    /// The last one for which its locks hold.
    until: u32,
    old: String,
    bad: String,
    good: Good,
    /// The error that rows stop the plain way with, and the rows.
    refused: Option<(String, String)>,
    /// What the rule is not about, each with what it shows.
    near: Vec<(String, String)>,
}

/// The safe way.
#[derive(Debug, Default)]
enum Good {
    /// The plain one is safe, or it is shown by another example.
    #[default]
    Unsaid,
    /// Other statements, which lead to the same end.
    Way(String),
    /// There is none; what to do instead.
    None(String),
}

/// The examples by rule.
fn examples() -> BTreeMap<String, Vec<Example>> {
    let entries = fs::read_dir(root().join("tests/rules")).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let examples = parse(&fs::read_to_string(&path).unwrap());
        (name, examples)
    };
    files.map(read).collect()
}

fn parse(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for part in format!("\n{text}").split("\n-- ").skip(1) {
        let (title, sql) = part.split_once('\n').unwrap_or((part, ""));
        let (word, rest) = title.split_once(' ').unwrap_or((title, ""));
        let sql = sql.trim().to_owned();
        if word == "old" {
            let mut majors = rest.split('-').map(|major| major.parse().ok());
            let since = majors.next().flatten().unwrap_or(0);
            let until = majors.next().flatten().unwrap_or(u32::MAX);
            examples.push(Example { since, until, old: sql, ..Example::default() });
            continue;
        }
        let example = examples.last_mut().expect("an example begins with `-- old`");
        match word {
            "bad" => example.bad = sql,
            "good" => {
                let none = rest.strip_prefix("none: ").map(|instead| Good::None(instead.to_owned()));
                example.good = none.unwrap_or(Good::Way(sql));
            }
            "refused" => example.refused = Some((rest.to_owned(), sql)),
            "near:" => example.near.push((rest.to_owned(), sql)),
            other => panic!("`-- {other}` is no part of an example"),
        }
    }
    examples
}

/// The rules that examples show.
fn shown_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten().filter(|rule| !NOT_SHOWN.contains(&rule.id))
}

#[test]
fn every_rule_has_an_example_and_every_example_a_rule() {
    let known: BTreeSet<String> = shown_rules().map(|rule| rule.id.to_owned()).collect();
    let examples = examples();
    let shown: BTreeSet<String> = examples.keys().cloned().collect();
    assert_eq!(known, shown);
    for rule in shown_rules() {
        let of_rule = &examples[rule.id];
        assert!(of_rule.iter().all(|example| !example.bad.is_empty()), "{} lacks a bad example", rule.id);
        assert!(of_rule.iter().any(|example| !example.near.is_empty()), "{} lacks a near miss", rule.id);
        let has_refusal = of_rule.iter().any(|example| example.refused.is_some());
        assert_eq!(has_refusal, rule.may_be_refused, "{}: what is said and shown of refusals", rule.id);
        let is_long = rule.locks.iter().any(|lock| lock.work > Work::Brief && lock.mode >= Mode::Share);
        let has_good = of_rule.iter().any(|example| !matches!(example.good, Good::Unsaid));
        assert!(has_good || !is_long, "{} blocks for long, and shows no better way", rule.id);
    }
}

#[test]
fn the_page_is_made_from_the_table() {
    let (path, made) = (root().join("docs/rules.md"), page::page(&examples()));
    if std::env::var_os("DRIFTGLASS_RULES").is_some_and(|value| value == "write") {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/rules.md is not of this table: DRIFTGLASS_RULES=write makes it anew");
}

#[test]
fn servers_do_what_the_rules_say() {
    let examples = examples();
    let only = std::env::var("DRIFTGLASS_ONLY").unwrap_or_default();
    let queue = Mutex::new(MAJORS.to_vec());
    let wrong: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().pop();
                    let Some(major) = next else { break };
                    let trial = Trial::start(major);
                    for (rule, (example, number)) in
                        examples.iter().flat_map(|(rule, all)| all.iter().zip(1..).map(move |it| (rule, it)))
                    {
                        let is_meant =
                            rule.contains(&only) && example.since <= major && major <= example.until;
                        if is_meant && let Err(reason) = prove(&trial, rule, number, example) {
                            wrong.lock().unwrap().push(format!("{rule} on {major}: {reason}"));
                        }
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What costs the most trust is a false alarm: each case says all that is to be said of it.
#[test]
fn what_is_harmless_is_not_flagged() {
    let trial = Trial::start(18);
    let mut wrong = Vec::new();
    let entries = fs::read_dir(root().join("tests/rules/harmless")).unwrap();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&path).unwrap();
        let part = |title: &str| {
            let (_, rest) = text.split_once(&format!("-- {title}\n")).unwrap();
            rest.split("\n-- ").next().unwrap().trim().to_owned()
        };
        let outcome = trial.run(&part("old"), &part("new")).unwrap();
        let say = |entry: &diff_core::Entry| {
            let hazards = entry.hazards.iter().map(|hazard| format!(" {hazard}"));
            format!("{}{}", entry.rule.unwrap_or("nothing"), hazards.collect::<String>())
        };
        let said: Vec<String> = outcome.report().entries.iter().map(say).collect();
        let expected = part("says");
        if said != expected.lines().collect::<Vec<_>>() {
            wrong.push(format!("{}: {said:?}", path.file_stem().unwrap().display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs an example; tells where the server contradicts the rule.
fn prove(trial: &Trial, rule: &str, number: u32, example: &Example) -> Result<(), String> {
    let plain = trial.run(&example.old, &example.bad)?;
    let report = plain.report();
    let speaks = report.entries.iter().any(|entry| entry.rule == Some(rule) || entry.beside.contains(&rule));
    if !speaks {
        let said: Vec<_> =
            report.entries.iter().map(|entry| format!("{} {:?}", entry.id, entry.rule)).collect();
        return Err(format!("it does not speak: {}", said.join(", ")));
    }
    let stated = stated(report.entries.iter().flat_map(|entry| &entry.locks));
    let took = plain.held();
    if stated != took {
        return Err(format!("stated {stated:?}\n      took {took:?}"));
    }
    // The rest is no different from one server to the next.
    if trial.major != 18 {
        return Ok(());
    }
    hand_on("rules", &format!("{rule}-{number}"), &plain.before, &plain.after);
    if let Some((state, rows)) = &example.refused {
        let refused = trial.run(&format!("{}\n{rows}", example.old), &example.bad).err();
        if !refused.as_ref().is_some_and(|reason| reason.contains(state.as_str())) {
            return Err(format!("the rows do not stop it with {state}: {refused:?}"));
        }
    }
    if let Good::Way(good) = &example.good {
        let safe = trial.run(&example.old, good)?;
        let left = diff_core::diff(&plain.after, &safe.after, &diff_core::DiffOptions::default());
        if let Some(delta) = left.deltas.first() {
            return Err(format!("the safe way leads elsewhere: {} differs", delta.id));
        }
        for (statement, held) in &safe.steps {
            let is_long = |(mode, work): &(Mode, Work)| *work > Work::Brief && *mode >= Mode::Share;
            if let Some((table, held)) = held.iter().find(|(_, held)| is_long(held)) {
                return Err(format!("the safe way blocks {table} for long: {held:?}, with {statement}"));
            }
        }
    }
    for (what, sql) in &example.near {
        let near = trial.run(&example.old, sql)?;
        let report = near.report();
        if report.entries.iter().any(|entry| entry.rule == Some(rule) || entry.beside.contains(&rule)) {
            return Err(format!("it speaks of {what}"));
        }
    }
    Ok(())
}

/// The strongest lock and the longest work of each table.
fn stated<'a>(locks: impl Iterator<Item = &'a Locked>) -> Held {
    let mut held = Held::new();
    for lock in locks {
        let known = held.entry(lock.table.dotted()).or_insert((lock.mode, lock.work));
        *known = (known.0.max(lock.mode), known.1.max(lock.work));
    }
    held
}
