//! A connection to a host: who it is, what is deployed, and the calls that need no file of their own.

use std::fmt;
use std::sync::Arc;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::connect::Bearer;
use crate::explain::explain;
use crate::retry::patiently;
use crate::v1::host_service_client::HostServiceClient;
use crate::v1::run_service_client::RunServiceClient;
use crate::v1::volume_service_client::VolumeServiceClient;
use crate::v1::workflow_service_client::WorkflowServiceClient;
use crate::{Error, Result, Watch, v1};

// Chunks and messages beyond this are no host's.
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// The channel with the token on each call.
pub(crate) type Service = InterceptedService<Channel, Bearer>;

/// A connection to a host, from [`connect`](crate::connect()). A clone is the same connection.
#[derive(Clone)]
pub struct Host {
    address: Arc<str>,
    service: Service,
    /// Unset until it has said who it is.
    limits: Option<v1::Limits>,
}

impl Host {
    pub(crate) fn new(address: String, channel: Channel, token: Option<MetadataValue<Ascii>>) -> Self {
        let service = InterceptedService::new(channel, Bearer(token));
        Self { address: address.into(), service, limits: None }
    }

    pub(crate) fn with_limits(self, limits: v1::Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    /// Bytes in one chunk, at most, as the host said when it was connected to; 0 means no limit.
    pub(crate) fn max_chunk_bytes(&self) -> i64 {
        self.limits.as_ref().map_or(0, |limits| limits.max_chunk_bytes)
    }

    pub(crate) fn volumes(&self) -> VolumeServiceClient<Service> {
        VolumeServiceClient::new(self.service.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES)
    }

    pub(crate) fn runs(&self) -> RunServiceClient<Service> {
        RunServiceClient::new(self.service.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES)
    }

    fn workflow_service(&self) -> WorkflowServiceClient<Service> {
        WorkflowServiceClient::new(self.service.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES)
    }

    pub(crate) fn explain(&self, status: Status) -> Error {
        explain(&self.address, self.limits.is_some(), status)
    }

    /// What a host is told that ended a stream without its last message.
    pub(crate) fn ended_early(&self, what: &str) -> Error {
        let message = format!("The host at {} ended {what} in the middle.", self.address);
        Error::new(Code::Unavailable, "HOST_UNAVAILABLE", message).with("address", &self.address)
    }

    /// Where it is, as it was given.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Describes the host as it is now: version, limits, devices.
    pub async fn info(&self) -> Result<v1::HostInfo> {
        let mut client = HostServiceClient::new(self.service.clone());
        let answer = client.get_host_info(v1::GetHostInfoRequest {}).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.explain(status))
    }

    /// All deployed workflows by name, those that are loading and those that failed included.
    pub async fn workflows(&self) -> Result<Vec<v1::Workflow>> {
        let mut all = Vec::new();
        let mut request = v1::ListWorkflowsRequest::default();
        loop {
            let page = patiently(self, request.clone(), |host, request| async move {
                host.workflow_service().list_workflows(request).await
            })
            .await?;
            all.extend(page.workflows);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// One workflow.
    ///
    /// # Errors
    /// WORKFLOW_NOT_FOUND; the message lists those there are.
    pub async fn workflow(&self, name: impl Into<String>) -> Result<v1::Workflow> {
        let request = v1::GetWorkflowRequest { name: name.into() };
        patiently(self, request, |host, request| async move { host.workflow_service().get_workflow(request).await })
            .await
    }

    /// A run's events from its first to its last, through lost connections. Dropping it leaves the run alone.
    pub fn watch(&self, run: impl Into<String>) -> Watch {
        Watch::new(self.clone(), run.into())
    }

    /// A run as it is now.
    ///
    /// # Errors
    /// RUN_NOT_FOUND: a host forgets its runs when it ends.
    pub async fn get_run(&self, run: impl Into<String>) -> Result<v1::Run> {
        let request = v1::GetRunRequest { name: run.into() };
        patiently(self, request, |host, request| async move { host.runs().get_run(request).await }).await
    }

    /// Asks a run to stop and answers with it; one that has ended stays as it is.
    ///
    /// # Errors
    /// RUN_NOT_FOUND.
    pub async fn cancel(&self, run: impl Into<String>) -> Result<v1::Run> {
        let request = v1::CancelRunRequest { name: run.into() };
        patiently(self, request, |host, request| async move { host.runs().cancel_run(request).await }).await
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("address", &self.address).finish_non_exhaustive() // The token is nobody's business.
    }
}
