//! A page and its worker, without a browser: what happens, and what is asked and shown then.

use super::*;
use viewer::Store;

const OLD: FileId = 1;
const NEW: FileId = 2;
const THIRD: FileId = 3;

/// A file of one table, whose column `a` has this type.
fn text(kind: &str, taken_at: &str, data_type: &str) -> String {
    format!(
        r#"{{"format": 1, "source": {{"kind": {kind:?}, "label": {kind:?}, "taken_at": {taken_at:?}}}, "objects": {{
            "table:public.t": {{"body": {{"table": {{}}}}}},
            "column:public.t.a": {{"body": {{"column": {{"position": 1, "type": {data_type:?}, "nullable": true}}}}}}
        }}}}"#
    )
}

/// A page and its worker.
struct Page {
    state: State,
    store: Store,
}

impl Page {
    fn new() -> Self {
        Self { state: State::default(), store: Store::default() }
    }

    /// Does something, and answers whatever the page asks then.
    fn act(&mut self, action: Action) -> &mut Self {
        self.state = std::mem::take(&mut self.state).after(action);
        for _ in 0..10 {
            let wanted = self.state.wanted();
            if wanted.is_empty() {
                return self;
            }
            for ask in wanted {
                let answer = self.store.answer(&ask);
                self.state = std::mem::take(&mut self.state).after(Action::Answered(ask, Box::new(answer)));
            }
        }
        panic!("the page asks without end: {:?}", self.state.wanted());
    }

    fn read(&mut self, files: &[(FileId, &str)], target: Target) -> &mut Self {
        let names = files.iter().map(|(id, _)| (*id, format!("{id}.json"))).collect();
        self.act(Action::Reading(names, target));
        for (id, text) in files {
            let outcome = match self.store.open(*id, &format!("{id}.json"), text.as_bytes()) {
                Ok(head) => Action::Opened(*id, head),
                Err(why) => Action::Refused(*id, why),
            };
            self.act(outcome);
        }
        self
    }

    fn compared() -> Self {
        let mut page = Self::new();
        let (old, new) = (text("database", "2026-01-01", "integer"), text("models", "2026-01-02", "bigint"));
        page.read(&[(OLD, &old), (NEW, &new)], Target::Anywhere);
        page
    }
}

#[test]
fn what_stands_is_old_in_whatever_order_it_comes() {
    let (database, models) =
        (text("database", "2026-01-02", "integer"), text("models", "2026-01-01", "bigint"));
    let mut page = Page::new();
    page.read(&[(OLD, &models), (NEW, &database)], Target::Anywhere);
    assert_eq!(page.state.files.pair, Some((NEW, OLD)));
    let mut page = Page::new();
    page.read(&[(OLD, &models)], Target::Anywhere);
    assert_eq!(page.state.files.waiting, Some((Side::New, OLD)));
    page.read(&[(NEW, &database)], Target::Anywhere);
    assert_eq!(page.state.files.pair, Some((NEW, OLD)));
    let mut page = Page::new();
    page.read(&[(OLD, &models), (NEW, &database)], Target::InOrder);
    assert_eq!(page.state.files.pair, Some((OLD, NEW)));
    let mut page = Page::new();
    page.read(
        &[(OLD, &text("database", "2026-02-01", "a")), (NEW, &text("database", "2026-01-01", "a"))],
        Target::Anywhere,
    );
    assert_eq!(page.state.files.pair, Some((NEW, OLD)), "of two databases the earlier one is old");
}

#[test]
fn a_file_that_cannot_be_opened_takes_nothing_away() {
    let mut page = Page::compared();
    page.read(&[(THIRD, "<html>")], Target::Side(Side::New));
    assert_eq!(page.state.files.pair, Some((OLD, NEW)));
    assert!(page.state.files.all.iter().any(|file| matches!(file.status, Status::Refused(_))));
    page.act(Action::Dismiss);
    assert_eq!(page.state.files.all.len(), 2);
}

