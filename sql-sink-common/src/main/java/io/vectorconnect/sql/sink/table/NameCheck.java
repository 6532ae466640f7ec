package io.vectorconnect.sql.sink.table;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;

/** Looks whether the names that a configuration leads to can be names of tables and columns. */
public final class NameCheck {
  private final SqlSinkConfig config;
  private final SqlDialect<?, ?> dialect;

  /** A check of names. */
  public NameCheck(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.config = config;
    this.dialect = dialect;
  }

  /**
   * The first problem found, if any.
   *
   * @param topics the topics that are known by name
   */
  public Optional<Problem> run(SqlSession session, List<String> topics) throws SQLException {
    for (Map.Entry<String, Collection<String>> columns : config.namedColumns().entrySet()) {
      for (String column : columns.getValue()) {
        Optional<Problem> problem =
            tooLong(columns.getKey(), () -> dialect.identifiers().quote(column));
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    for (String topic : topics) {
      Optional<Problem> problem =
          tooLong(
              SqlSinkConfig.TABLE_NAME_FORMAT,
              () -> dialect.identifiers().quote(config.table(topic)));
      if (problem.isPresent()) {
        return problem;
      }
    }
    return new TopicTables(config, dialect).add(session, topics);
  }

  private static Optional<Problem> tooLong(String key, Runnable quoting) {
    try {
      quoting.run();
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(new Problem(key, e.getMessage()));
    }
  }
}
