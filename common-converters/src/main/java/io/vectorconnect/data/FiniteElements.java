package io.vectorconnect.data;

import org.apache.kafka.connect.errors.DataException;

/**
 * Looks for NaN and infinity in packed vectors, eight bytes at a time.
 *
 * <p>IEEE 754: their exponents have all bits set, and no other number's have. Where the lowest bit
 * of an exponent is added to it, only then there is a carry into the sign's place.
 */
final class FiniteElements {
  private static final long FLOAT = 0x7F80_0000_7F80_0000L;
  private static final long FLOAT_LOWEST = 0x0080_0000_0080_0000L;
  private static final long FLOAT16 = 0x7C00_7C00_7C00_7C00L;
  private static final long FLOAT16_LOWEST = 0x0400_0400_0400_0400L;
  private static final long BFLOAT16 = 0x7F80_7F80_7F80_7F80L;
  private static final long BFLOAT16_LOWEST = 0x0080_0080_0080_0080L;

  /** In a sparse vector's pair the value comes after the index. */
  private static final long PAIR = 0x7F80_0000_0000_0000L;

  private static final long PAIR_LOWEST = 0x0080_0000_0000_0000L;

  private FiniteElements() {}

  /**
   * Checks every element, of a sparse vector every value.
   *
   * @throws DataException naming the first that is NaN or infinite
   */
  static void require(PackedVector vector) {
    byte[] bytes = vector.bytes();
    switch (vector.type()) {
      case FLOAT -> require(bytes, FLOAT, FLOAT_LOWEST, Float.BYTES);
      case FLOAT16 -> require(bytes, FLOAT16, FLOAT16_LOWEST, Short.BYTES);
      case BFLOAT16 -> require(bytes, BFLOAT16, BFLOAT16_LOWEST, Short.BYTES);
      case SPARSE -> require(bytes, PAIR, PAIR_LOWEST, PackedVector.SPARSE_PAIR);
      case INT8, BINARY -> {
        // every one of them is a number
      }
    }
  }

  private static void require(byte[] bytes, long exponents, long lowest, int step) {
    long signs = exponents + lowest;
    long carries = 0;
    int whole = bytes.length & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      carries |= (LittleEndian.getLong(bytes, at) & exponents) + lowest;
    }
    carries |= (rest(bytes, whole) & exponents) + lowest;
    if ((carries & signs) != 0) {
      throw notFinite(first(bytes, exponents, lowest) / step);
    }
  }

  /** The offset of the first element whose exponent has all bits set. */
  private static int first(byte[] bytes, long exponents, long lowest) {
    for (int at = 0; at < bytes.length; at += Long.BYTES) {
      long word =
          at + Long.BYTES <= bytes.length ? LittleEndian.getLong(bytes, at) : rest(bytes, at);
      long carries = ((word & exponents) + lowest) & (exponents + lowest);
      if (carries != 0) {
        return at + Long.numberOfTrailingZeros(carries) / Byte.SIZE;
      }
    }
    throw new IllegalStateException("all elements are finite");
  }

  /** What is left from an offset on, less than eight bytes; then zeros. */
  private static long rest(byte[] bytes, int from) {
    long word = 0;
    for (int at = from; at < bytes.length; at++) {
      word |= (bytes[at] & 0xFFL) << ((at - from) * Byte.SIZE);
    }
    return word;
  }

  private static DataException notFinite(int element) {
    return new DataException(
        "element "
            + element
            + " of the vector is NaN or infinite, which the database does not store;"
            + " correct or filter the record");
  }
}
