package io.vectorconnect.it;

import io.vectorconnect.localstack.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Looks at OceanBase by its own driver; results as text, times in UTC. */
final class OceanBaseSql {
  private static final int NO_SUCH_TABLE = 1146;

  private final SqlServer server = Stack.get().oceanBase().server();

  /** A sink's connection keys. */
  Map<String, String> sinkConfig(String topic) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "sink-oceanbase-" + topic);
    config.put("connector.class", "io.vectorconnect.oceanbase.sink.OceanBaseSinkConnector");
    config.put("topics", topic);
    config.put("tasks.max", "1");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    return config;
  }

  private Connection open() throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:oceanbase://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
            server.user(),
            server.password());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00'");
    }
    return connection;
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Every row as text, columns separated by a bar; NULL as null. */
  List<String> rows(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  String value(String sql) throws SQLException {
    return rows(sql).get(0);
  }

  /** The number of rows; -1 while the table is not there. */
  long count(String table) throws SQLException {
    try {
      return Long.parseLong(value("SELECT count(*) FROM `" + table + "`"));
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return -1; // no look into the catalogue first: it lists tables that no query finds yet
      }
      throw e;
    }
  }

  /** The literal of these bytes: a vector equals it if it is the same to the last bit. */
  static String literal(byte[] bytes) {
    return "x'" + HexFormat.of().formatHex(bytes) + "'";
  }
}
