// One WriteVolume call as its sender sees it: each send waits until the connection takes more.
package io.github.voxhost;

import io.github.voxhost.v1.Volume;
import io.github.voxhost.v1.WriteVolumeRequest;
import io.github.voxhost.v1.WriteVolumeResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Map;

final class UploadStream implements ClientResponseObserver<WriteVolumeRequest, WriteVolumeResponse> {
  private final Connection connection;
  private ClientCallStreamObserver<WriteVolumeRequest> call;
  private WriteVolumeResponse answer;
  private Throwable error;
  private boolean hasEnded;

  private UploadStream(Connection connection) {
    this.connection = connection;
  }

  static UploadStream open(Connection connection) {
    UploadStream stream = new UploadStream(connection);
    connection.uploads().writeVolume(stream);
    return stream;
  }

  /** Sends when there is room. @return false when the host has ended the call: its answer says why */
  synchronized boolean send(WriteVolumeRequest request) throws InterruptedException {
    while (!hasEnded && !call.isReady()) wait();
    if (hasEnded) return false;
    call.onNext(request);
    return true;
  }

  /** Ends the stream and waits for the volume. */
  synchronized Volume answer() throws InterruptedException {
    if (!hasEnded) call.onCompleted();
    while (!hasEnded) wait();
    if (error != null) throw connection.explain(error);
    if (answer != null) return answer.getVolume();
    throw new VoxhostException(
        Status.Code.UNAVAILABLE, "HOST_UNAVAILABLE", "The host ended the upload without an answer.", Map.of(), null);
  }

  /** Stops a call that has not ended; the host keeps what is safe. */
  synchronized void close() {
    if (!hasEnded) call.cancel("The upload was stopped", null);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WriteVolumeRequest> call) {
    this.call = call;
    call.setOnReadyHandler(this::wake);
  }

  @Override
  public synchronized void onNext(WriteVolumeResponse value) {
    answer = value;
  }

  @Override
  public void onError(Throwable thrown) {
    end(thrown);
  }

  @Override
  public void onCompleted() {
    end(null);
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void end(Throwable thrown) {
    error = thrown;
    hasEnded = true;
    notifyAll();
  }
}
