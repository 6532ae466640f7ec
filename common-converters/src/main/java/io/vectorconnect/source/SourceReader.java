package io.vectorconnect.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Reads one range of a collection, a page at a time. */
public interface SourceReader {
  /** Nothing will come from here any more. */
  boolean isDone();

  /** How long until there is something to do, in nanoseconds; 0 when there is now. */
  long idleNanos();

  /**
   * The next records, or none for now. When it throws something transient, the same call may be
   * made again.
   */
  List<SourceRecord> next();
}
