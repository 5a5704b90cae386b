//! The page as one file: styles, script and module within the HTML, and room for snapshots.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use viewer::report::{DATA, PLAIN};

/// What the file may do: run what stands in it, and start workers of the same. No network at all.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; \
                      style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

/// Writes `report.html` from the other files of the page in `folder`.
///
/// # Errors
/// Where one of them is missing, or has not the form that is relied on.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let read = |name: &str| {
        fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read the page's {name}"))
    };
    let mut html = String::new();
    let mut has_policy = false;
    for line in read("index.html")?.lines() {
        let line = line.trim();
        if line.contains("http-equiv=\"Content-Security-Policy\"") {
            has_policy = true;
            html.push_str(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"));
        } else if let Some(name) = between(line, "<link rel=\"stylesheet\" href=\"", "\"") {
            html.push_str(&format!("<style>\n{}</style>\n", read(name)?));
        } else if line.starts_with("<link rel=\"icon\"") || line.starts_with("<script ") || is_comment(line) {
            // What these bring stands in the file itself.
        } else if line.starts_with("<noscript") {
            html.push_str(&format!(
                "{PLAIN}\n{}{DATA}\n",
                scripts(&read("plans.js")?, &read("boot.js")?, folder)?
            ));
        } else {
            html.push_str(line);
            html.push('\n');
        }
    }
    ensure!(has_policy, "index.html has no policy");
    fs::write(folder.join("report.html"), html).context("cannot write the page's report.html")
}

/// The module that can do everything as a template, which is not parsed, and both scripts.
fn scripts(glue: &str, boot: &str, folder: &Path) -> Result<String> {
    let module = fs::read(folder.join("plans_bg.wasm")).context("cannot read the page's module")?;
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&module)?;
    let packed = STANDARD.encode(packer.finish()?);
    let inline = |text: &str| text.replace("</script", "<\\/script");
    Ok(format!(
        "<template id=\"module\">{packed}</template>\n<script id=\"glue\">{}</script>\n<script>{}</script>\n",
        inline(glue),
        inline(boot)
    ))
}

fn is_comment(line: &str) -> bool {
    line.starts_with("<!--") || line.ends_with("-->")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.split_once(end).map(|(found, _)| found)
}
