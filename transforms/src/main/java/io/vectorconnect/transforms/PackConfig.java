package io.vectorconnect.transforms;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of {@link PackVectors}. */
final class PackConfig extends CheckedConfig {
  private static final String LOSSY_CASTS = "vector.lossy.casts";
  private static final String GROUP = "Vectors";
  private static final EnumValidator<LossyCast> CASTS = EnumValidator.of(LossyCast.class);

  static final ConfigDef DEF =
      new ConfigDef()
          .define(
              DeclaredVector.KEY,
              Type.LIST,
              "",
              DeclaredVector.validator("field", VectorType.values()),
              Importance.HIGH,
              "Vectors, as field:dimension or field:dimension:type with float, float16, bfloat16,"
                  + " int8, binary or sparse. Read from arrays of numbers, text such as [1,2] or"
                  + " {1:0.5}/10, maps of index to value, Debezium's types, BYTES of float32"
                  + " elements, and packed vectors of another type. Debezium's FloatVector and"
                  + " DoubleVector become float vectors without being declared, then without a"
                  + " dimension.",
              GROUP,
              1,
              Width.LONG,
              "Vector fields")
          .define(
              LOSSY_CASTS,
              Type.LIST,
              "",
              CASTS,
              Importance.LOW,
              "Lossy casts that are allowed, by name: float64_to_float32 rounds numbers that a 32-bit"
                  + " float cannot hold, float32_to_float16 those that a 16-bit float cannot hold.",
              GROUP,
              2,
              Width.LONG,
              "Lossy casts");

  PackConfig(Map<String, ?> properties) {
    super(DEF, properties);
  }

  Map<String, DeclaredVector> vectors() {
    Map<String, DeclaredVector> vectors = new LinkedHashMap<>();
    PairsValidator.parse(getList(DeclaredVector.KEY), ':')
        .forEach((field, type) -> vectors.put(field, DeclaredVector.parse(type)));
    return vectors;
  }

  Set<LossyCast> casts() {
    return CASTS.parseAll(getList(LOSSY_CASTS));
  }
}
