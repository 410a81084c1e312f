// From what gRPC throws to a VoxhostException: the host's own ErrorInfo, or a sentence for what has none.
package io.github.voxhost;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.UnknownHostException;
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
    String reason = switch (status.getCode()) {
      case UNAVAILABLE -> "HOST_UNAVAILABLE";
      case DEADLINE_EXCEEDED -> "DEADLINE_EXCEEDED";
      case UNIMPLEMENTED -> "UNIMPLEMENTED";
      case CANCELLED -> "CANCELLED";
      default -> "INTERNAL";
    };
    String message = switch (status.getCode()) {
      case UNAVAILABLE -> "No host answers at %s: %s.".formatted(at, connectionFault(status, error));
      case DEADLINE_EXCEEDED -> "The host at %s did not answer in time.".formatted(at);
      case UNIMPLEMENTED -> "What answers at %s does not speak voxhost.v1: it is no Voxhost host.".formatted(at);
      case CANCELLED -> "The call to %s was cancelled.".formatted(at);
      default -> "The host at %s answered %s: %s".formatted(at, status.getCode(), status.getDescription());
    };
    return new VoxhostException(status.getCode(), reason, message, Map.of("address", at), error);
  }

  private static String connectionFault(Status status, Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) return "nothing listens there. Is the host running?";
      if (cause instanceof UnknownHostException) return "no machine of that name is known";
      // Netty's own class of that name is renamed when shaded.
      if (cause.getClass().getSimpleName().equals("NotSslRecordException")) return "what listens there does not speak TLS";
      if (cause instanceof SSLException) return "its certificate is not trusted: " + cause.getMessage();
    }
    String said = String.valueOf(status.getDescription());
    if (said.contains("end of stream") || said.contains("closed the connection") || said.contains("GOAWAY")) {
      return "the connection was closed there. Does one side alone speak TLS?";
    }
    return said;
  }
}
