//! How far a run is, and how a line for people says it.

use std::fmt;

use crate::v1::RunEvent;
use crate::v1::run_event::Event;

/// How far a run is. It displays as a line for people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Progress {
    /// An input is being sent.
    Sending {
        /// The name that the workflow gives it.
        input: String,
        /// Bytes that have gone out, or that the host had.
        sent_bytes: usize,
        /// Bytes in all.
        total_bytes: usize,
    },
    /// Something happened to the run.
    Event(Box<RunEvent>),
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sending { input, sent_bytes, total_bytes } => {
                write!(f, "sending {input}: {sent_bytes} of {total_bytes} bytes")
            }
            Self::Event(event) => match &event.event {
                Some(Event::Queued(queued)) if queued.workflow_loading => {
                    f.write_str("waiting for the workflow to load")
                }
                Some(Event::Queued(queued)) => write!(f, "waiting, {} before it", queued.position),
                Some(Event::Started(started)) => write!(f, "started on {}", started.device),
                Some(Event::Progress(at)) => {
                    write!(f, "{:3.0} % {}", 100.0 * at.fraction, at.stage)?;
                    if at.step_count > 0 { write!(f, " {}/{}", at.step, at.step_count) } else { Ok(()) }
                }
                Some(Event::OutputReady(ready)) => {
                    write!(f, "{} is ready", ready.output.as_ref().map_or("an output", |output| &output.name))
                }
                Some(Event::Succeeded(_)) => f.write_str("succeeded"),
                Some(Event::Failed(failed)) => {
                    write!(f, "failed: {}", failed.error.as_ref().map_or("", |error| &error.message))
                }
                Some(Event::Cancelled(cancelled)) => write!(f, "cancelled: {}", cancelled.reason),
                None => f.write_str("an event of a later revision"),
            },
        }
    }
}
