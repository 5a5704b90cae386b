//! SQL and Python cut into tokens, for colours and for comparing word by word. It knows no grammar, and loses
//! nothing: the tokens' texts in a row are the input, whatever the input is.

mod words;

use serde::{Deserialize, Serialize};

use words::is_keyword;

/// How deep code within dollar quotes is looked into: a function that makes a function is rare enough.
const MAX_DEPTH: usize = 3;

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// SQL as PostgreSQL reads it.
    #[default]
    Sql,
    /// Python.
    Python,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A word of the language, the names of common types among them.
    Keyword,
    /// A name, or a parameter such as `$1`.
    Identifier,
    /// `"a name"`.
    QuotedIdentifier,
    /// A literal with its quotes and its prefix.
    String,
    /// A number.
    Number,
    /// A comment, without the end of the line.
    Comment,
    /// An operator or a punctuation mark.
    Operator,
    /// Blanks and ends of lines.
    Whitespace,
}

/// A piece of a text: its kind, and where it stands, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Token {
    /// What the token says; `source` is the text that it was cut from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// Cuts a text into tokens. Their ranges follow each other from the first byte to the last.
pub fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let (kind, end) = match language {
            Language::Sql => sql(text, start),
            Language::Python => python(text, start),
        };
        // Every scanner moves on; were one not to, this would.
        let end = end.clamp(start + 1, text.len());
        tokens.push(Token { kind, start, end });
        start = end;
    }
    tokens
}

/// As [`tokens`], but what stands between dollar quotes is code too, where it is more than a word: the body of
/// a function in its definition.
pub fn code(text: &str, language: Language) -> Vec<Token> {
    let mut out = Vec::new();
    push_code(&mut out, text, 0, language, MAX_DEPTH);
    out
}

fn push_code(out: &mut Vec<Token>, text: &str, offset: usize, language: Language, depth: usize) {
    for token in tokens(text, language) {
        let shift = |token: Token| Token { start: token.start + offset, end: token.end + offset, ..token };
        match inside_dollars(token.text(text)) {
            Some((inside, tag)) if depth > 0 && token.kind == TokenKind::String => {
                let body = token.start + tag;
                out.push(shift(Token { end: body, ..token }));
                push_code(out, inside, offset + body, language, depth - 1);
                out.push(shift(Token { start: body + inside.len(), ..token }));
            }
            _ => out.push(shift(token)),
        }
    }
}

/// What stands between `$tag$` and `$tag$`, where it has blanks in it, and how long the tag is.
fn inside_dollars(literal: &str) -> Option<(&str, usize)> {
    let tag = dollar_tag(literal)?;
    let inside = literal.strip_prefix(tag)?.strip_suffix(tag)?;
    inside.contains(char::is_whitespace).then_some((inside, tag.len()))
}

fn sql(text: &str, at: usize) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let next = byte(bytes, at + 1);
    match byte(bytes, at) {
        b'-' if next == b'-' => (TokenKind::Comment, run(bytes, at, |c| c != b'\n')),
        b'/' if next == b'*' => (TokenKind::Comment, block_comment(bytes, at)),
        b'\'' => (TokenKind::String, doubled(bytes, at, b'\'', false)),
        b'"' => (TokenKind::QuotedIdentifier, doubled(bytes, at, b'"', false)),
        b'e' | b'E' if next == b'\'' => (TokenKind::String, doubled(bytes, at + 1, b'\'', true)),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if next == b'\'' => {
            (TokenKind::String, doubled(bytes, at + 1, b'\'', false))
        }
        b'u' | b'U' if next == b'&' && byte(bytes, at + 2) == b'\'' => {
            (TokenKind::String, doubled(bytes, at + 2, b'\'', false))
        }
        b'u' | b'U' if next == b'&' && byte(bytes, at + 2) == b'"' => {
            (TokenKind::QuotedIdentifier, doubled(bytes, at + 2, b'"', false))
        }
        b'$' => dollar(text, at),
        c if is_operator(c) => (TokenKind::Operator, sql_operator(bytes, at)),
        _ => common(text, at, Language::Sql),
    }
}

fn python(text: &str, at: usize) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    if byte(bytes, at) == b'#' {
        return (TokenKind::Comment, run(bytes, at, |c| c != b'\n'));
    }
    // Up to two letters may stand before the quote: rb"", F''.
    let quote = run(bytes, at, |c| b"rRbBfFuU".contains(&c));
    if quote <= at + 2 && matches!(byte(bytes, quote), b'\'' | b'"') {
        return (TokenKind::String, python_string(bytes, quote));
    }
    match byte(bytes, at) {
        c if is_operator(c) => (TokenKind::Operator, run(bytes, at, |c| is_operator(c) && c != b'#')),
        _ => common(text, at, Language::Python),
    }
}

