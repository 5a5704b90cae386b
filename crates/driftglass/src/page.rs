//! The page: the built files inside this program, served to this machine alone, or written to one file.

use std::io::{self, Cursor, Write};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, anyhow, ensure};
use diff_core::Snapshot;
use flate2::Compression;
use flate2::write::GzEncoder;
use tiny_http::{Header, Request, Response, Server, StatusCode};
use viewer::report::{Packed, assemble};

/// The built page, by path; empty where the program was built without it.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// The page as one file, which snapshots are put into.
const SHELL: &str = "report.html";

/// What the page may ask for beside what its own policy allows: nothing but this server's files.
const POLICY: &str = "connect-src 'self'";

/// Serves the page, with the snapshots open, until the program is ended; prints the address.
///
/// # Errors
/// Where the port is taken, or the program was built without the page.
pub(crate) fn serve(snapshots: &[Snapshot], port: u16) -> Result<()> {
    check()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = Server::http(address)
        .map_err(|error| anyhow!("{error}"))
        .with_context(|| format!("cannot listen on {address}; choose another --port"))?;
    let port = server.server_addr().to_ip().map_or(port, |address| address.port());
    let data: Vec<(String, String)> =
        snapshots.iter().enumerate().map(|(at, it)| (format!("data/{at}.json"), it.to_json())).collect();
    let query: Vec<String> = data.iter().map(|(path, _)| format!("url={path}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    // Whoever does not read this is served all the same.
    let _ = writeln!(
        io::stderr(),
        "The page is at http://127.0.0.1:{port}/{query}\nIt is served to this machine alone, until Ctrl-C."
    );
    for request in server.incoming_requests() {
        let response = answer(&request, &data);
        // A browser that went away is its own affair.
        let _ = request.respond(response);
    }
    Ok(())
}

/// The page with the snapshots in it, as one file.
///
/// # Errors
/// Where the program was built without the page.
pub(crate) fn report(snapshots: &[Snapshot]) -> Result<String> {
    check()?;
    let shell = FILES.iter().find(|(known, _)| *known == SHELL).map(|(_, bytes)| *bytes);
    let shell = std::str::from_utf8(shell.context("the page's one-file form is missing")?)?;
    let files = snapshots.iter().enumerate().map(pack).collect::<Result<Vec<_>>>()?;
    Ok(assemble(shell, &snapshots.iter().collect::<Vec<_>>(), &files))
}

fn pack((at, snapshot): (usize, &Snapshot)) -> Result<Packed> {
    let label = &snapshot.source.label;
    let name = if label.is_empty() { format!("{at}.json") } else { format!("{label}.json") };
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(snapshot.to_json().as_bytes())?;
    Ok(Packed { name, bytes: packer.finish()? })
}

fn check() -> Result<()> {
    ensure!(!FILES.is_empty(), "this driftglass was built without its page; run `cargo xtask build`");
    Ok(())
}

fn answer(request: &Request, data: &[(String, String)]) -> Response<Cursor<Vec<u8>>> {
    if !is_local(request) {
        return Response::from_string("this page is for this machine alone")
            .with_status_code(StatusCode(403));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let file = FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
    let snapshot = data.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_bytes());
    match file.or(snapshot) {
        Some(bytes) => Response::from_data(bytes)
            .with_header(header("Content-Type", content_type(name)))
            .with_header(header("Cache-Control", "no-store"))
            .with_header(header("Content-Security-Policy", POLICY))
            .with_header(header("X-Content-Type-Options", "nosniff")),
        None => Response::from_string("not found").with_status_code(StatusCode(404)),
    }
}

/// Whether the browser asked for this machine by name: another name that leads here is a trick to read
/// the snapshots from a foreign page.
fn is_local(request: &Request) -> bool {
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    host.is_some_and(|host| {
        let host = host.value.as_str();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name == "127.0.0.1" || name == "localhost"
    })
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the headers of this module are ASCII")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
