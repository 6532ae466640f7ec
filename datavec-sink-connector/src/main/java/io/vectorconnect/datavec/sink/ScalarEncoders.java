package io.vectorconnect.datavec.sink;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.UUID;
import org.apache.kafka.connect.errors.DataException;
import org.postgresql.util.ByteConverter;

/**
 * Encoders of the other columns, by the column's type; layouts as in PostgreSQL's type_recv
 * functions.
 */
final class ScalarEncoders {
  /** 2000-01-01 UTC, from which PostgreSQL counts, in milliseconds since 1970. */
  private static final long POSTGRES_EPOCH_MS = 946_684_800_000L;

  private static final long DAY_MS = 86_400_000L;
  private static final int JSONB_VERSION = 1;

  private ScalarEncoders() {}

  /**
   * The encoder of a column.
   *
   * @throws DataException when the sink does not know the column's type
   */
  static ColumnEncoder of(Column column) {
    return switch (column.type()) {
      case "bool" -> (value, out) -> out.putByte(expect(Boolean.class, value, column) ? 1 : 0);
      case "int1" -> (value, out) -> out.putByte((int) integer(value, 0, 255, column));
      case "int2" ->
          (value, out) ->
              out.putShort((int) integer(value, Short.MIN_VALUE, Short.MAX_VALUE, column));
      case "int4" ->
          (value, out) ->
              out.putInt((int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE, column));
      case "int8" ->
          (value, out) -> out.putLong(integer(value, Long.MIN_VALUE, Long.MAX_VALUE, column));
      case "float4" -> (value, out) -> out.putInt(Float.floatToRawIntBits(toFloat(value, column)));
      case "float8" ->
          (value, out) -> out.putLong(Double.doubleToRawLongBits(toDouble(value, column)));
      case "numeric" -> (value, out) -> out.putBytes(ByteConverter.numeric(decimal(value, column)));
      case "text", "varchar", "bpchar", "nvarchar2", "enum", "json" ->
          (value, out) -> out.putBytes(utf8(expect(String.class, value, column)));
      case "jsonb" ->
          (value, out) -> {
            out.putByte(JSONB_VERSION);
            out.putBytes(utf8(expect(String.class, value, column)));
          };
      case "uuid" -> (value, out) -> putUuid(expect(String.class, value, column), out);
      case "bytea" -> (value, out) -> out.putBytes(bytes(value, column));
      case "timestamp", "timestamptz" ->
          (value, out) -> out.putLong((millis(value, column) - POSTGRES_EPOCH_MS) * 1000);
      case "date" ->
          (value, out) ->
              out.putInt((int) Math.floorDiv(millis(value, column) - POSTGRES_EPOCH_MS, DAY_MS));
      case "time" -> (value, out) -> out.putLong(millis(value, column) * 1000);
      default ->
          throw new DataException(
              "column %s has type %s, which this sink does not write"
                  .formatted(column.name(), column.declaration()));
    };
  }

  private static <T> T expect(Class<T> type, Object value, Column column) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw mismatch(value, column);
  }

  private static DataException mismatch(Object value, Column column) {
    return new DataException(
        "expected a value for %s, got a %s"
            .formatted(column.declaration(), value.getClass().getSimpleName()));
  }

  /**
   * Connect's Date, Time and Timestamp all arrive as milliseconds since 1970 in a java.util.Date.
   */
  @SuppressWarnings("JavaUtilDate")
  private static long millis(Object value, Column column) {
    return expect(Date.class, value, column).getTime();
  }

  private static long integer(Object value, long min, long max, Column column) {
    if (!(value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte)) {
      throw mismatch(value, column);
    }
    long number = ((Number) value).longValue();
    if (number < min || number > max) {
      throw new DataException(
          "the number is out of the range of %s; use a wider column"
              .formatted(column.declaration()));
    }
    return number;
  }

  private static float toFloat(Object value, Column column) {
    Number number = expect(Number.class, value, column);
    float narrow = number.floatValue();
    if (value instanceof Float || isSame(number, narrow)) {
      return narrow;
    }
    throw new DataException(
        "a real column cannot hold this %s exactly; use double precision"
            .formatted(value.getClass().getSimpleName()));
  }

  private static double toDouble(Object value, Column column) {
    Number number = expect(Number.class, value, column);
    double wide = number.doubleValue();
    if (value instanceof Double || value instanceof Float || isSame(number, wide)) {
      return wide;
    }
    throw new DataException(
        "a double precision column cannot hold this %s exactly; use numeric"
            .formatted(value.getClass().getSimpleName()));
  }

  private static boolean isSame(Number number, double other) {
    if (number instanceof Double wide && (wide.isNaN() || wide.isInfinite())) {
      return Double.compare(wide, other) == 0;
    }
    return !Double.isInfinite(other)
        && new BigDecimal(number.toString()).compareTo(new BigDecimal(other)) == 0;
  }

  private static BigDecimal decimal(Object value, Column column) {
    Number number = expect(Number.class, value, column);
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    double wide = number.doubleValue();
    if (Double.isNaN(wide) || Double.isInfinite(wide)) {
      throw new DataException("a numeric column cannot hold NaN or an infinity");
    }
    return new BigDecimal(number.toString());
  }

  /** UTF-8, loud about what neither UTF-8 nor the database can hold. */
  private static byte[] utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        throw new DataException(
            "the text has a NUL character at position %d, which the database refuses; remove it"
                .formatted(i));
      }
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          throw new DataException(
              "the text has half a surrogate pair at position %d, which is no character"
                  .formatted(i));
        }
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void putUuid(String text, CopyBuffer out) {
    UUID uuid;
    try {
      uuid = UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new DataException("the text is not a UUID");
    }
    if (!uuid.toString().equalsIgnoreCase(text)) { // Java reads 1-1-1-1-1, too
      throw new DataException("the text is not a UUID");
    }
    out.putLong(uuid.getMostSignificantBits());
    out.putLong(uuid.getLeastSignificantBits());
  }

  private static byte[] bytes(Object value, Column column) {
    if (value instanceof byte[] array) {
      return array;
    }
    ByteBuffer buffer = expect(ByteBuffer.class, value, column).duplicate();
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }
}
