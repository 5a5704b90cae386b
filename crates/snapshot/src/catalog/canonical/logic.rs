//! AND within AND, and OR within OR: `((a AND b) AND c)` is `(a AND b AND c)`. PostgreSQL keeps what the
//! parentheses of the source made of it, and makes one of `BETWEEN`.

use super::tokens::{Kind, Tokens};

pub(super) fn flat(text: &str) -> String {
    let Some(tokens) = Tokens::of(text) else { return text.to_owned() };
    let mut dropped = vec![false; tokens.len()];
    for open in (0..tokens.len()).filter(|at| tokens.is(*at, Kind::Open)) {
        let Some(word) = connective(&tokens, open) else { continue };
        for (from, to) in tokens.parts(open + 1, tokens.end(open), word) {
            let is_one = from < to && tokens.is(from, Kind::Open) && tokens.end(from) + 1 == to;
            if is_one && connective(&tokens, from) == Some(word) {
                dropped[from] = true;
                dropped[to - 1] = true;
            }
        }
    }
    tokens.with(|at| (!dropped[at]).then(|| tokens.text(at).to_owned()))
}

/// What a parenthesis connects, where it is AND or OR alone. The frame of a window has an AND of its own.
fn connective(tokens: &Tokens<'_>, open: usize) -> Option<&'static str> {
    let has = |word: &str| tokens.level(open + 1, tokens.end(open)).any(|at| tokens.text(at) == word);
    if tokens.text(open) != "(" || has("BETWEEN") || has("SELECT") {
        return None;
    }
    match (has("AND"), has("OR")) {
        (true, false) => Some("AND"),
        (false, true) => Some("OR"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(flat(text), expected);
        assert!(text == expected || !super::super::is_plain(text), "a sign for it is known");
        assert_eq!(flat(expected), expected, "what is settled stays as it is");
    }

    #[test]
    fn nesting_that_means_nothing_goes() {
        check(
            "CHECK ((((a >= 1) AND (a <= 9)) AND (b OR (c OR d)) AND (e AND (f AND g))))",
            "CHECK (((a >= 1) AND (a <= 9) AND (b OR c OR d) AND e AND f AND g))",
        );
    }

    #[test]
    fn other_nesting_stays() {
        for text in [
            "((a OR b) AND c)",
            "((NOT (a AND b)) AND c)",
            "(f((a AND b)) AND c)",
            "sum(a) OVER (ORDER BY b ROWS BETWEEN (1 + 1) PRECEDING AND (2 + 2) FOLLOWING)",
            "('(a AND (b AND c))'::text = d)",
        ] {
            check(text, text);
        }
    }
}
