package io.vectorconnect.sink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** What a task tells Connect, and the records and offsets that Connect would hand it. */
final class FakeContext implements SinkTaskContext {
  static final TopicPartition T0 = new TopicPartition("t", 0);
  static final TopicPartition T1 = new TopicPartition("t", 1);

  final Map<Long, String> errant = Collections.synchronizedMap(new LinkedHashMap<>());
  final List<Long> reports = Collections.synchronizedList(new ArrayList<>());
  final Map<TopicPartition, Long> rewound = new HashMap<>();
  final List<Long> timeouts = new ArrayList<>();
  final Set<TopicPartition> paused = new HashSet<>();
  Set<TopicPartition> assigned = Set.of(T0, T1);
  boolean reporter = true;

  /** When the dead-letter queue has what was reported. */
  volatile CompletableFuture<Void> reported = CompletableFuture.completedFuture(null);

  /** Settings that retry at once; records wait for {@code maxRows}, or for an empty put. */
  static WriteSettings settings(int maxRows, long retryTimeoutMs) {
    return new WriteSettings(
        maxRows,
        1_000_000,
        Duration.ofHours(1),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(retryTimeoutMs),
        AllRefused.FAIL);
  }

  static SinkRecord record(TopicPartition partition, long offset, Object value) {
    return new SinkRecord(
        partition.topic(),
        partition.partition(),
        null,
        offset,
        null,
        Map.of("f", value),
        offset,
        0L,
        TimestampType.CREATE_TIME);
  }

  /** Good records of {@link #T0}. */
  static List<SinkRecord> records(long... offsets) {
    return Arrays.stream(offsets).mapToObj(offset -> record(T0, offset, "good")).toList();
  }

  static List<SinkRecord> range(long from, long to) {
    return records(LongStream.range(from, to).toArray());
  }

  static Map<TopicPartition, OffsetAndMetadata> offsets(long next) {
    return Map.of(T0, new OffsetAndMetadata(next));
  }

  static Map<TopicPartition, OffsetAndMetadata> offsets(long next0, long next1) {
    return Map.of(T0, new OffsetAndMetadata(next0), T1, new OffsetAndMetadata(next1));
  }

  @Override
  public Map<String, String> configs() {
    return Map.of();
  }

  @Override
  public void offset(Map<TopicPartition, Long> offsets) {
    rewound.putAll(offsets);
  }

  @Override
  public void offset(TopicPartition partition, long offset) {
    rewound.put(partition, offset);
  }

  @Override
  public void timeout(long timeoutMs) {
    timeouts.add(timeoutMs);
  }

  @Override
  public Set<TopicPartition> assignment() {
    return assigned;
  }

  @Override
  public void pause(TopicPartition... partitions) {
    paused.addAll(List.of(partitions));
  }

  @Override
  public void resume(TopicPartition... partitions) {
    List.of(partitions).forEach(paused::remove);
  }

  @Override
  public void requestCommit() {}

  @Override
  public ErrantRecordReporter errantRecordReporter() {
    return reporter
        ? (record, error) -> {
          reports.add(record.kafkaOffset());
          errant.put(record.kafkaOffset(), error.getMessage());
          return reported;
        }
        : null;
  }
}
