//! Questions and answers over the shop's samples: production against its models, and all four side by side.

use diff_core::Severity;

use crate::Store;
use crate::ask::{
    Answer, Ask, Changes, Definition, Fate, Filter, Grouping, Listing, Migration, ObjectView, Overview, Pair,
    Way,
};

const PRODUCTION: &[u8] = include_bytes!("../../../snapshots/production.json");
const MODELS: &[u8] = include_bytes!("../../../snapshots/models.json");
const DEV: &[u8] = include_bytes!("../../../snapshots/dev.json");

fn store() -> Store {
    let mut store = Store::default();
    for (id, bytes) in [(0, PRODUCTION), (1, MODELS), (2, DEV)] {
        store.open(id, "a.json", bytes).unwrap();
    }
    store
}

fn pair() -> Pair {
    Pair { old: 0, new: 1, ..Pair::default() }
}

macro_rules! answer {
    ($store:expr, $ask:expr, $kind:ident) => {
        match $store.answer(&$ask) {
            Answer::$kind(answer) => answer,
            other => panic!("{other:?}"),
        }
    };
}

fn overview(pair: Pair) -> Overview {
    answer!(store(), Ask::Overview(pair), Overview)
}

fn changes(listing: Listing) -> Changes {
    answer!(store(), Ask::Changes(pair(), listing), Changes)
}

fn object(id: &str) -> ObjectView {
    answer!(store(), Ask::Object(pair(), id.to_owned()), Object).unwrap()
}

fn definition(id: &str) -> Definition {
    answer!(store(), Ask::Definition(pair(), id.to_owned()), Definition)
}

fn migration(way: Way) -> Migration {
    answer!(store(), Ask::Migration(pair(), way), Migration)
}

/// How many differences a filter lets through.
#[track_caller]
fn passes(filter: Filter, expected: usize) {
    let changes = changes(Listing { filter, ..Listing::default() });
    assert_eq!((changes.shown, changes.total), (expected, overview(pair()).totals.differences));
    let leaves: usize = changes.rows.iter().filter(|row| row.level == 2).map(|row| row.count).sum();
    assert_eq!(leaves, expected, "the rows hold what is shown");
}

#[test]
fn counts_of_the_overview_are_filters() {
    let told = overview(pair());
    passes(Filter::default(), told.totals.differences);
    passes(Filter { is_loss: true, ..Filter::default() }, told.losses);
    passes(Filter { severities: [Severity::High].into(), ..Filter::default() }, told.totals.high);
    for (fate, count) in told.fates {
        passes(Filter { fates: [fate].into(), ..Filter::default() }, count);
    }
    for group in told.groups {
        let count = group.counts.iter().sum();
        passes(Filter { groups: [group.group].into(), ..Filter::default() }, count);
    }
    for risk in told.risks {
        passes(Filter { rules: [risk.rule].into(), ..Filter::default() }, risk.count);
    }
    passes(Filter { text: "no such words".to_owned(), ..Filter::default() }, 0);
}

#[test]
fn what_can_lose_data_comes_first() {
    let told = overview(pair());
    assert_eq!(told.losses, 2);
    let is_loss: Vec<bool> = told.risks.iter().map(|risk| risk.is_loss).collect();
    assert_eq!(&is_loss[..3], [true, true, false]);
    let changed: usize = told.schemas.iter().map(|schema| schema.changed).sum();
    assert_eq!(changed, told.objects.len());
}

#[test]
fn what_is_ignored_is_left_out_and_counted() {
    let ignore = vec!["#comment".to_owned(), "column:*".to_owned()];
    let told = overview(Pair { ignore, ..pair() });
    assert!(told.ignored > 0 && told.totals.differences < overview(pair()).totals.differences);
}

#[test]
fn every_grouping_holds_every_difference_once() {
    let total = overview(pair()).totals.differences;
    for grouping in [Grouping::Table, Grouping::Kind, Grouping::Risk, Grouping::Cause] {
        let closed = changes(Listing { grouping, ..Listing::default() });
        let groups: usize = closed.rows.iter().filter(|row| row.level == 1).map(|row| row.count).sum();
        assert_eq!(groups, total, "{grouping:?}");
        // Everything that is closed at first, opened.
        let toggled = closed.rows.iter().filter(|row| row.is_open == Some(false)).map(|row| row.key.clone());
        let open = changes(Listing { grouping, toggled: toggled.collect(), ..Listing::default() });
        let leaves = open.rows.iter().filter(|row| row.entry.is_some()).count();
        assert_eq!(leaves, total, "{grouping:?}");
        for row in &open.rows {
            assert!(row.place >= 1 && row.place <= row.siblings, "{row:?}");
        }
    }
}

