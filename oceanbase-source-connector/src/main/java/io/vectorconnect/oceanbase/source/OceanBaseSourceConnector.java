package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import io.vectorconnect.source.NameFilter;
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
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tables of OceanBase (MySQL mode) or seekdb. */
public final class OceanBaseSourceConnector extends SourceConnector {
  private static final Logger log = LoggerFactory.getLogger(OceanBaseSourceConnector.class);

  private Map<String, String> properties;
  private OceanBaseSourceConfig config;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return OceanBaseSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        () -> ConnectionCheck.run(new OceanBaseSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return OceanBaseSourceTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    config = new OceanBaseSourceConfig(props);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    try (Session session = new Session(config)) {
      List<String> existing = Table.all(session, config.database());
      NameFilter filter = config.source().names();
      if (!filter.missing(existing).isEmpty()) {
        throw new ConnectException("there are no tables " + filter.missing(existing));
      }
      // One SCN for all tables: what is scanned is the database of one moment.
      long scn = session.currentScn();
      Map<String, RangePlan> plans = new TreeMap<>();
      for (String name : filter.choose(existing)) {
        plans.put(name, plan(session, name, scn, maxTasks));
      }
      if (plans.isEmpty()) {
        throw new ConnectException("no table matches " + OceanBaseSourceConfig.INCLUDE);
      }
      Map<String, String> shared = new HashMap<>(properties);
      shared.put(OceanBaseSourceTask.SCN, Long.toString(scn));
      return TaskShare.configs(shared, plans, maxTasks);
    } catch (OceanBaseException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** What names a table in a source partition. */
  static Map<String, String> sourcePartition(String database, String table) {
    return Map.of("database", database, "table", table);
  }

  private RangePlan plan(Session session, String name, long scn, int maxTasks) {
    return RangeOffsets.stored(
            context().offsetStorageReader(), sourcePartition(config.database(), name))
        .map(RangeOffsets::plan)
        .orElseGet(() -> newPlan(session, name, scn, maxTasks));
  }

  private RangePlan newPlan(Session session, String name, long scn, int maxTasks) {
    Table table = Table.describe(session, config.database(), name);
    RangePlanner planner = new RangePlanner(session, table, scn);
    long rows = planner.rows();
    int wanted = config.source().scanRanges();
    RangePlan plan =
        planner.plan(rows, wanted > 0 ? wanted : RangePlan.automaticSize(rows, maxTasks));
    log.info("Table {}: {} rows in {} ranges at SCN {}", name, rows, plan.size(), scn);
    return plan;
  }

  /** An offset names the last row published, and the SCN at which it was read. */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return ExactlyOnceSupport.SUPPORTED;
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

  private static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    Optional<String> problem = RangeOffsets.problem(partition, offset);
    if (problem.isPresent() || offset == null) {
      return problem;
    }
    try {
      return Position.fromOffset(offset).isEmpty()
          ? Optional.of("an offset needs \"phase\", \"since\" and \"upper\"")
          : Optional.empty();
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public void stop() {}
}
