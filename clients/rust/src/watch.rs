//! Watching a run, through lost connections.

use futures_core::Stream;
use futures_util::stream;
use tonic::Streaming;

use crate::retry::Patience;
use crate::{Host, Result, v1};

/// A run's events, from [`Host::watch`].
#[derive(Debug)]
pub struct Watch {
    host: Host,
    run: String,
    after_sequence: i64,
    events: Option<Streaming<v1::RunEvent>>,
    patience: Patience,
    has_ended: bool,
}

impl Watch {
    pub(crate) fn new(host: Host, run: String) -> Self {
        Self { host, run, after_sequence: 0, events: None, patience: Patience::default(), has_ended: false }
    }

    /// The next event; `None` after the run's last, or after an error. May be dropped and called again.
    pub async fn next(&mut self) -> Option<Result<v1::RunEvent>> {
        while !self.has_ended {
            match self.read().await {
                Ok(Some(event)) => {
                    self.after_sequence = event.sequence;
                    self.patience.renew();
                    return Some(Ok(event));
                }
                Ok(None) => self.has_ended = true,
                Err(error) => {
                    self.events = None;
                    if let Err(error) = self.patience.endure(error).await {
                        self.has_ended = true;
                        return Some(Err(error));
                    }
                }
            }
        }
        None
    }

    /// As a `Stream`, for combinators.
    pub fn into_stream(self) -> impl Stream<Item = Result<v1::RunEvent>> + Send {
        stream::unfold(self, |mut watch| async move { watch.next().await.map(|event| (event, watch)) })
    }

    async fn read(&mut self) -> Result<Option<v1::RunEvent>> {
        let explain = |status| self.host.explain(status);
        let events = match &mut self.events {
            Some(events) => events,
            None => {
                let request = v1::WatchRunRequest { name: self.run.clone(), after_sequence: self.after_sequence };
                let answer = self.host.runs().watch_run(request).await.map_err(explain)?;
                self.events.insert(answer.into_inner())
            }
        };
        events.message().await.map_err(explain)
    }
}
