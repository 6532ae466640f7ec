package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.LostPositionException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Where each partition goes on, in a table beside the data, moved in the transactions of the rows.
 * A position moves only from where this task knows it to be: of two tasks that believe to own a
 * partition, one writes and the other finds out.
 */
final class Positions {
  static final String TABLE = "vector_connect_offsets";

  private final String connector;
  private final SqlDialect<?, ?> dialect;
  private final String table;
  private final Map<TopicPartition, Long> known = new HashMap<>();

  Positions(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.connector = config.connector();
    this.dialect = dialect;
    this.table = dialect.identifiers().quote(config.besideTheData(TABLE));
  }

  void createTable(SqlSession session) throws SQLException {
    session.execute(
        "CREATE TABLE IF NOT EXISTS %s (connector %s NOT NULL, topic %s NOT NULL, partition_id INTEGER NOT NULL, next_offset BIGINT NOT NULL, PRIMARY KEY (connector, topic, partition_id))"
            .formatted(table, dialect.keyText(255), dialect.keyText(255)));
    session.commit();
  }

  /** Reads positions anew; partitions without one are absent. */
  Map<TopicPartition, Long> read(SqlSession session, Collection<TopicPartition> partitions)
      throws SQLException {
    Map<TopicPartition, Long> positions = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Optional<Long> next = read(session, partition);
      next.ifPresent(offset -> positions.put(partition, offset));
    }
    session.commit();
    known.keySet().removeAll(partitions);
    known.putAll(positions);
    return positions;
  }

  private Optional<Long> read(SqlSession session, TopicPartition partition) throws SQLException {
    List<Long> found =
        session.query(
            "SELECT next_offset FROM "
                + table
                + " WHERE connector = ? AND topic = ? AND partition_id = ?",
            row -> row.getLong(1),
            connector,
            partition.topic(),
            partition.partition());
    return found.stream().findFirst();
  }

  /**
   * Moves positions, in the transaction under way.
   *
   * @throws LostPositionException when one is not where it was
   */
  void move(SqlSession session, Map<TopicPartition, Long> next)
      throws SQLException, LostPositionException {
    for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
      if (!move(session, entry.getKey(), entry.getValue())) {
        throw new LostPositionException(
            "another task of connector %s has written partition %s since it was at %s"
                .formatted(connector, entry.getKey(), known.get(entry.getKey())));
      }
    }
  }

  private boolean move(SqlSession session, TopicPartition partition, long next)
      throws SQLException {
    Long from = known.get(partition);
    if (from != null) {
      int moved =
          session.update(
              "UPDATE "
                  + table
                  + " SET next_offset = ? WHERE connector = ? AND topic = ? AND partition_id = ?"
                  + " AND next_offset = ?",
              next,
              connector,
              partition.topic(),
              partition.partition(),
              from);
      return moved == 1;
    }
    try {
      session.nested(
          () ->
              session.update(
                  "INSERT INTO "
                      + table
                      + " (connector, topic, partition_id, next_offset) VALUES (?, ?, ?, ?)",
                  connector,
                  partition.topic(),
                  partition.partition(),
                  next));
      return true;
    } catch (SQLException e) {
      if (session.errors().isData(e)) { // the row is there
        return false;
      }
      throw e;
    }
  }

  /** The transaction of a move was committed. */
  void moved(Map<TopicPartition, Long> next) {
    known.putAll(next);
  }
}
