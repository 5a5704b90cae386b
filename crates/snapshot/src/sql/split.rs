//! Splits a file of SQL into statements, as psql does: at semicolons outside of quotes, comments and the
//! bodies of SQL functions. It understands nothing else of SQL, and need not.

/// One statement, without its semicolon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement<'a> {
    pub(crate) text: &'a str,
    /// Where it begins, from 1.
    pub(crate) line: usize,
}

/// A line that only psql understands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// From 1.
    pub(crate) line: usize,
    /// The line.
    pub(crate) text: String,
}

/// Commands of psql that a dump holds and that change nothing of the schema.
const HARMLESS: [&str; 3] = ["\\restrict", "\\unrestrict", "\\connect"];

/// Splits `text`. Commands for psql are passed over where they are harmless.
///
/// # Errors
/// Names the first other command for psql.
pub(crate) fn split(text: &str) -> Result<Vec<Statement<'_>>, Foreign> {
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let mut statements = Vec::new();
    let mut scan = Scan { text, at: 0 };
    let mut open: Option<Open> = None;
    while let Some(token) = scan.next() {
        match (token.kind, &mut open) {
            (TokenKind::Comment, _) | (TokenKind::Semicolon, None) => {}
            (TokenKind::Command, None) => {
                let line = token.of(text).trim_end();
                if !HARMLESS.iter().any(|command| line.starts_with(command)) {
                    return Err(Foreign { line: line_of(token.start), text: line.to_owned() });
                }
            }
            (TokenKind::Semicolon, Some(Open { start, depth: 0, .. })) => {
                let text = &text[*start..token.start];
                statements.push(Statement { text, line: line_of(*start) });
                open = None;
            }
            (kind, open) => {
                let open = open.get_or_insert(Open { start: token.start, depth: 0, makes_routine: false });
                if kind == TokenKind::Word {
                    open.take(token.of(text));
                }
            }
        }
    }
    if let Some(Open { start, .. }) = open {
        statements.push(Statement { text: text[start..].trim_end(), line: line_of(start) });
    }
    Ok(statements)
}

/// The statement that is being read.
struct Open {
    start: usize,
    /// How deep within the body of an SQL function.
    depth: usize,
    makes_routine: bool,
}

impl Open {
    /// Within `BEGIN ATOMIC … END`, CASE and END come in pairs as well.
    fn take(&mut self, word: &str) {
        match word.to_ascii_uppercase().as_str() {
            "FUNCTION" | "PROCEDURE" => self.makes_routine = true,
            "ATOMIC" if self.makes_routine => self.depth += 1,
            "CASE" if self.depth > 0 => self.depth += 1,
            "END" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenKind {
    Word,
    Semicolon,
    Comment,
    Command,
    Other,
}

struct Token {
    kind: TokenKind,
    start: usize,
    end: usize,
}

impl Token {
    fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// Goes through a text token by token; white space is passed over.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<Token> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let is_name = |c: char| c == '_' || c == '$' || c.is_alphanumeric();
        let line = || rest.find('\n').unwrap_or(rest.len());
        let (kind, length) = match first {
            ';' => (TokenKind::Semicolon, 1),
            '\\' => (TokenKind::Command, line()),
            '-' if rest.starts_with("--") => (TokenKind::Comment, line()),
            '/' if rest.starts_with("/*") => (TokenKind::Comment, block_comment(rest)),
            '\'' | '"' => (TokenKind::Other, quoted(rest, false)),
            'e' | 'E' if rest[1..].starts_with('\'') => (TokenKind::Other, 1 + quoted(&rest[1..], true)),
            '$' => (TokenKind::Other, dollar_quoted(rest)),
            c if is_name(c) => (TokenKind::Word, rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
            c => (TokenKind::Other, c.len_utf8()),
        };
        let start = self.at;
        self.at += length;
        Some(Token { kind, start, end: self.at })
    }
}

/// The length of a comment at the start of `text`; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of what is in quotes at the start of `text`; a doubled quote is one within.
fn quoted(text: &str, has_escapes: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if has_escapes => at += 2,
            quote if quote == bytes[0] && bytes.get(at + 1) == Some(&quote) => at += 2,
            quote if quote == bytes[0] => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of `$tag$ … $tag$` at the start of `text`; of a lone dollar, one.
fn dollar_quoted(text: &str) -> usize {
    let Some(end) = text[1..].find('$').map(|end| end + 2) else { return 1 };
    let tag = &text[..end];
    let is_tag = tag[1..end - 1].chars().all(|c| c == '_' || c.is_alphanumeric());
    if !is_tag || tag[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return 1;
    }
    text[end..].find(tag).map_or(text.len(), |close| end + close + tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let found = split(text).unwrap();
        let found: Vec<(usize, &str)> = found.iter().map(|one| (one.line, one.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn splits_at_semicolons_that_end_a_statement() {
        check("a; b\n;;\n c ", &[(1, "a"), (1, "b\n"), (3, "c")]);
        let odd = "a /* ; /* ; */ */ 'x;''y' \"q;\"";
        check(&format!("-- no; comment\n{odd}; b"), &[(2, odd), (2, "b")]);
        check("SELECT E'\\';'; SELECT '\\'; x", &[(1, "SELECT E'\\';'"), (1, "SELECT '\\'"), (1, "x")]);
        check("DO $x$ a; $$ b; $x$; c $1; d", &[(1, "DO $x$ a; $$ b; $x$"), (1, "c $1"), (1, "d")]);
        check("", &[]);
    }

    #[test]
    fn bodies_of_sql_functions_stay_whole() {
        let function =
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END";
        let text = format!("{function}; BEGIN; x; END; y");
        check(&text, &[(1, function), (1, "BEGIN"), (1, "x"), (1, "END"), (1, "y")]);
    }

    #[test]
    fn commands_for_psql_are_passed_over_or_named() {
        check("\\restrict abc\na;\n\\unrestrict abc\n", &[(2, "a")]);
        check("SELECT $$\n\\d+\n$$;", &[(1, "SELECT $$\n\\d+\n$$")]);
        let foreign = Foreign { line: 2, text: "\\i other.sql".into() };
        assert_eq!(split("a;\n\\i other.sql\nb;"), Err(foreign));
    }
}
