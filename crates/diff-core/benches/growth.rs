//! Whether ten times the tables take ten times as long: `cargo bench -p diff-core --bench growth`.
//!
//! Two schemas of `made`, of 10,000 and of 100,000 tables; for each work the time a table, and the ratio of the two.

mod made;

use diff_core::{DiffOptions, PlanOptions, Report, Snapshot, diff, plan};
use made::{median_millis, schema};

const SIZES: [u32; 2] = [10_000, 100_000];
const LIMIT: f64 = 1.3;

fn main() {
    let [small, large] = SIZES.map(micros_per_table);
    println!("{:>20}  {:>12}  {:>12}  {:>8}  {:>6}", "µs a table of", SIZES[0], SIZES[1], "ratio", "limit");
    for ((what, small), (_, large)) in small.into_iter().zip(large) {
        println!("{what:>20}  {small:>12.2}  {large:>12.2}  {:>8.2}  {LIMIT:>6.2}", large / small);
    }
}

fn micros_per_table(tables: u32) -> [(&'static str, f64); 4] {
    let (old, new) = (schema(tables, false), schema(tables, true));
    let (options, planning) = (DiffOptions::default(), PlanOptions::default());
    let found = diff(&old, &new, &options);
    let file = old.to_json();
    [
        ("Snapshot::from_json", median_millis(|| Snapshot::from_json(file.as_bytes()).is_ok())),
        ("diff", median_millis(|| diff(&old, &new, &options))),
        ("Report::new", median_millis(|| Report::new(&old, &new, &found, &options))),
        ("plan", median_millis(|| plan(&old, &new, &planning).is_ok())),
    ]
    .map(|(what, millis)| (what, millis * 1000.0 / f64::from(tables)))
}
