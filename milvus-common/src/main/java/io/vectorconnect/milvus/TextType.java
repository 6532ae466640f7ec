package io.vectorconnect.milvus;

import io.milvus.grpc.DataType;
import io.vectorconnect.config.EnumValidator;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * Types of newer servers that have no Connect type of their own. Each connector refuses them by
 * name, unless its configuration lists them under {@link #KEY}: then their values travel as text.
 */
public enum TextType {
  /** Milvus 2.6: WKT, as the server reads and writes it. */
  GEOMETRY(DataType.Geometry),
  /** Milvus 2.6: a time with microseconds, as ISO 8601 with an offset. */
  TIMESTAMPTZ(DataType.Timestamptz),
  /** Milvus 3.0: text of any length. */
  TEXT(DataType.Text),
  /** Milvus 2.6: an array of structs, as a JSON array of objects. */
  STRUCT_ARRAY(DataType.ArrayOfStruct);

  /** The key that lists the types to carry as text; the same in each connector. */
  public static final String KEY = "types.as.text";

  private static final EnumValidator<TextType> TYPES = EnumValidator.of(TextType.class);

  private final DataType type;

  TextType(DataType type) {
    this.type = type;
  }

  /** Adds the key. */
  public static ConfigDef define(ConfigDef def, String group, int order, String doc) {
    return def.define(
        KEY,
        Type.LIST,
        "",
        TYPES,
        Importance.MEDIUM,
        doc,
        group,
        order,
        Width.LONG,
        "Types as text");
  }

  /** The types that a configuration lists. */
  public static Set<TextType> of(AbstractConfig config) {
    return TYPES.parseAll(config.getList(KEY));
  }

  /** The one for a field's type, if there is one. */
  public static Optional<TextType> of(DataType type) {
    return Arrays.stream(values()).filter(each -> each.type == type).findFirst();
  }

  /** The field's type in Milvus. */
  public DataType type() {
    return type;
  }

  /** The name in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
