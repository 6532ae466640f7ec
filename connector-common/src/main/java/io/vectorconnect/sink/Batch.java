package io.vectorconnect.sink;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Encoded rows on their way to the database. */
public interface Batch {
  /** The number of rows. */
  int rows();

  /** The size of the encoded rows. */
  long bytes();

  /**
   * Where partitions have to be read again, once the batch is written: the first record of each
   * that waits for records of other partitions. Nothing from there on is written.
   */
  default Map<TopicPartition, Long> heldBack() {
    return Map.of();
  }
}
