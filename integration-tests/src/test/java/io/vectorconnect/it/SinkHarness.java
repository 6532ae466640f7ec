package io.vectorconnect.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Drives a sink task as Connect's worker does, in this process, against a real database. */
final class SinkHarness implements AutoCloseable {
  private final Map<String, String> config;
  private final Context context = new Context();
  private final Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final SinkTask task;
  private long offset;

  /** Where the task has set its consumer. */
  final Map<TopicPartition, Long> setTo = new HashMap<>();

  /** Records and reasons that went to the dead-letter queue. */
  final Map<SinkRecord, Throwable> errant = new LinkedHashMap<>();

  SinkHarness(SinkTask task, Map<String, String> config, boolean withDeadLetterQueue) {
    this.task = task;
    this.config = config;
    context.withReporter = withDeadLetterQueue;
    task.initialize(context);
    task.start(config);
  }

  SinkHarness(SinkTask task, Map<String, String> config) {
    this(task, config, true);
  }

  SinkRecord record(String topic, Schema keySchema, Object key, Schema valueSchema, Object value) {
    return new SinkRecord(
        topic, 0, keySchema, key, valueSchema, value, offset++, 0L, TimestampType.CREATE_TIME);
  }

  /** Delivers records, once. */
  void putOnce(SinkRecord... records) {
    task.put(List.of(records));
  }

  /** Delivers records, again after each RetriableException, as the worker would. */
  void put(Collection<SinkRecord> records) throws InterruptedException {
    while (true) {
      try {
        task.put(records);
        break;
      } catch (RetriableException e) {
        Thread.sleep(100);
      }
    }
    for (SinkRecord record : records) {
      delivered.put(
          new TopicPartition(record.topic(), record.kafkaPartition()),
          new OffsetAndMetadata(record.kafkaOffset() + 1));
    }
  }

  void put(SinkRecord... records) throws InterruptedException {
    put(List.of(records));
  }

  /** What Connect has committed after asking the task once more. */
  Map<TopicPartition, OffsetAndMetadata> commit() {
    committed.putAll(task.preCommit(delivered));
    return committed;
  }

  /** Delivers, and waits until all of it is written or reported. */
  void write(SinkRecord... records) throws InterruptedException {
    put(records);
    flush();
  }

  void flush() throws InterruptedException {
    while (!commit().equals(delivered)) {
      put();
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    task.close(delivered.keySet());
    task.stop();
  }

  private final class Context implements SinkTaskContext {
    private boolean withReporter;

    @Override
    public Map<String, String> configs() {
      return config;
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
      setTo.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long position) {
      setTo.put(partition, position);
    }

    @Override
    public void timeout(long timeoutMs) {}

    @Override
    public Set<TopicPartition> assignment() {
      return Set.of(new TopicPartition(config.get("topics"), 0));
    }

    @Override
    public void pause(TopicPartition... partitions) {}

    @Override
    public void resume(TopicPartition... partitions) {}

    @Override
    public void requestCommit() {}

    @Override
    public ErrantRecordReporter errantRecordReporter() {
      return withReporter
          ? (record, error) -> {
            errant.put(record, error);
            return CompletableFuture.completedFuture(null);
          }
          : null;
    }
  }

  /** The messages of what was reported. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    errant.values().forEach(error -> reasons.add(error.getMessage()));
    return reasons;
  }
}
