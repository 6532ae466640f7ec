package io.vectorconnect.sql.sink.position;

import io.vectorconnect.sink.LostPositionException;
import io.vectorconnect.sink.Position;
import io.vectorconnect.sink.RecordProof;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.table.OwnTable;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where each partition goes on, in a table beside the data, moved in the transactions of the rows.
 * A position moves only from where this task knows it to be: of two tasks that believe to own a
 * partition, one writes and the other finds out. With it stands a proof of the last record, by
 * which a topic that was made anew is noticed.
 */
public final class Positions implements PartitionGuard {
  public static final String TABLE = "vector_connect_offsets";

  private static final Logger log = LoggerFactory.getLogger(Positions.class);
  private static final String PROOF = "proof_hash";

  private final String connector;
  private final SqlDialect<?, ?> dialect;
  private final TableId id;
  private final String table;
  private final Map<TopicPartition, Long> known = new HashMap<>();
  private boolean proving;

  public Positions(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.connector = config.connector();
    this.dialect = dialect;
    this.id = config.besideTheData(TABLE);
    this.table = dialect.identifiers().quote(id);
  }

  @Override
  public void createTable(SqlSession session) throws SQLException {
    Optional<? extends SqlTable<?>> there = dialect.table(session, id);
    if (there.isEmpty()) {
      OwnTable.create(
          session,
          dialect,
          id,
          "connector %s NOT NULL, topic %s NOT NULL, partition_id INTEGER NOT NULL, next_offset BIGINT NOT NULL, proof_offset BIGINT, proof_timestamp BIGINT, proof_hash %s, PRIMARY KEY (connector, topic, partition_id)"
              .formatted(
                  dialect.keyText(255),
                  dialect.keyText(255),
                  dialect.keyText(RecordProof.HASH_LENGTH)));
      proving = true;
      return;
    }
    proving = there.get().column(PROOF).isPresent() || addProofs(session);
    session.commit();
  }

  /** A table of an older version; it works without proofs where it cannot be altered. */
  private boolean addProofs(SqlSession session) throws SQLException {
    try {
      for (String column :
          List.of(
              "proof_offset BIGINT",
              "proof_timestamp BIGINT",
              PROOF + " " + dialect.keyText(RecordProof.HASH_LENGTH))) {
        session.execute("ALTER TABLE " + table + " ADD COLUMN " + column);
      }
      session.commit();
      return true;
    } catch (SQLException e) {
      if (session.errors().isTransient(e)) {
        throw e;
      }
      session.rollback();
      // Another task may have done the same at this moment.
      boolean there = dialect.table(session, id).orElseThrow().column(PROOF).isPresent();
      if (!there) {
        log.warn(
            "Table {} has no columns for proofs, and they cannot be added: {}. A topic that is made anew under the same name is not noticed",
            id,
            session.describe(e));
      }
      return there;
    }
  }

  /** Reads positions anew; partitions without one are absent. */
  @Override
  public Map<TopicPartition, Position> take(
      SqlSession session, Collection<TopicPartition> partitions) throws SQLException {
    Map<TopicPartition, Position> positions = new HashMap<>();
    for (TopicPartition partition : partitions) {
      read(session, partition).ifPresent(position -> positions.put(partition, position));
    }
    session.commit();
    known.keySet().removeAll(partitions);
    positions.forEach((partition, position) -> known.put(partition, position.next()));
    return positions;
  }

  private Optional<Position> read(SqlSession session, TopicPartition partition)
      throws SQLException {
    return session
        .query(
            "SELECT next_offset%s FROM %s WHERE connector = ? AND topic = ? AND partition_id = ?"
                .formatted(proving ? ", proof_offset, proof_timestamp, proof_hash" : "", table),
            row -> new Position(row.getLong(1), proving ? proof(row) : Optional.empty()),
            connector,
            partition.topic(),
            partition.partition())
        .stream()
        .findFirst();
  }

  private static Optional<RecordProof> proof(ResultSet row) throws SQLException {
    String hash = row.getString(4);
    return hash == null
        ? Optional.empty()
        : Optional.of(new RecordProof(row.getLong(2), row.getLong(3), hash));
  }

  @Override
  public void write(
      SqlSession session, Map<TopicPartition, Long> next, Map<TopicPartition, RecordProof> proofs)
      throws SQLException, LostPositionException {
    for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
      TopicPartition partition = entry.getKey();
      if (!move(session, partition, entry.getValue())) {
        throw new LostPositionException(
            "another task of connector %s has written partition %s since it was at %s"
                .formatted(connector, partition, known.get(partition)));
      }
      RecordProof proof = proofs.get(partition);
      if (proving && proof != null) {
        session.update(
            "UPDATE %s SET proof_offset = ?, proof_timestamp = ?, proof_hash = ? WHERE connector = ? AND topic = ? AND partition_id = ?"
                .formatted(table),
            proof.offset(),
            proof.timestamp(),
            proof.hash(),
            connector,
            partition.topic(),
            partition.partition());
      }
    }
  }

  private boolean move(SqlSession session, TopicPartition partition, long next)
      throws SQLException {
    Long from = known.get(partition);
    if (from != null) {
      return session.update(
              "UPDATE "
                  + table
                  + " SET next_offset = ? WHERE connector = ? AND topic = ? AND partition_id = ?"
                  + " AND next_offset = ?",
              next,
              connector,
              partition.topic(),
              partition.partition(),
              from)
          == 1;
    }
    try {
      session.nested(() -> insert(session, partition, next));
      return true;
    } catch (SQLException e) {
      if (session.errors().isConflict(e)) { // the row is there
        return false;
      }
      throw e;
    }
  }

  private void insert(SqlSession session, TopicPartition partition, long next) throws SQLException {
    session.update(
        "INSERT INTO "
            + table
            + " (connector, topic, partition_id, next_offset) VALUES (?, ?, ?, ?)",
        connector,
        partition.topic(),
        partition.partition(),
        next);
  }

  @Override
  public void written(Map<TopicPartition, Long> next) {
    known.putAll(next);
  }

  /**
   * Sets positions to what an administrator says, without a proof, or forgets them.
   *
   * @param offsets a partition's next offset, or null to forget it; empty forgets all
   */
  void alter(SqlSession session, Map<TopicPartition, Long> offsets) throws SQLException {
    createTable(session);
    if (offsets.isEmpty()) {
      session.update("DELETE FROM " + table + " WHERE connector = ?", connector);
    }
    for (Map.Entry<TopicPartition, Long> entry : offsets.entrySet()) {
      session.update(
          "DELETE FROM " + table + " WHERE connector = ? AND topic = ? AND partition_id = ?",
          connector,
          entry.getKey().topic(),
          entry.getKey().partition());
      if (entry.getValue() != null) {
        insert(session, entry.getKey(), entry.getValue());
      }
    }
    session.commit();
  }
}
