//! The forms of a report: which there are, how a file's name tells one, and what is written in each.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::ValueEnum;
use diff_core::render::text::{TextOptions, text};
use diff_core::render::{self, Checkout, Run, json};
use diff_core::{Compared, DiffOptions, Entry, PlanOptions, Snapshot, plan, plan_selected};

use crate::{config, output, page};

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the console.
    Text,
    /// The whole report: docs/schemas/report-1.json.
    Json,
    /// The SQL from OLD to NEW.
    Sql,
    /// A comment on a pull request.
    Markdown,
    /// The page with both snapshots in it, in one file.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML, for CI servers.
    Junit,
    /// Annotations of GitHub's, and the summary of the step.
    Github,
    /// Code quality of GitLab's.
    Gitlab,
}

impl Format {
    /// How it is typed.
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The form that a file's name tells.
    fn of_name(name: &str) -> Option<Self> {
        const ENDINGS: [(&str, Format); 9] = [
            // The longer ones first: they end in a shorter one too.
            ("gl-code-quality-report.json", Format::Gitlab),
            (".sarif.json", Format::Sarif),
            (".sarif", Format::Sarif),
            (".json", Format::Json),
            (".md", Format::Markdown),
            (".html", Format::Html),
            (".xml", Format::Junit),
            (".txt", Format::Text),
            (".sql", Format::Sql),
        ];
        ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
    }
}

/// What there is a JSON Schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// Snapshot files.
    Snapshot,
    /// `check` and `diff --format json`.
    Report,
    /// `plan --format json`.
    Plan,
    /// `compare --format json`.
    Compare,
    /// `lint --format json`.
    Lint,
    /// Files of accepted differences.
    Baseline,
    /// The index of a place where snapshots are published.
    History,
}

impl Schema {
    /// The schema, as it is published.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Snapshot => include_str!("../../../docs/schemas/snapshot-1.json"),
            Self::Report => include_str!("../../../docs/schemas/report-1.json"),
            Self::Plan => include_str!("../../../docs/schemas/plan-1.json"),
            Self::Compare => include_str!("../../../docs/schemas/compare-1.json"),
            Self::Lint => include_str!("../../../docs/schemas/lint-1.json"),
            Self::Baseline => include_str!("../../../docs/schemas/baseline-1.json"),
            Self::History => include_str!("../../../docs/schemas/history-1.json"),
        }
    }
}

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    format: Format,
    path: PathBuf,
}

impl Output {
    /// Reads `FILE` or `FORMAT=FILE`.
    pub(crate) fn parse(typed: &str) -> Result<Self, String> {
        if store::is_address(typed) {
            return Err("a report is written to a file; snapshots alone can be kept in a store".to_owned());
        }
        let known = || Format::value_variants().iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
        let (format, path) = match typed.split_once('=') {
            // A folder may have a `=` in its name: then the file's name tells.
            Some((word, path)) if word.chars().all(char::is_alphanumeric) => {
                let found = Format::from_str(word, false);
                (Some(found.map_err(|_| format!("there is no form {word:?}; there are {}", known()))?), path)
            }
            _ => (Format::of_name(typed), typed),
        };
        if path.is_empty() {
            return Err("the file's name is missing".to_owned());
        }
        let format = format.ok_or_else(|| {
            format!("the file's name tells no form; write FORMAT={path}, where FORMAT is one of {}", known())
        })?;
        Ok(Self { format, path: PathBuf::from(path) })
    }
}

/// A comparison that is to be told.
pub(crate) struct Outcome<'a> {
    pub(crate) old: &'a Snapshot,
    pub(crate) new: &'a Snapshot,
    pub(crate) compared: &'a Compared,
    pub(crate) options: &'a DiffOptions,
    /// The differences that fail the run.
    pub(crate) stopped: Vec<&'a Entry>,
    /// How a terminal shows it.
    pub(crate) text: TextOptions,
}

