//! The bill of materials: every crate that is in the command, with the page's, as CycloneDX has it.
//!
//! maturin would write one too, but without the page, with the paths of the machine, and other bytes each time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, iter};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::shell::{capture, cargo};
use crate::wasm::TARGET;

/// The command for every machine that it is built for, and the page inside it.
const PARTS: [(&str, &str); 2] = [("driftglass", "all"), ("web", TARGET)];

/// What the file is called, also within the wheel.
pub(crate) const FILE: &str = "driftglass.cyclonedx.json";

/// A crate: its name and version.
type Name = (String, String);

/// What is known of a crate.
#[derive(Default)]
struct Part {
    licence: String,
    needs: BTreeSet<Name>,
}

/// Writes it beside the command's manifest, below which maturin looks for it; gives its path. The same tree gives the same
/// bytes.
///
/// # Errors
/// Where cargo cannot list what is depended on.
pub(crate) fn write(root: &Path) -> Result<PathBuf> {
    let mut parts = BTreeMap::new();
    for (package, target) in PARTS {
        let mut tree = cargo();
        tree.args(["tree", "--locked", "--package", package, "--target", target, "--edges", "normal,build"]);
        tree.args(["--prefix", "depth", "--format", " {p}|{l}"]);
        read(&capture(tree.current_dir(root))?, &mut parts)?;
    }
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let path = root.join("crates/driftglass").join(FILE);
    let text = serde_json::to_string_pretty(&bill(&parts, &checksums(&lock))?)?;
    fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Reads lines of `cargo tree`: the depth, the crate and its licence. What a crate needs is one deeper than it; of one that
/// has been listed before the name stands alone.
fn read(tree: &str, parts: &mut BTreeMap<Name, Part>) -> Result<()> {
    let mut above: Vec<Name> = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let (depth, rest) = line.split_once(' ').context("a line of cargo tree begins with its depth")?;
        let (what, licence) = rest.split_once('|').context("a line of cargo tree ends with a licence")?;
        let mut words = what.split(' ');
        let name = words.next().unwrap_or_default().to_owned();
        let version = words.next().and_then(|version| version.strip_prefix('v'));
        let name = (name, version.context("a crate has a version")?.to_owned());
        above.truncate(depth.parse().with_context(|| format!("{depth:?} is no depth"))?);
        if let Some(parent) = above.last() {
            parts.entry(parent.clone()).or_default().needs.insert(name.clone());
        }
        let licence = licence.trim_end_matches(" (*)").replace('/', " OR ");
        parts.entry(name.clone()).or_default().licence = licence;
        above.push(name);
    }
    Ok(())
}

/// The SHA-256 of each crate that comes from a registry.
fn checksums(lock: &str) -> BTreeMap<Name, String> {
    let value = |part: &str, key: &str| {
        let lines = part.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
        lines.map(|value| value.trim_end_matches('"').to_owned())
    };
    let read = |part: &str| Some(((value(part, "name")?, value(part, "version")?), value(part, "checksum")?));
    lock.split("[[package]]").filter_map(read).collect()
}

fn bill(parts: &BTreeMap<Name, Part>, checksums: &BTreeMap<Name, String>) -> Result<Value> {
    let reference = |(name, version): &Name| format!("pkg:cargo/{name}@{version}");
    let component = |name: &Name, part: &Part| {
        let mut found = json!({
            "type": "library", "bom-ref": reference(name), "purl": reference(name), "name": name.0, "version": name.1,
        });
        if !part.licence.is_empty() {
            found["licenses"] = json!([{ "expression": part.licence }]);
        }
        if let Some(sum) = checksums.get(name) {
            found["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
        }
        found
    };
    let (command, page) = (named(parts, "driftglass")?, named(parts, "web")?);
    let mut main = component(command, &parts[command]);
    main["type"] = json!("application");
    let others = parts.iter().filter(|(name, _)| *name != command);
    let needs = |(name, part): (&Name, &Part)| {
        let inside = iter::once(page).filter(|_| name == command);
        let all: BTreeSet<String> = part.needs.iter().chain(inside).map(reference).collect();
        json!({ "ref": reference(name), "dependsOn": all })
    };
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": main },
        "components": others.map(|(name, part)| component(name, part)).collect::<Vec<_>>(),
        "dependencies": parts.iter().map(needs).collect::<Vec<_>>(),
    }))
}

fn named<'p>(parts: &'p BTreeMap<Name, Part>, wanted: &str) -> Result<&'p Name> {
    parts.keys().find(|(name, _)| name == wanted).with_context(|| format!("cargo tree lists no {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read() {
        let mut parts = BTreeMap::new();
        let tree = "0 driftglass v0.1.0 (/home/me/crates/driftglass)|MIT\n1 a v1.0.0|MIT/Apache-2.0\n2 c v3.0.0 (proc-macro)|MIT\n\
                    1 b v2.0.0|\n2 a v1.0.0|MIT/Apache-2.0 (*)\n0 web v0.1.0|MIT\n";
        read(tree, &mut parts).unwrap();
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"12ab\"\n\n[[package]]\nname = \"web\"\n";
        let bill = bill(&parts, &checksums(lock)).unwrap();
        let names: Vec<_> =
            bill["components"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, ["a", "b", "c", "web"]);
        assert_eq!(bill["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "12ab");
        let needs = |at: usize| bill["dependencies"][at]["dependsOn"].clone();
        assert_eq!(needs(1), json!(["pkg:cargo/a@1.0.0"]));
        assert_eq!(needs(3), json!(["pkg:cargo/a@1.0.0", "pkg:cargo/b@2.0.0", "pkg:cargo/web@0.1.0"]));
        assert!(!bill.to_string().contains("/home"), "no path of a machine");
    }
}
