// Calls that are made to their end although the caller's thread is interrupted.
package io.github.voxhost;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

final class Uninterruptibly {
  private Uninterruptibly() {}

  /** Makes a call in a thread of its own. The caller's interrupt status stays as it is. */
  static <T> T call(Supplier<T> call) {
    try {
      return CompletableFuture.supplyAsync(call, task -> new Thread(task, "voxhost-call").start()).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw e;
    }
  }
}
