//! Where a database stands among the migrations: what its ledger names, found in their history.

use crate::{Ledger, Revision, Snapshot, Tool};

/// Where a database stands among the migrations.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Standing {
    /// Whose books the database keeps; none where it keeps none that fit.
    pub(super) tool: Option<Tool>,
    /// What the database says it is at.
    pub(super) at: Vec<String>,
    /// For each migration whether the database has had it.
    pub(super) applied: Vec<bool>,
    /// What it names and the migrations do not hold.
    pub(super) unknown: Vec<String>,
    /// What began and did not come to its end.
    pub(super) failed: Vec<String>,
    /// Whether the database keeps books, and they may not be read.
    pub(super) is_hidden: bool,
}

impl Standing {
    /// Finds what `database` names among the migrations of `head`.
    pub(super) fn of(database: &Snapshot, head: &Snapshot) -> Self {
        let history = &head.source.history;
        let mut best = Self { applied: vec![false; history.len()], ..Self::default() };
        let mut best_fit = 0;
        for ledger in &database.source.ledgers {
            if ledger.is_hidden {
                best.is_hidden = true;
                continue;
            }
            let standing = Self::by(ledger, history);
            // Of several books those are meant that speak of these migrations, or lie where these put theirs.
            let is_same = head.source.ledgers.iter().any(|own| own.table == ledger.table);
            let count = standing.applied.iter().filter(|is_applied| **is_applied).count();
            let fit = 1 + 2 * count + usize::from(is_same);
            // Django's books are of all applications; those of others alone say nothing.
            let is_silent = count == 0 && standing.unknown.is_empty() && !standing.at.is_empty();
            if fit > best_fit && !is_silent {
                (best, best_fit) = (Self { is_hidden: best.is_hidden, ..standing }, fit);
            }
        }
        // Other books than those that are hidden may tell.
        best.is_hidden &= best.tool.is_none();
        best
    }

    fn by(ledger: &Ledger, history: &[Revision]) -> Self {
        let keys: Vec<Vec<String>> = history.iter().map(|revision| keys(revision, ledger.tool)).collect();
        let mut standing = Self {
            tool: Some(ledger.tool),
            at: ledger.revisions.clone(),
            applied: vec![false; history.len()],
            unknown: Vec::new(),
            failed: ledger.failed.clone(),
            is_hidden: false,
        };
        for text in &ledger.revisions {
            let known = settled(text);
            match keys.iter().position(|keys| keys.contains(&known)) {
                Some(place) => standing.applied[place] = true,
                None if ledger.tool == Tool::Django && is_foreign(text, &keys) => {}
                None => standing.unknown.push(text.clone()),
            }
        }
        // What stands before a version that failed was done.
        for text in ledger.failed.iter().filter(|_| ledger.tool == Tool::Migrate) {
            let place = keys.iter().position(|keys| keys.contains(&settled(text))).unwrap_or_default();
            if let Some(before) = place.checked_sub(1) {
                standing.applied[before] = true;
                standing.at.push(history[before].id.clone());
            }
        }
        standing.complete(ledger.tool, history);
        standing
    }

    /// Adds what stands in the books unnamed: what is followed, or what comes before the last version.
    fn complete(&mut self, tool: Tool, history: &[Revision]) {
        let last = self.applied.iter().rposition(|is_applied| *is_applied);
        match tool {
            // Each revision stands behind those that it follows.
            Tool::Alembic => {
                for place in (0..history.len()).rev().filter(|place| Some(*place) <= last) {
                    for before in 0..place {
                        let is_followed = history[place].follows.contains(&history[before].id);
                        self.applied[before] |= self.applied[place] && is_followed;
                    }
                }
            }
            Tool::Migrate => self.applied[..last.unwrap_or_default()].fill(true),
            // Of these the rows are the migrations; of hundreds only the last one is told.
            _ => {
                self.at = last.map(|last| history[last].id.clone()).into_iter().collect();
                self.at.extend_from_slice(&self.unknown);
            }
        }
    }
}

/// By what names a ledger may speak of a revision.
fn keys(revision: &Revision, tool: Tool) -> Vec<String> {
    let file = revision.file.rsplit('/').next().unwrap_or_default();
    let stem = file.strip_suffix(".sql").unwrap_or(file);
    let mut keys = vec![settled(&revision.id)];
    match tool {
        Tool::Alembic => {}
        Tool::Django => {
            let mut folders = revision.file.rsplit('/').skip(1).filter(|name| *name != "migrations");
            keys.extend(folders.next().map(|app| [app, ".", stem].concat()));
            keys.push(stem.replacen('_', ".", 1));
        }
        _ => keys.extend([stem.to_owned(), file.to_owned()]),
    }
    keys
}

/// A version as numbers are compared: `0010` is `10`, `1_2` is `1.2`.
fn settled(text: &str) -> String {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'_') {
        return text.to_owned();
    }
    let mut settled = String::new();
    let mut dot = "";
    for part in text.split(['.', '_']) {
        settled.push_str(dot);
        dot = ".";
        let bare = part.trim_start_matches('0');
        settled.push_str(if bare.is_empty() { "0" } else { bare });
    }
    if settled.ends_with(".0") {
        settled.truncate(settled.len() - 2);
    }
    settled
}

