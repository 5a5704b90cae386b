//! Python expressions, printed as Black prints them.
//!
//! Black leaves no choice: what fits into a line stands on one; else the outermost brackets are opened, and
//! what is between them stands on one line, or each part on its own with a comma behind it. What is in square
//! or curly brackets, and in tuples, never shares a line once they are opened.

use textwrap::core::display_width;

/// The width that Black allows.
const WIDTH: usize = 88;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A number, a name, `True`, `None`.
    Word(String),
    /// A string.
    Text(String),
    /// A call: what is called, and its arguments; those with a name come last.
    Call(String, Vec<(Option<&'static str>, Expr)>),
    /// A list.
    List(Vec<Expr>),
    /// A tuple of two or more.
    Tuple(Vec<Expr>),
    /// A dictionary with strings for keys.
    Dict(Vec<(String, Expr)>),
}

/// A name, a number, a constant.
pub(super) fn word(text: &(impl ToString + ?Sized)) -> Expr {
    Expr::Word(text.to_string())
}

/// A string.
pub(super) fn text(text: impl Into<String>) -> Expr {
    Expr::Text(text.into())
}

/// A call with positional arguments.
pub(super) fn call(callee: impl Into<String>, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(callee.into(), arguments.into_iter().map(|argument| (None, argument)).collect())
}

/// `sa.text(…)`, which gives the SQL as it is.
pub(super) fn sql(sql: &str) -> Option<Expr> {
    Some(call("sa.text", [text(escape_binds(sql)?)]))
}

/// `op.execute(…)` of the SQL as it is.
pub(super) fn execute(sql: &str) -> Expr {
    let statement = match escape_binds(sql) {
        Some(escaped) => text(escaped),
        None => call("sa.DDL", [text(sql.replace('%', "%%"))]),
    };
    call("op.execute", [statement])
}

impl Expr {
    /// The call with one more argument, by name.
    pub(super) fn with(mut self, name: &'static str, value: Expr) -> Self {
        if let Self::Call(_, arguments) = &mut self {
            arguments.push((Some(name), value));
        }
        self
    }

    /// The same where there is a value.
    pub(super) fn with_some(self, name: &'static str, value: Option<Expr>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The call with one more argument in its place.
    pub(super) fn then(mut self, value: Expr) -> Self {
        if let Self::Call(_, arguments) = &mut self {
            arguments.push((None, value));
        }
        self
    }

    /// Whether a name such as `sa` is called somewhere within.
    pub(super) fn speaks_of(&self, module: &str) -> bool {
        let any = |list: &[Self]| list.iter().any(|one| one.speaks_of(module));
        match self {
            Self::Word(_) | Self::Text(_) => false,
            Self::Call(callee, arguments) => {
                callee.split('.').next() == Some(module)
                    || arguments.iter().any(|(_, one)| one.speaks_of(module))
            }
            Self::List(list) | Self::Tuple(list) => any(list),
            Self::Dict(list) => list.iter().any(|(_, one)| one.speaks_of(module)),
        }
    }

    /// The expression as a statement at an indentation, with a line feed behind.
    pub(super) fn write(&self, out: &mut String, indent: usize) {
        self.write_between(out, indent, "", "");
    }

    fn write_between(&self, out: &mut String, indent: usize, before: &str, after: &str) {
        let line = format!("{before}{}{after}", self.line());
        if fits(&line, indent) {
            return push(out, indent, &line);
        }
        match self {
            Self::Word(_) | Self::Text(_) => push(out, indent, &line),
            Self::Call(_, arguments) if arguments.is_empty() => push(out, indent, &line),
            Self::Call(callee, arguments) => {
                push(out, indent, &format!("{before}{callee}("));
                let within: Vec<String> = arguments.iter().map(argument).collect();
                let within = within.join(", ");
                let inner = indent + 4;
                if fits(&within, inner) {
                    push(out, inner, &within);
                } else if let [(None, Self::Text(text))] = arguments.as_slice() {
                    write_lines(out, inner, text);
                } else {
                    let comma = if arguments.len() > 1 { "," } else { "" };
                    for (name, value) in arguments {
                        let name = name.map_or_else(String::new, |name| format!("{name}="));
                        value.write_between(out, inner, &name, comma);
                    }
                }
                push(out, indent, &format!("){after}"));
            }
            Self::List(list) => {
                write_all(out, indent, [before, "[", "]", after], list.iter().map(|it| ("".to_owned(), it)));
            }
            Self::Tuple(list) => {
                write_all(out, indent, [before, "(", ")", after], list.iter().map(|it| ("".to_owned(), it)));
            }
            Self::Dict(list) => {
                let pairs = list.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value));
                write_all(out, indent, [before, "{", "}", after], pairs);
            }
        }
    }

    /// All of it on one line.
    fn line(&self) -> String {
        let join = |list: &[Self]| list.iter().map(Self::line).collect::<Vec<_>>().join(", ");
        match self {
            Self::Word(word) => word.clone(),
            Self::Text(text) => quoted(text),
            Self::Call(callee, arguments) => {
                format!("{callee}({})", arguments.iter().map(argument).collect::<Vec<_>>().join(", "))
            }
            Self::List(list) => format!("[{}]", join(list)),
            Self::Tuple(list) => format!("({})", join(list)),
            Self::Dict(list) => {
                let pair = |(key, value): &(String, Self)| format!("{}: {}", quoted(key), value.line());
                format!("{{{}}}", list.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn argument((name, value): &(Option<&'static str>, Expr)) -> String {
    name.map_or_else(String::new, |name| format!("{name}=")) + &value.line()
}

fn write_all<'e>(
    out: &mut String,
    indent: usize,
    [before, open, close, after]: [&str; 4],
    parts: impl ExactSizeIterator<Item = (String, &'e Expr)>,
) {
    push(out, indent, &format!("{before}{open}"));
    let comma = if parts.len() > 1 { "," } else { "" };
    for (name, value) in parts {
        value.write_between(out, indent + 4, &name, comma);
    }
    push(out, indent, &format!("{close}{after}"));
}

/// A text that is too long for a line: a string for each of its own lines, which Python joins.
fn write_lines(out: &mut String, indent: usize, text: &str) {
    for line in text.split_inclusive('\n') {
        push(out, indent, &quoted(line));
    }
}

fn fits(line: &str, indent: usize) -> bool {
    indent + display_width(line) <= WIDTH
}

fn push(out: &mut String, indent: usize, line: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(line);
    out.push('\n');
}

/// A string literal with the quotes that Black prefers: double ones, unless that takes more backslashes.
pub(super) fn quoted(text: &str) -> String {
    let count = |quote| text.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut literal = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c == quote => literal.extend(['\\', c]),
            c if is_unprintable(c) => literal.push_str(&escaped(c)),
            c => literal.push(c),
        }
    }
    literal.push(quote);
    literal
}

/// What would not be seen in a file, or be taken for something else.
pub(super) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ ..=0xff => format!("\\x{code:02x}"),
        code => format!("\\u{code:04x}"),
    }
}

/// SQL as SQLAlchemy's `text()` wants it: there a colon before a word is a parameter unless a backslash is before
/// the colon, and such a backslash is taken away. `None` where that cannot be said.
fn escape_binds(sql: &str) -> Option<String> {
    let chars: Vec<char> = sql.chars().collect();
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    let mut escaped = String::with_capacity(sql.len());
    for (at, c) in chars.iter().enumerate() {
        if *c != ':' {
            escaped.push(*c);
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let begins = chars.get(at + 1).is_some_and(is_word);
        // Outside of ASCII this and Python may not agree on what a word is: a backslash too many does no harm.
        let is_bind =
            begins && !before.is_some_and(|c| c == ':' || c == '\\' || c == '_' || c.is_ascii_alphanumeric());
        let is_unescaped = before == Some('\\');
        if is_bind || is_unescaped {
            let rest = &chars[at + 1..];
            let ends_at_colon =
                |is_within: &dyn Fn(&char) -> bool| rest.iter().find(|c| !is_within(c)) == Some(&':');
            // Which of the two is meant by a word depends on the version of SQLAlchemy.
            let ends = [ends_at_colon(&is_word), ends_at_colon(&|c| is_word(c) || *c == '$')];
            match ends {
                [false, false] => escaped.push('\\'),
                [true, true] if is_unescaped => {}
                _ => return None,
            }
        }
        escaped.push(':');
    }
    Some(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expr: &Expr, expected: &str) {
        let mut out = String::new();
        expr.write(&mut out, 4);
        assert_eq!(out, expected);
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        let columns = Expr::List(vec![text("a"), text("b")]);
        let index = call("op.create_index", [text("ix"), text("t"), columns]).with("unique", word("True"));
        check(&index, "    op.create_index(\"ix\", \"t\", [\"a\", \"b\"], unique=True)\n");
    }

    #[test]
    fn brackets_are_opened_from_the_outside() {
        let name = |c: char| text(c.to_string().repeat(40));
        let short = call("op.drop_index", [name('a')]).with("schema", name('b'));
        check(
            &short,
            &format!(
                "    op.drop_index(\n        \"{}\",\n        schema=\"{}\",\n    )\n",
                "a".repeat(40),
                "b".repeat(40)
            ),
        );
        let fits_inside = call("op.drop_index", [name('a')]).with("schema", text("b".repeat(20)));
        check(
            &fits_inside,
            &format!(
                "    op.drop_index(\n        \"{}\", schema=\"{}\"\n    )\n",
                "a".repeat(40),
                "b".repeat(20)
            ),
        );
    }

    #[test]
    fn sql_of_several_lines_is_a_string_a_line() {
        let first = "CREATE VIEW public.v AS";
        let second = format!(" SELECT {}", "a".repeat(80));
        check(
            &execute(&format!("{first}\n{second}")),
            &format!("    op.execute(\n        \"{first}\\n\"\n        \"{second}\"\n    )\n"),
        );
    }

    #[test]
    fn strings_read_back_as_they_were() {
        for (text, expected) in [
            ("it's", "\"it's\""),
            ("a \"b\"", "'a \"b\"'"),
            ("'\"", "\"'\\\"\""),
            ("a\\b\n", "\"a\\\\b\\n\""),
            ("ü€\u{1}\u{202e}", "\"ü€\\x01\\u202e\""),
            ("\"\"\"", "'\"\"\"'"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn colons_are_no_parameters() {
        for (sql, expected) in [
            ("'a:b'", Some("'a:b'")),
            ("' :b'", Some("' \\:b'")),
            ("x::text", Some("x::text")),
            ("'{\"a\":1}'", Some("'{\"a\"\\:1}'")),
            ("'\\:b'", Some("'\\\\:b'")),
            ("'\\::b'", Some("'\\::b'")),
            ("12:30", Some("12:30")),
            ("' :a:b'", None),
            ("'ü:b'", Some("'ü\\:b'")),
            ("100%", Some("100%")),
        ] {
            assert_eq!(escape_binds(sql).as_deref(), expected, "{sql}");
        }
    }

    #[test]
    fn what_cannot_be_escaped_is_ddl() {
        check(&execute("SELECT ' :a:b %'"), "    op.execute(sa.DDL(\"SELECT ' :a:b %%'\"))\n");
    }
}