/// What both languages have: blanks, numbers, words; anything else is a mark by itself.
fn common(text: &str, at: usize, language: Language) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    match byte(bytes, at) {
        c if c.is_ascii_whitespace() => (TokenKind::Whitespace, run(bytes, at, |c| c.is_ascii_whitespace())),
        b'0'..=b'9' => (TokenKind::Number, number(bytes, at)),
        b'.' if byte(bytes, at + 1) == b'.' => (TokenKind::Operator, at + 2),
        b'.' if byte(bytes, at + 1).is_ascii_digit() => (TokenKind::Number, number(bytes, at)),
        c if is_word(c) => {
            let end = run(bytes, at, |c| is_word(c) || c == b'$' && language == Language::Sql);
            let is_keyword = text.get(at..end).is_some_and(|word| is_keyword(word, language));
            (if is_keyword { TokenKind::Keyword } else { TokenKind::Identifier }, end)
        }
        _ => (TokenKind::Operator, at + 1),
    }
}

/// The byte at a place; 0 behind the end.
fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Where the bytes that `accepts` takes end, from `at` on.
fn run(bytes: &[u8], at: usize, accepts: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|c| !accepts(*c)).unwrap_or(rest.len())
}

/// Bytes of letters beyond ASCII belong to words, so no character is ever cut in two.
fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}

fn is_operator(c: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?:".contains(&c)
}

/// `->>`, `<=`, `::`; ends before a comment.
fn sql_operator(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while is_operator(byte(bytes, end)) {
        if matches!((byte(bytes, end), byte(bytes, end + 1)), (b'-', b'-') | (b'/', b'*')) {
            break;
        }
        end += 1;
    }
    end
}

/// Digits, points, exponents; `1..9` is two numbers and what stands between them.
fn number(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let (c, next) = (byte(bytes, end), byte(bytes, end + 1));
        let is_hex = byte(bytes, at + 1) | 0x20 == b'x';
        match c {
            b'.' if next == b'.' => return end,
            b'e' | b'E' if !is_hex && matches!(next, b'+' | b'-') => end += 2,
            b'.' | b'_' => end += 1,
            c if c.is_ascii_alphanumeric() => end += 1,
            _ => return end,
        }
    }
}

