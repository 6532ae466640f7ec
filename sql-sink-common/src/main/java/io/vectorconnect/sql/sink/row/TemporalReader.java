package io.vectorconnect.sql.sink.row;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Reads dates and times in the forms in which they arrive: Connect's and Debezium's logical types,
 * and ISO 8601 text. The result counts microseconds, as the databases do; nothing is rounded.
 */
public final class TemporalReader {
  /** A day. */
  public static final long DAY_MICROS = 86_400_000_000L;

  /** Later than any other time: PostgreSQL's {@code infinity}. */
  public static final long INFINITY = Long.MAX_VALUE;

  /** Earlier than any other time: PostgreSQL's {@code -infinity}. */
  public static final long MINUS_INFINITY = Long.MIN_VALUE;

  /**
   * What pgjdbc gives for the infinities (PGStatement.DATE_POSITIVE_INFINITY and
   * DATE_NEGATIVE_INFINITY): as milliseconds there, taken for microseconds by Debezium.
   */
  private static final long PGJDBC_INFINITY = 9_223_372_036_825_200_000L;

  private static final long PGJDBC_MINUS_INFINITY = -9_223_372_036_832_400_000L;

  private static final long MICROS_PER_MILLI = 1_000;
  private static final long NANOS_PER_MICRO = 1_000;

  /** What a value says. */
  public enum Kind {
    /** A day: microseconds from 1970-01-01 to its midnight. */
    DATE,
    /** A time of day: microseconds since midnight. */
    TIME,
    /** A point in time: microseconds since 1970-01-01 UTC; of one without zone, as if in UTC. */
    TIMESTAMP
  }

  private TemporalReader() {}

  /** The kind of a schema's values, or null when it does not name a date or time. */
  public static Kind kind(Schema schema) {
    return switch (schema == null || schema.name() == null ? "" : schema.name()) {
      case "org.apache.kafka.connect.data.Date",
          "io.debezium.time.Date",
          "io.debezium.time.IsoDate" ->
          Kind.DATE;
      case "org.apache.kafka.connect.data.Time",
          "io.debezium.time.Time",
          "io.debezium.time.MicroTime",
          "io.debezium.time.NanoTime",
          "io.debezium.time.IsoTime" ->
          Kind.TIME;
      case "org.apache.kafka.connect.data.Timestamp",
          "io.debezium.time.Timestamp",
          "io.debezium.time.MicroTimestamp",
          "io.debezium.time.NanoTimestamp",
          "io.debezium.time.IsoTimestamp",
          "io.debezium.time.ZonedTimestamp" ->
          Kind.TIMESTAMP;
      default -> null;
    };
  }

  /**
   * Microseconds of a value of the wanted kind, or {@link #INFINITY} or {@link #MINUS_INFINITY} of
   * a date or timestamp that is told to be infinite.
   *
   * @throws DataException when the value is of another kind, or does not fit whole microseconds
   */
  public static long micros(Schema schema, Object value, Kind wanted) {
    Kind kind = kind(schema);
    if (kind == null) {
      if (value instanceof String text) {
        return parse(text, wanted);
      }
      throw new DataException(
          "expected a date or time, got a %s, which does not tell its unit"
              .formatted(value.getClass().getSimpleName()));
    }
    long micros =
        value instanceof String text ? parse(text, kind) : count(schema.name(), value, kind);
    if (isInfinite(micros) && wanted != Kind.TIME) {
      return micros;
    }
    if (kind == wanted || (kind == Kind.DATE && wanted == Kind.TIMESTAMP)) {
      return micros;
    }
    if (kind == Kind.TIMESTAMP && wanted == Kind.DATE) {
      if (Math.floorMod(micros, DAY_MICROS) != 0) {
        throw new DataException(
            "the timestamp has a time of day, which a date cannot hold; use a timestamp column");
      }
      return micros;
    }
    throw new DataException(
        "expected a value for a %s, got a %s"
            .formatted(wanted.name().toLowerCase(java.util.Locale.ROOT), schema.name()));
  }

