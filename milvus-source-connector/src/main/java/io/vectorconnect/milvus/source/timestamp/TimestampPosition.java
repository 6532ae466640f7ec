package io.vectorconnect.milvus.source.timestamp;

import io.vectorconnect.milvus.source.config.TimestampKeys;
import io.vectorconnect.milvus.source.log.ChangeRange;
import io.vectorconnect.source.range.RangeOffsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far a range was published by time.
 *
 * @param field the timestamps' field
 * @param from where the window that is read begins; all times when it is the least number
 * @param to where it ends. In a scan, the greatest timestamp before it began
 * @param last the last published key of the window, or null before its first one
 * @param isScanned whether the scan is done, and the window is one of changes
 */
public record TimestampPosition(String field, long from, long to, String last, boolean isScanned) {
  private static final String FIELD = "time.field";
  private static final String FROM = "time.from";
  private static final String TO = "time.to";
  private static final String KEY = "time.last";

  /** Before the first row of a scan. */
  public static TimestampPosition fresh(TimestampField field, long to) {
    return new TimestampPosition(field.name(), Long.MIN_VALUE, to, null, false);
  }

  /**
   * What an offset holds.
   *
   * @throws ConnectException when it was not written for this field
   */
  public static TimestampPosition stored(
      String collection, TimestampField field, Map<String, String> offset) {
    if (!field.name().equals(offset.get(FIELD))) {
      throw new ConnectException(
          "collection %s was read with another poll.strategy or %s, so it is not known from when on its changes are to be read; reset the connector's offsets to scan again"
              .formatted(collection, TimestampKeys.FIELD));
    }
    try {
      return new TimestampPosition(
          field.name(),
          Long.parseLong(offset.get(FROM)),
          Long.parseLong(offset.get(TO)),
          offset.get(KEY),
          ChangeRange.isScanned(offset));
    } catch (NumberFormatException e) {
      throw new ConnectException(
          "an offset of collection %s needs numbers as %s and %s".formatted(collection, FROM, TO),
          e);
    }
  }

  /** A window that no row of is published. */
  TimestampPosition window(long first, long end) {
    return new TimestampPosition(field, first, end, null, true);
  }

  /** The same window, up to a key. */
  TimestampPosition at(String key) {
    return new TimestampPosition(field, from, to, key, isScanned);
  }

  /** What an offset holds of it. */
  public Map<String, String> toOffset() {
    Map<String, String> offset = new HashMap<>();
    offset.put(FIELD, field);
    offset.put(FROM, Long.toString(from));
    offset.put(TO, Long.toString(to));
    if (last != null) {
      offset.put(KEY, last);
    }
    if (isScanned) {
      offset.put(RangeOffsets.SCANNED, "true");
    }
    return offset;
  }
}
