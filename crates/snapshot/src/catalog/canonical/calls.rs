//! Functions that SQL has a syntax of its own for. PostgreSQL 13 prints the call, later ones print what was
//! written, so all become that syntax: `btrim(a)` is `TRIM(BOTH FROM a)`.
//!
//! A call shows the casts of varchar to text that the syntax hides, so in these functions they are left out:
//! `btrim((name)::text)` is `TRIM(BOTH FROM name)`. With other casts a call stays. `date_part` stays too: since
//! 14 it is another function than EXTRACT.

use super::tokens::{Kind, Tokens};

pub(super) fn syntax(text: &str) -> String {
    Tokens::of(text).map_or_else(|| text.to_owned(), |tokens| render(&tokens, 0, tokens.len()))
}

/// The tokens from `from` up to `to`, without the white space before the first.
fn render(tokens: &Tokens<'_>, from: usize, to: usize) -> String {
    render_from(tokens, from, to, from)
}

/// Alike, as part of a text that began at `start`.
fn render_from(tokens: &Tokens<'_>, from: usize, to: usize, start: usize) -> String {
    let mut text = String::new();
    let mut at = from;
    while let Some(token) = tokens.get(at).filter(|_| at < to) {
        text.push_str(if at == start && start > 0 { "" } else { token.space });
        match call(tokens, at) {
            Some(written) => {
                text.push_str(&written);
                at = tokens.end(at + 1);
            }
            None => text.push_str(token.text),
        }
        at += 1;
    }
    text
}

