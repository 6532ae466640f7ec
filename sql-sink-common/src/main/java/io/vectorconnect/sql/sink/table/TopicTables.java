package io.vectorconnect.sql.sink.table;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Which topic is written to which table. Two topics whose names lead to one table mix their rows,
 * and rows with equal keys overwrite each other, so this must be configured.
 */
public final class TopicTables {
  private final SqlSinkConfig config;
  private final SqlDialect<?, ?> dialect;
  private final Map<TableId, String> topics = new HashMap<>();
  private Optional<Boolean> foldsCase = Optional.empty();

  /** No topics yet. */
  public TopicTables(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.config = config;
    this.dialect = dialect;
  }

  /** The first of these topics that leads to another one's table, as a problem, if there is one. */
  public Optional<Problem> add(SqlSession session, List<String> names) throws SQLException {
    for (String topic : names) {
      Optional<String> collision = collision(session, topic);
      if (collision.isPresent()) {
        return Optional.of(new Problem(SqlSinkConfig.TABLE_NAME_FORMAT, collision.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * A topic whose records are about to be written.
   *
   * @throws ConnectException when another topic is written to its table
   */
  public void add(SqlSession session, String topic) throws SQLException {
    Optional<String> collision = collision(session, topic);
    if (collision.isPresent()) {
      throw new ConnectException(collision.get());
    }
  }

  private Optional<String> collision(SqlSession session, String topic) throws SQLException {
    if (config.sharesTables() || topics.containsValue(topic)) {
      return Optional.empty();
    }
    TableId id = config.table(topic);
    String other = topics.putIfAbsent(folded(session, id), topic);
    return other == null
        ? Optional.empty()
        : Optional.of(
            "Topics %s and %s are both written to table %s, where rows with equal keys overwrite each other; change table.name.format, or set %s=true"
                .formatted(other, topic, id, SqlSinkConfig.SHARED_TABLES));
  }

  private TableId folded(SqlSession session, TableId id) throws SQLException {
    if (foldsCase.isEmpty()) {
      foldsCase = Optional.of(dialect.foldsTableNames(session));
    }
    return foldsCase.get()
        ? new TableId(id.schema().toLowerCase(Locale.ROOT), id.name().toLowerCase(Locale.ROOT))
        : id;
  }
}
