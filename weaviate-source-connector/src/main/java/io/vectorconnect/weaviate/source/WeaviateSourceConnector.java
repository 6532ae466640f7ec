package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import io.vectorconnect.source.PublishedTopic;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.RangePlan;
import io.vectorconnect.source.TaskShare;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads collections of Weaviate. */
public final class WeaviateSourceConnector extends SourceConnector {
  private static final Logger log = LoggerFactory.getLogger(WeaviateSourceConnector.class);

  private Map<String, String> properties;
  private WeaviateSourceConfig config;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return WeaviateSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        () -> ConnectionCheck.run(new WeaviateSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return WeaviateSourceTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    config = new WeaviateSourceConfig(props);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    try (WeaviateClient client =
        new WeaviateClient(
            config.connection(), config.connection().requestTimeout(), config.maxBytes())) {
      // Before anything is read: what changes from now on is for the polls.
      String since = Long.toString(client.rest().serverTime());
      ScanPlanner planner = new ScanPlanner(client, config);
      if (config.dryRun()) {
        log.info("Dry run of {} collections: nothing is published", planner.collections().size());
        return List.of(properties);
      }
      Map<String, RangePlan> plans = new TreeMap<>();
      boolean isBegun = false;
      boolean reconciles = false;
      for (Collection collection : planner.collections()) {
        boolean isReconciled = Readers.reconciles(config, collection, client.grpc().isPresent());
        reconciles |= isReconciled;
        for (Scope scope : planner.scopes(collection)) {
          Optional<RangeOffsets> stored =
              RangeOffsets.stored(context().offsetStorageReader(), scope.sourcePartition());
          isBegun |= isReconciled && stored.isPresent();
          plans.put(
              scope.toString(),
              stored
                  .map(RangeOffsets::plan)
                  .orElseGet(() -> planner.plan(collection, scope, maxTasks)));
        }
      }
      if (reconciles) {
        PublishedTopic.ensure(config.reconcile(), config.name(), isBegun);
      }
      Map<String, String> shared = new HashMap<>(properties);
      shared.put(WeaviateSourceTask.SINCE, since);
      return TaskShare.configs(shared, plans, maxTasks);
    } catch (WeaviateException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** The scan's offsets name the last object published, exactly; those of the polls do not. */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return new WeaviateSourceConfig(connectorConfig).polls()
        ? ExactlyOnceSupport.UNSUPPORTED
        : ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) ->
            ScanOffsets.problem(partition, offset)
                .ifPresent(
                    problem -> {
                      throw new ConnectException(problem);
                    }));
    return true;
  }

  @Override
  public void stop() {}
}
