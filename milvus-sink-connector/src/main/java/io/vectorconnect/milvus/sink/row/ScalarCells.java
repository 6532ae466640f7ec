package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.data.ExactNumber;
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
      case Int8 ->
          value ->
              (int)
                  ExactNumber.integer(value, Byte.MIN_VALUE, Byte.MAX_VALUE, column.declaration());
      case Int16 ->
          value ->
              (int)
                  ExactNumber.integer(
                      value, Short.MIN_VALUE, Short.MAX_VALUE, column.declaration());
      case Int32 ->
          value ->
              (int)
                  ExactNumber.integer(
                      value, Integer.MIN_VALUE, Integer.MAX_VALUE, column.declaration());
      case Int64 ->
          value -> ExactNumber.integer(value, Long.MIN_VALUE, Long.MAX_VALUE, column.declaration());
      case Float -> value -> ExactNumber.toFloat(value, column.declaration());
      case Double -> value -> ExactNumber.toDouble(value, column.declaration());
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
