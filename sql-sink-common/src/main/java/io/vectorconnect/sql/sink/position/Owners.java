package io.vectorconnect.sql.sink.position;

import io.vectorconnect.sink.LostPositionException;
import io.vectorconnect.sink.Position;
import io.vectorconnect.sink.RecordProof;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.table.OwnTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which task owns each partition, and how far it was written, in a table beside the data: for sinks
 * whose consumer group says where they go on. A task writes its name when partitions are assigned
 * to it. Each batch moves the partition's offset in its transaction; a task whose name is no longer
 * there may only move it forward, and else gives the batch up. So no row is replaced by an older
 * one.
 */
public final class Owners implements PartitionGuard {
  static final String TABLE = "vector_connect_owners";

  private static final Logger log = LoggerFactory.getLogger(Owners.class);

  /**
   * After partitions were lost without a word of Connect's: a task that was stopped for a while
   * learns within this time that they are no longer its own. One that still has them then takes
   * them back.
   */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  private final String connector;
  private final SqlDialect<?, ?> dialect;
  private final TableId id;
  private final String table;
  private final String owner = UUID.randomUUID().toString();

  /** What does not have to be taken again before its records are written. */
  private final Set<TopicPartition> taken = ConcurrentHashMap.newKeySet();

  /** What was taken at any time. */
  private final Set<TopicPartition> guarded = ConcurrentHashMap.newKeySet();

  private boolean looked;
  private boolean working = true;
  private volatile boolean lost;
  private volatile long lostAt;

  public Owners(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.connector = config.connector();
    this.dialect = dialect;
    this.id = config.besideTheData(TABLE);
    this.table = dialect.identifiers().quote(id);
  }

  /** Not before partitions are taken over: only then is it needed. */
  @Override
  public void createTable(SqlSession session) {
    looked = false;
    working = true;
  }

  private void look(SqlSession session) throws SQLException {
    if (dialect.table(session, id).isPresent()) {
      return;
    }
    String definition =
        OwnTable.definition(
            dialect,
            id,
            "connector %s NOT NULL, topic %s NOT NULL, partition_id INTEGER NOT NULL, owner VARCHAR(36) NOT NULL, next_offset BIGINT, PRIMARY KEY (connector, topic, partition_id)"
                .formatted(dialect.keyText(255), dialect.keyText(255)));
    try {
      session.execute(definition);
      session.commit();
    } catch (SQLException e) {
      goOnWithout(session, e, "let an administrator run " + definition);
    }
  }

  /** What the user may not do here must not keep the sink from its work. */
  private void goOnWithout(SqlSession session, SQLException e, String fix) throws SQLException {
    if (session.errors().isTransient(e) || session.errors().isConflict(e)) {
      throw e;
    }
    session.rollback();
    working = false;
    log.warn(
        "Table {} cannot be used: {}. Without it, a task that stood still can write older rows over newer ones; {}; GRANT SELECT, INSERT, UPDATE ON {}",
        id,
        session.describe(e),
        fix,
        id);
  }

  @Override
  public Map<TopicPartition, Position> take(
      SqlSession session, Collection<TopicPartition> partitions) throws SQLException {
    if (!looked) {
      look(session);
      looked = true;
    }
    if (working) {
      try {
        for (TopicPartition partition : partitions) {
          if (!taken.contains(partition)) {
            take(session, partition);
          }
        }
        session.commit();
        taken.addAll(partitions);
        guarded.addAll(partitions);
      } catch (SQLException e) {
        goOnWithout(session, e, "drop it if it is not the sink's");
      }
    }
    lost = false;
    return Map.of();
  }

  private void take(SqlSession session, TopicPartition partition) throws SQLException {
    int updated =
        session.update(
            "UPDATE "
                + table
                + " SET owner = ? WHERE connector = ? AND topic = ? AND partition_id = ?",
            owner,
            connector,
            partition.topic(),
            partition.partition());
    if (updated == 0) {
      session.update(
          "INSERT INTO " + table + " (connector, topic, partition_id, owner) VALUES (?, ?, ?, ?)",
          connector,
          partition.topic(),
          partition.partition(),
          owner);
    }
  }

  @Override
  public void write(
      SqlSession session, Map<TopicPartition, Long> next, Map<TopicPartition, RecordProof> proofs)
      throws SQLException, LostPositionException {
    if (!working) {
      return;
    }
    for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
      TopicPartition partition = entry.getKey();
      if (guarded.contains(partition) && !move(session, partition, entry.getValue())) {
        taken.clear();
        lostAt = System.nanoTime();
        lost = true;
        throw new LostPositionException(
            "another task of connector %s has taken over %s and has written newer records of it"
                .formatted(connector, partition));
      }
    }
  }

  /** A batch that ends no earlier than what is there cannot hold older rows than that. */
  private boolean move(SqlSession session, TopicPartition partition, long next)
      throws SQLException {
    return session.update(
            "UPDATE "
                + table
                + " SET next_offset = ? WHERE connector = ? AND topic = ? AND partition_id = ?"
                + " AND (owner = ? OR next_offset IS NULL OR next_offset <= ?)",
            next,
            connector,
            partition.topic(),
            partition.partition(),
            owner,
            next)
        == 1;
  }

  @Override
  public void written(Map<TopicPartition, Long> next) {
    // Nothing of it is kept.
  }

  @Override
  public void assigned() {
    taken.clear();
    lost = false;
  }

  @Override
  public long waitMillis() {
    long left = PATIENCE_NANOS - (System.nanoTime() - lostAt);
    return lost && left > 0 ? Duration.ofNanos(left).toMillis() + 1 : 0;
  }
}
