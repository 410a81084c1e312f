//! Uploads: nothing is sent that the host has; a lost connection goes on from the byte that is safe.

use std::sync::Arc;

use futures_util::stream;
use sha2::{Digest, Sha256};
use tonic::Code;

use crate::retry::{Patience, hex, patiently, unique_name};
use crate::v1::write_volume_request::Message;
use crate::{Error, Host, Image, Result, v1};

// A good size on loopback and on slow links alike; a multiple of every component's bytes.
const CHUNK_BYTES: usize = 512 << 10;

/// Called with the bytes that have gone out.
pub(crate) type OnBytes = Arc<dyn Fn(usize) + Send + Sync>;

impl Host {
    /// Brings an image to the host and answers with the volume that it is there. Its voxels are not sent when the host
    /// has them already. When the connection breaks it goes on where it stopped.
    ///
    /// # Errors
    /// INVALID_FIELD (the header, or voxels that are not what it says), LIMIT_EXCEEDED, DISK_FULL, and HOST_UNAVAILABLE
    /// when the connection stays away for several attempts without a byte of progress.
    pub async fn upload(&self, image: &Image) -> Result<v1::Volume> {
        self.upload_telling(image, Arc::new(|_| {})).await
    }

    pub(crate) async fn upload_telling(&self, image: &Image, on_bytes: OnBytes) -> Result<v1::Volume> {
        image.check()?;
        let sha256 = digest(image).await;
        let key = v1::VolumeKey { header: Some(image.header.clone()), sha256: sha256.clone() };
        let asked = v1::FindMissingVolumesRequest { keys: vec![key] };
        let found =
            patiently(self, asked, |host, request| async move { host.volumes().find_missing_volumes(request).await })
                .await?;
        if let Some(volume) = found.present.into_iter().next() {
            return Ok(volume);
        }
        let mut upload = Upload { id: unique_name(), sha256, committed: 0, patience: Patience::default() };
        loop {
            let error = match self.write(image, &upload, &on_bytes).await {
                Ok(volume) => return Ok(volume),
                Err(error) => error,
            };
            if let Some(volume) = self.go_on(&mut upload, error).await? {
                return Ok(volume);
            }
        }
    }

    /// Finds out where to go on after an error; gives the volume when the upload is complete all the same.
    async fn go_on(&self, upload: &mut Upload, error: Error) -> Result<Option<v1::Volume>> {
        // The host went on writing after it was asked, or was started anew: ask again.
        let is_offset_refused =
            upload.committed > 0 && error.metadata().get("field").is_some_and(|field| field == "chunk.offset_bytes");
        let error = if is_offset_refused { self.ended_early("an upload") } else { error };
        upload.patience.endure(error).await?;
        let request = v1::QueryWriteRequest { upload_id: upload.id.clone() };
        match self.volumes().query_write(request).await.map_err(|status| self.explain(status)) {
            Ok(answer) => {
                let state = answer.into_inner();
                let committed = usize::try_from(state.committed_bytes).unwrap_or_default();
                if committed > upload.committed {
                    upload.patience.renew();
                }
                upload.committed = committed;
                Ok(state.volume)
            }
            Err(error) if error.code() == Code::NotFound => {
                upload.committed = 0; // The host has lost it, or never had it: from the start.
                Ok(None)
            }
            Err(error) if error.is_lost_connection() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends header, chunks from the committed byte on, and finish.
    async fn write(&self, image: &Image, upload: &Upload, on_bytes: &OnBytes) -> Result<v1::Volume> {
        let messages = stream::iter(messages(image.clone(), upload, self.chunk_bytes(), on_bytes.clone()));
        let answer = self.volumes().write_volume(messages).await.map_err(|status| self.explain(status))?;
        answer.into_inner().volume.ok_or_else(|| self.ended_early("an upload"))
    }

    fn chunk_bytes(&self) -> usize {
        match usize::try_from(self.max_chunk_bytes()) {
            Ok(limit) if limit >= 8 => CHUNK_BYTES.min(limit - limit % 8),
            _ => CHUNK_BYTES,
        }
    }
}

/// An upload under way.
struct Upload {
    id: String,
    sha256: String,
    committed: usize,
    patience: Patience,
}

/// The messages of an upload. A chunk shares the image's voxels.
fn messages(
    image: Image,
    upload: &Upload,
    chunk_bytes: usize,
    on_bytes: OnBytes,
) -> impl Iterator<Item = v1::WriteVolumeRequest> + Send + use<> {
    let Image { header, voxels } = image;
    let total = voxels.len();
    let first = v1::WriteHeader { upload_id: upload.id.clone(), header: Some(header) };
    let last = v1::WriteFinish { size_bytes: wire_size(total), sha256: upload.sha256.clone() };
    let chunks = (upload.committed..total).step_by(chunk_bytes).map(move |start| {
        let end = total.min(start + chunk_bytes);
        on_bytes(end);
        Message::Chunk(v1::VolumeChunk {
            offset_bytes: wire_size(start),
            data: voxels.slice(start..end),
            ..Default::default()
        })
    });
    std::iter::once(Message::Header(first))
        .chain(chunks)
        .chain(std::iter::once_with(move || Message::Finish(last)))
        .map(|message| v1::WriteVolumeRequest { message: Some(message) })
}

/// A size in memory as the wire has it: no memory is larger than its 63 bits.
pub(crate) fn wire_size(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// SHA-256 in lower-case hexadecimal digits, made beside the tasks: 1 GiB takes about a second.
async fn digest(image: &Image) -> String {
    let voxels = image.voxels.clone();
    let made = tokio::task::spawn_blocking(move || hex(&Sha256::digest(&voxels))).await;
    made.expect("hashing does not panic")
}
