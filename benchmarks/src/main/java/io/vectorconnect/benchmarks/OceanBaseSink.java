package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.SqlServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The OceanBase sink, beside multi-row upserts of the same rows by the same driver. */
final class OceanBaseSink implements Benchmark {
  private static final String TABLE = "benchmark";

  @Override
  public String name() {
    return "oceanbase-sink";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.KAFKA, Component.CONNECT, Component.OCEANBASE);
  }

  @Override
  public List<String> connectors() {
    return List.of("oceanbase-sink-connector");
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    VectorRows maker = new VectorRows(options.dimension());
    SourceTopic.fill(bench.stack().kafka(), TABLE, maker, options.rows());
    List<VectorRows.Row> rows = LongStream.range(0, options.rows()).mapToObj(maker::row).toList();
    SqlServer server = bench.stack().oceanBase().server();
    OceanBaseTable table = new OceanBaseTable(server, TABLE, options.dimension());
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        table.createAnew();
        return table.upsert(rows);
      }

      @Override
      public Duration ours(int round) throws Exception {
        table.createAnew();
        return sink(bench.stack(), table, options, round);
      }

      @Override
      public void close() {
        table.close();
      }
    };
  }

  private Duration sink(LocalStack stack, OceanBaseTable table, Options options, int round)
      throws Exception {
    String name = name() + "-" + round;
    Duration time =
        new SinkRun(stack)
            .time(
                name,
                config(name, stack.oceanBase().server(), options),
                options.rows(),
                table::holds);
    if (table.count() != options.rows()) {
      throw new IllegalStateException(
          "expected %,d rows, the table has %,d".formatted(options.rows(), table.count()));
    }
    return time;
  }

  private static Map<String, String> config(String name, SqlServer server, Options options) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.oceanbase.sink.OceanBaseSinkConnector");
    config.put("tasks.max", "1");
    config.put("topics", TABLE);
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("auto.create", "false");
    config.putAll(SinkRun.CONSUMER);
    config.putAll(options.config());
    return config;
  }
}
