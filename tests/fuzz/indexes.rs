//! Indexes of tables and materialized views.

use super::access;
use super::builder::{Builder, Relation, Shape, ident, names};
use super::genes::Gene;
use super::types::Class;

/// All of them.
pub(super) fn all(b: &mut Builder<'_>) {
    let Some(family) = b.has("indexes", 75) else { return };
    for table in b.relations.clone() {
        if matches!(table.shape, Shape::View | Shape::Foreign) {
            continue;
        }
        for n in 0..3 {
            let gene = family.at(&table.gene_path).at(n);
            if gene.chance("is", 35) {
                one(b, &gene, &table);
            }
        }
        if gene_of(b, &table).chance("full", 6) && table.is_table() {
            b.identity_is(&table, "FULL");
        }
    }
}

fn gene_of<'g>(b: &Builder<'g>, table: &Relation) -> Gene<'g> {
    b.root.at("replica").at(&table.gene_path)
}

fn one(b: &mut Builder<'_>, gene: &Gene<'_>, table: &Relation) -> Option<()> {
    let columns = table.indexable();
    let column = gene.choose("column", &columns, |one| one.name.clone())?.clone();
    let (own, class) = (ident(&column.name), column.data_type.class);
    let is_text = class == Class::Text && !column.data_type.is_own;
    let bare = gene.pick("name", &["by_one", "By two", "by_three", "by 4", "by_five", "by_six", "by_seven"]);
    b.take("relation", &format!("{}.{bare}", table.schema))?;
    let is_partitioned = table.shape == Shape::Partitioned;
    let form = gene.below("form", 9);
    let is_btree = !matches!(form, 5 | 6);
    let key = match form {
        0 if is_text => format!("lower({own}::text)"),
        1 if class == Class::Number && !column.data_type.is_own => format!("({own} + 1)"),
        2 if is_text && column.data_type.sql == "text" => format!("{own} text_pattern_ops"),
        3 => format!("{own} DESC NULLS LAST"),
        4 if is_text => format!("{own} COLLATE \"C\""),
        8 => {
            let by: Vec<_> = b
                .functions
                .iter()
                .filter(|one| one.argument.as_deref() == Some(column.data_type.sql.as_str()))
                .filter(|one| one.is_immutable && !one.is_set)
                .collect();
            match gene.choose("function", &by, |one| one.name.clone()) {
                Some(function) => format!("{}({own})", function.name),
                None => own.clone(),
            }
        }
        _ => own.clone(),
    };
    let is_expression = key.contains('(');
    let mut keys = vec![key];
    let others: Vec<_> = columns.iter().filter(|one| one.name != column.name).cloned().collect();
    if is_btree && !others.is_empty() && gene.chance("more", 30) {
        keys.push(ident(&gene.choose("second", &others, |one| one.name.clone())?.name));
    }
    // A unique index of a partitioned table would need the columns of its key.
    let unique = is_btree && !is_partitioned && gene.chance("unique", 25);
    let method = if is_btree { "btree" } else { "hash" };
    let mut text = format!("USING {method} ({})", keys.join(", "));
    if is_btree && !others.is_empty() && gene.chance("include", 12) {
        text.push_str(&format!(
            " INCLUDE ({})",
            names(&gene.some("included", &others, 1, |one| one.name.clone()))
        ));
    }
    let nulls = unique && gene.chance("nulls", 20);
    if nulls {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if gene.chance("options", 12) {
        text.push_str(&format!(" WITH (fillfactor = {})", gene.pick("fill", &[50, 75])));
    }
    let is_partial = gene.chance("partial", 18);
    if is_partial {
        text.push_str(&format!(" WHERE {own} IS {}NULL", gene.pick("not", &["", "NOT "])));
    }
    let word = if unique { "UNIQUE INDEX" } else { "INDEX" };
    b.say(format!("CREATE {word} {} ON {} {text}", ident(bare), table.name));
    let name = format!("{}.{}", table.schema, ident(bare));
    access::comment(b, gene, "INDEX", &name);
    if is_expression && gene.chance("statistics", 20) {
        b.say(format!(
            "ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS {}",
            gene.pick("target", &[50, 200])
        ));
    }
    let may_cluster = is_btree && !is_partial && !is_partitioned;
    if may_cluster && gene.chance("clustered", 8) && b.take("clustered", &table.name).is_some() {
        let kind = if table.shape == Shape::Materialized { "MATERIALIZED VIEW" } else { "TABLE" };
        b.say(format!("ALTER {kind} {} CLUSTER ON {}", table.name, ident(bare)));
    }
    let is_plain = unique && !is_partial && !is_expression && keys.len() == 1 && column.not_null;
    if is_plain && table.shape == Shape::Table && !table.is_child && gene.chance("identity", 30) {
        b.identity(table, &ident(bare));
    }
    Some(())
}
