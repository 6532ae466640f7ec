package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.RangePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Which ranges a task reads: every n-th of all ranges of all collections.
 *
 * <p>The connector proposes a plan for each collection in the tasks' configuration. A plan that is
 * stored with the offsets goes before it, and every task looks there by itself, so that tasks of
 * the same start always divide the same list.
 */
final class TaskShare {
  private static final String INDEX = "task.index";
  private static final String COUNT = "task.count";
  private static final String PLAN = "task.plan.";

  private final int index;
  private final int count;
  private final Map<String, RangePlan> proposals = new TreeMap<>();

  /** Reads what {@link #configs} wrote. */
  TaskShare(Map<String, String> properties) {
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
  static List<Map<String, String>> configs(
      Map<String, String> properties, Map<String, RangePlan> plans, int maxTasks) {
    int ranges = plans.values().stream().mapToInt(RangePlan::size).sum();
    int tasks = Math.min(maxTasks, ranges);
    List<Map<String, String>> configs = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(INDEX, Integer.toString(i));
      config.put(COUNT, Integer.toString(tasks));
      plans.forEach((collection, plan) -> config.put(PLAN + collection, plan.toJson()));
      configs.add(config);
    }
    return configs;
  }

  /** What names a collection in a source partition. */
  static Map<String, String> sourcePartition(String database, String collection) {
    return Map.of("database", database, "collection", collection);
  }

  /** Readers of this task's ranges, each where its offset says. */
  List<Reader> readers(MilvusClient client, MilvusSourceConfig config, OffsetStorageReader stored) {
    List<Reader> readers = new ArrayList<>();
    long guarantee = client.guaranteeNow();
    int position = 0;
    for (Map.Entry<String, RangePlan> proposal : proposals.entrySet()) {
      Map<String, String> partition =
          sourcePartition(config.connection().database(), proposal.getKey());
      RangeOffsets offsets =
          RangeOffsets.stored(stored, partition)
              .orElseGet(() -> RangeOffsets.fresh(partition, proposal.getValue()));
      List<KeyRange> mine = new ArrayList<>();
      for (KeyRange range : offsets.plan().ranges()) {
        if (position++ % count == index) {
          mine.add(range);
        }
      }
      if (!mine.isEmpty()) {
        Collection collection = Collection.describe(client, proposal.getKey());
        readers.addAll(
            new CollectionShare(
                    client,
                    config,
                    collection,
                    offsets,
                    config.partitions().scans(client, collection.name()),
                    guarantee)
                .readers(mine));
      }
    }
    return readers;
  }
}