impl Outcome<'_> {
    /// Prints it, and writes it to the files.
    pub(crate) fn tell(&self, format: Format, outputs: &[Output]) -> Result<()> {
        if format == Format::Html && io::stdout().is_terminal() {
            bail!("--format html is a page of a megabyte: write it to a file, with -o report.html");
        }
        let checkout = checkout()?;
        // First what cannot fail: nothing is lost where a file cannot be written.
        output::print(&self.render(format, &checkout, self.text)?)?;
        for Output { format, path } in outputs {
            output::write_file(path, &self.render(*format, &checkout, FILE)?)?;
        }
        if format == Format::Github {
            self.summarize(&checkout)?;
        }
        Ok(())
    }

    fn render(&self, format: Format, checkout: &Checkout, options: TextOptions) -> Result<String> {
        let report = &self.compared.report;
        let run = Run::new(report, &self.stopped, checkout);
        Ok(match format {
            Format::Text => text(report, TextOptions { verbose: self.text.verbose, ..options }),
            Format::Json => json(report),
            Format::Sql => self.sql()?,
            Format::Markdown => render::markdown(&run),
            Format::Html => page::report(&[self.old.clone(), self.new.clone()])?,
            Format::Sarif => render::sarif(&run),
            Format::Junit => render::junit(&run, &self.compared.scope(self.old, self.new, self.options)),
            Format::Github => render::github(&run),
            Format::Gitlab => render::gitlab(&run),
        })
    }

    fn sql(&self) -> Result<String> {
        let planning = PlanOptions { diff: self.options.clone(), ..PlanOptions::default() };
        let told = self.compared.report.entries_by_object().into_keys().cloned().collect();
        let plan = match self.options.accepted.is_empty() {
            true => plan(self.old, self.new, &planning)?,
            false => plan_selected(self.old, self.new, &planning, &told)?,
        };
        Ok(render::sql(&plan))
    }

    /// Adds the comment to the summary of the step, where GitHub's runner takes one.
    fn summarize(&self, checkout: &Checkout) -> Result<()> {
        match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
            Some(path) => {
                output::append(Path::new(&path), &self.render(Format::Markdown, checkout, self.text)?)
            }
            None => Ok(()),
        }
    }
}

/// How text is laid out in a file.
const FILE: TextOptions = TextOptions { width: 100, color: false, verbose: false };

/// Where the run stands: in the repository that CI names, else in the one that git keeps, else in the working folder.
fn checkout() -> Result<Checkout> {
    let here = std::env::current_dir()?;
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().filter_map(std::env::var_os);
    let named = named.filter_map(|folder| PathBuf::from(folder).canonicalize().ok());
    let kept = || here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
    let root = named.into_iter().find(|root| here.starts_with(root)).or_else(kept);
    let root = root.unwrap_or_else(|| here.clone());
    let inside = |path: &Path| path.strip_prefix(&root).map(|it| it.to_string_lossy().into_owned());
    let settings = config::path(&here).unwrap_or_else(|| here.join(config::FILE));
    let checkout = Checkout {
        folder: inside(&here).unwrap_or_default(),
        // Settings above the repository are none of it.
        settings: inside(&settings).unwrap_or_else(|_| config::FILE.to_owned()),
        root: root.to_string_lossy().into_owned(),
    };
    ensure!(checkout.root.starts_with('/'), "the working folder has no absolute path");
    Ok(checkout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read() {
        for (typed, format, path) in [
            ("a.json", Format::Json, "a.json"),
            ("out/gl-code-quality-report.json", Format::Gitlab, "out/gl-code-quality-report.json"),
            ("a.sarif", Format::Sarif, "a.sarif"),
            ("a.sarif.json", Format::Sarif, "a.sarif.json"),
            ("a.xml", Format::Junit, "a.xml"),
            ("a.md", Format::Markdown, "a.md"),
            ("a.html", Format::Html, "a.html"),
            ("a.txt", Format::Text, "a.txt"),
            ("a.sql", Format::Sql, "a.sql"),
            ("github=a.json", Format::Github, "a.json"),
            ("sarif=odd", Format::Sarif, "odd"),
            ("./a=b/c.json", Format::Json, "./a=b/c.json"),
        ] {
            assert_eq!(Output::parse(typed), Ok(Output { format, path: PathBuf::from(path) }), "{typed}");
        }
        for (typed, reason) in [
            ("report", "tells no form; write FORMAT=report, where FORMAT is one of text, json"),
            ("yaml=a.json", "there is no form \"yaml\"; there are text, json, sql, markdown, html, sarif"),
            ("json=", "the file's name is missing"),
            ("s3://bucket/a.json", "a report is written to a file"),
        ] {
            let refused = Output::parse(typed).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
