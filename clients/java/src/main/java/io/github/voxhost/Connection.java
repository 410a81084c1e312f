// The channel to a host and its stubs, and how calls on it are retried and explained.
package io.github.voxhost;

import io.github.voxhost.v1.GetHostInfoRequest;
import io.github.voxhost.v1.HostInfo;
import io.github.voxhost.v1.HostServiceGrpc;
import io.github.voxhost.v1.RunServiceGrpc;
import io.github.voxhost.v1.RunServiceGrpc.RunServiceBlockingStub;
import io.github.voxhost.v1.VolumeServiceGrpc;
import io.github.voxhost.v1.VolumeServiceGrpc.VolumeServiceBlockingStub;
import io.github.voxhost.v1.VolumeServiceGrpc.VolumeServiceStub;
import io.github.voxhost.v1.WorkflowServiceGrpc;
import io.github.voxhost.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.grpc.ChannelCredentials;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** @param deadline of every call; null for none */
record Connection(Address address, ManagedChannel channel, AtomicBoolean closed, Deadline deadline) {
  // At 20 ms round trip gRPC's own window holds a download to a few MB/s.
  private static final int WINDOW_BYTES = 16 << 20;
  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  // What may wait to be sent before an upload is told to wait.
  private static final int SEND_BUFFER_BYTES = 2 << 20;

  /** Opens a channel; nothing is sent yet. @throws VoxhostException INVALID_FIELD for a token that cannot be sent */
  static Connection open(Address address, ConnectOptions options) {
    boolean hasToken = options.token() != null && !options.token().isEmpty();
    if (hasToken && options.credentials() == null && !address.isLocal() && !options.insecureToken()) {
      throw VoxhostException.invalid("tls", "none", "TLS beside a token: it would cross the network readable. "
          + "Give withTls, or say withInsecureToken in as many words");
    }
    if (hasToken && !options.token().matches("[\\x21-\\x7e]+")) {
      throw VoxhostException.invalid("token", "not shown", "visible ASCII characters, without a space or a line's end");
    }
    ChannelCredentials credentials =
        options.credentials() == null ? InsecureChannelCredentials.create() : options.credentials();
    ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder(address.target(), credentials)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        // Quiet connections stay open through proxies that cut idle ones.
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(20, TimeUnit.SECONDS);
    // A path is no authority to an HTTP/2 server.
    if (address.target().startsWith("unix:")) builder.overrideAuthority("localhost");
    if (address.isLocal()) builder.proxyDetector(target -> null);
    if (builder instanceof NettyChannelBuilder netty) netty.flowControlWindow(WINDOW_BYTES);
    if (hasToken) {
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + options.token());
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    return new Connection(address, builder.build(), new AtomicBoolean(), null);
  }

  /** The same connection with a deadline for all that is done through it from now on. */
  Connection within(Duration timeout) {
    return new Connection(address, channel, closed, Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The same connection without a deadline. */
  Connection unbounded() {
    return new Connection(address, channel, closed, null);
  }

  WorkflowServiceBlockingStub workflows() {
    return bounded(WorkflowServiceGrpc.newBlockingStub(channel));
  }

  VolumeServiceBlockingStub volumes() {
    return bounded(VolumeServiceGrpc.newBlockingStub(channel));
  }

  VolumeServiceStub uploads() {
    return bounded(VolumeServiceGrpc.newStub(channel)).withOnReadyThreshold(SEND_BUFFER_BYTES);
  }

  RunServiceBlockingStub runs() {
    return bounded(RunServiceGrpc.newBlockingStub(channel));
  }

  private <S extends AbstractStub<S>> S bounded(S stub) {
    return deadline == null ? stub : stub.withDeadline(deadline);
  }

  /** Who the host is; asked once. */
  HostInfo info() {
    try {
      return bounded(HostServiceGrpc.newBlockingStub(channel)).getHostInfo(GetHostInfoRequest.getDefaultInstance());
    } catch (RuntimeException e) {
      throw explain(e);
    }
  }

  /** Makes a call that may be made again as often as wanted, until it is answered or refused. */
  <T> T patiently(Supplier<T> call) {
    Patience patience = new Patience(this);
    while (true) {
      try {
        return call.get();
      } catch (RuntimeException e) {
        patience.afterLoss(explain(e));
      }
    }
  }

  VoxhostException explain(Throwable error) {
    return Explanation.of(error, address, closed.get());
  }

  /** Ends the connection; calls under way fail as cancelled. */
  void close() {
    closed.set(true);
    channel.shutdownNow();
  }
}
