// Lists a host's workflows, sends a volume, runs a workflow on it with progress and writes the mask.
//
//   ExtractBrain ADDRESS IMAGE MASK [WORKFLOW]
//
// reads IMAGE.raw (voxels, first axis fastest, little-endian) and IMAGE.json (a VolumeHeader as protobuf writes it in
// JSON), and writes MASK.raw and MASK.json. A token is taken from VOXHOST_TOKEN.
package com.example;

import com.google.protobuf.util.JsonFormat;
import io.github.voxhost.ConnectOptions;
import io.github.voxhost.Image;
import io.github.voxhost.Progress;
import io.github.voxhost.Voxhost;
import io.github.voxhost.VoxhostClient;
import io.github.voxhost.VoxhostException;
import io.github.voxhost.v1.Run;
import io.github.voxhost.v1.RunOutput;
import io.github.voxhost.v1.VolumeHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

public final class ExtractBrain {
  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("Usage: ExtractBrain ADDRESS IMAGE MASK [WORKFLOW]   (names without .raw and .json)");
      System.exit(2);
    }
    ConnectOptions options = ConnectOptions.defaults().withToken(System.getenv("VOXHOST_TOKEN"));
    try (VoxhostClient host = Voxhost.connect(args[0], options)) {
      // Ctrl-C ends the run on the host too.
      Runtime.getRuntime().addShutdownHook(new Thread(host::close));
      host.workflows().forEach(one -> System.out.printf("%s: %s%n", one.getName(), one.getTitle()));

      Run run = host.run(args.length > 3 ? args[3] : "brain_extraction_deepbet")
          .input("image", readImage(args[1]))
          .onProgress(ExtractBrain::show)
          .await();

      RunOutput output = run.getOutputs(0);
      output.getSegmentsList().forEach(found ->
          System.out.printf("%s: %.1f mL%n", found.getSegment().getName(), found.getVolumeMl()));
      writeImage(args[2], host.download(output.getVolume()));
    } catch (VoxhostException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void show(Progress progress) {
    if (progress instanceof Progress.Sending at) {
      System.out.printf("sending %s: %d of %d bytes%n", at.input(), at.sentBytes(), at.totalBytes());
    } else if (progress instanceof Progress.Happened happened && happened.event().hasQueued()) {
      System.out.printf("waiting, %d before it%n", happened.event().getQueued().getPosition());
    } else if (progress instanceof Progress.Happened happened && happened.event().hasProgress()) {
      var at = happened.event().getProgress();
      System.out.printf("%3.0f %% %s %d/%d%n", 100 * at.getFraction(), at.getStage(), at.getStep(), at.getStepCount());
    }
  }

  private static Image readImage(String name) throws IOException {
    VolumeHeader.Builder header = VolumeHeader.newBuilder();
    JsonFormat.parser().merge(Files.readString(Path.of(name + ".json")), header);
    return new Image(header.build(), Files.readAllBytes(Path.of(name + ".raw")));
  }

  private static void writeImage(String name, Image image) throws IOException {
    Files.writeString(Path.of(name + ".json"), JsonFormat.printer().print(image.header()));
    Files.write(Path.of(name + ".raw"), image.voxels());
  }
}
