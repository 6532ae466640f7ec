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

/** Looks at a target database with psql's eyes: plain pgjdbc, results as text. */
final class Sql {
  private final SqlServer server;
  private final String dialect;

  private Sql(SqlServer server, String dialect) {
    this.server = server;
    this.dialect = dialect;
  }

  static Sql postgresql() {
    return new Sql(Stack.get().postgresql().server(), "postgresql");
  }

  /** A database of another stack. */
  static Sql postgresql(SqlServer server) {
    return new Sql(server, "postgresql");
  }

  static Sql openGauss() {
    return new Sql(Stack.get().openGauss(), "opengauss");
  }

  SqlServer server() {
    return server;
  }

  /** Another database of the same server, made anew, with the vector extension. */
  Sql createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE " + name);
    Sql other =
        new Sql(
            new SqlServer(server.host(), server.port(), name, server.user(), server.password()),
            dialect);
    other.execute("CREATE EXTENSION vector");
    return other;
  }

  /** A sink's connection keys for this database. */
  Map<String, String> sinkConfig(String topic) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "sink-" + dialect + "-" + topic);
    config.put("connector.class", "io.vectorconnect.datavec.sink.DataVecSinkConnector");
    config.put("topics", topic);
    config.put("tasks.max", "1");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("dialect", dialect);
    return config;
  }

  Connection open() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
        server.user(),
        server.password());
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
    boolean there =
        !rows("SELECT 1 FROM pg_catalog.pg_class WHERE relname = '" + table + "'").isEmpty();
    return there ? Long.parseLong(value("SELECT count(*) FROM \"" + table + "\"")) : -1;
  }
}
