package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Milvus standalone. Its data and its embedded etcd's live in one folder.
 *
 * <p>etcd binds to loopback; Milvus 2.3's own gRPC servers know no bind address and listen on every
 * interface, so authorization is on.
 */
public final class MilvusServer {
  private static final String HEALTH = "http://127.0.0.1:%d/healthz";

  private final Path installation;
  private final Path directory;
  private final Supplier<String> log;
  private final List<Integer> ports = Ports.free(11);
  private ManagedProcess process;

  /**
   * A server.
   *
   * @param log asked at each start: the YAML lines that say where Milvus keeps its log
   */
  private MilvusServer(Path installation, Path directory, Supplier<String> log) {
    this.installation = installation;
    this.directory = directory;
    this.log = log;
  }

  /** A server that keeps its log in its own folder. */
  static MilvusServer withRocksMq(Path installation, Path directory) {
    String yaml =
        "mq: {type: rocksmq}\nrocksmq: {path: %s}\n".formatted(directory.resolve("rocksmq"));
    return new MilvusServer(installation, directory, () -> yaml);
  }

  /** A server that keeps its log in topics of a broker, {@code by-dev-rootcoord-dml_0} and on. */
  static MilvusServer withKafka(Path installation, Path directory, KafkaBroker broker) {
    // A reader of a topic to which nothing comes any more, as after a drop, ends with its read:
    // after 10 s, unless told, in which no other collection's reader is made.
    String yaml = "mq: {type: kafka}\nkafka: {brokerList: %s, readTimeout: 1}\n";
    return new MilvusServer(
        installation, directory, () -> yaml.formatted(broker.bootstrapServers()));
  }

  /** What clients connect to. */
  public String uri() {
    return "http://127.0.0.1:" + ports.get(0);
  }

  /** The built-in administrator. */
  public String user() {
    return "root";
  }

  /** The built-in administrator's password. */
  public String password() {
    return "Milvus";
  }

  /** Starts the server, with the data that it had. */
  public void start() {
    try {
      Path configs = Files.createDirectories(directory.resolve("configs"));
      Files.writeString(configs.resolve("milvus.yaml"), milvusYaml(configs));
      Files.writeString(configs.resolve("etcd.yaml"), etcdYaml());
      Files.writeString(configs.resolve("glog.conf"), "--logtostderr=true\n--minloglevel=1\n");
      Root.giveAway(directory);
      if (Root.isRoot()) {
        // Milvus keeps its process number there, and ends where it cannot.
        Root.giveAway(Files.createDirectories(Path.of("/run/milvus")));
      }
      process =
          ManagedProcess.start(
              "Milvus",
              Root.service(
                  "Milvus",
                  List.of(installation.resolve("bin/milvus").toString(), "run", "standalone"),
                  installation),
              Map.of(
                  "LD_LIBRARY_PATH", installation.resolve("bin").toString(),
                  "MILVUSCONF", configs.toString(),
                  "MILVUS_RUN_DIR", directory.toString(),
                  "DEPLOY_MODE", "STANDALONE",
                  "METRICS_PORT", ports.get(10).toString()),
              directory,
              directory.resolve("milvus.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.await(Duration.ofMinutes(3), this::isHealthy);
  }

  /** Ends the server at once; what it had acknowledged is there after the next start. */
  public void kill() {
    process.kill();
  }

  /** The server's process, for measurements. */
  public long pid() {
    return process.handle().pid();
  }

  ManagedProcess process() {
    return process;
  }

  void stop() {
    if (process != null) {
      // A clean end can take over a minute, and the data is thrown away.
      process.stop(Duration.ofSeconds(2));
    }
  }

  private boolean isHealthy() {
    try {
      var url = URI.create(HEALTH.formatted(ports.get(10))).toURL();
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private String milvusYaml(Path configs) {
    return """
        etcd:
          endpoints: 127.0.0.1:%d
          rootPath: by-dev
          use: {embed: true}
          data: {dir: %s}
          config: {path: %s}
        metastore: {type: etcd}
        localStorage: {path: %s}
        %smsgChannel:
          chanNamePrefix: # a server without its stock configuration file has no names for these
            cluster: by-dev
            rootCoordTimeTick: rootcoord-timetick
            rootCoordStatistics: rootcoord-statistics
            rootCoordDml: rootcoord-dml
            dataCoordTimeTick: datacoord-timetick-channel
        proxy:
          ip: 127.0.0.1
          port: %d
          internalPort: %d
          http: {enabled: false}
          grpc: {serverMaxRecvSize: 67108864} # the documented limit of a request
        rootCoord: {ip: 127.0.0.1, port: %d, dmlChannelNum: 4}
        queryCoord:
          ip: 127.0.0.1
          port: %d
          checkChannelInterval: 200 # or a load waits up to 3 s for the next look
          checkSegmentInterval: 200
          distPullInterval: 100
        queryNode: {ip: 127.0.0.1, port: %d, enableDisk: false}
        indexNode: {ip: 127.0.0.1, port: %d, enableDisk: false}
        dataCoord: {ip: 127.0.0.1, port: %d}
        dataNode: {ip: 127.0.0.1, port: %d}
        log: {level: warn, stdout: true}
        common:
          storageType: local
          security: {authorizationEnabled: true}
          # A server that was killed is served for by the next one when its session has ended: after
          # 60 s, unless told. Less than 10 s, and a server that gets no CPU for a while ends itself.
          session: {ttl: 10}
        """
        .formatted(
            ports.get(8),
            directory.resolve("etcd"),
            configs.resolve("etcd.yaml"),
            directory.resolve("storage"),
            log.get(),
            ports.get(0),
            ports.get(1),
            ports.get(2),
            ports.get(3),
            ports.get(4),
            ports.get(5),
            ports.get(6),
            ports.get(7));
  }

  private String etcdYaml() {
    return """
        name: default
        data-dir: %1$s
        listen-client-urls: http://127.0.0.1:%2$d
        advertise-client-urls: http://127.0.0.1:%2$d
        listen-peer-urls: http://127.0.0.1:%3$d
        initial-advertise-peer-urls: http://127.0.0.1:%3$d
        initial-cluster: default=http://127.0.0.1:%3$d
        """
        .formatted(directory.resolve("etcd"), ports.get(8), ports.get(9));
  }
}
