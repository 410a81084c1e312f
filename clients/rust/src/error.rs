//! Everything that can go wrong, as one type: the host's own code, reason, sentence and metadata.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use tonic::Code;

use crate::v1;

/// What calls of this crate give.
pub type Result<T> = std::result::Result<T, Error>;

/// Any error of this crate. The host's `docs/errors.md` lists the reasons. It displays as its sentence.
#[derive(Clone, Debug)]
pub struct Error {
    code: Code,
    reason: String,
    message: String,
    metadata: BTreeMap<String, String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(code: Code, reason: &str, message: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), message: message.into(), metadata: BTreeMap::new(), source: None }
    }

    pub(crate) fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.metadata.insert(key.into(), value.to_string());
        self
    }

    pub(crate) fn with_all(mut self, metadata: impl IntoIterator<Item = (String, String)>) -> Self {
        self.metadata.extend(metadata);
        self
    }

    pub(crate) fn caused_by(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// A field that cannot be as it is: named, with what came and what was expected.
    pub(crate) fn invalid(field: &str, came: impl fmt::Display, expected: impl fmt::Display) -> Self {
        let message = format!("{field} is {came}; expected: {expected}.");
        Self::new(Code::InvalidArgument, "INVALID_FIELD", message)
            .with("field", field)
            .with("value", came)
            .with("expected", expected)
    }

    /// What a run gives that its caller has stopped.
    pub(crate) fn stopped() -> Self {
        Self::new(Code::Cancelled, "CANCELLED", "The run was cancelled by its caller.")
    }

    /// A run that was stopped, by undeployment for instance.
    pub(crate) fn run_cancelled(run: &str, why: &str) -> Self {
        Self::new(Code::Cancelled, "CANCELLED", format!("The run was cancelled: {why}")).with("run", run)
    }

    /// Why a run failed.
    pub(crate) fn run_failed(run: &str, error: v1::RunError) -> Self {
        Self::new(Code::from_i32(error.code), &error.reason, error.message).with("run", run).with_all(error.metadata)
    }

    /// The gRPC status code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// UPPER_SNAKE, the same from version to version, for programs: `"WORKFLOW_NOT_FOUND"`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// A sentence for people: what went wrong and what to do.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The field, what came, what was expected, the step, the run.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// True when the same call may succeed in a moment: the connection broke, nothing was refused.
    pub(crate) fn is_lost_connection(&self) -> bool {
        self.code == Code::Unavailable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
