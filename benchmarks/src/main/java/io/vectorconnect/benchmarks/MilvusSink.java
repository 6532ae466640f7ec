package io.vectorconnect.benchmarks;

import io.milvus.grpc.FieldData;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.MilvusServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The Milvus sink, beside columnar upserts through the generated stub from memory, and beside the
 * vendor's client with an object for each row.
 */
final class MilvusSink implements Benchmark {
  private static final String COLLECTION = "benchmark";
  private static final int POLL_MS = 20;

  /** Brings all rows into a collection. */
  @FunctionalInterface
  private interface Load {
    /** How long it took until the last row was to be seen. */
    Duration run(MilvusServer server, MilvusCollection collection) throws Exception;
  }

  @Override
  public String name() {
    return "milvus-sink";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.KAFKA, Component.CONNECT);
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
    long last = options.rows() - 1L;
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        return timed(
            "raw", (server, milvus) -> upsert(milvus, () -> columns.forEach(milvus::upsert)));
      }

      @Override
      public Optional<Duration> vendor(int round) throws Exception {
        return Optional.of(
            timed(
                "vendor's client",
                (server, milvus) -> upsert(milvus, () -> milvus.upsertObjects(rows))));
      }

      /** Until the last row is to be seen, as ours. */
      private Duration upsert(MilvusCollection milvus, Runnable upsert) throws Exception {
        long begin = System.nanoTime();
        upsert.run();
        while (!milvus.holds(last)) {
          Thread.sleep(POLL_MS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
      }

      @Override
      public Duration ours(int round) throws Exception {
        String name = name() + "-" + round;
        return timed(
            "ours",
            (server, milvus) ->
                new SinkRun(bench.stack())
                    .time(name, config(name, server, options), options.rows(), milvus::holds));
      }

      /** Into a Milvus of its own: one that had loads before merges them in some of the rounds. */
      private Duration timed(String path, Load load) throws Exception {
        try (LocalStack stack = LocalStack.builder().components(Component.MILVUS).start();
            MilvusCollection milvus =
                new MilvusCollection(stack.milvus(), COLLECTION, options.dimension())) {
          milvus.create();
          milvus.settle();
          Duration used = milvus.processorTime();
          Duration time = load.run(stack.milvus(), milvus);
          System.out.printf(
              "  %s: %d ms of Milvus's processor time in %d ms%n",
              path, milvus.processorTime().minus(used).toMillis(), time.toMillis());
          long count = milvus.count();
          if (count != options.rows()) {
            throw new IllegalStateException(
                "expected %,d rows, the collection has %,d".formatted(options.rows(), count));
          }
          return time;
        }
      }

      @Override
      public void close() {
        // Each round closes what it has started.
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
