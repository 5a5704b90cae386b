//! What is found, and in which order.

use super::*;

use std::fmt::Write as _;

fn body(kind: &str) -> String {
    let inside = match kind {
        "column" => r#""position": 1, "type": "text", "nullable": true"#,
        "view" | "foreign_key" | "primary_key" | "index" => r#""definition": "x""#,
        "partition" => r#""of": "table:public.orders", "bound": "DEFAULT""#,
        "domain_check" => r#""definition": "x""#,
        "domain" => r#""base": "text""#,
        _ => "",
    };
    format!(r#"{{"body": {{"{kind}": {{{inside}}}}}}}"#)
}

fn snapshot(ids: &[&str]) -> Snapshot {
    let object = |id: &&str| {
        format!("{}: {}", serde_json::to_string(id).unwrap(), body(id.split(':').next().unwrap()))
    };
    let objects: Vec<String> = ids.iter().map(object).collect();
    Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{}}}}}", objects.join(",")).as_bytes())
        .unwrap()
}

fn index(old: &[&str], new: &[&str], changed: &[&str]) -> Index {
    let changed = changed.iter().map(|id| id.parse().unwrap()).collect();
    Index::new(&snapshot(old), &snapshot(new), &changed)
}

fn shop() -> Index {
    let ids = [
        "schema:public",
        "table:public.orders",
        "column:public.orders.id",
        "column:public.orders.customer_id",
        "column:public.orders.paid",
        "foreign_key:public.orders.fk_orders_customer",
        "table:public.order_lines",
        "column:public.order_lines.order_id",
        "table:public.customers",
        "column:public.customers.Email",
        "column:public.customers.E Mail",
        "view:public.späti_ORDERS",
    ];
    index(&ids, &ids, &["column:public.order_lines.order_id"])
}

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let found: Vec<String> = shop().find(query, 100).into_iter().map(|hit| hit.id).collect();
    assert_eq!(found, expected, "{query}");
}

#[test]
fn the_best_come_first() {
    check(
        "orders",
        &[
            "table:public.orders",
            "view:public.späti_ORDERS",
            "foreign_key:public.orders.fk_orders_customer",
            "column:public.orders.id",
            "column:public.orders.paid",
            "column:public.orders.customer_id",
        ],
    );
    check(
        "id",
        &[
            "column:public.orders.id",
            "column:public.order_lines.order_id",
            "column:public.orders.customer_id",
            "column:public.orders.paid",
        ],
    );
    check(
        "order id",
        &[
            "column:public.order_lines.order_id",
            "column:public.orders.id",
            "column:public.orders.customer_id",
            "column:public.orders.paid",
        ],
    );
    check("customers.e", &["column:public.customers.Email", "column:public.customers.E Mail"]);
}

#[test]
fn case_does_not_matter() {
    check("EMAIL", &["column:public.customers.Email"]);
    check("SPÄTI", &["view:public.späti_ORDERS"]);
}

#[test]
fn kinds_narrow() {
    for query in ["fk:", "foreign_key:", "foreign-key:ord", "foreign: cust"] {
        check(query, &["foreign_key:public.orders.fk_orders_customer"]);
    }
    check("table:order", &["table:public.order_lines", "table:public.orders"]);
    check("tables: views: orders", &["table:public.orders", "view:public.späti_ORDERS"]);
    check("nonsense:", &[]);
    check("nonsense:orders", &[]);
    check("", &[]);
    check(" \0 ", &[]);
}

#[test]
fn hits_say_what_and_where() {
    let found = shop().find("mail cust", 1);
    let hit = &found[0];
    assert_eq!((hit.kind.as_str(), hit.top.as_str()), ("column", "table:public.customers"));
    assert_eq!(
        (hit.path.as_str(), hit.matches.as_slice()),
        ("public.customers.E Mail", &[(7, 11), (19, 23)][..])
    );
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Hit>>(&json).unwrap(), found);
    // What touches is marked as one.
    assert_eq!(shop().find("cust omers", 1)[0].matches, [(7, 16)]);
}

#[test]
fn both_sides_once() {
    let index = index(&["table:s.a", "table:s.ab"], &["table:s.ab", "table:s.abc"], &[]);
    let told: Vec<(String, Sides)> =
        index.find("a", 9).into_iter().map(|hit| (hit.path, hit.sides)).collect();
    assert_eq!(
        told,
        [("s.a".to_owned(), Sides::Old), ("s.ab".to_owned(), Sides::Both), ("s.abc".to_owned(), Sides::New)]
    );
}

#[test]
fn what_differs_comes_first_with_what_contains_it() {
    let ids = ["table:s.a", "column:s.a.x", "table:s.b", "column:s.b.x"];
    let index = index(&ids, &ids, &["column:s.b.x"]);
    let told = |query: &str| index.find(query, 9).into_iter().map(|hit| hit.id).collect::<Vec<String>>();
    assert_eq!(told("x"), ["column:s.b.x", "column:s.a.x"]);
    assert_eq!(told("table:"), ["table:s.b", "table:s.a"]);
    assert_eq!(index.find("x", 0), []);
}

/// Whatever is typed, the scan finds what looking at every path finds.
#[test]
fn finds_all_that_is_there() {
    let ids = [
        "table:s.aba",
        "column:s.aba.ab",
        "table:s.ba",
        "column:s.ba.bab",
        "column:s.ba.äb",
        "table:s.\"b.a\"",
    ];
    let index = index(&ids, &ids, &[]);
    for query in ["a", "b", "ab", "ba", "aba", ".", "s.", "ä", "\"", "a.a", "b a", "abab", "s.aba.ab"] {
        let found: BTreeSet<String> = index.find(query, 99).into_iter().map(|hit| hit.id).collect();
        let has = |id: &&&str| {
            query.split(' ').all(|word| id.split_once(':').is_some_and(|(_, path)| path.contains(word)))
        };
        let expected: BTreeSet<String> = ids.iter().filter(has).map(|id| (*id).to_owned()).collect();
        assert_eq!(found, expected, "{query}");
    }
}

/// `cargo test --release -- --ignored --nocapture`
#[test]
#[ignore = "prints how long it takes"]
fn speed() {
    let mut objects = String::new();
    for table in 0..10_000 {
        let name = format!("schema_{}.some_table_{table}", table % 12);
        let _ = write!(objects, r#""table:{name}": {},"#, body("table"));
        for column in 0..14 {
            let _ =
                write!(objects, r#""column:{name}.column_{column}_of_{}": {},"#, table % 97, body("column"));
        }
    }
    let json = format!("{{\"format\": 1, \"objects\": {{{}}}}}", objects.trim_end_matches(','));
    let old = Snapshot::from_json(json.as_bytes()).unwrap();
    let new = old.clone();
    let changed = old.objects.keys().step_by(500).cloned().collect();
    let start = std::time::Instant::now();
    let index = Index::new(&old, &new, &changed);
    println!("{} objects indexed: {:?}", index.entries.len(), start.elapsed());
    for query in [
        "e",
        "column",
        "some_table_77",
        "table_7 column_3",
        "zzz",
        "column:_of_96",
        "table:",
        "schema_3.some",
    ] {
        let start = std::time::Instant::now();
        let found = index.find(query, 50);
        println!("{query:?}: {} in {:?}", found.len(), start.elapsed());
    }
}
