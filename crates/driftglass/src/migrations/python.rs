//! Reads what a file of Alembic's says of itself, without running it: two assignments at the left margin.

/// What a file says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    /// Its revision; none where it is no revision file.
    pub(super) revision: Option<String>,
    /// The revisions that it follows.
    pub(super) follows: Vec<String>,
}

/// Reads a file's text.
///
/// # Errors
/// Gives the number of the line that assigns more than plain strings.
pub(super) fn read(text: &str) -> Result<Said, usize> {
    let mut said = Said::default();
    let mut cursor = Cursor { rest: text };
    while !cursor.rest.is_empty() {
        let line = text[..text.len() - cursor.rest.len()].matches('\n').count() + 1;
        let name = cursor.word();
        if matches!(name, "revision" | "down_revision") && cursor.assigns() {
            let values = cursor.values().filter(|_| cursor.is_at_end()).ok_or(line)?;
            match (name, values.as_slice()) {
                ("revision", [one]) => said.revision = Some(one.clone()),
                ("revision", _) => return Err(line),
                _ => said.follows = values,
            }
        }
        cursor.skip_line();
    }
    Ok(said)
}

struct Cursor<'t> {
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    fn take(&mut self, start: &str) -> bool {
        let found = self.rest.strip_prefix(start);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn word(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Goes past `=`, with a type before it or without.
    fn assigns(&mut self) -> bool {
        self.blanks();
        if self.take(":") {
            let end = self.rest.find(['=', '\n']).unwrap_or(self.rest.len());
            self.rest = &self.rest[end..];
        }
        self.take("=") && !self.rest.starts_with('=')
    }

    /// None, a string, or strings in brackets.
    fn values(&mut self) -> Option<Vec<String>> {
        self.blanks();
        if self.take("None") {
            return Some(Vec::new());
        }
        let close = match self.rest.chars().next()? {
            '(' => ")",
            '[' => "]",
            _ => return Some(vec![self.string()?]),
        };
        self.rest = &self.rest[1..];
        let mut values = Vec::new();
        loop {
            self.gap();
            if self.take(close) {
                return Some(values);
            }
            if self.take("None") {
                self.gap();
            } else {
                values.push(self.string()?);
            }
            self.gap();
            if !self.take(",") && !self.rest.starts_with(close) {
                return None;
            }
        }
    }

    /// A string without backslashes.
    fn string(&mut self) -> Option<String> {
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| self.rest.starts_with(quote))?;
        let (text, rest) = self.rest[quote.len()..].split_once(quote)?;
        self.rest = rest;
        (!text.contains(['\\', '\n'])).then(|| text.to_owned())
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Blanks, line feeds and comments, as there may be between brackets.
    fn gap(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = &self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..];
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.blanks();
        self.rest.is_empty() || self.rest.starts_with(['\n', '\r', '#', ';'])
    }

    /// Goes to the next line that begins outside of a string.
    fn skip_line(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| self.rest.starts_with(quote));
            if let Some(quote) = quote {
                self.skip_string(quote);
                continue;
            }
            if c == '#' {
                self.rest = &self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..];
                continue;
            }
            self.rest = &self.rest[c.len_utf8()..];
            if c == '\n' {
                return;
            }
        }
    }

    fn skip_string(&mut self, quote: &str) {
        self.rest = &self.rest[quote.len()..];
        while let Some(c) = self.rest.chars().next() {
            if self.take(quote) || quote.len() == 1 && c == '\n' {
                return;
            }
            self.rest = &self.rest[c.len_utf8()..];
            if c == '\\'
                && let Some(escaped) = self.rest.chars().next()
            {
                self.rest = &self.rest[escaped.len_utf8()..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, revision: Option<&str>, follows: &[&str]) {
        let said = read(text).unwrap();
        assert_eq!(
            (said.revision.as_deref(), said.follows),
            (revision, follows.iter().map(|it| (*it).to_owned()).collect())
        );
    }

    #[test]
    fn both_ways_to_assign_are_read() {
        check("revision = 'a'\ndown_revision = None\n", Some("a"), &[]);
        check("revision: str = \"b\"  # id\ndown_revision: Union[str, None] = \"a\"\n", Some("b"), &["a"]);
        check(
            "down_revision: str | Sequence[str] | None = (\n    'x',  # one\n    'y',\n)\nrevision = 'c'",
            Some("c"),
            &["x", "y"],
        );
        check("revision='d'\r\ndown_revision=[\"x\"]\r\n", Some("d"), &["x"]);
    }

    #[test]
    fn only_the_left_margin_counts() {
        check(
            "\"\"\"Of\nrevision = 'no'\n\"\"\"\n# revision = 'no'\nif x:\n    revision = 'no'\n",
            None,
            &[],
        );
        check("text = 'it\\'s'\nrevisions = ['no']\nrevision == 'no'\nrevision = 'yes'\n", Some("yes"), &[]);
    }

    #[test]
    fn what_must_be_run_is_named() {
        assert_eq!(read("import x\nrevision = make()\n"), Err(2));
        assert_eq!(read("revision = 'a' + 'b'\n"), Err(1));
        assert_eq!(read("revision = None\n"), Err(1));
        assert_eq!(read("revision = 'a'\ndown_revision = ('x' y)\n"), Err(2));
        assert_eq!(read("revision = 'open\n"), Err(1));
    }
}
