//! What is counted under valgrind, by `cargo xtask instructions`: each work is a function of its own, called once.
//!
//! Two schemas of `made`, of 1,000 tables. It prints nothing: callgrind does.

mod made;

use std::hint::black_box;

use diff_core::{Diff, DiffOptions, Plan, PlanOptions, Report, Snapshot, diff, plan};

const TABLES: u32 = 1_000;

fn main() {
    let [old, new] = [false, true].map(|is_changed| made::schema(TABLES, is_changed).to_json());
    let [old, new] = load([&old, &new]);
    let found = compare(&old, &new);
    black_box(report(&old, &new, &found));
    black_box(planned(&old, &new));
}

#[inline(never)]
fn load(files: [&String; 2]) -> [Snapshot; 2] {
    files.map(|file| Snapshot::from_json(file.as_bytes()).expect("it has been written by the same"))
}

#[inline(never)]
fn compare(old: &Snapshot, new: &Snapshot) -> Diff {
    diff(old, new, &DiffOptions::default())
}

#[inline(never)]
fn report(old: &Snapshot, new: &Snapshot, found: &Diff) -> Report {
    Report::new(old, new, found, &DiffOptions::default())
}

#[inline(never)]
fn planned(old: &Snapshot, new: &Snapshot) -> Plan {
    plan(old, new, &PlanOptions::default()).expect("there are no renames")
}
