package io.vectorconnect.milvus.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** One of the things that a task reads in turn. */
interface Reader extends AutoCloseable {
  /** Nothing will come from here any more. */
  boolean isDone();

  /** How long until there is something to do, in nanoseconds. */
  long idleNanos();

  /**
   * The next records, or none when there are none for now.
   *
   * @throws io.vectorconnect.milvus.MilvusException when a server does not answer; the same call
   *     may be made again
   */
  List<SourceRecord> next();

  @Override
  default void close() {}
}
