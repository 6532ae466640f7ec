package io.vectorconnect.transforms;

import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorCast;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * The types that Debezium's PostgreSQL connector publishes for pgvector's, so that its JDBC sink
 * makes a {@code vector} of a {@code DoubleVector}, and a {@code halfvec}, which holds float16 and
 * int8 exactly, of a {@code FloatVector}.
 */
final class DebeziumForm implements UnpackedForm {
  static final String FLOAT = "io.debezium.data.FloatVector";
  static final String DOUBLE = "io.debezium.data.DoubleVector";

  /** Parameter of {@code Bits}: how many there are. */
  static final String LENGTH = "length";

  private static final String DIMENSIONS = "dimensions";
  private static final String VECTOR = "vector";
  private static final Schema ENTRIES =
      SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).build();

  private final VectorType type;
  private final int dimension;

  /**
   * The form of vectors of one schema.
   *
   * @throws DataException when Debezium has no type for them
   */
  DebeziumForm(VectorType type, OptionalInt dimension) {
    this.type = type;
    this.dimension = dimension.orElse(0);
    boolean needed = type == VectorType.BINARY || type == VectorType.SPARSE;
    if (needed && dimension.isEmpty()) {
      throw new DataException(
          "Debezium's %s needs a dimension, which the vector's schema does not tell; set vector.format=text"
              .formatted(type == VectorType.BINARY ? "Bits" : "SparseDoubleVector"));
    }
    if (type == VectorType.SPARSE && this.dimension > Short.MAX_VALUE) {
      throw new DataException(
          "Debezium's SparseDoubleVector has dimensions up to %d, got %d; set vector.format=text"
              .formatted(Short.MAX_VALUE, this.dimension));
    }
  }

  @Override
  public SchemaBuilder builder() {
    return switch (type) {
      case FLOAT, BFLOAT16 -> SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name(DOUBLE).version(1);
      case FLOAT16, INT8 -> SchemaBuilder.array(Schema.FLOAT32_SCHEMA).name(FLOAT).version(1);
      case BINARY ->
          SchemaBuilder.bytes()
              .name(VectorReader.DEBEZIUM_BITS)
              .version(1)
              .parameter(LENGTH, Integer.toString(dimension));
      case SPARSE ->
          SchemaBuilder.struct()
              .name(VectorReader.DEBEZIUM_SPARSE)
              .version(1)
              .field(DIMENSIONS, Schema.INT16_SCHEMA)
              .field(VECTOR, ENTRIES);
    };
  }

  @Override
  public Object of(PackedVector vector, Schema schema) {
    return switch (type) {
      case FLOAT, BFLOAT16 -> doubles(floats(vector));
      case FLOAT16, INT8 -> FloatArray.of(floats(vector));
      case BINARY -> bits(vector);
      case SPARSE -> struct(vector, schema);
    };
  }

  private static byte[] floats(PackedVector vector) {
    return VectorCast.to(VectorType.FLOAT, vector, Set.of()).bytes();
  }

  private static List<Double> doubles(byte[] packed) {
    List<Double> elements = new ArrayList<>(packed.length / Float.BYTES);
    for (int at = 0; at < packed.length; at += Float.BYTES) {
      elements.add((double) LittleEndian.getFloat(packed, at));
    }
    return elements;
  }

  /** Numbered from the right, little-endian, without zero bytes at the end. */
  private static byte[] bits(PackedVector vector) {
    BitSet bits = new BitSet(vector.dimension());
    for (int i = 0; i < vector.dimension(); i++) {
      bits.set(vector.dimension() - 1 - i, ArrayForm.isSet(vector, i));
    }
    return bits.toByteArray();
  }

  private static Struct struct(PackedVector vector, Schema schema) {
    byte[] packed = vector.bytes();
    Map<Short, Double> entries = new LinkedHashMap<>(packed.length / 4);
    for (int at = 0; at < packed.length; at += PackedVector.SPARSE_PAIR) {
      entries.put((short) (ArrayForm.index(packed, at) + 1), (double) ArrayForm.value(packed, at));
    }
    return new Struct(schema).put(DIMENSIONS, (short) vector.dimension()).put(VECTOR, entries);
  }
}
