package io.vectorconnect.faiss.source;

import io.vectorconnect.data.VectorType;
import java.io.IOException;
import java.util.Map;

/**
 * What every index begins with.
 *
 * @param dimension elements of a vector, bits of a binary one
 * @param metric as vector databases call it
 */
record IndexHeader(int dimension, long count, boolean binary, String metric) {
  /** Metrics of faiss/MetricType.h by number. */
  private static final Map<Integer, String> METRICS =
      Map.of(0, "IP", 1, "L2", 2, "L1", 3, "LINF", 4, "LP");

  /** Of an index of float32 vectors. */
  static IndexHeader parse(IndexInput input) throws IOException {
    int dimension = input.int32();
    long count = input.int64();
    input.skip(2, Long.BYTES, "header");
    input.skip(1, 1, "header"); // is_trained
    int metric = input.int32();
    if (metric > 1) {
      input.skip(1, Float.BYTES, "header");
    }
    if (dimension <= 0 || dimension > Integer.MAX_VALUE / Float.BYTES || count < 0) {
      throw new IndexFormatException(
          "a header with dimension %d and %d vectors".formatted(dimension, count));
    }
    String name = METRICS.getOrDefault(metric, "METRIC_" + metric);
    return new IndexHeader(dimension, count, false, name);
  }

  /** Of an index of bits. */
  static IndexHeader parseBinary(IndexInput input) throws IOException {
    return parseBinary(input, true);
  }

  /** Of what maps the rows of an index of bits to ids; older releases give no code size there. */
  static IndexHeader parseBinaryMap(IndexInput input) throws IOException {
    return parseBinary(input, false);
  }

  private static IndexHeader parseBinary(IndexInput input, boolean hasCodes) throws IOException {
    int dimension = input.int32();
    int codeSize = input.int32();
    long count = input.int64();
    input.skip(1, 1, "header");
    input.skip(1, Integer.BYTES, "header"); // the metric: always Hamming's distance
    boolean fits = !hasCodes || codeSize == dimension / 8;
    if (dimension <= 0 || dimension % 8 != 0 || !fits || count < 0) {
      throw new IndexFormatException(
          "a header with %d bits in %d bytes and %d vectors".formatted(dimension, codeSize, count));
    }
    return new IndexHeader(dimension, count, true, "HAMMING");
  }

  /** Vectors that stand in the index as they are. */
  VectorCodec plain() {
    return new VectorCodec.Plain(binary ? VectorType.BINARY : VectorType.FLOAT, dimension);
  }

  boolean isEmpty() {
    return count == 0;
  }
}
