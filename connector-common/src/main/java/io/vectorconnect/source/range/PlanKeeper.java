package io.vectorconnect.source.range;

import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.reconcile.PlannedRows;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, for a connector, which range plan each of its units follows.
 *
 * <p>A plan with stored offsets goes before a new one. Where offsets of several plans are stored,
 * because a task of an earlier configuration was slow to stop, one plan counts and the others are
 * superseded: their ranges are read again under the plan that counts. So rows can be published
 * twice, and none is left out.
 */
public final class PlanKeeper {
  private static final Logger log = LoggerFactory.getLogger(PlanKeeper.class);

  private final Supplier<OffsetStorageReader> reader;
  private Map<String, StoredRanges> stored = Map.of();

  /** What was decided since the connector started: a unit is not planned twice. */
  private final Map<String, RangePlan> kept = new TreeMap<>();

  private final Map<String, TaskShare.Decision> round = new TreeMap<>();
  private final PlannedRows rows = new PlannedRows();

  /** The last decisions, for {@link #isOutdated}, which another thread calls. */
  private volatile Map<String, TaskShare.Decision> decisions = Map.of();

  private volatile List<ScanUnit> units = List.of();

  PlanKeeper(Supplier<OffsetStorageReader> reader) {
    this.reader = reader;
  }

  /** Begins a round of decisions: reads the offsets that are stored for some units. */
  public void read(Collection<ScanUnit> all) {
    round.clear();
    rows.clear();
    units = List.copyOf(all);
    stored = StoredRanges.read(reader.get(), all);
    stored.forEach(
        (unit, ranges) -> {
          if (ranges.isInOldOrder()) {
            log.warn(
                "{}: goes on from offsets of an earlier build, which REST does not list or reset; to"
                    + " scan again, register the connector under another name",
                unit);
          }
        });
  }

  /** Whether plans were decided on for all these units since the connector started. */
  public boolean keeps(Collection<String> names) {
    return kept.keySet().containsAll(names);
  }

  /** The offsets that are stored for a unit. */
  public StoredRanges stored(String unit) {
    return stored.get(unit);
  }

  /** Whether offsets of any unit are stored. */
  public boolean isBegun() {
    return stored.values().stream().anyMatch(ranges -> !ranges.isEmpty());
  }

  /**
   * Decides on the plan of a unit.
   *
   * @param fresh makes a plan for a unit that was never read
   */
  public RangePlan decide(String unit, Supplier<RangePlan> fresh) {
    StoredRanges its = stored.get(unit);
    RangePlan known = kept.get(unit);
    RangePlan plan =
        known != null && (its.isEmpty() || its.has(known)) ? known : its.plan().orElseGet(fresh);
    if (!its.isEmpty() && plan.size() > 1) {
      log.info(
          "{}: goes on with the {} ranges that its offsets name; {} applies to a first scan",
          unit,
          plan.size(),
          SourceKeys.SCAN_RANGES);
    }
    kept.put(unit, plan);
    TaskShare.Decision decision = new TaskShare.Decision(plan, its.otherThan(plan));
    if (!decision.superseded().isEmpty()) {
      log.warn(
          "{}: offsets of several range plans are stored; plan {} counts, and ranges that were read"
              + " under {} are read again",
          unit,
          plan.fingerprint(),
          decision.superseded());
    }
    round.put(unit, decision);
    return plan;
  }

  /**
   * Notes how many rows of a unit are to be compared with what was published, for the check in
   * {@link #configs}.
   */
  public void compares(String unit, long count) {
    rows.add(unit, count, stored.get(unit).isEmpty());
  }

  /**
   * The configurations of at most {@code maxTasks} tasks that read all units under the plans
   * decided on.
   *
   * @param maxRows how many rows a task may compare
   * @throws org.apache.kafka.connect.errors.ConnectException when a task would have to compare
   *     more, or its configuration is too long for Kafka
   */
  public List<Map<String, String>> configs(
      Map<String, String> properties, int maxTasks, long maxRows) {
    List<List<TaskShare.Entry>> shares = TaskShare.divide(round, maxTasks);
    rows.requireRoom(shares, maxRows);
    List<Map<String, String>> configs = TaskShare.configs(properties, shares);
    decisions = Map.copyOf(round);
    return configs;
  }

  /** The same for units of which no rows are compared. */
  public List<Map<String, String>> configs(Map<String, String> properties, int maxTasks) {
    return configs(properties, maxTasks, Long.MAX_VALUE);
  }

  /** Whether offsets of a plan are stored that the last decisions took no account of. */
  boolean isOutdated() {
    Map<String, TaskShare.Decision> now = decisions;
    if (now.isEmpty()) {
      return false;
    }
    return StoredRanges.readCurrent(reader.get(), units).entrySet().stream()
        .anyMatch(
            unit -> {
              TaskShare.Decision decision = now.get(unit.getKey());
              return decision != null
                  && !decision.superseded().containsAll(unit.getValue().otherThan(decision.plan()));
            });
  }
}
