package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;

/**
 * The order of chunks in an array of them. They are counted over the extents to which the dataset
 * may grow, not those that it has; a dimension without an end counts slowest.
 *
 * @param steps what one chunk more in a dimension adds to the number
 */
record ChunkNumbers(long[] steps) {
  private static final long UNLIMITED = -1;

  /**
   * The order for chunks of some extents.
   *
   * @param most the extents to which the dataset may grow; -1 for without an end
   */
  static ChunkNumbers of(long[] chunk, long[] most) {
    int[] order = new int[chunk.length];
    int next = 0;
    for (int i = 0; i < chunk.length; i++) {
      if (most[i] == UNLIMITED) {
        order[next++] = i;
      }
    }
    if (next > 1) {
      throw new HdfException("an array of chunks without an end in %d dimensions".formatted(next));
    }
    for (int i = 0; i < chunk.length; i++) {
      if (most[i] != UNLIMITED) {
        order[next++] = i;
      }
    }
    long[] steps = new long[chunk.length];
    long step = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      int dimension = order[i];
      steps[dimension] = step;
      if (i > 0) {
        long chunks = (most[dimension] + chunk[dimension] - 1) / chunk[dimension];
        step = Math.multiplyExact(step, chunks);
      }
    }
    return new ChunkNumbers(steps);
  }

  long number(long... numbers) {
    long number = 0;
    for (int i = 0; i < numbers.length; i++) {
      number = Math.addExact(number, Math.multiplyExact(numbers[i], steps[i]));
    }
    return number;
  }
}
