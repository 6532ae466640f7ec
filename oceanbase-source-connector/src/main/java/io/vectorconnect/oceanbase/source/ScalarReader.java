package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.function.Function;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * The readers of scalar types, from the server's text.
 *
 * @param schema the type on Kafka
 * @param expression what to select; %s stands for the column
 * @param value turns the text into the value
 */
record ScalarReader(SchemaBuilder schema, String expression, Value value) {

  /** Turns the server's text, or a binary column's bytes, into a value. */
  @FunctionalInterface
  interface Value {
    Object read(byte[] raw);
  }

  private static final long MICROS_PER_SECOND = 1_000_000;

  /**
   * The reader of a column.
   *
   * @throws ConnectException naming table, column and type when the type is not supported
   */
  static ScalarReader of(String table, Column column) {
    return switch (column.type()) {
      case "tinyint" -> integer(column, 8);
      case "smallint" -> integer(column, 16);
      case "mediumint" -> text(SchemaBuilder.int32(), Integer::valueOf);
      case "int" -> integer(column, 32);
      case "bigint" -> integer(column, 64);
      case "year" -> text(SchemaBuilder.int32(), Integer::valueOf);
      case "decimal" -> decimal(column.scale(), column.precision());
      // A float's text has six digits; as a double it has all of them.
      case "float" ->
          new ScalarReader(
              SchemaBuilder.float32(),
              "CAST(%s AS DOUBLE)",
              raw -> VectorForm.exact(Double.parseDouble(string(raw))));
      case "double" -> text(SchemaBuilder.float64(), Double::valueOf);
      case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" ->
          text(SchemaBuilder.string(), Function.identity());
      case "json" -> text(Json.builder(), Function.identity());
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          new ScalarReader(SchemaBuilder.bytes(), "%s", raw -> raw);
      case "bit" -> bits(column.precision());
      case "date", "datetime", "timestamp", "time" -> temporal(column);
      default ->
          throw new ConnectException(
              "table %s has column %s of type %s, which this connector does not read yet; exclude the table"
                  .formatted(table, column.name(), column.declaration()));
    };
  }

  private static ScalarReader integer(Column column, int bits) {
    int needed = column.unsigned() ? bits * 2 : bits;
    return switch (needed) {
      case 8 -> text(SchemaBuilder.int8(), Byte::valueOf);
      case 16 -> text(SchemaBuilder.int16(), Short::valueOf);
      case 32 -> text(SchemaBuilder.int32(), Integer::valueOf);
      case 64 -> text(SchemaBuilder.int64(), Long::valueOf);
      default -> decimal(0, 20); // BIGINT UNSIGNED
    };
  }

  private static ScalarReader decimal(int scale, int precision) {
    return text(
        Decimal.builder(scale).parameter("connect.decimal.precision", Integer.toString(precision)),
        value -> new BigDecimal(value).setScale(scale));
  }

  /** One bit is a boolean; more are Debezium's Bits: the number, little-endian. */
  private static ScalarReader bits(int length) {
    if (length == 1) {
      return new ScalarReader(SchemaBuilder.bool(), "%s", raw -> raw[raw.length - 1] == 1);
    }
    SchemaBuilder schema =
        SchemaBuilder.bytes()
            .name("io.debezium.data.Bits")
            .version(1)
            .parameter("length", Integer.toString(length));
    return new ScalarReader(schema, "%s", raw -> reversed(raw, (length + 7) / 8));
  }

  private static byte[] reversed(byte[] raw, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < raw.length && i < length; i++) {
      bytes[i] = raw[raw.length - 1 - i];
    }
    return bytes;
  }

  private static ScalarReader temporal(Column column) {
    return switch (column.type()) {
      case "date" ->
          text(
              org.apache.kafka.connect.data.Date.builder(),
              value -> new Date(date(column, value).toEpochDay() * 86_400_000));
      case "datetime" ->
          text(
              SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp").version(1),
              value -> micros(dateTime(column, value)));
      // The session's zone is UTC.
      case "timestamp" ->
          text(
              SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").version(1),
              value -> dateTime(column, value).atOffset(ZoneOffset.UTC).toInstant().toString());
      default ->
          text(
              SchemaBuilder.int64().name("io.debezium.time.MicroTime").version(1),
              ScalarReader::timeMicros);
    };
  }

  private static LocalDate date(Column column, String value) {
    try {
      return LocalDate.parse(value);
    } catch (DateTimeException e) {
      throw noDate(column);
    }
  }

  private static LocalDateTime dateTime(Column column, String value) {
    try {
      return LocalDateTime.parse(value.replace(' ', 'T'));
    } catch (DateTimeException e) {
      throw noDate(column);
    }
  }

  private static DataException noDate(Column column) {
    return new DataException(
        "expected a date of the calendar, got one with a zero part, which nothing but MySQL knows; correct the row (column "
            + column.name()
            + ")");
  }

  private static long micros(LocalDateTime time) {
    return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
  }

  /** A span of at most 838 hours, {@code -838:59:59.000000}. */
  private static long timeMicros(String value) {
    boolean negative = value.startsWith("-");
    String[] parts = (negative ? value.substring(1) : value).split(":", -1);
    long minutes = Long.parseLong(parts[0]) * 60 + Long.parseLong(parts[1]);
    long micros =
        minutes * 60 * MICROS_PER_SECOND
            + new BigDecimal(parts[2]).movePointRight(6).longValueExact();
    return negative ? -micros : micros;
  }

  private static ScalarReader text(SchemaBuilder schema, Function<String, ?> value) {
    return new ScalarReader(schema, "%s", raw -> value.apply(string(raw)));
  }

  private static String string(byte[] raw) {
    return new String(raw, StandardCharsets.UTF_8);
  }
}
