//! Builds the page: compiles it to WASM, makes the JavaScript beside it, and puts all files into one folder.
//!
//! `trunk serve` builds the same page from the same sources; this needs no other program than cargo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::one_file;
use crate::shell::without_folders;
use crate::wasm::{self, TARGET};

/// Compiles the page and returns its folder, `target/www`: files that any web server can offer as they are.
///
/// # Errors
/// Fails if nothing here can compile for WASM, or the page does not compile.
pub(crate) fn build(root: &Path) -> Result<PathBuf> {
    // What plans is a module of its own, which the page loads when it is first needed.
    let modules = [("web", &["--no-default-features"][..]), ("plans", &[])];
    // Not `target/page`: cargo itself keeps there what it builds for the profile `page`.
    let page = root.join("target/www");
    // Beside the old page until it is whole: a page that is being looked at is never half a page.
    let next = root.join("target/www.next");
    remove(&next)?;
    fs::create_dir_all(&next).with_context(|| format!("cannot make {}", next.display()))?;
    for (name, features) in modules {
        bind(&compile(root, "web", features)?, name, &next)?;
    }
    assemble(&root.join("web"), &next)?;
    tighten(&next)?;
    one_file::write(&next)?;
    remove(&page)?;
    fs::rename(&next, &page).with_context(|| format!("cannot move the page to {}", page.display()))?;
    Ok(page)
}

/// Runs cargo with the toolchain that knows WASM; gives the module of the program that is called like its package. Whether
/// there is anything to do, cargo knows best.
pub(crate) fn compile(root: &Path, package: &str, features: &[&str]) -> Result<PathBuf> {
    let toolchain = wasm::toolchain()?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut command = wasm::cleared(Command::new("cargo"));
    let status = without_folders(&mut command, root)
        .args(["build", "--package", package, "--bin", package, "--profile", "page", "--target", TARGET])
        .args(features)
        .env("RUSTUP_TOOLCHAIN", toolchain)
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "{package} does not compile for browsers");
    Ok(root.join(target).join(TARGET).join("page").join(package).with_extension("wasm"))
}

/// Makes the module fit for browsers, and the JavaScript that calls it.
pub(crate) fn bind(module: &Path, name: &str, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        // The page and its workers run the same plain script: workers take no modules where a page is opened from disk.
        .no_modules(true)
        .and_then(|bindgen| bindgen.remove_name_section(true).typescript(false).generate(out))
        .with_context(|| format!("cannot make JavaScript for {}", module.display()))?;
    number_names(&[out.join(format!("{name}.js")), out.join(format!("{name}_bg.wasm"))])
}

