//! A large pair of snapshots, made up: to see how the page feels with many tables, and to measure it.

use diff_core::{
    Body, Column, Constraint, FORMAT, Index, Kind, Object, ObjectId, Schema, Snapshot, Source, Table, collect,
};

/// Tables in a schema.
const PER_SCHEMA: u32 = 250;
/// Columns of a table.
const COLUMNS: u32 = 12;
/// One table in so many differs.
const EVERY: u32 = 100;

/// Two snapshot files of `tables` tables each, of which one in a hundred differs: name and text, old and new.
pub fn pair(tables: u32) -> [(&'static str, String); 2] {
    [("before.json", false), ("after.json", true)]
        .map(|(name, is_new)| (name, snapshot(tables, is_new).to_json()))
}

fn snapshot(tables: u32, is_new: bool) -> Snapshot {
    let mut objects = Vec::new();
    for number in 0..tables {
        if number.is_multiple_of(PER_SCHEMA) {
            let id = ObjectId::new(Kind::Schema, [schema(number)]);
            objects.push((id, Object::new(Body::Schema(Schema::default()))));
        }
        table(&mut objects, number, is_new && number % EVERY == 7);
        foreign_key(&mut objects, number);
    }
    let source = Source {
        kind: "database".to_owned(),
        label: if is_new { "warehouse, today" } else { "warehouse, last month" }.to_owned(),
        server: "18.0".to_owned(),
        ..Source::default()
    };
    // Without a digest, which nothing asks for here: SHA-256 would be in the page for it alone.
    Snapshot { format: FORMAT, source, objects: collect::map(objects), ..Snapshot::default() }
}

fn schema(number: u32) -> String {
    const NAMES: [&str; 8] = ["sales", "stock", "people", "ledger", "web", "events", "audit", "staging"];
    let turn = number / PER_SCHEMA;
    let name = NAMES[turn as usize % NAMES.len()];
    if turn < 8 { name.to_owned() } else { format!("{name}_{}", turn / 8 + 1) }
}

fn name(number: u32) -> String {
    const NAMES: [&str; 10] = [
        "orders", "items", "prices", "visits", "accounts", "payments", "returns", "labels", "routes", "notes",
    ];
    format!("{}_{number:05}", NAMES[number as usize % NAMES.len()])
}

/// A table with its columns, keys and an index. What differs depends on the number alone.
fn table(objects: &mut Vec<(ObjectId, Object)>, number: u32, is_changed: bool) {
    let path = [schema(number), name(number)];
    let turn = number / EVERY % 4;
    objects.push((ObjectId::new(Kind::Table, path.clone()), Object::new(Body::Table(Table::default()))));
    let mut put = |kind, last: &str, body| {
        let id = ObjectId::new(kind, path.iter().cloned().chain([last.to_owned()]));
        objects.push((id, Object::new(body)));
    };
    let columns = if is_changed && turn == 0 { COLUMNS + 1 } else { COLUMNS };
    for position in 1..=columns {
        if !(is_changed && turn == 1 && position == COLUMNS) {
            put(
                Kind::Column,
                &column_name(position),
                column(position, is_changed && turn == 2 && position == 4),
            );
        }
    }
    let key = |definition: &str| Constraint { definition: definition.to_owned(), ..Constraint::default() };
    put(Kind::PrimaryKey, &format!("{}_pkey", name(number)), Body::PrimaryKey(key("PRIMARY KEY (id)")));
    if !(is_changed && turn == 3) {
        let index = Index { definition: "USING btree (created_at)".to_owned(), ..Index::default() };
        put(Kind::Index, &format!("ix_{}_created_at", name(number)), Body::Index(index));
    }
}

/// Every second table refers to the one before.
fn foreign_key(objects: &mut Vec<(ObjectId, Object)>, number: u32) {
    if number.is_multiple_of(2) || number.is_multiple_of(PER_SCHEMA) {
        return;
    }
    let (from, to) = ([schema(number), name(number)], [schema(number - 1), name(number - 1)]);
    let within = |path: &[String; 2], kind, last: &str| {
        ObjectId::new(kind, path.iter().cloned().chain([last.to_owned()]))
    };
    let definition = format!("FOREIGN KEY (parent_id) REFERENCES {}(id)", to.join("."));
    let body = Body::ForeignKey(Constraint { definition, ..Constraint::default() });
    let needed = [within(&from, Kind::Column, "parent_id"), within(&to, Kind::Column, "id")];
    let object = Object { depends_on: needed.into(), ..Object::new(body) };
    objects.push((within(&from, Kind::ForeignKey, &format!("{}_parent_fkey", from[1])), object));
}

fn column_name(position: u32) -> String {
    const NAMES: [&str; 6] = ["id", "parent_id", "created_at", "amount", "title", "state"];
    match NAMES.get(position as usize - 1) {
        Some(name) => (*name).to_owned(),
        None => format!("field_{position}"),
    }
}

fn column(position: u32, is_changed: bool) -> Body {
    let data_type = match position {
        1 | 2 => "bigint",
        3 => "timestamp with time zone",
        4 if is_changed => "numeric(14,4)",
        4 => "numeric(12,2)",
        _ => "text",
    };
    Body::Column(Column {
        position,
        data_type: data_type.to_owned(),
        nullable: position > 1,
        default: (position == 3).then(|| "now()".to_owned()),
        ..Column::default()
    })
}
