package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.ExactNumber;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.sql.sink.row.JsonText;
import io.vectorconnect.sql.sink.row.ScalarReader;
import io.vectorconnect.sql.sink.row.TemporalReader;
import io.vectorconnect.sql.sink.row.TemporalReader.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.postgresql.util.ByteConverter;

/**
 * Encoders of the other columns, by the column's type; layouts as in PostgreSQL's type_recv
 * functions.
 */
final class ScalarEncoders {
  /** 2000-01-01 UTC, from which PostgreSQL counts, in microseconds since 1970. */
  private static final long POSTGRES_EPOCH = 946_684_800_000_000L;

  /** 4714-11-24 BC, Julian day 0, in microseconds since 1970. */
  private static final long FIRST_TIME = -2_440_588L * TemporalReader.DAY_MICROS;

  /** What a numeric's or a varchar's modifier is above the length that it tells. */
  private static final int MODIFIER_HEADER = 4;

  /**
   * The most digits before and after the point of a numeric without a precision (PostgreSQL,
   * "Numeric Types"). The binary form has 16 bits for each: beyond, they would wrap around.
   */
  private static final int NUMERIC_INTEGERS = 131_072;

  private static final int NUMERIC_DECIMALS = 16_383;

  private static final int MICRO_DIGITS = 6;
  private static final int JSONB_VERSION = 1;

  private ScalarEncoders() {}

  /**
   * The encoder of a column.
   *
   * @param schema the schema of the values, or null where they have none
   * @throws DataException when the sink does not know the column's type
   */
  static ColumnEncoder of(Schema schema, Column column) {
    return switch (column.typeName()) {
      case "bool" -> (value, out) -> out.putByte(expect(Boolean.class, value, column) ? 1 : 0);
      case "int1" ->
          (value, out) ->
              out.putByte((int) ExactNumber.integer(value, 0, 255, column.declaration()));
      case "int2" ->
          (value, out) ->
              out.putShort(
                  (int)
                      ExactNumber.integer(
                          value, Short.MIN_VALUE, Short.MAX_VALUE, column.declaration()));
      case "int4" ->
          (value, out) ->
              out.putInt(
                  (int)
                      ExactNumber.integer(
                          value, Integer.MIN_VALUE, Integer.MAX_VALUE, column.declaration()));
      case "int8" ->
          (value, out) ->
              out.putLong(
                  ExactNumber.integer(value, Long.MIN_VALUE, Long.MAX_VALUE, column.declaration()));
      case "float4" ->
          (value, out) ->
              out.putInt(Float.floatToRawIntBits(ExactNumber.toFloat(value, column.declaration())));
      case "float8" ->
          (value, out) ->
              out.putLong(
                  Double.doubleToRawLongBits(ExactNumber.toDouble(value, column.declaration())));
      case "numeric" -> (value, out) -> out.putBytes(ByteConverter.numeric(decimal(value, column)));
      case "text", "varchar", "bpchar", "nvarchar2", "citext", "enum" ->
          (value, out) -> out.putBytes(utf8(text(value, column)));
      case "json" -> (value, out) -> out.putBytes(utf8(Json.document(schema, value)));
      case "jsonb" ->
          (value, out) -> {
            out.putByte(JSONB_VERSION);
            out.putBytes(utf8(JsonText.check(Json.document(schema, value), JsonText.Numbers.ANY)));
          };
      case "uuid" -> (value, out) -> putUuid(expect(String.class, value, column), out);
      case "bytea" -> (value, out) -> out.putBytes(VectorReader.bytes(value));
      case "timestamp", "timestamptz" ->
          (value, out) -> out.putLong(timestamp(schema, value, Kind.TIMESTAMP, column));
      case "date" -> (value, out) -> out.putInt(date(schema, value, column));
      case "time" -> (value, out) -> out.putLong(micros(schema, value, Kind.TIME, column));
      default ->
          column.element().isPresent()
              ? array(schema, column, column.element().get())
              : unknown(column);
    };
  }

