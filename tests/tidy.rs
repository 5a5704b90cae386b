//! What the project has decided about itself.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use diff_core::Kind;
use strum::IntoEnumIterator;
use tests::{root, run};

/// Who may depend on whom: `driftglass → snapshot → diff-core ← viewer ← web`, a store below the first two, and the two ends never meet. The
/// command puts snapshots into the page's one-file form, whose shape is the viewer's.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("diff-core", &[]),
    ("store", &[]),
    ("snapshot", &["diff-core", "store"]),
    ("viewer", &["diff-core"]),
    ("driftglass", &["diff-core", "snapshot", "store", "viewer"]),
    ("web", &["diff-core", "viewer"]),
    ("embedded", &[]),
    // Its servers are those of the shadow database; the large pair that it measures with is the viewer's.
    ("xtask", &["diff-core", "snapshot", "store", "viewer"]),
];

fn cargo_tree(package: &str) -> BTreeSet<String> {
    let mut command = Command::new("cargo");
    command.args([
        "tree",
        "--offline",
        "--package",
        package,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{lib}",
    ]);
    let ran = run(command.current_dir(root()));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| line.replace('_', "-")).collect()
}

#[test]
fn dependencies_point_one_way() {
    for (package, allowed) in ALLOWED {
        let found = cargo_tree(package);
        for (other, _) in ALLOWED.iter().filter(|(other, _)| *other != package) {
            assert!(!found.contains(*other) || allowed.contains(other), "{package} depends on {other}");
        }
    }
}

#[test]
fn the_core_knows_no_server_and_no_browser() {
    let found = cargo_tree("diff-core");
    for banned in ["tokio", "tokio-postgres", "web-sys", "js-sys", "wasm-bindgen", "clap"] {
        assert!(!found.contains(banned), "diff-core depends on {banned}");
    }
    let found = cargo_tree("web");
    // `regex` alone would double the page.
    for banned in ["tokio-postgres", "rustls", "clap", "regex"] {
        assert!(!found.contains(banned), "web depends on {banned}");
    }
}

#[test]
fn the_diff_names_no_kind() {
    let text = std::fs::read_to_string(root().join("crates/diff-core/src/diff.rs")).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    for kind in Kind::iter() {
        for name in [format!("Kind::{kind:?}"), format!("Body::{kind:?}")] {
            assert!(!code.contains(&name), "diff.rs names {name}");
        }
    }
}

#[test]
fn every_dependency_earns_its_place() {
    let docs = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let own: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).chain(["fuzz-input", "outputs"]).collect();
    for manifest in manifests() {
        let text = std::fs::read_to_string(&manifest).unwrap();
        let mut is_dependencies = false;
        for line in text.lines() {
            if line.starts_with('[') {
                is_dependencies = line.contains("dependencies]");
                if let Some(name) = line.strip_prefix("[dependencies.") {
                    assert_said(&docs, name.trim_end_matches(']'), &manifest);
                }
                continue;
            }
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            if is_dependencies && name.starts_with(|c: char| c.is_alphanumeric()) && !own.contains(&name) {
                assert_said(&docs, name, &manifest);
            }
        }
    }
}

/// What it is for stands in the first part, who keeps it in the second.
#[track_caller]
fn assert_said(docs: &str, name: &str, manifest: &Path) {
    let (what_for, who) = docs.split_once("## Who keeps them").unwrap();
    for (part, lacks) in [(what_for, "what it is for"), (who, "who keeps it")] {
        let is_said = part.contains(&format!("`{name}`"));
        assert!(is_said, "{} uses {name}, docs/dependencies.md does not say {lacks}", manifest.display());
    }
}

/// What is forbidden cannot be allowed further down: the compiler sees to that.
#[test]
fn nothing_is_unsafe() {
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
    for manifest in files("Cargo.toml").iter().filter(|manifest| *manifest != "Cargo.toml") {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} does not take the lints of all");
    }
}

fn manifests() -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> =
        tests::folders(&root().join("crates")).iter().map(|folder| folder.join("Cargo.toml")).collect();
    found.extend(
        ["web", "tests", "tests/fuzz-input", "tests/outputs"].map(|it| root().join(it).join("Cargo.toml")),
    );
    found
}

fn files(text: &str) -> Vec<String> {
    let mut command = Command::new("git");
    command.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    run(&mut command).stdout.lines().filter(|file| file.ends_with(text)).map(str::to_owned).collect()
}

#[test]
fn files_have_one_subject() {
    const LONGEST: usize = 500;
    let sources = files(".rs");
    assert!(sources.len() > 30, "git lists the sources");
    for file in sources {
        let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&text).lines().count();
        assert!(lines <= LONGEST, "{file} has {lines} lines of code");
    }
}

#[test]
fn modules_say_what_they_are_for() {
    for file in files(".rs") {
        let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
        assert!(text.is_empty() || text.starts_with("//!"), "{file} does not begin with //!");
    }
}
