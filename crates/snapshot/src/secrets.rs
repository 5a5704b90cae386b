//! What is secret, and texts without it. What others say (the user's Python, a server, a store) may hold a password
//! that driftglass was given, or one that it has never seen: everything of the kind goes through [`mask`].

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// What stands in the place of a secret.
const MASK: &str = "…";

/// Values that are shorter are words of the text as well.
const SHORTEST: usize = 4;

/// Before a value that is secret, in any case: `PGPASSWORD=`, `'password': `, `PASSWORD '`.
const NAMES: [&str; 10] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "access_key",
    "api_key",
    "connection",
];

/// What this run was given: passwords of its connections.
static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Remembers a secret, to be left out of every text from now on.
pub fn keep(secret: &str) {
    if secret.len() >= SHORTEST {
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.to_owned());
    }
}

/// Remembers what is secret in a setting: a variable by its name, and the password of any URL.
pub fn keep_setting(name: &str, value: &str) {
    for password in passwords(value) {
        // Who takes the user's name for a password has none to hide.
        if value.replacen(&format!(":{password}@"), "@", 1).contains(password) || password.starts_with('$') {
            continue;
        }
        keep(password);
        if let Some(plain) = crate::settings::decode(password) {
            keep(&plain);
        }
    }
    let name = name.to_lowercase();
    // A path is where a secret lies, not the secret.
    if NAMES.iter().any(|it| name.contains(it)) && !value.starts_with('/') {
        keep(value);
    }
}

/// Remembers what a statement that failed holds of secrets: the server's words may repeat any part of them.
pub(crate) fn keep_statement(sql: &str) {
    for range in values(sql) {
        let value = &sql[range];
        keep(value);
        value.split([' ', '=']).for_each(keep);
    }
}

/// The text without what is secret: what this run was given, passwords in URLs, and the values of what is called so.
/// A text without any is as it was.
pub fn mask(text: &str) -> String {
    let mut masked = named(&urls(text));
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    // The longest first: one may be a part of another.
    let mut known: Vec<&String> = known.iter().collect();
    known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in known {
        masked = masked.replace(secret.as_str(), MASK);
        let quoted = secret.replace('\\', "\\\\").replace('\'', "\\'");
        if quoted != **secret {
            masked = masked.replace(&quoted, MASK);
        }
    }
    masked
}

/// Whether a text holds what [`mask`] would leave out by its form alone.
pub(crate) fn is_secret(text: &str) -> bool {
    named(&urls(text)) != text
}

/// Where a URL ends, in whatever text it stands.
fn is_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | '`')
}

/// The passwords of all URLs in a text.
fn passwords(text: &str) -> Vec<&str> {
    text.match_indices("://").filter_map(|(at, _)| password(&text[at + 3..])).collect()
}

/// The password behind `://`; it may hold a slash and an `@` that should have been written otherwise.
fn password(rest: &str) -> Option<&str> {
    let url = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    // In a list of several, each by itself.
    let url = &url[..url.find("://").unwrap_or(url.len())];
    let (login, _) = url.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    (!user.contains(['/', '?']) && !password.is_empty()).then_some(password)
}

fn urls(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked.push_str(before);
        rest = after;
        if let Some(password) = password(after) {
            let start = password.as_ptr() as usize - after.as_ptr() as usize;
            masked.push_str(&after[..start]);
            masked.push_str(MASK);
            rest = &after[start + password.len()..];
        }
    }
    masked + rest
}

/// The text without the values behind [`NAMES`].
fn named(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for value in values(text) {
        masked.push_str(&text[from..value.start]);
        masked.push_str(MASK);
        from = value.end;
    }
    masked + &text[from..]
}

/// Where the values behind [`NAMES`] stand.
fn values(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(end) =
        NAMES.iter().filter_map(|name| Some(from + lower[from..].find(name)? + name.len())).min()
    {
        from = end;
        if let Some((start, length)) = value(&text[end..]) {
            from = end + start + length;
            found.push(end + start..from);
        }
    }
    found
}

/// Where the value behind a name begins, and how long it is: behind `=`, in quotes behind `:`, in SQL's behind a blank.
fn value(rest: &str) -> Option<(usize, usize)> {
    let bare = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    // The name may be a key in quotes.
    let bare = bare.strip_prefix(['\'', '"']).unwrap_or(bare);
    let spaced = bare.trim_start_matches(' ');
    let sign = spaced.chars().next().filter(|c| matches!(c, '=' | ':'));
    let after = spaced.strip_prefix(['=', ':']).map_or(spaced, |after| after.trim_start_matches(' '));
    let length = match (sign, after.chars().next()) {
        (Some(_), Some(quote @ ('\'' | '"'))) | (None, Some(quote @ '\''))
            if spaced.len() < bare.len() || sign.is_some() =>
        {
            let length = after[1..].find(quote).unwrap_or(after.len() - 1);
            return (length > 0).then_some((rest.len() - after.len() + 1, length));
        }
        (Some('='), _) => {
            after.find(|c: char| is_end(c) || matches!(c, '&' | ';' | ',' | ')')).unwrap_or(after.len())
        }
        _ => 0,
    };
    (length > 0).then_some((rest.len() - after.len(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(named(&urls(text)), expected);
        assert_eq!(named(&urls(expected)), expected, "once is enough");
    }

    #[test]
    fn passwords_of_urls_are_left_out() {
        check(
            "cannot parse 'postgresql+psycopg://me:s3cret@h/d'",
            "cannot parse 'postgresql+psycopg://me:…@h/d'",
        );
        check("a://u:p/w@x@h/d, b://u:q@h", "a://u:…@h/d, b://u:…@h");
        check("http://h:80/a b://u@h c://h/x:y@z", "http://h:80/a b://u@h c://h/x:y@z");
    }

    #[test]
    fn values_are_left_out_by_their_names() {
        check("host=h password=s3 dbname=d", "host=h password=… dbname=d");
        check("PGPASSWORD=s3cret", "PGPASSWORD=…");
        check("connect(host='h', password='s 3', port=5)", "connect(host='h', password='…', port=5)");
        check("{'password': 's3', \"token\":\"t\"}", "{'password': '…', \"token\":\"…\"}");
        check("CREATE ROLE a PASSWORD 's3' LOGIN", "CREATE ROLE a PASSWORD '…' LOGIN");
        check("OPTIONS (user 'u', password 's3')", "OPTIONS (user 'u', password '…')");
        check("AWS_SECRET_ACCESS_KEY=abc/d+e", "AWS_SECRET_ACCESS_KEY=…");
        check("password = s3", "password = …");
    }

    #[test]
    fn words_stay() {
        for text in [
            "password authentication failed for user \"app\"",
            "set PGPASSWORD, ~/.pgpass or the URL's password",
            "column \"password\" of relation \"users\" does not exist",
            "type \"token\" already exists",
            "password: it is wrong",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_was_given_is_left_out_wherever_it_stands() {
        keep_setting("DATABASE_URL", "postgres://u:planted%2Fone@h/d");
        keep_setting("MY_API_KEY", "planted two");
        keep_setting("SECRET_FILE", "/run/planted");
        keep("pw");
        assert_eq!(mask("planted%2Fone planted/one planted two pw /run/planted"), "… … … pw /run/planted");
    }
}
