package io.vectorconnect.faiss.source;

import io.vectorconnect.data.VectorType;

/** How the codes of an index become packed vectors. */
interface VectorCodec {
  /** The type of the vectors. */
  VectorType type();

  /** Elements of a vector. */
  int dimension();

  /** Bytes of one code. */
  int codeSize();

  /** Whether a code is a vector itself, so that nothing was lost when it was made. */
  boolean isExact();

  /** The same codes as float32 vectors; this one where it makes such. */
  VectorCodec asFloats();

  /**
   * Decodes codes that stand side by side.
   *
   * @param at where the first code begins
   * @param to where its vector goes
   */
  void decode(byte[] codes, int at, byte[] vectors, int to, int count);

  /** Bytes of one vector. */
  default int vectorBytes() {
    return type().packedLength(dimension());
  }

  /** Codes that are packed vectors already. */
  record Plain(VectorType type, int dimension) implements VectorCodec {
    @Override
    public int codeSize() {
      return vectorBytes();
    }

    @Override
    public boolean isExact() {
      return true;
    }

    @Override
    public VectorCodec asFloats() {
      return this;
    }

    @Override
    public void decode(byte[] codes, int at, byte[] vectors, int to, int count) {
      System.arraycopy(codes, at, vectors, to, count * codeSize());
    }
  }

  /** The {@code bits} bits from bit {@code first} on of a code at {@code at}, lowest first. */
  static int bits(byte[] codes, int at, int first, int bits) {
    int value = 0;
    int taken = 0;
    int bit = first;
    while (taken < bits) {
      int inByte = bit & 7;
      int some = Math.min(8 - inByte, bits - taken);
      int part = ((codes[at + (bit >> 3)] & 0xFF) >> inByte) & ((1 << some) - 1);
      value |= part << taken;
      taken += some;
      bit += some;
    }
    return value;
  }
}
