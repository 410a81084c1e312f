// What gRPC says of itself, in this client's words. No host is needed.
package io.github.voxhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Address ADDRESS = Address.parse("127.0.0.1:50151");

  @Test
  void aCallThatBeginsWhileTheConnectionClosesIsALostConnection() {
    Status closing = Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());
    VoxhostException explained = Explanation.of(closing.asRuntimeException(), ADDRESS, false);
    assertTrue(explained.isLostConnection());
    assertEquals("HOST_UNAVAILABLE", explained.reason());
  }

  @Test
  void anUnknownErrorOfTheHostIsNotTakenForOne() {
    VoxhostException explained = Explanation.of(Status.UNKNOWN.withDescription("odd").asRuntimeException(), ADDRESS, false);
    assertFalse(explained.isLostConnection());
    assertEquals("INTERNAL", explained.reason());
  }
}
