//! Runs medical-imaging workflows on a [Voxhost](https://github.com/voxhost/voxhost) host.
//!
//! ```no_run
//! # async fn example(image: voxhost::Image) -> voxhost::Result<()> {
//! let host = voxhost::connect("127.0.0.1:50151").await?;
//! let mut running = host.run("brain_extraction_deepbet").input("image", &image).start();
//! while let Some(progress) = running.next().await {
//!     println!("{progress}");
//! }
//! let run = running.await?;
//! let mask = host.download(run.volume("pred")?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Workflows, volumes, runs and events are the messages of the protocol, in [`v1`]. Voxels are bytes as they lie in
//! memory: the first axis fastest, components side by side, little-endian; the header's matrix leads from indices to
//! millimetres in LPS. Every error is an [`Error`] with a reason for programs and a sentence for people. A [`Host`] is
//! cheap to clone and may be used by many tasks. All of it needs a tokio runtime.
//!
//! What is dropped stops: a call that is dropped before its end stops on the host too, a run included.

mod address;
mod connect;
mod download;
mod error;
mod explain;
mod host;
mod image;
mod progress;
mod retry;
mod run;
mod running;
#[cfg(feature = "tls")]
mod tls;
mod upload;
mod watch;

/// The messages and clients of the protocol, made from `proto/voxhost/v1`.
#[allow(clippy::all, rustdoc::all)]
#[rustfmt::skip] // As the generator writes it.
pub mod v1;

pub use connect::{Connect, PROTOCOL_VERSION, connect};
pub use error::{Error, Result};
pub use host::Host;
pub use image::{Image, size_bytes};
pub use progress::Progress;
pub use prost_types::Value;
pub use run::{Input, NewRun};
pub use running::Running;
#[cfg(feature = "tls")]
pub use tls::Tls;
pub use tokio_util::sync::CancellationToken;
pub use tonic::Code;
pub use watch::Watch;