#[test]
fn unchanged_objects_are_listed_where_they_are_asked_for() {
    let whole = changes(Listing { is_whole: true, ..Listing::default() });
    let same = whole.rows.iter().filter(|row| row.fate == Some(Fate::Same)).count();
    assert!(same > 10, "{same}");
    let alone = answer!(
        store(),
        Ask::Changes(
            Pair { old: 0, new: 0, ..Pair::default() },
            Listing { is_whole: true, ..Listing::default() }
        ),
        Changes
    );
    assert_eq!(alone.total, 0);
    assert!(alone.objects.contains(&"table:public.customers".to_owned()));
}

#[test]
fn an_object_tells_all_of_itself() {
    let table = object("table:public.customers");
    assert_eq!(
        (table.name.as_str(), table.schema.as_str(), table.fate),
        ("customers", "public", Fate::Altered)
    );
    let titles: Vec<&str> = table.parts.iter().map(|part| part.title.as_str()).collect();
    assert_eq!(&titles[..2], ["Columns", "Keys"]);
    let columns = &table.parts[0];
    assert_eq!((columns.changes.len(), columns.same.len()), (1, 11));
    assert!(table.dependents.iter().any(|one| one.object == "table:public.orders"));
    assert!(table.origin.is_some_and(|origin| origin.ends_with("customers.py:19")));
    let gone = object("table:public.orders_backup_20260314");
    assert_eq!(gone.fate, Fate::Removed);
    assert!(answer!(store(), Ask::Object(pair(), "table:public.none".to_owned()), Object).is_none());
    assert!(matches!(store().answer(&Ask::Object(pair(), "nonsense".to_owned())), Answer::Failed(_)));
}

#[test]
fn both_texts_differ_in_what_the_report_tells() {
    let same = definition("table:public.categories");
    assert_eq!(same.old, same.new);
    let changed = definition("table:public.cart_items");
    assert!(changed.old.contains("id integer") && changed.new.contains("id bigint"));
    let added = definition("table:public.reviews");
    assert!(added.old.is_empty() && added.new.starts_with("CREATE TABLE public.reviews"));
}

#[test]
fn statements_and_changes_lead_to_each_other() {
    let whole = migration(Way::default());
    let all: Vec<_> = whole.steps.iter().flat_map(|step| &step.statements).collect();
    let told = overview(pair());
    for statement in &all {
        let is_known = told.objects.iter().any(|(id, _)| *id == statement.object);
        assert!(is_known || statement.hazards.is_empty(), "{statement:?}");
    }
    let own = answer!(store(), Ask::Statements(pair(), "table:public.orders".to_owned()), Statements);
    assert!(!own.is_empty() && own.iter().all(|one| all.contains(&one)));
    let dropping = all.iter().find(|one| one.object == "table:public.orders_backup_20260314").unwrap();
    assert!(dropping.hazards[0].is_loss, "{dropping:?}");
}

#[test]
fn some_objects_have_a_migration_of_their_own() {
    let only = Way { only: Some(["table:public.reviews".to_owned()].into()), ..Way::default() };
    let some = migration(only.clone());
    assert!(some.text.contains("CREATE TABLE public.reviews") && !some.text.contains("orders_backup"));
    let back = migration(Way { is_back: true, ..only.clone() });
    assert!(back.text.contains("DROP TABLE public.reviews"), "{}", back.text);
    let revision = migration(Way { is_alembic: true, ..only });
    assert!(
        revision.text.contains("def downgrade")
            && revision.file.ends_with(".py")
            && !revision.lines.is_empty()
    );
}

#[test]
fn what_is_known_to_be_renamed_is_so_in_every_view() {
    let renames = vec!["nonsense".to_owned(), "table:public.orders_backup_20260314=reviews".to_owned()];
    let renamed = Pair { renames, ..pair() };
    let told = overview(renamed.clone());
    assert!(told.risks.iter().any(|risk| risk.rule == "renamed"), "{:?}", told.risks);
    assert!(
        !told
            .risks
            .iter()
            .any(|risk| risk.rule == "table-missing"
                && risk.examples.iter().any(|it| it.1.contains("reviews")))
    );
    let Answer::Migration(plan) = store().answer(&Ask::Migration(renamed, Way::default())) else {
        panic!("no plan")
    };
    assert!(
        plan.text.contains("ALTER TABLE public.orders_backup_20260314 RENAME TO reviews"),
        "{}",
        plan.text
    );
}

