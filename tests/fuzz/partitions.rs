//! Partition trees: partitions of partitions, what they copy from their parent and what is their own.

use super::access::dress;
use super::builder::{Builder, Column, Relation, Shape, ident};
use super::columns;
use super::genes::Gene;
use super::tables::{self, TABLE_PRIVILEGES, finish, relation};
use super::types::{Class, Type};

/// Up to two trees.
pub(super) fn all(b: &mut Builder<'_>) {
    let Some(gene) = b.has("partitions", 40) else { return };
    for bare in ["events", "Measured"] {
        let gene = gene.at(bare);
        if gene.chance("is", 70) {
            tree(b, &gene, bare);
        }
    }
}

fn key_type(sql: &str, class: Class) -> Type {
    let literals = if class == Class::Number { vec!["0".to_owned()] } else { vec!["'a'".to_owned()] };
    Type { sql: sql.to_owned(), class, literals, is_sortable: true, is_own: false, is_domain: false }
}

fn tree(b: &mut Builder<'_>, gene: &Gene<'_>, bare: &str) -> Option<()> {
    let schema = "public".to_owned();
    b.take("relation", &format!("{schema}.{bare}"))?;
    let name = format!("{schema}.{}", ident(bare));
    let (strategy, key, class) = gene.pick(
        "by",
        &[
            ("RANGE", "integer", Class::Number),
            ("LIST", "text", Class::Text),
            ("HASH", "integer", Class::Number),
        ],
    );
    let (mut texts, mut columns) = columns::columns(b, gene, false);
    texts.insert(0, format!("k {key} NOT NULL"));
    let k = key_type(key, class);
    let own =
        Column { name: "k".to_owned(), data_type: k, is_plain: true, is_virtual: false, not_null: true };
    columns.insert(0, own.clone());
    b.say(format!("CREATE TABLE {name} (\n    {}\n) PARTITION BY {strategy} (k)", texts.join(",\n    ")));
    // A key of a partitioned table has the columns that it is partitioned by.
    let mut made = relation(gene, &schema, bare, Shape::Partitioned, columns);
    let pkey = format!("{bare}_pkey");
    if gene.chance("primary", 50) && b.take("relation", &format!("{schema}.{pkey}")).is_some() {
        b.say(format!("ALTER TABLE {name} ADD PRIMARY KEY (k)"));
        made.keys.push(vec![own]);
    }
    finish(b, gene, made.clone());
    let bounds: [&str; 3] = match strategy {
        "RANGE" => ["FOR VALUES FROM (0) TO (10)", "FOR VALUES FROM (10) TO (20)", "DEFAULT"],
        "LIST" => ["FOR VALUES IN ('a', 'b')", "FOR VALUES IN ('c')", "DEFAULT"],
        _ => [
            "FOR VALUES WITH (modulus 3, remainder 0)",
            "FOR VALUES WITH (modulus 3, remainder 1)",
            "FOR VALUES WITH (modulus 3, remainder 2)",
        ],
    };
    for (n, bound) in bounds.iter().enumerate() {
        let gene = gene.at("partition").at(n);
        if gene.chance("is", 65) {
            partition(b, &gene, &made, &format!("{bare}_{n}"), bound);
        }
    }
    Some(())
}

fn partition(b: &mut Builder<'_>, gene: &Gene<'_>, parent: &Relation, bare: &str, bound: &str) -> Option<()> {
    let schema = &parent.schema;
    b.take("relation", &format!("{schema}.{bare}"))?;
    let name = format!("{schema}.{}", ident(bare));
    let is_split = gene.chance("split", 15);
    let by = if is_split { " PARTITION BY HASH (k)" } else { "" };
    let storage = if is_split { String::new() } else { tables::storage(gene) };
    b.say(format!("CREATE TABLE {name} PARTITION OF {} {bound}{by}{storage}", parent.name));
    for column in parent.columns.iter().filter(|one| one.is_plain) {
        let gene = gene.at("own").at(&column.name);
        let alter = format!("ALTER TABLE ONLY {name} ALTER COLUMN {}", ident(&column.name));
        // Identity and serial columns follow the parent.
        let is_counting = matches!(column.data_type.sql.as_str(), "integer" | "bigint" | "smallint");
        if !is_counting && gene.chance("default", 8) {
            b.say(format!("{alter} SET DEFAULT {}", column.data_type.literal(&gene, "value")));
        }
        if gene.chance("statistics", 5) {
            b.say(format!("{alter} SET STATISTICS 33"));
        }
    }
    dress(b, gene, "TABLE", &name, TABLE_PRIVILEGES);
    let local = format!("{bare} local");
    let columns = parent.indexable();
    let column = gene.choose("indexed", &columns, |one| one.name.clone())?;
    if gene.chance("index", 25) && b.take("relation", &format!("{schema}.{local}")).is_some() {
        let unique = if !is_split && gene.chance("unique", 30) { "UNIQUE " } else { "" };
        b.say(format!("CREATE {unique}INDEX {} ON {name} ({})", ident(&local), ident(&column.name)));
    }
    if gene.chance("check", 15) {
        let own = ident(&format!("{bare} check"));
        b.say(format!("ALTER TABLE {name} ADD CONSTRAINT {own} CHECK (k IS NOT NULL)"));
    }
    if is_split {
        for n in 0..2 {
            let part = gene.at("part").at(n);
            let bare = format!("{bare}_{n}");
            let within = Relation { name: name.clone(), ..parent.clone() };
            if part.chance("is", 70) {
                let bound = format!("FOR VALUES WITH (modulus 2, remainder {n})");
                partition(b, &part.at("sub"), &within, &bare, &bound);
            }
        }
    }
    Some(())
}
