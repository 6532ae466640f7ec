package io.vectorconnect.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Which ranges a task reads: every n-th of all ranges of all collections.
 *
 * <p>The connector proposes a plan for each collection in the tasks' configuration, and facts such
 * as the time of the scan. Those that are stored with the offsets go before them, and every task
 * looks there by itself, so that tasks of the same start always divide the same list.
 */
public final class TaskShare {
  private static final String INDEX = "task.index";
  private static final String COUNT = "task.count";
  private static final String PLAN = "task.plan.";
  private static final String FACT = "task.fact.";

  private final int index;
  private final int count;
  private final Map<String, RangePlan> proposals = new TreeMap<>();
  private final Map<String, String> facts = new TreeMap<>();

  /**
   * One range of this task.
   *
   * @param collection the collection's name, as the connector planned it
   * @param offsets the offsets of the whole collection
   * @param range the range to read
   */
  public record Part(String collection, RangeOffsets offsets, KeyRange range) {}

  /** Reads what {@link #configs} wrote. */
  public TaskShare(Map<String, String> properties) {
    index = Integer.parseInt(properties.get(INDEX));
    count = Integer.parseInt(properties.get(COUNT));
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(PLAN)) {
            proposals.put(key.substring(PLAN.length()), RangePlan.fromJson(value));
          } else if (key.startsWith(FACT)) {
            facts.put(key.substring(FACT.length()), value);
          }
        });
  }

  /** The configurations of at most {@code maxTasks} tasks. */
  public static List<Map<String, String>> configs(
      Map<String, String> properties, Map<String, RangePlan> plans, int maxTasks) {
    return configs(properties, plans, Map.of(), maxTasks);
  }

  /**
   * The configurations of at most {@code maxTasks} tasks.
   *
   * @param facts what every offset of a first scan is to remember, see {@link RangeOffsets#fact}
   */
  public static List<Map<String, String>> configs(
      Map<String, String> properties,
      Map<String, RangePlan> plans,
      Map<String, String> facts,
      int maxTasks) {
    int ranges = plans.values().stream().mapToInt(RangePlan::size).sum();
    int tasks = Math.min(maxTasks, ranges);
    List<Map<String, String>> configs = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(INDEX, Integer.toString(i));
      config.put(COUNT, Integer.toString(tasks));
      plans.forEach((collection, plan) -> config.put(PLAN + collection, plan.toJson()));
      facts.forEach((name, value) -> config.put(FACT + name, value));
      configs.add(config);
    }
    return configs;
  }

  /**
   * This task's ranges, each with the offsets that are stored.
   *
   * @param sourcePartition what names a collection in a source partition
   */
  public List<Part> parts(
      OffsetStorageReader stored, Function<String, Map<String, String>> sourcePartition) {
    List<Part> parts = new ArrayList<>();
    int position = 0;
    for (Map.Entry<String, RangePlan> proposal : proposals.entrySet()) {
      Map<String, String> partition = sourcePartition.apply(proposal.getKey());
      RangeOffsets offsets =
          RangeOffsets.stored(stored, partition)
              .orElseGet(() -> RangeOffsets.fresh(partition, proposal.getValue(), facts));
      for (KeyRange range : offsets.plan().ranges()) {
        if (position++ % count == index) {
          parts.add(new Part(proposal.getKey(), offsets, range));
        }
      }
    }
    return parts;
  }
}
