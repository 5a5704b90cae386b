//! Constraints of tables, with all that can be said of each.

use super::access;
use super::builder::{Builder, Column, Relation, ident, names};
use super::genes::Gene;
use super::types::{Class, Type, condition};

/// All but foreign keys.
pub(super) fn all(b: &mut Builder<'_>, gene: &Gene<'_>, table: &mut Relation) {
    let (indexable, is_child) = (table.indexable(), table.is_child);
    let is_partitioned = table.shape == super::builder::Shape::Partitioned;
    // Keys of partitioned tables need the columns that they are partitioned by.
    let indexable = if is_partitioned { Vec::new() } else { indexable };
    if gene.chance("primary", 55) {
        unique(b, &gene.at("primary"), table, &indexable, "PRIMARY KEY");
    }
    for n in 0..2 {
        let gene = gene.at("unique").at(n);
        if gene.chance("is", 22) {
            unique(b, &gene, table, &indexable, "UNIQUE");
        }
    }
    for n in 0..2 {
        let gene = gene.at("check").at(n);
        if gene.chance("is", 25) && !is_child {
            check(b, &gene, table);
        }
    }
    if gene.chance("exclude", 10) && !is_child && !is_partitioned {
        exclusion(b, &gene.at("exclude"), table);
    }
}

/// `CONSTRAINT name ` or nothing, where the server makes one up.
fn own_name(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation, is_index: bool) -> Option<String> {
    let bare = gene.pick("name", &["one", "Two", "three 3", "four", "five"]);
    // What a parent hands down has its name already.
    let own = if table.is_child { " own" } else { "" };
    let bare = format!("{bare} {}{own}", if is_index { "k" } else { "c" });
    b.take(&format!("constraint {}", table.name), &bare)?;
    if is_index {
        b.take("relation", &format!("{}.{bare}", table.schema))?;
    }
    Some(bare)
}

