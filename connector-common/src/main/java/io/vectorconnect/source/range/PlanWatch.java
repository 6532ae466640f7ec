package io.vectorconnect.source.range;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a connector decide on its plans again when offsets of another plan appear, and when nobody
 * else asks it again after a failure.
 *
 * <p>A distributed worker asks again by itself, after a minute at most; a standalone worker does
 * not.
 */
public final class PlanWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlanWatch.class);

  /** A distributed worker asks again after 60 seconds at most. */
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(70);

  private static final Duration SLOWEST = Duration.ofSeconds(60);

  private final BooleanSupplier isOutdated;
  private final Runnable reconfigure;
  private final Duration fastest;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "vector-connect-plan-watch");
            thread.setDaemon(true);
            return thread;
          });

  private Duration pause;
  private boolean isWaiting;
  private long waitingSince;

  /**
   * A watch that begins to look with the first call of {@link #decided} or {@link #failed}.
   *
   * @param isOutdated whether the plans should be decided on again
   * @param reconfigure requests it
   * @param fastest the pause before the first look; it grows to a minute
   */
  public PlanWatch(BooleanSupplier isOutdated, Runnable reconfigure, Duration fastest) {
    this.isOutdated = isOutdated;
    this.reconfigure = reconfigure;
    this.fastest = fastest;
  }

  /** The connector has decided. */
  public synchronized void decided() {
    isWaiting = false;
    start();
  }

  /** The connector could not decide, and is to be asked again. */
  public synchronized void failed() {
    await();
    start();
  }

  private void await() {
    isWaiting = true;
    waitingSince = System.nanoTime();
  }

  private void start() {
    boolean isFirst = pause == null;
    pause = fastest;
    if (isFirst) {
      schedule();
    }
  }

  private void schedule() {
    if (!executor.isShutdown()) {
      var unused = executor.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    try {
      if (isDue()) {
        reconfigure.run();
      }
    } catch (RuntimeException e) {
      if (!executor.isShutdown()) {
        log.warn("Could not check the stored range plans; checking again later", e);
      }
    }
    synchronized (this) {
      pause = Duration.ofMillis(Math.min(pause.toMillis() * 3 / 2, SLOWEST.toMillis()));
      schedule();
    }
  }

  private boolean isDue() {
    synchronized (this) {
      if (isWaiting) {
        boolean isForgotten = System.nanoTime() - waitingSince > ASKED_AGAIN.toNanos();
        if (isForgotten) {
          await();
        }
        return isForgotten;
      }
    }
    if (!isOutdated.getAsBoolean()) {
      return false;
    }
    log.warn("Offsets of another range plan were stored; deciding again which plan counts");
    synchronized (this) {
      await();
    }
    return true;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
