package io.vectorconnect.data;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * The six element types of a vector, each a logical type over Connect's BYTES.
 *
 * <p>The bytes are the elements one after another, little-endian, without a header: the form in
 * which Milvus, Faiss and numpy hold them, so that no converter on the way ever sees a boxed
 * number.
 */
public enum VectorType {
  /** IEEE 754 binary32, 4 bytes an element. */
  FLOAT("FloatVector"),
  /** IEEE 754 binary16, 2 bytes an element. */
  FLOAT16("Float16Vector"),
  /** The upper 16 bits of a binary32, 2 bytes an element. */
  BFLOAT16("BFloat16Vector"),
  /** Signed 8-bit integers. */
  INT8("Int8Vector"),
  /** Bits, most significant first; the unused low bits of the last byte are zero. */
  BINARY("BinaryVector"),
  /** Pairs of (unsigned 32-bit index from 0, binary32 value), 8 bytes each, by ascending index. */
  SPARSE("SparseVector");

  private static final Map<String, VectorType> BY_SCHEMA_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(VectorType::schemaName, Function.identity()));

  private final String schemaName;

  VectorType(String simpleName) {
    this.schemaName = "io.vectorconnect.data." + simpleName;
  }

  /** The schema name (logical type name) of this type on Kafka. */
  public String schemaName() {
    return schemaName;
  }

  /** The type that {@code schema} names, or empty when it is not one of ours. */
  public static Optional<VectorType> of(Schema schema) {
    String name = schema == null ? null : schema.name();
    return name == null ? Optional.empty() : Optional.ofNullable(BY_SCHEMA_NAME.get(name));
  }

  /**
   * The length in bytes of a packed vector of {@code dimension} elements.
   *
   * @throws DataException when no array is that long
   * @throws IllegalStateException for {@link #SPARSE}, whose length depends on its non-zeros
   */
  public int packedLength(int dimension) {
    return switch (this) {
      case FLOAT -> length(dimension, Float.BYTES);
      case FLOAT16, BFLOAT16 -> length(dimension, Short.BYTES);
      case INT8 -> dimension;
      case BINARY -> (dimension + 7) >>> 3;
      case SPARSE -> throw new IllegalStateException("a sparse vector has no fixed length");
    };
  }

  private static int length(int dimension, int elementBytes) {
    if (dimension > Integer.MAX_VALUE / elementBytes) {
      throw new DataException("a vector of dimension " + dimension + " is too long");
    }
    return dimension * elementBytes;
  }
}
