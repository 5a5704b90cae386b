//! A schema of chance as SQL: what there is so far, so that what follows can refer to it.

use std::collections::BTreeSet;

use super::genes::{Gene, Genes};
use super::types::Type;
use super::{
    access, constraints, indexes, others, partitions, parts, routines, search, tables, types, views,
};

/// The schemas in which objects lie.
const SCHEMAS: [&str; 4] = ["public", "app", "Odd \"one\"", "select"];

/// Roles that are there on the server.
pub(super) const ROLES: [&str; 3] = ["fuzz_reader", "Fuzz Writer", "fuzz_owner"];

/// A column.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) data_type: Type,
    pub(super) is_plain: bool,
    pub(super) is_virtual: bool,
    pub(super) not_null: bool,
}

/// What a relation is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shape {
    Table,
    Partitioned,
    Foreign,
    View,
    Materialized,
}

/// A relation.
#[derive(Clone)]
pub(super) struct Relation {
    pub(super) gene_path: String,
    /// Quoted.
    pub(super) schema: String,
    /// Bare.
    pub(super) bare: String,
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) columns: Vec<Column>,
    /// Columns of each primary key and unique constraint that can be referred to.
    pub(super) keys: Vec<Vec<Column>>,
    pub(super) is_unlogged: bool,
    pub(super) is_child: bool,
}

/// A function.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) argument: Option<String>,
    pub(super) returns: String,
    pub(super) is_immutable: bool,
    pub(super) is_set: bool,
}

/// What is built.
pub(super) struct Builder<'g> {
    pub(super) root: Gene<'g>,
    pub(super) sql: Vec<String>,
    taken: BTreeSet<String>,
    pub(super) schemas: Vec<String>,
    pub(super) types: Vec<Type>,
    pub(super) relations: Vec<Relation>,
    pub(super) functions: Vec<Function>,
    pub(super) trigger_functions: Vec<String>,
    pub(super) collations: Vec<String>,
    pub(super) sequences: Vec<String>,
    /// Bare.
    pub(super) servers: Vec<String>,
}

/// The statements that make a schema.
pub(super) fn build(genes: &Genes) -> Vec<String> {
    let mut b = Builder {
        root: genes.root(),
        sql: Vec::new(),
        taken: BTreeSet::new(),
        schemas: Vec::new(),
        types: Vec::new(),
        relations: Vec::new(),
        functions: Vec::new(),
        trigger_functions: Vec::new(),
        collations: Vec::new(),
        sequences: Vec::new(),
        servers: Vec::new(),
    };
    schemas(&mut b);
    access::defaults(&mut b);
    types::all(&mut b);
    routines::all(&mut b);
    others::foreign_servers(&mut b);
    tables::all(&mut b);
    partitions::all(&mut b);
    constraints::foreign_keys(&mut b);
    indexes::all(&mut b);
    views::late(&mut b);
    routines::late(&mut b);
    parts::all(&mut b);
    search::all(&mut b);
    others::all(&mut b);
    b.sql
}

fn schemas(b: &mut Builder<'_>) {
    b.schemas.push("public".to_owned());
    for name in &SCHEMAS[1..] {
        let gene = b.root.at("schema").at(name);
        if gene.chance("is", 60) {
            b.say(format!("CREATE SCHEMA {}", ident(name)));
            access::dress(b, &gene, "SCHEMA", &ident(name), "USAGE, CREATE");
            b.schemas.push(ident(name));
        }
    }
}

impl<'g> Builder<'g> {
    pub(super) fn say(&mut self, sql: impl Into<String>) {
        self.sql.push(sql.into());
    }

    /// Whether a family of kinds takes part in a pair at all.
    pub(super) fn has(&self, family: &str, percent: u64) -> Option<Gene<'g>> {
        self.root.both(family, percent).then(|| self.root.at(family))
    }

    /// A name that is free among its like; `None` where it is taken.
    pub(super) fn take(&mut self, space: &str, name: &str) -> Option<()> {
        self.taken.insert(format!("{space} {name}")).then_some(())
    }

    /// Replication identifies a table's rows by an index, unless it does by another.
    pub(super) fn identity(&mut self, table: &Relation, index: &str) {
        self.identity_is(table, &format!("USING INDEX {index}"));
    }

    pub(super) fn identity_is(&mut self, table: &Relation, how: &str) {
        if self.take("identity", &table.name).is_some() {
            self.say(format!("ALTER TABLE {} REPLICA IDENTITY {how}", table.name));
        }
    }

    /// A schema, and a free name in it: both quoted, and the bare name.
    pub(super) fn place(&mut self, gene: &Gene<'_>, space: &str, names: &[&str]) -> Option<(String, String)> {
        let schema = match gene.chance("elsewhere", 35) {
            true => gene.choose("schema", &self.schemas, Clone::clone)?.clone(),
            false => "public".to_owned(),
        };
        let bare = gene.pick("name", names).to_owned();
        self.take(space, &format!("{schema}.{bare}"))?;
        Some((schema, bare))
    }
}

/// A name as SQL.
pub(super) fn ident(name: &str) -> String {
    const RESERVED: [&str; 6] = ["order", "select", "user", "table", "check", "end"];
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A text as SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Relation {
    pub(super) fn is_table(&self) -> bool {
        matches!(self.shape, Shape::Table | Shape::Partitioned)
    }

    /// The columns that may stand in an index.
    pub(super) fn indexable(&self) -> Vec<Column> {
        self.columns.iter().filter(|one| one.data_type.is_sortable && !one.is_virtual).cloned().collect()
    }
}

/// A list of columns' names.
pub(super) fn names(columns: &[Column]) -> String {
    columns.iter().map(|one| ident(&one.name)).collect::<Vec<_>>().join(", ")
}
