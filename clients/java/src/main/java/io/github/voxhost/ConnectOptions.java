// How a host is reached: token, TLS, patience.
package io.github.voxhost;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How to reach a host; each method gives a changed copy.
 *
 * @param token the bearer token sent with each call; null for none
 * @param credentials TLS; null for a plain connection
 * @param insecureToken whether a token may cross a network without TLS
 * @param timeout how long connecting may take
 */
public record ConnectOptions(String token, ChannelCredentials credentials, boolean insecureToken, Duration timeout) {
  // A Java that has just started takes seconds to load gRPC on a busy machine; where nothing listens it fails at once.
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** No token, no TLS, 20 seconds. */
  public static ConnectOptions defaults() {
    return new ConnectOptions(null, null, false, TIMEOUT);
  }

  /** Sends a bearer token with each call; null for none. */
  public ConnectOptions withToken(String token) {
    return new ConnectOptions(token, credentials, insecureToken, timeout);
  }

  /** Speaks TLS with a host whose certificate this machine's authorities vouch for. */
  public ConnectOptions withTls() {
    return withTls(TlsChannelCredentials.create());
  }

  /** Speaks TLS with a host whose certificate, or whose authority's, is in a PEM file. */
  public ConnectOptions withTls(Path trustedPem) {
    try {
      return withTls(TlsChannelCredentials.newBuilder().trustManager(trustedPem.toFile()).build());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the certificate " + trustedPem, e);
    }
  }

  /** Speaks TLS as gRPC's own credentials say: a client's certificate, for instance. */
  public ConnectOptions withTls(ChannelCredentials credentials) {
    return new ConnectOptions(token, Objects.requireNonNull(credentials), insecureToken, timeout);
  }

  /** Lets a token cross a network without TLS: only where nobody else can read. */
  public ConnectOptions withInsecureToken() {
    return new ConnectOptions(token, credentials, true, timeout);
  }

  /** How long connecting may take. */
  public ConnectOptions withTimeout(Duration timeout) {
    return new ConnectOptions(token, credentials, insecureToken, Objects.requireNonNull(timeout));
  }
}
