//! Where a database stands among the migrations: what its ledger names, found in their history.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Ledger, Revision, Snapshot, Tool, collect};

/// Where a database stands among the migrations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Whose books the database keeps; none where it keeps none that fit.
    pub tool: Option<Tool>,
    /// What the database says it is at.
    pub at: Vec<String>,
    /// The migrations that it has, by their place in the history.
    pub applied: BTreeSet<usize>,
    /// What it names and the migrations do not hold.
    pub unknown: Vec<String>,
    /// What began and did not come to its end.
    pub failed: Vec<String>,
}

impl Standing {
    /// Finds what `database` names among the migrations of `head`.
    pub fn of(database: &Snapshot, head: &Snapshot) -> Self {
        let history = &head.source.history;
        let standings = database.source.ledgers.iter().map(|ledger| Self::by(ledger, history));
        // Of several books those are meant that speak of these migrations, or lie where these put theirs.
        let is_same = |place: usize| {
            let table = &database.source.ledgers[place].table;
            head.source.ledgers.iter().any(|ledger| ledger.table == *table)
        };
        let fits = |(place, standing): &(usize, Self)| (standing.applied.len(), is_same(*place));
        let best = standings.enumerate().max_by(|a, b| fits(a).cmp(&fits(b)));
        let best = best.map(|(_, standing)| standing).unwrap_or_default();
        // Django's books are of all applications; those of others alone say nothing.
        let is_silent = best.applied.is_empty() && best.unknown.is_empty() && !best.at.is_empty();
        if is_silent { Self::default() } else { best }
    }

    fn by(ledger: &Ledger, history: &[Revision]) -> Self {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (place, revision) in history.iter().enumerate() {
            for key in keys(revision, ledger.tool) {
                places.entry(key).or_insert(place);
            }
        }
        let mut standing = Self { tool: Some(ledger.tool), failed: ledger.failed.clone(), ..Self::default() };
        for text in &ledger.revisions {
            standing.at.push(text.clone());
            match places.get(&settled(text)) {
                Some(place) => drop(standing.applied.insert(*place)),
                None if is_foreign(text, ledger.tool, &places) => {}
                None => standing.unknown.push(text.clone()),
            }
        }
        standing.complete(ledger.tool, history);
        standing
    }

    /// Adds what stands in the books unnamed: what is followed, or what comes before the last version.
    fn complete(&mut self, tool: Tool, history: &[Revision]) {
        match tool {
            Tool::Alembic => {
                // Each revision stands behind those that it follows.
                for (place, revision) in history.iter().enumerate().rev() {
                    if self.applied.contains(&place) {
                        let before = history[..place].iter().enumerate();
                        let followed = before.filter(|(_, one)| revision.follows.contains(&one.id));
                        self.applied.extend(followed.map(|(place, _)| place));
                    }
                }
            }
            Tool::Migrate => {
                let last = self.applied.last().copied();
                self.applied.extend(0..last.unwrap_or_default());
            }
            // Of these the rows are the migrations; of hundreds only the last one is told.
            _ => {
                let last = self.applied.last().map(|place| history[*place].id.clone());
                self.at = last.into_iter().chain(self.unknown.iter().cloned()).collect();
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
            keys.extend(folders.next().map(|app| format!("{app}.{stem}")));
            keys.extend(stem.split_once('_').map(|(app, name)| format!("{app}.{name}")));
        }
        _ => keys.extend([stem.to_owned(), file.to_owned()]),
    }
    keys
}

/// A version as numbers are compared: `0010` is `10`, `1_2` is `1.2`.
fn settled(text: &str) -> String {
    if !text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '_') {
        return text.to_owned();
    }
    let parts = text.split(['.', '_']).map(|part| part.trim_start_matches('0'));
    let mut settled = String::new();
    for part in parts {
        settled.push('.');
        settled.push_str(if part.is_empty() { "0" } else { part });
    }
    let whole = settled.trim_start_matches('.').to_owned();
    whole.strip_suffix(".0").map(str::to_owned).unwrap_or(whole)
}

/// Whether a row is of another application than the migrations are.
fn is_foreign(text: &str, tool: Tool, places: &BTreeMap<String, usize>) -> bool {
    let app = text.split_once('.').map_or("", |(app, _)| app);
    let is_ours = |key: &String| key.strip_prefix(app).is_some_and(|rest| rest.starts_with('.'));
    tool == Tool::Django && !places.keys().any(is_ours)
}

/// The revisions that nothing follows.
pub(super) fn heads(history: &[Revision]) -> Vec<&Revision> {
    let followed = collect::set(history.iter().flat_map(|one| &one.follows));
    history.iter().filter(|one| !followed.contains(&one.id)).collect()
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
        Snapshot::new(source, crate::Coverage::default(), BTreeMap::new())
    }

    fn ledger(tool: Tool, revisions: &[&str]) -> Ledger {
        let table: ObjectId = "table:public.books".parse().unwrap();
        let revisions = revisions.iter().map(ToString::to_string).collect();
        Ledger { table, tool, revisions, failed: Vec::new() }
    }

    /// What is applied and what is unknown.
    #[track_caller]
    fn check(history: &[Revision], tool: Tool, rows: &[&str], applied: &[usize], unknown: &[&str]) {
        let database = snapshot(vec![ledger(tool, rows)], Vec::new());
        let standing = Standing::of(&database, &snapshot(Vec::new(), history.to_vec()));
        assert_eq!(standing.applied.into_iter().collect::<Vec<_>>(), applied);
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
