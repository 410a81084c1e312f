// How far a run is, as its listener hears it.
package io.github.voxhost;

import io.github.voxhost.v1.RunEvent;

/** First the inputs are sent, then things happen to the run. */
public sealed interface Progress {
  /** An input is being sent, or is on the host already (then once, with all its bytes). */
  record Sending(String input, long sentBytes, long totalBytes) implements Progress {}

  /** What happened to the run: it waits, computes, has come further, has ended. */
  record Happened(RunEvent event) implements Progress {}
}
