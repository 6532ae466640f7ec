package io.vectorconnect.it;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Drives a source connector and its tasks as Connect's worker does, in this process, against a real
 * server; stops it wherever a test likes.
 */
final class SourceHarness {
  private final SourceConnector connector;
  private final JsonConverter converter = new JsonConverter();

  /** By the JSON text of the source partition: the order of its fields counts, as in Connect. */
  private final Map<String, Stored> offsets = new HashMap<>();

  /** Whether tasks are told that their records are safe. */
  private boolean acknowledges = true;

  private Exception raised;

  SourceHarness(SourceConnector connector) {
    this.connector = connector;
    converter.configure(Map.of("schemas.enable", "false"), true);
  }

  private record Stored(Map<String, ?> partition, Map<String, ?> offset) {}

  private String key(Map<String, ?> partition) {
    return new String(
        converter.fromConnectData("offsets", null, partition), StandardCharsets.UTF_8);
  }

  /** What the connector's state shows as its failure, or null. */
  Exception raised() {
    return raised;
  }

  /** From now on, records are safe, and the task stops before it hears of it. */
  void acknowledgeNothing() {
    acknowledges = false;
  }

  /** From now on, tasks hear of each record. */
  void acknowledge() {
    acknowledges = true;
  }

  /** Decides after each record whether to go on. */
  @FunctionalInterface
  interface Until {
    boolean enough(List<SourceRecord> records);
  }

  /**
   * Starts connector and tasks, polls them in turn, and stops as a crash does: offsets are kept
   * just for the records that are returned.
   *
   * @param until asked after every record, and once a round when nothing comes
   */
  List<SourceRecord> run(Map<String, String> config, Until until) throws Exception {
    connector.initialize(new Context());
    connector.start(config);
    List<SourceTask> tasks = new ArrayList<>();
    List<SourceRecord> records = new ArrayList<>();
    try {
      int maxTasks = Integer.parseInt(config.get("tasks.max"));
      for (Map<String, String> taskConfig : connector.taskConfigs(maxTasks)) {
        SourceTask task = (SourceTask) connector.taskClass().getDeclaredConstructor().newInstance();
        task.initialize(new TaskContext(taskConfig, this));
        task.start(taskConfig);
        tasks.add(task);
      }
      while (true) {
        for (SourceTask task : tasks) {
          for (SourceRecord record : poll(task)) {
            records.add(record);
            offsets.put(
                key(record.sourcePartition()),
                new Stored(record.sourcePartition(), record.sourceOffset()));
            if (acknowledges) {
              task.commitRecord(record, null);
            }
            if (until.enough(records)) {
              return records;
            }
          }
        }
        if (until.enough(records)) {
          return records;
        }
      }
    } finally {
      tasks.forEach(SourceTask::stop);
      connector.stop();
    }
  }

  /** Changes what the stored offsets hold, entry by entry. */
  void changeOffsets(BiFunction<String, String, String> change) {
    offsets.replaceAll(
        (json, stored) -> {
          Map<String, Object> changed = new HashMap<>(stored.offset);
          changed.replaceAll((key, value) -> change.apply(key, (String) value));
          return new Stored(stored.partition, changed);
        });
  }

  /** Resets all offsets, as a DELETE to a stopped connector's offsets does. */
  void resetOffsets(Map<String, String> config) {
    Map<Map<String, ?>, Map<String, ?>> none = new HashMap<>();
    offsets.values().forEach(stored -> none.put(stored.partition, null));
    connector.alterOffsets(config, none);
    offsets.clear();
  }

  private static List<SourceRecord> poll(SourceTask task) throws InterruptedException {
    try {
      List<SourceRecord> records = task.poll();
      return records == null ? List.of() : records;
    } catch (RetriableException e) {
      return List.of();
    }
  }

  private final class Reader implements OffsetStorageReader {
    @Override
    @SuppressWarnings("unchecked")
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      Stored stored = offsets.get(key(partition));
      return stored == null ? null : (Map<String, Object>) stored.offset;
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      for (Map<String, T> partition : partitions) {
        found.put(partition, offset(partition));
      }
      return found;
    }
  }

  private final class Context implements SourceConnectorContext, ConnectorContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
      return new Reader();
    }

    @Override
    public void requestTaskReconfiguration() {
      throw new AssertionError("the harness does not reconfigure tasks");
    }

    @Override
    public void raiseError(Exception e) {
      raised = e;
    }
  }

  private record TaskContext(Map<String, String> configs, SourceHarness harness)
      implements SourceTaskContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
      return harness.new Reader();
    }
  }
}
