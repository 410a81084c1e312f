// What may be written as an address, without a host.
package io.github.voxhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, dns:///localhost:50151, true",
    "127.0.0.1:40001, dns:///127.0.0.1:40001, true",
    "gpu.example, dns:///gpu.example:50151, false",
    "gpu.example:443, dns:///gpu.example:443, false",
    "'[::1]:443', 'dns:///[::1]:443', true",
    "::1, 'dns:///[::1]:50151', true",
    "unix:/run/voxhost.sock, unix:/run/voxhost.sock, true",
  })
  void anAddressBecomesGrpcsTarget(String text, String target, boolean isLocal) {
    assertEquals(new Address(text, target, isLocal), Address.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://gpu:50151", "gpu:port", "a b:1", ":50151", "unix:"})
  void whatIsNoAddressIsNamed(String text) {
    VoxhostException e = assertThrows(VoxhostException.class, () -> Address.parse(text));
    assertEquals("address", e.metadata().get("field"));
    assertTrue(e.getMessage().contains("127.0.0.1:50151"));
  }

  @Test
  void aTokenDoesNotCrossANetworkReadable() {
    ConnectOptions options = ConnectOptions.defaults().withToken("secret");
    VoxhostException e = assertThrows(VoxhostException.class, () -> Voxhost.connect("gpu.example:50151", options));
    assertEquals("tls", e.metadata().get("field"));
  }

  @Test
  void aTokenWithALinesEndIsNamedAndNotShown() {
    ConnectOptions options = ConnectOptions.defaults().withToken("secret\n");
    VoxhostException e = assertThrows(VoxhostException.class, () -> Voxhost.connect("127.0.0.1:1", options));
    assertEquals("token", e.metadata().get("field"));
    assertFalse(e.getMessage().contains("secret"));
  }
}
