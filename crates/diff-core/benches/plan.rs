//! How long a plan takes, and that the time grows with the schema: `cargo bench -p diff-core`.
//!
//! Tables of twelve columns with a key, an index and a foreign key to the table before; a view over every tenth.
//! Two ways: from nothing to all of it, and to a schema of which every hundredth table differs. Ratios are to
//! the limit of a second for a thousand tables, and to ten times the smaller schema.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::hint::black_box;
use std::time::Instant;

use diff_core::{
    Body, Column, Constraint, Index, Kind, Object, ObjectId, PlanOptions, Snapshot, Table, View, plan,
};

const RUNS: usize = 5;
const COLUMNS: u32 = 12;
const LIMIT_MILLIS: f64 = 1000.0;

fn main() {
    println!("{:>8}  {:>12}  {:>12}  {:>14}", "tables", "from nothing", "one in 100", "of the limit");
    let [small, large] = [1_000, 10_000].map(|tables| {
        let new = schema(tables, false);
        let old = schema(tables, true);
        let empty = Snapshot::of_new_database(Some(&new));
        let (whole, some) = (median_millis(&empty, &new), median_millis(&old, &new));
        let limit = LIMIT_MILLIS * f64::from(tables) / 1000.0;
        println!("{tables:>8}  {whole:>9.1} ms  {some:>9.1} ms  {:>14.3}", whole.max(some) / limit);
        whole.max(some)
    });
    println!("ten times the tables take {:.1} times as long", large / small);
}

fn median_millis(old: &Snapshot, new: &Snapshot) -> f64 {
    let options = PlanOptions::default();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(plan(black_box(old), black_box(new), &options).expect("there are no renames"));
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

fn schema(tables: u32, is_changed: bool) -> Snapshot {
    let mut snapshot = Snapshot::of_new_database(None);
    for number in 0..tables {
        let name = format!("t{number}");
        let mut add = |kind: Kind, path: &[&str], body: Body, needs: &[ObjectId]| {
            let id = ObjectId::new(kind, ["public"].iter().chain(path).copied());
            let object = Object { depends_on: needs.iter().cloned().collect(), ..Object::new(body) };
            snapshot.objects.insert(id.clone(), object);
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
        if let Some(before) = number.checked_sub(1) {
            let other = format!("t{before}");
            let needs = [Kind::PrimaryKey]
                .map(|kind| ObjectId::new(kind, ["public", &other, &format!("{other}_pkey")]));
            let body =
                Body::ForeignKey(constraint(format!("FOREIGN KEY (c3) REFERENCES public.{other}(c0)")));
            add(Kind::ForeignKey, &[&name, &format!("{name}_fkey")], body, &needs);
        }
        if number % 10 == 0 {
            let view = View { definition: format!("SELECT c1 FROM public.{name}"), ..View::default() };
            add(Kind::View, &[&format!("v{number}")], Body::View(view), &columns[1..2]);
        }
    }
    snapshot
}
