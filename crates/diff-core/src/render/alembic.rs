//! A plan and the way back as a revision of Alembic: operations of Alembic's own wherever it has them, SQL where
//! it has none, formatted as Black formats.

mod blocks;
mod online;
mod operations;
mod parts;
mod python;
mod scan;
mod tables;
mod types;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::snapshot::hex;
use crate::{Plan, Snapshot, Suggestion};
use blocks::{Block, blocks};
pub use online::alembic_online;
use python::quoted;
use types::Sides;

/// What a revision is called and where it stands among the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revision {
    /// What `alembic upgrade` is told.
    pub id: String,
    /// The revision that it follows; none where it is the first.
    pub down_revision: Option<String>,
    /// What it does, in a line.
    pub message: String,
    /// When it was written, as it is to be shown.
    pub create_date: Option<String>,
}

impl Revision {
    /// A revision with an id that is the same for the same way from the same place: 12 hexadecimal digits.
    pub fn new(old: &Snapshot, new: &Snapshot, down_revision: Option<String>, message: String) -> Self {
        let text =
            format!("{}\n{}\n{}", old.digest, new.digest, down_revision.as_deref().unwrap_or_default());
        let id = hex(&Sha256::digest(text)[..6]);
        Self { id, down_revision, message, create_date: None }
    }
}

/// The revision's file: `up` from `old` to `new`, `down` from `new` to `old`.
pub fn alembic(up: &Plan, down: &Plan, old: &Snapshot, new: &Snapshot, revision: &Revision) -> String {
    let mut functions = String::new();
    let ways = [
        ("upgrade", blocks(up, Sides { old, new })),
        ("downgrade", blocks(down, Sides { old: new, new: old })),
    ];
    for (name, blocks) in &ways {
        let _ = write!(functions, "\n\ndef {name}() -> None:\n");
        write_blocks(&mut functions, blocks);
    }
    let speaks_of = |module: &str| {
        ways.iter()
            .flat_map(|(_, blocks)| blocks)
            .flat_map(|block| &block.calls)
            .any(|it| it.speaks_of(module))
    };
    let mut text = docstring(up, down, revision);
    text.push('\n');
    for (module, import) in [
        ("sa", "import sqlalchemy as sa\n"),
        ("op", "from alembic import op\n"),
        ("postgresql", "from sqlalchemy.dialects import postgresql\n"),
    ] {
        if speaks_of(module) {
            text.push_str(import);
        }
    }
    if speaks_of("op") {
        text.push('\n');
    }
    let down_revision = revision.down_revision.as_deref().map_or_else(|| "None".to_owned(), quoted);
    let _ = write!(
        text,
        "# What Alembic knows it by.\nrevision = {}\ndown_revision = {down_revision}\nbranch_labels = None\n\
         depends_on = None\n",
        quoted(&revision.id)
    );
    text + &functions
}

fn write_blocks(out: &mut String, blocks: &[Block]) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for line in &block.comment {
            // Python ends a comment at a carriage return too.
            let line = line.replace(|c: char| python::is_unprintable(c), " ");
            let _ = writeln!(out, "    # {line}");
        }
        if !block.is_transaction {
            out.push_str("    with op.get_context().autocommit_block():\n");
        }
        for call in &block.calls {
            call.write(out, if block.is_transaction { 4 } else { 8 });
        }
    }
    if blocks.is_empty() {
        out.push_str("    pass\n");
    }
}

/// What the revision does and what is to be known about it.
fn docstring(up: &Plan, down: &Plan, revision: &Revision) -> String {
    let mut lines = vec![revision.message.clone(), String::new()];
    lines.push(format!("Revision ID: {}", revision.id));
    lines.push(format!("Revises: {}", revision.down_revision.as_deref().unwrap_or_default()));
    lines.extend(revision.create_date.as_ref().map(|date| format!("Create Date: {date}")));
    for (title, plan) in [("Before the upgrade:", up), ("Before the downgrade:", down)] {
        if plan.notes.is_empty() && plan.suggestions.is_empty() {
            continue;
        }
        lines.extend([String::new(), title.to_owned()]);
        let renames = plan.suggestions.iter().map(|Suggestion { rename, .. }| {
            format!("Was it renamed? Then write this anew with --rename {rename}: as it is, the rows go.")
        });
        for note in plan.notes.iter().cloned().chain(renames) {
            let options = textwrap::Options::new(88).initial_indent("- ").subsequent_indent("  ");
            lines.extend(textwrap::wrap(&note, options).iter().map(|line| line.clone().into_owned()));
        }
    }
    let mut text = String::from("\"\"\"");
    for (at, line) in lines.iter().enumerate() {
        let line = line.replace(|c: char| python::is_unprintable(c), " ");
        let line = line.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
        // Black keeps a quote away from the quotes around it.
        let space = if at == 0 && line.trim_start().starts_with('"') { " " } else { "" };
        let _ = writeln!(text, "{space}{}", if at == 0 { line.trim() } else { line.trim_end() });
    }
    text + "\"\"\"\n"
}
