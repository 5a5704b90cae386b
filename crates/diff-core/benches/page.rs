//! How long the page waits for a large pair: `cargo bench -p diff-core --bench page`.
//!
//! 10,000 tables of twelve columns, each with a primary key and an index, every second one with a foreign key to the
//! table before. One table in a hundred differs; of the others no column has the origin that it has in old. Ratios of
//! times to limits, and of reading to what `serde_json` takes for a `Value` of the same bytes.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::hint::black_box;
use std::time::Instant;

use diff_core::{
    Body, Column, Constraint, Coverage, DiffOptions, Index, Kind, Object, ObjectId, Origin, PlanOptions,
    Report, Snapshot, Source, Table, definition, diff, matrix, plan, plan_selected,
};

const RUNS: usize = 5;
const TABLES: u32 = 10_000;
const COLUMNS: u32 = 12;

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

fn median_millis<T>(run: impl Fn() -> T) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let result = black_box(run());
            let millis = start.elapsed().as_secs_f64() * 1000.0;
            drop(result);
            millis
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

fn schema(tables: u32, is_changed: bool) -> Snapshot {
    let mut objects = Snapshot::of_new_database(None).objects;
    for number in 0..tables {
        let name = format!("t{number}");
        let mut add = |kind: Kind, path: &[&str], body: Body, needs: &[ObjectId]| {
            let id = ObjectId::new(kind, ["public"].iter().chain(path).copied());
            let origin = is_changed.then(|| Origin { file: "shop/models.py".to_owned(), line: number });
            let depends_on = needs.iter().cloned().collect();
            objects.insert(id.clone(), Object { depends_on, origin, ..Object::new(body) });
            id
        };
        add(Kind::Table, &[&name], Body::Table(Table::default()), &[]);
        let differs = is_changed && number % 100 == 0;
        let columns: Vec<ObjectId> = (0..COLUMNS)
            .map(|place| {
                let data_type = if differs && place == 1 { "text" } else { "integer" };
                let body: Column = serde_json::from_value(serde_json::json!({
                    "position": place + 1, "type": data_type, "nullable": place > 0,
                }))
                .expect("it is a column");
                add(Kind::Column, &[&name, &format!("c{place}")], Body::Column(body), &[])
            })
            .collect();
        let constraint = |definition: String| Constraint { definition, ..Constraint::default() };
        let key = Body::PrimaryKey(constraint("PRIMARY KEY (c0)".to_owned()));
        add(Kind::PrimaryKey, &[&name, &format!("{name}_pkey")], key, &columns[..1]);
        let index = Index { definition: "USING btree (c1, c2)".to_owned(), ..Index::default() };
        add(Kind::Index, &[&name, &format!("{name}_index")], Body::Index(index), &columns[1..3]);
        if number % 2 == 1 {
            let other = format!("t{}", number - 1);
            let key = ObjectId::new(Kind::PrimaryKey, ["public", &other, &format!("{other}_pkey")]);
            let body =
                Body::ForeignKey(constraint(format!("FOREIGN KEY (c3) REFERENCES public.{other}(c0)")));
            add(Kind::ForeignKey, &[&name, &format!("{name}_fkey")], body, &[columns[3].clone(), key]);
        }
    }
    Snapshot::new(Source::default(), Coverage::default(), objects)
}
