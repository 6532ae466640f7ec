package io.vectorconnect.milvus.sink.row;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The arrays that hold the vectors of batches, used again and again: the heap then has one set of
 * long-lived arrays, where those of each batch would be moved by the garbage collector with every
 * collection in which they are alive.
 */
public final class VectorPool {
  private final long maxBytes;

  /** By their length: a collection has vectors of few dimensions. */
  private final Map<Integer, Deque<byte[]>> free = new HashMap<>();

  private long kept;

  /**
   * A pool.
   *
   * @param maxBytes the most to keep
   */
  public VectorPool(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A copy of a vector, in an array of the same length. */
  byte[] copy(byte[] vector) {
    byte[] copy = take(vector.length);
    System.arraycopy(vector, 0, copy, 0, vector.length);
    return copy;
  }

  private synchronized byte[] take(int length) {
    Deque<byte[]> arrays = free.get(length);
    byte[] array = arrays == null ? null : arrays.poll();
    if (array == null) {
      return new byte[length];
    }
    kept -= length;
    return array;
  }

  /** Takes back arrays that nobody reads any more. */
  synchronized void giveBack(Collection<byte[]> arrays) {
    for (byte[] array : arrays) {
      if (kept + array.length <= maxBytes) {
        kept += array.length;
        free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
      }
    }
  }
}
