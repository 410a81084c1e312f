// Everything that can go wrong, as one type: the host's own code, reason, sentence and metadata.
package io.github.voxhost;

import io.grpc.Status;
import java.util.Map;

/** Any error of this package. The host's docs/errors.md lists the reasons. */
public final class VoxhostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status.Code code;
  private final String reason;
  private final transient Map<String, String> metadata;

  VoxhostException(Status.Code code, String reason, String message, Map<String, String> metadata, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.reason = reason;
    this.metadata = Map.copyOf(metadata);
  }

  /** The gRPC status code. */
  public Status.Code code() {
    return code;
  }

  /** UPPER_SNAKE, the same from version to version, for programs. */
  public String reason() {
    return reason;
  }

  /** The field, what came, what was expected, the step. */
  public Map<String, String> metadata() {
    return metadata == null ? Map.of() : metadata;
  }

  /** True when the same call may succeed in a moment: the connection broke, nothing was refused. */
  boolean isLostConnection() {
    return code == Status.Code.UNAVAILABLE;
  }

  static VoxhostException invalid(String field, String came, String expected) {
    return new VoxhostException(
        Status.Code.INVALID_ARGUMENT,
        "INVALID_FIELD",
        "%s is \"%s\"; expected: %s.".formatted(field, came, expected),
        Map.of("field", field, "value", came, "expected", expected),
        null);
  }

  static VoxhostException interrupted(Throwable cause) {
    return new VoxhostException(
        Status.Code.CANCELLED, "CANCELLED", "The call was cancelled: its thread was interrupted.", Map.of(), cause);
  }
}
