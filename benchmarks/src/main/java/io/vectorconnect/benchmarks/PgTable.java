package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The target table, and the raw path into it. */
final class PgTable implements AutoCloseable {
  /** Made by hand on both sides, so that nothing differs but the path. */
  private static final String DDL =
      """
      CREATE TABLE %s (
        id bigint NOT NULL PRIMARY KEY,
        label text,
        year integer,
        embedding vector(%d)
      )""";

  private final String name;
  private final int dimension;
  private final Connection connection;

  PgTable(SqlServer server, String name, int dimension) throws SQLException {
    this.name = name;
    this.dimension = dimension;
    this.connection =
        DriverManager.getConnection(
            "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
            server.user(),
            server.password());
  }

  /** An empty table, and a server that has nothing left to do for the round before. */
  void createAnew() throws SQLException {
    execute("DROP TABLE IF EXISTS " + name);
    execute(DDL.formatted(name, dimension));
    execute("CHECKPOINT");
  }

  /**
   * One COPY in one transaction. Batches of the sink's size would be nearer to what a sink does,
   * but somebody who loads a table by hand sends one COPY, and it is the faster of the two.
   */
  Duration copy(Tuples tuples) throws SQLException {
    long begin = System.nanoTime();
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + name + " (id, label, year, embedding) FROM STDIN BINARY");
    for (byte[] chunk : tuples.chunks()) {
      copy.writeToCopy(chunk, 0, chunk.length);
    }
    copy.endCopy();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** What changes with every write of the row, and is 0 while there is no such row: one look-up. */
  long version(long id) throws SQLException {
    return number("SELECT max(xmin::text::bigint) FROM " + name + " WHERE id = " + id);
  }

  /** The next transaction's number. */
  long nextTransaction() throws SQLException {
    return number("SELECT pg_current_xact_id()::text::bigint");
  }

  /** How many rows were written since a transaction. */
  long writtenSince(long transaction) throws SQLException {
    return number("SELECT count(*) FROM " + name + " WHERE xmin::text::bigint >= " + transaction);
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
