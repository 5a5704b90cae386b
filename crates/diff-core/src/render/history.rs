//! The start of a place where snapshots are published: each environment's history, and a choice of what to compare.
//! Plain HTML: the comparing is the page's.

use std::fmt::Write as _;

use itertools::Itertools as _;

use super::escaped;
use crate::report::counted;
use crate::{History, Stretch, stored_path};

/// So many stretches of an environment are in sight at once.
const IN_SIGHT: usize = 20;
/// So many are laid side by side at most.
const SIDE_BY_SIDE: usize = 12;

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Schemas over time</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e7eaee); --soft: light-dark(#59626d, #a0abb8); --line: light-dark(#e3e0d9, #29313c); --ground: light-dark(#faf9f6, #0e1116); --raised: light-dark(#fff, #151a21); --link: light-dark(#0759bd, #6fb3ff); --changed: light-dark(#b04600, #f29a5c) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1.25rem 5rem; font: 15px/1.5 "Inter", "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; color: var(--ink); background: var(--ground) }
h1 { font-size: 1.7rem; letter-spacing: -.01em; margin: 0 0 .25rem }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .25rem }
p { margin: .25rem 0 1rem; color: var(--soft) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .85rem }
th:first-child, td:first-child { min-width: 12rem }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top }
td:last-child, th:last-child { padding-right: 0 }
code { font: .9em ui-monospace, monospace }
a { color: var(--link) }
label { display: inline-flex; gap: .6rem; align-items: baseline; cursor: pointer }
input { accent-color: var(--link); inline-size: 1rem; block-size: 1rem; align-self: center; margin: 0 }
summary { cursor: pointer; color: var(--soft); padding: .35rem 0 }
.changed { color: var(--changed); font-weight: 600 }
.bar { position: fixed; inset: auto 0 0 0; background: var(--raised); border-top: 1px solid var(--line); padding: .7rem 1.25rem }
.bar div { max-width: 65.5rem; margin: 0 auto; display: flex; gap: 1rem; align-items: center; flex-wrap: wrap }
.bar p { margin: 0 }
button { font: inherit; font-weight: 600; padding: .4rem 1rem; border: 0; border-radius: 10px; background: var(--ink); color: var(--ground); cursor: pointer }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
</style>
</head>
<body>
"#;

/// The start as one HTML file.
pub fn history(index: &History) -> String {
    let mut html = HEAD.to_owned();
    html.push_str("<main>\n<form action=\"page/index.html\" method=\"get\">\n<h1>Schemas over time</h1>\n");
    let points: usize = index.environments.values().flatten().map(|stretch| stretch.seen as usize).sum();
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<p>{}, {} snapshots, {}; equal ones are stored once. Times are UTC.</p>",
        counted(index.environments.len(), "environment"),
        points,
        counted(index.schemas.len(), "schema")
    );
    now(&mut html, index);
    for (name, stretches) in &index.environments {
        environment(&mut html, index, name, stretches);
    }
    html.push_str(
        "<div class=\"bar\"><div><button>Compare</button><p>Tick two: the upper one is the old side. Three or more are \
         laid side by side.</p></div></div>\n</form>\n</main>\n</body>\n</html>\n",
    );
    html
}

