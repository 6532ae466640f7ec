package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A Kafka Connect worker in distributed mode. */
public final class ConnectWorker {
  private static final List<String> STORAGE_TOPICS = List.of("config", "offset", "status");

  private final Path libraries;
  private final Path directory;
  private final String heap;
  private final List<String> jvmOptions;
  private final Map<String, String> properties = new TreeMap<>();
  private final int port = Ports.free();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private ManagedProcess process;

  ConnectWorker(
      Path libraries,
      Path directory,
      String bootstrapServers,
      List<Path> pluginPath,
      String heap,
      List<String> jvmOptions,
      Map<String, String> overrides) {
    this.libraries = libraries;
    this.directory = directory;
    this.heap = heap;
    this.jvmOptions = jvmOptions;
    String json = "org.apache.kafka.connect.json.JsonConverter";
    properties.putAll(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "listeners",
            "http://127.0.0.1:" + port,
            "rest.advertised.host.name",
            "127.0.0.1",
            "key.converter",
            json,
            "value.converter",
            json,
            "plugin.discovery",
            "service_load",
            "offset.flush.interval.ms",
            "2000",
            "connector.client.config.override.policy",
            "All"));
    if (!pluginPath.isEmpty()) {
      properties.put(
          "plugin.path", pluginPath.stream().map(Path::toString).collect(Collectors.joining(",")));
    }
    for (String topic : STORAGE_TOPICS) {
      properties.put(topic + ".storage.replication.factor", "1");
    }
    properties.putAll(
        Map.of(
            "offset.storage.partitions", "1",
            "status.storage.partitions", "1",
            // A worker that was killed is missed soon, and its tasks go on.
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "2000",
            "consumer.session.timeout.ms", "6000",
            "consumer.heartbeat.interval.ms", "2000",
            "scheduled.rebalance.max.delay.ms", "0",
            "task.shutdown.graceful.timeout.ms", "10000"));
    properties.putAll(overrides);
  }

  /** A group of workers, and where it keeps what its connectors are. */
  static Map<String, String> ofGroup(String group) {
    Map<String, String> properties = new HashMap<>();
    properties.put("group.id", group);
    for (String topic : STORAGE_TOPICS) {
      properties.put(topic + ".storage.topic", group + "-" + topic + "s");
    }
    return properties;
  }

  /** The address of the REST interface. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Where the worker and its connectors log to. */
  public Path log() {
    return directory.resolve("connect.log");
  }

  /** Starts the worker, on the same port and with the same identity each time. */
  public void start() {
    try {
      Files.createDirectories(directory);
      Path config = directory.resolve("connect.properties");
      Files.writeString(
          config,
          properties.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining("\n", "", "\n")));
      process =
          ManagedProcess.start(
              "Kafka Connect",
              Jvm.command(
                  libraries,
                  heap,
                  jvmOptions,
                  "org.apache.kafka.connect.cli.ConnectDistributed",
                  config.toString()),
              Map.of(),
              directory,
              log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.await(Duration.ofMinutes(2), this::answers);
  }

  /** Ends the worker as a crash would (SIGKILL). */
  public void kill() {
    process.kill();
  }

  /** Whether the process is there. */
  public boolean isAlive() {
    return process.handle().isAlive();
  }

  /** The worker's process, for measurements. */
  public long pid() {
    return process.handle().pid();
  }

  ManagedProcess process() {
    return process;
  }

  void stop() {
    if (process != null) {
      process.stop(Duration.ofSeconds(5));
    }
  }

  /** Whether it serves requests about connectors, which it does after it has joined its group. */
  private boolean answers() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/connectors"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // not yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while waiting for Kafka Connect", e);
    }
  }
}
