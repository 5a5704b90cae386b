//! A plan as SQL that `psql -v ON_ERROR_STOP=1 -f` runs.

use std::fmt::Write as _;

use crate::{Plan, Step};

/// The whole plan: what to know as comments, then the steps. Nothing but comments where there is nothing to do.
pub fn sql(plan: &Plan) -> String {
    let mut text = String::new();
    for note in &plan.notes {
        comment(&mut text, note);
    }
    for rename in &plan.suggestions {
        comment(&mut text, &format!("Was it renamed? Then --rename {}", shell_word(&rename.to_string())));
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
    }
    if step.is_transaction {
        text.push_str("COMMIT;\n");
    }
}
