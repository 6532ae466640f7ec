package io.vectorconnect.files;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Drives a connector and its tasks as Connect's worker does; offsets outlive a run. */
public final class Worker {
  private final SourceConnector connector;
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  /** What the connector's state shows as its failures. */
  public final List<Exception> raised = new ArrayList<>();

  /** The files that each task of the last run published from. */
  public final List<Collection<Object>> filesByTask = new ArrayList<>();

  /** A worker for one connector. */
  public Worker(SourceConnector connector) {
    this.connector = connector;
  }

  /** Stores an offset, as a run before would. */
  public void setOffset(Map<String, ?> partition, Map<String, ?> offset) {
    offsets.put(partition, offset);
  }

  /** Runs until the condition holds, asked after every record, and once a round without any. */
  public List<SourceRecord> run(Map<String, String> config, Predicate<List<SourceRecord>> enough)
      throws Exception {
    connector.initialize(
        proxy(
            SourceConnectorContext.class,
            (self, method, arguments) -> raised.add((Exception) arguments[0])));
    connector.start(config);
    filesByTask.clear();
    List<SourceTask> tasks = new ArrayList<>();
    List<SourceRecord> records = new ArrayList<>();
    try {
      int maxTasks = Integer.parseInt(config.getOrDefault("tasks.max", "1"));
      for (Map<String, String> taskConfig : connector.taskConfigs(maxTasks)) {
        SourceTask task = (SourceTask) connector.taskClass().getDeclaredConstructor().newInstance();
        task.initialize(context());
        task.start(taskConfig);
        tasks.add(task);
        filesByTask.add(new java.util.TreeSet<>());
      }
      while (true) {
        for (int i = 0; i < tasks.size(); i++) {
          List<SourceRecord> polled = tasks.get(i).poll();
          for (SourceRecord record : polled == null ? List.<SourceRecord>of() : polled) {
            records.add(record);
            filesByTask.get(i).add(record.sourcePartition().get("file"));
            offsets.put(record.sourcePartition(), record.sourceOffset());
            if (enough.test(records)) {
              return records;
            }
          }
        }
        if (enough.test(records)) {
          return records;
        }
      }
    } finally {
      tasks.forEach(SourceTask::stop);
      connector.stop();
    }
  }

  private SourceTaskContext context() {
    return proxy(
        SourceTaskContext.class,
        (self, method, arguments) ->
            proxy(
                OffsetStorageReader.class,
                (reader, offset, partitions) -> offsets.get(partitions[0])));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
