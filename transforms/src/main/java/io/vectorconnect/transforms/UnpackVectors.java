package io.vectorconnect.transforms;

import io.vectorconnect.data.VectorType;
import io.vectorconnect.transforms.UnpackConfig.Format;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Gives packed vectors a form that connectors of others read: arrays, text, or Debezium's types.
 */
public final class UnpackVectors<R extends ConnectRecord<R>> extends VectorTransform<R> {
  private Format format = Format.ARRAY;
  private Set<String> fields = Set.of();

  @Override
  public ConfigDef config() {
    return UnpackConfig.DEF;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    UnpackConfig config = new UnpackConfig(properties);
    format = config.format();
    fields = config.fields();
  }

  @Override
  Set<String> named() {
    return fields;
  }

  @Override
  String withoutSchema() {
    return "a record without a schema does not tell that this is a packed vector; use the value.converter, with schemas, that the record was written by";
  }

  @Override
  Optional<FieldStep> step(Field field) {
    Optional<VectorType> type = VectorType.of(field.schema());
    if (fields.isEmpty() ? type.isEmpty() : !fields.contains(field.name())) {
      return Optional.empty();
    }
    return Optional.of(
        new UnpackStep(field.schema(), type.orElseThrow(() -> other(field)), format));
  }

  private static DataException other(Field field) {
    Schema schema = field.schema();
    return new DataException(
        "expected a packed vector, BYTES named io.vectorconnect.data.*, got %s%s; take the field out of vector.fields"
            .formatted(schema.type(), schema.name() == null ? "" : " " + schema.name()));
  }
}
