package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.weaviate.source.client.ObjectView;
import org.apache.kafka.connect.errors.DataException;

/** Text of vectors that have no packed form on Kafka. */
final class MultiVectors {
  private MultiVectors() {}

  /**
   * A JSON array of arrays, in digits that name each binary32 exactly.
   *
   * @param bytes as {@link ObjectView#vectors} gives them
   */
  static String toJson(byte[] bytes) {
    int dimension = Short.toUnsignedInt(LittleEndian.getShort(bytes, 0));
    int floats = (bytes.length - Short.BYTES) / Float.BYTES;
    if (dimension == 0 || floats % dimension != 0) {
      throw new DataException(
          "expected vectors of dimension %d, got %d numbers in all".formatted(dimension, floats));
    }
    StringBuilder json = new StringBuilder(floats * 12).append('[');
    for (int i = 0; i < floats; i++) {
      json.append(i % dimension > 0 ? "," : i > 0 ? "],[" : "[");
      float element = LittleEndian.getFloat(bytes, Short.BYTES + i * Float.BYTES);
      if (!Float.isFinite(element)) {
        throw new DataException("JSON has no NaN and no infinities; correct the object");
      }
      json.append(element);
    }
    return json.append("]]").toString();
  }
}
