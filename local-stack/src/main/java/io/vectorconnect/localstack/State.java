package io.vectorconnect.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a running stack leaves on disk for later commands: its endpoints, and its processes by
 * number and start time, so that a number that was given out again is never mistaken for ours.
 */
final class State {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Path folder;

  State(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path log() {
    return folder.resolve("supervisor.log");
  }

  private Path file() {
    return folder.resolve("stack.json");
  }

  boolean isReady() {
    return Files.exists(file());
  }

  void save(LocalStack stack) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode processes = root.putArray("processes");
    add(processes, "supervisor", ProcessHandle.current());
    stack.processes().forEach(process -> add(processes, process.name(), process.handle()));
    root.put("directory", stack.directory().toString());
    ObjectNode endpoints = root.putObject("endpoints");
    stack.endpoints().forEach(endpoints::put);
    // It holds passwords of the local databases.
    Path partial =
        Files.createTempFile(
            folder,
            "stack",
            ".json",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, root.toPrettyString());
    Files.move(partial, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void add(ArrayNode processes, String name, ProcessHandle handle) {
    processes
        .addObject()
        .put("name", name)
        .put("pid", handle.pid())
        .put("started", started(handle).toString());
  }

  private static Instant started(ProcessHandle handle) {
    return handle.info().startInstant().orElse(Instant.EPOCH);
  }

  List<String> describe() throws IOException {
    JsonNode root = JSON.readTree(Files.readString(file()));
    List<String> lines = new ArrayList<>();
    for (JsonNode process : root.get("processes")) {
      lines.add(
          "%-14s %s"
              .formatted(process.get("name").asText(), find(process).isPresent() ? "up" : "DOWN"));
    }
    for (var endpoint : root.get("endpoints").properties()) {
      lines.add("%-14s %s".formatted(endpoint.getKey(), endpoint.getValue().asText()));
    }
    lines.add("%-14s %s".formatted("data and logs", root.get("directory").asText()));
    return lines;
  }

  /** Ends a stack that is up, or what is left of one whose supervisor died. */
  void endLeftovers() throws IOException {
    if (!isReady()) {
      return;
    }
    JsonNode root = JSON.readTree(Files.readString(file()));
    for (JsonNode process : root.get("processes")) { // the supervisor first: it ends the others
      Optional<ProcessHandle> handle = find(process);
      if (handle.isPresent()) {
        end(handle.get());
      }
    }
    Folders.delete(Path.of(root.get("directory").asText()));
    Files.delete(file());
  }

  private static Optional<ProcessHandle> find(JsonNode process) {
    return ProcessHandle.of(process.get("pid").asLong())
        .filter(handle -> started(handle).toString().equals(process.get("started").asText()));
  }

  private static void end(ProcessHandle handle) {
    handle.destroy();
    try {
      handle.onExit().get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      handle.destroyForcibly();
    } catch (ExecutionException e) {
      throw new StackException("cannot wait for process " + handle.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
