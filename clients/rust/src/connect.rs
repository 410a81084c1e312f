//! Connects to a host and checks that both speak the same protocol.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

#[cfg(feature = "tls")]
use crate::Tls;
use crate::address::{self, Address};
use crate::{Error, Host, Result, v1};

/// The revision of `voxhost.v1` that this crate speaks.
pub const PROTOCOL_VERSION: u32 = 1;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
// At 20 ms round trip HTTP/2's own 64 KiB hold a download to a few MB/s.
const WINDOW_BYTES: u32 = 16 << 20;
// Quiet calls stay open through proxies that cut idle ones.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Connects to `"host:port"`, `"host"` (port 50151) or `"unix:/path"`: await it, after saying how where that is needed.
///
/// ```no_run
/// # async fn example() -> voxhost::Result<()> {
/// let host = voxhost::connect("gpu.example").token("…").tls(voxhost::Tls::system()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Reasons: HOST_UNAVAILABLE, DEADLINE_EXCEEDED, NO_TOKEN, WRONG_TOKEN, PROTOCOL_MISMATCH, UNIMPLEMENTED (no Voxhost
/// host), INVALID_FIELD (address, or a token that would cross the network readable).
pub fn connect(address: impl Into<String>) -> Connect {
    Connect {
        address: address.into(),
        token: None,
        may_send_readable_token: false,
        timeout: CONNECT_TIMEOUT,
        #[cfg(feature = "tls")]
        tls: None,
    }
}

/// How to reach a host. Awaiting it gives a [`Host`].
#[must_use = "nothing connects until it is awaited"]
#[derive(Clone)]
pub struct Connect {
    address: String,
    token: Option<String>,
    may_send_readable_token: bool,
    timeout: Duration,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Connect {
    /// Sends a bearer token with each call.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into()).filter(|token| !token.is_empty());
        self
    }

    /// Lets a token cross a network without TLS: only where nobody else can read.
    pub fn insecure_token(mut self) -> Self {
        self.may_send_readable_token = true;
        self
    }

    /// Speaks TLS.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// How long the host may take to say who it is: 5 seconds when not said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn open(self) -> Result<Host> {
        let at = address::parse(&self.address)?;
        let token = self.bearer(&at)?;
        let host = Host::new(self.address.clone(), self.channel(&at)?, token);
        let asked = tokio::time::timeout(self.timeout, host.info()).await;
        let info = asked.map_err(|elapsed| {
            let message = format!("The host at {} did not answer in {:?}.", self.address, self.timeout);
            Error::new(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", message)
                .with("address", &self.address)
                .caused_by(elapsed)
        })??;
        check_protocol(&self.address, &info)?;
        Ok(host.with_limits(info.limits.unwrap_or_default()))
    }

    fn has_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    fn bearer(&self, at: &Address) -> Result<Option<MetadataValue<Ascii>>> {
        let Some(token) = &self.token else { return Ok(None) };
        if !self.has_tls() && !at.is_local && !self.may_send_readable_token {
            let expected = "TLS beside a token, which would cross the network readable: \
                            say .tls(…), or .insecure_token() in as many words";
            return Err(Error::invalid("tls", "none", expected));
        }
        let header = format!("Bearer {token}").parse();
        header.map(Some).map_err(|_| Error::invalid("token", "not shown", "visible ASCII characters"))
    }

    fn channel(&self, at: &Address) -> Result<Channel> {
        let wrong = |error: tonic::transport::Error| {
            Error::invalid("address", format!("{:?}", self.address), innermost(&error)).caused_by(error)
        };
        let scheme = if self.has_tls() { "https" } else { "http" };
        let target = if at.is_unix { at.target.clone() } else { format!("{scheme}://{}", at.target) };
        let endpoint = Endpoint::from_shared(target)
            .map_err(wrong)?
            .connect_timeout(self.timeout)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(WINDOW_BYTES)
            .http2_keep_alive_interval(KEEP_ALIVE);
        #[cfg(feature = "tls")]
        let endpoint = match &self.tls {
            Some(tls) => tls.apply(endpoint)?,
            None => endpoint,
        };
        Ok(endpoint.connect_lazy())
    }
}

impl IntoFuture for Connect {
    type Output = Result<Host>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Puts the token on each call.
#[derive(Clone)]
pub(crate) struct Bearer(pub Option<MetadataValue<Ascii>>);

impl tonic::service::Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> std::result::Result<Request<()>, Status> {
        if let Some(header) = &self.0 {
            request.metadata_mut().insert("authorization", header.clone());
        }
        Ok(request)
    }
}

fn check_protocol(address: &str, info: &v1::HostInfo) -> Result<()> {
    let (least, most) = (info.protocol_version_min, info.protocol_version_max);
    if (least..=most).contains(&PROTOCOL_VERSION) {
        return Ok(());
    }
    let older = if PROTOCOL_VERSION < least { "this client" } else { "the host" };
    let message = format!(
        "The host at {address} (version {}) speaks revisions {least} to {most} of the protocol, this client revision \
         {PROTOCOL_VERSION}. Update {older}.",
        info.version
    );
    Err(Error::new(Code::FailedPrecondition, "PROTOCOL_MISMATCH", message)
        .with("address", address)
        .with("host_version", &info.version))
}

/// The innermost reason: tonic's own errors say only that something went wrong.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}
