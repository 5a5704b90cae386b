//! Statistics, text search, conversions.

use super::access::{self, dress};
use super::builder::{Builder, ident, names};
use super::views::tables;

/// All of them.
pub(super) fn all(b: &mut Builder<'_>) {
    statistics(b);
    text_search(b);
    conversions(b);
}

fn statistics(b: &mut Builder<'_>) {
    let Some(family) = b.has("statistics", 30) else { return };
    for table in tables(b) {
        let gene = family.at(&table.gene_path);
        let columns: Vec<_> = table.indexable();
        let some = gene.some("columns", &columns, 3, |one| one.name.clone());
        if some.len() < 2 || !gene.chance("is", 40) {
            continue;
        }
        let Some((schema, bare)) = b.place(&gene, "statistics", &["both", "Odd stats", "three"]) else {
            continue;
        };
        let name = format!("{schema}.{}", ident(&bare));
        let kinds = gene.pick("kinds", &["", " (ndistinct)", " (dependencies, mcv)", " (mcv)"]);
        b.say(format!("CREATE STATISTICS {name}{kinds} ON {} FROM {}", names(&some), table.name));
        if gene.chance("target", 25) {
            b.say(format!("ALTER STATISTICS {name} SET STATISTICS {}", gene.pick("number", &[0, 99])));
        }
        dress(b, &gene, "STATISTICS", &name, "");
    }
}

fn text_search(b: &mut Builder<'_>) {
    let Some(family) = b.has("text_search", 25) else { return };
    let mut dictionaries = vec!["pg_catalog.simple".to_owned(), "pg_catalog.english_stem".to_owned()];
    for n in 0..2 {
        let gene = family.at("dictionary").at(n);
        if !gene.chance("is", 70) {
            continue;
        }
        let Some((schema, bare)) = b.place(&gene, "dictionary", &["words", "Odd words"]) else { continue };
        let name = format!("{schema}.{}", ident(&bare));
        let options = gene.pick(
            "options",
            &[
                "template = simple",
                "template = simple, accept = false",
                "template = snowball, language = german",
                "template = simple, stopwords = english",
            ],
        );
        b.say(format!("CREATE TEXT SEARCH DICTIONARY {name} ({options})"));
        dress(b, &gene, "TEXT SEARCH DICTIONARY", &name, "");
        dictionaries.push(name);
    }
    for n in 0..2 {
        let gene = family.at("configuration").at(n);
        if !gene.chance("is", 70) {
            continue;
        }
        let Some((schema, bare)) = b.place(&gene, "configuration", &["find", "Odd find"]) else { continue };
        let name = format!("{schema}.{}", ident(&bare));
        let start = gene.pick("start", &["parser = default", "copy = english", "copy = simple"]);
        b.say(format!("CREATE TEXT SEARCH CONFIGURATION {name} ({start})"));
        if gene.chance("mapped", 60) {
            let token = gene.pick("token", &["asciiword", "word, hword", "url"]);
            let with = gene.some("with", &dictionaries, 2, Clone::clone).join(", ");
            let verb = if start.starts_with("parser") { "ADD" } else { "ALTER" };
            b.say(format!("ALTER TEXT SEARCH CONFIGURATION {name} {verb} MAPPING FOR {token} WITH {with}"));
        }
        dress(b, &gene, "TEXT SEARCH CONFIGURATION", &name, "");
    }
}

fn conversions(b: &mut Builder<'_>) {
    let Some(family) = b.has("conversions", 12) else { return };
    let gene = family.at(0);
    if !gene.chance("is", 75) {
        return;
    }
    if let Some((schema, bare)) = b.place(&gene, "conversion", &["latin", "Odd conversion"]) {
        let name = format!("{schema}.{}", ident(&bare));
        let default = if gene.chance("default", 40) { "DEFAULT " } else { "" };
        b.say(format!("CREATE {default}CONVERSION {name} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"));
        access::comment(b, &gene, "CONVERSION", &name);
    }
}
