package io.vectorconnect.milvus.sink;

import java.math.BigDecimal;
import org.apache.kafka.connect.errors.DataException;

/** Encoders of the other fields, by the field's type. */
final class ScalarCells {
  private ScalarCells() {}

  /**
   * The encoder of a field.
   *
   * @throws DataException when the sink does not know the field's type
   */
  static CellEncoder of(Column column) {
    return switch (column.type()) {
      case Bool -> value -> expect(Boolean.class, value, column);
      case Int8 -> value -> (int) integer(value, Byte.MIN_VALUE, Byte.MAX_VALUE, column);
      case Int16 -> value -> (int) integer(value, Short.MIN_VALUE, Short.MAX_VALUE, column);
      case Int32 -> value -> (int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE, column);
      case Int64 -> value -> integer(value, Long.MIN_VALUE, Long.MAX_VALUE, column);
      case Float -> value -> toFloat(value, column);
      case Double -> value -> toDouble(value, column);
      case VarChar -> value -> text(expect(String.class, value, column), column);
      default -> throw new DataException("this sink does not write fields of this type");
    };
  }

  private static <T> T expect(Class<T> type, Object value, Column column) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw new DataException(
        "expected a value for %s, got a %s"
            .formatted(column.declaration(), value.getClass().getSimpleName()));
  }

  private static long integer(Object value, long min, long max, Column column) {
    Number number = expect(Number.class, value, column);
    boolean whole =
        number instanceof Long
            || number instanceof Integer
            || number instanceof Short
            || number instanceof Byte;
    if (!whole) {
      throw new DataException(
          "expected a whole number for %s, got a %s"
              .formatted(column.declaration(), value.getClass().getSimpleName()));
    }
    if (number.longValue() < min || number.longValue() > max) {
      throw new DataException(
          "the number is out of the range of %s; use a wider field"
              .formatted(column.declaration()));
    }
    return number.longValue();
  }

  private static float toFloat(Object value, Column column) {
    Number number = expect(Number.class, value, column);
    float narrow = number.floatValue();
    if (value instanceof Float || isSame(number, narrow)) {
      return narrow;
    }
    throw new DataException(
        "a Float field cannot hold this %s exactly; use Double"
            .formatted(value.getClass().getSimpleName()));
  }

  private static double toDouble(Object value, Column column) {
    Number number = expect(Number.class, value, column);
    double wide = number.doubleValue();
    if (value instanceof Double || value instanceof Float || isSame(number, wide)) {
      return wide;
    }
    throw new DataException(
        "a Double field cannot hold this %s exactly; convert the field by a transform"
            .formatted(value.getClass().getSimpleName()));
  }

  private static boolean isSame(Number number, double other) {
    if (number instanceof Double wide && (wide.isNaN() || wide.isInfinite())) {
      return Double.compare(wide, other) == 0;
    }
    return !Double.isInfinite(other)
        && new BigDecimal(number.toString()).compareTo(new BigDecimal(other)) == 0;
  }

  private static String text(String text, Column column) {
    int bytes = utf8Length(text);
    if (bytes > column.maxLength()) {
      throw new DataException(
          "expected at most %,d bytes of UTF-8, got %,d; use a longer VarChar"
              .formatted(column.maxLength(), bytes));
    }
    return text;
  }

  /**
   * The length in UTF-8.
   *
   * @throws DataException when half a surrogate pair stands in the text, for which there is none
   */
  static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        length += 2; // four bytes for two characters
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new DataException(
            "the text has half a surrogate pair at position %d, which is no character"
                .formatted(i));
      } else {
        length += c < 0x800 ? 1 : 2;
      }
    }
    return length;
  }
}
