//! Lists of literals. `IN ('a', 'b')` over a varchar comes out with one cast of the whole list, after a dump was
//! restored with one of each element, and written as `= ANY (ARRAY['a', 'b'])` with none.

use super::tokens::{Kind, Tokens};

pub(super) fn one_form(text: &str) -> String {
    let mut text = text.to_owned();
    for rewrite in [elements, arrays, texts, single] {
        if let Some(settled) = Tokens::of(&text).and_then(|tokens| rewrite(&tokens)) {
            text = settled;
        }
    }
    text
}

/// `('a'::character varying(3))::text` is `'a'::text`.
fn elements(tokens: &Tokens<'_>) -> Option<String> {
    replace(tokens, |at| {
        let (literal, end) = varying(tokens, at + 1)?;
        let is_cast = tokens.are(at, &["("]) && tokens.are(end, &[")", "::", "text"]);
        (is_cast && tokens.text(end + 3) != "[").then(|| (format!("{literal}::text"), end + 3))
    })
}

/// `(ARRAY['a'::character varying, …])::text[]` is `ARRAY['a'::text, …]`.
fn arrays(tokens: &Tokens<'_>) -> Option<String> {
    replace(tokens, |at| {
        if !tokens.are(at, &["(", "ARRAY", "["]) {
            return None;
        }
        let (end, after) = (tokens.end(at + 2), tokens.end(at) + 1);
        if end + 2 != after || !tokens.are(after, &["::", "text", "[", "]"]) {
            return None;
        }
        let elements: Option<Vec<String>> = tokens
            .parts(at + 3, end, ",")
            .into_iter()
            .map(|(from, to)| {
                let (literal, end) = varying(tokens, from)?;
                (end == to).then(|| format!("{literal}::text"))
            })
            .collect();
        Some((format!("ARRAY[{}]", elements?.join(", ")), after + 4))
    })
}

/// `ANY ('{a,b}'::text[])` is `ANY (ARRAY['a'::text, 'b'::text])`, where nothing in it needs quotes.
fn texts(tokens: &Tokens<'_>) -> Option<String> {
    replace(tokens, |at| {
        let is_list = ["ANY", "ALL"].contains(&tokens.text(at))
            && tokens.text(at + 1) == "("
            && tokens.are(at + 3, &["::", "text", "[", "]", ")"]);
        let inside = tokens.text(at + 2).strip_prefix("'{")?.strip_suffix("}'")?;
        let is_plain = |c: char| c.is_alphanumeric() || "_-./:@".contains(c);
        let is_element =
            |text: &str| !text.is_empty() && text.chars().all(is_plain) && !text.eq_ignore_ascii_case("null");
        let elements: Vec<&str> = inside.split(',').collect();
        if !is_list || !elements.iter().all(|text| is_element(text)) {
            return None;
        }
        let elements: Vec<String> = elements.iter().map(|text| format!("'{text}'::text")).collect();
        Some((format!("{} (ARRAY[{}])", tokens.text(at), elements.join(", ")), at + 8))
    })
}

/// `= ANY (ARRAY['a'::text])` is `= 'a'::text`, as a list of one comes out; `<> ALL` alike.
fn single(tokens: &Tokens<'_>) -> Option<String> {
    replace(tokens, |at| {
        let is_list = tokens.are(at, &["=", "ANY", "(", "ARRAY", "["])
            || tokens.are(at, &["<>", "ALL", "(", "ARRAY", "["]);
        if !is_list || !matches!(tokens.get(at + 5)?.kind, Kind::Literal | Kind::Number) {
            return None;
        }
        let end = tokens.end(at + 4);
        let is_one = tokens.parts(at + 5, end, ",").len() == 1 && tokens.end(at + 2) == end + 1;
        is_one.then(|| (format!("{} {}", tokens.text(at), tokens.slice(at + 5, end)), end + 2))
    })
}

/// A literal as varchar that its length does not cut, and the token after it.
fn varying<'a>(tokens: &Tokens<'a>, at: usize) -> Option<(&'a str, usize)> {
    let literal = tokens.text(at);
    if !tokens.is(at, Kind::Literal) || !tokens.are(at + 1, &["::", "character", "varying"]) {
        return None;
    }
    if tokens.text(at + 4) != "(" {
        return Some((literal, at + 4));
    }
    let length: usize = tokens.text(at + 5).parse().ok()?;
    let characters = literal.get(1..literal.len() - 1)?.replace("''", "'").chars().count();
    (characters <= length && tokens.text(at + 6) == ")").then_some((literal, at + 7))
}

/// Replaces what `find` finds: by what, and the token after it. `None` where it finds nothing.
fn replace(tokens: &Tokens<'_>, find: impl Fn(usize) -> Option<(String, usize)>) -> Option<String> {
    let (mut text, mut at, mut is_changed) = (String::new(), 0, false);
    while let Some(token) = tokens.get(at) {
        text.push_str(token.space);
        match find(at) {
            Some((by, end)) => {
                text.push_str(&by);
                is_changed = true;
                at = end;
            }
            None => {
                text.push_str(token.text);
                at += 1;
            }
        }
    }
    is_changed.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(one_form(text), expected);
        assert!(text == expected || !super::super::is_plain(text), "a sign for it is known");
        assert_eq!(one_form(expected), expected, "what is settled stays as it is");
    }

    #[test]
    fn lists_of_texts_have_one_form() {
        let settled = "CHECK (((kind)::text = ANY (ARRAY['a'::text, 'it''s'::text])))";
        for text in [
            "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])))",
            "CHECK (((kind)::text = ANY (ARRAY[('a'::character varying)::text, ('it''s'::character varying)::text])))",
            "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying(3), 'it''s'::character varying(4)])::text[])))",
            "CHECK (((kind)::text = ANY (ARRAY[('a'::character varying(9))::text, 'it''s'::text])))",
        ] {
            check(text, settled);
        }
        check("(k = ANY ('{a,b-c}'::text[]))", "(k = ANY (ARRAY['a'::text, 'b-c'::text]))");
    }

    #[test]
    fn a_list_of_one_is_no_list() {
        check("((k)::text = ANY ((ARRAY['a'::character varying])::text[]))", "((k)::text = 'a'::text)");
        check("(n <> ALL (ARRAY[1]))", "(n <> 1)");
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for text in [
            "(ARRAY[a, b])::text[]",
            "(ARRAY['x'::character varying, lower(y)])::text[]",
            "('too long'::character varying(3))::text",
            "('a'::character varying)::text[]",
            "('a'::character(3))::text",
            "(k = ANY ('{a,NULL}'::text[]))",
            "(k = ANY ('{\"a b\"}'::text[]))",
            "(k = ANY ('{}'::text[]))",
            "(k = ANY (ARRAY[a]))",
            "(k > ANY (ARRAY[1]))",
            "'unclosed",
        ] {
            check(text, text);
        }
    }
}
