//! The words of a text that PostgreSQL printed: enough to tell code from literals and to find the end of a
//! parenthesis, no grammar. What is not understood is left as it is by those who ask.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name without quotes. Keywords are printed in capitals, such names never.
    Word,
    /// A name in quotes.
    Quoted,
    /// A text literal.
    Literal,
    Number,
    /// `(` or `[`.
    Open,
    /// `)` or `]`.
    Close,
    /// An operator or a sign.
    Sign,
}

/// A token and the white space before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) space: &'a str,
    pub(super) text: &'a str,
    pub(super) kind: Kind,
}

impl Token<'_> {
    /// Whether it may be a name: keywords may not.
    pub(super) fn is_name(&self) -> bool {
        match self.kind {
            Kind::Quoted => true,
            Kind::Word => !self.text.starts_with(|c: char| c.is_ascii_uppercase()),
            _ => false,
        }
    }
}

/// A text with its parentheses paired.
pub(super) struct Tokens<'a> {
    all: Vec<Token<'a>>,
    /// At an opening parenthesis, where it closes.
    ends: Vec<usize>,
}

impl<'a> Tokens<'a> {
    /// `None` where a literal or a parenthesis has no end.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let all = split(text)?;
        let mut ends = vec![0; all.len()];
        let mut open = Vec::new();
        for (at, token) in all.iter().enumerate() {
            match token.kind {
                Kind::Open => open.push(at),
                Kind::Close => ends[open.pop()?] = at,
                _ => {}
            }
        }
        open.is_empty().then_some(Self { all, ends })
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The text of a token, empty beyond the end.
    pub(super) fn text(&self, at: usize) -> &'a str {
        self.all.get(at).map_or("", |token| token.text)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'a>> {
        self.all.get(at)
    }

    pub(super) fn is(&self, at: usize, kind: Kind) -> bool {
        self.all.get(at).is_some_and(|token| token.kind == kind)
    }

    /// Whether these are the tokens from `at` on.
    pub(super) fn are(&self, at: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(offset, text)| self.text(at + offset) == *text)
    }

    /// The token before, empty at the beginning.
    pub(super) fn before(&self, at: usize) -> &'a str {
        at.checked_sub(1).map_or("", |before| self.text(before))
    }

    /// Where the parenthesis that opens at `at` closes.
    pub(super) fn end(&self, at: usize) -> usize {
        self.ends[at]
    }

    /// The tokens from `from` up to `to` that stand in no further parenthesis; of a parenthesis, its opening.
    pub(super) fn level(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let mut next = from;
        std::iter::from_fn(move || {
            let at = next;
            next = if self.is(at, Kind::Open) { self.ends[at] + 1 } else { at + 1 };
            (at < to).then_some(at)
        })
    }

    /// Where the parts begin and end that `word` separates on the level from `from` to `to`.
    pub(super) fn parts(&self, from: usize, to: usize, word: &str) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let mut begin = from;
        for at in self.level(from, to).filter(|at| self.text(*at) == word) {
            parts.push((begin, at));
            begin = at + 1;
        }
        parts.push((begin, to));
        parts
    }

    /// The text of some tokens, without the white space before the first.
    pub(super) fn slice(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for (at, token) in self.all.iter().enumerate().take(to).skip(from) {
            text.push_str(if at == from { "" } else { token.space });
            text.push_str(token.text);
        }
        text
    }

    /// The whole text, in which some tokens are replaced: `None` takes one out, and the token after it stands
    /// where it stood.
    pub(super) fn with(&self, change: impl Fn(usize) -> Option<String>) -> String {
        let mut text = String::new();
        let mut kept_space = None;
        for (at, token) in self.all.iter().enumerate() {
            match change(at) {
                Some(by) => {
                    text.push_str(kept_space.take().unwrap_or(token.space));
                    text.push_str(&by);
                }
                None if token.kind == Kind::Close => {}
                None => kept_space = kept_space.or(Some(token.space)),
            }
        }
        text
    }
}

fn split(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut rest = text.trim_end();
    while !rest.is_empty() {
        let code = rest.trim_start();
        let (space, code) = (&rest[..rest.len() - code.len()], code);
        let is_escaped = space.is_empty() && tokens.last().is_some_and(|before| before.text == "E");
        let (length, kind) = measure(code, is_escaped)?;
        tokens.push(Token { space, text: &code[..length], kind });
        rest = &code[length..];
    }
    Some(tokens)
}

/// The length of the first token; `None` where it does not end.
fn measure(code: &str, is_escaped: bool) -> Option<(usize, Kind)> {
    const SIGNS: &str = "+-*/<>=~!@#%^&|`?";
    let first = code.chars().next()?;
    let until = |is_part: &dyn Fn(char) -> bool| code.find(|c| !is_part(c)).unwrap_or(code.len());
    Some(match first {
        '\'' => (quoted(code, '\'', is_escaped)?, Kind::Literal),
        '"' => (quoted(code, '"', false)?, Kind::Quoted),
        '(' | '[' => (1, Kind::Open),
        ')' | ']' => (1, Kind::Close),
        ':' if code.starts_with("::") => (2, Kind::Sign),
        c if c.is_ascii_digit() => (until(&|c| c == '.' || c.is_ascii_alphanumeric()), Kind::Number),
        c if c == '_' || c.is_alphabetic() => {
            (until(&|c| c == '_' || c == '$' || c.is_alphanumeric()), Kind::Word)
        }
        c if SIGNS.contains(c) => (until(&|c| SIGNS.contains(c)), Kind::Sign),
        c => (c.len_utf8(), Kind::Sign),
    })
}

fn quoted(code: &str, quote: char, is_escaped: bool) -> Option<usize> {
    let mut chars = code.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && is_escaped {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        Tokens::of(text).unwrap().all.iter().map(|token| token.text).collect()
    }

    #[test]
    fn splits_code_from_literals() {
        assert_eq!(
            texts("a.\"b \"\"c\"::text<>'it''s'"),
            ["a", ".", "\"b \"\"c\"", "::", "text", "<>", "'it''s'"]
        );
        assert_eq!(texts("(x[1] + 2.5e3)"), ["(", "x", "[", "1", "]", "+", "2.5e3", ")"]);
        assert_eq!(texts(r"E'it\'s' '\'"), ["E", r"'it\'s'", r"'\'"]);
    }

    #[test]
    fn what_has_no_end_is_nothing() {
        for text in ["'a", "\"a", "(a", "a)"] {
            assert!(Tokens::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn gives_back_what_it_took() {
        let text = " SELECT (a),\n    'x  y'::text AS \"B b\"\n   FROM t";
        let tokens = Tokens::of(text).unwrap();
        assert_eq!(tokens.with(|at| Some(tokens.text(at).to_owned())), text);
        assert_eq!(tokens.slice(1, 5), "(a),");
    }

    #[test]
    fn a_level_passes_over_parentheses() {
        let tokens = Tokens::of("a, f(b, c), d").unwrap();
        assert_eq!(tokens.parts(0, tokens.len(), ","), [(0, 1), (2, 8), (9, 10)]);
    }
}
