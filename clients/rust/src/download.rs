//! Downloads: verified by their digest, gone on with where a lost connection stopped.

use sha2::{Digest, Sha256};
use tonic::Code;

use crate::image::size_bytes;
use crate::retry::{Patience, hex};
use crate::upload::wire_size;
use crate::v1::read_volume_response::Message;
use crate::{Error, Host, Image, Result, v1};

impl Host {
    /// Brings a volume's voxels by its name, such as `run.volume("pred")?`.
    ///
    /// # Errors
    /// VOLUME_NOT_FOUND, DIGEST_MISMATCH, INCOMPLETE_DOWNLOAD, OUT_OF_MEMORY, HOST_UNAVAILABLE.
    pub async fn download(&self, volume: impl Into<String>) -> Result<Image> {
        let mut download = Download { name: volume.into(), volume: None, voxels: Vec::new(), hash: Sha256::new() };
        let mut patience = Patience::default();
        loop {
            let before = download.voxels.len();
            match self.read_on(&mut download).await {
                Ok(()) => return download.finish(),
                Err(error) => {
                    if download.voxels.len() > before {
                        patience.renew();
                    }
                    patience.endure(error).await?;
                }
            }
        }
    }

    async fn read_on(&self, download: &mut Download) -> Result<()> {
        let request = v1::ReadVolumeRequest {
            name: download.name.clone(),
            offset_bytes: wire_size(download.voxels.len()),
            ..Default::default()
        };
        let answer = self.volumes().read_volume(request).await.map_err(|status| self.explain(status))?;
        let mut messages = answer.into_inner();
        while let Some(one) = messages.message().await.map_err(|status| self.explain(status))? {
            match one.message {
                Some(Message::Volume(volume)) => download.begin(volume)?,
                Some(Message::Chunk(chunk)) => download.take(&chunk)?,
                None => return Err(download.incomplete()),
            }
        }
        // A connection that was cut may look like an end.
        if download.is_whole() { Ok(()) } else { Err(self.ended_early("a download")) }
    }
}

/// What came so far.
struct Download {
    name: String,
    volume: Option<v1::Volume>,
    voxels: Vec<u8>,
    hash: Sha256,
}

impl Download {
    fn begin(&mut self, volume: v1::Volume) -> Result<()> {
        if self.volume.is_some() {
            return Ok(());
        }
        let promised = volume.header.as_ref().and_then(size_bytes).and_then(|bytes| usize::try_from(bytes).ok());
        let size = promised.filter(|&size| wire_size(size) == volume.size_bytes).ok_or_else(|| self.incomplete())?;
        self.voxels.try_reserve_exact(size).map_err(|error| {
            let message = format!("Volume {} has {size} bytes, for which there is no memory here.", self.name);
            Error::new(Code::ResourceExhausted, "OUT_OF_MEMORY", message).caused_by(error)
        })?;
        self.volume = Some(volume);
        Ok(())
    }

    fn take(&mut self, chunk: &v1::VolumeChunk) -> Result<()> {
        let end = wire_size(self.voxels.len() + chunk.data.len());
        let is_plain = chunk.encoding() == v1::ChunkEncoding::Unspecified;
        let is_next = chunk.offset_bytes == wire_size(self.voxels.len());
        if !is_plain || !is_next || self.volume.as_ref().is_none_or(|volume| end > volume.size_bytes) {
            return Err(self.incomplete());
        }
        self.hash.update(&chunk.data);
        self.voxels.extend_from_slice(&chunk.data);
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.volume.as_ref().is_some_and(|volume| volume.size_bytes == wire_size(self.voxels.len()))
    }

    fn finish(self) -> Result<Image> {
        let Some(v1::Volume { header: Some(header), sha256, .. }) = self.volume else {
            return Err(self.incomplete());
        };
        if hex(&self.hash.finalize()) != sha256 {
            let message =
                format!("The voxels of volume {} are not what its digest says. Download it again.", self.name);
            return Err(Error::new(Code::DataLoss, "DIGEST_MISMATCH", message));
        }
        Ok(Image::new(header, self.voxels))
    }

    fn incomplete(&self) -> Error {
        let came = self.voxels.len();
        let message =
            format!("Volume {} came out of order or incomplete, after {came} bytes. Download it again.", self.name);
        Error::new(Code::DataLoss, "INCOMPLETE_DOWNLOAD", message)
    }
}
