package io.vectorconnect.datavec.sink;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One encoded change.
 *
 * @param record where it came from, for the dead-letter queue
 * @param plan its columns
 * @param tuple a COPY BINARY tuple with its field count
 * @param key the part of the tuple that holds the key columns; equal for equal keys
 */
record Row(SinkRecord record, RowPlan plan, Tuple tuple, ByteBuffer key) {
  /**
   * Where a tuple lies. Tuples are encoded one after the other into the buffers of their batch: a
   * row has no array of its own that would have to be made, moved and collected.
   */
  record Tuple(CopyBuffer buffer, int offset, int length) {}

  /** The row with no more of its record than {@code keeper} keeps. */
  Row keeping(UnaryOperator<SinkRecord> keeper) {
    return new Row(keeper.apply(record), plan, tuple, key);
  }
}
