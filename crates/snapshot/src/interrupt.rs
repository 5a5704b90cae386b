//! Ctrl-C: work that needs cleaning up afterwards is given up here, and the cleaning is not.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use crate::Error;

/// Runs `work`, or gives it up on Ctrl-C or a request to end.
pub(crate) async fn guard<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return work.await;
    };
    tokio::select! {
        result = work => result,
        _ = interrupt.recv() => Err(Error::Interrupted),
        _ = terminate.recv() => Err(Error::Interrupted),
    }
}
