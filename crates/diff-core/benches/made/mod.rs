//! What benches share: a schema that is the same each time, and a clock.
//!
//! Tables of twelve columns, each with a primary key and an index, every second one with a foreign key to the table
//! before. One table in a hundred differs in what is changed; of the others no column has the origin that it has in old.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]
#![allow(dead_code, reason = "each bench is a program of its own, and takes what it needs")]

use std::hint::black_box;
use std::time::Instant;

use diff_core::{
    Body, Column, Constraint, Coverage, Index, Kind, Object, ObjectId, Origin, Snapshot, Source, Table,
};

const RUNS: usize = 5;
const COLUMNS: u32 = 12;

/// The middle one of several times, in milliseconds.
pub(crate) fn median_millis<T>(run: impl Fn() -> T) -> f64 {
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

/// A schema of so many tables.
pub(crate) fn schema(tables: u32, is_changed: bool) -> Snapshot {
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
