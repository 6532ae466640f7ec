package io.vectorconnect.transforms;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every key of {@link UnpackVectors}. */
final class UnpackConfig extends CheckedConfig {
  /** What packed vectors become. */
  enum Format {
    ARRAY,
    TEXT,
    DEBEZIUM
  }

  private static final String VECTOR_FORMAT = "vector.format";
  private static final String GROUP = "Vectors";
  private static final EnumValidator<Format> FORMATS = EnumValidator.of(Format.class);

  static final ConfigDef DEF =
      new ConfigDef()
          .define(
              VECTOR_FORMAT,
              Type.STRING,
              "array",
              FORMATS,
              Importance.HIGH,
              "array: ARRAY of FLOAT32, of int8 vectors INT8, of bits BOOLEAN; of sparse vectors a MAP"
                  + " of index from 0 to value. text: as pgvector prints them, [1,2], {1:0.5}/10,"
                  + " 0110. debezium: io.debezium.data.DoubleVector, of float16 and int8 vectors"
                  + " FloatVector, of bits Bits, SparseDoubleVector.",
              GROUP,
              1,
              Width.SHORT,
              "Vector format",
              FORMATS)
          .define(
              DeclaredVector.KEY,
              Type.LIST,
              "",
              ConfigDef.LambdaValidator.with(
                  UnpackConfig::requireNames, () -> "list of field names"),
              Importance.MEDIUM,
              "Fields to unpack. Empty: every packed vector.",
              GROUP,
              2,
              Width.LONG,
              "Vector fields");

  UnpackConfig(Map<String, ?> properties) {
    super(DEF, properties);
  }

  private static void requireNames(String key, Object value) {
    for (Object name : (List<?>) value) {
      if (name.toString().contains(":")) {
        throw new ConfigException(
            key, value, "must be names of fields alone; their schemas tell type and dimension");
      }
    }
  }

  Format format() {
    return FORMATS.parse(getString(VECTOR_FORMAT));
  }

  /** The fields to unpack; empty: all. */
  Set<String> fields() {
    return new LinkedHashSet<>(getList(DeclaredVector.KEY));
  }
}
