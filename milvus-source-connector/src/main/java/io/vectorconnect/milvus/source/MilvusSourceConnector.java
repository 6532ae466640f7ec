package io.vectorconnect.milvus.source;

import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.ChangeRange;
import io.vectorconnect.milvus.source.log.LogStart;
import io.vectorconnect.milvus.source.record.FieldChoice;
import io.vectorconnect.milvus.source.scan.RangePlanner;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.range.PlanKeeper;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.source.range.RangeSourceConnector;
import io.vectorconnect.source.reconcile.PublishedTopic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads collections of Milvus or Zilliz Cloud. */
public final class MilvusSourceConnector extends RangeSourceConnector {
  private static final Logger log = LoggerFactory.getLogger(MilvusSourceConnector.class);

  private Map<String, String> properties;
  private MilvusSourceConfig config;

  @Override
  public ConfigDef config() {
    return MilvusSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        connectorConfigs,
        () -> ConnectionCheck.run(new MilvusSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return MilvusSourceTask.class;
  }

  @Override
  protected SourceKeys configure(Map<String, String> props) {
    properties = props;
    config = new MilvusSourceConfig(props);
    String uri = config.connection().uri();
    EncryptionNotice.log(uri, MilvusConnection.URI, uri);
    return config.source();
  }

  @Override
  protected ReaderLoop.Failure failure(RuntimeException e) {
    return MilvusSourceTask.failure(e);
  }

  @Override
  protected List<Map<String, String>> taskConfigs(PlanKeeper plans, int maxTasks) {
    List<String> existing = existing();
    try (MilvusClient client = new MilvusClient(config.connection())) {
      NameFilter filter = config.source().names();
      if (!filter.missing(existing).isEmpty()) {
        throw new ConnectException("there are no collections " + filter.describeMissing(existing));
      }
      List<String> names = filter.choose(existing);
      if (names.isEmpty()) {
        throw new ConnectException("no collection matches " + MilvusSourceConfig.INCLUDE);
      }
      plans.read(names.stream().map(config::unit).toList());
      if (config.reconciles()) {
        PublishedTopic.ensure(config.reconcile(), config.name(), plans.isBegun());
      }
      for (String name : names) {
        Collection collection = Collection.describe(client, name);
        logUnreadOutputs(collection);
        if (config.readsChangeStream() && config.readsKafka() && plans.stored(name).isEmpty()) {
          LogStart.ensure(client, config, name);
        }
        PlannedCollection planned = new PlannedCollection(client, collection);
        plans.decide(name, () -> newPlan(planned, maxTasks));
        if (config.reconciles()) {
          plans.compares(name, planned.rows());
        }
      }
      return config.reconciles()
          ? plans.configs(properties, maxTasks, config.reconcile().maxRows())
          : plans.configs(properties, maxTasks);
    }
  }

  /** Not for long: while Connect waits for a connector, its worker does nothing else. */
  private List<String> existing() {
    try (MilvusClient client =
        new MilvusClient(config.connection(), config.connection().checkTimeout())) {
      return CollectionNames.existing(client, config.source().names());
    }
  }

  private void logUnreadOutputs(Collection collection) {
    List<String> outputs = FieldChoice.unreadOutputs(collection, config);
    if (!outputs.isEmpty()) {
      log.info(
          "Collection {}: the records do not have the fields {}, which functions of Milvus compute; {} requests them",
          collection.name(),
          outputs,
          FieldKeys.OUTPUTS);
    }
  }

  private RangePlan newPlan(PlannedCollection collection, int maxTasks) {
    long rows = collection.rows();
    int ranges =
        config.source().scanRanges() > 0
            ? config.source().scanRanges()
            : RangePlan.automaticSize(rows, maxTasks);
    RangePlanner planner = collection.planner();
    RangePlan plan =
        config.readsNewKeysByKey()
            ? planner.closedPlan(rows, ranges, collection.lastKey())
            : planner.plan(rows, ranges);
    log.info("Collection {}: {} rows in {} ranges", collection.name(), rows, plan.size());
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
  protected Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    return RangeOffsets.problem(partition, offset, offset != null && ChangeRange.isScanned(offset));
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    super.alterOffsets(connectorConfig, offsets);
    LogStart.forget(new MilvusSourceConfig(connectorConfig), offsets);
    return true;
  }
}
