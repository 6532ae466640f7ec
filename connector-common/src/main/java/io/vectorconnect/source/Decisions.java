package io.vectorconnect.source;

import io.vectorconnect.source.range.PlanWatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A connector's decisions on the configurations of its tasks.
 *
 * <p>A store that does not answer is asked again by Connect, until {@code retry.timeout.ms} has
 * passed since the first failure. Every other failure is raised as the connector's state at once:
 * Connect would only log it, and tasks that are running go on.
 */
public final class Decisions implements AutoCloseable {
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private final ConnectorContext context;
  private final Duration retryTimeout;
  private final Predicate<RuntimeException> isUnavailable;
  private final PlanWatch watch;

  /**
   * When the first of the failures in a row was, by {@link System#nanoTime}; empty after success.
   */
  private Optional<Long> failingSince = Optional.empty();

  /**
   * The decisions of a connector.
   *
   * @param isUnavailable whether a failure says that the store may answer later
   * @param isOutdated whether to decide again although Connect does not ask
   */
  public Decisions(
      ConnectorContext context,
      Duration retryTimeout,
      Predicate<RuntimeException> isUnavailable,
      BooleanSupplier isOutdated) {
    this.context = context;
    this.retryTimeout = retryTimeout;
    this.isUnavailable = isUnavailable;
    this.watch = new PlanWatch(isOutdated, context::requestTaskReconfiguration, FIRST_LOOK);
  }

  /**
   * Decides.
   *
   * @param configs makes the tasks' configurations
   * @throws ConnectException when it cannot
   */
  public List<Map<String, String>> make(Supplier<List<Map<String, String>>> configs) {
    try {
      List<Map<String, String>> made = configs.get();
      failingSince = Optional.empty();
      watch.decided();
      return made;
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  private ConnectException refused(RuntimeException e) {
    ConnectException refusal =
        e instanceof ConnectException told ? told : new ConnectException(e.getMessage(), e);
    if (!isTransient(e)) {
      context.raiseError(refusal);
      return refusal;
    }
    long now = System.nanoTime();
    long since = failingSince.orElse(now);
    failingSince = Optional.of(since);
    if (now - since >= retryTimeout.toNanos()) {
      ConnectException end =
          new ConnectException(
              "gave up after %s=%d: %s"
                  .formatted(
                      SourceKeys.RETRY_TIMEOUT_MS, retryTimeout.toMillis(), refusal.getMessage()),
              e);
      context.raiseError(end);
      return end;
    }
    watch.failed();
    return refusal;
  }

  private boolean isTransient(RuntimeException e) {
    if (isUnavailable.test(e)) {
      return true;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException) { // of a Kafka client
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    watch.close();
  }
}
