// A connection to a host and what can be done with it.
package io.github.voxhost;

import io.github.voxhost.v1.CancelRunRequest;
import io.github.voxhost.v1.GetWorkflowRequest;
import io.github.voxhost.v1.HostInfo;
import io.github.voxhost.v1.ListWorkflowsRequest;
import io.github.voxhost.v1.ListWorkflowsResponse;
import io.github.voxhost.v1.Run;
import io.github.voxhost.v1.RunEvent;
import io.github.voxhost.v1.Volume;
import io.github.voxhost.v1.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A connection to a host, for many threads. Made by {@link Voxhost#connect(String)}. */
public final class VoxhostClient implements AutoCloseable {
  private final Connection connection;
  private final HostInfo infoAtConnect;
  private final Set<RunTask> tasks = ConcurrentHashMap.newKeySet();

  VoxhostClient(Connection connection, HostInfo info) {
    this.connection = connection;
    this.infoAtConnect = info;
  }

  /** The host as it is now: version, limits, devices. */
  public HostInfo info() {
    return connection.patiently(connection::info);
  }

  /** All deployed workflows by name, those that are loading and those that failed included. */
  public List<Workflow> workflows() {
    List<Workflow> all = new ArrayList<>();
    String token = "";
    do {
      ListWorkflowsRequest request = ListWorkflowsRequest.newBuilder().setPageToken(token).build();
      ListWorkflowsResponse page = connection.patiently(() -> connection.workflows().listWorkflows(request));
      all.addAll(page.getWorkflowsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return List.copyOf(all);
  }

  /** @throws VoxhostException WORKFLOW_NOT_FOUND; the message lists those there are */
  public Workflow workflow(String name) {
    GetWorkflowRequest request = GetWorkflowRequest.newBuilder().setName(name).build();
    return connection.patiently(() -> connection.workflows().getWorkflow(request));
  }

  /**
   * Brings an image to the host and answers with the volume that it is there. Its voxels are not sent when the host has
   * them already. When the connection breaks it goes on where it stopped.
   *
   * @throws VoxhostException INVALID_FIELD (the header, or voxels that are not what it says), LIMIT_EXCEEDED, DISK_FULL,
   *     and HOST_UNAVAILABLE when the connection stays away for several attempts without a byte of progress
   */
  public Volume upload(Image image) {
    return upload(connection, image, bytes -> {});
  }

  Volume upload(Connection via, Image image, java.util.function.LongConsumer onBytes) {
    return new Upload(via, image, infoAtConnect.getLimits().getMaxChunkBytes(), onBytes).send();
  }

  /** Prepares a run of a workflow; {@link RunBuilder#await()} makes it. */
  public RunBuilder run(String workflow) {
    return new RunBuilder(this, connection, workflow);
  }

  /**
   * Waits for the end of a run that is on the host already, through lost connections. Interrupting it leaves the run
   * alone.
   *
   * @param onEvent told of each event from the run's first on, in this thread
   * @throws VoxhostException as {@link RunBuilder#await()}
   */
  public Run watch(String run, Consumer<RunEvent> onEvent) {
    return new RunWatch(connection, run, onEvent).await();
  }

  /** Asks a run to stop and answers with it; one that has ended stays as it is. */
  public Run cancel(String run) {
    CancelRunRequest request = CancelRunRequest.newBuilder().setName(run).build();
    return connection.patiently(() -> connection.runs().cancelRun(request));
  }

  /** As {@link #download(String)}. */
  public Image download(Volume volume) {
    return download(volume.getName());
  }

  /**
   * Brings a volume's voxels by its name.
   *
   * @throws VoxhostException VOLUME_NOT_FOUND, DIGEST_MISMATCH, INCOMPLETE_DOWNLOAD, HOST_UNAVAILABLE
   */
  public Image download(String volume) {
    return new Download(connection, volume).receive();
  }

  /** Cancels the runs that were started here and have not ended, then ends the connection; calls under way fail. */
  @Override
  public void close() {
    for (RunTask task : tasks) task.close();
    connection.close();
  }

  void begun(RunTask task) {
    tasks.add(task);
  }

  void ended(RunTask task) {
    tasks.remove(task);
  }
}
