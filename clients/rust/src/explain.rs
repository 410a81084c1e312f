//! From the status of a call to an [`Error`]: the host's own words, or what is wrong between here and it.

use std::error::Error as StdError;
use std::io;

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::Error;

/// The error of a call to what listens at an address; `is_host` once it has answered as a host does.
pub(crate) fn explain(address: &str, is_host: bool, status: Status) -> Error {
    if let Some(info) = status.get_details_error_info() {
        return Error::new(status.code(), &info.reason, status.message()).with_all(info.metadata).caused_by(status);
    }
    // A status with a source never came from a host: it is what happened to the connection.
    let code = if status.source().is_some() { Code::Unavailable } else { status.code() };
    let (reason, message) = match code {
        Code::Unavailable => {
            ("HOST_UNAVAILABLE", format!("No host answers at {address}: {}", explain_connection(&status, is_host)))
        }
        Code::DeadlineExceeded => ("DEADLINE_EXCEEDED", format!("The host at {address} did not answer in time.")),
        Code::Unimplemented => {
            ("UNIMPLEMENTED", format!("What answers at {address} does not speak voxhost.v1: it is no Voxhost host."))
        }
        Code::Cancelled => ("CANCELLED", format!("The call to {address} was cancelled.")),
        other => ("INTERNAL", format!("The host at {address} answered {other:?}: {}", status.message())),
    };
    Error::new(code, reason, message).with("address", address).caused_by(status)
}

fn explain_connection(status: &Status, is_host: bool) -> String {
    let chain = chain(status);
    let said = chain.last().cloned().unwrap_or_else(|| status.message().to_owned());
    let all = chain.join(": ");
    if is_io(status, io::ErrorKind::ConnectionRefused) {
        "nothing listens there. Is the host running?".into()
    } else if all.contains("lookup address") || all.contains("dns error") {
        "no machine of that name is known.".into()
    } else if all.contains("certificate") {
        format!("its certificate is not trusted ({said}).")
    } else if all.contains("deadline has elapsed") || is_io(status, io::ErrorKind::TimedOut) {
        "it did not answer in time.".into()
    } else if is_host {
        format!("the connection broke ({said}).")
    } else {
        format!(
            "what listens there ended the connection ({said}). Is it a Voxhost host, and does one side alone speak TLS?"
        )
    }
}

/// What a status and each error behind it say, the outermost first.
fn chain(status: &Status) -> Vec<String> {
    sources(status).map(ToString::to_string).collect()
}

fn is_io(status: &Status, kind: io::ErrorKind) -> bool {
    sources(status).filter_map(|error| error.downcast_ref::<io::Error>()).any(|error| error.kind() == kind)
}

fn sources(status: &Status) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(status.source(), |&error| error.source())
}
