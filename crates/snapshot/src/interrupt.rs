//! Ctrl-C: work that needs cleaning up afterwards is given up here, and the cleaning is not.

use std::future::{Future, pending};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::Error;

/// Waits until the program is asked to end: by Ctrl-C, by `kill`, by the terminal's being closed.
pub async fn interrupted() {
    Interrupts::new().asked().await;
}

/// Runs `work`, or gives it up when the program is asked to end.
pub(crate) async fn guard<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    Interrupts::new().guard(work).await
}

/// Listens from when it is made: what is asked between two pieces of work is heard by the second.
pub(crate) struct Interrupts([Option<Signal>; 3]);

impl Interrupts {
    /// Begins to listen. Where there can be no handler, the signal ends the program by itself.
    pub(crate) fn new() -> Self {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Self(kinds.map(|kind| signal(kind).ok()))
    }

    /// Runs `work`, or gives it up when the program is asked to end, or has been.
    pub(crate) async fn guard<T>(
        &mut self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.asked() => Err(Error::Interrupted),
            result = work => result,
        }
    }

    async fn asked(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            () = next(interrupt) => {}
            () = next(terminate) => {}
            () = next(hangup) => {}
        }
    }
}

async fn next(signals: &mut Option<Signal>) {
    match signals {
        Some(signals) => drop(signals.recv().await),
        None => pending().await,
    }
}
