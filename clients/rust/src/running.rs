//! A run under way: its progress as a stream, its end as a future, its cancellation by dropping it.

use std::future::{Future, IntoFuture};
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{Error, Progress, Result, v1};

/// A run under way, from [`NewRun::start`](crate::NewRun::start): a `Stream` of progress, and awaited the run as it ended.
///
/// Dropped before its end, it is cancelled on the host by a task of its own. A program that ends at once may end before
/// that is done: [`cancel`](Running::cancel) and then await, to be sure.
#[must_use = "dropped, the run is cancelled"]
#[derive(Debug)]
pub struct Running {
    progress: mpsc::Receiver<Progress>,
    task: JoinHandle<Result<v1::Run>>,
    token: CancellationToken,
    _cancels: DropGuard,
}

impl Running {
    pub(crate) fn new(
        progress: mpsc::Receiver<Progress>,
        task: JoinHandle<Result<v1::Run>>,
        token: CancellationToken,
    ) -> Self {
        Self { progress, task, _cancels: token.clone().drop_guard(), token }
    }

    /// The next that happens; `None` when the run has ended, in whatever way. May be dropped and called again.
    pub async fn next(&mut self) -> Option<Progress> {
        self.progress.recv().await
    }

    /// Asks the run to stop, here and on the host. Awaited afterwards it gives CANCELLED, when the host has been told.
    pub fn cancel(&self) {
        self.token.cancel();
    }
}

impl Stream for Running {
    type Item = Progress;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Progress>> {
        self.progress.poll_recv(context)
    }
}

impl IntoFuture for Running {
    type Output = Result<v1::Run>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            while self.next().await.is_some() {}
            match self.task.await {
                Ok(ended) => ended,
                Err(error) => match error.try_into_panic() {
                    Ok(cause) => panic::resume_unwind(cause),
                    Err(_) => Err(Error::stopped()), // The runtime is shutting down.
                },
            }
        })
    }
}
