package io.vectorconnect.milvus.sink;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Vectors on their way into a request: Milvus's bytes are our packed ones, unchanged. */
final class VectorCells {
  private static final int FLOAT_EXPONENT = 0x7F80_0000;
  private static final int FLOAT16_EXPONENT = 0x7C00;
  private static final int BFLOAT16_EXPONENT = 0x7F80;

  /** Milvus keeps the largest index for itself. */
  private static final int REFUSED_INDEX = 0xFFFF_FFFF;

  private VectorCells() {}

  /** The encoder of a vector field; gives packed bytes. */
  static CellEncoder of(Schema schema, VectorType type, int dimension, Set<LossyCast> casts) {
    VectorReader reader = VectorReader.of(schema, type, dimension, casts);
    return switch (type) {
      case FLOAT -> value -> finite32(reader.read(value), 0, Float.BYTES);
      case FLOAT16 -> value -> finite16(reader.read(value), FLOAT16_EXPONENT);
      case BFLOAT16 -> value -> finite16(reader.read(value), BFLOAT16_EXPONENT);
      case INT8, BINARY -> value -> reader.read(value).bytes();
      case SPARSE -> value -> sparse(reader.read(value));
    };
  }

  private static byte[] finite32(PackedVector vector, int first, int step) {
    byte[] bytes = vector.bytes();
    for (int at = first; at < bytes.length; at += step) {
      if ((LittleEndian.getInt(bytes, at) & FLOAT_EXPONENT) == FLOAT_EXPONENT) {
        throw notFinite(at / step);
      }
    }
    return bytes;
  }

  private static byte[] finite16(PackedVector vector, int exponent) {
    byte[] bytes = vector.bytes();
    for (int at = 0; at < bytes.length; at += Short.BYTES) {
      if ((LittleEndian.getShort(bytes, at) & exponent) == exponent) {
        throw notFinite(at / Short.BYTES);
      }
    }
    return bytes;
  }

  private static byte[] sparse(PackedVector vector) {
    byte[] pairs = finite32(vector, Integer.BYTES, PackedVector.SPARSE_PAIR);
    if (pairs.length > 0
        && LittleEndian.getInt(pairs, pairs.length - PackedVector.SPARSE_PAIR) == REFUSED_INDEX) {
      throw new DataException(
          "a sparse vector's index is 4,294,967,295, which Milvus refuses; correct the record");
    }
    return pairs;
  }

  private static DataException notFinite(int element) {
    return new DataException(
        "element "
            + element
            + " of the vector is NaN or infinite, which the database refuses;"
            + " correct or filter the record");
  }
}
