//! What `pg_dump` makes of a database, as entries of which neither their order nor that of their lines counts.

use std::collections::BTreeMap;
use std::process::Command;

use tests::{run, server_url, setting};

/// How often each entry is there.
pub(super) type Dump = BTreeMap<String, usize>;

/// The dump of a database.
pub(super) fn dump(name: &str) -> Dump {
    let mut command = Command::new(setting("DRIFTGLASS_TEST_PG_BIN").join("pg_dump"));
    let ran = run(command.args(["--schema-only", "--no-owner", "-d", &server_url(name)]));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let mut entries = Dump::new();
    for entry in ran.stdout.split("\n-- Name: ").skip(1) {
        // Behind the last one stands the end of the dump.
        let entry = entry.split("\n-- PostgreSQL database dump complete").next().unwrap();
        let (title, body) = entry.split_once('\n').unwrap();
        let title = title.split("; Owner: ").next().unwrap();
        // Statistics and publications list columns in the table's order.
        let body = match ["STATISTICS", "PUBLICATION TABLE"].iter().any(|kind| title.contains(kind)) {
            true => body
                .replace(", ", "\n")
                .replace(" FROM ", "\nFROM ")
                .replace(" ON ", " ON\n")
                .replace([';', '(', ')'], "\n"),
            false => body.to_owned(),
        };
        // Columns come in another order, and what ALTER TABLE sets between them.
        let is_line = |line: &&str| {
            !line.is_empty()
                && !line.starts_with("--")
                && !line.starts_with("SET ")
                && !line.starts_with('\\')
        };
        let mut lines: Vec<&str> =
            body.lines().map(|line| line.trim().trim_end_matches(',')).filter(is_line).collect();
        lines.sort_unstable();
        *entries.entry(format!("{title}\n{}", lines.join("\n"))).or_default() += 1;
    }
    entries
}

/// What only one of two dumps holds.
pub(super) fn compare(reached: &Dump, goal: &Dump) -> Result<(), String> {
    let only = |these: &Dump, those: &Dump, sign: &str| -> Vec<String> {
        let is_only = |(entry, count): &(&String, &usize)| those.get(*entry) != Some(count);
        these.iter().filter(is_only).map(|(entry, _)| format!("{sign} {entry}")).collect()
    };
    let found = [only(reached, goal, "reached"), only(goal, reached, "goal")].concat();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}
