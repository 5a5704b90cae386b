//! Access privileges, as `aclitem` prints them: `app=r*w/owner`, `"odd role"=r/owner`, `=r/owner`.

use std::collections::{BTreeMap, BTreeSet};

/// The letters of the manual's table "ACL Privilege Abbreviations".
const PRIVILEGES: [(char, &str); 15] = [
    ('r', "SELECT"),
    ('a', "INSERT"),
    ('w', "UPDATE"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('m', "MAINTAIN"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('C', "CREATE"),
    ('c', "CONNECT"),
    ('T', "TEMPORARY"),
    ('s', "SET"),
    ('A', "ALTER SYSTEM"),
];

/// Privileges by role, of all but the owner, whose own go without saying. `*` marks a grant option.
pub(super) fn read(items: Vec<String>, owner: Option<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let mut grants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in items {
        let (role, letters) = split(&item);
        if Some(role.as_str()) != owner {
            let role = if role.is_empty() { "PUBLIC".to_owned() } else { role };
            grants.entry(role).or_default().extend(privileges(letters));
        }
    }
    grants.retain(|_, privileges| !privileges.is_empty());
    grants
}

/// Splits an item into its role and its letters.
fn split(item: &str) -> (String, &str) {
    let mut role = String::new();
    let mut is_quoted = false;
    let mut chars = item.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if is_quoted && chars.next_if(|(_, next)| *next == '"').is_some() => role.push('"'),
            '"' => is_quoted = !is_quoted,
            '=' if !is_quoted => {
                let letters = &item[at + 1..];
                return (role, letters.split('/').next().unwrap_or(letters));
            }
            c => role.push(c),
        }
    }
    (role, "")
}

fn privileges(letters: &str) -> impl Iterator<Item = String> {
    letters.char_indices().filter_map(|(at, letter)| {
        let (_, name) = PRIVILEGES.iter().find(|(known, _)| *known == letter)?;
        let option = if letters[at + 1..].starts_with('*') { "*" } else { "" };
        Some(format!("{name}{option}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(items: &[&str], expected: &str) {
        let grants = read(items.iter().map(|item| (*item).to_owned()).collect(), Some("me"));
        let written: Vec<String> = grants
            .into_iter()
            .map(|(role, privileges)| {
                format!("{role}: {}", privileges.into_iter().collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(written.join("; "), expected);
    }

    #[test]
    fn reads_items() {
        check(&["me=arwdDxt/me", "app=r*w/me"], "app: SELECT* UPDATE");
        check(&["=X/me", "me=X/me"], "PUBLIC: EXECUTE");
        check(&["\"a=b \"\"c\"=U/me"], "a=b \"c: USAGE");
        check(&[], "");
    }
}
