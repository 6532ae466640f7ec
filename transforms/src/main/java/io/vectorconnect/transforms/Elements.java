package io.vectorconnect.transforms;

import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorCast;
import io.vectorconnect.data.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonType;

/** Takes the numbers of an array one by one and packs them, without a box for any. */
final class Elements {
  private final VectorType type;
  private final int dimension;
  private final Set<LossyCast> casts;
  private final byte[] bytes;
  private final ByteBuffer floats;
  private int count;

  /**
   * An empty vector.
   *
   * @param type FLOAT, INT8 or BINARY
   * @param dimension how many elements are expected; more are counted only
   */
  Elements(VectorType type, int dimension, Set<LossyCast> casts) {
    this.type = type;
    this.dimension = dimension;
    this.casts = casts;
    this.bytes = new byte[type.packedLength(dimension)];
    this.floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void add(double number) {
    if (type == VectorType.FLOAT) {
      float value = VectorCast.toFloat(number, count, casts);
      if (count < dimension) {
        floats.putFloat(count * Float.BYTES, value);
      }
      count++;
    } else if (number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE) {
      add((long) number);
    } else {
      throw outOfRange();
    }
  }

  void add(long number) {
    switch (type) {
      case FLOAT -> {
        float value = VectorCast.toFloat(number, count, casts);
        if (count < dimension) {
          floats.putFloat(count * Float.BYTES, value);
        }
      }
      case INT8 -> {
        if (number < Byte.MIN_VALUE || number > Byte.MAX_VALUE) {
          throw outOfRange();
        }
        if (count < dimension) {
          bytes[count] = (byte) number;
        }
      }
      default -> {
        if (number != 0 && number != 1) {
          throw outOfRange();
        }
        if (number == 1 && count < dimension) {
          bytes[count >>> 3] |= (byte) (0x80 >>> (count & 7));
        }
      }
    }
    count++;
  }

  void add(boolean bit) {
    if (type != VectorType.BINARY) {
      throw unexpected(BsonType.BOOLEAN);
    }
    add(bit ? 1 : 0);
  }

  /** What has come. */
  PackedVector packed() {
    if (count != dimension) {
      throw new DataException(
          "expected a vector of dimension %d, got %d; correct the document, or vector.fields"
              .formatted(dimension, count));
    }
    return new PackedVector(type, dimension, bytes);
  }

  DataException unexpected(BsonType element) {
    return new DataException(
        "element %d of the vector is %s, expected a number".formatted(count, element));
  }

  private DataException outOfRange() {
    return new DataException(
        type == VectorType.INT8
            ? "element %d of the vector is no whole number from -128 to 127".formatted(count)
            : "element %d of a bit vector is neither 0 nor 1".formatted(count));
  }
}
