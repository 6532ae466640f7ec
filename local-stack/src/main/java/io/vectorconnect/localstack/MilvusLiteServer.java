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

/** Milvus Lite as a server, on loopback and without login. */
public final class MilvusLiteServer {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final int port;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path installation;
  private final Path directory;

  /** Milvus Lite 2.5 starts under another user, and then creates no collection. */
  private final boolean dropsRoot;

  private ManagedProcess process;

  private MilvusLiteServer(
      String name,
      int port,
      List<String> command,
      Map<String, String> environment,
      Path installation,
      Path directory,
      boolean dropsRoot) {
    this.name = name;
    this.port = port;
    this.command = command;
    this.environment = environment;
    this.installation = installation;
    this.directory = directory;
    this.dropsRoot = dropsRoot;
  }

  /** Version 3, out of a folder of Python packages. */
  static MilvusLiteServer python(Path packages, Path directory) {
    int port = Ports.free();
    return new MilvusLiteServer(
        "Milvus Lite 3",
        port,
        List.of(
            "python3",
            "-m",
            "milvus_lite",
            "server",
            "--data-dir",
            directory.resolve("data").toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port)),
        Map.of("PYTHONPATH", packages.toString()),
        packages,
        directory,
        true);
  }

  /** Version 2.5, a program and its libraries. */
  static MilvusLiteServer core(Path programs, Path directory) {
    int port = Ports.free();
    return new MilvusLiteServer(
        "Milvus Lite 2",
        port,
        List.of(
            programs.resolve("milvus").toString(),
            directory.resolve("data.db").toString(),
            "127.0.0.1:" + port,
            "ERROR"),
        Map.of("LD_LIBRARY_PATH", programs.toString()),
        programs,
        directory,
        false);
  }

  /** What clients connect to. */
  public String uri() {
    return "http://127.0.0.1:" + port;
  }

  void start() {
    try {
      Files.createDirectories(directory);
      if (dropsRoot) {
        Root.giveAway(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process =
        ManagedProcess.start(
            name,
            dropsRoot ? Root.service(name, command, installation) : command,
            environment,
            directory,
            directory.resolve("milvus-lite.log"));
    process.await(LIMIT, this::listens);
  }

  private boolean listens() {
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
      process.stop(Duration.ofSeconds(2));
    }
  }
}