#[test]
fn several_files_agree_or_one_is_odd() {
    let told = answer!(store(), Ask::Matrix(vec![0, 1, 2], Vec::new()), Matrix);
    assert_eq!((told.files.len(), told.steps.len()), (3, 2));
    assert!(told.rows.iter().any(|row| row.odd == Some(0)), "production drifted");
    assert!(told.rows.iter().all(|row| row.cells.len() == 3));
    let same = answer!(store(), Ask::Matrix(vec![0, 0, 0], Vec::new()), Matrix);
    assert!(same.rows.is_empty() && same.same > 0);
}

#[test]
fn a_file_that_is_closed_is_said_to_be_so() {
    let mut store = store();
    store.close(1);
    assert!(matches!(store.answer(&Ask::Overview(pair())), Answer::Failed(_)));
    assert!(store.open(1, "b.json", b"<html>").is_err());
    assert_eq!(store.open(1, "b.json", MODELS).unwrap().kind, "models");
    assert!(matches!(store.answer(&Ask::Overview(pair())), Answer::Overview(_)));
}

#[test]
fn the_large_pair_differs_in_one_table_of_a_hundred() {
    let mut store = Store::default();
    for (id, (name, text)) in crate::large::pair(1_000).into_iter().enumerate() {
        store.open(u32::try_from(id).unwrap(), name, text.as_bytes()).unwrap();
    }
    let told = answer!(store, Ask::Overview(pair()), Overview);
    assert_eq!((told.totals.differences, told.objects.len()), (10, 10));
    assert!(!told.folds.is_empty(), "some are the same");
}

/// A snapshot of one table with these columns.
fn columns(source: &str, names: &[&str]) -> String {
    let column = |name: &&str| {
        let body = r#"{"body": {"column": {"position": 1, "type": "text", "nullable": true}}}"#;
        format!(r#""column:public.t.{name}": {body}"#)
    };
    let columns: Vec<String> = names.iter().map(column).collect();
    let objects = format!(r#""table:public.t": {{"body": {{"table": {{}}}}}}, {}"#, columns.join(", "));
    format!(r#"{{"format": 1, "source": {{{source}}}, "objects": {{{objects}}}}}"#)
}

#[test]
fn migrations_that_are_open_tell_why() {
    let history = |ids: &str| format!(r#""kind": "migrations", "history": [{ids}]"#);
    let (first, second) =
        (r#"{"id": "a", "file": "a.py"}"#, r#"{"id": "b", "follows": ["a"], "file": "b.py"}"#);
    let ledger = r#""kind": "database", "ledgers": [{"table": "table:public.l", "revisions": ["a"]}]"#;
    let mut store = Store::default();
    store.open(0, "database", columns(ledger, &["x", "hand"]).as_bytes()).unwrap();
    store.open(1, "models", columns(r#""kind": "models""#, &["x", "y", "z"]).as_bytes()).unwrap();
    assert_eq!(answer!(store, Ask::Overview(pair()), Overview).causes, []);
    store.open(2, "at", columns(&history(first), &["x"]).as_bytes()).unwrap();
    store.open(3, "head", columns(&history(&format!("{first}, {second}")), &["x", "y"]).as_bytes()).unwrap();
    let told = answer!(store, Ask::Overview(pair()), Overview);
    assert_eq!(told.standing, "The database is at a, 1 migration behind b.");
    let listing = |text: &str| Listing {
        filter: Filter { text: text.to_owned(), ..Filter::default() },
        grouping: Grouping::Why,
        ..Listing::default()
    };
    for cause in &told.causes {
        let found = answer!(store, Ask::Changes(pair(), listing(&cause.rule)), Changes);
        assert_eq!((found.shown, cause.count), (1, 1), "{cause:?}");
    }
    let all = answer!(store, Ask::Changes(pair(), listing("")), Changes);
    let groups: Vec<&str> =
        all.rows.iter().filter(|row| row.level == 1).map(|row| row.title.as_str()).collect();
    assert_eq!(groups, ["migration missing", "migration not applied", "changed by hand"]);
    let shown = answer!(store, Ask::Object(pair(), "table:public.t".to_owned()), Object).unwrap();
    let causes: Vec<&str> =
        shown.parts.iter().flat_map(|part| &part.changes).map(|one| one.causes.as_str()).collect();
    assert_eq!(causes, ["migration not applied", "migration missing", "changed by hand"]);
    // The other way round nothing is told: migrations lead to the models, not away from them.
    let back = Pair { old: 1, new: 0, ..Pair::default() };
    assert_eq!(answer!(store, Ask::Overview(back), Overview).causes, []);
    store.close(3);
    store.close(2);
    assert_eq!(answer!(store, Ask::Overview(pair()), Overview).standing, "");
}
