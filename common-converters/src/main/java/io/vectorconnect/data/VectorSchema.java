package io.vectorconnect.data;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** Builds and reads the schemas of packed vectors. */
public final class VectorSchema {
  /** Schema parameter: the number of elements (bits for {@link VectorType#BINARY}). */
  public static final String DIMENSION = "dimension";

  /** Schema parameter: the distance metric of the source's index, such as {@code COSINE}. */
  public static final String METRIC = "metric";

  private VectorSchema() {}

  /** A schema without dimension, for sources that do not declare one. */
  public static SchemaBuilder builder(VectorType type) {
    return SchemaBuilder.bytes().name(type.schemaName()).version(1);
  }

  /** A schema of fixed dimension (greater than 0). */
  public static SchemaBuilder builder(VectorType type, int dimension) {
    if (dimension <= 0) {
      throw new DataException("a vector's dimension must be positive, got " + dimension);
    }
    return builder(type).parameter(DIMENSION, Integer.toString(dimension));
  }

  /** The declared dimension, if there is one. */
  public static OptionalInt dimension(Schema schema) {
    return positive(schema, DIMENSION);
  }

  /**
   * A parameter that is a positive number, if there is one of this name.
   *
   * @throws DataException when it is anything else
   */
  public static OptionalInt positive(Schema schema, String name) {
    String value = parameter(schema, name);
    if (value == null) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new DataException(
        "schema %s has parameter %s='%s', expected a positive number"
            .formatted(schema.name(), name, value));
  }

  /** The declared distance metric, if there is one. */
  public static Optional<String> metric(Schema schema) {
    return Optional.ofNullable(parameter(schema, METRIC));
  }

  private static String parameter(Schema schema, String name) {
    return schema.parameters() == null ? null : schema.parameters().get(name);
  }
}
