//! Maps and atlases of small snapshots.

use diff_core::{Diff, DiffOptions, diff};

use super::*;

fn table(name: &str, columns: &[(&str, &str)], more: &[(&str, &str)]) -> String {
    let mut parts = vec![format!(r#""table:{name}": {{"body": {{"table": {{}}}}}}"#)];
    for (position, (column, data_type)) in columns.iter().enumerate() {
        parts.push(format!(
            r#""column:{name}.{column}": {{"body": {{"column": {{"position": {}, "type": "{data_type}", "nullable": true}}}}}}"#,
            position + 1
        ));
    }
    for (id, definition) in more {
        let kind = id.split(':').next().unwrap();
        parts.push(format!(r#""{id}": {{"body": {{"{kind}": {{"definition": "{definition}"}}}}}}"#));
    }
    parts.join(",")
}

fn snapshot(tables: &[String]) -> Snapshot {
    Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{}}}}}", tables.join(",")).as_bytes())
        .unwrap()
}

fn report(old: &Snapshot, new: &Snapshot) -> Report {
    let options = DiffOptions::default();
    let found: Diff = diff(old, new, &options);
    Report::new(old, new, &found, &options)
}

fn drawn(old: &Snapshot, new: &Snapshot, options: &Options) -> Map {
    let map = map(old, new, &report(old, new), options);
    let json = serde_json::to_string(&map).unwrap();
    assert_eq!(serde_json::from_str::<Map>(&json).unwrap(), map);
    map
}

/// Boxes as `fate name changes`.
fn told(map: &Map) -> Vec<String> {
    map.boxes.iter().map(|it| format!("{:?} {} {}", it.fate, it.name, it.changes)).collect()
}

/// A shop before and after: orders change, invoices go, shipments come, far stands two keys away.
fn shop() -> (Snapshot, Snapshot) {
    let customers = table(
        "public.customers",
        &[("id", "bigint"), ("region", "integer")],
        &[
            ("primary_key:public.customers.pk", "PRIMARY KEY (id)"),
            ("foreign_key:public.customers.fk_far", "FOREIGN KEY (region) REFERENCES public.far(id)"),
        ],
    );
    let to_customers =
        ("foreign_key:public.orders.fk_c", "FOREIGN KEY (customer) REFERENCES public.customers(id)");
    let far = table("public.far", &[("id", "integer")], &[]);
    let old = snapshot(&[
        customers.clone(),
        far.clone(),
        table(
            "public.orders",
            &[("id", "bigint"), ("note", "text"), ("customer", "bigint"), ("total", "integer")],
            &[to_customers],
        ),
        table(
            "billing.invoices",
            &[("order_id", "bigint")],
            &[("foreign_key:billing.invoices.fk_o", "FOREIGN KEY (order_id) REFERENCES public.orders(id)")],
        ),
    ]);
    let new = snapshot(&[
        customers,
        far,
        table(
            "public.orders",
            &[("id", "bigint"), ("customer", "bigint"), ("total", "bigint"), ("placed", "date")],
            &[to_customers],
        ),
        table(
            "public.shipments",
            &[("order_id", "bigint")],
            &[
                ("foreign_key:public.shipments.fk_o", "FOREIGN KEY (order_id) REFERENCES public.orders(id)"),
                (
                    "foreign_key:public.shipments.fk_self",
                    "FOREIGN KEY (order_id) REFERENCES public.shipments(id)",
                ),
            ],
        ),
    ]);
    (old, new)
}

#[test]
fn shows_what_differs_and_its_neighbours() {
    let (old, new) = shop();
    let all =
        ["Removed invoices 1", "Same customers 0", "Same far 0", "Altered orders 3", "Added shipments 1"];
    for (hops, limit, expected, left_out) in [
        (0, 80, vec![0, 3, 4], 0),
        (1, 80, vec![0, 1, 3, 4], 0),
        (2, 80, vec![0, 1, 2, 3, 4], 0),
        (9, 80, vec![0, 1, 2, 3, 4], 0),
        (2, 2, vec![0, 3], 3),
        (2, 0, vec![], 5),
    ] {
        let map = drawn(&old, &new, &Options { hops, limit, ..Options::default() });
        let expected: Vec<&str> = expected.into_iter().map(|at| all[at]).collect();
        assert_eq!(
            (told(&map), map.left_out),
            (expected.iter().map(|it| (*it).to_owned()).collect(), left_out)
        );
    }
}

