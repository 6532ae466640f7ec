package io.vectorconnect.milvus.sink.row;

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
  /** Milvus keeps the largest index for itself. */
  private static final int REFUSED_INDEX = 0xFFFF_FFFF;

  private VectorCells() {}

  /** The encoder of a vector field; gives packed bytes. */
  static CellEncoder of(Schema schema, VectorType type, int dimension, Set<LossyCast> casts) {
    VectorReader reader = VectorReader.of(schema, type, dimension, casts);
    return type == VectorType.SPARSE
        ? value -> sparse(reader.read(value).requireFinite().bytes())
        : value -> reader.read(value).requireFinite().bytes();
  }

  private static byte[] sparse(byte[] pairs) {
    if (pairs.length > 0
        && LittleEndian.getInt(pairs, pairs.length - PackedVector.SPARSE_PAIR) == REFUSED_INDEX) {
      throw new DataException(
          "a sparse vector's index is 4,294,967,295, which Milvus refuses; correct the record");
    }
    return pairs;
  }
}
