package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** The target table, and the raw path into it. */
final class OceanBaseTable implements AutoCloseable {
  private static final String DDL =
      """
      CREATE TABLE %s (
        id bigint NOT NULL PRIMARY KEY,
        label varchar(100),
        year int,
        embedding vector(%d)
      ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin""";

  /** More rows in a statement are no quicker. */
  private static final int ROWS = 500;

  private static final int ROWS_PER_COMMIT = 5_000;

  private final String name;
  private final int dimension;
  private final Connection connection;

  OceanBaseTable(SqlServer server, String name, int dimension) throws SQLException {
    this.name = name;
    this.dimension = dimension;
    this.connection =
        DriverManager.getConnection(
            "jdbc:oceanbase://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
            server.user(),
            server.password());
  }

  /** An empty table. */
  void createAnew() throws SQLException {
    connection.setAutoCommit(true);
    execute("DROP TABLE IF EXISTS " + name);
    execute(DDL.formatted(name, dimension));
  }

  /** Multi-row upserts, vectors as bytes: the quickest that the driver and the server offer. */
  Duration upsert(List<VectorRows.Row> rows) throws SQLException {
    connection.setAutoCommit(false);
    long begin = System.nanoTime();
    for (int from = 0; from < rows.size(); from += ROWS) {
      upsertPart(rows.subList(from, Math.min(rows.size(), from + ROWS)));
      if ((from + ROWS) % ROWS_PER_COMMIT == 0) {
        connection.commit();
      }
    }
    connection.commit();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void upsertPart(List<VectorRows.Row> rows) throws SQLException {
    String sql =
        "INSERT INTO "
            + name
            + " (id, label, year, embedding) VALUES "
            + String.join(",", Collections.nCopies(rows.size(), "(?,?,?,?)"))
            + " ON DUPLICATE KEY UPDATE label=VALUES(label), year=VALUES(year),"
            + " embedding=VALUES(embedding)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int parameter = 0;
      for (VectorRows.Row row : rows) {
        statement.setLong(++parameter, row.id());
        statement.setString(++parameter, row.label());
        statement.setInt(++parameter, row.year());
        statement.setBytes(++parameter, row.embedding());
      }
      statement.executeUpdate();
    }
  }

  /** Whether a row is there: one look-up. */
  boolean holds(long id) throws SQLException {
    return number("SELECT count(*) FROM " + name + " WHERE id = " + id) == 1;
  }

  long count() throws SQLException {
    return number("SELECT count(*) FROM " + name);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close the connection to the target", e);
    }
  }
}
