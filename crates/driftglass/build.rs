//! Puts the built page into the program. Without one the program is built all the same, and `view` says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../..");
    let page = env::var_os("DRIFTGLASS_PAGE").map_or_else(|| root.join("target/www"), PathBuf::from);
    println!("cargo::rerun-if-env-changed=DRIFTGLASS_PAGE");
    println!("cargo::rerun-if-changed={}", page.display());
    let mut files = Vec::new();
    collect(&page, &page, &mut files)?;
    files.sort();
    if files.is_empty() {
        println!(
            "cargo::warning=there is no page in {}: this driftglass will not have `view`. `cargo xtask install` installs it \
             with one, `cargo xtask page` builds the page alone",
            page.display()
        );
    }
    let mut code = String::from("&[\n");
    for (name, path) in files {
        // Writing to a String cannot fail.
        let _ = writeln!(code, "    ({name:?}, include_bytes!({path:?}).as_slice()),");
    }
    code.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    fs::write(out.join("page.rs"), code)
}

/// The files below `folder`, by their path from `root`.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((name.to_string_lossy().into_owned(), path.canonicalize()?));
        }
    }
    Ok(())
}