/// Names that the server makes up can meet those of others; so all but primary keys have one of their own.
fn unique(
    b: &mut Builder<'_>,
    gene: &Gene<'_>,
    table: &mut Relation,
    from: &[Column],
    word: &str,
) -> Option<()> {
    if from.is_empty() {
        return None;
    }
    let is_primary = word == "PRIMARY KEY";
    let may: Vec<Column> = from.iter().filter(|one| !is_primary || !one.is_virtual).cloned().collect();
    let columns = gene.some("columns", &may, 2, |one| one.name.clone());
    let bare = match is_primary && gene.chance("made_up", 70) {
        true => {
            let bare = format!("{}_pkey", table.bare);
            b.take("relation", &format!("{}.{bare}", table.schema))?;
            bare
        }
        false => own_name(b, gene, table, true)?,
    };
    let mut text = format!("{word} ");
    if !is_primary && gene.chance("nulls", 15) {
        text.push_str("NULLS NOT DISTINCT ");
    }
    text.push_str(&format!("({})", names(&columns)));
    let rest: Vec<Column> = table
        .columns
        .iter()
        .filter(|one| !one.is_virtual && !columns.iter().any(|it| it.name == one.name))
        .cloned()
        .collect();
    if !rest.is_empty() && gene.chance("include", 10) {
        text.push_str(&format!(
            " INCLUDE ({})",
            names(&gene.some("included", &rest, 1, |one| one.name.clone()))
        ));
    }
    if gene.chance("options", 8) {
        text.push_str(&format!(" WITH (fillfactor = {})", gene.pick("fill", &[60, 80])));
    }
    let deferrable = gene.chance("deferrable", 12);
    if deferrable {
        text.push_str(gene.pick("deferred", &[" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]));
    }
    add(b, gene, table, &bare, &text);
    if gene.chance("index_comment", 4) {
        b.say(format!("COMMENT ON INDEX {}.{} IS 'of the index'", table.schema, ident(&bare)));
    }
    if !deferrable {
        table.keys.push(columns.clone());
    }
    let is_whole = is_primary || columns.iter().all(|one| one.not_null);
    if !is_primary && !deferrable && is_whole && !table.is_child && gene.chance("identity", 10) {
        b.identity(table, &ident(&bare));
    }
    if gene.chance("clustered", 5) && b.take("clustered", &table.name).is_some() {
        b.say(format!("ALTER TABLE {} CLUSTER ON {}", table.name, ident(&bare)));
    }
    Some(())
}

fn add(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation, bare: &str, text: &str) {
    b.say(format!("ALTER TABLE {} ADD CONSTRAINT {} {text}", table.name, ident(bare)));
    access::comment(b, gene, "CONSTRAINT", &format!("{} ON {}", ident(bare), table.name));
}

fn check(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) -> Option<()> {
    let column = gene.choose("column", &table.columns, |one| one.name.clone())?;
    let bare = own_name(b, gene, table, false)?;
    let by: Vec<_> = b
        .functions
        .iter()
        .filter(|one| one.argument.as_deref() == Some(column.data_type.sql.as_str()) && !one.is_set)
        .filter(|_| !column.is_virtual)
        .collect();
    let text = match gene.choose("function", &by, |one| one.name.clone()) {
        Some(function) if gene.chance("by_function", 70) => {
            format!("{}({}) IS NOT NULL", function.name, ident(&column.name))
        }
        _ => condition(gene, &ident(&column.name), &column.data_type),
    };
    let mut more = String::new();
    if gene.chance("no_inherit", 8) && table.shape != super::builder::Shape::Partitioned {
        more.push_str(" NO INHERIT");
    }
    more.push_str(gene.pick("enforced", &["", "", "", "", "", " NOT VALID", " NOT ENFORCED"]));
    add(b, gene, table, &bare, &format!("CHECK ({text}){more}"));
    Some(())
}

fn exclusion(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) -> Option<()> {
    let ranges: Vec<Column> =
        table.indexable().into_iter().filter(|one| one.data_type.class == Class::Range).collect();
    let columns = table.indexable();
    let deferrable = if gene.chance("deferrable", 20) { " DEFERRABLE" } else { "" };
    let text = match gene.choose("range", &ranges, |one| one.name.clone()) {
        Some(range) => format!("EXCLUDE USING gist ({} WITH &&)", ident(&range.name)),
        None => {
            let column = gene.choose("column", &columns, |one| one.name.clone())?;
            let filter = if gene.chance("filter", 40) {
                format!(" WHERE ({} IS NOT NULL)", ident(&column.name))
            } else {
                String::new()
            };
            format!("EXCLUDE USING btree ({} WITH =){filter}", ident(&column.name))
        }
    };
    let bare = own_name(b, gene, table, true)?;
    add(b, gene, table, &bare, &format!("{text}{deferrable}"));
    Some(())
}

/// Foreign keys, once all tables are there: circles are wanted.
pub(super) fn foreign_keys(b: &mut Builder<'_>) {
    let Some(family) = b.has("foreign_keys", 75) else { return };
    let tables: Vec<Relation> = b.relations.iter().filter(|one| one.is_table()).cloned().collect();
    for table in &tables {
        for n in 0..2 {
            let gene = family.at(&table.gene_path).at(n);
            if gene.chance("is", 60) {
                foreign_key(b, &gene, table, &tables);
            }
        }
    }
}

fn foreign_key(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation, tables: &[Relation]) -> Option<()> {
    let mut fits = Vec::new();
    for target in tables.iter().filter(|one| one.is_unlogged == table.is_unlogged || table.is_unlogged) {
        // Composites can be compared, yet not referred to; nor can some other types.
        for key in target.keys.iter().filter(|key| {
            key.iter().all(|one| {
                let Type { is_own, class, .. } = &one.data_type;
                !is_own || matches!(class, Class::Number | Class::Text)
            })
        }) {
            let own: Vec<Column> = key
                .iter()
                .filter_map(|one| {
                    let same: Vec<_> = table
                        .columns
                        .iter()
                        .filter(|it| it.data_type.sql == one.data_type.sql && !it.is_virtual)
                        .cloned()
                        .collect();
                    gene.choose(format!("for {}", one.name), &same, |it| it.name.clone()).cloned()
                })
                .collect();
            let mut distinct: Vec<_> = own.iter().map(|one| one.name.clone()).collect();
            distinct.sort();
            distinct.dedup();
            if distinct.len() == key.len() {
                fits.push((target.clone(), key.clone(), own));
            }
        }
    }
    let (target, key, own) =
        gene.choose("target", &fits, |(target, key, _)| format!("{} {}", target.name, names(key)))?;
    let bare = own_name(b, gene, table, false)?;
    let mut text = format!("FOREIGN KEY ({}) REFERENCES {} ({})", names(own), target.name, names(key));
    if gene.chance("full", 8) {
        text.push_str(" MATCH FULL");
    }
    let may_change = own.iter().all(|one| one.is_plain);
    let actions =
        ["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE", " ON DELETE RESTRICT"];
    let action = gene.pick("action", &actions);
    if may_change {
        text.push_str(action);
        if action == " ON DELETE SET NULL" && gene.chance("some", 40) {
            text.push_str(&format!(" ({})", ident(&own[0].name)));
        }
    }
    text.push_str(gene.pick("deferrable", &["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]));
    let is_partitioned = table.shape == super::builder::Shape::Partitioned;
    text.push_str(gene.pick(
        "enforced",
        &["", "", "", "", "", " NOT VALID", if is_partitioned { "" } else { " NOT ENFORCED" }],
    ));
    add(b, gene, table, &bare, &text);
    Some(())
}
