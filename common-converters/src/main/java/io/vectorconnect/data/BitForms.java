package io.vectorconnect.data;

import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/** Foreign forms of bit vectors. */
final class BitForms {
  private BitForms() {}

  /**
   * Debezium's {@code Bits}: little-endian, trailing zero bytes left out, and numbered from the
   * right, so that the first character of a PostgreSQL bit string is bit {@code length - 1}.
   */
  static PackedVector debezium(byte[] bits, int length) {
    byte[] packed = new byte[VectorType.BINARY.packedLength(length)];
    for (int i = 0; i < bits.length * 8; i++) {
      if ((bits[i >>> 3] >>> (i & 7) & 1) != 0) {
        if (i >= length) {
          throw new DataException(
              "a bit string of length " + length + " has bits beyond its length");
        }
        set(packed, length - 1 - i);
      }
    }
    return new PackedVector(VectorType.BINARY, length, packed);
  }

  /** Debezium's {@code bit(1)}. */
  static PackedVector single(boolean bit) {
    return new PackedVector(VectorType.BINARY, 1, new byte[] {(byte) (bit ? 0x80 : 0)});
  }

  /** Booleans, or the numbers 0 and 1. */
  static PackedVector list(List<?> elements) {
    byte[] packed = new byte[VectorType.BINARY.packedLength(elements.size())];
    int i = 0;
    for (Object element : elements) {
      boolean one = Boolean.TRUE.equals(element) || isNumber(element, 1);
      if (one) {
        set(packed, i);
      } else if (!Boolean.FALSE.equals(element) && !isNumber(element, 0)) {
        throw new DataException("element " + i + " of a bit vector is neither 0 nor 1");
      }
      i++;
    }
    return new PackedVector(VectorType.BINARY, elements.size(), packed);
  }

  /** A string of 0 and 1. */
  static PackedVector text(String text) {
    byte[] packed = new byte[VectorType.BINARY.packedLength(text.length())];
    for (int i = 0; i < text.length(); i++) {
      char bit = text.charAt(i);
      if (bit == '1') {
        set(packed, i);
      } else if (bit != '0') {
        throw new DataException("character " + i + " of a bit vector's text is neither 0 nor 1");
      }
    }
    return new PackedVector(VectorType.BINARY, text.length(), packed);
  }

  private static boolean isNumber(Object element, int value) {
    return element instanceof Number number && number.doubleValue() == value;
  }

  private static void set(byte[] packed, int bit) {
    packed[bit >>> 3] |= (byte) (0x80 >>> (bit & 7));
  }
}
