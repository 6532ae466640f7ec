package io.vectorconnect.data;

import io.vectorconnect.config.EnumValidator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * What a source does with NaN, infinity and negative zero in FLOAT32 and FLOAT64, by themselves and
 * in arrays, maps and structs. Packed vectors are BYTES and are not affected.
 *
 * <p>Connect's JsonConverter (4.3.1) writes NaN and infinity as JSON text and negative zero as
 * {@code -0.0}. With schemas, it reads all of them as 0.0: text has no number, and {@code
 * BigDecimal}, into which it parses numbers, has no negative zero. Without schemas, NaN and
 * infinity arrive as text. A source cannot know which converter its worker uses.
 */
public enum SpecialFloats {
  /** Stop at such a value. */
  FAIL,
  /** Publish it as it is. */
  PASS;

  /** The configuration key. */
  public static final String KEY = "special.floats";

  private static final EnumValidator<SpecialFloats> VALUES = EnumValidator.of(SpecialFloats.class);

  /** Adds the key. */
  public static ConfigDef define(ConfigDef def, String group, int order) {
    return def.define(
        KEY,
        Type.STRING,
        "fail",
        VALUES,
        Importance.MEDIUM,
        "What to do with NaN, infinity and negative zero in numbers and arrays of numbers. Connect's"
            + " JsonConverter turns them into 0.0. fail: stop with an error that names the field."
            + " pass: publish them, for converters that preserve them, such as those for Avro and"
            + " Protobuf. Packed vectors are not affected.",
        group,
        order,
        Width.SHORT,
        "NaN, infinity, -0.0",
        VALUES);
  }

  /** The value of the key. */
  public static SpecialFloats of(AbstractConfig config) {
    return VALUES.parse(config.getString(KEY));
  }

  /**
   * Checks the fields of a row.
   *
   * @param where names the row in the message
   * @throws DataException naming the first field that contains a special value that must not pass
   */
  public void check(Struct row, Supplier<String> where) {
    if (this == PASS) {
      return;
    }
    for (Field field : row.schema().fields()) {
      if (mayBeSpecial(field.schema())) {
        String special = find(row.get(field));
        if (special != null) {
          throw new DataException(
              "%s, field %s: %s, which Connect's JsonConverter turns into 0.0; correct the value, or set %s=pass if the connector's converter preserves it"
                  .formatted(where.get(), field.name(), special, KEY));
        }
      }
    }
  }

  /**
   * Checks a value that may be null.
   *
   * @throws DataException when the value is, or contains, a special value that must not pass
   */
  public void check(Object value) {
    String special = this == PASS ? null : find(value);
    if (special != null) {
      throw new DataException(
          "%s, which Connect's JsonConverter turns into 0.0; correct the value, or set %s=pass if the connector's converter preserves it"
              .formatted(special, KEY));
    }
  }

  private static boolean mayBeSpecial(Schema schema) {
    return switch (schema.type()) {
      case FLOAT32, FLOAT64, STRUCT -> true;
      case ARRAY -> mayBeSpecial(schema.valueSchema());
      case MAP -> mayBeSpecial(schema.keySchema()) || mayBeSpecial(schema.valueSchema());
      default -> false;
    };
  }

  /** What is special about a value, or null. */
  private static String find(Object value) {
    if (value instanceof Float number) {
      return special(number, number.equals(-0f));
    }
    if (value instanceof Double number) {
      return special(number, number.equals(-0d));
    }
    if (value instanceof List<?> elements) {
      for (int i = 0; i < elements.size(); i++) {
        String special = find(elements.get(i));
        if (special != null) {
          return "element %d: %s".formatted(i, special);
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String special = find(entry.getKey());
        special = special == null ? find(entry.getValue()) : special;
        if (special != null) {
          return special;
        }
      }
    } else if (value instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        String special = find(struct.get(field));
        if (special != null) {
          return "%s: %s".formatted(field.name(), special);
        }
      }
    }
    return null;
  }

  private static String special(double number, boolean negativeZero) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return "an infinite number";
    }
    return negativeZero ? "negative zero" : null;
  }
}