/// Whether a row is of another application than the migrations are.
fn is_foreign(text: &str, keys: &[Vec<String>]) -> bool {
    let app = text.find('.').map_or(text, |end| &text[..=end]);
    !keys.iter().flatten().any(|key| key.starts_with(app))
}

/// The revisions that nothing follows.
pub(super) fn heads(history: &[Revision]) -> Vec<String> {
    let is_head = |one: &&Revision| !history.iter().any(|other| other.follows.contains(&one.id));
    history.iter().filter(is_head).map(|one| one.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ObjectId, Source};

    fn revision(id: &str, follows: &[&str], file: &str) -> Revision {
        Revision {
            id: id.into(),
            follows: follows.iter().map(ToString::to_string).collect(),
            file: file.into(),
        }
    }

    fn snapshot(ledgers: Vec<Ledger>, history: Vec<Revision>) -> Snapshot {
        let source = Source { ledgers, history, ..Source::default() };
        Snapshot::new(source, crate::Coverage::default(), std::collections::BTreeMap::new())
    }

    fn ledger(tool: Tool, revisions: &[&str]) -> Ledger {
        let table: ObjectId = "table:public.books".parse().unwrap();
        let revisions = revisions.iter().map(ToString::to_string).collect();
        Ledger { table, tool, revisions, failed: Vec::new(), is_hidden: false }
    }

    /// What is applied and what is unknown.
    #[track_caller]
    fn check(history: &[Revision], tool: Tool, rows: &[&str], applied: &[usize], unknown: &[&str]) {
        let database = snapshot(vec![ledger(tool, rows)], Vec::new());
        let standing = Standing::of(&database, &snapshot(Vec::new(), history.to_vec()));
        let places = (0..history.len()).filter(|place| standing.applied[*place]);
        assert_eq!(places.collect::<Vec<_>>(), applied);
        assert_eq!(standing.unknown, unknown);
    }

    #[test]
    fn alembic_s_books_name_the_ends_alone() {
        let history = [
            revision("a", &[], "a.py"),
            revision("b", &["a"], "b.py"),
            revision("c", &["a"], "c.py"),
            revision("d", &["b", "c"], "d.py"),
        ];
        check(&history, Tool::Alembic, &["b"], &[0, 1], &[]);
        check(&history, Tool::Alembic, &["d"], &[0, 1, 2, 3], &[]);
        check(&history, Tool::Alembic, &["x"], &[], &["x"]);
        check(&history, Tool::Alembic, &[], &[], &[]);
    }

    #[test]
    fn versions_are_numbers_or_names() {
        let flyway = [
            revision("1", &[], "V1__a.sql"),
            revision("1.2", &["1"], "V1_2__b.sql"),
            revision("10", &["1.2"], "V10__c.sql"),
        ];
        check(&flyway, Tool::Flyway, &["1.0", "1.2", "11"], &[0, 1], &["11"]);
        let plain = [revision("0001", &[], "0001_a.up.sql"), revision("0002", &["0001"], "0002_b.up.sql")];
        check(&plain, Tool::Migrate, &["2"], &[0, 1], &[]);
        check(&plain, Tool::SchemaMigrations, &["2"], &[1], &[]);
        check(&plain, Tool::SchemaMigrations, &["0001_a.up.sql"], &[0], &[]);
    }

    #[test]
    fn a_version_that_failed_comes_after_those_that_did_not() {
        let history = [
            revision("1", &[], "1_a.up.sql"),
            revision("2", &["1"], "2_b.up.sql"),
            revision("3", &["2"], "3_c.up.sql"),
        ];
        let books = Ledger { failed: vec!["3".into()], ..ledger(Tool::Migrate, &[]) };
        let standing =
            Standing::of(&snapshot(vec![books], Vec::new()), &snapshot(Vec::new(), history.to_vec()));
        assert_eq!((standing.applied, standing.at), (vec![true, true, false], vec!["2".to_owned()]));
        assert_eq!(standing.failed, ["3"]);
    }

    #[test]
    fn django_s_books_are_of_all_applications() {
        let history = [
            revision("0001_initial", &[], "shop/migrations/0001_initial.sql"),
            revision("0002_more", &["0001_initial"], "shop/migrations/0002_more.sql"),
        ];
        let rows = ["auth.0001_initial", "shop.0001_initial", "shop.0009_gone"];
        check(&history, Tool::Django, &rows, &[0], &["shop.0009_gone"]);
        check(&history, Tool::Django, &["auth.0001_initial"], &[], &[]);
    }

    #[test]
    fn people_are_told_the_last_version_alone() {
        assert_eq!(ledger(Tool::Flyway, &["1", "10", "9"]).at(), ["10"]);
        assert_eq!(ledger(Tool::Alembic, &["a", "b"]).at(), ["a", "b"]);
        assert!(ledger(Tool::Django, &["auth.0001_initial"]).at().is_empty());
    }

    #[test]
    fn of_several_books_those_count_that_fit() {
        let history = vec![revision("a", &[], "a.py")];
        let other = ledger(Tool::SchemaMigrations, &["7"]);
        let database = snapshot(vec![other, ledger(Tool::Alembic, &["a"])], Vec::new());
        let standing = Standing::of(&database, &snapshot(Vec::new(), history));
        assert_eq!((standing.tool, standing.unknown), (Some(Tool::Alembic), Vec::<String>::new()));
    }
}
