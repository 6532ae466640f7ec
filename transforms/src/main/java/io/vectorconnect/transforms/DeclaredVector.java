package io.vectorconnect.transforms;

import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.data.VectorType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A vector as {@code vector.fields} declares it.
 *
 * @param type the element type
 * @param dimension the number of elements, greater than 0
 */
record DeclaredVector(VectorType type, int dimension) {
  /** The key of the declarations. */
  static final String KEY = "vector.fields";

  /**
   * Accepts lists of {@code name:dimension[:type]}.
   *
   * @param noun what is named, as users read it
   * @param types the types that may be declared
   */
  static PairsValidator validator(String noun, VectorType... types) {
    String names =
        Arrays.stream(types)
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining("|"));
    return PairsValidator.of(noun + ":dimension[:type]", ':', "[1-9][0-9]{0,8}(:(" + names + "))?");
  }

  /** A validated declaration, {@code dimension} or {@code dimension:type}. */
  static DeclaredVector parse(String declaration) {
    String[] parts = declaration.split(":", -1);
    VectorType type =
        parts.length == 1
            ? VectorType.FLOAT
            : VectorType.valueOf(parts[1].toUpperCase(Locale.ROOT));
    return new DeclaredVector(type, Integer.parseInt(parts[0]));
  }

  /** The declaration, with the type. */
  @Override
  public String toString() {
    return dimension + ":" + type.name().toLowerCase(Locale.ROOT);
  }
}
