// The client against a real host: VOXHOST_TEST_HOST is its address (with the repository's example workflows), and
// VOXHOST_TEST_FOLDER has head-mri.raw, head-mri.json and MONAI's own answer, expected.raw.
package io.github.voxhost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.JsonFormat;
import io.github.voxhost.v1.ComponentType;
import io.github.voxhost.v1.Run;
import io.github.voxhost.v1.RunEvent;
import io.github.voxhost.v1.SegmentMeasure;
import io.github.voxhost.v1.Volume;
import io.github.voxhost.v1.VolumeHeader;
import io.github.voxhost.v1.Workflow;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@EnabledIfEnvironmentVariable(named = "VOXHOST_TEST_HOST", matches = ".+", disabledReason = "no host: test/clients/java starts one")
class HostTest {
  private static final String BRAIN = "brain_extraction_deepbet";
  /** A minute of work here, so that it is under way when it is stopped. */
  private static final String SLOW = "brain_extraction_mri";

  private VoxhostClient host;

  @BeforeEach
  void connect() {
    // Tests share few cores.
    ConnectOptions patient = ConnectOptions.defaults().withTimeout(Duration.ofMinutes(1));
    host = Voxhost.connect(System.getenv("VOXHOST_TEST_HOST"), patient);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void theHeadMriGivesMonaisMaskByteForByteInItsOwnGeometry() throws IOException {
    Image image = headMri();
    List<Long> sent = new ArrayList<>();
    List<RunEvent> events = new ArrayList<>();
    Run run = host.run(BRAIN).input("image", image).onProgress(progress -> {
      if (progress instanceof Progress.Sending sending) sent.add(sending.sentBytes());
      if (progress instanceof Progress.Happened happened) events.add(happened.event());
    }).await();

    assertEquals(image.voxels().length, sent.get(sent.size() - 1));
    assertEquals(sent.stream().sorted().toList(), sent);
    List<Long> sequences = events.stream().map(RunEvent::getSequence).toList();
    assertEquals(sequences.stream().sorted().toList(), sequences);
    assertTrue(events.get(events.size() - 1).hasSucceeded());

    Image mask = host.download(run.getOutputs(0).getVolume());
    assertArrayEquals(read("expected.raw"), mask.voxels());
    assertEquals(image.header().getIndexToWorldLpsList(), mask.header().getIndexToWorldLpsList());
    SegmentMeasure segment = run.getOutputs(0).getSegments(0);
    long counted = 0;
    for (byte voxel : mask.voxels()) if (voxel != 0) counted += 1;
    assertEquals(counted, segment.getVoxelCount());
  }

  @Test
  void workflowsAreThoseOfTheFolderByName() {
    List<String> names = host.workflows().stream().map(Workflow::getName).toList();
    assertTrue(names.contains(BRAIN), names.toString());
    assertEquals(names.stream().sorted().toList(), names);
  }

  @Test
  void aVolumeComesBackByteForByteAndIsOnceOnTheHost() {
    Image image = small();
    Volume first = host.upload(image);
    assertEquals(first, host.upload(image));
    Image back = host.download(first);
    assertArrayEquals(image.voxels(), back.voxels());
    assertEquals(image.header(), back.header());
  }

  @Test
  void shortsGoLittleEndian() {
    VolumeHeader header = small().header().toBuilder().setComponentType(ComponentType.COMPONENT_TYPE_INT16).build();
    short[] voxels = new short[24];
    voxels[0] = -2;
    voxels[23] = 0x1234;
    Image back = host.download(host.upload(Image.of(header, voxels)));
    assertEquals((byte) 0xfe, back.voxels()[0]);
    assertEquals((byte) 0x34, back.voxels()[46]);
    assertEquals(0x1234, back.buffer().asShortBuffer().get(23));
  }

  @Test
  void errorsHaveTheHostsOwnReasonAndMetadata() {
    assertFails(Status.Code.NOT_FOUND, "WORKFLOW_NOT_FOUND", () -> host.workflow("no_such_workflow"));
    assertFails(Status.Code.NOT_FOUND, "VOLUME_NOT_FOUND", () -> host.download("no-such-volume"));

    VolumeHeader.Builder flat = small().header().toBuilder().clearIndexToWorldLps();
    flat.addAllIndexToWorldLps(Collections.nCopies(12, 0.0));
    VoxhostException refused = assertFails(Status.Code.INVALID_ARGUMENT, "INVALID_FIELD",
        () -> host.upload(new Image(flat.build(), small().voxels())));
    assertFalse(refused.metadata().getOrDefault("field", "").isEmpty());
    assertFails(Status.Code.INVALID_ARGUMENT, "INVALID_FIELD",
        () -> host.upload(new Image(small().header(), new byte[23])));
    assertFails(Status.Code.INVALID_ARGUMENT, "INVALID_FIELD",
        () -> host.run(BRAIN).input("picture", small()).await());
  }

  @Test
  void anInterruptWhileSendingStartsNoRun() {
    VoxhostException e = assertFails(Status.Code.CANCELLED, "CANCELLED",
        () -> host.run(BRAIN).input("image", small()).onProgress(progress -> {
          assertTrue(progress instanceof Progress.Sending, "a run was started");
          Thread.currentThread().interrupt();
        }).await());
    assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    assertTrue(Thread.interrupted(), "the interrupt status is kept");
  }

  @Test
  void aListenerThatThrowsCancelsTheRunAndIsHeard() {
    IllegalStateException thrown = new IllegalStateException("the window was closed");
    List<String> runs = new ArrayList<>();
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> slowRun().onProgress(progress -> {
      if (!(progress instanceof Progress.Happened happened)) return;
      runs.add(happened.event().getRun());
      if (isAtNetwork(progress)) throw thrown;
    }).await()));
    assertFails(Status.Code.CANCELLED, "CANCELLED", () -> host.watch(runs.get(0), event -> {}));
  }

  @Test
  void closingTheClientCancelsItsRuns() throws IOException {
    CompletableFuture<String> atNetwork = new CompletableFuture<>();
    RunTask task = slowRun().onProgress(progress -> {
      if (isAtNetwork(progress)) atNetwork.complete(((Progress.Happened) progress).event().getRun());
    }).start();
    CompletableFuture<Run> ended = CompletableFuture.supplyAsync(task::await);
    assertEquals(task.name(), atNetwork.join());
    host.close();
    CompletionException e = assertThrows(CompletionException.class, ended::join);
    assertEquals("CANCELLED", ((VoxhostException) e.getCause()).reason());
    connect();
    assertFails(Status.Code.CANCELLED, "CANCELLED", () -> host.watch(task.name(), event -> {}));
  }

  @Test
  void aRunOutOfTimeIsCancelledOnTheHost() throws IOException {
    Volume volume = host.upload(headMri());
    RunTask task = host.run(SLOW).input("image", volume).parameter("overlap", 0.95).timeout(Duration.ofSeconds(2)).start();
    assertFails(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", task::await);
    assertFails(Status.Code.CANCELLED, "CANCELLED", () -> host.watch(task.name(), event -> {}));
  }

  private RunBuilder slowRun() throws IOException {
    return host.run(SLOW).input("image", headMri()).parameter("overlap", 0.95);
  }

  private static boolean isAtNetwork(Progress progress) {
    return progress instanceof Progress.Happened happened
        && happened.event().getProgress().getStage().equals("network");
  }

  /** An image of 2 × 3 × 4 voxels. */
  private static Image small() {
    byte[] voxels = new byte[24];
    Arrays.fill(voxels, (byte) 7);
    return new Image(VolumeHeader.newBuilder()
        .addAllSizes(List.of(2L, 3L, 4L))
        .setComponentType(ComponentType.COMPONENT_TYPE_UINT8)
        .setComponents(1)
        .addAllIndexToWorldLps(List.of(1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0.))
        .setModality("MR")
        .build(), voxels);
  }

  private static Image headMri() throws IOException {
    VolumeHeader.Builder header = VolumeHeader.newBuilder();
    JsonFormat.parser().merge(new String(read("head-mri.json")), header);
    return new Image(header.build(), read("head-mri.raw"));
  }

  private static byte[] read(String name) throws IOException {
    return Files.readAllBytes(Path.of(System.getenv("VOXHOST_TEST_FOLDER"), name));
  }

  private static VoxhostException assertFails(Status.Code code, String reason, org.junit.jupiter.api.function.Executable call) {
    VoxhostException e = assertThrows(VoxhostException.class, call);
    assertEquals(code + " " + reason, e.code() + " " + e.reason(), e.getMessage());
    return e;
  }
}
