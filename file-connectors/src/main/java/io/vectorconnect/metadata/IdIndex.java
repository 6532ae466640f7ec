package io.vectorconnect.metadata;

import java.util.Arrays;

/**
 * Where the row of an id stands: an open-addressed table of primitive arrays, at most two thirds
 * full. It takes 24 to 48 bytes an id, and half as much again while it grows.
 */
final class IdIndex {
  private static final long NONE = -1;

  private long[] ids = new long[1024];
  private long[] positions = empty(1024);
  private long size;

  private static long[] empty(int length) {
    long[] positions = new long[length];
    Arrays.fill(positions, NONE);
    return positions;
  }

  /** Adds an id, unless it is there already. */
  boolean add(long id, long position) {
    if (size * 3 >= ids.length * 2L) {
      grow();
    }
    int slot = slot(id);
    if (positions[slot] != NONE) {
      return false;
    }
    ids[slot] = id;
    positions[slot] = position;
    size++;
    return true;
  }

  /** The position of an id, or -1. */
  long position(long id) {
    return positions[slot(id)];
  }

  long size() {
    return size;
  }

  private int slot(long id) {
    int mask = ids.length - 1;
    long mixed = id * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed ^ (mixed >>> 32)) & mask;
    while (positions[slot] != NONE && ids[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldIds = ids;
    long[] oldPositions = positions;
    ids = new long[oldIds.length * 2];
    positions = empty(ids.length);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldPositions[i] != NONE) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        positions[slot] = oldPositions[i];
      }
    }
  }
}
