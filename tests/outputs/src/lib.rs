//! Everything that is made of two snapshots, as texts: for tests that compare it, or only ask that it is made.
//!
//! It knows no file and no server, and compiles for browsers too.

#[cfg(target_arch = "wasm32")]
pub mod browser;
mod files;
mod measured;

use diff_core::render::text::{TextOptions, text};
use diff_core::render::{self, Checkout, Revision, Run, json};
use diff_core::{
    Agreement, Compared, DiffOptions, Gate, LINTS, Lint, Migrations, ObjectId, PlanOptions, Snapshot,
    compare, definitions, diff, lint, matrix, plan,
};
use viewer::Store;
use viewer::ask::{Ask, Grouping, Listing, MapOptions, Pair, Way};
use viewer::report::{DATA, PLAIN};

pub use files::{of_files, sums, text_of};
pub use measured::{Measured, WORKS};

/// Of so many objects the SQL is made.
const DEFINED: usize = 40;

/// A text by its name.
pub type Output = (String, String);

/// Everything that is made of two snapshots. A way that cannot be planned gives its error as text.
pub fn of(old: &Snapshot, new: &Snapshot) -> Vec<Output> {
    let mut all = Vec::new();
    let options = DiffOptions::default();
    let found = diff(old, new, &options);
    all.push(named("diff.json", json(&found)));
    let mut compared = compare(old, new, &options);
    all.extend(reports(old, new, &compared, &options));
    let migrations = Migrations { head: new, at: None };
    compared.report.tell_causes(old, new, &found, migrations, &options);
    all.extend(reports(old, new, &compared, &options));
    for is_online in [false, true] {
        all.extend(plans(old, new, is_online));
    }
    let both = [old, new];
    let names = ["old".to_owned(), "new".to_owned()];
    let agreement = Agreement::new(&both, &names, Some(0), &options);
    all.push(named("agreement.txt", render::agreement(&agreement, WIDE)));
    all.push(named("agreement.json", json(&agreement)));
    all.push(named("matrix.json", json(&matrix(&both, &options))));
    let lints: Vec<&Lint> = LINTS.to_vec();
    let found = lint(new, &lints, &options);
    all.push(named("lint.txt", render::lint("new", &found, WIDE)));
    all.push(named("lint.json", json(&found)));
    for id in compared.report.entries_by_object().into_keys().take(DEFINED) {
        let (was, is) = definitions(old, new, id, &options);
        all.push((format!("definition of {id}"), format!("{was}\n--\n{is}")));
    }
    all
}

/// What the page shows of two snapshot files.
///
/// # Errors
/// Why one of them is no snapshot.
pub fn of_page(old: &[u8], new: &[u8]) -> Result<Vec<Output>, String> {
    let mut store = Store::default();
    store.open(0, "old.json", old)?;
    store.open(1, "new.json", new)?;
    let pair = Pair { old: 0, new: 1, ..Pair::default() };
    let listing = |grouping| Listing { grouping, is_whole: true, ..Listing::default() };
    let mut asks = vec![
        Ask::Overview(pair.clone()),
        Ask::Map(pair.clone(), MapOptions::default()),
        Ask::Atlas(pair.clone(), 800, 600),
        Ask::Search(pair.clone(), "a".to_owned()),
        Ask::Matrix(vec![0, 1], Vec::new()),
    ];
    let groupings = [Grouping::Table, Grouping::Kind, Grouping::Risk, Grouping::Cause, Grouping::Why];
    asks.extend(groupings.map(|grouping| Ask::Changes(pair.clone(), listing(grouping))));
    for way in 0..8 {
        let way = Way { is_back: way & 1 != 0, is_alembic: way & 2 != 0, ..Way::default() };
        asks.push(Ask::Migration(pair.clone(), way));
    }
    let snapshots = [old, new].map(|bytes| Snapshot::from_json(bytes).ok());
    let ids = snapshots.iter().flatten().flat_map(|snapshot| snapshot.objects.keys());
    for id in ids.map(ObjectId::to_string).take(DEFINED) {
        asks.push(Ask::Object(pair.clone(), id.clone()));
        asks.push(Ask::Statements(pair.clone(), id));
    }
    let mut all: Vec<Output> =
        asks.iter().map(|ask| (format!("{ask:?}"), json(&store.answer(ask)))).collect();
    all.push(named("page.html", store.report(&format!("{PLAIN}{DATA}"), &[0, 1], &[])?));
    Ok(all)
}

/// The widest and the narrowest that a console is.
const WIDE: TextOptions = TextOptions { width: 120, color: false, verbose: true };
const NARROW: TextOptions = TextOptions { width: 1, color: true, verbose: false };

fn named(name: &str, text: String) -> Output {
    (name.to_owned(), text)
}

fn reports(old: &Snapshot, new: &Snapshot, compared: &Compared, options: &DiffOptions) -> Vec<Output> {
    let report = &compared.report;
    let checkout = Checkout {
        folder: "app".to_owned(),
        settings: "driftglass.toml".to_owned(),
        root: "/repo".to_owned(),
    };
    let gates: Vec<Gate> = ["drift"].iter().filter_map(|gate| gate.parse().ok()).collect();
    let stopped = report.stopped(&gates, &[]);
    let run = Run::new(report, &stopped, &checkout);
    vec![
        named("report.txt", text(report, WIDE)),
        named("narrow.txt", text(report, NARROW)),
        named("report.json", json(report)),
        named("report.md", render::markdown(&run)),
        named("report.sarif", render::sarif(&run)),
        named("report.xml", render::junit(&run, &compared.scope(old, new, options))),
        named("annotations", render::github(&run)),
        named("gl-code-quality-report.json", render::gitlab(&run)),
        named("report.html", render::html(report)),
    ]
}

fn plans(old: &Snapshot, new: &Snapshot, is_online: bool) -> Vec<Output> {
    let options = PlanOptions { is_online, ..PlanOptions::default() };
    let (up, down) = match (plan(old, new, &options), plan(new, old, &options)) {
        (Ok(up), Ok(down)) => (up, down),
        (Err(error), _) | (_, Err(error)) => return vec![named("refused", error.to_string())],
    };
    let revision = Revision::new(old, new, Some("a1f0".to_owned()), "bring it over".to_owned());
    let mut all = Vec::new();
    for (way, plan) in [("up", &up), ("down", &down)] {
        all.push((format!("{way}.sql, online {is_online}"), render::sql(plan)));
        all.push((format!("{way}.json, online {is_online}"), json(plan)));
    }
    if !is_online {
        all.push(named("revision.py", render::alembic(&up, &down, old, new, &revision)));
    } else if !up.is_empty() {
        let files = render::alembic_online(&up, old, new, &options, &revision);
        let files = files.map(|files| files.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n"));
        all.push(named("revisions.py", files.unwrap_or_else(|error| error.to_string())));
    }
    all
}
