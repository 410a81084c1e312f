// Patience: a lost connection is no error at first.
package io.github.voxhost;

import java.util.concurrent.ThreadLocalRandom;

/** Counts the attempts of one piece of work. */
final class Patience {
  // Attempts without progress before a lost connection is given up.
  private static final int MAX_ATTEMPTS = 6;
  private static final long FIRST_DELAY_MS = 200;
  private static final long LONGEST_DELAY_MS = 5_000;

  private final Connection connection;
  private int attempts;

  Patience(Connection connection) {
    this.connection = connection;
  }

  /** Starts to count anew: there was progress. */
  void progressed() {
    attempts = 0;
  }

  /** Waits before the next attempt. @throws VoxhostException the error given, when there shall be none */
  void afterLoss(VoxhostException error) {
    if (!error.isLostConnection()) throw error;
    beforeRetry(error);
  }

  /** As afterLoss, for an error that another attempt may mend. */
  void beforeRetry(VoxhostException error) {
    attempts += 1;
    if (attempts >= MAX_ATTEMPTS) throw error;
    long delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS << (attempts - 1));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(delay / 2, delay + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VoxhostException.interrupted(e);
    }
    // gRPC would wait for its own, longer, delay.
    connection.channel().resetConnectBackoff();
  }
}
