package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.milvus.TextType;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/** Encoders of the types that records carry as text; the server parses the text. */
final class TextCells {
  /** Milvus keeps microseconds, and would cut what is finer. */
  private static final int MICROSECOND = 1_000;

  private TextCells() {}

  /**
   * The encoder of a field.
   *
   * @param types the types that the configuration lists
   * @throws DataException when the field's type is not one of them
   */
  static CellEncoder of(TextType type, Set<TextType> types) {
    if (!types.contains(type) || type == TextType.STRUCT_ARRAY) {
      throw new DataException(advice(type));
    }
    return type == TextType.TIMESTAMPTZ ? TextCells::time : TextCells::text;
  }

  /** What to do about a type that is not written. */
  static String advice(TextType type) {
    return type == TextType.STRUCT_ARRAY
        ? "this connector does not write struct arrays; use a collection without them"
        : "list %s in %s to write it from text".formatted(type, TextType.KEY);
  }

  private static String text(Object value) {
    if (!(value instanceof String text)) {
      throw new DataException("expected a text, got a " + value.getClass().getSimpleName());
    }
    ScalarCells.utf8Length(text); // refuses half characters
    return text;
  }

  private static String time(Object value) {
    if (value instanceof Date date) {
      return date.toInstant().toString();
    }
    OffsetDateTime time;
    try {
      time = OffsetDateTime.parse(text(value));
    } catch (DateTimeException e) {
      throw new DataException(
          "expected an ISO 8601 time with an offset, such as 2001-02-03T04:05:06.789Z; convert it by a transform");
    }
    if (time.getNano() % MICROSECOND != 0) {
      throw new DataException(
          "expected a time of whole microseconds, which is what Milvus keeps; round it by a transform");
    }
    return time.toInstant().toString();
  }
}
