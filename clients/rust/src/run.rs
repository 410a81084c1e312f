//! Runs: the inputs sent, the run created, watched through lost connections, cancelled with its caller.

use std::collections::BTreeMap;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use prost_types::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tonic::Code;

use crate::retry::{patiently, unique_name};
use crate::v1::run_event::Event;
use crate::{Error, Host, Image, Progress, Result, Running, v1};

// What a run that nobody wants any more may still take of this program's time.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);

/// What a run is made on.
#[derive(Clone, Debug)]
pub enum Input {
    /// An image, sent unless the host has it.
    Image(Image),
    /// A volume that the host has, by its name.
    OnHost(String),
}

impl From<Image> for Input {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<&Image> for Input {
    fn from(image: &Image) -> Self {
        Self::Image(image.clone())
    }
}

impl From<&v1::Volume> for Input {
    fn from(volume: &v1::Volume) -> Self {
        Self::OnHost(volume.name.clone())
    }
}

impl Host {
    /// Describes a run of a workflow. Await it for the run as it ended, or [`start`](NewRun::start) it to see progress.
    pub fn run(&self, workflow: impl Into<String>) -> NewRun {
        let request =
            v1::CreateRunRequest { workflow: workflow.into(), request_id: unique_name(), ..Default::default() };
        NewRun { host: self.clone(), request, inputs: BTreeMap::new(), token: CancellationToken::new() }
    }
}

/// A run that has not been started.
///
/// # Errors
/// Awaited, it gives WORKFLOW_NOT_FOUND, INVALID_FIELD, WORKFLOW_FAILED, LIMIT_EXCEEDED, those of [`Host::upload`], those
/// of the run (OPERATOR_FAILED, RUNNER_CRASHED, …), CANCELLED, RUN_NOT_FOUND when the host was started anew.
#[must_use = "nothing runs until it is awaited or started"]
#[derive(Debug)]
pub struct NewRun {
    host: Host,
    request: v1::CreateRunRequest,
    inputs: BTreeMap<String, Input>,
    token: CancellationToken,
}

impl NewRun {
    /// What the run is made on, by the name that the workflow declares: an [`Image`], or a volume on the host.
    pub fn input(mut self, name: impl Into<String>, input: impl Into<Input>) -> Self {
        self.inputs.insert(name.into(), input.into());
        self
    }

    /// Sets a parameter that the workflow declares; the others have their defaults.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.request.parameters.insert(name.into(), value.into());
        self
    }

    /// Makes a later run with the same id answer with the same run.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request.request_id = id.into();
        self
    }

    /// Cancels the run, here and on the host, when the token is cancelled.
    pub fn cancel_on(mut self, token: &CancellationToken) -> Self {
        self.token = token.child_token();
        self
    }

    /// Sends the inputs that the host lacks, runs the workflow and tells of it. Must be called in a tokio runtime.
    pub fn start(self) -> Running {
        let token = self.token.clone();
        // Few, so that a slow reader holds back the host and no memory fills.
        let (tell, progress) = mpsc::channel(64);
        Running::new(progress, tokio::spawn(self.drive(tell)), token)
    }

    async fn drive(mut self, tell: mpsc::Sender<Progress>) -> Result<v1::Run> {
        let token = self.token.clone();
        token.run_until_cancelled(self.bring_inputs(&tell)).await.ok_or_else(Error::stopped)??;
        // Whole, whatever its caller does: a call cut here could leave a run behind that nobody knows of.
        let run = patiently(&self.host, self.request.clone(), |host, request| async move {
            host.runs().create_run(request).await
        })
        .await?;
        match token.run_until_cancelled(follow(&self.host, &run.name, &tell)).await {
            Some(ended) => ended,
            None => {
                let asked = tokio::time::timeout(CANCEL_TIMEOUT, self.host.cancel(&run.name)).await;
                drop(asked); // That it was cancelled here says more than how that went.
                Err(Error::stopped().with("run", run.name))
            }
        }
    }

    async fn bring_inputs(&mut self, tell: &mpsc::Sender<Progress>) -> Result<()> {
        for (name, input) in std::mem::take(&mut self.inputs) {
            let volume = match input {
                Input::OnHost(volume) => volume,
                Input::Image(image) => send(&self.host, &name, &image, tell).await?,
            };
            self.request.inputs.insert(name, volume);
        }
        Ok(())
    }
}

impl IntoFuture for NewRun {
    type Output = Result<v1::Run>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.start().await })
    }
}

async fn send(host: &Host, name: &str, image: &Image, tell: &mpsc::Sender<Progress>) -> Result<String> {
    let (input, total_bytes) = (name.to_owned(), image.voxels.len());
    let at = move |sent_bytes| Progress::Sending { input: input.clone(), sent_bytes, total_bytes };
    let all = at(total_bytes);
    // An upload does not wait for a reader: what there is no room for is left out. The last is always told.
    let telling = tell.clone();
    let on_bytes = Arc::new(move |sent: usize| {
        if sent < total_bytes {
            let _ = telling.try_send(at(sent));
        }
    });
    let volume = host.upload_telling(image, on_bytes).await?;
    let _ = tell.send(all).await;
    Ok(volume.name)
}

/// Waits for a run's last event.
async fn follow(host: &Host, name: &str, tell: &mpsc::Sender<Progress>) -> Result<v1::Run> {
    let mut watch = host.watch(name);
    while let Some(event) = watch.next().await {
        let event = event?;
        let what = event.event.clone();
        let _ = tell.send(Progress::Event(Box::new(event))).await;
        match what {
            Some(Event::Succeeded(v1::Succeeded { run: Some(run) })) => return Ok(run),
            Some(Event::Failed(failed)) => return Err(Error::run_failed(name, failed.error.unwrap_or_default())),
            Some(Event::Cancelled(cancelled)) => return Err(Error::run_cancelled(name, &cancelled.reason)),
            _ => {}
        }
    }
    // A watch that ended without a last event: the run says itself how it is.
    let run = host.get_run(name).await?;
    match (run.state(), &run.error) {
        (_, Some(error)) => Err(Error::run_failed(name, error.clone())),
        (v1::RunState::Succeeded, None) => Ok(run),
        (v1::RunState::Cancelled, None) => Err(Error::run_cancelled(name, "it ended so.")),
        _ => Err(host.ended_early("the watch of a run")),
    }
}

impl v1::Run {
    /// The name of an output's volume, for [`Host::download`].
    ///
    /// # Errors
    /// OUTPUT_NOT_FOUND; the message lists those there are.
    pub fn volume(&self, output: &str) -> Result<&str> {
        let found = self.outputs.iter().find(|one| one.name == output).and_then(|one| one.volume.as_ref());
        found.map(|volume| volume.name.as_str()).ok_or_else(|| {
            let there: Vec<_> = self.outputs.iter().map(|one| one.name.as_str()).collect();
            let message = format!("Run {} has no output {output:?}; it has: {}.", self.name, there.join(", "));
            Error::new(Code::NotFound, "OUTPUT_NOT_FOUND", message).with("run", &self.name)
        })
    }
}
