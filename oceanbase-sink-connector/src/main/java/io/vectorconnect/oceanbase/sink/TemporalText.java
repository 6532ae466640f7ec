package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.row.ScalarReader;
import io.vectorconnect.sql.sink.row.TemporalReader;
import io.vectorconnect.sql.sink.row.TemporalReader.Kind;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Dates and times as the server reads them in a session in UTC: no driver moves them. */
final class TemporalText {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private static final int MAX_YEAR = 9_999;
  private static final long NANOS_PER_MICRO = 1_000;

  private TemporalText() {}

  static String date(Schema schema, Object value, String declaration) {
    return DATE.format(inRange(TemporalReader.micros(schema, value, Kind.DATE), declaration));
  }

  static String time(Schema schema, Object value, int digits, String declaration) {
    long micros = ScalarReader.micros(schema, value, Kind.TIME, Math.max(0, digits), declaration);
    if (micros < 0 || micros >= TemporalReader.DAY_MICROS) {
      throw new DataException("the time of day is out of range");
    }
    return TIME.format(LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO));
  }

  static String dateTime(Schema schema, Object value, int digits, String declaration) {
    long micros =
        ScalarReader.micros(schema, value, Kind.TIMESTAMP, Math.max(0, digits), declaration);
    return DATE_TIME.format(inRange(micros, declaration));
  }

  private static LocalDateTime inRange(long micros, String declaration) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    if (time.getYear() < 1 || time.getYear() > MAX_YEAR) {
      throw new DataException(
          "the year is out of the range of %s, 1 to 9999".formatted(declaration));
    }
    return time;
  }
}
