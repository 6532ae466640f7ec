package io.vectorconnect.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** One of the things that a task reads in turn: a range of keys, or the changes of some. */
public interface RecordReader extends AutoCloseable {
  /** Nothing will come from here any more. */
  boolean isDone();

  /** How long until there is something to do, in nanoseconds. */
  long idleNanos();

  /** The next records, or none when there are none for now; after a failure, asked again. */
  List<SourceRecord> next();

  /**
   * Frees what the reader alone holds. Called once, when the task stops, and never while another
   * thread is in one of the other methods.
   */
  @Override
  default void close() {}
}
