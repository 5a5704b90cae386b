//! A plan as SQL that `psql -v ON_ERROR_STOP=1 -f` runs.

use std::fmt::Write as _;

use crate::{Effect, Plan, Step, Suggestion};

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
    for step in &plan.steps {
        if !text.is_empty() {
            text.push('\n');
        }
        write_step(&mut text, step);
    }
    text
}

/// One `--` line for each line of the text.
fn comment(text: &mut String, note: &str) {
    for line in note.lines() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "-- {line}");
    }
}

fn shell_word(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || ":._=-".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn write_step(text: &mut String, step: &Step) {
    if step.is_transaction {
        text.push_str("BEGIN;\n");
        if step.statements.iter().any(|statement| statement.needs_quiet_functions()) {
            text.push_str("SET LOCAL check_function_bodies = off;\n");
        }
    }
    for statement in &step.statements {
        let _ = writeln!(text, "{};", statement.sql);
        if let Some(effect) = &statement.effect {
            write_effect(text, effect);
        }
    }
    if step.is_transaction {
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
