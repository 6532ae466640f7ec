package io.vectorconnect.source.range;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.Decisions;
import io.vectorconnect.source.DeliveryWatch;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.SourceKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private String name;
  private PlanKeeper plans;
  private Decisions decisions;

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
    SourceKeys keys = configure(Map.copyOf(properties));
    plans = new PlanKeeper(() -> context().offsetStorageReader());
    decisions =
        new Decisions(
            context(),
            keys.retryTimeout(),
            e -> failure(e) == ReaderLoop.Failure.TRANSIENT,
            plans::isOutdated);
    name = properties.getOrDefault("name", "");
    DeliveryWatch.register(name, e -> context().raiseError(e));
  }

  @Override
  public final List<Map<String, String>> taskConfigs(int maxTasks) {
    return decisions.make(() -> taskConfigs(plans, maxTasks));
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
    if (decisions != null) {
      decisions.close();
      DeliveryWatch.unregister(name);
    }
  }
}
