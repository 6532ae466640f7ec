package io.vectorconnect.weaviate.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Finds what has changed after the scan. */
interface Poller {
  /** Takes note of an object that the scan has just published. */
  void scanned(ObjectView object);

  /**
   * The next changes of the pass that is under way, or of a new one.
   *
   * @param lastKey the last UUID of the scan, which every offset goes on to tell
   */
  List<SourceRecord> next(String lastKey);

  /** Whether the pass is at its end, so that there may be a pause. */
  boolean isPassDone();
}
