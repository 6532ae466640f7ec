package io.vectorconnect.data;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.errors.DataException;

/**
 * BYTES that no schema names a vector, for a target that is declared to be one: what a database
 * without a vector type, or a log reader that does not know it, makes of a vector.
 */
final class ByteForms {
  private ByteForms() {}

  /**
   * Reads float32 elements, little-endian, or the text {@code [1,2,3]} in ASCII.
   *
   * @param dimension the target's, which tells the two apart
   */
  static PackedVector dense(byte[] bytes, int dimension) {
    boolean bracketed = bytes.length >= 2 && bytes[0] == '[' && bytes[bytes.length - 1] == ']';
    if (bytes.length != VectorType.FLOAT.packedLength(dimension)) {
      if (bracketed) {
        return DenseForms.text(new String(bytes, StandardCharsets.ISO_8859_1));
      }
      throw new DataException(
          "expected %d bytes, the float32 elements of a vector of dimension %d, or its text in brackets, got %d bytes; correct the record, or the target's dimension"
              .formatted(VectorType.FLOAT.packedLength(dimension), dimension, bytes.length));
    }
    if (bracketed && isText(bytes, dimension)) {
      throw new DataException(
          "%d bytes are a vector of dimension %d as float32 elements, and as text too; make them STRING, or a named vector, by a transform"
              .formatted(bytes.length, dimension));
    }
    return new PackedVector(VectorType.FLOAT, dimension, bytes);
  }

  private static boolean isText(byte[] bytes, int dimension) {
    try {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return DenseForms.text(text).dimension() == dimension;
    } catch (DataException e) {
      return false;
    }
  }
}
