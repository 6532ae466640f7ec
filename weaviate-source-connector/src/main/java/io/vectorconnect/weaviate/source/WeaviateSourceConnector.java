package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.range.PlanKeeper;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.source.range.RangeSourceConnector;
import io.vectorconnect.source.range.StoredRanges;
import io.vectorconnect.source.reconcile.PublishedTopic;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.scan.Readers;
import io.vectorconnect.weaviate.source.scan.ScanOffsets;
import io.vectorconnect.weaviate.source.scan.ScanPlanner;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads collections of Weaviate. */
public final class WeaviateSourceConnector extends RangeSourceConnector {
  private static final Logger log = LoggerFactory.getLogger(WeaviateSourceConnector.class);

  private Map<String, String> properties;
  private WeaviateSourceConfig config;

  @Override
  public ConfigDef config() {
    return WeaviateSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        connectorConfigs,
        () -> ConnectionCheck.run(new WeaviateSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return WeaviateSourceTask.class;
  }

  @Override
  protected SourceKeys configure(Map<String, String> props) {
    properties = props;
    config = new WeaviateSourceConfig(props);
    String uri = config.connection().uri();
    EncryptionNotice.log(uri, WeaviateConnection.URI_KEY, uri);
    return config.source();
  }

  @Override
  protected ReaderLoop.Failure failure(RuntimeException e) {
    return WeaviateSourceTask.failure(e);
  }

  @Override
  protected List<Map<String, String>> taskConfigs(PlanKeeper plans, int maxTasks) {
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
      Map<Scope, Collection> scopes = new LinkedHashMap<>();
      for (Collection collection : planner.collections()) {
        planner.scopes(collection).forEach(scope -> scopes.put(scope, collection));
      }
      plans.read(scopes.keySet().stream().map(Scope::unit).toList());
      Map<Scope, Collection> reconciled = new LinkedHashMap<>(scopes);
      reconciled
          .values()
          .removeIf(its -> !Readers.reconciles(config, its, client.grpc().isPresent()));
      if (!reconciled.isEmpty()) {
        PublishedTopic.ensure(
            config.reconcile(),
            config.name(),
            reconciled.keySet().stream().anyMatch(scope -> !stored(plans, scope).isEmpty()));
      }
      scopes.forEach(
          (scope, collection) -> {
            RangePlan plan =
                plans.decide(scope.toString(), () -> planner.plan(collection, scope, maxTasks));
            ScanOffsets.requireLimit(config, scope, plan, stored(plans, scope));
          });
      reconciled.keySet().stream()
          .filter(scope -> scope.tenant().isEmpty()) // the objects of tenants are not counted
          .forEach(scope -> plans.compares(scope.toString(), client.rest().count(scope)));
      Map<String, String> shared = new HashMap<>(properties);
      shared.put(WeaviateSourceTask.SINCE, since);
      return reconciled.isEmpty()
          ? plans.configs(shared, maxTasks)
          : plans.configs(shared, maxTasks, config.reconcile().maxRows());
    }
  }

  private static StoredRanges stored(PlanKeeper plans, Scope scope) {
    return plans.stored(scope.toString());
  }

  /** The scan's offsets name the last object published, exactly; those of the polls do not. */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return new WeaviateSourceConfig(connectorConfig).polls()
        ? ExactlyOnceSupport.UNSUPPORTED
        : ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  protected Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    return ScanOffsets.problem(partition, offset);
  }
}
