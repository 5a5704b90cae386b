//! A plan as SQL that `psql -v ON_ERROR_STOP=1 -f` runs.

use std::fmt::Write as _;

use crate::{Effect, Online, Phase, Plan, Step, Suggestion};

/// The width of what is said about a step.
const WIDTH: usize = 100;

/// The whole plan: what to know as comments, then the steps. Nothing but comments where there is nothing to do.
pub fn sql(plan: &Plan) -> String {
    let mut text = String::new();
    for note in &plan.notes {
        comment(&mut text, note);
    }
    for Suggestion { rename, evidence } in &plan.suggestions {
        let rename = shell_word(&rename.to_string());
        comment(&mut text, &format!("Was it renamed? Then --rename {rename} ({evidence})"));
    }
    if plan.is_empty() {
        comment(&mut text, "Nothing to do.");
        return text;
    }
    let mut phase = None;
    for (at, step) in plan.steps.iter().enumerate() {
        if !text.is_empty() {
            text.push('\n');
        }
        if let Some(online) = &step.online {
            if phase.replace(online.phase) != Some(online.phase) {
                comment(&mut text, &format!("{}\n{}\n", title(online.phase), about(online.phase)));
                text.push('\n');
            }
            let note = format!("Step {} of {}. {}", at + 1, plan.steps.len(), online.note);
            comment(&mut text, &textwrap::fill(note.trim_end(), WIDTH));
            let _ = writeln!(text, "{}; {};", timeouts(online)[0], timeouts(online)[1]);
        }
        write_step(&mut text, step);
    }
    if phase.is_some() {
        text.push_str("\nRESET lock_timeout; RESET statement_timeout;\n");
    }
    text
}

/// The headline of a phase.
fn title(phase: Phase) -> String {
    format!("==== {} ====", phase.to_string().to_uppercase())
}

/// What a phase is, and when to run it.
pub(super) fn about(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => {
            "Adds what is new. Run it before the new code. A step that fails has left nothing, or clears up\nwhen it is \
             run again: mend what it says, and go on from that step."
        }
        Phase::Backfill => {
            "Reads and fills the rows that are there. Takes its time and stops nobody; it may be broken off and run \
             again."
        }
        Phase::Switch => {
            "Puts the new in the place of the old. Run it when the backfill is through; each step is brief."
        }
        Phase::Contract => {
            "Removes what is not used any more. Run it after the last of the old code is gone."
        }
    }
}

/// The statements that set how long the statements of a step may wait and take.
pub(super) fn timeouts(online: &Online) -> [String; 2] {
    let set = |name: &str, millis: u32| match (millis % 1000, millis / 1000) {
        (0, 0) => format!("SET {name} = 0"),
        (0, seconds) => format!("SET {name} = '{seconds}s'"),
        _ => format!("SET {name} = {millis}"),
    };
    [
        set("lock_timeout", online.lock_timeout_millis),
        set("statement_timeout", online.statement_timeout_millis),
    ]
}

/// One `--` line for each line of the text; psql ends a comment at a carriage return too.
fn comment(text: &mut String, note: &str) {
    for line in note.trim_end_matches('\n').split(['\n', '\r']) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "-- {line}");
    }
}

fn shell_word(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || ":._=-".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn write_step(text: &mut String, step: &Step) {
    let is_quiet = step.statements.iter().any(|statement| statement.needs_quiet_functions());
    // A statement by itself is a transaction.
    let is_block = step.is_transaction && (step.online.is_none() || step.statements.len() > 1 || is_quiet);
    if is_block {
        text.push_str("BEGIN;\n");
        if is_quiet {
            text.push_str("SET LOCAL check_function_bodies = off;\n");
        }
    }
    for statement in &step.statements {
        let _ = writeln!(text, "{};", statement.sql);
        if let Some(effect) = &statement.effect {
            write_effect(text, effect);
        }
    }
    if is_block {
        text.push_str("COMMIT;\n");
    }
}

/// The locks that a statement took, one line, and what it read and wrote anew.
fn write_effect(text: &mut String, effect: &Effect) {
    let lock = |(table, lock): (&String, &String)| format!("{} on {table}", lock_name(lock));
    let locks: Vec<String> = effect.locks.iter().map(lock).collect();
    if !locks.is_empty() {
        comment(text, &format!("  locks: {}", locks.join(", ")));
    }
    for table in &effect.rewrites {
        comment(text, &format!("  rewrites {table}"));
    }
    for table in &effect.scans {
        comment(text, &format!("  reads all of {table}"));
    }
}

/// `AccessExclusiveLock` as the manual calls it: `ACCESS EXCLUSIVE`.
fn lock_name(mode: &str) -> String {
    let mut name = String::new();
    for c in mode.trim_end_matches("Lock").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push(' ');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_comment() {
        let mut text = String::new();
        comment(&mut text, "lost: public.a\rDROP TABLE b;\nand more");
        assert_eq!(text, "-- lost: public.a\n-- DROP TABLE b;\n-- and more\n");
    }
}
