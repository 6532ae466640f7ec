package io.vectorconnect.source;

import io.vectorconnect.config.ConnectorVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * A connector that divides collections or tables into ranges of keys, which its tasks read.
 *
 * <p>What the tasks' configurations cannot be made of shows in the connector's state. A store that
 * does not answer is asked again by Connect, until {@code retry.timeout.ms} has passed since the
 * first failure; everything else makes the connector fail at once. Tasks that are running go on.
 */
public abstract class RangeSourceConnector extends SourceConnector {
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private String name;
  private SourceKeys keys;
  private PlanKeeper plans;
  private PlanWatch watch;

  /**
   * When the first of the failures in a row was, by {@link System#nanoTime}; empty after success.
   */
  private Optional<Long> failingSince = Optional.empty();

  /** Reads the connector's configuration. */
  protected abstract SourceKeys configure(Map<String, String> properties);

  /** The tasks' configurations, from plans that {@code decided} keeps. */
  protected abstract List<Map<String, String>> taskConfigs(PlanKeeper decided, int maxTasks);

  /** What a failure of {@link #taskConfigs(PlanKeeper, int)} says of the store. */
  protected abstract ReaderLoop.Failure failure(RuntimeException e);

  /** What is wrong with an offset that a user wants to store, if anything; null resets it. */
  protected abstract Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset);

  @Override
  public final String version() {
    return ConnectorVersion.get();
  }

  @Override
  public final void start(Map<String, String> properties) {
    keys = configure(Map.copyOf(properties));
    plans = new PlanKeeper(() -> context().offsetStorageReader());
    watch = new PlanWatch(plans::isOutdated, this::requestDecision, FIRST_LOOK);
    name = properties.getOrDefault("name", "");
    DeliveryWatch.register(name, e -> context().raiseError(e));
  }

  private void requestDecision() {
    context().requestTaskReconfiguration();
  }

  @Override
  public final List<Map<String, String>> taskConfigs(int maxTasks) {
    try {
      List<Map<String, String>> configs = taskConfigs(plans, maxTasks);
      failingSince = Optional.empty();
      watch.decided();
      return configs;
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  private ConnectException refused(RuntimeException e) {
    ConnectException refusal =
        e instanceof ConnectException told ? told : new ConnectException(e.getMessage(), e);
    if (!isTransient(e)) {
      context().raiseError(refusal);
      return refusal;
    }
    long now = System.nanoTime();
    long since = failingSince.orElse(now);
    failingSince = Optional.of(since);
    if (now - since >= keys.retryTimeout().toNanos()) {
      ConnectException end =
          new ConnectException(
              "gave up after %s=%d: %s"
                  .formatted(
                      SourceKeys.RETRY_TIMEOUT_MS,
                      keys.retryTimeout().toMillis(),
                      refusal.getMessage()),
              e);
      context().raiseError(end);
      return end;
    }
    watch.failed();
    return refusal;
  }

  private boolean isTransient(RuntimeException e) {
    if (failure(e) == ReaderLoop.Failure.TRANSIENT) {
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
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) ->
            problem(partition, offset)
                .ifPresent(
                    problem -> {
                      throw new ConnectException(problem);
                    }));
    return true;
  }

  @Override
  public final void stop() {
    if (watch != null) {
      watch.close();
      DeliveryWatch.unregister(name);
    }
  }
}
