package io.vectorconnect.transforms;

import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** A vector of any form becomes a packed one. */
final class PackStep implements FieldStep {
  private final Schema from;
  private final String declaration;
  private final VectorReader reader;
  private final Schema schema;

  private PackStep(
      Schema from, String declaration, VectorType type, int dimension, Set<LossyCast> casts) {
    this.from = from;
    this.declaration = declaration;
    this.reader = VectorReader.of(from, type, dimension, casts);
    SchemaBuilder builder =
        dimension == 0 ? VectorSchema.builder(type) : VectorSchema.builder(type, dimension);
    String typesOwn = VectorReader.DEBEZIUM_BITS.equals(from.name()) ? DebeziumForm.LENGTH : "";
    this.schema = SchemaCopy.finish(builder, from, this::packed, typesOwn);
  }

  /** The step of a field that is declared. */
  static PackStep declared(Schema from, DeclaredVector vector, Set<LossyCast> casts) {
    String declaration = "declared as %s in %s, ".formatted(vector, DeclaredVector.KEY);
    try {
      return new PackStep(from, declaration, vector.type(), vector.dimension(), casts);
    } catch (DataException e) {
      throw new DataException(declaration + e.getMessage(), e);
    }
  }

  /** The step of a field whose schema says all. */
  static PackStep of(Schema from, VectorType type, Set<LossyCast> casts) {
    return new PackStep(from, "", type, VectorSchema.dimension(from).orElse(0), casts);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public Object apply(Object value) {
    try {
      return UnavailableValue.is(from, value) ? unavailable() : checked(packed(value));
    } catch (DataException e) {
      throw new DataException(declaration + e.getMessage(), e);
    }
  }

  private byte[] packed(Object value) {
    return reader.read(value).bytes();
  }

  private byte[] unavailable() {
    byte[] placeholder = UnavailableValue.bytes();
    if (!UnavailableValue.is(schema, placeholder)) {
      throw new DataException(
          "got Debezium's placeholder for a value that did not change, which no one could tell from a vector of this dimension; let the source tell the value (PostgreSQL: REPLICA IDENTITY FULL)");
    }
    return placeholder;
  }

  private byte[] checked(byte[] packed) {
    if (UnavailableValue.is(schema, packed)) {
      throw new DataException(
          "the vector has the very bytes of Debezium's placeholder for a value that is not there; declare its dimension in vector.fields");
    }
    return packed;
  }
}
