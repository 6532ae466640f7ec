package io.vectorconnect.source.range;

import io.vectorconnect.source.ReaderLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * What one task reads: every n-th of all ranges of all units.
 *
 * <p>A task follows the plans in its own configuration and no others. Connect stores the
 * configurations of all tasks of a connector together before it starts any of them, so the tasks of
 * one start always divide the same plans. A task that finds an offset of another plan publishes
 * nothing; the connector decides which plan counts, see {@link PlanKeeper}.
 */
public final class TaskShare {
  private static final String RANGES = "task.ranges";

  private final List<Entry> entries;

  /**
   * A task's part of one unit.
   *
   * @param unit the unit's name
   * @param plan the unit's plan
   * @param ranges the numbers of the task's ranges; at least one
   * @param superseded fingerprints of other plans with stored offsets, which do not count
   */
  public record Entry(String unit, RangePlan plan, List<Integer> ranges, Set<String> superseded) {}

  /**
   * A plan that the connector decided on.
   *
   * @param plan the plan
   * @param superseded fingerprints of other plans with stored offsets, which do not count
   */
  record Decision(RangePlan plan, Set<String> superseded) {}

  /**
   * Reads what {@link #configs} wrote.
   *
   * @throws ConnectException when an older version wrote the configuration
   */
  public TaskShare(Map<String, String> properties) {
    String ranges = properties.get(RANGES);
    if (ranges == null) {
      throw new ConnectException(
          "an earlier version of the connector wrote this task's configuration; the task starts when the connector has written a new one");
    }
    entries = ShareText.parse(ranges);
  }

  /** Divides all ranges among at most {@code maxTasks} tasks. */
  static List<List<Entry>> divide(Map<String, Decision> decisions, int maxTasks) {
    int ranges = decisions.values().stream().mapToInt(decision -> decision.plan.size()).sum();
    int tasks = Math.min(maxTasks, ranges);
    List<List<Entry>> shares = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      shares.add(new ArrayList<>());
    }
    int position = 0;
    for (Map.Entry<String, Decision> unit : decisions.entrySet()) {
      Decision decision = unit.getValue();
      Map<Integer, List<Integer>> ofTasks = new TreeMap<>();
      for (int range = 0; range < decision.plan.size(); range++) {
        ofTasks.computeIfAbsent(position++ % tasks, task -> new ArrayList<>()).add(range);
      }
      ofTasks.forEach(
          (task, its) ->
              shares
                  .get(task)
                  .add(new Entry(unit.getKey(), decision.plan, its, decision.superseded)));
    }
    return shares;
  }

  /** The configurations of tasks, one for each share. */
  static List<Map<String, String>> configs(
      Map<String, String> properties, List<List<Entry>> shares) {
    List<Map<String, String>> configs = new ArrayList<>();
    for (List<Entry> share : shares) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(RANGES, ShareText.write(share));
      ShareText.requireRoom(config);
      configs.add(config);
    }
    return configs;
  }

  /**
   * What a task reads of one unit.
   *
   * @param name the unit's name
   * @param offsets where its ranges stand
   * @param ranges the task's, in order; at least one
   */
  public record Share(String name, RangeOffsets offsets, List<KeyRange> ranges) {}

  /**
   * This task's ranges, each where its offset says.
   *
   * @param unit the unit with a name
   * @throws OtherPlanException when an offset of a plan is stored that the connector did not know
   *     of; {@link ReaderLoop} asks again until the connector has decided
   */
  public List<Share> shares(Function<String, ScanUnit> unit, OffsetStorageReader reader) {
    List<ScanUnit> units = entries.stream().map(entry -> unit.apply(entry.unit)).toList();
    Map<String, StoredRanges> stored = StoredRanges.read(reader, units);
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      ScanUnit its = units.get(i);
      requireOnly(entry, stored.get(its.name()));
      RangeOffsets offsets =
          RangeOffsets.of(
              stored.get(its.name()),
              entry.plan,
              () -> requireOnly(entry, StoredRanges.readCurrent(reader, List.of(its))));
      List<KeyRange> all = entry.plan.ranges();
      shares.add(new Share(entry.unit, offsets, entry.ranges.stream().map(all::get).toList()));
    }
    return shares;
  }

  private static void requireOnly(Entry entry, Map<String, StoredRanges> stored) {
    requireOnly(entry, stored.get(entry.unit));
  }

  private static void requireOnly(Entry entry, StoredRanges stored) {
    Collection<String> unknown =
        stored.otherThan(entry.plan).stream()
            .filter(plan -> !entry.superseded.contains(plan))
            .collect(Collectors.toSet());
    if (!unknown.isEmpty()) {
      throw new OtherPlanException(
          "offsets of %s are stored that belong to another range plan (%s) than this task's (%s): the connector was reconfigured before its first offsets were stored. This task waits for the connector, which decides within about a minute which plan counts; if the connector has failed, restart it"
              .formatted(entry.unit, String.join(", ", unknown), entry.plan.fingerprint()));
    }
  }
}
