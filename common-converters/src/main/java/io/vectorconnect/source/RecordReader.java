package io.vectorconnect.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Reads one range of keys. */
public interface RecordReader {
  /** Nothing will come from here any more. */
  boolean isDone();

  /** How long until there is something to do, in nanoseconds. */
  long idleNanos();

  /** The next records, or none when there are none for now; after a failure, asked again. */
  List<SourceRecord> next();
}