#[test]
fn boxes_say_what_is_not_shown() {
    let (old, new) = shop();
    let map = drawn(&old, &new, &Options::default());
    let hidden: Vec<usize> = map.boxes.iter().map(|it| it.hidden_neighbours).collect();
    assert_eq!(hidden, [0, 1, 0, 0]);
}

#[test]
fn boxes_list_columns() {
    let (old, new) = shop();
    for (show, expected, more) in [
        (Show::Changed, &["Removed note text", "Altered total integer → bigint", "Added placed date"][..], 2),
        (
            Show::Keys,
            &[
                "Removed note text",
                "Same customer bigint fk",
                "Altered total integer → bigint",
                "Added placed date",
            ],
            1,
        ),
        (
            Show::All,
            &[
                "Same id bigint",
                "Removed note text",
                "Same customer bigint fk",
                "Altered total integer → bigint",
                "Added placed date",
            ],
            0,
        ),
        (Show::Names, &[], 0),
    ] {
        let map = drawn(&old, &new, &Options { show, ..Options::default() });
        let orders = map.boxes.iter().find(|it| it.name == "orders").unwrap();
        let rows: Vec<String> = orders
            .rows
            .iter()
            .map(|row| {
                let was = row.was.as_ref().map(|was| format!("{was} → ")).unwrap_or_default();
                let key = if row.is_foreign { " fk" } else { "" };
                format!("{:?} {} {was}{}{key}", row.fate, row.name, row.data_type)
            })
            .collect();
        assert_eq!(
            (rows.as_slice(), orders.more),
            (expected.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>().as_slice(), more)
        );
        let customers = map.boxes.iter().find(|it| it.name == "customers").unwrap();
        assert!(customers.rows.iter().all(|row| row.is_primary == (row.name == "id")));
    }
}

#[test]
fn edges_run_from_the_many_to_the_one() {
    let (old, new) = shop();
    let map = drawn(&old, &new, &Options::default());
    let told: Vec<String> = map
        .edges
        .iter()
        .map(|edge| {
            format!(
                "{:?} {} {} {}",
                edge.fate, map.boxes[edge.from].name, map.boxes[edge.to].name, edge.label
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Same orders customers fk_c",
            "Added shipments orders fk_o",
            "Added shipments shipments fk_self",
            "Removed invoices orders fk_o"
        ]
    );
    for edge in map.edges.iter().filter(|edge| edge.from != edge.to) {
        let (many, one) = (&map.boxes[edge.from], &map.boxes[edge.to]);
        assert!(one.x < many.x);
        assert_eq!((edge.points[0].0, edge.points[edge.points.len() - 1].0), (many.x, one.x + one.width));
    }
}

#[test]
fn keys_that_go_elsewhere_are_two() {
    let side = |target: &str, name: &str, rule: &str| {
        let definition = format!("FOREIGN KEY (x) REFERENCES s.{target}(id){rule}");
        let id = format!("foreign_key:s.a.{name}");
        let a = table("s.a", &[("x", "integer")], &[(&id, &definition)]);
        snapshot(&[a, table("s.b", &[("id", "integer")], &[]), table("s.c", &[("id", "integer")], &[])])
    };
    let old = side("b", "k", "");
    for (new, expected) in [
        (side("b", "k", ""), &["Same b"][..]),
        (side("b", "k", " ON DELETE CASCADE"), &["Altered b"]),
        (side("c", "k", ""), &["Removed b", "Added c"]),
        (side("c", "other", ""), &["Removed b", "Added c"]),
        (side("b", "other", ""), &["Renamed b"]),
    ] {
        let map = drawn(&old, &new, &Options { focus: Some("table:s.a".to_owned()), ..Options::default() });
        let mut told: Vec<String> =
            map.edges.iter().map(|edge| format!("{:?} {}", edge.fate, map.boxes[edge.to].name)).collect();
        told.sort_by_key(|it| it.starts_with('A'));
        assert_eq!(told, expected);
    }
}

#[test]
fn starts_somewhere() {
    let (old, _) = shop();
    for (focus, hops, expected) in [
        (None, 0, &["invoices", "customers", "far", "orders"][..]),
        (Some("table:public.far"), 1, &["customers", "far"]),
        (Some("column:public.orders.note"), 0, &["orders"]),
        (Some("table:public.nowhere"), 3, &[]),
        (Some("nonsense"), 3, &[]),
    ] {
        let options = Options { focus: focus.map(str::to_owned), hops, ..Options::default() };
        let map = drawn(&old, &old, &options);
        let names: Vec<&str> = map.boxes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn partitions_stand_for_their_table() {
    let side = |partitions: &[&str]| {
        let mut parts = vec![table("s.events", &[("at", "date")], &[])];
        for name in partitions {
            parts.push(format!(
                r#""partition:s.{name}": {{"body": {{"partition": {{"of": "table:s.events", "bound": "DEFAULT"}}}}}}"#
            ));
        }
        snapshot(&parts)
    };
    let map = drawn(&side(&["a"]), &side(&["b"]), &Options::default());
    assert_eq!(told(&map), ["Altered events 2"]);
}

#[test]
fn long_tables_are_cut() {
    let names: Vec<String> = (0..200).map(|at| format!("c{at}")).collect();
    let side = |changed: usize, data_type: &'static str| {
        let columns: Vec<(&str, &str)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), if at < changed { data_type } else { "text" }))
            .collect();
        snapshot(&[table("s.t", &columns, &[])])
    };
    for (changed, rows, more, more_changed) in [(3, 60, 140, 0), (100, 60, 140, 40)] {
        let options = Options { show: Show::All, ..Options::default() };
        let map = drawn(&side(changed, "integer"), &side(changed, "bigint"), &options);
        let it = &map.boxes[0];
        assert_eq!((it.rows.len(), it.more, it.more_changed), (rows, more, more_changed));
    }
}

