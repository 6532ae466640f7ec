package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One node of Weaviate, without modules that make vectors.
 *
 * <p>REST, gossip and consensus bind to loopback. Its gRPC port and the port between nodes know no
 * bind address and listen on every interface, so both ask for a key.
 */
public final class WeaviateServer {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path installation;
  private final Path directory;
  private final Map<String, String> settings;
  private final List<Integer> ports = Ports.free(6);
  private final String apiKey = UUID.randomUUID().toString();
  private final String readerKey = UUID.randomUUID().toString();
  private ManagedProcess process;

  WeaviateServer(Path installation, Path directory, Map<String, String> settings) {
    this.installation = installation;
    this.directory = directory;
    this.settings = Map.copyOf(settings);
  }

  /** Where REST is. */
  public String url() {
    return "http://127.0.0.1:" + ports.get(0);
  }

  /** Where gRPC is, as {@code host:port}. */
  public String grpcAddress() {
    return "127.0.0.1:" + ports.get(1);
  }

  /** What it writes to its log. */
  public Path log() {
    return directory.resolve("weaviate.log");
  }

  /** The key of a user who may do everything. */
  public String apiKey() {
    return apiKey;
  }

  /** The key of a user who may only read. */
  public String readerKey() {
    return readerKey;
  }

  /** Starts the server, with the data that it had. */
  public void start() {
    try {
      Files.createDirectories(directory.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Root.giveAway(directory);
    process =
        ManagedProcess.start(
            "Weaviate",
            Root.service(
                "Weaviate",
                List.of(
                    installation.resolve("weaviate-server").toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    ports.get(0).toString(),
                    "--scheme",
                    "http"),
                installation),
            environment(),
            directory,
            log());
    process.await(LIMIT, this::isReady);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PERSISTENCE_DATA_PATH", directory.resolve("data").toString());
    environment.put("DEFAULT_VECTORIZER_MODULE", "none");
    environment.put("DISABLE_TELEMETRY", "true");
    environment.put("GO_PROFILING_DISABLE", "true");
    environment.put("GRPC_PORT", ports.get(1).toString());
    environment.put("CLUSTER_HOSTNAME", "node1");
    environment.put("CLUSTER_BIND_ADDR", "127.0.0.1");
    environment.put("CLUSTER_ADVERTISE_ADDR", "127.0.0.1");
    environment.put("CLUSTER_GOSSIP_BIND_PORT", ports.get(2).toString());
    environment.put("CLUSTER_DATA_BIND_PORT", ports.get(3).toString());
    environment.put("CLUSTER_BASIC_AUTH_USERNAME", "node");
    environment.put("CLUSTER_BASIC_AUTH_PASSWORD", apiKey);
    environment.put("RAFT_PORT", ports.get(4).toString());
    environment.put("RAFT_INTERNAL_RPC_PORT", ports.get(5).toString());
    environment.put("RAFT_BOOTSTRAP_EXPECT", "1");
    environment.put("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "false");
    environment.put("AUTHENTICATION_APIKEY_ENABLED", "true");
    environment.put("AUTHENTICATION_APIKEY_ALLOWED_KEYS", apiKey + "," + readerKey);
    environment.put("AUTHENTICATION_APIKEY_USERS", "admin,reader");
    environment.put("AUTHORIZATION_ADMINLIST_ENABLED", "true");
    environment.put("AUTHORIZATION_ADMINLIST_USERS", "admin");
    environment.put("AUTHORIZATION_ADMINLIST_READONLY_USERS", "reader");
    environment.putAll(settings);
    return environment;
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
      process.stop(Duration.ofSeconds(5));
    }
  }

  private boolean isReady() {
    try {
      var ready = URI.create(url() + "/v1/.well-known/ready").toURL();
      HttpURLConnection connection = (HttpURLConnection) ready.openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false; // not yet
    }
  }
}
