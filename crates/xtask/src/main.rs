//! Set-up, build, test and demo.

mod page;
mod wasm;

fn main() -> anyhow::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    println!("{}", page::build(&root)?.display());
    Ok(())
}
