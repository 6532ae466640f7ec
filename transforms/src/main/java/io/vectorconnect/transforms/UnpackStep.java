package io.vectorconnect.transforms;

import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.transforms.UnpackConfig.Format;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** A packed vector takes another form. */
final class UnpackStep implements FieldStep {
  private final Schema from;
  private final VectorReader reader;
  private final UnpackedForm form;
  private final Schema schema;

  UnpackStep(Schema from, VectorType type, Format format) {
    this.from = from;
    this.reader = VectorReader.of(from, type, 0, Set.of());
    this.form =
        switch (format) {
          case ARRAY -> new ArrayForm(type);
          case TEXT -> new TextForm();
          case DEBEZIUM -> new DebeziumForm(type, VectorSchema.dimension(from));
        };
    SchemaBuilder builder = form.builder();
    this.schema = SchemaCopy.finish(builder, from, value -> form.of(reader.read(value), builder));
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public Object apply(Object value) {
    if (UnavailableValue.is(from, value)) {
      return unavailable();
    }
    Object unpacked = form.of(reader.read(value), schema);
    if (UnavailableValue.is(schema, unpacked)) {
      throw new DataException(
          "as %s the vector is the very placeholder that Debezium has for a value that is not there; use another vector.format"
              .formatted(schema.name()));
    }
    return unpacked;
  }

  private Object unavailable() {
    return switch (schema.type()) {
      case STRING -> UnavailableValue.TEXT;
      case BYTES -> UnavailableValue.bytes();
      default ->
          throw new DataException(
              "got Debezium's placeholder for a value that did not change, which is no %s; let the source tell the value (PostgreSQL: REPLICA IDENTITY FULL), or set vector.format=text"
                  .formatted(schema.type()));
    };
  }
}
