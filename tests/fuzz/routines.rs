//! Functions, procedures, aggregates, operators and casts.

use super::access::dress;
use super::builder::{Builder, Function, ident};
use super::genes::Gene;
use super::types;

const NAMES: [&str; 4] = ["make", "of", "Odd fn", "twice"];

/// What needs types only.
pub(super) fn all(b: &mut Builder<'_>) {
    if let Some(gene) = b.has("functions", 65) {
        for n in 0..4 {
            function(b, &gene.at(n));
        }
    }
    // Triggers need some.
    for n in 0..2 {
        let gene = b.root.at("trigger_function").at(n);
        if gene.chance("is", 75) {
            trigger_function(b, &gene);
        }
    }
    if let Some(gene) = b.has("procedures", 30) {
        for n in 0..2 {
            procedure(b, &gene.at(n));
        }
    }
    if let Some(gene) = b.has("aggregates", 25) {
        for n in 0..2 {
            aggregate(b, &gene.at(n));
        }
    }
    if let Some(gene) = b.has("operators", 25) {
        operators(b, &gene);
    }
}

fn attributes(gene: &Gene<'_>) -> String {
    let mut text = String::new();
    let mut say = |name: &str, percent: u64, choices: &[&str]| {
        if gene.chance(name, percent) {
            text.push(' ');
            text.push_str(gene.pick(format!("{name}="), choices));
        }
    };
    say("strict", 20, &["STRICT"]);
    say("leakproof", 8, &["LEAKPROOF"]);
    say("definer", 10, &["SECURITY DEFINER"]);
    say("parallel", 20, &["PARALLEL SAFE", "PARALLEL RESTRICTED"]);
    say("cost", 15, &["COST 5", "COST 250"]);
    say(
        "setting",
        10,
        &["SET work_mem = '8MB'", "SET search_path = public, pg_temp", "SET search_path = ''"],
    );
    text
}

fn function(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let returns = types::any(b, &gene.at("returns"));
    let argument = gene.chance("argument", 55).then(|| types::any(b, &gene.at("takes")));
    let volatility = gene.pick("volatility", &["IMMUTABLE", "IMMUTABLE", "STABLE", "VOLATILE"]);
    let schema = b.schemas[0].clone();
    let bare = gene.pick("name", &NAMES);
    let name = format!("{schema}.{}", ident(bare));
    let type_name = argument.as_ref().map(|one| one.sql.split('(').next().unwrap().to_owned());
    let signature = format!("{name}({})", type_name.clone().unwrap_or_default());
    b.take("routine", &signature)?;
    let default = match &argument {
        Some(one) if gene.chance("has_default", 15) => {
            // A call without arguments must mean one function.
            match b.take("routine", &format!("{name}()")) {
                Some(()) => format!(" DEFAULT {}", one.literal(gene, "default")),
                None => String::new(),
            }
        }
        _ => String::new(),
    };
    let argument_name =
        if gene.chance("named", 70) { gene.pick("argument_name", &["a", "Value"]) } else { "" };
    let arguments = argument.as_ref().map_or_else(String::new, |one| {
        let own = if argument_name.is_empty() { String::new() } else { format!("{} ", ident(argument_name)) };
        format!("{own}{}{default}", one.sql)
    });
    let is_set = gene.chance("set", 8);
    let value = returns.constant(gene, "value");
    let (language, body) = match gene.below("body", 4) {
        0 => ("sql", format!("AS $$ SELECT {value} $$")),
        1 if !is_set => ("sql", format!("RETURN {value}")),
        2 => ("sql", format!("BEGIN ATOMIC SELECT {value}; END")),
        _ if is_set => ("plpgsql", format!("AS $$BEGIN RETURN QUERY SELECT {value}; END$$")),
        _ => ("plpgsql", format!("AS $$BEGIN\n  RETURN {value};\nEND$$")),
    };
    let set = if is_set { "SETOF " } else { "" };
    let rows = if is_set && gene.chance("rows", 40) { " ROWS 20" } else { "" };
    let more = attributes(gene);
    b.say(format!(
        "CREATE FUNCTION {name}({arguments}) RETURNS {set}{} LANGUAGE {language} {volatility}{more}{rows} {body}",
        returns.sql
    ));
    dress(b, gene, "FUNCTION", &signature, "EXECUTE");
    let is_immutable = volatility == "IMMUTABLE";
    b.functions.push(Function { name, argument: type_name, returns: returns.sql, is_immutable, is_set });
    Some(())
}