#[test]
fn one_side_is_replaced_and_one_more_makes_a_matrix() {
    let other = text("models", "2026-01-03", "text");
    let mut page = Page::compared();
    page.read(&[(THIRD, &other)], Target::Side(Side::New));
    assert_eq!(page.state.files.pair, Some((OLD, THIRD)));
    assert_eq!(page.state.files.open_ids(), [OLD, THIRD]);
    let mut page = Page::compared();
    page.read(&[(THIRD, &other)], Target::Anywhere);
    assert_eq!((page.state.files.pair, page.state.files.open_ids().len()), (Some((OLD, NEW)), 3));
    page.act(Action::Go(View::Matrix));
    assert_eq!(page.state.answers.matrix().unwrap().rows.len(), 1);
    page.act(Action::Compare(NEW, THIRD));
    assert_eq!((page.state.files.pair, page.state.view), (Some((NEW, THIRD)), View::Changes));
    page.act(Action::CloseFile(NEW));
    assert_eq!(page.state.files.pair, Some((OLD, THIRD)));
    page.act(Action::CloseFile(OLD));
    assert_eq!((page.state.files.pair, page.state.files.waiting), (None, Some((Side::New, THIRD))));
}

#[test]
fn three_at_once_open_the_matrix() {
    let file = |at: &str| text("database", at, "text");
    let mut page = Page::new();
    page.read(
        &[(OLD, &file("2026-01-03")), (NEW, &file("2026-01-01")), (THIRD, &file("2026-01-02"))],
        Target::Anywhere,
    );
    assert_eq!(page.state.view, View::Matrix);
    assert_eq!(page.state.files.open_ids(), [NEW, THIRD, OLD], "by time");
    assert_eq!(page.state.files.pair, Some((NEW, OLD)));
}

#[test]
fn one_file_is_looked_at_alone() {
    let mut page = Page::new();
    page.read(&[(OLD, &text("database", "2026-01-01", "text"))], Target::Anywhere);
    page.act(Action::Compare(OLD, OLD));
    let changes = page.state.answers.changes().unwrap();
    assert!(changes.rows.iter().any(|row| row.title == "t"), "{changes:?}");
    assert_eq!((page.state.view, changes.total), (View::Changes, 0));
}

#[test]
fn steps_lead_through_the_list() {
    let mut page = Page::compared();
    page.act(Action::Go(View::Changes)).act(Action::Move(Step::Next));
    assert_eq!(page.state.object.as_deref(), Some("table:public.t"));
    page.act(Action::MoveEntry(Step::Next));
    assert_eq!(page.state.entry, Some(0));
    page.act(Action::Move(Step::Next));
    assert_eq!(page.state.object.as_deref(), Some("table:public.t"), "the last stays");
    let statements = page.state.answers.statements().unwrap();
    assert_eq!(statements.len(), 1);
    page.act(Action::Lens(Lens::Split));
    assert!(page.state.answers.definition().unwrap().new.contains("bigint"));
}

#[test]
fn a_swap_asks_anew() {
    let mut page = Page::compared();
    assert_eq!(page.state.answers.overview().unwrap().old.name, "database");
    page.act(Action::Swap);
    assert_eq!(page.state.files.pair, Some((NEW, OLD)));
    assert_eq!(page.state.answers.overview().unwrap().old.name, "models");
}

#[test]
fn a_filter_hides_and_says_so() {
    let mut page = Page::compared();
    page.act(Action::Go(View::Changes));
    let changes = page.state.answers.changes().unwrap();
    assert_eq!((changes.shown, changes.total), (1, 1));
    page.act(Action::Filter(Filter { text: "nowhere".to_owned(), ..Filter::default() }));
    let changes = page.state.answers.changes().unwrap();
    assert_eq!((changes.shown, changes.total, changes.rows.len()), (0, 1, 0));
}

#[test]
fn an_address_says_all_of_it() {
    let mut page = Page::compared();
    page.act(Action::Go(View::Changes))
        .act(Action::Group(Grouping::Risk))
        .act(Action::Select(Some("table:public.t".into()), Some(0)))
        .act(Action::Lens(Lens::Unified));
    let written = page.state.route().write();
    let mut other = Page::compared();
    other.act(Action::Route(Box::new(Route::read(&written).unwrap())));
    assert_eq!(other.state.route().write(), written);
    assert_eq!(other.state.object.as_deref(), Some("table:public.t"));
}

