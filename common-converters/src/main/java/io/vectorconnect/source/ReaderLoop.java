package io.vectorconnect.source;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;

/** Serves a task's readers in turn, waits when all are idle, and tries again what is transient. */
public final class ReaderLoop {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Duration retryTimeout;
  private final Duration retryBackoff;
  private final Predicate<RuntimeException> isTransient;
  private volatile List<? extends SourceReader> readers;
  private int turn;
  private long failingSince;

  /**
   * A loop.
   *
   * @param readers all readers of the task
   * @param retryTimeout how long to bear transient failures
   * @param retryBackoff the pause after one
   * @param isTransient which failures are
   */
  public ReaderLoop(
      List<? extends SourceReader> readers,
      Duration retryTimeout,
      Duration retryBackoff,
      Predicate<RuntimeException> isTransient) {
    this.readers = List.copyOf(readers);
    this.retryTimeout = retryTimeout;
    this.retryBackoff = retryBackoff;
    this.isTransient = isTransient;
  }

  /** The next records of any reader, or null after a wait; for {@code SourceTask.poll}. */
  public List<SourceRecord> poll() throws InterruptedException {
    List<? extends SourceReader> current = readers;
    for (int i = 0; i < current.size(); i++) {
      turn = turn % current.size();
      SourceReader reader = current.get(turn++);
      if (reader.isDone() || reader.idleNanos() > 0) {
        continue;
      }
      List<SourceRecord> records = read(reader);
      if (!records.isEmpty()) {
        return records;
      }
    }
    waitForWork(current);
    return null;
  }

  private List<SourceRecord> read(SourceReader reader) throws InterruptedException {
    try {
      List<SourceRecord> records = reader.next();
      failingSince = 0;
      return records;
    } catch (RuntimeException e) {
      if (!isTransient.test(e)) {
        throw e instanceof ConnectException ? e : new ConnectException(e.getMessage(), e);
      }
      long now = System.nanoTime();
      failingSince = failingSince == 0 ? now : failingSince;
      if (now - failingSince > retryTimeout.toNanos()) {
        throw new ConnectException(
            "gave up after retry.timeout.ms=%d: %s"
                .formatted(retryTimeout.toMillis(), e.getMessage()),
            e);
      }
      pause(retryBackoff.toNanos());
      throw new RetriableException(e.getMessage(), e);
    }
  }

  private void waitForWork(List<? extends SourceReader> current) throws InterruptedException {
    long idle = MAX_WAIT_NANOS;
    for (SourceReader reader : current) {
      idle = reader.isDone() ? idle : Math.min(idle, reader.idleNanos());
    }
    pause(idle);
  }

  /** Waits, but not beyond {@link #stop}. */
  private void pause(long nanos) throws InterruptedException {
    if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
      readers = List.of();
    }
  }

  /** Ends waits; from then on nothing is read. */
  public void stop() {
    stopped.countDown();
  }
}