/// What each environment has now, and who agrees with whom.
fn now(html: &mut String, index: &History) {
    let latest: Vec<(&String, &Stretch)> =
        index.environments.iter().filter_map(|(name, all)| Some((name, all.last()?))).collect();
    if latest.len() > 1 {
        let all =
            latest.iter().map(|(name, stretch)| parameter(name, stretch)).take(SIDE_BY_SIDE).join("&amp;");
        let _ =
            writeln!(html, "<p><a href=\"page/index.html?{all}\">All as they are now, side by side</a></p>");
    }
    html.push_str("<div class=\"wide\"><table>\n<tr><th>Now</th><th>since</th><th>last seen</th><th>agrees with</th><th>tables</th><th>revision</th></tr>\n");
    for (name, stretch) in &latest {
        let same = latest.iter().filter(|(other, it)| other != name && it.schema == stretch.schema);
        let mut same = same.map(|(other, _)| escaped(other)).collect::<Vec<_>>();
        let more = same.len().saturating_sub(4);
        same.truncate(4);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let agrees = if same.is_empty() { "none".to_owned() } else { same.join(", ") + &more };
        let stored = index.schemas.get(&stretch.schema);
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{agrees}</td><td>{}</td><td>{}</td></tr>",
            escaped(name),
            time(&stretch.from),
            time(&stretch.until),
            stored.map_or(0, |stored| stored.tables),
            revisions(stored.map_or(&[], |stored| &stored.revisions)),
        );
    }
    html.push_str("</table></div>\n");
}

fn environment(html: &mut String, index: &History, name: &str, stretches: &[Stretch]) {
    let _ = writeln!(html, "<h2>{}</h2>", escaped(name));
    if stretches.len() > 1 {
        let last = &stretches[stretches.len().saturating_sub(SIDE_BY_SIDE)..];
        let all = last.iter().map(|stretch| parameter(name, stretch)).join("&amp;");
        let _ = writeln!(
            html,
            "<p><a href=\"page/index.html?{all}\">The last {} side by side</a></p>",
            last.len()
        );
    }
    let (older, recent) = stretches.split_at(stretches.len().saturating_sub(IN_SIGHT));
    if !older.is_empty() {
        let _ = writeln!(html, "<details><summary>{} older</summary>", older.len());
        table(html, index, name, older);
        html.push_str("</details>\n");
    }
    table(html, index, name, recent);
}

fn table(html: &mut String, index: &History, name: &str, stretches: &[Stretch]) {
    html.push_str("<div class=\"wide\"><table>\n<tr><th>from</th><th>until</th><th>seen</th><th>changed</th><th>commit</th><th>tables</th><th>server</th><th>revision</th></tr>\n");
    for stretch in stretches {
        let stored = index.schemas.get(&stretch.schema);
        let changed = match stretch.differences {
            None => "–".to_owned(),
            Some(count) => format!("<span class=\"changed\">{}</span>", counted(count, "difference")),
        };
        let commit = stretch.commit.as_deref().unwrap_or_default();
        let _ = writeln!(
            html,
            "<tr><td><label><input type=\"checkbox\" name=\"url\" value=\"{}\"> {}</label></td><td>{}</td><td>{} ×</td>\
             <td>{changed}</td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&address(name, stretch)),
            time(&stretch.from),
            time(&stretch.until),
            stretch.seen,
            escaped(&commit.chars().take(8).collect::<String>()),
            stored.map_or(0, |stored| stored.tables),
            escaped(stored.map_or("", |stored| &stored.server)),
            revisions(stored.map_or(&[], |stored| &stored.revisions)),
        );
    }
    html.push_str("</table></div>\n");
}

/// Where the page finds a schema, and as whose and of when it is to show it.
fn address(name: &str, stretch: &Stretch) -> String {
    format!("../{}#{name}@{}", stored_path(&stretch.schema), stretch.from)
}

fn parameter(name: &str, stretch: &Stretch) -> String {
    let encoded = address(name, stretch).bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => text.push(byte.into()),
            _ => drop(write!(text, "%{byte:02X}")),
        }
        text
    });
    format!("url={encoded}")
}

fn revisions(all: &[String]) -> String {
    all.iter().map(|one| format!("<code>{}</code>", escaped(one))).join(", ")
}

/// `2026-11-23 04:00` of a time as RFC 3339 has it.
fn time(at: &str) -> String {
    let day = at.get(..10).unwrap_or(at);
    escaped(&at.get(11..16).map_or_else(|| day.to_owned(), |hour| format!("{day} {hour}")))
}
