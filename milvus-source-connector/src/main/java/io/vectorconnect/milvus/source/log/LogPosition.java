package io.vectorconnect.milvus.source.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far one channel of the log was published.
 *
 * <p>Messages become final at a time tick, in the order of their timestamps, which is not the order
 * in which they are in the log. So a position names the tick, and where to start reading such that
 * the tick releases the same messages again.
 *
 * @param from where to read from: a Kafka offset, or the ID of a message
 * @param tick the place ({@link LogPlace#order}) of the first time tick whose rows are not all
 *     published; those of earlier ones are
 * @param rows how many rows of that tick are published
 */
public record LogPosition(String from, long tick, int rows) {
  private static final Pattern TEXT = Pattern.compile("(\\S{1,1000})/(\\d{1,18})/(\\d{1,9})");

  /** Nothing is published, and the log is read from this Kafka offset. */
  static LogPosition start(long offset) {
    return new LogPosition(Long.toString(offset), offset, 0);
  }

  /** Whether a row is published already. */
  boolean covers(long tickPlace, int row) {
    return tickPlace < tick || (tickPlace == tick && row < rows);
  }

  /** The one that is further. */
  LogPosition max(LogPosition other) {
    return covers(other.tick, other.rows) ? this : other;
  }

  /** The form in which it is part of a source offset. */
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
      throw new ConnectException("a position in the log is three parts such as 120/125/0");
    }
    return new LogPosition(
        matcher.group(1), Long.parseLong(matcher.group(2)), Integer.parseInt(matcher.group(3)));
  }
}