  /** Whether microseconds stand for an infinite time. */
  public static boolean isInfinite(long micros) {
    return micros == INFINITY || micros == MINUS_INFINITY;
  }

  private static long count(String name, Object value, Kind kind) {
    try {
      if (value instanceof Date date) {
        return millis(date.getTime(), kind);
      }
      long number = ((Number) value).longValue();
      return switch (name.substring(name.lastIndexOf('.') + 1)) {
        case "Date" -> Math.multiplyExact(number, DAY_MICROS);
        case "MicroTime" -> number;
        case "MicroTimestamp" ->
            number == PGJDBC_INFINITY
                ? INFINITY
                : number == PGJDBC_MINUS_INFINITY ? MINUS_INFINITY : number;
        case "NanoTime" -> wholeMicros(number);
        case "NanoTimestamp" -> isInfinite(number) ? number : wholeMicros(number);
        default -> millis(number, kind);
      };
    } catch (ArithmeticException e) {
      throw new DataException("the " + kind + " is out of range");
    } catch (ClassCastException e) {
      throw new DataException(
          "expected a number for %s, got a %s".formatted(name, value.getClass().getSimpleName()));
    }
  }

  /** Milliseconds; Debezium cuts its infinities down to them. */
  private static long millis(long millis, Kind kind) {
    if (kind != Kind.TIME
        && (millis == PGJDBC_INFINITY || millis == PGJDBC_INFINITY / MICROS_PER_MILLI)) {
      return INFINITY;
    }
    if (kind != Kind.TIME
        && (millis == PGJDBC_MINUS_INFINITY
            || millis == PGJDBC_MINUS_INFINITY / MICROS_PER_MILLI)) {
      return MINUS_INFINITY;
    }
    return Math.multiplyExact(millis, MICROS_PER_MILLI);
  }

  private static long wholeMicros(long nanos) {
    if (nanos % NANOS_PER_MICRO != 0) {
      throw finerThanMicros();
    }
    return nanos / NANOS_PER_MICRO;
  }

  private static DataException finerThanMicros() {
    return new DataException(
        "the time has nanoseconds, and the database keeps microseconds; cut it by a transform");
  }

  private static long parse(String text, Kind kind) {
    if (kind != Kind.TIME && text.equals("infinity")) {
      return INFINITY;
    }
    if (kind != Kind.TIME && text.equals("-infinity")) {
      return MINUS_INFINITY;
    }
    try {
      return switch (kind) {
        case DATE -> Math.multiplyExact(date(text).toEpochDay(), DAY_MICROS);
        case TIME -> wholeMicros(LocalTime.parse(withoutUtc(text)).toNanoOfDay());
        case TIMESTAMP -> micros(instant(text));
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new DataException(
          "the text is not a %s in ISO 8601"
              .formatted(kind.name().toLowerCase(java.util.Locale.ROOT)));
    }
  }

  private static LocalDate date(String text) {
    return LocalDate.parse(withoutUtc(text));
  }

  /** Debezium's IsoDate and IsoTime end with Z. */
  private static String withoutUtc(String text) {
    return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
  }

  private static Instant instant(String text) {
    TemporalAccessor parsed =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(
            text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
    return parsed instanceof OffsetDateTime zoned
        ? zoned.toInstant()
        : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
  }

  private static long micros(Instant instant) {
    Instant cut = instant.truncatedTo(ChronoUnit.MICROS);
    if (!cut.equals(instant)) {
      throw finerThanMicros();
    }
    // Not ChronoUnit.MICROS.between, which counts in nanoseconds and ends in the year 2262.
    return Math.addExact(
        Math.multiplyExact(cut.getEpochSecond(), 1_000_000L), cut.getNano() / NANOS_PER_MICRO);
  }
}
