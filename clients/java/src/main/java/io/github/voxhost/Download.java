// Downloads: verified by their digest, gone on with where a lost connection stopped.
package io.github.voxhost;

import io.github.voxhost.v1.ChunkEncoding;
import io.github.voxhost.v1.ReadVolumeRequest;
import io.github.voxhost.v1.ReadVolumeResponse;
import io.github.voxhost.v1.Volume;
import io.github.voxhost.v1.VolumeChunk;
import io.grpc.Context;
import io.grpc.Status;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;

final class Download {
  // The longest array of every Java.
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  private final Connection connection;
  private final String name;
  private Volume volume;
  private byte[] voxels;
  private int received;
  /** Of what was received, taken while more is on its way. */
  private final MessageDigest digest = Image.newDigest();

  Download(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  /** Brings the volume. */
  Image receive() {
    Patience patience = new Patience(connection);
    while (true) {
      int before = received;
      try {
        readOn();
        break;
      } catch (RuntimeException e) {
        if (received > before) patience.progressed();
        patience.afterLoss(connection.explain(e));
      }
    }
    if (volume == null || received != voxels.length) throw incomplete();
    if (!HexFormat.of().formatHex(digest.digest()).equals(volume.getSha256())) {
      throw damaged("DIGEST_MISMATCH", "The voxels of volume %s are not what its digest says. Download it again.");
    }
    return new Image(volume.getHeader(), voxels);
  }

  private void readOn() {
    ReadVolumeRequest request = ReadVolumeRequest.newBuilder().setName(name).setOffsetBytes(received).build();
    // Cancelled at the end, so that leaving early leaves no call open.
    Context.CancellableContext context = Context.current().withCancellation();
    Context previous = context.attach();
    try {
      Iterator<ReadVolumeResponse> messages = connection.volumes().readVolume(request);
      while (messages.hasNext()) {
        ReadVolumeResponse message = messages.next();
        if (message.hasVolume() && volume == null) begin(message.getVolume());
        if (message.hasChunk()) append(message.getChunk());
      }
    } finally {
      context.detach(previous);
      context.cancel(null);
    }
  }

  private void begin(Volume first) {
    if (Image.sizeBytes(first.getHeader()) != first.getSizeBytes()) throw incomplete();
    if (first.getSizeBytes() > MAX_BYTES) {
      throw VoxhostException.invalid(
          "volume", first.getSizeBytes() + " bytes", "at most " + MAX_BYTES + " bytes, the longest array of Java");
    }
    volume = first;
    voxels = new byte[(int) first.getSizeBytes()];
  }

  private void append(VolumeChunk chunk) {
    int length = chunk.getData().size();
    boolean fits = volume != null && length <= voxels.length - received;
    if (!fits || chunk.getOffsetBytes() != received
        || chunk.getEncoding() != ChunkEncoding.CHUNK_ENCODING_UNSPECIFIED) {
      throw incomplete();
    }
    chunk.getData().copyTo(voxels, received);
    digest.update(voxels, received, length);
    received += length;
  }

  private VoxhostException incomplete() {
    return damaged(
        "INCOMPLETE_DOWNLOAD",
        "Volume %s came out of order or incomplete, after " + received + " bytes. Download it again.");
  }

  private VoxhostException damaged(String reason, String sentence) {
    return new VoxhostException(Status.Code.DATA_LOSS, reason, sentence.formatted(name), Map.of("volume", name), null);
  }
}
