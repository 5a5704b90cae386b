//! Revisions as Alembic runs them: each is applied and taken back on a real database, and snapshots tell whether
//! it arrived; Black is asked what it thinks of them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

use diff_core::{DiffOptions, ObjectId, Snapshot, diff};
use serde_json::{Value, json};
use tests::{Database, Ran, driftglass, folders, major, psql, python, root, run, runs_on};

/// The environment that has Alembic, Black and psycopg.
const ENVIRONMENT: &str = "alembic";

/// What a URL of the test server is to SQLAlchemy.
pub(crate) fn sqlalchemy_url(url: &str) -> String {
    url.replacen("postgresql://", "postgresql+psycopg://", 1)
}

/// Applies revisions, all with one Python; gives what went wrong with each.
pub(crate) fn apply(jobs: &[Value]) -> Vec<Option<String>> {
    let mut child = std::process::Command::new(python(ENVIRONMENT))
        .arg(root().join("tests/alembic/apply.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(json!(jobs).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What Black would change, if anything.
pub(crate) fn black(paths: &[PathBuf]) -> Option<String> {
    let mut command = std::process::Command::new(python(ENVIRONMENT));
    let ran = run(command.args(["-m", "black", "--check", "--diff", "--quiet", "--fast"]).args(paths));
    (ran.status != 0).then(|| format!("{}{}", ran.stdout, ran.stderr))
}

fn differences(found: &Snapshot, wanted: &Snapshot) -> Vec<ObjectId> {
    diff(found, wanted, &DiffOptions::default()).deltas.into_iter().map(|delta| delta.id).collect()
}

/// A case of the corpus on its way.
struct Case {
    name: String,
    database: Database,
    old: Snapshot,
    new: Snapshot,
    /// None where there is nothing to do.
    file: Option<PathBuf>,
}

/// Why a case cannot go there and back, whoever runs the plan: the corpus says so itself.
fn limit(case: &str) -> Option<String> {
    fs::read_to_string(root().join("tests/corpus").join(case).join("limit.txt")).ok()
}

fn prepare(folder: &Path, work: &Path) -> Case {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let database = Database::of_files(&[folder.join("old.sql")]);
    let old = database.snapshot();
    let new = Database::of_files(&[folder.join("new.sql")]).snapshot();
    let [old_file, new_file, file] =
        ["old.json", "new.json", "py"].map(|end| work.join(format!("{name}.{end}")));
    fs::write(&old_file, old.to_json()).unwrap();
    fs::write(&new_file, new.to_json()).unwrap();
    let words =
        ["plan", old_file.to_str().unwrap(), new_file.to_str().unwrap(), "--exact", "--role", "postgres"];
    let more = ["--format", "alembic", "--output", file.to_str().unwrap()];
    let ran = run(&mut driftglass(work, &[&words[..], &more[..]].concat()));
    assert_eq!(ran.status, 0, "{name}: {}", ran.stderr);
    let is_empty = fs::read_to_string(&file).unwrap().contains("def upgrade() -> None:\n    pass\n");
    Case { name, database, old, new, file: (!is_empty).then_some(file) }
}

#[test]
fn every_case_goes_there_and_back_with_alembic() {
    let major = major();
    let only = std::env::var("DRIFTGLASS_CASE").unwrap_or_default();
    let corpus: Vec<PathBuf> = folders(&root().join("tests/corpus"))
        .into_iter()
        .chain(["hostile", "operations"].map(|name| root().join("tests/alembic").join(name)))
        .filter(|case| runs_on(case, major) && case.to_string_lossy().contains(&only))
        .collect();
    let work = tempfile::tempdir().unwrap();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let shares: Vec<&[PathBuf]> = corpus.chunks(corpus.len().div_ceil(workers)).collect();
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let running: Vec<_> =
            shares.iter().map(|share| scope.spawn(|| try_all(share, work.path()))).collect();
        running.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    let files: Vec<PathBuf> = scripts_in(work.path());
    assert_eq!(black(&files), None);
    let moved = outcomes.iter().filter(|one| one.is_moved && one.wrong.is_none()).count();
    eprintln!(
        "{} cases: {moved} there and back with Alembic, {} with nothing to do, {} with a limit",
        outcomes.len(),
        outcomes.iter().filter(|one| !one.is_moved && one.wrong.is_none()).count(),
        outcomes.iter().filter(|one| one.wrong.is_some() && limit(&one.name).is_some()).count(),
    );
    let wrong: Vec<String> = outcomes
        .iter()
        .filter_map(|one| match (&one.wrong, limit(&one.name)) {
            (Some(wrong), None) => Some(format!("{}: {wrong}", one.name)),
            _ => None,
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn operations_are_alembic_s_own() {
    let folder = root().join("tests/alembic/operations");
    if !runs_on(&folder, major()) {
        eprintln!("passed over on {}", major());
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let case = prepare(&folder, work.path());
    let text = fs::read_to_string(case.file.unwrap()).unwrap();
    let own = [
        "CREATE DOMAIN side.amount",
        "CREATE TYPE side.mood",
        "DROP DOMAIN",
        "DROP TYPE",
        "CREATE TABLE public.odd",
    ];
    for (at, _) in text.match_indices("op.execute(") {
        let sql = text[at + "op.execute(".len()..].trim_start().trim_start_matches(['"', '\'']);
        assert!(own.iter().any(|own| sql.starts_with(own)), "{}", sql.lines().next().unwrap_or_default());
    }
    for operation in ["create_table(", "add_column(", "alter_column(", "create_index(", "create_primary_key("]
    {
        assert!(text.contains(&format!("op.{operation}")), "{operation}");
    }
    for operation in ["unique_constraint(", "check_constraint(", "exclude_constraint(", "foreign_key("] {
        assert!(text.contains(&format!("op.create_{operation}")), "{operation}");
    }
}

pub(crate) fn scripts_in(path: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(path).unwrap().flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|end| end == "py")).collect()
}

pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) is_moved: bool,
    pub(crate) wrong: Option<String>,
}

pub(crate) fn try_all(folders: &[PathBuf], work: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // Each holds a database: not all of them at once.
    for some in folders.chunks(40) {
        let cases: Vec<Case> = some.iter().map(|folder| prepare(folder, work)).collect();
        let job = |case: &Case, to: &str| {
            case.file
                .as_ref()
                .map(|file| json!({"url": sqlalchemy_url(&case.database.url()), "files": [file], "to": to}))
        };
        let go = |to: &str| apply(&cases.iter().filter_map(|case| job(case, to)).collect::<Vec<_>>());
        let mut wrong: Vec<Option<String>> = cases.iter().map(|_| None).collect();
        for to in ["head", "base"] {
            let mut errors = go(to).into_iter();
            for (case, wrong) in cases.iter().zip(&mut wrong) {
                let error = case.file.as_ref().and_then(|_| errors.next().flatten());
                if wrong.is_some() {
                    continue;
                }
                let wanted = if to == "head" { &case.new } else { &case.old };
                let remaining = differences(&case.database.snapshot(), wanted);
                let show = |path: &PathBuf| fs::read_to_string(path).unwrap();
                if error.is_some() || !remaining.is_empty() {
                    *wrong = Some(format!(
                        "to {to}: {} still differ: {remaining:?}\n{}",
                        error.unwrap_or_default(),
                        case.file.as_ref().map(show).unwrap_or_default()
                    ));
                }
            }
        }
        outcomes.extend(cases.into_iter().zip(wrong).map(|(case, wrong)| Outcome {
            name: case.name,
            is_moved: case.file.is_some(),
            wrong,
        }));
    }
    outcomes
}

/// A project with the shop's models, its database, and Alembic as `alembic init` sets it up.
fn project(url: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    alembic(folder.path(), &["init", "migrations"]);
    let ini = folder.path().join("alembic.ini");
    let text = fs::read_to_string(&ini).unwrap();
    let set = |line: &str| match line.starts_with("sqlalchemy.url =") {
        true => format!("sqlalchemy.url = {}", sqlalchemy_url(url).replace('%', "%%")),
        false => line.to_owned(),
    };
    fs::write(&ini, text.lines().map(set).collect::<Vec<_>>().join("\n")).unwrap();
    folder
}

#[track_caller]
fn alembic(folder: &Path, words: &[&str]) {
    let mut command = std::process::Command::new(python(ENVIRONMENT));
    let ran = run(command.args(["-m", "alembic"]).args(words).current_dir(folder));
    assert_eq!(ran.status, 0, "alembic {words:?}: {}{}", ran.stdout, ran.stderr);
}

fn check(folder: &Path, url: &str, words: &[&str]) -> Ran {
    let shop = root().join("tests/shop");
    let interpreter = python("shop");
    let own = ["check", "--models", "shop.models", "--db", url, "--path", shop.to_str().unwrap()];
    let python = ["--python", interpreter.to_str().unwrap()];
    run(&mut driftglass(folder, &[&own[..], &python[..], words].concat()))
}

fn production() -> Database {
    let sql = root().join("tests/shop/sql");
    Database::of_files(&[sql.join("base.sql"), sql.join("production.sql")])
}

#[test]
fn the_shop_goes_to_its_models_and_back() {
    let database = production();
    let url = database.url();
    let project = project(&url);
    // The shop's database says where it is, so that revision has to be there.
    let at = psql(database.name(), &["SELECT version_num FROM alembic_version"], &[]);
    let first = project.path().join("migrations/versions/base.py");
    let said = format!("revision: str = '{}'\ndown_revision: str | None = None\n", at.trim());
    fs::write(&first, said + "def upgrade():\n    pass\ndef downgrade():\n    pass\n").unwrap();
    let before = database.snapshot();

    let ran = check(project.path(), &url, &["--fix", "-m", "Make production whole"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("orders_backup_20260314") && ran.stderr.contains("--ignore"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("alembic upgrade head"), "{}", ran.stderr);
    let versions = || {
        let mut files = scripts_in(&project.path().join("migrations/versions"));
        files.retain(|file| *file != first);
        files
    };
    let files = versions();
    let [file] = files.as_slice() else { panic!("one file: {files:?}") };
    assert!(file.to_string_lossy().ends_with("_make_production_whole.py"), "{}", file.display());
    assert_eq!(black(&files), None);
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(&format!("down_revision = \"{}\"", at.trim())), "{text}");

    // Before it has run, another would do everything twice.
    let ran = check(project.path(), &url, &["--fix"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("run `alembic upgrade head` first"), "{}", ran.stderr);

    alembic(project.path(), &["upgrade", "head"]);
    let ran = check(project.path(), &url, &["--fix"]);
    assert_eq!((ran.status, versions()), (0, files), "{}", ran.stdout);

    alembic(project.path(), &["downgrade", "-1"]);
    assert_eq!(differences(&database.snapshot(), &before), []);

    // The way there once more, from where the way back arrived; and as SQL for who runs it by hand.
    alembic(project.path(), &["upgrade", "head"]);
    alembic(project.path(), &["upgrade", "head", "--sql"]);
    assert_eq!(check(project.path(), &url, &[]).status, 0);
}

/// Two snapshots that differ in a table.
fn snapshots(folder: &Path) {
    let snapshot = |name: &str, objects: &str| {
        fs::write(folder.join(name), format!("{{\"format\": 1, \"objects\": {{{objects}}}}}")).unwrap();
    };
    snapshot("old.json", "");
    snapshot("new.json", "\"table:public.t\": {\"body\": {\"table\": {}}}");
}

/// `plan --format alembic` in a folder with these files.
fn plan(files: &[(&str, &str)], words: &[&str]) -> (tempfile::TempDir, Ran) {
    let folder = tempfile::tempdir().unwrap();
    snapshots(folder.path());
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let own = ["plan", "old.json", "new.json", "--format", "alembic"];
    let ran = run(&mut driftglass(folder.path(), &[&own[..], words].concat()));
    (folder, ran)
}

const INI: (&str, &str) = ("alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");

#[test]
fn without_a_folder_it_is_printed() {
    let (_folder, ran) = plan(&[], &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("op.create_table(\"t\", schema=\"public\")"), "{}", ran.stdout);
    assert!(ran.stdout.contains("down_revision = None\n"), "{}", ran.stdout);
    let (again, ran_again) = plan(&[], &["-o", "own.py"]);
    assert_eq!(fs::read_to_string(again.path().join("own.py")).unwrap(), ran.stdout, "{}", ran_again.stderr);
}

#[test]
fn a_revision_follows_the_head() {
    let files = [
        INI,
        ("db/versions/__init__.py", "revision = 'no'\n"),
        ("db/versions/a.py", "revision = 'a1'\ndown_revision = None\n"),
        ("db/versions/b.py", "revision: str = 'b2'\ndown_revision: Union[str, None] = 'a1'\n"),
    ];
    let (folder, ran) = plan(&files, &["-m", "Add  t: the \"first\""]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let files = scripts_in(&folder.path().join("db/versions"));
    let written = files.iter().find(|file| file.to_string_lossy().ends_with("_add_t_the_first.py")).unwrap();
    let text = fs::read_to_string(written).unwrap();
    assert!(text.contains("down_revision = \"b2\"\n") && text.starts_with("\"\"\"Add  t: the"), "{text}");
    assert_eq!(black(std::slice::from_ref(written)), None);
    // The same from the same place is the same revision: it is not written twice.
    let own = ["plan", "old.json", "new.json", "--format", "alembic", "-o", "own.py"];
    let ran = run(&mut driftglass(folder.path(), &own));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn settings_may_stand_in_the_project_s_own_file() {
    let files = [
        (
            "pyproject.toml",
            "[tool.alembic]\nscript_location = \"%(here)s/db\"\nfile_template = \"%%(rev)s\"\n",
        ),
        ("db/versions/.keep", ""),
    ];
    let (folder, ran) = plan(&files, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let files = scripts_in(&folder.path().join("db/versions"));
    assert_eq!(files[0].file_stem().unwrap().len(), 12, "{files:?}");
}

#[track_caller]
fn refuses(files: &[(&str, &str)], words: &[&str], expected: &[&str]) {
    let (_folder, ran) = plan(files, words);
    assert_eq!(ran.status, 2, "{}{}", ran.stdout, ran.stderr);
    for part in expected {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn what_cannot_be_told_is_refused() {
    let (a, b) = (("db/versions/a.py", "revision = 'a1'\n"), ("db/versions/b.py", "revision = 'b2'\n"));
    refuses(&[INI, a, b], &[], &["2 heads", "a1 (db/versions/a.py)", "b2", "alembic merge heads"]);
    refuses(&[INI, a, ("db/versions/c.py", "revision = 'a1'\n")], &[], &["both revision a1"]);
    refuses(
        &[INI, ("db/versions/a.py", "\nrevision = make()\n")],
        &[],
        &["db/versions/a.py:2", "read, not run"],
    );
    refuses(&[INI], &[], &["cannot read the migrations in db/versions"]);
    refuses(&[("alembic.ini", "[alembic]\n")], &[], &["alembic.ini", "script_location"]);
    refuses(&[], &["--migrations", "gone"], &["cannot read the migrations in gone"]);
    let circle = [
        ("db/versions/a.py", "revision = 'a'\ndown_revision = 'b'\n"),
        ("db/versions/b.py", "revision = 'b'\ndown_revision = 'a'\n"),
    ];
    refuses(&[INI, circle[0], circle[1]], &[], &["circle"]);
}

#[test]
fn fix_needs_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&mut driftglass(folder.path(), &["check", "--fix", "--models", "shop.models"]));
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("--migrations DIR") && ran.stderr.contains("driftglass.toml"),
        "{}",
        ran.stderr
    );
}
