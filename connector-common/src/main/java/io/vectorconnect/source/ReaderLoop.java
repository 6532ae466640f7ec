package io.vectorconnect.source;

import io.vectorconnect.source.range.OtherPlanException;
import io.vectorconnect.task.BackgroundCall;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a task's readers in turn, and tries a store again that does not answer for a while. The
 * readers work on a thread of their own, so that a poll returns although the store does not answer.
 */
public final class ReaderLoop {
  private static final Logger log = LoggerFactory.getLogger(ReaderLoop.class);

  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a poll waits for the readers; Connect can stop the task only between two polls. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** How long the end of the task waits for a call that is under way. */
  private static final Duration LAST_CALL = Duration.ofSeconds(2);

  /** Where the doubling of the pauses ends. */
  private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MAX_DOUBLINGS = 20;

  /** Failures in a row of one reader among others that work: its turns may be far apart. */
  private static final int MIN_FAILURES = 3;

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
  private final Supplier<? extends List<? extends RecordReader>> opening;

  private final BackgroundCall<List<SourceRecord>> call =
      new BackgroundCall<>("vector-source-reader", "the store");

  /** Held by whoever uses the readers: a call, or what closes them. */
  private final ReentrantLock using = new ReentrantLock();

  private List<? extends RecordReader> readers = List.of();
  private boolean opened;
  private boolean closed;
  private int turn;

  /** Of the store: over with the next call that succeeds, whoever makes it. */
  private Outage outage = Outage.NONE;

  /** Of single readers: over when they succeed themselves. */
  private final IdentityHashMap<Object, Outage> outages = new IdentityHashMap<>();

  /**
   * Failures in a row.
   *
   * @param failures how many
   * @param since when the first of them was, by {@link System#nanoTime}
   */
  private record Outage(int failures, long since) {
    static final Outage NONE = new Outage(0, 0);

    Outage next(long now) {
      return new Outage(failures + 1, failures == 0 ? now : since);
    }
  }

  /** A loop over readers, all of one store. */
  public ReaderLoop(
      List<? extends RecordReader> readers,
      SourceKeys config,
      Function<RuntimeException, Failure> kind) {
    this(() -> readers, config, kind);
  }

  /**
   * The same over readers that the first poll makes: a store that does not answer then is tried
   * again too.
   *
   * @param opening makes the readers; after a failure, asked again
   */
  public ReaderLoop(
      Supplier<? extends List<? extends RecordReader>> opening,
      SourceKeys config,
      Function<RuntimeException, Failure> kind) {
    this.opening = opening;
    this.config = config;
    this.kind = kind;
  }

  /** What a task's poll returns. */
  public List<SourceRecord> poll() throws InterruptedException {
    if (isStopped()) {
      return null;
    }
    if (!call.isUnderWay()) {
      call.begin(this::turn);
    }
    try {
      return call.result(POLL).filter(records -> !records.isEmpty()).orElse(null);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new ConnectException(failure);
  }

  private List<SourceRecord> turn() throws InterruptedException {
    using.lock();
    try {
      return serve();
    } finally {
      using.unlock();
      closeIfStopped(); // stop() could not while this was at work
    }
  }

  private List<SourceRecord> serve() throws InterruptedException {
    if (!opened && !isStopped()) {
      readers = attempt(opening, opening);
      opened = true;
    }
    for (int i = 0; i < readers.size() && !isStopped(); i++) {
      RecordReader reader = readers.get(turn);
      turn = (turn + 1) % readers.size();
      if (reader.isDone() || reader.idleNanos() > 0) {
        continue;
      }
      List<SourceRecord> records = attempt(reader, reader::next);
      if (!records.isEmpty()) {
        return records;
      }
    }
    waitForWork();
    return List.of();
  }

  private <T> T attempt(Object caller, Supplier<T> call) throws InterruptedException {
    try {
      T result = call.get();
      outage = Outage.NONE;
      outages.remove(caller);
      return result;
    } catch (RuntimeException e) {
      switch (e instanceof OtherPlanException ? Failure.TRANSIENT : kind.apply(e)) {
        case OTHER -> throw e;
        case PERMANENT -> throw new ConnectException(e.getMessage(), e);
        case TRANSIENT -> {
          waitForStore(caller, e);
          throw new RetriableException(e.getMessage(), e);
        }
      }
      throw e;
    }
  }

  private void waitForStore(Object caller, RuntimeException e) throws InterruptedException {
    long now = System.nanoTime();
    long backoff = backoff();
    outage = outage.next(now);
    Outage own = outages.merge(caller, Outage.NONE.next(now), (before, one) -> before.next(now));
    long failing = now - outage.since();
    if (own.failures() >= MIN_FAILURES) {
      failing = Math.max(failing, now - own.since());
    }
    long left = config.retryTimeout().toNanos() - failing;
    if (failing > 0 && left <= 0) { // what fails for the first time is tried again
      throw new ConnectException(
          "gave up after retry.timeout.ms=%d: %s"
              .formatted(config.retryTimeout().toMillis(), e.getMessage()),
          e);
    }
    long pause = Math.min(left, Math.max(backoff, asked(e).toNanos()));
    if (!isStopped()) {
      log.info(
          "{}; asking again in {} ms, giving up in {} ms",
          e.getMessage(),
          TimeUnit.NANOSECONDS.toMillis(pause),
          TimeUnit.NANOSECONDS.toMillis(left));
    }
    pause(pause);
  }

  /** Longer with each failure in a row. */
  private long backoff() {
    long first = config.retryBackoff().toNanos();
    long doubled = first << Math.min(outage.failures(), MAX_DOUBLINGS);
    return Math.max(first, Math.min(doubled, MAX_BACKOFF_NANOS));
  }

  private static Duration asked(RuntimeException e) {
    return e instanceof RetryAfter busy ? busy.retryAfter() : Duration.ZERO;
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
   * Ends a wait, and all that would come after, and closes the readers: here, or at the end of the
   * call to the store that is under way. Waits 2 seconds for such a call.
   */
  public void stop() {
    stopped.countDown();
    call.settle(LAST_CALL);
    call.close();
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