/// The end of a literal in which a doubled quote stands for one. `at` is the opening quote.
fn doubled(bytes: &[u8], at: usize, quote: u8, has_escapes: bool) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match byte(bytes, end) {
            b'\\' if has_escapes => end += 2,
            c if c == quote && byte(bytes, end + 1) == quote => end += 2,
            c if c == quote => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// The end of a Python literal. Between single quotes it ends with the line at the latest.
fn python_string(bytes: &[u8], at: usize) -> usize {
    let quote = byte(bytes, at);
    let is_triple = byte(bytes, at + 1) == quote && byte(bytes, at + 2) == quote;
    let mut end = at + if is_triple { 3 } else { 1 };
    while end < bytes.len() {
        match byte(bytes, end) {
            b'\\' => end += 2,
            b'\n' if !is_triple => return end,
            c if c == quote && !is_triple => return end + 1,
            c if c == quote && byte(bytes, end + 1) == quote && byte(bytes, end + 2) == quote => {
                return end + 3;
            }
            _ => end += 1,
        }
    }
    bytes.len()
}

/// The end of a comment within which others may stand.
fn block_comment(bytes: &[u8], at: usize) -> usize {
    let (mut end, mut depth) = (at + 2, 1_usize);
    while end < bytes.len() {
        match (byte(bytes, end), byte(bytes, end + 1)) {
            (b'/', b'*') => (end, depth) = (end + 2, depth + 1),
            (b'*', b'/') if depth == 1 => return end + 2,
            (b'*', b'/') => (end, depth) = (end + 2, depth - 1),
            _ => end += 1,
        }
    }
    bytes.len()
}

/// `$tag$…$tag$`, a parameter `$1`, or a lone `$`.
fn dollar(text: &str, at: usize) -> (TokenKind, usize) {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(tag) = dollar_tag(rest) {
        let inside = rest.get(tag.len()..).unwrap_or_default();
        let end = inside.find(tag).map_or(text.len(), |end| at + end + 2 * tag.len());
        return (TokenKind::String, end);
    }
    match run(text.as_bytes(), at + 1, |c| c.is_ascii_digit()) {
        end if end > at + 1 => (TokenKind::Identifier, end),
        end => (TokenKind::Operator, end),
    }
}

/// The opening tag that a text begins with: `$$`, `$body$`.
fn dollar_tag(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let end = run(bytes, 1, is_word);
    let is_tag = byte(bytes, 0) == b'$' && byte(bytes, end) == b'$' && !byte(bytes, 1).is_ascii_digit();
    if is_tag { text.get(..=end) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens but for blanks, each as a letter for its kind and its text.
    fn told(text: &str, language: Language) -> Vec<String> {
        let letter = |token: &Token| match token.kind {
            TokenKind::Keyword => 'k',
            TokenKind::Identifier => 'i',
            TokenKind::QuotedIdentifier => 'q',
            TokenKind::String => 's',
            TokenKind::Number => 'n',
            TokenKind::Comment => 'c',
            TokenKind::Operator => 'o',
            TokenKind::Whitespace => 'w',
        };
        let tokens = tokens(text, language);
        tokens
            .iter()
            .filter(|token| token.kind != TokenKind::Whitespace)
            .map(|token| format!("{} {}", letter(token), token.text(text)))
            .collect()
    }

    #[test]
    fn tells_the_tokens_of_sql() {
        for (text, expected) in [
            ("SELECT a1 FROM \"T\"", &["k SELECT", "i a1", "k FROM", "q \"T\""][..]),
            ("x::text", &["i x", "o ::", "k text"]),
            ("a->>'k'", &["i a", "o ->>", "s 'k'"]),
            ("'it''s' E'\\'' b'01'", &["s 'it''s'", "s E'\\''", "s b'01'"]),
            ("U&'d\\0061' U&\"x\"", &["s U&'d\\0061'", "q U&\"x\""]),
            ("$$a$b$$ $t$ $$ $t$ $1 $", &["s $$a$b$$", "s $t$ $$ $t$", "i $1", "o $"]),
            ("1.5e-3 1..9 .5 0x1F", &["n 1.5e-3", "n 1", "o ..", "n 9", "n .5", "n 0x1F"]),
            ("a --b\nc", &["i a", "c --b", "i c"]),
            ("/* a /* b */ */ c", &["c /* a /* b */ */", "i c"]),
            ("1+-- x", &["n 1", "o +", "c -- x"]),
            ("(a,b)", &["o (", "i a", "o ,", "i b", "o )"]),
            ("späti$1", &["i späti$1"]),
        ] {
            assert_eq!(told(text, Language::Sql), expected, "{text}");
        }
    }

    #[test]
    fn tells_the_tokens_of_python() {
        for (text, expected) in [
            ("def f(x): # y", &["k def", "i f", "o (", "i x", "o )", "o :", "c # y"][..]),
            ("rb'a\\'b' f\"x\"", &["s rb'a\\'b'", "s f\"x\""]),
            ("\"\"\"a\n\"b\"\"\" c", &["s \"\"\"a\n\"b\"\"\"", "i c"]),
            ("'open\nNone", &["s 'open", "k None"]),
            ("a<=b", &["i a", "o <=", "i b"]),
        ] {
            assert_eq!(told(text, Language::Python), expected, "{text}");
        }
    }

    #[test]
    fn loses_nothing() {
        let whole = [
            "",
            "'",
            "\"",
            "E'\\",
            "$",
            "$$",
            "$a$",
            "$a$ $b$",
            "/*",
            "/* /* */",
            "--",
            "ä'ö",
            "E'\\ä",
            "$ä$x$ä$",
            "🍦",
            "U&",
            "U&'",
            "1e",
            "1e+",
            ".",
            "..",
            "\u{a0}x",
            "\0",
            "r",
            "rb",
            "'''",
            "'''a''",
            "\\",
            "'\\ä",
            "\r\n",
            "$1$",
        ];
        let joined = whole.concat();
        let cuts: Vec<&str> = joined.char_indices().filter_map(|(at, _)| joined.get(at..)).collect();
        for text in whole.iter().copied().chain(cuts) {
            for language in [Language::Sql, Language::Python] {
                for tokens in [tokens(text, language), code(text, language)] {
                    let back: String = tokens.iter().map(|token| token.text(text)).collect();
                    assert_eq!(back, text, "{language:?}");
                }
            }
        }
    }

    #[test]
    fn bodies_of_functions_are_code() {
        let text = "AS $f$ SELECT 'x' $f$ $$word$$";
        let found: Vec<&str> = code(text, Language::Sql).iter().map(|token| token.text(text)).collect();
        assert_eq!(found, ["AS", " ", "$f$", " ", "SELECT", " ", "'x'", " ", "$f$", " ", "$$word$$"]);
    }
}
