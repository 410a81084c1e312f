// The Java client beside bare grpc-java, on the same host, in turns: ratios, not seconds (benchmarks/clients.ts runs it).
package io.github.voxhost;

import com.google.protobuf.ByteString;
import io.github.voxhost.v1.ComponentType;
import io.github.voxhost.v1.DeleteVolumeRequest;
import io.github.voxhost.v1.ReadVolumeRequest;
import io.github.voxhost.v1.ReadVolumeResponse;
import io.github.voxhost.v1.VolumeChunk;
import io.github.voxhost.v1.VolumeHeader;
import io.github.voxhost.v1.VolumeServiceGrpc;
import io.github.voxhost.v1.WriteFinish;
import io.github.voxhost.v1.WriteHeader;
import io.github.voxhost.v1.WriteVolumeRequest;
import io.github.voxhost.v1.WriteVolumeResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

final class Throughput {
  private static final int CHUNK_BYTES = 1 << 20;

  private final ManagedChannel channel;

  private Throughput(String address) {
    channel = ManagedChannelBuilder.forTarget(address).usePlaintext().maxInboundMessageSize(16 << 20).build();
  }

  /** Arguments: the host's address, MiB of the volume, rounds. Prints how many times as fast as bare, each way. */
  public static void main(String[] args) throws Exception {
    int slices = 16 * Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    VolumeHeader header = VolumeHeader.newBuilder()
        .addAllSizes(List.of(256L, 256L, (long) slices))
        .setComponentType(ComponentType.COMPONENT_TYPE_UINT8)
        .addAllIndexToWorldLps(List.of(1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0.))
        .build();
    byte[] voxels = new byte[256 * 256 * slices];
    for (int i = 0; i < voxels.length; i++) voxels[i] = (byte) (i * 31 ^ i >> 7);
    Throughput bare = new Throughput(args[0]);
    List<List<Double>> seconds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (VoxhostClient client = Voxhost.connect(args[0], ConnectOptions.defaults().withTimeout(Duration.ofMinutes(1)))) {
      // The first round warms both up.
      for (int round = 0; round <= rounds; round++) {
        for (boolean isOurs : new boolean[] {round % 2 == 0, round % 2 != 0}) {
          voxels[0] += 1; // What the host has not.
          String[] name = new String[1];
          double up = time(() -> name[0] =
              isOurs ? client.upload(new Image(header, voxels)).getName() : bare.upload(header, voxels));
          double down = time(() -> isOurs ? client.download(name[0]).voxels() : bare.download(name[0]));
          bare.delete(name[0]);
          if (round == 0) continue;
          seconds.get(isOurs ? 0 : 2).add(up);
          seconds.get(isOurs ? 1 : 3).add(down);
        }
      }
    } finally {
      bare.channel.shutdownNow();
    }
    List<Double> medians = seconds.stream().map(times -> times.stream().sorted().toList().get(rounds / 2)).toList();
    System.out.printf(java.util.Locale.ROOT, "{\"up\": %.2f, \"down\": %.2f}%n",
        medians.get(2) / medians.get(0), medians.get(3) / medians.get(1));
  }

  private static double time(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e9;
  }

  /** One WriteVolume, hashed in the same loop; waits where gRPC is not ready. */
  private String upload(VolumeHeader header, byte[] voxels) throws Exception {
    CompletableFuture<WriteVolumeResponse> answer = new CompletableFuture<>();
    Object ready = new Object();
    ClientCallStreamObserver<WriteVolumeRequest> call = (ClientCallStreamObserver<WriteVolumeRequest>)
        VolumeServiceGrpc.newStub(channel).writeVolume(new ClientResponseObserver<WriteVolumeRequest, WriteVolumeResponse>() {
          @Override
          public void beforeStart(ClientCallStreamObserver<WriteVolumeRequest> stream) {
            stream.setOnReadyHandler(() -> {
              synchronized (ready) {
                ready.notifyAll();
              }
            });
          }

          @Override
          public void onNext(WriteVolumeResponse value) {
            answer.complete(value);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }

          @Override
          public void onCompleted() {}
        });
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    call.onNext(WriteVolumeRequest.newBuilder().setHeader(WriteHeader.newBuilder().setHeader(header)).build());
    for (int start = 0; start < voxels.length; start += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, voxels.length - start);
      digest.update(voxels, start, length);
      VolumeChunk chunk = VolumeChunk.newBuilder()
          .setOffsetBytes(start).setData(ByteString.copyFrom(voxels, start, length)).build();
      synchronized (ready) {
        while (!call.isReady() && !answer.isDone()) ready.wait();
      }
      call.onNext(WriteVolumeRequest.newBuilder().setChunk(chunk).build());
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    WriteFinish finish = WriteFinish.newBuilder().setSizeBytes(voxels.length).setSha256(sha256).build();
    call.onNext(WriteVolumeRequest.newBuilder().setFinish(finish).build());
    call.onCompleted();
    return answer.get().getVolume().getName();
  }

  /** One ReadVolume, compared by its digest. */
  private byte[] download(String name) throws Exception {
    Iterator<ReadVolumeResponse> messages = VolumeServiceGrpc.newBlockingStub(channel)
        .readVolume(ReadVolumeRequest.newBuilder().setName(name).build());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    String expected = "";
    byte[] voxels = new byte[0];
    int received = 0;
    while (messages.hasNext()) {
      ReadVolumeResponse message = messages.next();
      if (message.hasVolume()) {
        expected = message.getVolume().getSha256();
        voxels = new byte[(int) message.getVolume().getSizeBytes()];
      } else {
        ByteString data = message.getChunk().getData();
        data.copyTo(voxels, received);
        digest.update(voxels, received, data.size());
        received += data.size();
      }
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(expected)) throw new AssertionError("other voxels came");
    return voxels;
  }

  private void delete(String name) {
    VolumeServiceGrpc.newBlockingStub(channel).deleteVolume(DeleteVolumeRequest.newBuilder().setName(name).build());
  }
}
