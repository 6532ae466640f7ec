package io.vectorconnect.oceanbase.source;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that is opened when it is needed, and opened again after it broke.
 *
 * <p>Everything is read in MySQL's text protocol: its bytes are the server's own words, which no
 * driver has turned into a type that cannot hold them.
 */
final class Session implements AutoCloseable {
  /** Measured on seekdb 1.4.0: 5 to 25 ms. */
  private static final Duration VISIBLE = Duration.ofSeconds(3);

  private final OceanBaseSourceConfig config;
  private final Duration queryTimeout;

  /** Used by the thread of the readers, and closed by the one that stops the task too. */
  private volatile Connection connection;

  private volatile boolean ended;

  Session(OceanBaseSourceConfig config) {
    this(config, config.queryTimeout());
  }

  Session(OceanBaseSourceConfig config, Duration queryTimeout) {
    this.config = config;
    this.queryTimeout = queryTimeout;
  }

  String address() {
    return config.connection().address();
  }

  /**
   * Runs a query. A table that the catalogue lists is unknown to other sessions for some
   * milliseconds after it was created or altered: then it is asked again for a while.
   *
   * @return each row's columns as the server's text, null for NULL
   * @throws OceanBaseException when it fails
   */
  List<byte[][]> query(Sql sql) {
    long deadline = System.nanoTime() + VISIBLE.toNanos();
    while (true) {
      try {
        return queryOnce(sql);
      } catch (OceanBaseException e) {
        if (e.kind() != OceanBaseException.Kind.NO_TABLE || System.nanoTime() > deadline) {
          throw e;
        }
        pause(e);
      }
    }
  }

  private static void pause(OceanBaseException e) {
    try {
      Thread.sleep(20);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  private List<byte[][]> queryOnce(Sql sql) {
    try (PreparedStatement statement = connection().prepareStatement(sql.text())) {
      for (int i = 0; i < sql.parameters().size(); i++) {
        bind(statement, i + 1, sql.parameters().get(i));
      }
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        List<byte[][]> rows = new ArrayList<>();
        while (result.next()) {
          byte[][] row = new byte[columns][];
          for (int i = 0; i < columns; i++) {
            row[i] = result.getBytes(i + 1);
          }
          rows.add(row);
        }
        return rows;
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof byte[] bytes) {
      statement.setBytes(index, bytes);
    } else if (value instanceof java.math.BigDecimal number) {
      statement.setBigDecimal(index, number);
    } else {
      statement.setString(index, (String) value);
    }
  }

  /** One value of one row, as text. */
  String value(String sql) {
    return new String(query(new Sql(sql, List.of())).get(0)[0], StandardCharsets.UTF_8);
  }

  /** The server's change number of now: whatever was committed before has a smaller one. */
  long currentScn() {
    try {
      return Long.parseLong(value("SELECT current_scn()"));
    } catch (OceanBaseException e) {
      if (e.kind() != OceanBaseException.Kind.NOT_SUPPORTED) {
        throw e;
      }
      return Long.parseLong(value("SELECT MAX(TS_VALUE) FROM oceanbase.V$OB_TIMESTAMP_SERVICE"));
    }
  }

  private OceanBaseException failure(SQLException e) {
    OceanBaseException failure = OceanBaseException.of(address(), e);
    if (failure.isTransient()) {
      close();
    }
    return failure;
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null) {
      // A little more than the server allows, so that it is the server that tells.
      Connection opened = config.connection().open(queryTimeout.plusSeconds(5));
      try (Statement statement = opened.createStatement()) {
        // The defaults of a server are its administrator's: a query ends after 10 s, and times are
        // told in the server's zone.
        statement.execute(
            "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES', ob_query_timeout = "
                + queryTimeout.toNanos() / 1_000);
        statement.execute("SET NAMES utf8mb4");
      } catch (SQLException e) {
        opened.close();
        throw e;
      }
      connection = opened;
      if (ended) {
        close();
        throw new SQLException("the task has been stopped");
      }
      return opened;
    }
    return current;
  }

  @Override
  public void close() {
    Connection closing = connection;
    if (closing != null) {
      try {
        closing.close();
      } catch (SQLException e) {
        // It is gone either way.
      }
      connection = null;
    }
  }

  /** Closes the session for good: one that is being opened by another thread is closed as well. */
  void end() {
    ended = true;
    close();
  }
}
