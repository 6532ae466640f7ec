package io.vectorconnect.task;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Calls a store on a thread of its own, so that the task's thread returns to Connect while the
 * store does not answer. Connect stops a task on the task's own thread: it waits until the call
 * that the task is in returns, and gives the task up after {@code
 * task.shutdown.graceful.timeout.ms}, 5 seconds by default.
 *
 * <p>One call at a time. One thread begins calls and takes their results; any thread may call
 * {@link #settle} and {@link #close}.
 *
 * @param <T> what a call returns; never null
 */
public final class BackgroundCall<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackgroundCall.class);

  /** How often the log says that a call still waits. */
  private static final Duration REPORT = Duration.ofSeconds(10);

  private final String purpose;
  private final ExecutorService thread;
  private volatile Future<T> underWay;
  private long begun;
  private long reported;

  /**
   * Without a call.
   *
   * @param name of the thread
   * @param purpose what the calls wait for, for the log
   */
  public BackgroundCall(String name, String purpose) {
    this.purpose = purpose;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Whether there is a call whose result was not returned yet. */
  public boolean isUnderWay() {
    return underWay != null;
  }

  /** Begins a call; there must be none under way. */
  public void begin(Callable<T> call) {
    Map<String, String> context = MDC.getCopyOfContextMap(); // names the connector in the log
    underWay =
        thread.submit(
            () -> {
              if (context != null) {
                MDC.setContextMap(context);
              }
              return call.call();
            });
    begun = System.nanoTime();
    reported = begun;
  }

  /**
   * The result of the call under way; empty when it is not there within {@code patience}.
   *
   * @throws ExecutionException what the call has failed with; after that, none is under way
   */
  public Optional<T> result(Duration patience) throws InterruptedException, ExecutionException {
    try {
      T result = underWay.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      underWay = null;
      return Optional.of(result);
    } catch (TimeoutException e) {
      report();
      return Optional.empty();
    } catch (ExecutionException e) {
      underWay = null;
      throw e;
    }
  }

  private void report() {
    long now = System.nanoTime();
    if (now - reported >= REPORT.toNanos()) {
      reported = now;
      log.info("Waiting for {} since {} s", purpose, TimeUnit.NANOSECONDS.toSeconds(now - begun));
    }
  }

  /** Waits until the call under way is over, if there is one, whatever comes of it. */
  public void settle(Duration patience) {
    Future<T> call = underWay;
    if (call == null) {
      return;
    }
    try {
      call.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.warn("A call to {} is still under way after {} s", purpose, patience.toSeconds());
    } catch (ExecutionException e) {
      log.debug("A call to {} failed", purpose, e.getCause()); // result() throws the failure
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread ends with the call under way. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
