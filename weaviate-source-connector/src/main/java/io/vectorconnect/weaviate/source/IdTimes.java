package io.vectorconnect.weaviate.source;

import java.util.Arrays;
import java.util.UUID;

/** UUIDs in ascending order, each with a time: 24 bytes an entry. */
final class IdTimes {
  private static final int WIDTH = 3;

  private long[] values = new long[64 * WIDTH];
  private int size;

  /** Adds an entry at the end. */
  void add(String id, long time) {
    UUID uuid = UUID.fromString(id);
    if ((size + 1) * WIDTH > values.length) {
      int entries = Math.min(Integer.MAX_VALUE / WIDTH - 8, size + (size >> 1) + 64);
      values = Arrays.copyOf(values, entries * WIDTH);
    }
    int at = size * WIDTH;
    values[at] = uuid.getMostSignificantBits();
    values[at + 1] = uuid.getLeastSignificantBits();
    values[at + 2] = time;
    size++;
  }

  int size() {
    return size;
  }

  String id(int index) {
    return new UUID(values[index * WIDTH], values[index * WIDTH + 1]).toString();
  }

  long time(int index) {
    return values[index * WIDTH + 2];
  }

  /** Compares an entry's UUID with another, as unsigned numbers. */
  int compare(int index, String id) {
    UUID other = UUID.fromString(id);
    int high = Long.compareUnsigned(values[index * WIDTH], other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(values[index * WIDTH + 1], other.getLeastSignificantBits());
  }
}
