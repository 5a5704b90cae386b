//! How long the page waits for a large pair: `cargo bench -p diff-core --bench page`.
//!
//! Two schemas of `made`, of 10,000 tables. Ratios of times to limits, and of reading to what `serde_json` takes for a
//! `Value` of the same bytes.

mod made;

use diff_core::{
    DiffOptions, Kind, ObjectId, PlanOptions, Report, Snapshot, definition, diff, matrix, plan, plan_selected,
};
use made::{median_millis, schema};

const TABLES: u32 = 10_000;

fn main() {
    let (old, new) = (schema(TABLES, false), schema(TABLES, true));
    let files = [old.to_json(), new.to_json()];
    let bytes = files[0].as_bytes();
    let value = median_millis(|| serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
    say("serde_json::Value", value, value);
    let read = median_millis(|| Snapshot::from_json(bytes).is_ok());
    say("Snapshot::from_json, to Value", read, value * 2.0);
    let options = DiffOptions::default();
    let found = diff(&old, &new, &options);
    say("diff", median_millis(|| diff(&old, &new, &options)), 60.0);
    say("Report::new", median_millis(|| Report::new(&old, &new, &found, &options)), 50.0);
    let planning = PlanOptions::default();
    say("plan", median_millis(|| plan(&old, &new, &planning).is_ok()), 300.0);
    let half = found.deltas.iter().step_by(2).map(|delta| delta.id.clone()).collect();
    let some = || plan_selected(&old, &new, &planning, &half).is_ok();
    say("plan_selected, every second", median_millis(some), 300.0);
    let id = ObjectId::new(Kind::Table, ["public", "t5000"]);
    say("definition", median_millis(|| definition(&new, &id)), 1.0);
    let ten: Vec<Snapshot> = (0..10).map(|number| schema(1_000, number % 3 == 0)).collect();
    let ten: Vec<&Snapshot> = ten.iter().collect();
    say("matrix of 10 × 1,000", median_millis(|| matrix(&ten, &options)), 100.0);
}

fn say(what: &str, millis: f64, limit: f64) {
    println!("{what:>30}  {millis:>9.2} ms  {:>6.2} of the limit", millis / limit);
}