#[test]
fn the_atlas_has_every_table_once() {
    let (old, new) = shop();
    let atlas = atlas(&old, &new, &report(&old, &new), 600, 400);
    let told: Vec<String> = atlas
        .groups
        .iter()
        .flat_map(|group| {
            group.tiles.iter().map(move |tile| format!("{:?} {}.{}", tile.fate, group.schema, tile.name))
        })
        .collect();
    assert_eq!(
        told,
        [
            "Removed billing.invoices",
            "Altered public.orders",
            "Added public.shipments",
            "Same public.customers",
            "Same public.far"
        ]
    );
    assert_eq!(atlas.groups.iter().map(|group| group.changed).sum::<usize>(), 3);
    let none = Snapshot::default();
    assert!(super::atlas(&none, &none, &report(&none, &none), 0, u32::MAX).groups.is_empty());
}

#[test]
fn what_is_too_much_shares_a_tile() {
    let tables: Vec<String> =
        (0..4_200).map(|at| table(&format!("s.t{at}"), &[("id", "integer")], &[])).collect();
    let old = snapshot(&tables);
    let new = snapshot(&tables[1..]);
    let atlas = atlas(&old, &new, &report(&old, &new), 1_000, 1_000);
    let tiles = &atlas.groups[0].tiles;
    assert_eq!((tiles.len(), tiles[0].fate, tiles[MAX].more), (MAX + 1, Fate::Removed, 200));
}

const MAX: usize = 4_000;

/// `cargo test --release -- --ignored --nocapture`
#[test]
#[ignore = "prints how long it takes"]
fn speed() {
    let side = |other: &str| {
        let tables = (0..10_000).map(|at| {
            let name = format!("s{}.t{at}", at % 9);
            let data_type = if at % 50 == 0 { other } else { "text" };
            let names: Vec<String> = (0..12).map(|column| format!("c{column}")).collect();
            let columns: Vec<(&str, &str)> =
                names.iter().map(|column| (column.as_str(), data_type)).collect();
            let to = at / 3;
            let definition = format!("FOREIGN KEY (c1) REFERENCES s{}.t{to}(c0)", to % 9);
            table(&name, &columns, &[(&format!("foreign_key:{name}.fk"), &definition)])
        });
        snapshot(&tables.collect::<Vec<String>>())
    };
    let (old, new) = (side("integer"), side("bigint"));
    let report = report(&old, &new);
    for hops in [1, 3] {
        let start = std::time::Instant::now();
        let found = map(&old, &new, &report, &Options { hops, ..Options::default() });
        println!(
            "10,000 tables, {hops} hops: {} boxes, {} left out in {:?}",
            found.boxes.len(),
            found.left_out,
            start.elapsed()
        );
    }
    let start = std::time::Instant::now();
    let found = atlas(&old, &new, &report, 1_600, 1_000);
    println!(
        "atlas of {} tables in {:?}",
        found.groups.iter().map(|group| group.tables).sum::<usize>(),
        start.elapsed()
    );
}
