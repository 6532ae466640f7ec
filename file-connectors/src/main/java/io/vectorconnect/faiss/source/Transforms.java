package io.vectorconnect.faiss.source;

import java.io.IOException;

/** Passes over the transforms of an IndexPreTransform (faiss/impl/index_write.cpp). */
final class Transforms {
  /** An ITQTransform contains two others; nothing nests them deeper. */
  private static final int MAX_DEPTH = 2;

  private static final int MAX_CHAIN = 64;

  private Transforms() {}

  /** Passes over a chain of transforms with its length before it. */
  static void skip(IndexInput input) throws IOException {
    int count = input.int32();
    if (count < 0 || count > MAX_CHAIN) {
      throw new IndexFormatException("a chain of %d transforms".formatted(count));
    }
    for (int i = 0; i < count; i++) {
      skip(input, 0);
    }
  }

  private static void skip(IndexInput input, int depth) throws IOException {
    String name = input.fourcc();
    if (depth >= MAX_DEPTH) {
      throw new IndexFormatException("transforms nested in transforms");
    }
    switch (name) {
      case "LTra", "rrot" -> linear(input);
      case "Pcam" -> {
        input.skip(1, 4 + 4 + 1 + 4, "the parameters of a PCA");
        for (int i = 0; i < 3; i++) {
          input.skipVector(Float.BYTES, "a PCA");
        }
        linear(input);
      }
      case "Viqm" -> {
        input.skip(2, Integer.BYTES, "the parameters of an ITQ");
        linear(input);
      }
      case "RmDT" -> input.skipVector(Integer.BYTES, "a map of dimensions");
      case "VNrm", "HRot" -> input.skip(1, Float.BYTES, "a transform's parameter");
      case "VCnt" -> input.skipVector(Float.BYTES, "a center");
      case "Viqt" -> {
        input.skipVector(Float.BYTES, "a mean");
        input.skip(1, 1, "do_pca");
        skip(input, depth + 1);
        skip(input, depth + 1);
      }
      default -> throw new IndexFormatException("a transform of an unknown kind");
    }
    input.skip(1, 4 + 4 + 1, "the dimensions of a transform");
  }

  private static void linear(IndexInput input) throws IOException {
    input.skip(1, 1, "have_bias");
    input.skipVector(Float.BYTES, "a matrix");
    input.skipVector(Float.BYTES, "a bias");
  }
}
