// Uploads: nothing is sent that the host has; a lost connection goes on from the byte that is safe.
package io.github.voxhost;

import com.google.protobuf.UnsafeByteOperations;
import io.github.voxhost.v1.FindMissingVolumesRequest;
import io.github.voxhost.v1.FindMissingVolumesResponse;
import io.github.voxhost.v1.QueryWriteRequest;
import io.github.voxhost.v1.QueryWriteResponse;
import io.github.voxhost.v1.Volume;
import io.github.voxhost.v1.VolumeChunk;
import io.github.voxhost.v1.VolumeKey;
import io.github.voxhost.v1.WriteFinish;
import io.github.voxhost.v1.WriteHeader;
import io.github.voxhost.v1.WriteVolumeRequest;
import io.grpc.Status;
import java.util.UUID;
import java.util.function.LongConsumer;

final class Upload {
  // A good size on loopback and on slow links alike; a multiple of every component's bytes.
  private static final int CHUNK_BYTES = 512 << 10;

  private final Connection connection;
  private final Image image;
  private final LongConsumer onBytes;
  private final String sha256;
  private final String id = UUID.randomUUID().toString();
  private final int chunkBytes;

  /**
   * @param maxChunkBytes the host's limit; 0 for none
   * @param onBytes told how many bytes have been handed on, in this thread
   * @throws VoxhostException INVALID_FIELD when the voxels are not what the header says
   */
  Upload(Connection connection, Image image, long maxChunkBytes, LongConsumer onBytes) {
    image.check();
    this.connection = connection;
    this.image = image;
    this.onBytes = onBytes;
    this.sha256 = Image.digest(image.voxels());
    this.chunkBytes = (int) (maxChunkBytes == 0 ? CHUNK_BYTES : Math.min(CHUNK_BYTES, maxChunkBytes & ~7L));
  }

  /** Brings the image to the host. */
  Volume send() {
    VolumeKey key = VolumeKey.newBuilder().setHeader(image.header()).setSha256(sha256).build();
    FindMissingVolumesRequest asked = FindMissingVolumesRequest.newBuilder().addKeys(key).build();
    FindMissingVolumesResponse found = connection.patiently(() -> connection.volumes().findMissingVolumes(asked));
    if (found.getPresentCount() > 0) {
      onBytes.accept(image.voxels().length);
      return found.getPresent(0);
    }
    Patience patience = new Patience(connection);
    long committed = 0;
    while (true) {
      try {
        return writeFrom(committed);
      } catch (VoxhostException e) {
        if (!e.isLostConnection() && !(committed > 0 && isOffsetRefused(e))) throw e;
        patience.beforeRetry(e);
      }
      try {
        QueryWriteResponse state =
            connection.volumes().queryWrite(QueryWriteRequest.newBuilder().setUploadId(id).build());
        if (state.hasVolume()) return state.getVolume();
        if (state.getCommittedBytes() > committed) patience.progressed();
        committed = state.getCommittedBytes();
      } catch (RuntimeException thrown) {
        VoxhostException e = connection.explain(thrown);
        // Where the host has lost it, or never had it: from the start.
        if (e.code() == Status.Code.NOT_FOUND) committed = 0;
        else if (!e.isLostConnection()) throw e;
      }
    }
  }

  /** Sends header, chunks from an offset on, and finish. */
  private Volume writeFrom(long offset) {
    UploadStream stream = UploadStream.open(connection);
    try {
      byte[] voxels = image.voxels();
      WriteHeader header = WriteHeader.newBuilder().setUploadId(id).setHeader(image.header()).build();
      boolean isOpen = stream.send(WriteVolumeRequest.newBuilder().setHeader(header).build());
      for (int start = (int) offset; isOpen && start < voxels.length; start += chunkBytes) {
        int length = Math.min(chunkBytes, voxels.length - start);
        VolumeChunk chunk = VolumeChunk.newBuilder()
            .setOffsetBytes(start)
            .setData(UnsafeByteOperations.unsafeWrap(voxels, start, length)) // Not copied.
            .build();
        isOpen = stream.send(WriteVolumeRequest.newBuilder().setChunk(chunk).build());
        if (isOpen) onBytes.accept((long) start + length);
      }
      WriteFinish finish = WriteFinish.newBuilder().setSizeBytes(voxels.length).setSha256(sha256).build();
      if (isOpen) stream.send(WriteVolumeRequest.newBuilder().setFinish(finish).build());
      return stream.answer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VoxhostException.interrupted(e);
    } finally {
      stream.close();
    }
  }

  /** The host went on writing after it was asked, or was started anew: ask again. */
  private static boolean isOffsetRefused(VoxhostException e) {
    return "chunk.offset_bytes".equals(e.metadata().get("field"));
  }
}
