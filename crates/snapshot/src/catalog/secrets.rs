//! What foreign data wrappers are told may be secret: such values are not kept.

use std::collections::BTreeMap;

use diff_core::{Body, HIDDEN};

use crate::secrets::is_secret as is_secret_value;

/// Options with such a word in their name are hidden.
const SECRET: [&str; 8] = ["password", "passwd", "pwd", "passfile", "secret", "token", "credential", "key"];

/// Of a user mapping all is hidden but who the user is.
const SHOWN: [&str; 2] = ["user", "username"];

/// Hides the values that may be secret.
pub(super) fn hide(mut body: Body) -> Body {
    match &mut body {
        Body::ForeignDataWrapper(it) => hide_named(&mut it.options),
        Body::ForeignServer(it) => hide_named(&mut it.options),
        Body::ForeignTable(it) => hide_named(&mut it.options),
        Body::Column(it) => hide_named(&mut it.foreign_options),
        Body::UserMapping(it) => hide_where(&mut it.options, |name| !SHOWN.contains(&name)),
        _ => {}
    }
    body
}

fn hide_named(options: &mut BTreeMap<String, String>) {
    hide_where(options, |name| {
        let name = name.to_lowercase();
        SECRET.iter().any(|word| name.contains(word))
    });
}

fn hide_where(options: &mut BTreeMap<String, String>, is_secret: impl Fn(&str) -> bool) {
    // A connection string may hold one, whatever its option is called.
    for (_, value) in options.iter_mut().filter(|(name, value)| is_secret(name) || is_secret_value(value)) {
        HIDDEN.clone_into(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(names: &[&str]) -> BTreeMap<String, String> {
        names.iter().map(|name| ((*name).to_owned(), "planted".to_owned())).collect()
    }

    #[track_caller]
    fn check(options: &BTreeMap<String, String>, shown: &[&str]) {
        let found: Vec<&str> =
            options.iter().filter(|(_, value)| *value != HIDDEN).map(|(name, _)| name.as_str()).collect();
        assert_eq!(found, shown);
    }

    #[test]
    fn secrets_are_hidden() {
        let mut server = options(&["host", "SSLPassword", "passfile", "sslkey", "access_token"]);
        hide_named(&mut server);
        check(&server, &["host"]);
        let mut server = options(&["host", "dsn", "uri"]);
        server.insert("dsn".to_owned(), "Driver=x;UID=me;PWD=planted".to_owned());
        server.insert("uri".to_owned(), "mongodb://me:planted@h/d".to_owned());
        hide_named(&mut server);
        check(&server, &["host"]);
        let body = Body::UserMapping(diff_core::UserMapping {
            options: options(&["user", "password", "anything", "username"]),
        });
        let Body::UserMapping(mapping) = hide(body) else { panic!("a user mapping stays one") };
        check(&mapping.options, &["user", "username"]);
    }
}
