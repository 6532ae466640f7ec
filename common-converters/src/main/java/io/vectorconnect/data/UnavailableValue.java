package io.vectorconnect.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;

/**
 * A value that the source does not tell because it did not change: absent, which is not NULL.
 *
 * <p>Debezium puts a placeholder in its place ({@code unavailable.value.placeholder}, here always
 * with its default): as text, as bytes, as an array of one element or, of a number array, of the
 * placeholder's bytes, as an hstore of one entry. Our converter puts the same bytes into a vector's
 * field.
 */
public final class UnavailableValue {
  /** The placeholder. */
  public static final String TEXT = "__debezium_unavailable_value";

  private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);
  private static final String UUID_TEXT = UUID.nameUUIDFromBytes(BYTES).toString();
  private static final String BASE64 = Base64.getEncoder().encodeToString(BYTES);
  private static final String JSON_OBJECT = "{\"%s\":\"%s\"}".formatted(TEXT, TEXT);

  private UnavailableValue() {}

  /** The placeholder in a BYTES field. */
  public static byte[] bytes() {
    return BYTES.clone();
  }

  /** Whether these are the placeholder's bytes. */
  public static boolean isBytes(byte[] bytes) {
    return Arrays.equals(bytes, BYTES);
  }

  /**
   * Whether a value is the placeholder.
   *
   * @param schema its schema, or null
   * @param value may be null, which is a value
   */
  public static boolean is(Schema schema, Object value) {
    if (value instanceof String text) {
      return isText(text);
    }
    if (value instanceof byte[] || value instanceof ByteBuffer) {
      return isBytes(schema, value);
    }
    if (value instanceof List<?> list) {
      return isArray(list);
    }
    return value instanceof Map<?, ?> map && map.size() == 1 && TEXT.equals(map.get(TEXT));
  }

  private static boolean isText(String text) {
    return switch (text.length()) {
      case 28 -> text.equals(TEXT);
      case 36 -> text.equals(UUID_TEXT);
      case 40 -> text.equals(BASE64);
      default -> text.length() == JSON_OBJECT.length() && text.equals(JSON_OBJECT);
    };
  }

  private static boolean isBytes(Schema schema, Object value) {
    int length = value instanceof byte[] array ? array.length : ((ByteBuffer) value).remaining();
    return length == BYTES.length && isBytes(VectorReader.bytes(value)) && !couldBeVector(schema);
  }

  /** Whether a vector of the declared dimension is just as long; a value then is a value. */
  private static boolean couldBeVector(Schema schema) {
    var type = VectorType.of(schema);
    if (type.isEmpty() || type.get() == VectorType.SPARSE) {
      return false;
    }
    OptionalInt dimension = VectorSchema.dimension(schema);
    return dimension.isPresent() && type.get().packedLength(dimension.getAsInt()) == BYTES.length;
  }

  private static boolean isArray(List<?> list) {
    if (list.size() == 1) {
      Object only = list.get(0);
      return only instanceof String text
          ? isText(text)
          : (only instanceof byte[] || only instanceof ByteBuffer) && isBytes(null, only);
    }
    if (list.size() != BYTES.length) {
      return false;
    }
    for (int i = 0; i < BYTES.length; i++) {
      boolean same =
          (list.get(i) instanceof Integer || list.get(i) instanceof Long)
              && ((Number) list.get(i)).longValue() == BYTES[i];
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
