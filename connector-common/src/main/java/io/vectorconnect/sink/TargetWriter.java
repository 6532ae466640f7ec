package io.vectorconnect.sink;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A sink's side of one database.
 *
 * <p>{@link #prepare} and {@link #add} are called from the task's thread, {@link #write} from a
 * background thread, one batch at a time.
 *
 * @param <B> the sink's batch of encoded rows
 */
public interface TargetWriter<B extends Batch> extends AutoCloseable {

  /** A new, empty batch. */
  B newBatch();

  /**
   * Does everything about {@code changes} that needs the database, such as creating their tables.
   * Nothing is buffered here, so a change may be prepared any number of times.
   *
   * @throws TransientWriteException when trying again may help
   */
  void prepare(Collection<Change> changes) throws TransientWriteException;

  /**
   * Encodes a prepared change into a batch; touches no database.
   *
   * @throws org.apache.kafka.connect.errors.DataException when the target cannot hold the record
   */
  void add(B batch, Change change);

  /**
   * Writes the whole batch, or throws. Records that the database refuses for good go to {@code
   * errant}; the others of the batch are written all the same.
   *
   * @param next where each partition goes on after this batch, for a writer that keeps positions
   * @throws TransientWriteException when trying the same batch again may help; the writer has put
   *     itself into a state from which it can
   * @throws LostPositionException when somebody else has moved a position that this writer keeps;
   *     nothing is written
   */
  void write(B batch, Map<TopicPartition, Long> next, ErrantRecords errant)
      throws TransientWriteException, LostPositionException;

  /**
   * An idle writer gets a batch of so many bytes, full or not: rather now with less than to leave
   * the database waiting. A smaller one would not be worth its transaction.
   */
  default long worthWriting() {
    return 4 << 20;
  }

  /** Whether {@link #positions} has to be asked before records of a partition are taken. */
  default boolean keepsPositions() {
    return false;
  }

  /**
   * Takes partitions over from whichever task had them, and gives the positions that the target
   * holds; partitions that it does not know are absent, and go on where the consumer is.
   *
   * @throws TransientWriteException when trying again may help
   */
  default Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions)
      throws TransientWriteException {
    return Map.of();
  }

  /**
   * Takes what tells, right before a request, whether the task may still write; called once, before
   * everything else. For a target that cannot tell an old writer from the present one.
   */
  default void guardedBy(Ownership ownership) {}

  /** Partitions came to this task; called from the task's thread before it polls their records. */
  default void partitionsOpened() {}

  /**
   * Partitions went to another task; what is unwritten is not going to be written. Called from the
   * task's thread.
   */
  default void partitionsClosed() {}

  /**
   * Breaks off the write under way, from another thread, and forgets the connection; the next write
   * opens a new one.
   */
  void abort();

  @Override
  void close();
}
