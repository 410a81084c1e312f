// What can be wrong with the way to a host. VOXHOST_TEST_HOST is a host's address, VOXHOST_TEST_TLS_HOST that of one with
// VOXHOST_TEST_CERTIFICATE and the token "right-token", VOXHOST_TEST_SOCKET one on a Unix socket (Linux alone).
package io.github.voxhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@EnabledIfEnvironmentVariable(named = "VOXHOST_TEST_HOST", matches = ".+", disabledReason = "no host: test/clients/java starts one")
class ConnectTest {
  private static final String PLAIN = System.getenv("VOXHOST_TEST_HOST");
  private static final String TLS = System.getenv("VOXHOST_TEST_TLS_HOST");

  // Tests share few cores.
  private final ConnectOptions patient = ConnectOptions.defaults().withTimeout(Duration.ofMinutes(1));

  @Test
  void aTlsHostIsReachedWithItsCertificateAndToken() {
    ConnectOptions trusting = patient.withTls(Path.of(System.getenv("VOXHOST_TEST_CERTIFICATE")));
    try (VoxhostClient host = Voxhost.connect(TLS, trusting.withToken("right-token"))) {
      assertEquals(Voxhost.PROTOCOL_VERSION, host.info().getProtocolVersionMin());
    }
    assertRefused("NO_TOKEN", "token", TLS, trusting);
    assertRefused("WRONG_TOKEN", "token", TLS, trusting.withToken("other-token"));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotTrusted() {
    assertRefused("HOST_UNAVAILABLE", "not trusted", TLS, patient.withTls());
  }

  @Test
  void whereOneSideAloneSpeaksTlsItSaysSo() {
    assertRefused("HOST_UNAVAILABLE", "TLS", TLS, patient);
    assertRefused("HOST_UNAVAILABLE", "TLS", PLAIN, patient.withTls());
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "VOXHOST_TEST_SOCKET", matches = ".+")
  void aUnixSocketIsAnAddress() {
    String socket = System.getenv("VOXHOST_TEST_SOCKET");
    try (VoxhostClient host = Voxhost.connect(socket, patient)) {
      assertTrue(host.workflows().isEmpty());
    }
    assertRefused("HOST_UNAVAILABLE", "no such socket", socket + ".not", patient);
  }

  @Test
  void whereNothingListensItSaysSo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertRefused("HOST_UNAVAILABLE", "Is the host running?", "127.0.0.1:" + port, patient);
  }

  @Test
  void whatSpeaksAnotherProtocolIsNoHost() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread web = new Thread(() -> {
        try (Socket socket = server.accept()) {
          socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
          // The client went.
        }
      });
      web.start();
      assertRefused("UNIMPLEMENTED", "no Voxhost host", "127.0.0.1:" + server.getLocalPort(), patient);
    }
  }

  private static void assertRefused(String reason, String words, String address, ConnectOptions options) {
    VoxhostException e = assertThrows(VoxhostException.class, () -> Voxhost.connect(address, options));
    assertEquals(reason, e.reason(), e.getMessage());
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
