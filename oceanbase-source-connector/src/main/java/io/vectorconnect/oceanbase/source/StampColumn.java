package io.vectorconnect.oceanbase.source;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The column that tells when a row was changed last, for {@code poll.strategy=timestamp_column}.
 *
 * @param name the column's name
 * @param zoned whether it is a TIMESTAMP; else a DATETIME
 * @param overlap how much older than all that was seen a change may say that it is
 */
record StampColumn(String name, boolean zoned, Duration overlap) {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  /** Below the first second of TIMESTAMP, and the first year of DATETIME, nothing is to be told. */
  private static final LocalDateTime FIRST_TIMESTAMP = LocalDateTime.of(1971, 1, 1, 0, 0);

  private static final LocalDateTime FIRST_DATETIME = LocalDateTime.of(1000, 1, 1, 0, 0);

  /**
   * The column of a table.
   *
   * @throws ConnectException when the table has none that serves
   */
  static StampColumn of(Table table, String name, Duration overlap) {
    if (name.isEmpty()) {
      throw new ConnectException(
          "poll.strategy=timestamp_column needs %s: the name of the column"
              .formatted(OceanBaseSourceConfig.TIMESTAMP_COLUMN));
    }
    Column column =
        table.columns().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConnectException(
                        "table %s has no column %s; exclude the table, or use another poll.strategy"
                            .formatted(table.name(), name)));
    boolean zoned = column.type().equals("timestamp");
    if ((!zoned && !column.type().equals("datetime")) || column.nullable()) {
      throw new ConnectException(
          "column %s of table %s is %s%s; expected TIMESTAMP or DATETIME, NOT NULL: a change of a row without it would not be seen"
              .formatted(
                  name, table.name(), column.declaration(), column.nullable() ? ", nullable" : ""));
    }
    return new StampColumn(name, zoned, overlap);
  }

  /** What a row says, in microseconds since 1970 of a clock in UTC. */
  long micros(Struct row) {
    return zoned
        ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(row.getString(name)))
        : row.getInt64(name);
  }

  /**
   * From where on changes are looked for, as the server's text: the overlap below what is earlier,
   * the newest value that was seen, or the moment of the look before. A clock that is ahead of the
   * server's, or of another zone, so leads to no loss.
   *
   * @param seen the newest value that was published, or {@link Position#NONE}
   * @param since the SCN of the look before: nanoseconds since 1970
   * @return empty where every row is to be looked at
   */
  Optional<String> floor(long seen, long since) {
    if (seen == Position.NONE) {
      return Optional.empty();
    }
    long micros = Math.min(seen, since / 1_000) - overlap.toMillis() * 1_000;
    LocalDateTime floor =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1_000,
            ZoneOffset.UTC);
    return floor.isBefore(zoned ? FIRST_TIMESTAMP : FIRST_DATETIME)
        ? Optional.empty()
        : Optional.of(TEXT.format(floor));
  }
}
