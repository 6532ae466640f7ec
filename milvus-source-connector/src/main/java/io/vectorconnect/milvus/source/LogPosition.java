package io.vectorconnect.milvus.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far one channel of the log was published.
 *
 * <p>Messages become final at a time tick, in the order of their timestamps, which is not the order
 * of their offsets. So a position names the tick, and where to begin reading such that the tick
 * finds the same messages again.
 *
 * @param from the Kafka offset to read from
 * @param tick the offset of the first time tick whose rows are not all published; those of earlier
 *     ones are
 * @param rows how many rows of that tick are published
 */
record LogPosition(long from, long tick, int rows) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})/(\\d{1,18})/(\\d{1,9})");

  /** Nothing is published, and the log is read from here. */
  static LogPosition start(long offset) {
    return new LogPosition(offset, offset, 0);
  }

  /** Whether a row is published already. */
  boolean covers(long tickOffset, int row) {
    return tickOffset < tick || (tickOffset == tick && row < rows);
  }

  /** The one that is further. */
  LogPosition max(LogPosition other) {
    return covers(other.tick, other.rows) ? this : other;
  }

  /** The form in which it stands in a source offset. */
  String text() {
    return from + "/" + tick + "/" + rows;
  }

  /**
   * Reads {@link #text} back.
   *
   * @throws ConnectException when it is no position
   */
  static LogPosition parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ConnectException("a position in the log is three numbers such as 120/125/0");
    }
    return new LogPosition(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }
}
