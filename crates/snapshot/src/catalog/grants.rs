//! Access privileges, as `aclitem` prints them: `app=r*w/owner`, `"odd role"=r/owner`, `=r/owner`.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Kind, ObjectId};

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

/// The letters of all privileges that there are on an object. MAINTAIN is one of them from PostgreSQL 17 on,
/// so that GRANT ALL reads the same on every server.
pub(super) fn all(id: &ObjectId, major: u32) -> &'static str {
    let relation = if major >= 17 { "arwdDxtm" } else { "arwdDxt" };
    match id.kind() {
        kind if kind.is_relation() => relation,
        Kind::Column | Kind::ViewColumn => "arwx",
        Kind::Sequence => "rwU",
        Kind::Schema => "UC",
        Kind::Function | Kind::Procedure | Kind::Aggregate => "X",
        Kind::DefaultPrivileges => match id.path().get(1).map_or("", String::as_str) {
            "TABLES" => relation,
            "SEQUENCES" => "rwU",
            "SCHEMAS" => "UC",
            "FUNCTIONS" => "X",
            "LARGE OBJECTS" => "rw",
            _ => "U",
        },
        _ => "U",
    }
}

/// A role as what it may do is kept under: one that is called as everybody is keeps its quotes.
fn named(role: &str) -> &str {
    if role == "PUBLIC" { "\"PUBLIC\"" } else { role }
}

/// Privileges by role. `*` marks a grant option; all of several are `ALL`. The owner stands there where it
/// lacks one, since its having all of them goes without saying.
pub(super) fn read(items: &[String], owner: Option<&str>, all: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut letters: BTreeMap<String, BTreeMap<char, bool>> = BTreeMap::new();
    let owner = owner.map(named);
    if let Some(owner) = owner {
        letters.insert(owner.to_owned(), BTreeMap::new());
    }
    for item in items {
        let (role, found) = split(item);
        let is_owner = Some(named(&role)) == owner;
        let role = if role.is_empty() { "PUBLIC".to_owned() } else { named(&role).to_owned() };
        let held = letters.entry(role).or_default();
        for (at, letter) in found.char_indices().filter(|(_, letter)| *letter != '*') {
            // An owner may pass everything on, whether it says so or not.
            *held.entry(letter).or_default() |= !is_owner && found[at + 1..].starts_with('*');
        }
    }
    let has_all = |held: &BTreeMap<char, bool>| all.chars().all(|letter| held.contains_key(&letter));
    letters.retain(|role, held| match owner {
        Some(owner) if owner == role => !has_all(held),
        _ => !held.is_empty(),
    });
    let written = |held: BTreeMap<char, bool>| {
        let options = held.values().filter(|option| **option).count();
        if all.len() > 1 && has_all(&held) && (options == 0 || options == held.len()) {
            return [if options == 0 { "ALL" } else { "ALL*" }.to_owned()].into();
        }
        held.into_iter().filter_map(privilege).collect()
    };
    letters.into_iter().map(|(role, held)| (role, written(held))).collect()
}

fn privilege((letter, option): (char, bool)) -> Option<String> {
    let (_, name) = PRIVILEGES.iter().find(|(known, _)| *known == letter)?;
    Some(format!("{name}{}", if option { "*" } else { "" }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(items: &[&str], all: &str, expected: &str) {
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        let written: Vec<String> = read(&items, Some("me"), all)
            .into_iter()
            .map(|(role, privileges)| {
                format!("{role}: {}", privileges.into_iter().collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(written.join("; "), expected);
    }

    #[test]
    fn reads_items() {
        check(&["me=arwdDxt/me", "app=r*w/me"], "arwdDxt", "app: SELECT* UPDATE");
        check(&["=X/me", "me=X/me"], "X", "PUBLIC: EXECUTE");
        check(&["me=U/me", "\"a=b \"\"c\"=U/me"], "U", "a=b \"c: USAGE");
        check(&["me=U/me", "PUBLIC=U/me"], "U", "\"PUBLIC\": USAGE");
        check(&["me=U/me", "app=r/me", "app=r*/other"], "U", "app: SELECT*");
    }

    #[test]
    fn all_of_several_is_one_word() {
        check(&["me=rwU/me", "app=rwU/me", "b=r*w*U*/me"], "rwU", "app: ALL; b: ALL*");
        check(&["me=rwU/me", "app=r*wU/me"], "rwU", "app: SELECT* UPDATE USAGE");
        check(&["me=X/me", "app=X/me"], "X", "app: EXECUTE");
    }

    #[test]
    fn an_owner_that_lacks_something_is_there() {
        check(&["me=rU/me"], "rwU", "me: SELECT USAGE");
        check(&[], "U", "me: ");
        check(&["me=r*w*U*/me"], "rwU", "");
    }
}
