package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.SqlServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The DataVec sink into PostgreSQL with pgvector, beside one binary COPY of the same rows. */
final class DataVecSink implements Benchmark {
  private static final String TABLE = "benchmark";

  /** What the sink finds and does. The raw path is always the COPY into an empty table. */
  enum Load {
    /** insert.mode=insert into an empty table. */
    APPEND,
    /** insert.mode=upsert, all keys new. */
    UPSERT,
    /** insert.mode=upsert, all keys there. */
    UPDATE
  }

  private final Load load;

  DataVecSink(Load load) {
    this.load = load;
  }

  @Override
  public String name() {
    return "datavec-" + load.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.KAFKA, Component.CONNECT, Component.POSTGRESQL);
  }

  @Override
  public List<String> connectors() {
    return List.of("datavec-sink-connector");
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    VectorRows rows = new VectorRows(options.dimension());
    SourceTopic.fill(bench.stack().kafka(), TABLE, rows, options.rows());
    Tuples tuples = Tuples.of(rows, options.rows());
    SqlServer server = bench.stack().postgresql().server();
    PgTable table = new PgTable(server, TABLE, options.dimension());
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        table.createAnew();
        return table.copy(tuples);
      }

      @Override
      public Duration ours(int round) throws Exception {
        table.createAnew();
        if (load == Load.UPDATE) {
          table.copy(tuples);
        }
        return sink(bench.stack(), table, options, round);
      }

      @Override
      public void close() {
        table.close();
      }
    };
  }

  private Duration sink(LocalStack stack, PgTable table, Options options, int round)
      throws Exception {
    String name = name() + "-" + round;
    long last = options.rows() - 1L;
    long before = table.version(last); // as of all rows: they came by one COPY, or not at all
    long transaction = table.nextTransaction();
    Duration time =
        new SinkRun(stack)
            .time(
                name,
                config(name, stack.postgresql().server(), options),
                options.rows(),
                key -> table.version(key) != before);
    long written = table.writtenSince(transaction);
    if (written != options.rows()) {
      throw new IllegalStateException(
          "expected %,d rows, the table has %,d".formatted(options.rows(), written));
    }
    return time;
  }

  private Map<String, String> config(String name, SqlServer server, Options options) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.datavec.sink.DataVecSinkConnector");
    config.put("tasks.max", "1");
    config.put("topics", TABLE);
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("insert.mode", load == Load.APPEND ? "insert" : "upsert");
    config.put("pk.mode", load == Load.APPEND ? "none" : "record_key");
    config.put("auto.create", "false");
    config.putAll(SinkRun.CONSUMER);
    config.putAll(options.config());
    return config;
  }
}