/// What is written for the call that begins here, if it is one of these functions.
fn call(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let is_called = tokens.text(at + 1) == "(" && tokens.get(at + 1)?.space.is_empty();
    // Another schema's function, or the name of a thing in FROM and of its columns.
    let is_other = at
        .checked_sub(1)
        .and_then(|at| tokens.get(at))
        .is_some_and(|before| before.text == "." || before.kind == Kind::Close || before.is_name());
    if !is_called || is_other {
        return None;
    }
    let end = tokens.end(at + 1);
    if tokens.text(at) == "XMLSERIALIZE" {
        let inside = render(tokens, at + 2, end);
        // Before 16 there was no INDENT.
        return (tokens.before(end) != "INDENT").then(|| format!("XMLSERIALIZE({inside} NO INDENT)"));
    }
    match tokens.text(at) {
        name @ ("TRIM" | "SUBSTRING" | "OVERLAY" | "NORMALIZE") => {
            return Some(format!("{name}({})", uncast(tokens, at + 2, end)));
        }
        "POSITION" => {
            let (what, of) = (at + 2, tokens.end(at + 2) + 2);
            let inside = |open: usize| uncast(tokens, open + 1, tokens.end(open));
            let is_usual = tokens.text(of - 1) == "IN" && tokens.is(of, Kind::Open);
            return is_usual.then(|| format!("POSITION(({}) IN ({}))", inside(what), inside(of)));
        }
        _ => {}
    }
    let parts = tokens.parts(at + 2, end, ",");
    if parts.iter().any(|(from, to)| from == to || is_cast(tokens, *from, *to)) {
        return None;
    }
    let texts: Vec<String> = parts.iter().map(|(from, to)| uncast(tokens, *from, *to)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let is_number = |part: usize| {
        parts.get(part).is_none_or(|(from, to)| from + 1 == *to && tokens.is(*from, Kind::Number))
    };
    Some(match (tokens.text(at), texts.as_slice()) {
        ("timezone", [zone, time]) => format!("({time} AT TIME ZONE {zone})"),
        ("btrim", [from]) => format!("TRIM(BOTH FROM {from})"),
        ("btrim", [from, what]) => format!("TRIM(BOTH {what} FROM {from})"),
        ("ltrim", [from]) => format!("TRIM(LEADING FROM {from})"),
        ("ltrim", [from, what]) => format!("TRIM(LEADING {what} FROM {from})"),
        ("rtrim", [from]) => format!("TRIM(TRAILING FROM {from})"),
        ("rtrim", [from, what]) => format!("TRIM(TRAILING {what} FROM {from})"),
        // With patterns it is printed as a call by all.
        ("\"substring\"", [of, first]) if is_number(1) => format!("SUBSTRING({of} FROM {first})"),
        ("\"substring\"", [of, first, length]) if is_number(1) && is_number(2) => {
            format!("SUBSTRING({of} FROM {first} FOR {length})")
        }
        ("\"position\"", [of, what]) => format!("POSITION(({what}) IN ({of}))"),
        ("\"overlay\"", [of, by, first]) => format!("OVERLAY({of} PLACING {by} FROM {first})"),
        ("\"overlay\"", [of, by, first, length]) => {
            format!("OVERLAY({of} PLACING {by} FROM {first} FOR {length})")
        }
        ("\"overlaps\"", [a, b, c, d]) => format!("(({a}, {b}) OVERLAPS ({c}, {d}))"),
        ("\"normalize\"", [of]) => format!("NORMALIZE({of})"),
        ("\"normalize\"", [of, form]) => format!("NORMALIZE({of}, {})", normal_form(form)?),
        ("is_normalized", [of]) => format!("({of} IS NORMALIZED)"),
        ("is_normalized", [of, form]) => format!("({of} IS {} NORMALIZED)", normal_form(form)?),
        ("pg_collation_for", [of]) => format!("COLLATION FOR ({of})"),
        ("\"xmlexists\"", [path, of]) => format!("XMLEXISTS(({path}) PASSING ({of}))"),
        _ => return None,
    })
}

/// Arguments without casts to text.
fn uncast(tokens: &Tokens<'_>, from: usize, to: usize) -> String {
    let mut text = String::new();
    let mut begin = from;
    for at in tokens.level(from, to).filter(|at| is_cast_to_text(tokens, *at)) {
        let space = if at == from { "" } else { tokens.get(at).map_or("", |token| token.space) };
        text.push_str(&render_from(tokens, begin, at, from));
        text.push_str(space);
        text.push_str(&render(tokens, at + 1, tokens.end(at)));
        begin = tokens.end(at) + 3;
    }
    text + &render_from(tokens, begin, to, from)
}

/// Whether `(…)::text` begins here.
fn is_cast_to_text(tokens: &Tokens<'_>, at: usize) -> bool {
    let is_call = at > 0
        && tokens.get(at).is_some_and(|token| token.space.is_empty())
        && (tokens.is(at - 1, Kind::Word) || tokens.is(at - 1, Kind::Quoted));
    let is_cast = tokens.text(at) == "(" && tokens.are(tokens.end(at) + 1, &["::", "text"]);
    is_cast && !is_call && !["[", "::"].contains(&tokens.text(tokens.end(at) + 3))
}

/// Whether an argument has casts but those of literals and those to text.
fn is_cast(tokens: &Tokens<'_>, from: usize, to: usize) -> bool {
    tokens.level(from, to).filter(|at| tokens.text(*at) == "::").any(|at| {
        let is_text = tokens.text(at + 1) == "text" && at + 2 == to && is_cast_to_text(tokens, from);
        !tokens.is(at - 1, Kind::Literal) && !is_text
    })
}

fn normal_form(literal: &str) -> Option<String> {
    let form = literal.strip_suffix("'::text")?.strip_prefix('\'')?.to_ascii_uppercase();
    ["NFC", "NFD", "NFKC", "NFKD"].contains(&form.as_str()).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What PostgreSQL 13 prints, and what 14 and later do.
    #[track_caller]
    fn check(older: &str, newer: &str) {
        assert_eq!(syntax(older), newer);
        assert!(older == newer || !super::super::is_plain(older), "a sign for it is known");
        assert_eq!(syntax(newer), newer, "what is settled stays as it is");
    }

    #[test]
    fn calls_are_printed_as_syntax_since_14() {
        for (older, newer) in [
            ("timezone('utc'::text, now())", "(now() AT TIME ZONE 'utc'::text)"),
            ("btrim(a)", "TRIM(BOTH FROM a)"),
            ("(lower(btrim(a, 'x'::text)) = b)", "(lower(TRIM(BOTH 'x'::text FROM a)) = b)"),
            ("btrim((a)::text, ('x'::character varying)::text)", "TRIM(BOTH 'x'::character varying FROM a)"),
            ("btrim(((a || 'b'::text))::text)", "TRIM(BOTH FROM (a || 'b'::text))"),
            ("btrim(lower((a)::text))", "TRIM(BOTH FROM lower((a)::text))"),
            ("\"position\"((a)::text, 'x'::text)", "POSITION(('x'::text) IN (a))"),
            ("ltrim(a)", "TRIM(LEADING FROM a)"),
            ("rtrim(t.a, 'x'::text)", "TRIM(TRAILING 'x'::text FROM t.a)"),
            ("\"substring\"(a, 2)", "SUBSTRING(a FROM 2)"),
            ("\"substring\"(btrim(a), 1, 3)", "SUBSTRING(TRIM(BOTH FROM a) FROM 1 FOR 3)"),
            ("\"position\"(a, 'x'::text)", "POSITION(('x'::text) IN (a))"),
            ("\"overlay\"(a, 'x'::text, 1)", "OVERLAY(a PLACING 'x'::text FROM 1)"),
            ("\"overlay\"(a, 'x'::text, 1, 2)", "OVERLAY(a PLACING 'x'::text FROM 1 FOR 2)"),
            ("\"overlaps\"(a, b, c, d)", "((a, b) OVERLAPS (c, d))"),
            ("\"normalize\"(a)", "NORMALIZE(a)"),
            ("\"normalize\"(a, 'nfd'::text)", "NORMALIZE(a, NFD)"),
            ("is_normalized(a)", "(a IS NORMALIZED)"),
            ("is_normalized(a, 'nfc'::text)", "(a IS NFC NORMALIZED)"),
            ("pg_collation_for(a)", "COLLATION FOR (a)"),
            ("\"xmlexists\"('//a'::text, x)", "XMLEXISTS(('//a'::text) PASSING (x))"),
        ] {
            check(older, newer);
        }
    }

    #[test]
    fn casts_to_text_are_left_out_of_the_syntax_too() {
        for (text, expected) in [
            ("TRIM(BOTH (y)::text FROM (a)::text)", "TRIM(BOTH y FROM a)"),
            ("SUBSTRING((a)::text FROM 1 FOR 3)", "SUBSTRING(a FROM 1 FOR 3)"),
            ("POSITION((('x')::text) IN ((a)::text))", "POSITION(('x') IN (a))"),
            ("TRIM(BOTH FROM (a)::text[])", "TRIM(BOTH FROM (a)::text[])"),
        ] {
            assert_eq!(syntax(text), expected);
        }
    }

    #[test]
    fn xml_says_since_16_that_it_is_not_indented() {
        check("XMLSERIALIZE(CONTENT x AS text)", "XMLSERIALIZE(CONTENT x AS text NO INDENT)");
        check("XMLSERIALIZE(CONTENT x AS text INDENT)", "XMLSERIALIZE(CONTENT x AS text INDENT)");
    }

    #[test]
    fn other_calls_stay() {
        for text in [
            "timezone('utc'::text, (d)::timestamp with time zone)",
            "btrim((a)::\"char\")",
            "public.btrim(a)",
            " SELECT a\n   FROM public.f() btrim(a)",
            "\"substring\"(a, '^x'::text)",
            "\"substring\"(a, b)",
            "'btrim(a)'::text",
            "date_part('year'::text, d)",
            "lower(a)",
            "timezone(a)",
            "('btrim(a)",
        ] {
            check(text, text);
        }
    }
}
