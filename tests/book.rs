//! The book: every command in it that people are shown with its output is run, and prints what stands there.
//!
//! A chapter's blocks of `console` run in their order, in a copy of `docs/examples/start` with a server of their own.
//! `…` stands for any lines, or for the rest of a line. What is needed and not shown stands in comments that begin with
//! `$`; `<!-- file NAME -->` makes a file of the block that follows. `DRIFTGLASS_BOOK=write` writes the outputs anew, where they leave nothing out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use snapshot::Server;
use tests::{Ran, root, run, setting};

/// The URL in the book's words.
const URL: &str = "postgresql://postgres@localhost/shop";

/// Chapters with commands that are run.
fn chapters() -> Vec<PathBuf> {
    let docs = root().join("docs");
    let files =
        ["recipes", "coming-from"].into_iter().flat_map(|folder| fs::read_dir(docs.join(folder)).unwrap());
    let mut all: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .chain([docs.join("start.md"), root().join("README.md")])
        .collect();
    all.sort();
    all
}

/// A command, where in the chapter it stands, and what it is said to print; nothing is said of a hidden one. A file
/// that is shown is a command that writes it.
struct Shown {
    line: usize,
    command: String,
    output: Option<Vec<String>>,
}

/// The commands of a chapter, hidden ones included.
fn commands(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut is_console = false;
    let mut file: Option<(usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some((began, content)) = &mut file {
            match line {
                "```" if content.contains('\n') => {
                    content.push_str("END-OF-FILE");
                    found.push(Shown { line: *began, command: content.clone(), output: None });
                    file = None;
                }
                _ if line.starts_with("```") || (line.is_empty() && !content.contains('\n')) => {
                    content.push_str(if line.is_empty() { "" } else { "\n" });
                }
                _ => {
                    content.push_str(line);
                    content.push('\n');
                }
            }
            continue;
        }
        let named = line.strip_prefix("<!-- file ").and_then(|line| line.strip_suffix(" -->"));
        if let Some(name) = named {
            file = Some((at, format!("cat > {name} <<'END-OF-FILE'")));
            continue;
        }
        let hidden = line.strip_prefix("<!-- $ ").and_then(|line| line.strip_suffix(" -->"));
        if let Some(command) = hidden {
            found.push(Shown { line: at, command: command.to_owned(), output: None });
        } else if line.starts_with("```") {
            is_console = line == "```console";
        } else if is_console {
            match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    found.push(Shown { line: at, command: command.to_owned(), output: Some(Vec::new()) });
                }
                (None, Some(last)) if last.command.ends_with('\\') => {
                    last.command.push('\n');
                    last.command.push_str(line);
                }
                (None, Some(Shown { output: Some(output), .. })) => output.push(line.to_owned()),
                _ => panic!("line {}: a block begins without a command", at + 1),
            }
        }
    }
    found
}

/// A project as the book has it, and its server.
struct Project {
    folder: tempfile::TempDir,
    server: Server,
    variables: BTreeMap<String, String>,
}

impl Project {
    fn new(runtime: &tokio::runtime::Runtime) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("docs/examples/start"), folder.path());
        std::os::unix::fs::symlink(root().join("snapshots"), folder.path().join("snapshots")).unwrap();
        let environment = setting("DRIFTGLASS_VENVS").join("alembic");
        std::os::unix::fs::symlink(&environment, folder.path().join(".venv")).unwrap();
        let binaries = setting("DRIFTGLASS_TEST_PG_BIN");
        let server = runtime.block_on(Server::start(&binaries, None)).unwrap();
        let programs = folder.path().join(".programs");
        fs::create_dir(&programs).unwrap();
        std::os::unix::fs::symlink(setting("DRIFTGLASS"), programs.join("driftglass")).unwrap();
        let path = [&programs, &environment.join("bin"), &binaries]
            .map(|folder| folder.display().to_string())
            .join(":");
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let variables = [
            own("PATH", &format!("{path}:{}", std::env::var("PATH").unwrap())),
            own("PGHOST", &server.folder().display().to_string()),
            own("PGUSER", "postgres"),
            own("PGDATABASE", "shop"),
            own("HOME", &folder.path().display().to_string()),
            own("COLUMNS", "100"),
            own("LC_ALL", "C.UTF-8"),
            own("PYTHONDONTWRITEBYTECODE", "1"),
            own("DRIFTGLASS_PG_BIN", &binaries.display().to_string()),
        ];
        let project = Self { folder, server, variables: variables.into() };
        assert_eq!(project.run("createdb shop").status, 0);
        project
    }

    /// Runs a command as a user in the project's folder would; an `export` holds for those that follow.
    fn run(&self, command: &str) -> Ran {
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(self.folder.path());
        run(bash.env_clear().envs(&self.variables))
    }

    fn step(&mut self, command: &str) -> Ran {
        if let Some((name, value)) = command.strip_prefix("export ").and_then(|words| words.split_once('=')) {
            let value = if value == URL { self.server.url("shop") } else { value.to_owned() };
            self.variables.insert(name.to_owned(), value);
            return Ran { status: 0, stdout: String::new(), stderr: String::new() };
        }
        // The wheel's own tests install it.
        if command == "pip install driftglass" {
            return Ran { status: 0, stdout: String::new(), stderr: String::new() };
        }
        self.run(command)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        match path.is_dir() {
            true if name == "__pycache__" => {}
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

/// What was printed, without what is another each time.
fn settled(ran: &Ran) -> Vec<String> {
    let lines = ran.stdout.trim_end().lines();
    let time = |line: &str| match line.find("taken 20") {
        Some(at) => format!("{}2026-11-23T04:00:00Z{}", &line[..at + 6], &line[at + 26..]),
        None => line.to_owned(),
    };
    let day = |line: String| match line.starts_with("Create Date: ") {
        true => "Create Date: 2026-11-23 04:00:00".to_owned(),
        false => line,
    };
    lines.map(|line| day(time(line)).trim_end().to_owned()).collect()
}

/// Whether lines are as they are shown; `…` is any number of lines, or the rest of one.
fn is_as_shown(shown: &[String], found: &[String]) -> bool {
    match shown.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=found.len()).any(|skipped| is_as_shown(rest, &found[skipped..]))
        }
        Some((line, rest)) => found.split_first().is_some_and(|(first, others)| {
            let is_same = match line.split_once('…').filter(|(_, after)| !after.contains('…')) {
                Some((before, after)) => {
                    line == first
                        || first.len() >= before.len() + after.len()
                            && first.starts_with(before)
                            && first.ends_with(after)
                }
                None => line == first,
            };
            is_same && is_as_shown(rest, others)
        }),
    }
}

