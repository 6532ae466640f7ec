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
  private final List<Integer> ports = Ports.free(11);
  private ManagedProcess process;

  MilvusServer(Path installation, Path directory) {
    this.installation = installation;
    this.directory = directory;
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
      process =
          ManagedProcess.start(
              "Milvus",
              List.of(installation.resolve("bin/milvus").toString(), "run", "standalone"),
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
        mq: {type: rocksmq}
        rocksmq: {path: %s}
        proxy:
          ip: 127.0.0.1
          port: %d
          internalPort: %d
          http: {enabled: false}
          grpc: {serverMaxRecvSize: 67108864} # the documented limit of a request
        rootCoord: {ip: 127.0.0.1, port: %d, dmlChannelNum: 4}
        queryCoord: {ip: 127.0.0.1, port: %d}
        queryNode: {ip: 127.0.0.1, port: %d, enableDisk: false}
        indexNode: {ip: 127.0.0.1, port: %d, enableDisk: false}
        dataCoord: {ip: 127.0.0.1, port: %d}
        dataNode: {ip: 127.0.0.1, port: %d}
        log: {level: warn, stdout: true}
        common:
          storageType: local
          security: {authorizationEnabled: true}
        """
        .formatted(
            ports.get(8),
            directory.resolve("etcd"),
            configs.resolve("etcd.yaml"),
            directory.resolve("storage"),
            directory.resolve("rocksmq"),
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
