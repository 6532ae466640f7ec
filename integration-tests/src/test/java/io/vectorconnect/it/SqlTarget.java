package io.vectorconnect.it;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * A database that an SQL sink writes to, as one of its applications sees it: the vendor's driver, a
 * connection for each call, results as text. What the databases say in different words is here.
 */
interface SqlTarget {
  /** A new task of the sink for this database. */
  SinkTask task();

  /** A sink's configuration for this database. */
  Map<String, String> sinkConfig(String topic);

  Connection open() throws SQLException;

  /** The number of rows; -1 while the table is not there. */
  long count(String table) throws SQLException;

  /** Kills the server, and starts it again. */
  void restart();

  String quoted(String name);

  /** The database's name of a type of PostgreSQL, as it prints it. */
  String type(String postgresType);

  /** ALTER TABLE's words for a column's other type. */
  String changeType(String column, String type);

  /** Six digits of a second, in UTC. */
  String utc(String column);

  String hex(String column);

  /** All digits of a float of any width. */
  String digits(String column);

  /** Whether this is openGauss's mode A: texts count bytes, and a DATE has a time of day. */
  default boolean isInModeA() throws SQLException {
    return false;
  }

  /** An array as JSON. */
  String json(String column);

  /** The literal of a sparse vector that is 1 at this index, counted from 0. */
  String sparseUnit(int dimension, int index);

  /** Whether a vector is the same as a packed one to the last bit. */
  String equalBits(String column, byte[] packed);

  /** The definitions of a table's vector indexes. */
  List<String> vectorIndexes(String table) throws SQLException;

  /** The most elements of a vector that an index takes. */
  int maxIndexedDimension();

  /** How long a running task may go by what it knew of a table that somebody else changes. */
  Duration noticesChangesWithin();

  /** How many statements that look like this are being executed. */
  int waiting(String like) throws SQLException;

  /** A driven task, with more keys and their values. */
  default SinkHarness sink(String topic, String... more) {
    Map<String, String> config = sinkConfig(topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(task(), config);
  }

  default void execute(String... statements) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Every row as text, columns separated by a bar; NULL as null. */
  default List<String> rows(String sql) throws SQLException {
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

  default String value(String sql) throws SQLException {
    return rows(sql).get(0);
  }
}
