package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.WeaviateServer;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Weaviate source's task, whose records are counted, beside a loop over the server's cursor by
 * gRPC whose objects are counted.
 */
final class WeaviateSource implements Benchmark {
  @Override
  public String name() {
    return "weaviate-source";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.WEAVIATE);
  }

  @Override
  public List<String> connectors() {
    return List.of();
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    WeaviateServer server = bench.stack().weaviate();
    WeaviateCollection collection = new WeaviateCollection(server, options.dimension());
    collection.fill(options.rows());
    WeaviateCursor cursor = new WeaviateCursor(server);
    return new Rounds() {
      @Override
      public Duration raw(int round) {
        long begin = System.nanoTime();
        int count = cursor.count(WeaviateCollection.NAME, pageRows(options));
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        if (count != options.rows()) {
          throw new IllegalStateException(
              "expected %,d objects, got %,d".formatted(options.rows(), count));
        }
        return time;
      }

      @Override
      public Duration ours(int round) throws Exception {
        return new SourceRun(new WeaviateSourceConnector())
            .time(config(server, options), options.rows());
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  /** Pages of the same size as the source's come to. */
  private static int pageRows(Options options) {
    return Math.max(1, Math.min(10_000, (8 << 20) / (options.dimension() * Float.BYTES + 120)));
  }

  private static Map<String, String> config(WeaviateServer server, Options options) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "weaviate-source");
    config.put("connection.uri", server.url());
    config.put("connection.grpc.address", server.grpcAddress());
    config.put("connection.token", server.apiKey());
    config.put("collection.include.list", WeaviateCollection.NAME);
    config.put("mode", "snapshot");
    config.putAll(options.config());
    return config;
  }
}
