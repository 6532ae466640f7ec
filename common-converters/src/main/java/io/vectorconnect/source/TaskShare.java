package io.vectorconnect.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Which ranges a task reads: every n-th of all ranges of all collections or tables.
 *
 * <p>The connector proposes a plan for each collection in the tasks' configuration. A plan that is
 * stored with the offsets goes before it, and every task looks there by itself, so that tasks of
 * the same start always divide the same list.
 */
public final class TaskShare {
  private static final String INDEX = "task.index";
  private static final String COUNT = "task.count";
  private static final String PLAN = "task.plan.";

  private final int index;
  private final int count;
  private final Map<String, RangePlan> proposals = new TreeMap<>();

  /** Reads what {@link #configs} wrote. */
  public TaskShare(Map<String, String> properties) {
    index = Integer.parseInt(properties.get(INDEX));
    count = Integer.parseInt(properties.get(COUNT));
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(PLAN)) {
            proposals.put(key.substring(PLAN.length()), RangePlan.fromJson(value));
          }
        });
  }

  /** The configurations of at most {@code maxTasks} tasks. */
  public static List<Map<String, String>> configs(
      Map<String, String> properties, Map<String, RangePlan> plans, int maxTasks) {
    int ranges = plans.values().stream().mapToInt(RangePlan::size).sum();
    int tasks = Math.min(maxTasks, ranges);
    List<Map<String, String>> configs = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(INDEX, Integer.toString(i));
      config.put(COUNT, Integer.toString(tasks));
      plans.forEach((name, plan) -> config.put(PLAN + name, plan.toJson()));
      configs.add(config);
    }
    return configs;
  }

  /** Makes the reader of a range. */
  @FunctionalInterface
  public interface ReaderFactory<R> {
    /**
     * The reader of one range.
     *
     * @param name the collection or table
     * @param offsets where its ranges stand
     * @param range the range to read
     */
    R reader(String name, RangeOffsets offsets, KeyRange range);
  }

  /**
   * What a task reads of one collection or table.
   *
   * @param name the collection or table
   * @param offsets where its ranges stand
   * @param ranges the task's, in order; at least one
   */
  public record Share(String name, RangeOffsets offsets, List<KeyRange> ranges) {}

  /**
   * Readers of this task's ranges, each where its offset says.
   *
   * @param partition what names a collection or table in a source partition
   */
  public <R> List<R> readers(
      Function<String, Map<String, String>> partition,
      OffsetStorageReader stored,
      ReaderFactory<R> factory) {
    List<R> readers = new ArrayList<>();
    for (Share share : shares(partition, stored)) {
      for (KeyRange range : share.ranges()) {
        readers.add(factory.reader(share.name(), share.offsets(), range));
      }
    }
    return readers;
  }

  /**
   * This task's ranges, for readers of more than one of them.
   *
   * @param partition what names a collection or table in a source partition
   */
  public List<Share> shares(
      Function<String, Map<String, String>> partition, OffsetStorageReader stored) {
    List<Share> shares = new ArrayList<>();
    int position = 0;
    for (Map.Entry<String, RangePlan> proposal : proposals.entrySet()) {
      Map<String, String> itsPartition = partition.apply(proposal.getKey());
      RangeOffsets offsets =
          RangeOffsets.stored(stored, itsPartition)
              .orElseGet(() -> RangeOffsets.fresh(itsPartition, proposal.getValue()));
      List<KeyRange> mine = new ArrayList<>();
      for (KeyRange range : offsets.plan().ranges()) {
        if (position++ % count == index) {
          mine.add(range);
        }
      }
      if (!mine.isEmpty()) {
        shares.add(new Share(proposal.getKey(), offsets, mine));
      }
    }
    return shares;
  }
}
