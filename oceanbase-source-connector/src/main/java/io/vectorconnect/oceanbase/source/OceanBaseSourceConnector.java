package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.oceanbase.OceanBaseConnection;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.range.PlanKeeper;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.source.range.RangeSourceConnector;
import io.vectorconnect.source.range.StoredRanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tables of OceanBase (MySQL mode) or seekdb. */
public final class OceanBaseSourceConnector extends RangeSourceConnector {
  private static final Logger log = LoggerFactory.getLogger(OceanBaseSourceConnector.class);

  private Map<String, String> properties;
  private OceanBaseSourceConfig config;

  /** The SCN of the plans that were made since the connector started. */
  private OptionalLong scn;

  @Override
  public ConfigDef config() {
    return OceanBaseSourceConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        connectorConfigs,
        () -> ConnectionCheck.run(new OceanBaseSourceConfig(connectorConfigs)));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return OceanBaseSourceTask.class;
  }

  @Override
  protected SourceKeys configure(Map<String, String> props) {
    properties = props;
    config = new OceanBaseSourceConfig(props);
    OceanBaseConnection connection = config.connection();
    EncryptionNotice.log(connection.address(), Encryption.SSL_MODE, connection.encryption().mode());
    scn = OptionalLong.empty();
    return config.source();
  }

  @Override
  protected ReaderLoop.Failure failure(RuntimeException e) {
    return OceanBaseSourceTask.failure(e);
  }

  @Override
  protected List<Map<String, String>> taskConfigs(PlanKeeper plans, int maxTasks) {
    try (Session session = new Session(config)) {
      List<String> existing = Table.all(session, config.database());
      NameFilter filter = config.source().names();
      if (!filter.missing(existing).isEmpty()) {
        throw new ConnectException("there are no tables " + filter.describeMissing(existing));
      }
      List<String> names = filter.choose(existing);
      if (names.isEmpty()) {
        throw new ConnectException("no table matches " + OceanBaseSourceConfig.INCLUDE);
      }
      // One SCN for all tables: what is scanned is the database of one moment. It stays while the
      // same tables are read, because tasks may have published rows of it already.
      long moment = scn.isPresent() && plans.keeps(names) ? scn.getAsLong() : session.currentScn();
      scn = OptionalLong.of(moment);
      plans.read(names.stream().map(config::unit).toList());
      for (String name : names) {
        requireDeletes(name, plans.stored(name));
        plans.decide(name, () -> newPlan(session, name, moment, maxTasks));
      }
      Map<String, String> shared = new HashMap<>(properties);
      shared.put(OceanBaseSourceTask.SCN, Long.toString(moment));
      return plans.configs(shared, maxTasks);
    }
  }

  /** Deletes are found between two SCNs, which a range that is read again does not keep. */
  private void requireDeletes(String name, StoredRanges stored) {
    if (stored.hasSeveralPlans() && config.tellsDeletes()) {
      throw new ConnectException(
          "offsets of two range plans are stored for table %s, so the rows that were deleted between their scans are not known; reset the connector's offsets and empty the target, to load it again"
              .formatted(name));
    }
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
  protected Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
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
}
