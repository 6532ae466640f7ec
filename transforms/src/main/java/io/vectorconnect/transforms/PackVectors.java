package io.vectorconnect.transforms;

import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Gives vectors that other connectors publish our packed types: those that the configuration
 * declares, in any form that {@link VectorReader} knows, and those that Debezium's schemas name.
 */
public final class PackVectors<R extends ConnectRecord<R>> extends VectorTransform<R> {
  private Map<String, DeclaredVector> declared = Map.of();
  private Set<LossyCast> casts = Set.of();

  @Override
  public ConfigDef config() {
    return PackConfig.DEF;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    PackConfig config = new PackConfig(properties);
    declared = config.vectors();
    casts = config.casts();
  }

  @Override
  Set<String> named() {
    return declared.keySet();
  }

  @Override
  String withoutSchema() {
    return "a record without a schema has no place for a packed vector's type; leave it as it is, for our sinks read arrays, objects and text without a schema, or use a value.converter with schemas";
  }

  @Override
  Optional<FieldStep> step(Field field) {
    Schema schema = field.schema();
    DeclaredVector vector = declared.get(field.name());
    if (vector == null) {
      return undeclared(field.name(), schema);
    }
    if (VectorType.of(schema).equals(Optional.of(vector.type()))
        && VectorSchema.dimension(schema).equals(OptionalInt.of(vector.dimension()))) {
      return Optional.empty();
    }
    return Optional.of(PackStep.declared(schema, vector, casts));
  }

  private Optional<FieldStep> undeclared(String name, Schema schema) {
    if (schema.name() == null) {
      return Optional.empty();
    }
    return switch (schema.name()) {
      case DebeziumForm.FLOAT, DebeziumForm.DOUBLE ->
          Optional.of(PackStep.of(schema, VectorType.FLOAT, casts));
      case VectorReader.DEBEZIUM_SPARSE -> {
        if (VectorSchema.dimension(schema).isEmpty()) {
          // Packed pairs have no place for a dimension of each row's own.
          throw new DataException(
              "the schema of a SparseDoubleVector does not tell the dimension; declare it by vector.fields=%s:dimension:sparse"
                  .formatted(name));
        }
        yield Optional.of(PackStep.of(schema, VectorType.SPARSE, casts));
      }
      default -> Optional.empty();
    };
  }
}
