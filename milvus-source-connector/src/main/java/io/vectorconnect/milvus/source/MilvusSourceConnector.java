package io.vectorconnect.milvus.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.PublishedTopic;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.RangePlan;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads collections of Milvus or Zilliz Cloud. */
public final class MilvusSourceConnector extends SourceConnector {
  private static final Logger log = LoggerFactory.getLogger(MilvusSourceConnector.class);

  private Map<String, String> properties;
  private MilvusSourceConfig config;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return MilvusSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        () -> ConnectionCheck.run(new MilvusSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return MilvusSourceTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    config = new MilvusSourceConfig(props);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    try (MilvusClient client = new MilvusClient(config.connection())) {
      NameFilter filter = config.source().names();
      List<String> existing = CollectionNames.existing(client, filter);
      if (!filter.missing(existing).isEmpty()) {
        throw new ConnectException("there are no collections " + filter.missing(existing));
      }
      Map<String, RangePlan> plans = new TreeMap<>();
      if (config.reconciles()) {
        PublishedTopic.ensure(config.reconcile(), config.name(), isBegun(filter.choose(existing)));
      }
      for (String name : filter.choose(existing)) {
        plans.put(name, plan(client, name, maxTasks));
      }
      if (plans.isEmpty()) {
        throw new ConnectException("no collection matches " + MilvusSourceConfig.INCLUDE);
      }
      return TaskShare.configs(properties, plans, maxTasks);
    } catch (MilvusException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** Whether offsets of any of these collections are stored. */
  private boolean isBegun(List<String> collections) {
    return collections.stream()
        .map(name -> sourcePartition(config.connection().database(), name))
        .anyMatch(
            partition ->
                RangeOffsets.stored(context().offsetStorageReader(), partition).isPresent());
  }

  private RangePlan plan(MilvusClient client, String name, int maxTasks) {
    Map<String, String> partition = sourcePartition(config.connection().database(), name);
    Optional<RangeOffsets> stored = RangeOffsets.stored(context().offsetStorageReader(), partition);
    if (stored.isEmpty() && config.readsChangeStream()) {
      LogStart.ensure(client, config, name);
    }
    return stored.map(RangeOffsets::plan).orElseGet(() -> newPlan(client, name, maxTasks));
  }

  /** What names a collection in a source partition. */
  static Map<String, String> sourcePartition(String database, String collection) {
    return Map.of("database", database, "collection", collection);
  }

  private RangePlan newPlan(MilvusClient client, String name, int maxTasks) {
    Collection collection = Collection.describe(client, name);
    String field = collection.key().getName();
    KeyType type = collection.keyType();
    ReadBarrier barrier = new ReadBarrier(client, collection);
    ToLongFunction<String> count =
        filter -> client.count(name, List.of(), filter, barrier.freshness());
    long rows = count.applyAsLong(type.any(field));
    int ranges =
        config.source().scanRanges() > 0
            ? config.source().scanRanges()
            : RangePlan.automaticSize(rows, maxTasks);
    RangePlanner planner = new RangePlanner(type, key -> count.applyAsLong(type.upTo(field, key)));
    RangePlan plan =
        config.readsNewKeysByKey()
            ? planner.closedPlan(rows, ranges, new LastKey(client, collection, barrier))
            : planner.plan(rows, ranges);
    log.info("Collection {}: {} rows in {} ranges", name, rows, plan.size());
    return plan;
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    // An offset names the last row published, exactly. But after a restart, rows within an overlap
    // of time come again, and the topic of published rows is outside of the worker's transactions.
    String strategy = connectorConfig.getOrDefault(SourceKeys.POLL_STRATEGY, "");
    return strategy.equalsIgnoreCase("reconcile") || strategy.equalsIgnoreCase("timestamp_field")
        ? ExactlyOnceSupport.UNSUPPORTED
        : ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) ->
            RangeOffsets.problem(partition, offset, offset != null && ChangeRange.isScanned(offset))
                .ifPresent(
                    problem -> {
                      throw new ConnectException(problem);
                    }));
    LogStart.forget(new MilvusSourceConfig(connectorConfig), offsets);
    return true;
  }

  @Override
  public void stop() {}
}
