// From what gRPC throws to a VoxhostException: the host's own ErrorInfo, or a sentence for what has none.
package io.github.voxhost;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.protobuf.StatusProto;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import javax.net.ssl.SSLException;

final class Explanation {
  private Explanation() {}

  /** @param isClosed whether the connection was closed on this side */
  static VoxhostException of(Throwable error, Address address, boolean isClosed) {
    if (error instanceof VoxhostException known) return known;
    Status status = Status.fromThrowable(error);
    if (isClosed) {
      return new VoxhostException(
          Status.Code.CANCELLED, "CANCELLED", "The connection to %s was closed.".formatted(address.text()), Map.of(), error);
    }
    if (status.getCode() == Status.Code.CANCELLED && Thread.currentThread().isInterrupted()) {
      return VoxhostException.interrupted(error);
    }
    ErrorInfo info = errorInfo(error);
    if (info != null) {
      String message = String.valueOf(status.getDescription());
      return new VoxhostException(status.getCode(), info.getReason(), message, info.getMetadataMap(), error);
    }
    return ofBare(status, error, address);
  }

  private static ErrorInfo errorInfo(Throwable error) {
    com.google.rpc.Status details = StatusProto.fromThrowable(error);
    if (details == null) return null;
    try {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) return detail.unpack(ErrorInfo.class);
      }
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
    return null;
  }

  /** What a status without details means: gRPC itself said it, or a server that is no Voxhost host. */
  private static VoxhostException ofBare(Status status, Throwable error, Address address) {
    String at = address.text();
    if (isNoHttp2(error)) status = Status.UNIMPLEMENTED;
    if (isClosedChannel(status, error)) status = Status.UNAVAILABLE.withDescription("The connection was lost");
    String reason = switch (status.getCode()) {
      case UNAVAILABLE -> "HOST_UNAVAILABLE";
      case DEADLINE_EXCEEDED -> "DEADLINE_EXCEEDED";
      case UNIMPLEMENTED -> "UNIMPLEMENTED";
      case CANCELLED -> "CANCELLED";
      default -> "INTERNAL";
    };
    String message = switch (status.getCode()) {
      case UNAVAILABLE -> "No host answers at %s: %s".formatted(at, sentence(connectionFault(status, error)));
      case DEADLINE_EXCEEDED -> "No answer from the host at %s in the time given.".formatted(at);
      case UNIMPLEMENTED -> "What answers at %s does not speak voxhost.v1: it is no Voxhost host.".formatted(at);
      case CANCELLED -> "The call to %s was cancelled.".formatted(at);
      default -> "The host at %s answered %s: %s".formatted(at, status.getCode(), status.getDescription());
    };
    return new VoxhostException(status.getCode(), reason, message, Map.of("address", at), error);
  }

  /** Netty could not read the first bytes that came. */
  private static boolean isNoHttp2(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof Http2Exception) return true;
    }
    return false;
  }

  /** A call that begins while Netty closes its channel: grpc-java calls that UNKNOWN. */
  private static boolean isClosedChannel(Status status, Throwable error) {
    if (status.getCode() != Status.Code.UNKNOWN) return false;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedChannelException) return true;
    }
    return false;
  }

  private static String connectionFault(Status status, Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) return "nothing listens there. Is the host running?";
      if (cause instanceof FileNotFoundException) return "there is no such socket. Is the host running?";
      if (cause instanceof UnknownHostException) return "no machine of that name is known";
      if (cause instanceof NotSslRecordException) return "what listens there does not speak TLS";
      if (cause instanceof SSLException) return "its certificate is not trusted: " + rootOf(cause).getMessage();
    }
    String said = String.valueOf(status.getDescription());
    if (said.contains("Network closed") || said.contains("closed the connection")) {
      return "what listens there ended the connection. Is it a Voxhost host, and does one side alone speak TLS?";
    }
    return said;
  }

  private static String sentence(String words) {
    return words.matches(".*[.?]") ? words : words + ".";
  }

  private static Throwable rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) root = root.getCause();
    return root;
  }
}