/// Numbers the names that a script and its module call each other by. They end in hashes, which nothing can pack, and
/// which other compilers make otherwise.
fn number_names(files: &[PathBuf]) -> Result<()> {
    let mut numbers = BTreeMap::new();
    for path in files {
        let mut bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        number(&mut bytes, &mut numbers);
        fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Puts a number of 16 digits where a name ends in a hash of 16: nothing else moves.
fn number(bytes: &mut [u8], numbers: &mut BTreeMap<Vec<u8>, usize>) {
    let mut end = 0;
    while let Some(start) = bytes[end..].windows(4).position(|four| four == b"__wb") {
        let start = end + start;
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        end = start + bytes[start..].iter().take_while(is_name).count();
        let name = bytes[start..end].to_vec();
        let parts = name.split_last_chunk::<16>();
        if parts.is_some_and(|(rest, hash)| rest.ends_with(b"_") && hash.iter().all(u8::is_ascii_hexdigit)) {
            let next = numbers.len();
            let number = numbers.entry(name).or_insert(next);
            bytes[end - 16..end].copy_from_slice(format!("{number:016x}").as_bytes());
        }
    }
}

/// Copies what `index.html` asks Trunk for, and rewrites its links to what was copied.
fn assemble(web: &Path, out: &Path) -> Result<()> {
    let source = web.join("index.html");
    let html = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let mut written = String::with_capacity(html.len());
    for line in html.lines() {
        let Some(link) = Link::read(line) else {
            written.push_str(line);
            written.push('\n');
            continue;
        };
        let (from, name) = (web.join(&link.href), file_name(&link.href)?);
        let indent = &line[..line.len() - line.trim_start().len()];
        let element = match link.rel.as_str() {
            "css" => format!("{indent}<link rel=\"stylesheet\" href=\"{name}\">\n"),
            "icon" => format!("{indent}<link rel=\"icon\" href=\"{name}\" type=\"image/svg+xml\">\n"),
            "rust" => ["web.js", "boot.js"]
                .map(|file| format!("{indent}<script src=\"{file}\" defer></script>\n"))
                .concat(),
            "copy-file" | "copy-dir" => String::new(),
            other => bail!("{}: data-trunk rel={other:?} is not known here", source.display()),
        };
        match link.rel.as_str() {
            "rust" => {}
            "copy-dir" => copy_folder(&from, &out.join(name))?,
            _ => copy(&from, &out.join(name))?,
        }
        written.push_str(&element);
    }
    fs::write(out.join("index.html"), written).context("cannot write the page's index.html")
}

/// Takes comments that have lines of their own, and indentation, out of scripts and styles.
fn tighten(page: &Path) -> Result<()> {
    for entry in fs::read_dir(page).with_context(|| format!("cannot read {}", page.display()))? {
        let path = entry.context("cannot read the page's folder")?.path();
        if extension_is(&path, "js") || extension_is(&path, "css") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let tight = tight(&text);
            let tight = if extension_is(&path, "css") { closer(&tight) } else { tight };
            fs::write(&path, tight).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

fn tight(text: &str) -> String {
    let mut is_comment = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with("/*") && !line[2..].trim_end_matches("*/").contains("*/");
        let is_said = is_comment || begins || line.starts_with("//") || line.is_empty();
        is_comment = (is_comment || begins) && !line.ends_with("*/");
        if !is_said {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn extension_is(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

/// Styles without the blanks around what separates anyway. Selectors have none of these but with a meaning of theirs:
/// a colon with a blank behind it is a declaration's.
fn closer(styles: &str) -> String {
    const BY: [(&str, &str); 8] = [
        ("\n", " "),
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        ("} ", "}"),
        ("; ", ";"),
        (", ", ","),
        (": ", ":"),
    ];
    BY.iter().fold(styles.to_owned(), |text, (from, to)| text.replace(from, to)).replace(";}", "}")
}

/// A `<link data-trunk …>` of the source.
struct Link {
    rel: String,
    href: String,
}

impl Link {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if !line.starts_with("<link data-trunk") {
            return None;
        }
        let value = |name: &str| {
            let (_, rest) = line.split_once(&format!(" {name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.to_owned())
        };
        Some(Self { rel: value("rel")?, href: value("href")? })
    }
}

fn file_name(href: &str) -> Result<&str> {
    href.rsplit('/').next().filter(|name| !name.is_empty()).with_context(|| format!("{href:?} names no file"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(|_| ()).with_context(|| format!("cannot copy {}", from.display()))
}

/// Copies the files of one folder; there may be none.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        if entry.path().is_file() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go() {
        let text = "/** What\n * it is\n */\nfunction a() {\n    // why\n    return 1 /* one */;\n}\n/* x */\n/* y */ b { }\n";
        assert_eq!(tight(text), "function a() {\nreturn 1 /* one */;\n}\n/* y */ b { }\n");
    }

    #[test]
    fn names_are_numbered_alike_in_both_files() {
        let mut numbers = BTreeMap::new();
        let numbered = |text: &str, numbers: &mut _| {
            let mut bytes = text.as_bytes().to_vec();
            number(&mut bytes, numbers);
            String::from_utf8(bytes).unwrap()
        };
        let script = "__wbg_b_00ff00ff00ff00ff: f, __wbindgen_free, __wbg_a_b_1234567812345678(";
        let expected = "__wbg_b_0000000000000000: f, __wbindgen_free, __wbg_a_b_0000000000000001(";
        assert_eq!(numbered(script, &mut numbers), expected);
        let module = "\u{1}__wbg_a_b_1234567812345678\0__wbg_b_00ff00ff00ff00ff\0__wb";
        let expected = "\u{1}__wbg_a_b_0000000000000001\0__wbg_b_0000000000000000\0__wb";
        assert_eq!(numbered(module, &mut numbers), expected);
    }

    #[test]
    fn links_are_read() {
        let link = Link::read("  <link data-trunk rel=\"css\" href=\"style.css\">").unwrap();
        assert_eq!((link.rel.as_str(), link.href.as_str()), ("css", "style.css"));
        assert!(Link::read("<link rel=\"css\" href=\"style.css\">").is_none());
        assert_eq!(file_name("../snapshots").unwrap(), "snapshots");
    }
}
