//! The judge: three real applications that nobody here wrote. Of each, one database is built by its own
//! migrations and one by `create_all`; the models must equal the second, and differ from the first in
//! every way that Alembic rightly sees, and in none that it imagines.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::environment::{Environment, POSTGRES};
use crate::server::Server;
use crate::shell::{capture, cargo, run as run_command, step, target};

/// One entry of `tests/apps/apps.json`.
#[derive(Deserialize)]
struct App {
    name: String,
    requirement: String,
    extra_requirements: Vec<String>,
    models: String,
    environment: std::collections::BTreeMap<String, String>,
    false_rows: Vec<Row>,
    covered_rows: Vec<Row>,
}

/// A difference that Alembic shows; in the lists of `apps.json` the object may hold `*`.
#[derive(Deserialize)]
struct Row {
    op: String,
    object: String,
}

/// What is needed of a report.
#[derive(Deserialize)]
struct Report {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    change: String,
    attribute: Option<String>,
}

/// Checks all applications and prints the table. Leaves snapshot pairs in `target/apps`.
///
/// # Errors
/// Names what was missed or imagined.
pub(crate) fn run(root: &Path) -> Result<()> {
    step("building the command", || {
        run_command(cargo().args(["build", "--quiet", "--package", "driftglass"]).current_dir(root))
    })?;
    let server = Server::start(&Environment::ensure(root, "postgres", &[POSTGRES])?)?;
    fs::create_dir_all(root.join("target/apps/home")).context("cannot make target/apps")?;
    let list = root.join("tests/apps/apps.json");
    let apps: Vec<App> =
        serde_json::from_slice(&fs::read(&list)?).context("tests/apps/apps.json is not right")?;
    let mut table = vec![
        "application  create_all: differences | migrations: Alembic's rows  false  covered  true = found | differences"
            .to_owned(),
    ];
    let mut wrong = Vec::new();
    for app in &apps {
        let outcome =
            step(&format!("{}: two databases, two checks", app.requirement), || check(root, app, &server))?;
        table.push(outcome.line(app));
        wrong.extend(outcome.wrong.into_iter().map(|what| format!("{}: {what}", app.name)));
    }
    println!("\n{}\n", table.join("\n"));
    ensure!(wrong.is_empty(), "the check and Alembic do not agree:\n{}", wrong.join("\n"));
    Ok(())
}

struct Outcome {
    created: usize,
    migrated: usize,
    rows: usize,
    imagined: usize,
    covered: usize,
    found: usize,
    wrong: Vec<String>,
}

impl Outcome {
    fn line(&self, app: &App) -> String {
        let real = self.rows - self.imagined - self.covered;
        format!(
            "{:<11}  {:>23} | {:>26}  {:>5}  {:>7}  {:>4} = {:<5} | {:>11}",
            app.name, self.created, self.rows, self.imagined, self.covered, real, self.found, self.migrated
        )
    }
}

fn check(root: &Path, app: &App, server: &Server) -> Result<Outcome> {
    let mut requirements: Vec<&str> = vec![&app.requirement];
    requirements.extend(app.extra_requirements.iter().map(String::as_str));
    let environment = Environment::ensure(root, &format!("app-{}", app.name), &requirements)?;
    let script = |task: &str, database: &str| {
        let mut command = Command::new(environment.python());
        command.arg(root.join(format!("tests/apps/app_{}.py", app.name))).args([task, &server.url(database)]);
        // What applications leave in the home folder must not be the user's.
        command.envs(&app.environment).env("HOME", root.join("target/apps/home"));
        capture(command.env("PYTHONDONTWRITEBYTECODE", "1"))
    };
    let (migrated, created) = (format!("{}-migrated", app.name), format!("{}-created", app.name));
    for (task, database) in [("migrate", &migrated), ("create_all", &created)] {
        server.load(database, &[])?;
        script(task, database).with_context(|| format!("{task} of {}", app.name))?;
    }
    let rows: Vec<Row> = serde_json::from_str(&script("compare", &migrated)?).context("Alembic's rows")?;
    let created = report(root, app, &environment, server, &created)?;
    let migrated = report(root, app, &environment, server, &migrated)?;
    Ok(judge(app, &rows, &created, &migrated))
}