  private static ColumnEncoder unknown(Column column) {
    throw new DataException(
        "column %s has type %s, which this sink does not write"
            .formatted(column.name(), column.declaration()));
  }

  /** Arrays of one dimension, as array_recv reads them. */
  private static ColumnEncoder array(Schema schema, Column column, Column.Element element) {
    Column cell = column.of(element);
    ColumnEncoder encoder = of(schema == null ? null : schema.valueSchema(), cell);
    return (value, out) -> {
      List<?> list = expect(List.class, value, column);
      out.putInt(list.isEmpty() ? 0 : 1);
      out.putInt(list.stream().anyMatch(Objects::isNull) ? 1 : 0);
      out.putInt(element.oid());
      if (!list.isEmpty()) {
        out.putInt(list.size());
        out.putInt(1); // SQL counts from 1
      }
      for (Object item : list) {
        if (item == null) {
          out.putNull();
        } else {
          int mark = out.beginField();
          encoder.encode(item, out);
          out.endField(mark);
        }
      }
    };
  }

  private static <T> T expect(Class<T> type, Object value, Column column) {
    return ScalarReader.expect(type, value, column.declaration());
  }

  /** Microseconds, no finer than the column keeps them: the server would round. */
  private static long micros(Schema schema, Object value, Kind kind, Column column) {
    int digits = column.modifier() >= 0 ? column.modifier() : MICRO_DIGITS;
    return ScalarReader.micros(schema, value, kind, digits, column.declaration());
  }

  /** Microseconds since 2000; the infinities are the ends of the type, which nothing else is. */
  private static long timestamp(Schema schema, Object value, Kind kind, Column column) {
    long micros = micros(schema, value, kind, column);
    if (TemporalReader.isInfinite(micros)) {
      return micros;
    }
    if (micros < FIRST_TIME) {
      throw new DataException(
          "the time is before %s begins, 4714-11-24 BC".formatted(column.declaration()));
    }
    return micros - POSTGRES_EPOCH;
  }

  /** Days since 2000. */
  private static int date(Schema schema, Object value, Column column) {
    long micros = timestamp(schema, value, Kind.DATE, column);
    return micros == TemporalReader.INFINITY
        ? Integer.MAX_VALUE
        : micros == TemporalReader.MINUS_INFINITY
            ? Integer.MIN_VALUE
            : Math.toIntExact(micros / TemporalReader.DAY_MICROS);
  }

  private static BigDecimal decimal(Object value, Column column) {
    if (column.modifier() < MODIFIER_HEADER) {
      return ScalarReader.decimal(value, NUMERIC_INTEGERS, NUMERIC_DECIMALS, column.declaration());
    }
    int modifier = column.modifier() - MODIFIER_HEADER;
    int precision = modifier >>> 16;
    // Eleven bits, with sign: numeric(2,-3) is possible.
    int scale = modifier << 21 >> 21;
    return ScalarReader.decimal(value, precision - scale, scale, column.declaration());
  }

  /** Text no longer than its column: the server would cut spaces at the end without a word. */
  private static String text(Object value, Column column) {
    int length = column.modifier() - MODIFIER_HEADER;
    if (length <= 0) {
      return expect(String.class, value, column);
    }
    String text = ScalarReader.text(value, length, column.declaration());
    return column.countsBytes()
        ? ScalarReader.textOfBytes(text, length, column.declaration())
        : text;
  }

  private static byte[] utf8(String text) {
    return ScalarReader.wellFormed(text, false).getBytes(StandardCharsets.UTF_8);
  }

  private static void putUuid(String text, CopyBuffer out) {
    UUID uuid = ScalarReader.uuid(text);
    out.putLong(uuid.getMostSignificantBits());
    out.putLong(uuid.getLeastSignificantBits());
  }
}
