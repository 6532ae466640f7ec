package io.vectorconnect.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** One task of a source, polled in this process; its records are counted and let go. */
final class SourceRun {
  private final SourceConnector connector;

  SourceRun(SourceConnector connector) {
    this.connector = connector;
  }

  /** How long it takes from the start of the connector to the last of so many records. */
  Duration time(Map<String, String> config, int rows) throws Exception {
    long begin = System.nanoTime();
    connector.initialize(new Context());
    connector.start(config);
    Map<String, String> taskConfig = connector.taskConfigs(1).get(0);
    SourceTask task = (SourceTask) connector.taskClass().getDeclaredConstructor().newInstance();
    task.initialize(new TaskContext(taskConfig));
    task.start(taskConfig);
    int count = 0;
    while (count < rows) {
      List<SourceRecord> records = task.poll();
      count += records == null ? 0 : records.size();
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    task.stop();
    connector.stop();
    if (count != rows) {
      throw new IllegalStateException("expected %,d rows, got %,d".formatted(rows, count));
    }
    return time;
  }

  /** Nothing was read before. */
  private static final class NoOffsets implements OffsetStorageReader {
    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      return null;
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        java.util.Collection<Map<String, T>> partitions) {
      return new HashMap<>();
    }
  }

  private static final class Context implements SourceConnectorContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
      return new NoOffsets();
    }

    @Override
    public void requestTaskReconfiguration() {}

    @Override
    public void raiseError(Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private record TaskContext(Map<String, String> configs) implements SourceTaskContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
      return new NoOffsets();
    }
  }
}
