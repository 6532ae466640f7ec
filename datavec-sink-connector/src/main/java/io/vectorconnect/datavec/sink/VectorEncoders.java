package io.vectorconnect.datavec.sink;

import static io.vectorconnect.data.PackedVector.SPARSE_PAIR;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Encoders of the vector columns.
 *
 * <p>Layouts, all big-endian (pgvector's vector_recv, halfvec_recv, sparsevec_recv; openGauss is
 * the same byte for byte): vector and halfvec: int16 dimension, int16 unused, elements; sparsevec:
 * int32 dimension, int32 non-zeros, int32 unused, int32 indices from 0 ascending, float4 values,
 * none of them zero; bit: int32 length in bits, bytes.
 */
final class VectorEncoders {
  /** Elements of a vector or halfvec, and non-zeros of a sparsevec. */
  static final int MAX_ELEMENTS = 16_000;

  static final int MAX_SPARSE_DIMENSION = 1_000_000_000;

  private VectorEncoders() {}

  /** The encoder of a vector column, or empty when the column holds no vectors. */
  static Optional<ColumnEncoder> of(Schema schema, Column column, Set<LossyCast> casts) {
    VectorType type =
        switch (column.typeName()) {
          case "vector" -> VectorType.FLOAT;
          case "halfvec" -> VectorType.FLOAT16;
          case "sparsevec" -> VectorType.SPARSE;
          case "bit", "varbit" -> VectorType.BINARY;
          default -> null;
        };
    if (type == null) {
      return Optional.empty();
    }
    if (column.typeName().equals("varbit")
        && schema != null
        && VectorReader.DEBEZIUM_BITS.equals(schema.name())) {
      throw new DataException(
          "Debezium's Bits do not say how many bits a value has; send text of 0 and 1 (for a source"
              + " in PostgreSQL, by the converter io.vectorconnect.debezium.VectorConverter), or use"
              + " a column of type bit(n)");
    }
    int dimension = column.typeName().equals("varbit") ? 0 : Math.max(0, column.modifier());
    VectorReader reader = VectorReader.of(schema, type, dimension, casts);
    return Optional.of(
        switch (type) {
          case FLOAT -> (value, out) -> putFloats(reader.read(value), out);
          case FLOAT16 -> (value, out) -> putHalves(reader.read(value), out);
          case SPARSE -> (value, out) -> putSparse(reader.read(value), out);
          default -> (value, out) -> putBits(reader.read(value), out);
        });
  }

  private static void putFloats(PackedVector vector, CopyBuffer out) {
    byte[] elements = vector.bytes();
    checkDimension(vector.dimension());
    out.putShort(vector.dimension());
    out.putShort(0);
    if (!out.putFiniteFloats(elements)) {
      vector.requireFinite(); // says which
    }
  }

  private static void putHalves(PackedVector vector, CopyBuffer out) {
    byte[] elements = vector.requireFinite().bytes();
    checkDimension(vector.dimension());
    out.putShort(vector.dimension());
    out.putShort(0);
    out.putSwapped2(elements);
  }

  private static void putSparse(PackedVector vector, CopyBuffer out) {
    if (vector.dimension() < 1 || vector.dimension() > MAX_SPARSE_DIMENSION) {
      throw new DataException(
          "a sparsevec needs a dimension from 1 to %,d, got %d; give the column one, as in sparsevec(30522)"
              .formatted(MAX_SPARSE_DIMENSION, vector.dimension()));
    }
    byte[] pairs = vector.requireFinite().bytes();
    int stored = 0;
    for (int at = 0; at < pairs.length; at += SPARSE_PAIR) {
      stored += isZero(pairs, at) ? 0 : 1;
    }
    if (stored > MAX_ELEMENTS) {
      throw new DataException(
          "a sparsevec holds at most %,d non-zeros, got %,d".formatted(MAX_ELEMENTS, stored));
    }
    out.putInt(vector.dimension());
    out.putInt(stored);
    out.putInt(0);
    // A zero that the source lists is, to a sparsevec, an element that is not listed.
    for (int at = 0; at < pairs.length; at += SPARSE_PAIR) {
      if (!isZero(pairs, at)) {
        out.putInt(LittleEndian.getInt(pairs, at));
      }
    }
    for (int at = 0; at < pairs.length; at += SPARSE_PAIR) {
      if (!isZero(pairs, at)) {
        out.putInt(LittleEndian.getInt(pairs, at + 4));
      }
    }
  }

  private static boolean isZero(byte[] pairs, int at) {
    return LittleEndian.getFloat(pairs, at + 4) == 0f;
  }

  private static void putBits(PackedVector vector, CopyBuffer out) {
    out.putInt(vector.dimension());
    out.putBytes(vector.bytes());
  }

  private static void checkDimension(int dimension) {
    if (dimension < 1 || dimension > MAX_ELEMENTS) {
      throw new DataException(
          "a vector column holds 1 to %,d elements, got %,d".formatted(MAX_ELEMENTS, dimension));
    }
  }
}
