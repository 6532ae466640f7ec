package io.vectorconnect.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * Reads one column's values, in whatever form they arrive, as packed vectors.
 *
 * <p>Understood: our packed types, ARRAY of any number type, Debezium's {@code FloatVector}, {@code
 * DoubleVector}, {@code SparseDoubleVector} and {@code Bits}, pgvector's text forms, a MAP of index
 * to value, and the same without schemas; and, for a dense target of a known dimension, BYTES
 * without a name ({@link ByteForms}). A reader is made once per schema and holds no state, so it
 * may be shared.
 */
@FunctionalInterface
public interface VectorReader {
  /** Schema names of Debezium's own types. */
  String DEBEZIUM_SPARSE = "io.debezium.data.SparseDoubleVector";

  /** Debezium's {@code bit(n)}. */
  String DEBEZIUM_BITS = "io.debezium.data.Bits";

  /**
   * The vector that {@code value} (not null) holds.
   *
   * @throws DataException saying what was expected, what came and what to do; never the values
   */
  PackedVector read(Object value);

  /**
   * A reader for values of {@code schema}.
   *
   * @param schema the field's schema, or null for schemaless data
   * @param wanted the element type of the target column; decides how ambiguous forms are read, and
   *     every vector is cast to it ({@link VectorCast})
   * @param dimension the target's dimension, or 0 when it has none; any other dimension is refused
   * @param casts the lossy casts that the configuration asks for
   */
  static VectorReader of(Schema schema, VectorType wanted, int dimension, Set<LossyCast> casts) {
    VectorReader form =
        schema == null
            ? schemaless(wanted, dimension, casts)
            : form(schema, wanted, dimension, casts);
    return value -> {
      PackedVector vector = VectorCast.to(wanted, form.read(value), casts);
      if (dimension == 0 || vector.dimension() == dimension) {
        return vector;
      }
      if (vector.type() == VectorType.SPARSE && vector.dimension() == 0) {
        return new PackedVector(VectorType.SPARSE, dimension, vector.bytes());
      }
      throw new DataException(
          "expected a vector of dimension %d, got %d; correct the record, or the target's dimension"
              .formatted(dimension, vector.dimension()));
    };
  }

  private static VectorReader form(
      Schema schema, VectorType wanted, int dimension, Set<LossyCast> casts) {
    var packed = VectorType.of(schema);
    if (packed.isPresent()) {
      return packed(packed.get(), VectorSchema.dimension(schema));
    }
    if (DEBEZIUM_SPARSE.equals(schema.name())) {
      return value -> SparseForms.debezium((Struct) value, casts);
    }
    if (DEBEZIUM_BITS.equals(schema.name())) {
      int length =
          VectorSchema.positive(schema, "length")
              .orElseThrow(
                  () -> new DataException("schema " + DEBEZIUM_BITS + " has no parameter length"));
      return value -> BitForms.debezium(bytes(value), length);
    }
    return switch (schema.type()) {
      case ARRAY -> value -> DenseForms.list((List<?>) value, wanted, casts);
      case STRING -> value -> text((String) value, wanted, dimension);
      case MAP -> value -> SparseForms.map((Map<?, ?>) value, dimension, casts);
      case BOOLEAN -> value -> BitForms.single((Boolean) value);
      case BYTES -> unnamed(schema, wanted, dimension);
      default -> throw noVector(schema);
    };
  }

  private static VectorReader unnamed(Schema schema, VectorType wanted, int dimension) {
    if (schema.name() != null
        || dimension == 0
        || wanted == VectorType.SPARSE
        || wanted == VectorType.BINARY) {
      throw noVector(schema);
    }
    return value -> ByteForms.dense(bytes(value), dimension);
  }

  private static DataException noVector(Schema schema) {
    return new DataException(
        "expected a vector, got %s%s; a vector is BYTES named io.vectorconnect.data.*, an"
                .formatted(schema.type(), schema.name() == null ? "" : " " + schema.name())
            + " ARRAY of numbers, a MAP of index to value, text, a Debezium vector type, or, where"
            + " the target tells a dimension, BYTES of float32 elements");
  }

  private static VectorReader packed(VectorType type, OptionalInt declared) {
    return value -> {
      byte[] bytes = bytes(value);
      int dimension =
          declared.isPresent()
              ? declared.getAsInt()
              : switch (type) {
                case FLOAT -> bytes.length / Float.BYTES;
                case FLOAT16, BFLOAT16 -> bytes.length / Short.BYTES;
                case INT8 -> bytes.length;
                case BINARY -> Math.multiplyExact(bytes.length, 8);
                case SPARSE -> 0;
              };
      return new PackedVector(type, dimension, bytes);
    };
  }

  private static VectorReader schemaless(VectorType wanted, int dimension, Set<LossyCast> casts) {
    return value -> {
      if (value instanceof List<?> list) {
        return DenseForms.list(list, wanted, casts);
      }
      if (value instanceof Map<?, ?> map) {
        return SparseForms.map(map, dimension, casts);
      }
      if (value instanceof String text) {
        return text(text, wanted, dimension);
      }
      throw new DataException(
          "expected a vector, got "
              + value.getClass().getSimpleName()
              + "; without a schema a vector is an array of numbers, an object of index to value, or"
              + " text");
    };
  }

  private static PackedVector text(String text, VectorType wanted, int dimension) {
    String trimmed = text.strip();
    if (trimmed.startsWith("[")) {
      return DenseForms.text(trimmed);
    }
    if (trimmed.startsWith("{")) {
      return SparseForms.text(trimmed, dimension);
    }
    if (wanted == VectorType.BINARY) {
      return BitForms.text(trimmed);
    }
    throw new DataException(
        "expected a vector as text, [1,2,3] or {1:0.5}/10, got text of another form");
  }

  /** The bytes of a BYTES value, which Connect hands over as an array or as a buffer. */
  static byte[] bytes(Object value) {
    if (value instanceof byte[] array) {
      return array;
    }
    if (value instanceof ByteBuffer buffer) {
      if (buffer.hasArray()
          && buffer.arrayOffset() == 0
          && buffer.position() == 0
          && buffer.remaining() == buffer.array().length) {
        return buffer.array();
      }
      byte[] copy = new byte[buffer.remaining()];
      buffer.duplicate().get(copy);
      return copy;
    }
    throw new DataException("expected BYTES, got " + value.getClass().getSimpleName());
  }
}
