// Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line.
package io.github.voxhost.contract;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.voxhost.ConnectOptions;
import io.github.voxhost.Image;
import io.github.voxhost.Progress;
import io.github.voxhost.RunBuilder;
import io.github.voxhost.Voxhost;
import io.github.voxhost.VoxhostClient;
import io.github.voxhost.VoxhostException;
import io.github.voxhost.v1.VolumeHeader;
import io.github.voxhost.v1.Workflow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Collectors;

public final class Contract {
  private final JsonObject task;

  private Contract(JsonObject task) {
    this.task = task;
  }

  public static void main(String[] args) throws Exception {
    JsonObject task =
        JsonParser.parseReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).getAsJsonObject();
    JsonObject ending = new JsonObject();
    try {
      String digest = new Contract(task).hold();
      ending.addProperty("outcome", "succeeded");
      ending.addProperty("digest", digest);
    } catch (VoxhostException e) {
      ending.addProperty("outcome", "failed");
      ending.addProperty("class", e.code().name());
      ending.addProperty("reason", e.reason());
      ending.addProperty("message", e.getMessage());
    }
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println(ending);
  }

  /** @return the digest of what came out */
  private String hold() throws Exception {
    if (text("do").equals("messages")) return compareMessages();
    ConnectOptions options = ConnectOptions.defaults().withToken(text("token")).withTimeout(Duration.ofMinutes(1));
    try (VoxhostClient host = Voxhost.connect(text("address"), options)) {
      return switch (text("do")) {
        case "list" -> sha256(host.workflows().stream()
            .map(Workflow::getName).collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8));
        case "transfer" -> sha256(host.download(host.upload(readImage())).voxels());
        case "run" -> sha256(host.download(prepareRun(host).await().getOutputs(0).getVolume()).voxels());
        default -> throw new IllegalArgumentException("unknown: " + text("do"));
      };
    }
  }

  private RunBuilder prepareRun(VoxhostClient host) throws IOException {
    RunBuilder run = host.run(text("workflow")).input("image", readImage()).onProgress(this::cancelWhereAsked);
    if (task.has("parameters")) {
      task.getAsJsonObject("parameters").entrySet()
          .forEach(entry -> run.parameter(entry.getKey(), entry.getValue().getAsDouble()));
    }
    return run;
  }

  private void cancelWhereAsked(Progress progress) {
    if (!(progress instanceof Progress.Happened happened)) return;
    if (happened.event().getProgress().getStage().equals(text("cancelAt"))) Thread.currentThread().interrupt();
  }

  private Image readImage() throws IOException {
    JsonObject image = task.getAsJsonObject("image");
    VolumeHeader.Builder header = VolumeHeader.newBuilder();
    JsonFormat.parser().merge(image.get("header").toString(), header);
    return new Image(header.build(), Files.readAllBytes(Path.of(image.get("voxels").getAsString())));
  }

  /** @return a field of the task; null when it has none */
  private String text(String field) {
    JsonElement value = task.get(field);
    return value == null ? null : value.getAsString();
  }

  /** Each golden message as bytes and as JSON is the same, and comes out as it went in. @return how many that was */
  private String compareMessages() throws Exception {
    String golden = Files.readString(Path.of(text("messages")));
    int count = 0;
    for (JsonElement element : JsonParser.parseString(golden).getAsJsonArray()) {
      JsonObject one = element.getAsJsonObject();
      String className = "io.github." + one.get("type").getAsString();
      Message empty = (Message) Class.forName(className).getMethod("getDefaultInstance").invoke(null);
      Message.Builder fromJson = empty.newBuilderForType();
      JsonFormat.parser().merge(one.get("json").toString(), fromJson);
      Message fromBytes =
          empty.getParserForType().parseFrom(HexFormat.of().parseHex(one.get("bytes").getAsString()));
      boolean isSame = fromJson.build().equals(fromBytes)
          && HexFormat.of().formatHex(write(fromBytes)).equals(one.get("bytes").getAsString())
          && plain(JsonParser.parseString(JsonFormat.printer().print(fromBytes))).equals(plain(one.get("json")));
      if (!isSame) throw new AssertionError(one.get("name") + ": its JSON and its bytes are not the same message");
      count += 1;
    }
    return String.valueOf(count);
  }

  private static byte[] write(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** JSON with numbers as doubles: 1 is 1.0. */
  private static JsonElement plain(JsonElement json) {
    if (json instanceof JsonObject object) {
      object.entrySet().forEach(entry -> entry.setValue(plain(entry.getValue())));
    } else if (json.isJsonArray()) {
      for (int i = 0; i < json.getAsJsonArray().size(); i++) {
        json.getAsJsonArray().set(i, plain(json.getAsJsonArray().get(i)));
      }
    } else if (json instanceof JsonPrimitive primitive && primitive.isNumber()) {
      return new JsonPrimitive(primitive.getAsDouble());
    }
    return json;
  }

  private static String sha256(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }
}
