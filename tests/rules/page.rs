//! `docs/rules.md`, made from the table of rules and their examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diff_core::{Group, Hazard, Lock, Mode, RULES, Rule, Work, is_beside};
use strum::IntoEnumIterator;

use super::{Example, Good};

const HEAD: &str = "<!-- Made by the tests from the table of rules: DRIFTGLASS_RULES=write cargo nextest run -p tests rules -->

# Rules

What driftglass says of a difference, how dangerous the plain way from old to new is, and which way is safe. Old is
what stands, mostly the database; new is what should stand, mostly the models. The console, the page and this
text read one table. Every example below is run on PostgreSQL 13 to 18 by the tests: what a rule says of locks, and of
what is read or written anew under them, is what those servers do; where rows can stop the plain way, rows do; the
safe way leads to the same schema, and none of its statements blocks writers for as long as a table is large.

Two things are said apart. The **severity** is how much it matters that the two sides differ. The **hazards** are what
can go wrong on the way from old to new:

";

/// The whole page.
pub(crate) fn page(examples: &BTreeMap<String, Vec<Example>>) -> String {
    let mut text = HEAD.to_owned();
    for hazard in Hazard::iter() {
        line(&mut text, &format!("- `{hazard}`: {}", hazard.meaning()));
    }
    line(
        &mut text,
        "\nTables that are known to be empty are not blocked for long and lose nothing; the sizes are those of the \
         snapshot. What only the strongest lock could do is said of the lock: it waits for every transaction that \
         uses the table, and everybody who comes after waits behind it, so set `lock_timeout` and try again.\n",
    );
    for group in Group::iter() {
        let of_group: Vec<&Rule> =
            RULES.iter().copied().flatten().filter(|rule| rule.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        line(&mut text, &format!("## {}\n", group.title("old", "new")));
        for rule in of_group {
            describe(&mut text, rule, examples.get(rule.id).and_then(|all| all.first()));
        }
    }
    text
}

fn describe(text: &mut String, rule: &Rule, example: Option<&Example>) {
    line(text, &format!("### `{}`\n", rule.id));
    line(text, &format!("{}\n", rule.effect));
    line(text, &format!("→ {}\n", rule.remedy));
    let said = [
        (rule.loses_data, Hazard::DataLoss),
        (rule.may_be_refused, Hazard::Refusal),
        (rule.breaks_code, Hazard::BrokenCode),
    ];
    let said = said.iter().filter(|(is_so, _)| *is_so).map(|(_, hazard)| format!("`{hazard}`"));
    let beside = if is_beside(rule) { "said beside another rule, " } else { "" };
    let facts: Vec<String> =
        [format!("{beside}severity {}", rule.severity)].into_iter().chain(said).collect();
    line(text, &format!("*{}*\n", facts.join(", ")));
    if !rule.locks.is_empty() {
        line(text, "| lock | on | meanwhile |\n| --- | --- | --- |");
        for lock in rule.locks {
            let Lock { on, mode, work, when, .. } = lock;
            let when = if when.is_empty() { String::new() } else { format!(", {when}") };
            line(text, &format!("| {mode} | {on}{when} | {} |", meanwhile(*mode, *work)));
        }
        text.push('\n');
    }
    let Some(example) = example else { return };
    line(text, &format!("```sql\n-- plain\n{}", example.bad));
    if let Good::Way(way) = &example.good {
        line(text, &format!("\n-- safe\n{way}"));
    }
    line(text, "```\n");
    if let Good::None(instead) = &example.good {
        line(text, &format!("There is no other way to the same end; instead: {instead}.\n"));
    }
    if let Some((_, rows)) = &example.refused {
        let rows = rows.replace('\n', " ");
        line(text, &format!("Refused after, for instance, `{rows}`\n"));
    }
    let near: Vec<&str> = example.near.iter().map(|(what, _)| what.as_str()).collect();
    line(text, &format!("Not meant: {}.\n", near.join("; ")));
}

fn meanwhile(mode: Mode, work: Work) -> String {
    let what = match work {
        Work::Brief => return format!("brief; {}", mode.blocks()),
        Work::Scan => "all rows are read",
        Work::Rewrite => "all rows are written anew",
    };
    format!("{what}; {}", mode.blocks())
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}
