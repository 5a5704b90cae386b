//! The page: the built files inside this program, served to this machine alone, or written to one file.

use std::convert::Infallible;
use std::future::ready;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use diff_core::Snapshot;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use viewer::report::{Packed, assemble};

/// The built page, by path; empty where the program was built without it.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// The page as one file, which snapshots are put into.
const SHELL: &str = "report.html";

/// What the page may ask for beside what its own policy allows: nothing but this server's files.
const POLICY: &str = "connect-src 'self'";

/// What the project has decided, as the page has it in its address: names of objects that were renamed, and patterns
/// of what is left out. Empty where nothing is decided.
pub(crate) fn decisions(renames: &[String], ignore: &[String]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(renames.iter().map(|rename| ("rename", rename)));
    query.extend_pairs(ignore.iter().map(|pattern| ("ignore", pattern)));
    let query = query.finish();
    if query.is_empty() { query } else { format!("#/1/overview?{query}") }
}

/// Serves the page, with the snapshots open, until it is dropped; prints the address, `decisions` behind it.
///
/// # Errors
/// Where the port is taken, or the program was built without the page.
pub(crate) async fn serve(snapshots: &[Snapshot], port: u16, decisions: &str) -> Result<()> {
    check()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another --port"))?;
    let port = listener.local_addr().map_or(port, |address| address.port());
    let data: Vec<(String, Bytes)> = snapshots
        .iter()
        .enumerate()
        .map(|(at, it)| (format!("data/{at}.json"), it.to_json().into()))
        .collect();
    let query: Vec<String> = data.iter().map(|(path, _)| format!("url={path}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    // Whoever does not read this is served all the same.
    let _ = writeln!(
        io::stderr(),
        "The page is at http://127.0.0.1:{port}/{query}{decisions}\nIt is served to this machine alone, until Ctrl-C."
    );
    let data = Arc::new(data);
    loop {
        let (stream, _) = listener.accept().await.context("cannot take connections any more")?;
        let data = Arc::clone(&data);
        let service = service_fn(move |request| ready(Ok::<_, Infallible>(answer(&request, &data))));
        tokio::spawn(async move {
            // A browser that went away is its own affair.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
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

/// The page's files by path, to be copied elsewhere; without those that only this program or a report needs.
///
/// # Errors
/// Where the program was built without the page.
pub(crate) fn files() -> Result<impl Iterator<Item = (&'static str, &'static [u8])>> {
    check()?;
    Ok(FILES.iter().copied().filter(|(path, _)| !path.starts_with("snapshots/")))
}

/// The same for the same page.
///
/// # Errors
/// As [`files`].
pub(crate) fn version() -> Result<String> {
    let mut hasher = std::hash::DefaultHasher::new();
    for file in files()? {
        std::hash::Hash::hash(&file, &mut hasher);
    }
    Ok(format!("{} {:016x}\n", env!("CARGO_PKG_VERSION"), std::hash::Hasher::finish(&hasher)))
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

fn answer(request: &Request<Incoming>, data: &[(String, Bytes)]) -> Response<Full<Bytes>> {
    if !is_local(request) {
        return plain(StatusCode::FORBIDDEN, "this page is for this machine alone");
    }
    let path = request.uri().path().trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let file = FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Bytes::from_static(bytes));
    let snapshot = || data.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
    let Some(bytes) = file.or_else(snapshot) else { return plain(StatusCode::NOT_FOUND, "not found") };
    let mut response = Response::new(Full::new(bytes));
    for (header, value) in [
        (CONTENT_TYPE, content_type(name)),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(header, HeaderValue::from_static(value));
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response
}

/// Whether the browser asked for this machine by name: another name that leads here is a trick to read
/// the snapshots from a foreign page.
fn is_local(request: &Request<Incoming>) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "127.0.0.1" || name == "localhost"
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

#[cfg(test)]
mod tests {
    use super::decisions;

    #[test]
    fn decisions_stand_in_the_address() {
        let texts = |one: &str| vec![one.to_owned()];
        assert_eq!(
            decisions(&texts("table:public.a=b"), &texts("#owner")),
            "#/1/overview?rename=table%3Apublic.a%3Db&ignore=%23owner"
        );
        assert_eq!(decisions(&[], &[]), "");
    }
}
