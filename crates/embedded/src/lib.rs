//! A PostgreSQL inside the program: a WebAssembly build of the server, run by a thread of its own.
//!
//! The server speaks the wire protocol in whole messages and has no socket, so the thread stands between:
//! it reads messages from one end of a socket pair, lets the server answer, and writes the answers back.
//! It must not know what the messages are for.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

use oliphaunt_wasix::{Extension, Oliphaunt};

/// Why there is no embedded server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server did not start.
    #[error("the embedded PostgreSQL did not start: {0}")]
    Start(#[from] oliphaunt_wasix::Error),
    /// No socket pair or thread could be made.
    #[error("the embedded PostgreSQL cannot be reached: {0}")]
    Socket(#[from] io::Error),
}

/// The extensions that `CREATE EXTENSION` finds.
const EXTENSIONS: [Extension; 8] = [
    Extension::BTREE_GIN,
    Extension::BTREE_GIST,
    Extension::CITEXT,
    Extension::HSTORE,
    Extension::PG_TRGM,
    Extension::PGCRYPTO,
    Extension::UNACCENT,
    Extension::UUID_OSSP,
];

/// Starts a server with one empty database and returns the client's end of a connection to it. The server
/// ends, and its data with it, when that end is closed.
///
/// # Errors
/// Where the server does not start.
pub fn start() -> Result<UnixStream, Error> {
    let (client, server) = UnixStream::pair()?;
    let (report, started) = std::sync::mpsc::channel();
    // The server is bound to the thread that made it.
    thread::Builder::new().name("embedded-postgres".to_owned()).spawn(move || {
        match Oliphaunt::builder().extensions(EXTENSIONS).open() {
            Ok(database) => {
                // Nobody waits any more where the program is ending.
                let _ = report.send(Ok(()));
                // The client sees a closed connection, and reports it.
                let _ = serve(database, server);
            }
            Err(error) => drop(report.send(Err(error))),
        }
    })?;
    match started.recv() {
        Ok(Ok(())) => Ok(client),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(io::Error::other("its thread ended").into()),
    }
}

/// Messages after which a server answers: a simple query and the end of an extended one.
const ASKS: [u8; 2] = [b'Q', b'S'];
const TERMINATE: u8 = b'X';

fn serve(mut database: Oliphaunt, mut socket: UnixStream) -> io::Result<()> {
    greet(&mut socket)?;
    let mut request = Vec::new();
    loop {
        let mut tag = [0];
        socket.read_exact(&mut tag)?;
        if tag[0] == TERMINATE {
            return Ok(());
        }
        request.extend(tag);
        request.extend(rest_of_message(&mut socket)?);
        if ASKS.contains(&tag[0]) {
            let answer = database.exec_protocol_raw(&request).map_err(io::Error::other)?;
            socket.write_all(&answer)?;
            request.clear();
        }
    }
}

/// Takes the client's start-up message and says that it is welcome: authentication is not needed, and the
/// session is idle.
fn greet(socket: &mut UnixStream) -> io::Result<()> {
    rest_of_message(socket)?;
    socket.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 0])?;
    socket.write_all(&[b'Z', 0, 0, 0, 5, b'I'])
}

/// Reads a message's length and what it counts, itself included.
fn rest_of_message(socket: &mut UnixStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    socket.read_exact(&mut length)?;
    let body = (u32::from_be_bytes(length) as usize).saturating_sub(length.len());
    let mut message = length.to_vec();
    message.resize(length.len() + body, 0);
    socket.read_exact(&mut message[length.len()..])?;
    Ok(message)
}
