package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.SqlSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to OceanBase, set so that the server neither cuts nor shifts a value. */
final class OceanBaseSession extends SqlSession {
  private static final Logger log = LoggerFactory.getLogger(OceanBaseSession.class);

  /**
   * The server's own limit, 10 s, is for queries; a batch may take longer. After it, tried again.
   */
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);

  /**
   * A server that was killed may keep a transaction that was under way, and its locks, until this
   * has passed.
   */
  private static final Duration TRANSACTION_LIMIT = Duration.ofMinutes(1);

  /** Then the batch is tried again. */
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

  private static final Duration INDEX_LIMIT = Duration.ofDays(7);

  private final long number;
  private final long maxPacket;
  private final boolean bytesAsVectors;

  private OceanBaseSession(Connection connection) throws SQLException {
    super(connection, OceanBaseErrors.INSTANCE);
    connection.setAutoCommit(false);
    execute(
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,"
            + "NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO'");
    // Times are sent as text, in UTC; the server's default is the zone of its operator.
    execute("SET SESSION time_zone = '+00:00'");
    execute("SET NAMES utf8mb4");
    limit(STATEMENT_LIMIT, TRANSACTION_LIMIT);
    maxPacket = query("SELECT @@max_allowed_packet", row -> row.getLong(1)).get(0);
    bytesAsVectors = takesBytesAsVectors();
    number = query("SELECT connection_id()", row -> row.getLong(1)).get(0);
    commit();
    limit(Duration.ZERO); // the login had a limit; how long a statement takes is watched
  }

  /** Connects. */
  static OceanBaseSession open(OceanBaseSinkConfig config) throws SQLException {
    Connection connection = config.connection().open(config.connectTimeout());
    try {
      OceanBaseSession session = new OceanBaseSession(connection);
      log.info("Connected to {}: {}", config.connection().address(), session.version());
      return session;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the server reads little-endian bytes as a vector; else it is given text. */
  private boolean takesBytesAsVectors() throws SQLException {
    try {
      return query(
              "SELECT l2_distance(?, '[1,-2.5]')",
              row -> row.getDouble(1),
              new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0x20, (byte) 0xC0})
          .equals(List.of(0d));
    } catch (SQLException e) {
      if (errors().isTransient(e)) {
        throw e;
      }
      log.info("The server takes vectors as text only");
      return false;
    }
  }

  private void limit(Duration statement, Duration transaction) throws SQLException {
    execute("SET SESSION ob_query_timeout = " + micros(statement));
    execute("SET SESSION ob_trx_timeout = " + micros(transaction));
    execute("SET SESSION ob_trx_lock_timeout = " + micros(LOCK_LIMIT));
  }

  private static long micros(Duration time) {
    return time.toSeconds() * 1_000_000;
  }

  /** The session is about to build an index, which takes as long as it takes. */
  void prepareIndexBuild() throws SQLException {
    limit(INDEX_LIMIT, INDEX_LIMIT);
    commit();
  }

  /** What the server says that it is. */
  String version() throws SQLException {
    return query("SELECT version()", row -> row.getString(1)).get(0);
  }

  /** The session's number in the server's list. */
  long number() {
    return number;
  }

  /** The largest statement that the server takes, in bytes. */
  long maxPacket() {
    return maxPacket;
  }

  boolean takesVectorBytes() {
    return bytesAsVectors;
  }

  /** Prepares a statement, in the driver. */
  PreparedStatement prepare(String sql, String traced) throws SQLException {
    trace(traced);
    return connection().prepareStatement(sql);
  }

  /** Runs a statement that holds values: another text of it is logged. */
  void executeUntraced(String sql, String traced) throws SQLException {
    trace(traced);
    try (Statement statement = connection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.executeUpdate(sql);
    }
  }

  @Override
  protected String prefix() {
    return "OceanBase";
  }

  @Override
  public String describe(SQLException e) {
    return OceanBaseErrors.describe(e);
  }
}
