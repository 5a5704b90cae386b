//! How long a server may be silent.
//!
//! `statement_timeout` ends what takes long, as long as there is a server to end it. One that has stopped, or that is
//! no longer there, says nothing at all; so the time since it was last heard is watched here.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::Reader;
use crate::error::Error;

impl Reader<'_> {
    /// Notes that the server has answered.
    pub(super) fn hear(&self) {
        self.heard.set(Instant::now());
    }

    /// Gives `work` up where the server says nothing for half as long again as a statement may take.
    pub(super) async fn patiently<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(timeout) = self.target.timeout() else { return work.await };
        let patience = timeout + timeout / 2;
        tokio::select! {
            biased;
            result = work => result,
            () = self.silence(patience) => Err(Error::Silent {
                target: self.target.label().to_owned(),
                seconds: patience.as_secs(),
            }),
        }
    }

    /// Ends when the server has not been heard for so long.
    async fn silence(&self, patience: Duration) {
        self.hear();
        loop {
            let last = self.heard.get();
            sleep_until(last + patience).await;
            if self.heard.get() == last {
                return;
            }
        }
    }
}