fn trigger_function(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    let (schema, bare) = b.place(gene, "trigger function", &["touch", "Odd trigger", "audit"])?;
    let name = format!("{schema}.{}", ident(&bare));
    let body = gene.pick("body", &["RETURN NEW;", "RETURN NULL;", "RAISE NOTICE 'x'; RETURN NEW;"]);
    let more = attributes(gene).replace(" STRICT", "");
    b.say(format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql{more} AS $$BEGIN {body} END$$"));
    dress(b, gene, "FUNCTION", &format!("{name}()"), "EXECUTE");
    b.trigger_functions.push(name);
    Some(())
}

fn procedure(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let argument = types::built_in(&gene.at("takes"));
    let type_name = argument.sql.split('(').next().unwrap().to_owned();
    let name = format!("public.{}", ident(gene.pick("name", &["run", "Odd proc"])));
    let signature = format!("{name}({type_name})");
    b.take("routine", &signature)?;
    let mode = gene.pick("mode", &["", "INOUT ", "IN "]);
    let body = gene.pick("body", &["NULL;", "COMMIT;", "RAISE NOTICE 'a';"]);
    let definer = if gene.chance("definer", 20) { " SECURITY DEFINER" } else { "" };
    let own = gene.pick("argument", &["a", "b"]);
    b.say(format!(
        "CREATE PROCEDURE {name}({mode}{own} {}) LANGUAGE plpgsql{definer} AS $$BEGIN {body} END$$",
        argument.sql
    ));
    dress(b, gene, "PROCEDURE", &signature, "EXECUTE");
    Some(())
}

fn aggregate(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let (argument, parts) = gene.pick(
        "what",
        &[
            ("integer", "sfunc = int4pl, stype = integer, initcond = '0'"),
            ("integer", "sfunc = int4larger, stype = integer, sortop = operator(pg_catalog.>)"),
            ("text", "sfunc = textcat, stype = text"),
            (
                "bigint",
                "sfunc = int8pl, stype = bigint, initcond = '5', parallel = safe, combinefunc = int8pl",
            ),
        ],
    );
    let name = format!("public.{}", ident(gene.pick("name", &["total", "Odd sum"])));
    b.take("routine", &format!("{name}({argument})"))?;
    b.say(format!("CREATE AGGREGATE {name}({argument}) ({parts})"));
    dress(b, gene, "AGGREGATE", &format!("{name}({argument})"), "EXECUTE");
    Some(())
}

fn operators(b: &mut Builder<'_>, gene: &Gene<'_>) {
    for (n, (left, right, function)) in [
        ("integer", "integer", "int4pl"),
        ("text", "text", "texteq"),
        ("text", "text", "textcat"),
        ("NONE", "integer", "int4um"),
    ]
    .into_iter()
    .enumerate()
    {
        let gene = gene.at(n);
        let name = format!("public.{}", gene.pick("name", &["##+", "<->!", "@#@"]));
        if !gene.chance("is", 50) || b.take("operator", &format!("{name}({left},{right})")).is_none() {
            continue;
        }
        let mut parts = vec![format!("function = {function}")];
        if left != "NONE" {
            parts.push(format!("leftarg = {left}"));
        }
        parts.push(format!("rightarg = {right}"));
        if function == "texteq" {
            for (part, text) in
                [("r", "restrict = eqsel"), ("j", "join = eqjoinsel"), ("m", "merges, hashes")]
            {
                if gene.chance(part, 50) {
                    parts.push(text.to_owned());
                }
            }
        }
        b.say(format!("CREATE OPERATOR {name} ({})", parts.join(", ")));
        dress(b, &gene, "OPERATOR", &format!("{name} ({left}, {right})"), "");
    }
    for n in 0..2 {
        let gene = gene.at("class").at(n);
        if !gene.chance("is", 50) {
            continue;
        }
        let bare = gene.pick("name", &["by_size", "Odd class"]);
        let name = format!("public.{}", ident(bare));
        if b.take("class", &name).is_none() {
            continue;
        }
        let own_family = gene.chance("family", 40);
        if own_family && b.take("family", bare).is_some() {
            b.say(format!("CREATE OPERATOR FAMILY {name} USING btree"));
            dress(b, &gene.at("family"), "OPERATOR FAMILY", &format!("{name} USING btree"), "");
        }
        let family = if own_family { format!(" FAMILY {name}") } else { String::new() };
        let (of, compare) = gene.pick("of", &[("integer", "btint4cmp"), ("text", "bttextcmp")]);
        b.say(format!(
            "CREATE OPERATOR CLASS {name} FOR TYPE {of} USING btree{family} AS OPERATOR 1 <, OPERATOR 2 <=, \
             OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 {compare}({of}, {of})"
        ));
        dress(b, &gene, "OPERATOR CLASS", &format!("{name} USING btree"), "");
    }
}

/// What needs tables: functions over their rows, casts between types.
pub(super) fn late(b: &mut Builder<'_>) {
    if let Some(gene) = b.has("row_functions", 35) {
        for n in 0..2 {
            over_rows(b, &gene.at(n));
        }
    }
    let Some(gene) = b.has("casts", 25) else { return };
    for n in 0..2 {
        let gene = gene.at(n);
        let own: Vec<_> =
            b.types.iter().filter(|one| one.is_own && one.literals.is_empty()).cloned().collect();
        let Some(from) = gene.choose("from", &own, |one| one.sql.clone()) else { return };
        let to = gene.pick("to", &["integer", "text"]);
        if gene.chance("is", 60) && b.take("cast", &format!("{} {to}", from.sql)).is_some() {
            let name = format!("public.cast_{n}");
            b.say(format!("CREATE FUNCTION {name}({}) RETURNS {to} LANGUAGE sql RETURN 1::{to}", from.sql));
            let context = gene.pick("context", &["", " AS ASSIGNMENT"]);
            b.say(format!("CREATE CAST ({} AS {to}) WITH FUNCTION {name}({}){context}", from.sql, from.sql));
            super::access::comment(b, &gene, "CAST", &format!("({} AS {to})", from.sql));
        }
    }
}

fn over_rows(b: &mut Builder<'_>, gene: &Gene<'_>) -> Option<()> {
    if !gene.chance("is", 75) {
        return None;
    }
    let table = gene.choose("table", &b.relations, |one| one.name.clone())?.clone();
    let column = gene.choose("column", &table.columns, |one| one.name.clone())?.clone();
    let name = format!("public.{}", ident(gene.pick("name", &["rows_of", "first_of"])));
    let (arguments, rest) = match gene.below("form", 4) {
        0 => (
            String::new(),
            format!("RETURNS SETOF {} LANGUAGE sql STABLE AS $$ SELECT * FROM {} $$", table.name, table.name),
        ),
        1 => (
            String::new(),
            format!(
                "RETURNS {} LANGUAGE sql BEGIN ATOMIC SELECT x.{} FROM {} x; END",
                column.data_type.sql,
                ident(&column.name),
                table.name
            ),
        ),
        2 => (table.name, "RETURNS integer LANGUAGE sql IMMUTABLE RETURN 1".to_owned()),
        _ => (
            String::new(),
            format!(
                "RETURNS TABLE(n integer, v {}) LANGUAGE plpgsql AS $$BEGIN RETURN; END$$",
                column.data_type.sql
            ),
        ),
    };
    b.take("routine", &format!("{name}({arguments})"))?;
    b.say(format!("CREATE FUNCTION {name}({arguments}) {rest}"));
    dress(b, gene, "FUNCTION", &format!("{name}({arguments})"), "EXECUTE");
    Some(())
}
