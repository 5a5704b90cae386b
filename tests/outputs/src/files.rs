//! Two snapshot files as one, a NUL between them, and what is made of them both ways: what native and browser must
//! agree on to the byte.

use diff_core::Snapshot;
use sha2::{Digest as _, Sha256};

use crate::Output;

/// Everything that is made of a pair of files, there and back. What cannot be read gives its error as text.
pub fn of_files(pair: &[u8]) -> Vec<Output> {
    let mut parts = pair.splitn(2, |byte| *byte == 0);
    let (old, new) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut all = Vec::new();
    for (way, from, to) in [("there", old, new), ("back", new, old)] {
        let made = match (Snapshot::from_json(from), Snapshot::from_json(to)) {
            (Ok(from), Ok(to)) => {
                let mut made = crate::of(&from, &to);
                made.push(("again.json".to_owned(), from.to_json()));
                made
            }
            (Err(error), _) | (_, Err(error)) => vec![("unreadable".to_owned(), error.to_string())],
        };
        let of_page = crate::of_page(from, to);
        let of_page = of_page.unwrap_or_else(|error| vec![("unreadable by the page".to_owned(), error)]);
        all.extend(made.into_iter().chain(of_page).map(|(name, text)| (format!("{way}: {name}"), text)));
    }
    all
}

/// The SHA-256 of each output by its name, as a JSON list of pairs: the texts themselves are long.
pub fn sums(pair: &[u8]) -> String {
    let sum = |text: &str| format!("{:x}", Sha256::digest(text));
    let sums: Vec<(String, String)> =
        of_files(pair).into_iter().map(|(name, text)| (name, sum(&text))).collect();
    serde_json::Value::from_iter(sums.into_iter().map(|(name, sum)| vec![name, sum])).to_string()
}

/// One output of a pair; empty where there is none of that name.
pub fn text_of(pair: &[u8], name: &str) -> String {
    of_files(pair).into_iter().find(|(found, _)| found == name).map_or_else(String::new, |(_, text)| text)
}
