package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One broker that is its own controller. */
public final class KafkaBroker {
  private static final String CLUSTER = "vectorConnectLocal0000";

  private final Path libraries;
  private final Path directory;
  private final int port = Ports.free();
  private ManagedProcess process;

  KafkaBroker(Path libraries, Path directory) {
    this.libraries = libraries;
    this.directory = directory;
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  void start() {
    try {
      Files.createDirectories(directory);
      Path config = directory.resolve("server.properties");
      int controller = Ports.free();
      Files.writeString(
          config,
          """
          process.roles=broker,controller
          node.id=1
          controller.quorum.voters=1@127.0.0.1:%2$d
          controller.listener.names=CONTROLLER
          listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
          advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
          log.dirs=%3$s
          num.partitions=1
          offsets.topic.num.partitions=1
          offsets.topic.replication.factor=1
          transaction.state.log.num.partitions=1
          transaction.state.log.replication.factor=1
          transaction.state.log.min.isr=1
          share.coordinator.state.topic.replication.factor=1
          share.coordinator.state.topic.min.isr=1
          group.initial.rebalance.delay.ms=0
          message.max.bytes=67108864
          replica.fetch.max.bytes=67108864
          """
              .formatted(port, controller, directory.resolve("data")));
      Path log = directory.resolve("kafka.log");
      Root.giveAway(directory);
      ManagedProcess.run(
          "formatting Kafka's storage",
          Root.service(
              "Kafka",
              Jvm.command(
                  libraries,
                  "128m",
                  List.of("-XX:TieredStopAtLevel=1"),
                  "kafka.tools.StorageTool",
                  "format",
                  "-t",
                  CLUSTER,
                  "-c",
                  config.toString()),
              libraries),
          directory,
          log,
          Duration.ofMinutes(1));
      process =
          ManagedProcess.start(
              "Kafka",
              Root.service(
                  "Kafka",
                  Jvm.command(libraries, "512m", List.of(), "kafka.Kafka", config.toString()),
                  libraries),
              Map.of(),
              directory,
              log);
      process.await(Duration.ofMinutes(2), this::accepts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false; // not yet
    }
  }

  ManagedProcess process() {
    return process;
  }

  void stop() {
    if (process != null) {
      process.stop(Duration.ofSeconds(5));
    }
  }
}