/// Runs a chapter; gives it as it should be.
fn checked(path: &Path, runtime: &tokio::runtime::Runtime) -> String {
    let text = fs::read_to_string(path).unwrap();
    let all = commands(&text);
    if all.is_empty() {
        return text;
    }
    let mut project = Project::new(runtime);
    let lines: Vec<&str> = text.lines().collect();
    let (mut written, mut next) = (Vec::new(), 0);
    for shown in &all {
        let ran = project.step(&shown.command);
        let found = settled(&ran);
        let Some(output) = &shown.output else {
            let at = format!("{}:{}", path.display(), shown.line + 1);
            assert_eq!(ran.status, 0, "{at}: {}\n{}", shown.command, found.join("\n"));
            continue;
        };
        let first = shown.line + shown.command.lines().count();
        written.extend(lines[next..first].iter().map(|line| (*line).to_owned()));
        next = first + output.len();
        // An empty line before the next command is the block's own.
        let trailing = output.iter().rev().take_while(|line| line.is_empty()).count();
        let said = &output[..output.len() - trailing];
        match is_as_shown(said, &found) || said.iter().any(|line| line.trim() == "…") {
            true if is_as_shown(said, &found) => written.extend(said.iter().cloned()),
            true => written.extend([format!("DIFFERS: {}", shown.command)].into_iter().chain(found)),
            false => written.extend(found),
        }
        written.extend(output[output.len() - trailing..].iter().cloned());
    }
    written.extend(lines[next..].iter().map(|line| (*line).to_owned()));
    written.join("\n") + "\n"
}

#[test]
fn every_command_of_the_book_prints_what_it_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let is_written = std::env::var_os("DRIFTGLASS_BOOK").is_some_and(|value| value == "write");
    let mut stale = Vec::new();
    for path in chapters() {
        let (text, found) = (fs::read_to_string(&path).unwrap(), checked(&path, &runtime));
        if text == found {
            continue;
        }
        if is_written && !found.contains("DIFFERS: ") {
            fs::write(&path, &found).unwrap();
        } else {
            let others = found.lines().filter(|line| !text.contains(line)).collect::<Vec<_>>().join("\n");
            stale.push(format!("{}:\n{others}", path.display()));
        }
    }
    assert!(
        stale.is_empty(),
        "DRIFTGLASS_BOOK=write writes anew what leaves nothing out\n{}",
        stale.join("\n\n")
    );
}

#[test]
fn what_is_left_out_may_be_anything() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (shown, found, expected) in [
        ("a\nb", "a\nb", true),
        ("a\n…", "a\nb\nc", true),
        ("a\n…\nc", "a\nb\nc", true),
        ("a\n…\nd", "a\nb\nc", false),
        ("one …", "one two", true),
        ("one … three", "one two three", true),
        ("one …", "two", false),
        ("a", "a\nb", false),
    ] {
        assert_eq!(is_as_shown(&lines(shown), &lines(found)), expected, "{shown:?} {found:?}");
    }
}

/// The relative links of a document, without what stands behind `#`.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        if is_code || line.starts_with("    ") {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                found.push(target.to_owned());
            }
        }
    }
    found
}

#[test]
fn links_lead_somewhere_and_every_chapter_is_in_the_book() {
    let docs = root().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let listed: Vec<PathBuf> = links(&summary).iter().map(|link| docs.join(link)).collect();
    let top = fs::read_dir(&docs).unwrap().map(|file| file.unwrap().path());
    let mut all: Vec<PathBuf> = top.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    all.extend(chapters());
    for path in &all {
        // Those who read the book do not build the program.
        let is_apart =
            path.ends_with("SUMMARY.md") || path.ends_with("README.md") || path.ends_with("dependencies.md");
        assert!(is_apart || listed.contains(path), "{} is not in docs/SUMMARY.md", path.display());
    }
    for path in all.into_iter().chain(["ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name))) {
        for link in links(&fs::read_to_string(&path).unwrap()) {
            let target = path.parent().unwrap().join(&link);
            assert!(target.exists(), "{}: {link} leads nowhere", path.display());
        }
    }
}
