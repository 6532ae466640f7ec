package io.vectorconnect.source;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;

/** Serves a task's readers in turn, and tries a store again that does not answer for a while. */
public final class ReaderLoop {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What an exception says of the store. */
  public enum Failure {
    /** The same call may succeed later. */
    TRANSIENT,
    /** It will not. */
    PERMANENT,
    /** The store is not at fault. */
    OTHER
  }

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final SourceKeys config;
  private final Function<RuntimeException, Failure> kind;
  private final List<? extends RecordReader> readers;

  /** Held by whoever uses the readers: a poll, or what closes them. */
  private final ReentrantLock using = new ReentrantLock();

  private boolean closed;
  private int turn;
  private long failingSince;

  /** A loop over readers, all of one store. */
  public ReaderLoop(
      List<? extends RecordReader> readers,
      SourceKeys config,
      Function<RuntimeException, Failure> kind) {
    this.readers = readers;
    this.config = config;
    this.kind = kind;
  }

  /** What a task's poll returns. */
  public List<SourceRecord> poll() throws InterruptedException {
    using.lock();
    try {
      return serve();
    } finally {
      using.unlock();
      closeIfStopped(); // stop() could not while this was at work
    }
  }

  private List<SourceRecord> serve() throws InterruptedException {
    for (int i = 0; i < readers.size() && !isStopped(); i++) {
      RecordReader reader = readers.get(turn);
      turn = (turn + 1) % readers.size();
      if (reader.isDone() || reader.idleNanos() > 0) {
        continue;
      }
      List<SourceRecord> records = read(reader);
      if (!records.isEmpty()) {
        return records;
      }
    }
    waitForWork();
    return null;
  }

  private List<SourceRecord> read(RecordReader reader) throws InterruptedException {
    try {
      List<SourceRecord> records = reader.next();
      failingSince = 0;
      return records;
    } catch (RuntimeException e) {
      switch (kind.apply(e)) {
        case OTHER -> throw e;
        case PERMANENT -> throw new ConnectException(e.getMessage(), e);
        case TRANSIENT -> {
          waitForStore(e);
          throw new RetriableException(e.getMessage(), e);
        }
      }
      throw e;
    }
  }

  private void waitForStore(RuntimeException e) throws InterruptedException {
    long now = System.nanoTime();
    failingSince = failingSince == 0 ? now : failingSince;
    if (now - failingSince > config.retryTimeout().toNanos()) {
      throw new ConnectException(
          "gave up after retry.timeout.ms=%d: %s"
              .formatted(config.retryTimeout().toMillis(), e.getMessage()),
          e);
    }
    pause(config.retryBackoff().toNanos());
  }

  private void waitForWork() throws InterruptedException {
    long idle = Math.min(MAX_WAIT_NANOS, config.pollInterval().toNanos());
    for (RecordReader reader : readers) {
      idle = reader.isDone() ? idle : Math.min(idle, reader.idleNanos());
    }
    pause(idle);
  }

  /** Waits, but not beyond {@link #stop}. */
  private void pause(long nanos) throws InterruptedException {
    stopped.await(nanos, TimeUnit.NANOSECONDS);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /**
   * Ends a wait, and all that would come after, and closes the readers: here, or at the end of a
   * {@link #poll} that another thread is in.
   */
  public void stop() {
    stopped.countDown();
    closeIfStopped();
  }

  private void closeIfStopped() {
    if (!isStopped() || !using.tryLock()) {
      return;
    }
    try {
      if (!closed) {
        closed = true;
        readers.forEach(RecordReader::close);
      }
    } finally {
      using.unlock();
    }
  }
}
