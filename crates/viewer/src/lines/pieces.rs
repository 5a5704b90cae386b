//! Texts as lines, lines as words, words with the class of their token.

use super::{Class, Line, Span};
use crate::sql::{self, Language, Token, TokenKind};

/// A word or a mark: what is compared within a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) class: Class,
}

/// A text as lines and tokens.
pub(super) struct Text<'a> {
    source: &'a str,
    /// The lines, without their ends.
    pub(super) lines: Vec<&'a str>,
    /// The tokens that each line touches; empty where the text is not to be looked into.
    touched: Vec<(usize, usize)>,
    tokens: Vec<Token>,
}

impl<'a> Text<'a> {
    /// Reads a text; without a language its lines are left whole.
    pub(super) fn new(source: &'a str, language: Option<Language>) -> Self {
        let lines: Vec<&str> = source.lines().collect();
        let tokens = language.map(|language| sql::code(source, language)).unwrap_or_default();
        let mut touched = Vec::new();
        let mut first = 0;
        for line in lines.iter().filter(|_| !tokens.is_empty()) {
            let (start, end) = range(source, line);
            first += tokens[first..].partition_point(|token| token.end <= start);
            let count = tokens[first..].partition_point(|token| token.start < end);
            touched.push((first, first + count));
        }
        Self { source, lines, touched, tokens }
    }

    /// The parts of tokens that stand in a line.
    fn tokens(&self, at: usize) -> impl Iterator<Item = (TokenKind, &'a str)> {
        let line = self.lines.get(at).copied().unwrap_or_default();
        let (start, end) = range(self.source, line);
        let (first, last) = self.touched.get(at).copied().unwrap_or_default();
        let tokens = self.tokens.get(first..last).unwrap_or_default();
        tokens.iter().filter_map(move |token| {
            let text = self.source.get(token.start.max(start)..token.end.min(end))?;
            (!text.is_empty()).then_some((token.kind, text))
        })
    }

    /// The words of a line.
    pub(super) fn words(&self, at: usize) -> Vec<Piece<'a>> {
        let mut words = Vec::new();
        self.tokens(at).for_each(|(kind, text)| push_words(&mut words, kind, text));
        words
    }

    /// A line without emphasis.
    pub(super) fn line(&self, at: usize) -> Line {
        let mut pieces: Vec<Piece> =
            self.tokens(at).map(|(kind, text)| Piece { text, class: class(kind) }).collect();
        if self.touched.is_empty() {
            let text = self.lines.get(at).copied().unwrap_or_default();
            pieces.push(Piece { text, class: Class::Plain });
        }
        Line { number: at + 1, spans: spans(&pieces, |_| false) }
    }
}

/// The words of a value that is no line of a text.
pub(super) fn of_value(text: &str) -> Vec<Piece<'_>> {
    let mut words = Vec::new();
    for token in sql::code(text, Language::Sql) {
        push_words(&mut words, token.kind, token.text(text));
    }
    words
}

/// Puts neighbours that look the same into one span.
pub(super) fn spans(pieces: &[Piece], is_changed: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.text.is_empty()) {
        let is_changed = is_changed(at);
        match spans.last_mut() {
            Some(last) if last.class == piece.class && last.is_changed == is_changed => {
                last.text.push_str(piece.text);
            }
            _ => spans.push(Span { text: piece.text.to_owned(), class: piece.class, is_changed }),
        }
    }
    spans
}

/// Where a line stands in the text that it is a slice of.
fn range(source: &str, line: &str) -> (usize, usize) {
    let start = (line.as_ptr() as usize).saturating_sub(source.as_ptr() as usize);
    (start, start + line.len())
}

fn class(kind: TokenKind) -> Class {
    match kind {
        TokenKind::Keyword => Class::Keyword,
        TokenKind::QuotedIdentifier => Class::Quoted,
        TokenKind::String => Class::String,
        TokenKind::Number => Class::Number,
        TokenKind::Comment => Class::Comment,
        TokenKind::Identifier | TokenKind::Operator | TokenKind::Whitespace => Class::Plain,
    }
}

/// Tokens that hold prose are compared word by word, all others whole.
fn push_words<'a>(words: &mut Vec<Piece<'a>>, kind: TokenKind, text: &'a str) {
    let class = class(kind);
    match kind {
        TokenKind::String | TokenKind::Comment | TokenKind::QuotedIdentifier | TokenKind::Whitespace => {
            split(text, |text| words.push(Piece { text, class }));
        }
        _ => words.push(Piece { text, class }),
    }
}

/// Runs of letters, digits and `_`, and every other character alone.
fn split<'a>(text: &'a str, mut push: impl FnMut(&'a str)) {
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        if at > start && !(is_word && in_word) {
            push(&text[start..at]);
            start = at;
        }
        in_word = is_word;
    }
    if start < text.len() {
        push(&text[start..]);
    }
}
