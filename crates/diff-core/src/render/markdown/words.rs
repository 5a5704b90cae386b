//! Texts as Markdown shows them: nothing from a snapshot is markup, a link, or a call to somebody.

use super::super::html::escaped;
use super::super::run::{line, lines};

/// A blank of no width, at which nothing is broken.
const JOINER: char = '\u{2060}';

/// A name or a value as code, in which nothing is read: no markup, no mention, no link.
pub(super) fn code(text: &str) -> String {
    let text = line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    // What begins or ends with a backtick stands apart from the fence, and of blanks on both sides one is taken away.
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if is_padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same as HTML, for a summary.
pub(super) fn code_html(text: &str) -> String {
    format!("<code>{}</code>", escaped(&line(text)))
}

/// A sentence in which a name may stand: nothing is markup, and what would call somebody or refer to something is
/// broken by a joiner that is not seen.
pub(super) fn plain(text: &str) -> String {
    let text = line(text).replace("://", &format!(":{JOINER}//")).replace("www.", &format!("www{JOINER}."));
    let mut out = String::with_capacity(text.len());
    // What begins so would be a list.
    if text.starts_with('-') || text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')'])
    {
        out.push(JOINER);
    }
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '+' | '=' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        // `@team`, `#12`, `GH-12`, and GitLab's `!12`, `$12`, `%"next"`, `~bug`, `&5`.
        let calls = matches!(c, '@' | '#' | '!' | '$' | '%' | '~' | '&')
            || (c == '-' && before.eq_ignore_ascii_case(&'h'));
        if calls {
            out.push(JOINER);
        }
        before = c;
    }
    out
}

/// The same, where what stands between backticks is code.
pub(super) fn marked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text);
    }
    let write = |(at, part): (usize, &&str)| match at % 2 {
        1 if !part.is_empty() => code(part),
        _ => plain(part),
    };
    parts.iter().enumerate().map(write).collect()
}

/// Lines in a block, whose fence is longer than any in them.
pub(super) fn block(language: &str, text: &str) -> String {
    let text = lines(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_fenced_by_more_than_it_holds() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code("a\n# b"), "`a‹U+000A›# b`");
        assert_eq!(block("diff", "- ````\n"), "`````diff\n- ````\n`````");
    }

    #[test]
    fn commands_are_code() {
        assert_eq!(marked("run `a_b`, @x"), "run `a_b`, @\u{2060}x");
        assert_eq!(marked("a ` b_c"), "a \\` b\\_c");
    }

    #[test]
    fn sentences_call_nobody() {
        assert_eq!(plain("@all of <b> in a_b"), "@\u{2060}all of &lt;b&gt; in a\\_b");
        assert_eq!(plain("see #1, GH-2, https://a"), "see \\#\u{2060}1, GH-\u{2060}2, https:\u{2060}//a");
    }
}
