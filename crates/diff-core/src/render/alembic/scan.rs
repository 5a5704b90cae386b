//! Reads the SQL that plans are written in: names, what is in brackets, lists. It knows quotes and brackets,
//! and whoever calls it knows which statement it is.

use crate::plan::sql::ident;

/// A name, and what stands behind it.
pub(super) fn name(sql: &str) -> Option<(String, &str)> {
    if let Some(quoted) = sql.strip_prefix('"') {
        let mut name = String::new();
        let mut chars = quoted.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if chars.next_if(|(_, next)| *next == '"').is_some() => name.push('"'),
                '"' => return Some((name, &quoted[at + 1..])),
                c => name.push(c),
            }
        }
        return None;
    }
    let is_within = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let end = sql.find(|c| !is_within(c)).unwrap_or(sql.len());
    let (name, rest) = sql.split_at(end);
    // What plans leave bare is what needs no quotes.
    (ident(name) == name).then(|| (name.to_owned(), rest))
}

/// A schema and a name, and what stands behind them.
pub(super) fn qualified(sql: &str) -> Option<([String; 2], &str)> {
    let (schema, rest) = name(sql)?;
    let (own, rest) = name(rest.strip_prefix('.')?)?;
    Some(([schema, own], rest))
}

/// Names in brackets, and what stands behind them.
pub(super) fn names(sql: &str) -> Option<(Vec<String>, &str)> {
    let (inside, rest) = enclosed(sql)?;
    let one = |part: &str| name(part.trim()).filter(|(_, rest)| rest.is_empty()).map(|(name, _)| name);
    Some((split(inside).into_iter().map(one).collect::<Option<_>>()?, rest))
}

/// What is within the brackets that the text begins with, and what stands behind them.
pub(super) fn enclosed(sql: &str) -> Option<(&str, &str)> {
    if !sql.starts_with('(') {
        return None;
    }
    let mut depth = 0_usize;
    let mut end = None;
    walk(sql, |at, c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && end.is_none() {
            end = Some(at);
        }
    });
    let end = end?;
    Some((&sql[1..end], &sql[end + 1..]))
}

/// An expression without the brackets around all of it.
pub(super) fn bare(mut expression: &str) -> &str {
    while let Some((inside, "")) = enclosed(expression) {
        expression = inside;
    }
    expression
}

/// The parts between the commas that stand outside of brackets and quotes.
pub(super) fn split(sql: &str) -> Vec<&str> {
    let mut depth = 0_isize;
    let mut parts = Vec::new();
    let mut start = 0;
    walk(sql, |at, c| match c {
        '(' | '[' => depth += 1,
        ')' | ']' => depth -= 1,
        ',' if depth == 0 => {
            parts.push(sql[start..at].trim());
            start = at + 1;
        }
        _ => {}
    });
    if !sql.trim().is_empty() {
        parts.push(sql[start..].trim());
    }
    parts
}

/// Calls for each character outside of quotes.
fn walk(sql: &str, mut call: impl FnMut(usize, char)) {
    let mut chars = sql.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        if c == '\'' || c == '"' {
            let has_escapes = c == '\'' && matches!(before, 'E' | 'e');
            while let Some((_, inside)) = chars.next() {
                match inside {
                    '\\' if has_escapes => drop(chars.next()),
                    // Two quotes are one within: the next begins where this ends.
                    inside if inside == c => break,
                    _ => {}
                }
            }
            before = if chars.peek().is_some_and(|(_, next)| *next == c) && has_escapes { 'E' } else { ' ' };
            continue;
        }
        call(at, c);
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        assert_eq!(name("a_1.b"), Some(("a_1".to_owned(), ".b")));
        assert_eq!(name("\"A \"\"b\"\"\" x"), Some(("A \"b\"".to_owned(), " x")));
        assert_eq!(name("(a)"), None);
        assert_eq!(name("\"a"), None);
        assert_eq!(names("(a, \"B,c\") x"), Some((vec!["a".to_owned(), "B,c".to_owned()], " x")));
        assert_eq!(names("(a, lower(b))"), None);
    }

    #[test]
    fn brackets_and_quotes_are_kept_together() {
        assert_eq!(enclosed("(a, ')', (b)) c"), Some(("a, ')', (b)", " c")));
        assert_eq!(enclosed("(E'\\')' )x"), Some(("E'\\')' ", "x")));
        assert_eq!(enclosed("('it''s)')x"), Some(("'it''s)'", "x")));
        assert_eq!(bare("((a > 0))"), "a > 0");
        assert_eq!(bare("(a) + (b)"), "(a) + (b)");
        assert_eq!(split("a, f(b, c), 'd,e'"), ["a", "f(b, c)", "'d,e'"]);
    }
}
