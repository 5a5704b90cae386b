//! The report that is one file: the page with everything in it, and snapshots.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diff_core::{DiffOptions, Report, Snapshot, diff, render};

/// Where the plain text goes in the page's one-file form.
pub const PLAIN: &str = "<!-- plain -->";
/// Where the snapshots go.
pub const DATA: &str = "<!-- data -->";
/// What the title is at first.
const TITLE: &str = "<title>driftglass</title>";

/// A snapshot file, packed with gzip.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Puts snapshots into the page's one-file form. The first two are compared in the part that needs no script.
pub fn assemble(shell: &str, snapshots: &[&Snapshot], files: &[Packed]) -> String {
    let (title, plain) = match snapshots {
        [old, new, ..] => {
            let options = DiffOptions::default();
            let found = diff(old, new, &options);
            let report = Report::new(old, new, &found, &options);
            let title = format!("{} → {}: {}", report.old.label, report.new.label, report.verdict());
            (title, render::html(&report))
        }
        _ => ("driftglass".to_owned(), String::new()),
    };
    let mut data = String::new();
    for (at, file) in files.iter().enumerate() {
        let name = render::escaped(&file.name);
        data.push_str(&format!("<template id=\"data-{at}\" data-name=\"{name}\">"));
        STANDARD.encode_string(&file.bytes, &mut data);
        data.push_str("</template>\n");
    }
    let title = format!("<title>{}</title>", render::escaped(&title));
    shell.replacen(TITLE, &title, 1).replacen(PLAIN, &plain, 1).replacen(DATA, &data, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_holds_the_plain_text_and_the_files() {
        let shell = format!("{TITLE}<body>{PLAIN}{DATA}</body>");
        let empty = Snapshot::from_json(br#"{"format": 1, "objects": {}}"#).unwrap();
        let file = Packed { name: "a\"<b>.json".to_owned(), bytes: b"abc".to_vec() };
        let text = assemble(&shell, &[&empty, &empty], &[file]);
        assert!(text.contains("In sync"), "{text}");
        let template = "<template id=\"data-0\" data-name=\"a&quot;&lt;b&gt;.json\">YWJj</template>";
        assert!(text.contains(template), "{text}");
    }
}
