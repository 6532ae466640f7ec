package io.vectorconnect.data;

import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.connect.errors.DataException;

/**
 * One vector in its packed form (see {@link VectorType} for the layout).
 *
 * @param type the element type
 * @param dimension the number of elements; 0 for a sparse vector whose source declares none
 * @param bytes the elements; not copied, do not change them afterwards
 */
public record PackedVector(VectorType type, int dimension, byte[] bytes) {

  /**
   * Checks that the bytes fit the dimension.
   *
   * @throws DataException when they do not, or when sparse indices are out of order or out of range
   */
  public PackedVector {
    Objects.requireNonNull(type, "type");
    if (dimension < 0) {
      throw new DataException("a vector's dimension must not be negative, got " + dimension);
    }
    if (type == VectorType.SPARSE) {
      checkSparse(dimension, bytes);
    } else if (bytes.length != type.packedLength(dimension)) {
      throw new DataException(
          "expected a %s of dimension %d in %d bytes, got %d bytes; correct the record, or its schema"
              .formatted(type.schemaName(), dimension, type.packedLength(dimension), bytes.length));
    } else if (type == VectorType.BINARY && (dimension & 7) != 0) {
      int unused = 0xFF >>> (dimension & 7);
      if ((bytes[bytes.length - 1] & unused) != 0) {
        throw new DataException(
            "a bit vector of dimension " + dimension + " has bits set beyond its dimension");
      }
    }
  }

  /** Packs float32 elements. */
  public static PackedVector ofFloats(float[] elements) {
    byte[] bytes = new byte[elements.length * Float.BYTES];
    for (int i = 0; i < elements.length; i++) {
      LittleEndian.putFloat(bytes, i * Float.BYTES, elements[i]);
    }
    return new PackedVector(VectorType.FLOAT, elements.length, bytes);
  }

  /**
   * Packs a sparse vector.
   *
   * @param dimension the dimension, or 0 when it is not known
   * @param indices unsigned 32-bit indices from 0, ascending
   * @param values their values
   */
  public static PackedVector ofSparse(int dimension, int[] indices, float[] values) {
    byte[] bytes = new byte[indices.length * SPARSE_PAIR];
    for (int i = 0; i < indices.length; i++) {
      LittleEndian.putInt(bytes, i * SPARSE_PAIR, indices[i]);
      LittleEndian.putFloat(bytes, i * SPARSE_PAIR + Integer.BYTES, values[i]);
    }
    return new PackedVector(VectorType.SPARSE, dimension, bytes);
  }

  /** Bytes of one (index, value) pair of a sparse vector. */
  public static final int SPARSE_PAIR = 8;

  /** The elements of a {@link VectorType#FLOAT} vector. */
  public float[] toFloats() {
    if (type != VectorType.FLOAT) {
      throw new DataException("expected a FloatVector, got " + type.schemaName());
    }
    float[] elements = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      elements[i] = LittleEndian.getFloat(bytes, i * Float.BYTES);
    }
    return elements;
  }

  /** The number of pairs of a {@link VectorType#SPARSE} vector. */
  public int nonZeros() {
    if (type != VectorType.SPARSE) {
      throw new DataException("expected a SparseVector, got " + type.schemaName());
    }
    return bytes.length / SPARSE_PAIR;
  }

  /**
   * This vector, for a target that stores no NaN and no infinity.
   *
   * @throws DataException naming the first element (of a sparse vector, the first pair) that is one
   */
  public PackedVector requireFinite() {
    FiniteElements.require(this);
    return this;
  }

  private static void checkSparse(int dimension, byte[] bytes) {
    if (bytes.length % SPARSE_PAIR != 0) {
      throw new DataException(
          "a sparse vector is pairs of 8 bytes, got " + bytes.length + " bytes");
    }
    long previous = -1;
    for (int at = 0; at < bytes.length; at += SPARSE_PAIR) {
      long index = Integer.toUnsignedLong(LittleEndian.getInt(bytes, at));
      if (index <= previous) {
        throw new DataException("sparse indices must ascend, got " + index + " after " + previous);
      }
      previous = index;
    }
    if (dimension > 0 && previous >= dimension) {
      throw new DataException(
          "sparse index " + previous + " is outside dimension " + dimension + " (indices from 0)");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedVector that
        && type == that.type
        && dimension == that.dimension
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, dimension, Arrays.hashCode(bytes));
  }

  /** Type and dimension; never the values. */
  @Override
  public String toString() {
    return type.schemaName() + "(" + dimension + ")";
  }
}
