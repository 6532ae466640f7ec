package io.vectorconnect.faiss.source;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorType;
import java.io.IOException;

/** The centroids of inverted lists whose codes are of the differences to them. */
final class Centroids {
  private final IndexRows quantizer;
  private final byte[] centroid;
  private long list = -1;

  /**
   * The centroids that a coarse quantiser holds, by the number of the list.
   *
   * @throws IndexFormatException when it does not hold them as float32 in that order
   */
  Centroids(IndexRows quantizer) throws IndexFormatException {
    if (quantizer.hasIds() || quantizer.codec().type() != VectorType.FLOAT) {
      throw new IndexFormatException(
          "codes of residuals with a coarse quantiser that has ids, or no float32 vectors");
    }
    this.quantizer = quantizer;
    this.centroid = new byte[quantizer.codec().vectorBytes()];
  }

  /** Adds the centroid of a list to float32 vectors, as Faiss does: each sum rounded once. */
  void add(long number, byte[] vectors, int at, int count) throws IOException {
    if (list != number) {
      list = -1;
      quantizer.read(number, new long[1], centroid);
      list = number;
    }
    for (int i = 0; i < count * centroid.length; i += Float.BYTES) {
      float sum =
          LittleEndian.getFloat(vectors, at + i)
              + LittleEndian.getFloat(centroid, i % centroid.length);
      LittleEndian.putFloat(vectors, at + i, sum);
    }
  }
}
