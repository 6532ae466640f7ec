package io.vectorconnect.benchmarks;

import io.milvus.grpc.FieldData;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.MilvusServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

/**
 * The Milvus sink, beside columnar upserts through the generated stub from memory, and beside the
 * vendor's client with an object for each row.
 */
final class MilvusSink implements Benchmark {
  private static final String COLLECTION = "benchmark";
  private static final int POLL_MS = 20;

  @Override
  public String name() {
    return "milvus-sink";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.KAFKA, Component.CONNECT, Component.MILVUS);
  }

  @Override
  public List<String> connectors() {
    return List.of("milvus-sink-connector");
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    VectorRows maker = new VectorRows(options.dimension());
    SourceTopic.fill(bench.stack().kafka(), COLLECTION, maker, options.rows());
    List<VectorRows.Row> rows = LongStream.range(0, options.rows()).mapToObj(maker::row).toList();
    List<List<FieldData>> columns = MilvusCollection.columns(rows, options.dimension());
    MilvusServer server = bench.stack().milvus();
    MilvusCollection collection = new MilvusCollection(server, COLLECTION, options.dimension());
    long last = options.rows() - 1L;
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        return timed("raw", () -> upsert(() -> columns.forEach(collection::upsert)));
      }

      @Override
      public Optional<Duration> vendor(int round) throws Exception {
        return Optional.of(
            timed("vendor's client", () -> upsert(() -> collection.upsertObjects(rows))));
      }

      /** Until the last row is to be seen, as ours. */
      private Duration upsert(Runnable upsert) throws Exception {
        long begin = System.nanoTime();
        upsert.run();
        while (!collection.holds(last)) {
          Thread.sleep(POLL_MS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
      }

      /** Into a new collection on a server that has come to rest. */
      private Duration timed(String path, Callable<Duration> load) throws Exception {
        collection.createAnew();
        collection.settle();
        Duration used = collection.processorTime();
        Duration time = load.call();
        Duration meanwhile = collection.processorTime().minus(used);
        check();
        collection.settle();
        System.out.printf(
            "  %s: %d ms of Milvus's processor time in %d ms, %d ms until it rests%n",
            path,
            meanwhile.toMillis(),
            time.toMillis(),
            collection.processorTime().minus(used).toMillis());
        return time;
      }

      @Override
      public Duration ours(int round) throws Exception {
        String name = name() + "-" + round;
        return timed(
            "ours",
            () ->
                new SinkRun(bench.stack())
                    .time(name, config(name, server, options), options.rows(), collection::holds));
      }

      private void check() {
        long count = collection.count();
        if (count != options.rows()) {
          throw new IllegalStateException(
              "expected %,d rows, the collection has %,d".formatted(options.rows(), count));
        }
      }

      @Override
      public void close() {
        collection.close();
      }
    };
  }

  private static Map<String, String> config(String name, MilvusServer server, Options options) {
    Map<String, String> config = new HashMap<>(MilvusCollection.connection(server));
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.milvus.sink.MilvusSinkConnector");
    config.put("tasks.max", "1");
    config.put("topics", COLLECTION);
    config.put("auto.create", "false");
    config.putAll(SinkRun.CONSUMER);
    config.putAll(options.config());
    return config;
  }
}
