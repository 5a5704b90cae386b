//! Foreign keys: which table refers to which, by which columns.

use diff_core::{Body, Constraint, Object, ObjectId, Snapshot};

use super::model::Model;
use crate::ask::Fate;
use crate::sql::{Language, Token, TokenKind, tokens};

/// A foreign key of either side.
#[derive(Clone, Debug)]
pub(super) struct Key<'a> {
    /// As new has it, else as old does.
    pub(super) id: &'a ObjectId,
    /// The referencing table.
    pub(super) from: usize,
    /// The referenced table.
    pub(super) to: usize,
    /// The referencing columns.
    pub(super) columns: Vec<String>,
    pub(super) fate: Fate,
}

/// The keys of both sides, each once: where a key refers to another table than it did, the one that goes and the
/// one that comes. Those of new come first.
pub(super) fn collect<'a>(old: &'a Snapshot, new: &'a Snapshot, model: &Model<'a>) -> Vec<Key<'a>> {
    let mut found = of_side(new, model, |_, _| true);
    // Most keys are the same on both sides.
    let is_other =
        |id: &ObjectId, object: &Object| new.objects.get(id).is_none_or(|new| new.body != object.body);
    let mut gone = Vec::new();
    for mut key in of_side(old, model, is_other) {
        // They are in the order of their ids, those of one table next to each other.
        let first = found.partition_point(|other| other.id.parent() < key.id.parent());
        let count = found[first..].partition_point(|other| other.id.parent() == key.id.parent());
        let of_table = &mut found[first..first + count];
        // The same key under its own name, or under another that means nothing.
        let is_twin = |other: &Key| {
            let is_kept = other.id == key.id || matches!(other.fate, Fate::Renamed | Fate::Same);
            is_kept && other.to == key.to && other.columns == key.columns
        };
        if of_table.iter().any(is_twin) {
            continue;
        }
        if key.fate == Fate::Altered {
            key.fate = Fate::Removed;
            of_table.iter_mut().filter(|other| other.id == key.id).for_each(|other| other.fate = Fate::Added);
        }
        gone.push(key);
    }
    found.append(&mut gone);
    found
}

fn of_side<'a>(
    side: &'a Snapshot,
    model: &Model<'a>,
    is_wanted: impl Fn(&ObjectId, &Object) -> bool,
) -> Vec<Key<'a>> {
    let key = |(id, object): (&'a ObjectId, &'a Object)| {
        let Body::ForeignKey(constraint) = &object.body else { return None };
        // What partitions have of their table's keys says nothing of its own.
        if constraint.attached_to.is_some() || !is_wanted(id, object) {
            return None;
        }
        let from = model.place(id.relation()?)?;
        let to = model.place(&referenced(id, object, constraint)?)?;
        Some(Key { id, from, to, columns: columns(&constraint.definition), fate: model.fate(id) })
    };
    side.objects.iter().filter_map(key).collect()
}

/// The table that a key refers to: the definition names it with its schema; else it is what the key depends on.
fn referenced(id: &ObjectId, object: &Object, constraint: &Constraint) -> Option<Vec<String>> {
    let path = after_references(&constraint.definition);
    if path.len() == 2 {
        return Some(path);
    }
    let others = object.depends_on.iter().filter_map(ObjectId::relation);
    others.into_iter().find(|path| Some(*path) != id.relation()).map(<[String]>::to_vec)
}

/// `billing.invoices` of `FOREIGN KEY (invoice_id) REFERENCES billing.invoices(id)`.
fn after_references(definition: &str) -> Vec<String> {
    let words = words(definition);
    let is_keyword = |(kind, text): &(TokenKind, &str)| {
        *kind == TokenKind::Keyword && text.eq_ignore_ascii_case("references")
    };
    let mut path = Vec::new();
    let mut rest = words.iter().skip_while(|word| !is_keyword(word)).skip(1);
    while let Some(name) = rest.next().and_then(name) {
        path.push(name);
        if rest.next().is_none_or(|(_, text)| *text != ".") {
            break;
        }
    }
    path
}

/// The names in the first parentheses of a definition: the columns of a key.
pub(super) fn columns(definition: &str) -> Vec<String> {
    let words = words(definition);
    let mut found = Vec::new();
    let mut item: Option<String> = None;
    for word in words.iter().skip_while(|(_, text)| *text != "(").skip(1) {
        match word.1 {
            ")" => break,
            "," => found.extend(item.take()),
            // `PERIOD valid_at`: the name follows.
            "PERIOD" => {}
            _ if item.is_none() => item = name(word),
            _ => {}
        }
    }
    found.extend(item);
    found
}

fn words(definition: &str) -> Vec<(TokenKind, &str)> {
    let tokens = tokens(definition, Language::Sql).into_iter();
    let of = |token: Token| (token.kind, token.text(definition));
    tokens.filter(|token| token.kind != TokenKind::Whitespace).map(of).collect()
}

/// A name without its quotes. Words of SQL may be names.
fn name((kind, text): &(TokenKind, &str)) -> Option<String> {
    match kind {
        TokenKind::Identifier | TokenKind::Keyword => Some((*text).to_owned()),
        TokenKind::QuotedIdentifier => {
            Some(text.trim_start_matches('"').strip_suffix('"')?.replace("\"\"", "\""))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_definitions() {
        for (definition, expected, path) in [
            ("FOREIGN KEY (a) REFERENCES billing.invoices(id)", &["a"][..], &["billing", "invoices"][..]),
            (
                "FOREIGN KEY (a, \"B c\") REFERENCES \"S.\"\"x\".\"T\"(id, b) ON DELETE CASCADE",
                &["a", "B c"],
                &["S.\"x", "T"],
            ),
            ("FOREIGN KEY (type) REFERENCES public.user(name)", &["type"], &["public", "user"]),
            ("FOREIGN KEY (a, PERIOD b) REFERENCES s.t(a, PERIOD b)", &["a", "b"], &["s", "t"]),
            ("PRIMARY KEY (id, valid_at WITHOUT OVERLAPS)", &["id", "valid_at"], &[]),
            ("FOREIGN KEY (a) REFERENCES t", &["a"], &["t"]),
            ("REFERENCES \"open", &[], &[]),
            ("", &[], &[]),
        ] {
            assert_eq!(columns(definition), expected, "{definition}");
            assert_eq!(after_references(definition), path, "{definition}");
        }
    }
}
