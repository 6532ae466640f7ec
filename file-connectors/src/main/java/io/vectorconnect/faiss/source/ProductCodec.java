package io.vectorconnect.faiss.source;

import io.vectorconnect.data.VectorType;
import java.io.IOException;

/**
 * Faiss's ProductQuantizer (faiss/impl/ProductQuantizer.h): a vector is cut into parts, and each
 * part's code is the number of a centroid.
 *
 * @param parts how many parts a vector has
 * @param bits bits of a part's code
 * @param centroids packed float32: for each part 2^bits centroids of dimension / parts elements
 */
record ProductCodec(int dimension, int parts, int bits, byte[] centroids) implements VectorCodec {
  private static final int MAX_BITS = 16;

  /** Parses what {@code write_ProductQuantizer} writes. */
  static ProductCodec parse(IndexInput input, IndexHeader header) throws IOException {
    int dimension = header.dimension();
    long elements = input.int64();
    long parts = input.int64();
    long bits = input.int64();
    boolean whole = parts > 0 && parts <= dimension && dimension % parts == 0;
    if (elements != dimension || !whole || bits < 1 || bits > MAX_BITS) {
      throw new IndexFormatException(
          "a product quantiser of dimension %s in %s parts of %s bits; expected dimension %d, and 1 to %d bits"
              .formatted(
                  Long.toUnsignedString(elements),
                  Long.toUnsignedString(parts),
                  Long.toUnsignedString(bits),
                  dimension,
                  MAX_BITS));
    }
    byte[] centroids = input.packedFloats("the centroids of a product quantiser");
    if (centroids.length != ((long) dimension << bits) * Float.BYTES) {
      throw new IndexFormatException(
          "a product quantiser with %d bytes of centroids".formatted(centroids.length));
    }
    return new ProductCodec(dimension, (int) parts, (int) bits, centroids);
  }

  @Override
  public VectorType type() {
    return VectorType.FLOAT;
  }

  @Override
  public int codeSize() {
    return (int) (((long) parts * bits + 7) / 8);
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public VectorCodec asFloats() {
    return this;
  }

  @Override
  public void decode(byte[] codes, int at, byte[] vectors, int to, int count) {
    int partBytes = dimension / parts * Float.BYTES;
    for (int i = 0; i < count; i++) {
      int code = at + i * codeSize();
      int vector = to + i * vectorBytes();
      for (int part = 0; part < parts; part++) {
        int centroid = VectorCodec.bits(codes, code, part * bits, bits);
        System.arraycopy(
            centroids,
            ((part << bits) + centroid) * partBytes,
            vectors,
            vector + part * partBytes,
            partBytes);
      }
    }
  }
}
