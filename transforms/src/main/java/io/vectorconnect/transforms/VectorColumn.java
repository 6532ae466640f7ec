package io.vectorconnect.transforms;

import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorCast;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonBinary;
import org.bson.BsonReader;
import org.bson.BsonType;

/**
 * A vector: an array of numbers, or BSON's own vectors, Binary subtype 9.
 *
 * <p>These are, after the specification {@code bson-binary-vector}: one byte for the element type,
 * one for the bits to ignore at the end, and the elements, packed; 32-bit floats little-endian.
 */
final class VectorColumn implements Column {
  private static final byte SUBTYPE = 9;
  private static final byte INT8 = 0x03;
  private static final byte PACKED_BIT = 0x10;
  private static final byte FLOAT32 = 0x27;
  private static final int HEADER = 2;

  private final VectorType type;
  private final int dimension;
  private final Set<LossyCast> casts;
  private final Schema schema;

  /** The column of a declaration. */
  VectorColumn(DeclaredVector declared, Set<LossyCast> casts) {
    this.type = declared.type();
    this.dimension = declared.dimension();
    this.casts = casts;
    this.schema = VectorSchema.builder(type, dimension).optional().build();
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public byte[] read(BsonReader in, BsonType bsonType) {
    PackedVector vector =
        switch (bsonType) {
          case ARRAY -> array(in);
          case BINARY -> binary(in.readBinaryData());
          default -> throw new DataException("expected a vector, got " + bsonType);
        };
    if (vector.dimension() != dimension) {
      throw new DataException(
          "expected a vector of dimension %d, got %d; correct the document, or vector.fields"
              .formatted(dimension, vector.dimension()));
    }
    return VectorCast.to(type, vector, casts).bytes();
  }

  private PackedVector array(BsonReader in) {
    var elements = new Elements(type, dimension, casts);
    in.readStartArray();
    for (BsonType next = in.readBsonType();
        next != BsonType.END_OF_DOCUMENT;
        next = in.readBsonType()) {
      switch (next) {
        case DOUBLE -> elements.add(in.readDouble());
        case INT32 -> elements.add(in.readInt32());
        case INT64 -> elements.add(in.readInt64());
        case BOOLEAN -> elements.add(in.readBoolean());
        default -> throw elements.unexpected(next);
      }
    }
    in.readEndArray();
    return elements.packed();
  }

  private static PackedVector binary(BsonBinary binary) {
    byte[] data = binary.getData();
    if (binary.getType() != SUBTYPE || data.length < HEADER) {
      throw new DataException(
          "expected a vector, got Binary of subtype %d, which does not tell its element type; store BSON vectors (subtype 9) or arrays of numbers"
              .formatted(binary.getType()));
    }
    byte[] elements = Arrays.copyOfRange(data, HEADER, data.length);
    int padding = data[1];
    boolean paddingFits =
        data[0] == PACKED_BIT
            ? padding >= 0 && padding < 8 && (padding == 0 || elements.length > 0)
            : padding == 0;
    if (!paddingFits) {
      throw new DataException("a BSON vector with padding " + padding + " is damaged");
    }
    return switch (data[0]) {
      case FLOAT32 -> {
        if (elements.length % Float.BYTES != 0) {
          throw new DataException(
              "a BSON vector of 32-bit floats has %d bytes and is damaged"
                  .formatted(elements.length));
        }
        yield new PackedVector(VectorType.FLOAT, elements.length / Float.BYTES, elements);
      }
      case INT8 -> new PackedVector(VectorType.INT8, elements.length, elements);
      case PACKED_BIT -> {
        if (padding > 0) {
          elements[elements.length - 1] &= (byte) (0xFF << padding); // to be ignored, says the spec
        }
        int bits = Math.multiplyExact(elements.length, 8) - padding;
        yield new PackedVector(VectorType.BINARY, bits, elements);
      }
      default ->
          throw new DataException(
              "a BSON vector of an element type that is not known, 0x%02x".formatted(data[0]));
    };
  }
}
