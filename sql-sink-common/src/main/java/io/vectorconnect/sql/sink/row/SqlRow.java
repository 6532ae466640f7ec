package io.vectorconnect.sql.sink.row;

import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** One encoded change. */
public interface SqlRow {
  /**
   * Where it came from, for the dead-letter queue; more than one where an update was added to an
   * earlier change of the same row.
   */
  List<SinkRecord> records();

  /** Its columns. */
  RowPlan<?> plan();

  /** Its key; equal for equal keys. */
  Object key();

  /** What it takes, without the objects around it. */
  long bytes();
}
