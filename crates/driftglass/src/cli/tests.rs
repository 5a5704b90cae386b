//! The definition, and what the documents say of it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::*;

/// Columns of the commands' help in the documents.
const WIDTH: usize = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn the_reference_is_of_the_definition() {
    let mut text = "# Commands\n\nEvery command, as `driftglass help` tells it. What all of them know stands once, at the end of the first \
                    block.\n"
        .to_owned();
    let mut command = Cli::command().term_width(WIDTH);
    command.build();
    let mut told = |name: &str, help: String| {
        let help = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        text.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help.trim()));
    };
    told("driftglass", command.render_long_help().to_string());
    for one in command.get_subcommands_mut().filter(|one| !one.is_hide_set() && one.get_name() != "help") {
        // These are the same everywhere, and stand there already.
        let mut one = one.clone().mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
        let name = format!("driftglass {}", one.get_name());
        one = one.bin_name(name.clone()).term_width(WIDTH);
        told(&name, one.render_long_help().to_string());
    }
    let path = root().join("docs/commands.md");
    if std::env::var_os("DRIFTGLASS_COMMANDS").is_some_and(|value| value == "write") {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/commands.md is not of this definition: DRIFTGLASS_COMMANDS=write makes it anew"
    );
}

/// Every Markdown file that people read.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|end| end == "md") && !path.ends_with("CHANGELOG.md") {
            found.push(path);
        }
    }
}

/// The commands in a document: lines of code, and code within a line. What stands behind is the shell's.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let line_of_code = if is_code { Some(line.trim()) } else { line.strip_prefix("    ").map(str::trim) };
        if let Some(code) = line_of_code {
            let code =
                code.trim_start_matches("$ ").trim_start_matches("- run: ").trim_start_matches("script: ");
            found.extend(code.starts_with("driftglass ").then(|| code.to_owned()));
        } else {
            let spans = line.split('`').skip(1).step_by(2);
            found.extend(spans.filter(|span| span.starts_with("driftglass ")).map(str::to_owned));
        }
    }
    let ends = [" #", " | ", " > ", "; ", " && ", " 2>"];
    let cut = |code: String| ends.iter().fold(code, |code, end| code.split(end).next().unwrap().to_owned());
    found.into_iter().map(cut).filter(|code| !code.contains('…') && !code.ends_with('\\')).collect()
}

#[test]
fn every_command_in_the_documents_is_one() {
    let mut files = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    documents(&root().join("docs"), &mut files);
    let mut count = 0;
    for path in files {
        for code in commands(&fs::read_to_string(&path).unwrap()) {
            let words = shlex::split(&code).unwrap_or_else(|| panic!("{}: {code}", path.display()));
            // As the shell does it where there are two such files.
            let expanded = |word: &String| match word.ends_with("*.json") {
                true => ["1", "2"].map(|name| word.replace('*', name)).to_vec(),
                false => vec![word.clone()],
            };
            let words: Vec<String> = words.iter().flat_map(expanded).collect();
            // Help is an answer too.
            if let Err(error) =
                Cli::try_parse_from(&words).map(drop).or_else(|error| match error.use_stderr() {
                    true => Err(error),
                    false => Ok(()),
                })
            {
                // `driftglass check` within a sentence may be about the command itself.
                let is_name =
                    words.len() <= 2 && error.kind() == clap::error::ErrorKind::MissingRequiredArgument;
                assert!(is_name, "{}: {code}\n{error}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 100, "only {count} commands were found");
}
