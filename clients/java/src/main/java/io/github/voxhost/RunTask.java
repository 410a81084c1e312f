// A run that was started here: awaited, cancelled, and not left behind.
package io.github.voxhost;

import io.github.voxhost.v1.CancelRunRequest;
import io.github.voxhost.v1.CreateRunRequest;
import io.github.voxhost.v1.Run;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A run under way. Closing it before its end cancels it on the host. */
public final class RunTask implements AutoCloseable {
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(10);

  private final VoxhostClient client;
  private final Connection connection;
  private final Run created;
  private final Consumer<Progress> onProgress;
  private final AtomicBoolean hasEnded = new AtomicBoolean();

  private RunTask(VoxhostClient client, Connection connection, Run created, Consumer<Progress> onProgress) {
    this.client = client;
    this.connection = connection;
    this.created = created;
    this.onProgress = onProgress;
  }

  static RunTask create(
      VoxhostClient client, Connection connection, CreateRunRequest request, Consumer<Progress> onProgress) {
    // Neither interrupted nor out of time: a call cut here could leave a run behind that nobody knows of.
    Connection whole = connection.unbounded();
    Run created = Uninterruptibly.call(() -> whole.patiently(() -> whole.runs().createRun(request)));
    RunTask task = new RunTask(client, connection, created, onProgress);
    client.begun(task);
    return task;
  }

  /** The run's name on the host. */
  public String name() {
    return created.getName();
  }

  /** Waits for the run's end; one thread may. @throws VoxhostException as {@link RunBuilder#await()} */
  public Run await() {
    RunWatch watch = new RunWatch(connection, name(), event -> onProgress.accept(new Progress.Happened(event)));
    try {
      return watch.await();
    } catch (VoxhostException e) {
      if (e.isLostConnection()) forget(); // After all the patience there is: nobody can be told.
      throw e;
    } finally {
      if (watch.hasRunEnded()) forget();
      close(); // Interrupted, out of time, or the listener threw: nobody waits any more.
    }
  }

  /** Asks the run to stop; its end is told to who waits. */
  public void cancel() {
    Connection late = connection.within(CANCEL_TIMEOUT);
    CancelRunRequest request = CancelRunRequest.newBuilder().setName(name()).build();
    Uninterruptibly.call(() -> late.patiently(() -> late.runs().cancelRun(request)));
  }

  /** Cancels the run if it has not ended. */
  @Override
  public void close() {
    if (!forget()) return;
    try {
      cancel();
    } catch (VoxhostException e) {
      // A host that cannot be told cancels nothing; what is thrown already says why.
    }
  }

  /** @return whether it was under way until now */
  private boolean forget() {
    client.ended(this);
    return hasEnded.compareAndSet(false, true);
  }
}
