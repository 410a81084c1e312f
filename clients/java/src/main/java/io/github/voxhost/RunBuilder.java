// What a run is made of, put together call by call.
package io.github.voxhost;

import com.google.protobuf.NullValue;
import com.google.protobuf.Value;
import io.github.voxhost.v1.CreateRunRequest;
import io.github.voxhost.v1.Run;
import io.github.voxhost.v1.Volume;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A run to be. One thread uses it, once. */
public final class RunBuilder {
  private final VoxhostClient client;
  private final CreateRunRequest.Builder request = CreateRunRequest.newBuilder();
  private final Map<String, Image> images = new LinkedHashMap<>();
  private Connection connection;
  private Consumer<Progress> onProgress = progress -> {};

  RunBuilder(VoxhostClient client, Connection connection, String workflow) {
    this.client = client;
    this.connection = connection;
    request.setWorkflow(workflow).setRequestId(UUID.randomUUID().toString());
  }

  /** An input by the name that the workflow declares; it is sent unless the host has it. */
  public RunBuilder input(String name, Image image) {
    images.put(name, image);
    return this;
  }

  /** An input that the host has. */
  public RunBuilder input(String name, Volume volume) {
    request.putInputs(name, volume.getName());
    return this;
  }

  /** A parameter that the workflow declares: a number, a boolean or a string. Those not set have their defaults. */
  public RunBuilder parameter(String name, Object value) {
    request.putParameters(name, toValue(name, value));
    return this;
  }

  /** Told, in the thread that waits, how inputs are sent and what happens to the run. What it throws cancels the run. */
  public RunBuilder onProgress(Consumer<Progress> onProgress) {
    this.onProgress = onProgress;
    return this;
  }

  /** How long it may take from now on, sending included; then it is cancelled, with DEADLINE_EXCEEDED. */
  public RunBuilder timeout(Duration timeout) {
    connection = connection.within(timeout);
    return this;
  }

  /** Makes a later run with the same id answer with the same run. */
  public RunBuilder requestId(String id) {
    request.setRequestId(id);
    return this;
  }

  /**
   * Sends the inputs that the host lacks, runs the workflow on them and waits for its end. When the thread is
   * interrupted, the run is cancelled on the host.
   *
   * @throws VoxhostException WORKFLOW_NOT_FOUND, INVALID_FIELD, WORKFLOW_FAILED, LIMIT_EXCEEDED, those of {@link
   *     VoxhostClient#upload}, those of the run (OPERATOR_FAILED, RUNNER_CRASHED, ...), CANCELLED, DEADLINE_EXCEEDED,
   *     RUN_NOT_FOUND when the host was started anew
   */
  public Run await() {
    try (RunTask task = start()) {
      return task.await();
    }
  }

  /** As {@link #await()}, but answers when the run is created: another thread can cancel it then. */
  public RunTask start() {
    images.forEach((name, image) -> {
      Consumer<Long> onBytes = sent -> onProgress.accept(new Progress.Sending(name, sent, image.voxels().length));
      request.putInputs(name, client.upload(connection, image, onBytes::accept).getName());
    });
    if (Thread.currentThread().isInterrupted()) throw VoxhostException.interrupted(null);
    return RunTask.create(client, connection, request.build(), onProgress);
  }

  private static Value toValue(String name, Object value) {
    Value.Builder builder = Value.newBuilder();
    if (value instanceof Number number) return builder.setNumberValue(number.doubleValue()).build();
    if (value instanceof Boolean bool) return builder.setBoolValue(bool).build();
    if (value instanceof String string) return builder.setStringValue(string).build();
    if (value == null) return builder.setNullValue(NullValue.NULL_VALUE).build();
    throw VoxhostException.invalid("parameters." + name, value.getClass().getName(), "a number, a boolean or a string");
  }
}
