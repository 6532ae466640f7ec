package io.vectorconnect.datavec.sink;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The buffers that batches are encoded into, used again and again: the heap then holds one set of
 * long-lived arrays, where arrays of each batch would be moved by the garbage collector with every
 * collection in which they are alive.
 */
final class BufferPool {
  /** Large enough to hold many rows, small enough that a part of a small batch's is no waste. */
  static final int BUFFER = 1 << 18;

  /** A buffer that grew for a huge row is not kept. */
  private static final int MAX_KEPT = 2 * BUFFER;

  private final ConcurrentLinkedQueue<CopyBuffer> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final int limit;

  /**
   * A pool.
   *
   * @param maxBytes how much to keep at the most
   */
  BufferPool(long maxBytes) {
    this.limit = (int) Math.min(Integer.MAX_VALUE, maxBytes / BUFFER + 1);
  }

  CopyBuffer take() {
    CopyBuffer buffer = free.poll();
    if (buffer == null) {
      return new CopyBuffer(BUFFER);
    }
    kept.decrementAndGet();
    return buffer;
  }

  /** Takes back buffers that nobody reads any more. */
  void giveBack(Collection<CopyBuffer> buffers) {
    for (CopyBuffer buffer : buffers) {
      if (buffer.array().length <= MAX_KEPT && kept.get() < limit) {
        buffer.clear();
        free.add(buffer);
        kept.incrementAndGet();
      }
    }
  }
}
