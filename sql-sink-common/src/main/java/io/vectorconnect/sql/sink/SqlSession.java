package io.vectorconnect.sql.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, with every statement that goes over it. Statements and their parameters' types
 * are logged at DEBUG, values never.
 */
public abstract class SqlSession implements AutoCloseable {
  /** Characters of a statement in the log of a wait. */
  private static final int MAX_SHOWN = 100;

  private final Logger log = LoggerFactory.getLogger(getClass());
  private final Connection connection;
  private final SqlErrors errors;
  private volatile String statement = "the connection";
  private volatile long lastProgress = System.nanoTime();

  /** Takes ownership of the connection. */
  protected SqlSession(Connection connection, SqlErrors errors) {
    this.connection = connection;
    this.errors = errors;
  }

  /** What the log says before a statement. */
  protected abstract String prefix();

  /** The error's code and the server's primary message: nothing that quotes a row. */
  public abstract String describe(SQLException e);

  /** What errors mean. */
  public final SqlErrors errors() {
    return errors;
  }

  /** The statement that was sent last, without values. */
  final String statement() {
    return statement;
  }

  /** When a statement was last sent, or a part of one. */
  final long lastProgress() {
    return lastProgress;
  }

  /** A part of a long statement was sent. */
  protected final void progress() {
    lastProgress = System.nanoTime();
  }

  /**
   * How long the server may leave a statement without an answer.
   *
   * @param silence zero: for ever
   */
  protected final void limit(Duration silence) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
  }

  /** The connection, for what only the database's own driver can do. */
  protected final Connection connection() {
    return connection;
  }

  /** Runs a statement without parameters. */
  public final void execute(String sql) throws SQLException {
    trace(sql);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Reads one row of a result. */
  @FunctionalInterface
  public interface RowReader<T> {
    /** What is wanted of the row that the result stands on. */
    T read(ResultSet row) throws SQLException;
  }

  /** The rows of a query. */
  public final <T> List<T> query(String sql, RowReader<T> reader, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(reader.read(result));
        }
      }
      return rows;
    }
  }

  /** Changes rows, and tells how many it found. */
  public final int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    trace(sql, parameters);
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  /** Does work so that its failure leaves the transaction as it was before. */
  public final void nested(SqlWork work) throws SQLException {
    execute("SAVEPOINT vector_connect");
    try {
      work.run();
    } catch (SQLException e) {
      if (!errors.isTransient(e)) {
        execute("ROLLBACK TO SAVEPOINT vector_connect");
      }
      throw e;
    }
    execute("RELEASE SAVEPOINT vector_connect");
  }

  /** Work that may fail by SQL. */
  @FunctionalInterface
  public interface SqlWork {
    /** Does it. */
    void run() throws SQLException;
  }

  /** Ends the transaction under way. */
  public final void commit() throws SQLException {
    note("COMMIT");
    connection.commit();
  }

  public final void rollback() throws SQLException {
    note("ROLLBACK");
    connection.rollback();
  }

  /** Breaks the connection from another thread. */
  public final void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      log.debug("The connection was broken already", e);
    }
  }

  @Override
  public final void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("The connection was broken already", e);
    }
  }

  private void note(String sql) {
    statement = sql.length() > MAX_SHOWN ? sql.substring(0, MAX_SHOWN) + "..." : sql;
    progress();
  }

  /** Logs a statement. */
  protected final void trace(String sql, Object... parameters) {
    note(sql);
    if (log.isDebugEnabled()) {
      String types =
          Arrays.stream(parameters).map(SqlSession::type).collect(Collectors.joining(", "));
      log.debug("{}: {}; -- parameters: {}", prefix(), sql, types.isEmpty() ? "none" : types);
    }
  }

  private static String type(Object parameter) {
    return parameter instanceof Long
        ? "bigint"
        : parameter instanceof Integer ? "integer" : "varchar";
  }
}
