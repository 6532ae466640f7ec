package io.vectorconnect.sink;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a task may still write what it was given. A process that was stopped for longer than its
 * session (SIGSTOP, a paused virtual machine, a long garbage collection) goes on where it was, and
 * its partitions may be another task's by then. The consumer notices at its next poll; until then
 * nothing is sent.
 */
public final class Ownership {
  /** Well below every usual session timeout, which is 45 s by default. */
  static final Duration LEASE = Duration.ofSeconds(5);

  private static final long LOOK_MS = 20;

  private final LongSupplier clock;

  private long heard;
  private long calls;

  /** Of a task that was just started. */
  public Ownership() {
    this(System::nanoTime);
  }

  Ownership(LongSupplier clock) {
    this.clock = clock;
    this.heard = clock.getAsLong();
  }

  /** The consumer has polled, and the task still has what it has. */
  synchronized void heard() {
    heard = clock.getAsLong();
    calls++;
    notifyAll();
  }

  /**
   * Waits, if the consumer was not heard for a while, until it has polled again. To be called right
   * before each request that writes; who waits must look thereafter whether its batch was given up.
   *
   * @throws TransientWriteException when the thread is interrupted
   */
  public synchronized void require() throws TransientWriteException {
    if (clock.getAsLong() - heard <= LEASE.toNanos()) {
      return;
    }
    // The next call may be of records that were polled before the pause; the one after is not.
    long enough = calls + 2;
    try {
      while (calls < enough) {
        wait(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientWriteException("interrupted while waiting for the consumer", e);
    }
  }
}
