//! Ctrl-C: work that needs cleaning up afterwards is given up here, and the cleaning is not.

use std::future::{Future, pending};

use tokio::signal::unix::{SignalKind, signal};

use crate::Error;

/// Waits until the program is asked to end: by Ctrl-C, by `kill`, by the terminal's being closed.
pub async fn interrupted() {
    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut signals) => drop(signals.recv().await),
        // Without a handler the signal ends the program by itself.
        Err(_) => pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}

/// Runs `work`, or gives it up when the program is asked to end.
pub(crate) async fn guard<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::select! {
        result = work => result,
        () = interrupted() => Err(Error::Interrupted),
    }
}
