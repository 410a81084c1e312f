// The way in: connects to a host and checks that both speak the same protocol.
package io.github.voxhost;

import io.github.voxhost.v1.HostInfo;
import io.grpc.Status;
import java.util.Map;

/** Connects to hosts. */
public final class Voxhost {
  /** The revision of {@code voxhost.v1} that this package speaks. */
  public static final int PROTOCOL_VERSION = 1;

  private Voxhost() {}

  /** As {@link #connect(String, ConnectOptions)}, without token and TLS. */
  public static VoxhostClient connect(String address) {
    return connect(address, ConnectOptions.defaults());
  }

  /**
   * Connects to {@code host:port}, {@code host} (port 50151) or, on Linux, {@code unix:/path}. It answers when the host
   * has said who it is, in 20 seconds unless the options say otherwise.
   *
   * @throws VoxhostException HOST_UNAVAILABLE, DEADLINE_EXCEEDED, NO_TOKEN, WRONG_TOKEN, PROTOCOL_MISMATCH, UNIMPLEMENTED
   *     (no Voxhost host), INVALID_FIELD (the address, or a token that would cross the network readable)
   */
  public static VoxhostClient connect(String address, ConnectOptions options) {
    Connection connection = Connection.open(Address.parse(address), options);
    try {
      Connection bounded = connection.within(options.timeout());
      HostInfo info = bounded.info();
      checkProtocol(address, info);
      return new VoxhostClient(connection, info);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void checkProtocol(String address, HostInfo info) {
    int least = info.getProtocolVersionMin();
    int most = info.getProtocolVersionMax();
    if (least <= PROTOCOL_VERSION && PROTOCOL_VERSION <= most) return;
    throw new VoxhostException(
        Status.Code.FAILED_PRECONDITION,
        "PROTOCOL_MISMATCH",
        "The host at %s (version %s) speaks revisions %d to %d of the protocol, this client revision %d. Update %s."
            .formatted(address, info.getVersion(), least, most, PROTOCOL_VERSION,
                PROTOCOL_VERSION < least ? "this client" : "the host"),
        Map.of("address", address, "host_version", info.getVersion()),
        null);
  }
}
