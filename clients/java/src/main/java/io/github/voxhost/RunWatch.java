// A run followed to its end, through lost connections.
package io.github.voxhost;

import io.github.voxhost.v1.GetRunRequest;
import io.github.voxhost.v1.Run;
import io.github.voxhost.v1.RunError;
import io.github.voxhost.v1.RunEvent;
import io.github.voxhost.v1.RunState;
import io.github.voxhost.v1.WatchRunRequest;
import io.grpc.Context;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

final class RunWatch {
  private final Connection connection;
  private final String name;
  private final Consumer<RunEvent> onEvent;
  private long lastSequence;
  private boolean hasRunEnded;
  /** What onEvent threw: no fault of the connection. */
  private RuntimeException listenerFault;

  RunWatch(Connection connection, String name, Consumer<RunEvent> onEvent) {
    this.connection = connection;
    this.name = name;
    this.onEvent = onEvent;
  }

  /** Whether the run is known to have ended, or is not known on the host. */
  boolean hasRunEnded() {
    return hasRunEnded;
  }

  /** @return the run when it succeeded @throws VoxhostException why it did not */
  Run await() {
    Patience patience = new Patience(connection);
    while (true) {
      long before = lastSequence;
      try {
        RunEvent last = readOn();
        // A watch that ended without a last event: the run says itself how it is.
        return last == null ? ended(get()) : ended(last);
      } catch (RuntimeException thrown) {
        if (listenerFault != null) throw listenerFault;
        VoxhostException e = connection.explain(thrown);
        if (e.reason().equals("RUN_NOT_FOUND")) hasRunEnded = true;
        if (hasRunEnded) throw e;
        if (lastSequence > before) patience.progressed();
        patience.afterLoss(e);
      }
    }
  }

  /** @return the last event; null when the stream ended without one */
  private RunEvent readOn() {
    WatchRunRequest request = WatchRunRequest.newBuilder().setName(name).setAfterSequence(lastSequence).build();
    // Cancelled at the end, so that leaving early leaves no call open.
    Context.CancellableContext context = Context.current().withCancellation();
    Context previous = context.attach();
    try {
      Iterator<RunEvent> events = connection.runs().watchRun(request);
      while (events.hasNext()) {
        RunEvent event = events.next();
        lastSequence = event.getSequence();
        tell(event);
        if (event.hasSucceeded() || event.hasFailed() || event.hasCancelled()) return event;
      }
      return null;
    } finally {
      context.detach(previous);
      context.cancel(null);
    }
  }

  private void tell(RunEvent event) {
    try {
      onEvent.accept(event);
    } catch (RuntimeException e) {
      listenerFault = e;
      throw e;
    }
  }

  private Run ended(RunEvent last) {
    hasRunEnded = true;
    if (last.hasSucceeded()) return last.getSucceeded().getRun();
    throw last.hasFailed() ? failure(last.getFailed().getError()) : cancelled(last.getCancelled().getReason());
  }

  private Run ended(Run run) {
    hasRunEnded = run.getState() != RunState.RUN_STATE_QUEUED && run.getState() != RunState.RUN_STATE_RUNNING;
    if (run.hasError()) throw failure(run.getError());
    if (run.getState() != RunState.RUN_STATE_SUCCEEDED) throw cancelled("it ended as " + run.getState());
    return run;
  }

  private Run get() {
    return connection.patiently(() -> connection.runs().getRun(GetRunRequest.newBuilder().setName(name).build()));
  }

  private VoxhostException failure(RunError error) {
    Map<String, String> metadata = new HashMap<>(error.getMetadataMap());
    metadata.put("run", name);
    Status.Code code = Status.fromCodeValue(error.getCode()).getCode();
    return new VoxhostException(code, error.getReason(), error.getMessage(), metadata, null);
  }

  private VoxhostException cancelled(String why) {
    return new VoxhostException(
        Status.Code.CANCELLED, "CANCELLED", "The run was cancelled: " + why, Map.of("run", name), null);
  }
}