#[test]
fn an_address_picks_two_of_many() {
    let mut page = Page::new();
    page.act(Action::Route(Box::new(Route::read("#/1/changes?cmp=2..0").unwrap())));
    let file = |at: &str| text("database", at, "text");
    page.read(&[(OLD, &file("1")), (NEW, &file("2")), (THIRD, &file("3"))], Target::InOrder);
    assert_eq!((page.state.files.pair, page.state.view), (Some((THIRD, OLD)), View::Changes));
}

#[test]
fn reading_can_be_given_up() {
    let mut page = Page::new();
    page.act(Action::Reading(vec![(OLD, "a.json".to_owned())], Target::Anywhere));
    page.act(Action::Progress(OLD, 10.0, Some(100.0)));
    assert!(page.state.files.is_reading());
    page.act(Action::CloseFile(OLD));
    assert!(!page.state.files.is_reading() && page.state.files.all.is_empty());
}

#[test]
fn a_file_that_was_read_waits_for_no_other_that_is_given_up() {
    let mut page = Page::new();
    let models = text("models", "2026-01-01", "text");
    page.act(Action::Reading(
        vec![(OLD, "slow.json".to_owned()), (NEW, "models.json".to_owned())],
        Target::Anywhere,
    ));
    let head = page.store.open(NEW, "models.json", models.as_bytes()).unwrap();
    page.act(Action::Opened(NEW, head));
    assert_eq!(page.state.files.waiting, None, "the other may come yet");
    page.act(Action::CloseFile(OLD));
    assert_eq!(page.state.files.waiting, Some((Side::New, NEW)));
}

#[test]
fn an_address_that_names_the_overview_is_followed_with_three_files_too() {
    let mut page = Page::new();
    page.act(Action::Route(Box::new(Route::read("#/1/overview").unwrap())));
    let file = |at: &str| text("database", at, "text");
    page.read(&[(OLD, &file("1")), (NEW, &file("2")), (THIRD, &file("3"))], Target::InOrder);
    assert_eq!(page.state.view, View::Overview);
}

/// What one migration builds, of which the database says that it has had it.
fn migrations(data_type: &str) -> String {
    let history = r#""history": [{"id": "a", "file": "a.py"}], "taken_at""#;
    text("migrations", "2026-01-03", data_type).replacen(r#""taken_at""#, history, 1)
}

#[test]
fn migrations_are_not_compared_and_tell_why() {
    let (old, new) = (text("database", "2026-01-01", "integer"), text("models", "2026-01-02", "bigint"));
    let built = migrations("integer");
    let mut page = Page::new();
    page.read(&[(OLD, &old), (NEW, &new), (THIRD, &built)], Target::InOrder);
    assert_eq!((page.state.files.pair, page.state.view), (Some((OLD, NEW)), View::Overview));
    let told = page.state.answers.overview().unwrap();
    assert_eq!(told.causes.iter().map(|it| it.effect.as_str()).collect::<Vec<_>>(), ["migration missing"]);
    // Opened later they change every answer, and so does closing them.
    let mut page = Page::compared();
    assert_eq!(page.state.answers.overview().unwrap().standing, "");
    page.read(&[(THIRD, &built)], Target::Anywhere);
    assert_eq!(page.state.files.pair, Some((OLD, NEW)));
    assert_ne!(page.state.answers.overview().unwrap().standing, "");
    page.store.close(THIRD);
    page.act(Action::CloseFile(THIRD));
    assert_eq!(page.state.answers.overview().unwrap().standing, "");
    // Two files are compared whatever they are.
    let mut page = Page::new();
    page.read(&[(OLD, &old), (THIRD, &built)], Target::InOrder);
    assert_eq!(page.state.files.pair, Some((OLD, THIRD)));
}
