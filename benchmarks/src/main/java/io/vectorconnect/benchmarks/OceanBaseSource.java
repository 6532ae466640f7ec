package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.SqlServer;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The OceanBase source's task, whose records are counted, beside a loop of SELECTs by key whose
 * rows are counted.
 */
final class OceanBaseSource implements Benchmark {
  private static final String TABLE = "benchmark";

  /** What the raw loop asks for. */
  enum Raw {
    /** The vector as the server prints it: six digits, which nobody can make a float of again. */
    ROUNDED("embedding"),
    /** What the source asks for, from which it makes the exact floats. */
    EXACT("embedding, embedding - ((embedding * %1$s) - ((embedding * %1$s) - embedding))");

    private final String expression;

    Raw(String expression) {
      this.expression = expression;
    }
  }

  private final Raw raw;

  OceanBaseSource(Raw raw) {
    this.raw = raw;
  }

  @Override
  public String name() {
    return raw == Raw.EXACT ? "oceanbase-source" : "oceanbase-source-rounded";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.OCEANBASE);
  }

  @Override
  public List<String> connectors() {
    return List.of();
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    SqlServer server = bench.stack().oceanBase().server();
    Connection connection = connect(server);
    fill(connection, options);
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        return select(connection, options);
      }

      @Override
      public Duration ours(int round) throws Exception {
        return new SourceRun(new OceanBaseSourceConnector())
            .time(config(server, options), options.rows());
      }

      @Override
      public void close() {
        try {
          connection.close();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static Connection connect(SqlServer server) throws SQLException {
    String url =
        "jdbc:oceanbase://%s:%d/%s?useServerPrepStmts=false&rewriteBatchedStatements=true"
            .formatted(server.host(), server.port(), server.database());
    Connection connection = DriverManager.getConnection(url, server.user(), server.password());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION ob_query_timeout = 600000000");
    }
    return connection;
  }

  private static void fill(Connection connection, Options options) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE %s (id BIGINT PRIMARY KEY, label VARCHAR(100), year INT, embedding VECTOR(%d))"
              .formatted(TABLE, options.dimension()));
    }
    VectorRows rows = new VectorRows(options.dimension());
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?, ?, ?)")) {
      for (int i = 0; i < options.rows(); i++) {
        VectorRows.Row row = rows.row(i);
        insert.setLong(1, row.id());
        insert.setString(2, row.label());
        insert.setInt(3, row.year());
        insert.setBytes(4, row.embedding());
        insert.addBatch();
        if (i % 500 == 499 || i == options.rows() - 1) {
          insert.executeBatch();
        }
      }
    }
  }

  /** Pages of the same size as the source's come to. */
  private Duration select(Connection connection, Options options) throws SQLException {
    int page = Math.max(1, (8 << 20) / (options.dimension() * 21));
    String factor = "'[" + "4097,".repeat(options.dimension() - 1) + "4097]'";
    String sql =
        "SELECT id, label, year, %s FROM %s WHERE id > ? ORDER BY id LIMIT %d"
            .formatted(raw.expression.formatted(factor), TABLE, page);
    long begin = System.nanoTime();
    long last = -1;
    int count = 0;
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int found = page; found == page; ) {
        found = 0;
        select.setLong(1, last);
        try (ResultSet result = select.executeQuery()) {
          while (result.next()) {
            last = result.getLong(1);
            found++;
          }
        }
        count += found;
      }
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    if (count != options.rows()) {
      throw new IllegalStateException(
          "expected %,d rows, got %,d".formatted(options.rows(), count));
    }
    return time;
  }

  private static Map<String, String> config(SqlServer server, Options options) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "oceanbase-source");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("table.include.list", TABLE);
    config.put("mode", "snapshot");
    config.putAll(options.config());
    return config;
  }
}