/// Snapshots both sides of one database and compares them.
fn report(
    root: &Path,
    app: &App,
    environment: &Environment,
    server: &Server,
    database: &str,
) -> Result<Report> {
    let folder = root.join("target/apps");
    let file = |side: &str| folder.join(format!("{database}-{side}.json"));
    let driftglass = |words: &[&str]| {
        let mut command = Command::new(target(root).join("debug/driftglass"));
        command.args(words).arg("--python").arg(environment.python()).arg("--pg-bin").arg(server.binaries());
        command.envs(&app.environment).env("HOME", folder.join("home")).current_dir(&folder);
        command
    };
    let url = server.url(database);
    capture(driftglass(&["snapshot", &url, "--label", database]).arg("-o").arg(file("database")))?;
    let models = format!("models:{}", app.models);
    let output =
        driftglass(&["diff", &url, &models, "--format", "json"]).output().context("cannot run driftglass")?;
    ensure!(
        output.status.code() != Some(2),
        "{}: {}",
        app.name,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    capture(driftglass(&["snapshot", &models, "--beside", &url]).arg("-o").arg(file("models")))?;
    for side in ["database", "models"] {
        let file = file(side);
        let itself = driftglass(&["diff", "--format", "json"]).args([&file, &file]).output()?;
        let report: Report = serde_json::from_slice(&itself.stdout).context("the report is not JSON")?;
        ensure!(report.entries.is_empty(), "{} differs from itself", file.display());
    }
    serde_json::from_slice(&output.stdout).context("the report is not JSON")
}

fn judge(app: &App, rows: &[Row], created: &Report, migrated: &Report) -> Outcome {
    let listed = |list: &[Row], row: &Row| {
        list.iter().any(|known| known.op == row.op && glob(&known.object, &row.object))
    };
    let (imagined, real): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| listed(&app.false_rows, row));
    let (covered, real): (Vec<&Row>, Vec<&Row>) =
        real.into_iter().partition(|row| listed(&app.covered_rows, row));
    let is_shown = |row: &&Row| migrated.entries.iter().any(|entry| shows(entry, row));
    let (found, missed): (Vec<&Row>, Vec<&Row>) = real.into_iter().partition(is_shown);
    let mut wrong: Vec<String> =
        created.entries.iter().map(|entry| format!("differs from create_all: {}", entry.id)).collect();
    wrong.extend(missed.iter().map(|row| format!("missed: {} {}", row.op, row.object)));
    let echoed = imagined.iter().filter(is_shown_by(migrated));
    wrong.extend(echoed.map(|row| format!("imagined: {} {}", row.op, row.object)));
    Outcome {
        created: created.entries.len(),
        migrated: migrated.entries.len(),
        rows: rows.len(),
        imagined: imagined.len(),
        covered: covered.len(),
        found: found.len(),
        wrong,
    }
}

fn is_shown_by(report: &Report) -> impl Fn(&&&Row) -> bool {
    |row| report.entries.iter().any(|entry| shows(entry, row))
}

/// Whether an entry of the report says what a row of Alembic's says.
fn shows(entry: &Entry, row: &Row) -> bool {
    let (is_one_sided, detail) = match row.op.split_once('_') {
        Some(("add", _)) => (entry.change == "added", None),
        Some(("remove", _)) => (entry.change == "removed", None),
        Some((_, attribute)) => (entry.change == "altered", Some(attribute)),
        None => (false, None),
    };
    let same_attribute = detail.is_none_or(|detail| entry.attribute.as_deref() == Some(detail));
    // Alembic has no name for an unnamed constraint: `foreign_key:public.t.?`.
    is_one_sided && same_attribute && glob(&row.object.replace('?', "*"), &entry.id)
}

/// Matches `*` with anything.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| glob(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(op: &str, object: &str) -> Row {
        Row { op: op.to_owned(), object: object.to_owned() }
    }

    #[test]
    fn rows_and_entries_are_matched_by_what_they_say() {
        let entry = |id: &str, change: &str, attribute: Option<&str>| Entry {
            id: id.to_owned(),
            change: change.to_owned(),
            attribute: attribute.map(str::to_owned),
        };
        let added = entry("foreign_key:public.t.t_a_fkey", "added", None);
        assert!(shows(&added, &row("add_fk", "foreign_key:public.t.?")));
        assert!(!shows(&added, &row("remove_fk", "foreign_key:public.t.?")));
        assert!(!shows(&added, &row("add_fk", "foreign_key:public.u.?")));
        let typed = entry("column:public.t.c", "altered", Some("type"));
        assert!(shows(&typed, &row("modify_type", "column:public.t.c")));
        assert!(!shows(&typed, &row("modify_nullable", "column:public.t.c")));
    }

    #[test]
    fn missed_and_imagined_rows_are_told() {
        let app = App {
            name: String::new(),
            requirement: String::new(),
            extra_requirements: Vec::new(),
            models: String::new(),
            environment: [].into(),
            false_rows: vec![row("add_index", "index:public.t.*")],
            covered_rows: Vec::new(),
        };
        let rows = [row("add_index", "index:public.t.ix"), row("add_column", "column:public.t.c")];
        let shown = Entry { id: "index:public.t.ix".into(), change: "added".into(), attribute: None };
        let migrated = Report { entries: vec![shown] };
        let outcome = judge(&app, &rows, &Report { entries: Vec::new() }, &migrated);
        assert_eq!(
            outcome.wrong,
            ["missed: add_column column:public.t.c", "imagined: add_index index:public.t.ix"]
        );
    }
}
