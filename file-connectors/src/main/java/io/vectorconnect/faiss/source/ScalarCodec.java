package io.vectorconnect.faiss.source;

import io.vectorconnect.data.Float16;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorType;
import java.io.IOException;

/**
 * Faiss's ScalarQuantizer (faiss/impl/ScalarQuantizer.h): each element is a code of 4, 6 or 8 bits
 * between a least value and the difference to the largest, or a number in a small format.
 *
 * <p>Faiss's own results differ by how it was built: in dimensions that 8 divides, its AVX2 code
 * multiplies and adds in one step with one rounding, its portable code in two. This does as AVX2.
 *
 * @param table for coded elements: the least values and the differences, one of each or one for
 *     each element
 * @param floats whether numbers in a small format are made float32
 */
record ScalarCodec(Kind kind, int dimension, float[] table, boolean floats) implements VectorCodec {
  /** faiss::ScalarQuantizer::QuantizerType by number; later ones are not read. */
  enum Kind {
    BITS_8(8, VectorType.FLOAT),
    BITS_4(4, VectorType.FLOAT),
    BITS_8_UNIFORM(8, VectorType.FLOAT),
    BITS_4_UNIFORM(4, VectorType.FLOAT),
    FP16(16, VectorType.FLOAT16),
    DIRECT(8, VectorType.FLOAT), // no vector type has uint8 elements
    BITS_6(6, VectorType.FLOAT),
    BF16(16, VectorType.BFLOAT16),
    DIRECT_SIGNED(8, VectorType.INT8);

    private final int bits;
    private final VectorType stored;

    Kind(int bits, VectorType stored) {
      this.bits = bits;
      this.stored = stored;
    }

    private boolean isUniform() {
      return this == BITS_8_UNIFORM || this == BITS_4_UNIFORM;
    }

    private boolean isTrained() {
      return isUniform() || this == BITS_8 || this == BITS_4 || this == BITS_6;
    }
  }

  /**
   * Parses what {@code write_ScalarQuantizer} writes.
   *
   * @param header of the index; one without vectors need not be trained
   */
  static VectorCodec parse(IndexInput input, IndexHeader header) throws IOException {
    int dimension = header.dimension();
    int number = input.int32();
    input.skip(2, Integer.BYTES, "scalar quantiser"); // how the range was found
    long elements = input.int64();
    long codeSize = input.int64();
    float[] table = input.floats("the ranges of a scalar quantiser");
    if (number < 0 || number >= Kind.values().length) {
      throw new IndexFormatException(
          "a scalar quantiser of type %d; types 0 to %d are read"
              .formatted(number, Kind.values().length - 1));
    }
    Kind kind = Kind.values()[number];
    int expected = (int) (((long) dimension * kind.bits + 7) / 8);
    if (elements != dimension || codeSize != expected) {
      throw new IndexFormatException(
          "a scalar quantiser of dimension %s in codes of %s bytes, expected %d and %d"
              .formatted(
                  Long.toUnsignedString(elements),
                  Long.toUnsignedString(codeSize),
                  dimension,
                  expected));
    }
    long ranges = kind.isUniform() ? 1 : dimension;
    if (kind.isTrained() && !header.isEmpty() && table.length != 2 * ranges) {
      throw new IndexFormatException("a scalar quantiser with %d ranges".formatted(table.length));
    }
    return new ScalarCodec(kind, dimension, table, false);
  }

  @Override
  public VectorType type() {
    return floats ? VectorType.FLOAT : kind.stored;
  }

  @Override
  public int codeSize() {
    return (int) (((long) dimension * kind.bits + 7) / 8);
  }

  @Override
  public boolean isExact() {
    return !kind.isTrained();
  }

  @Override
  public VectorCodec asFloats() {
    return new ScalarCodec(kind, dimension, table, true);
  }

  @Override
  public void decode(byte[] codes, int at, byte[] vectors, int to, int count) {
    for (int i = 0; i < count; i++) {
      int code = at + i * codeSize();
      int vector = to + i * vectorBytes();
      if (type() == VectorType.FLOAT) {
        for (int e = 0; e < dimension; e++) {
          LittleEndian.putFloat(vectors, vector + e * Float.BYTES, element(codes, code, e));
        }
      } else if (kind == Kind.DIRECT_SIGNED) {
        for (int e = 0; e < dimension; e++) {
          vectors[vector + e] = (byte) (codes[code + e] ^ 0x80); // stored with 128 added
        }
      } else {
        System.arraycopy(codes, code, vectors, vector, codeSize());
      }
    }
  }

  private float element(byte[] codes, int at, int element) {
    return switch (kind) {
      case BITS_8, BITS_8_UNIFORM -> scaled((codes[at + element] & 0xFF) + 0.5f, 255, element);
      case BITS_4, BITS_4_UNIFORM, BITS_6 -> {
        int code = VectorCodec.bits(codes, at, element * kind.bits, kind.bits);
        yield scaled(code + 0.5f, (1 << kind.bits) - 1, element);
      }
      case FP16 -> Float16.toFloat(LittleEndian.getShort(codes, at + element * Short.BYTES));
      case BF16 ->
          Float.intBitsToFloat(LittleEndian.getShort(codes, at + element * Short.BYTES) << 16);
      case DIRECT -> codes[at + element] & 0xFF;
      case DIRECT_SIGNED -> (codes[at + element] & 0xFF) - 128;
    };
  }

  private float scaled(float code, float largest, int element) {
    float share = code / largest;
    float least = kind.isUniform() ? table[0] : table[element];
    float range = kind.isUniform() ? table[1] : table[dimension + element];
    return dimension % 8 == 0 ? Math.fma(share, range, least) : least + share * range;
  }
}
