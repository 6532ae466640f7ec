package io.vectorconnect.it;

import io.vectorconnect.localstack.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An application of OceanBase: the vendor's driver, and SQL literals. */
final class OceanBase implements AutoCloseable {
  private final SqlServer server = Stack.get().oceanBase().server();
  private final Connection connection;

  OceanBase() throws SQLException {
    connection = connect();
  }

  Connection connect() throws SQLException {
    String url =
        "jdbc:oceanbase://%s:%d/%s?useServerPrepStmts=false"
            .formatted(server.host(), server.port(), server.database());
    Connection opened = DriverManager.getConnection(url, server.user(), server.password());
    try (Statement statement = opened.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00', ob_query_timeout = 600000000");
    }
    return opened;
  }

  void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Inserts rows (i, 'row i', [i, i/7, -i]) in batches. */
  void insert(String table, long from, long to) throws SQLException {
    for (long begin = from; begin <= to; begin += 1_000) {
      List<String> rows = new ArrayList<>();
      for (long i = begin; i <= Math.min(to, begin + 999); i++) {
        rows.add("(%1$d, 'row %1$d', '[%1$d,%2$s,-%1$d]')".formatted(i, (float) i / 7));
      }
      execute("INSERT INTO %s VALUES %s".formatted(table, String.join(",", rows)));
    }
  }

  /** Makes a table for {@link #insert}. */
  void create(String table) throws SQLException {
    execute(
        "DROP TABLE IF EXISTS " + table,
        "CREATE TABLE %s (id BIGINT PRIMARY KEY, label VARCHAR(100), v VECTOR(3))"
            .formatted(table));
  }

  /** A source's configuration. */
  Map<String, String> sourceConfig(String name, String tables, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.oceanbase.source.OceanBaseSourceConnector");
    config.put("tasks.max", "1");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("table.include.list", tables);
    config.put("poll.interval.ms", "100");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
