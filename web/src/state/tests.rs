//! What happens to the page's state, action by action.

use super::*;

fn file(name: &str, kind: &str, taken_at: &str, objects: &str) -> Outcome {
    let text = format!(
        r#"{{"format": 1, "source": {{"kind": "{kind}", "taken_at": "{taken_at}"}}, "objects": {{{objects}}}}}"#
    );
    let snapshot = Snapshot::from_json(text.as_bytes()).unwrap();
    Ok(Rc::new(Opened { name: name.to_owned(), snapshot }))
}

fn bad(name: &str) -> Outcome {
    Err(Refused { name: name.to_owned(), message: "line 1, column 0: the file is empty".to_owned() })
}

const DATABASE: &str = r#"
    "table:public.a": {"body": {"table": {}}},
    "column:public.a.x": {"body": {"column": {"position": 1, "type": "integer", "nullable": true}}},
    "table:public.b": {"body": {"table": {}}}"#;
const MODELS: &str = r#"
    "table:public.a": {"body": {"table": {}}},
    "column:public.a.x": {"body": {"column": {"position": 1, "type": "bigint", "nullable": false}}},
    "enum:public.mood": {"body": {"enum": {"labels": ["glad"]}}}"#;

fn two() -> Vec<Outcome> {
    vec![file("m.json", "models", "2026-01-01", MODELS), file("d.json", "database", "2026-01-02", DATABASE)]
}

fn compared() -> State {
    State::default().after(Action::Reading(2)).after(Action::Read(two(), Target::Anywhere))
}

fn name(slot: &Slot) -> &str {
    slot.opened.as_ref().map_or("", |opened| &opened.name)
}

fn titles(state: &State) -> Vec<&str> {
    state.listing.sections.iter().map(|section| section.title.as_str()).collect()
}

#[test]
fn two_files_are_put_in_order() {
    let state = compared();
    assert_eq!((name(&state.old), name(&state.new), state.reading), ("d.json", "m.json", 0));
    let swapped = state.after(Action::Swap);
    assert_eq!((name(&swapped.old), name(&swapped.new)), ("m.json", "d.json"));
    let pair = vec![file("b", "database", "2026-02-02", ""), file("a", "database", "2026-01-01", "")];
    let state = State::default().after(Action::Read(pair, Target::Anywhere));
    assert_eq!((name(&state.old), name(&state.new)), ("a", "b"));
    let state = State::default().after(Action::Read(two(), Target::InOrder));
    assert_eq!((name(&state.old), name(&state.new)), ("m.json", "d.json"));
}

#[test]
fn a_file_alone_finds_its_side() {
    let mut files = two();
    let database = files.pop().unwrap();
    let models = files.pop().unwrap();
    let state = State::default().after(Action::Read(vec![models], Target::Anywhere));
    assert_eq!((name(&state.old), name(&state.new)), ("", "m.json"));
    let state = state.after(Action::Read(vec![database], Target::Anywhere));
    assert!(state.comparison.is_some());
    let other = file("other", "models", "", "");
    assert_eq!(name(&state.after(Action::Read(vec![other], Target::Anywhere)).new), "other");
}

#[test]
fn a_bad_file_takes_nothing_away() {
    let state = compared().after(Action::Read(vec![bad("x.json")], Target::Side(Side::New)));
    assert_eq!(name(&state.new), "m.json");
    assert!(state.comparison.is_some());
    assert_eq!(state.new.refused.as_ref().unwrap().name, "x.json");
    assert_eq!(state.after(Action::Dismiss).new.refused, None);
    let pair = vec![bad("x.json"), file("d", "database", "", "")];
    let state = State::default().after(Action::Read(pair, Target::Anywhere));
    assert_eq!(name(&state.old), "d");
    assert!(state.new.refused.is_some());
}

#[test]
fn the_list_is_by_object_or_by_group() {
    let state = compared();
    assert_eq!(titles(&state), ["a", "b", "mood"]);
    assert_eq!((state.listing.shown, state.listing.total), (4, 4));
    let state = state.after(Action::Group(Grouping::Group));
    assert_eq!(titles(&state), ["Tables only in database", "Types", "Nullability"]);
}

#[test]
fn the_filter_counts_what_it_hides() {
    let state = compared().after(Action::Filter("PUBLIC.A bigint".to_owned()));
    assert_eq!((titles(&state), state.listing.shown, state.listing.total), (vec!["a"], 1, 4));
    let state = state.after(Action::ClearFilter).after(Action::Toggle(Severity::Low));
    assert!(state.listing.shown < state.listing.total);
    assert_eq!(state.after(Action::Toggle(Severity::Low)).listing.shown, 4);
}

#[test]
fn steps_stop_at_both_ends() {
    let mut state = compared();
    let key = |state: &State| state.section();
    assert_eq!(key(&state), None);
    let steps = [(Step::Previous, None), (Step::Next, Some(0)), (Step::Next, Some(1)), (Step::Next, Some(2))];
    for (step, place) in steps.into_iter().chain([(Step::Next, Some(2)), (Step::Previous, Some(1))]) {
        state = state.after(Action::Move(step));
        assert_eq!(key(&state), place);
    }
    state = state.after(Action::Move(Step::Previous)).after(Action::MoveEntry(Step::Next));
    let first = state.entry;
    state = state.after(Action::MoveEntry(Step::Next));
    assert_ne!(state.entry, first);
    state = state.after(Action::MoveEntry(Step::Next)).after(Action::MoveEntry(Step::Previous));
    assert_eq!(state.entry, first);
}

#[test]
fn what_the_filter_hides_is_no_longer_selected() {
    let state = compared().after(Action::Move(Step::Next)).after(Action::Filter("mood".to_owned()));
    assert_eq!(state.selected, None);
    let state = state.after(Action::Reveal("column:public.a.x".to_owned()));
    assert!(state.filter.is_empty());
    assert_eq!(state.section(), Some(0));
    assert_eq!(
        state.entry.map(|at| state.comparison.as_ref().unwrap().report.entries[at].id.name()),
        Some("x")
    );
}

#[test]
fn closing_forgets_everything() {
    let state = compared().after(Action::Close);
    assert!(state.old.opened.is_none() && state.comparison.is_none() && state.listing.sections.is_empty());
}
