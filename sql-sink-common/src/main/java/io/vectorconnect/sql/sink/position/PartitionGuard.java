package io.vectorconnect.sql.sink.position;

import io.vectorconnect.sink.LostPositionException;
import io.vectorconnect.sink.Position;
import io.vectorconnect.sink.RecordProof;
import io.vectorconnect.sql.sink.SqlSession;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps a task that lost its partitions without knowing it from writing older rows over newer ones:
 * by a table beside the data that each batch looks at in its own transaction.
 */
public interface PartitionGuard {
  /** Creates the table if it is missing; called once for each connection. */
  void createTable(SqlSession session) throws SQLException;

  /**
   * Takes partitions over from whichever task had them.
   *
   * @return where they go on, of those of which the target knows that
   */
  Map<TopicPartition, Position> take(SqlSession session, Collection<TopicPartition> partitions)
      throws SQLException;

  /**
   * Goes into the transaction of a batch, as its last statement.
   *
   * @param next where each partition goes on after the batch
   * @param proofs the last record of a partition, where it was read
   * @throws LostPositionException when another task has taken one of the partitions over
   */
  void write(
      SqlSession session, Map<TopicPartition, Long> next, Map<TopicPartition, RecordProof> proofs)
      throws SQLException, LostPositionException;

  /** The transaction was committed. */
  void written(Map<TopicPartition, Long> next);

  /** Connect has assigned partitions to this task. */
  default void assigned() {}

  /** How long the task has to wait before it may take partitions over again; 0 if not at all. */
  default long waitMillis() {
    return 0;
  }
}
