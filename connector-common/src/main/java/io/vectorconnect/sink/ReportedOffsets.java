package io.vectorconnect.sink;

import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The refused records that were reported and lie behind the last written one of their partition. A
 * partition that waits is read again from there, and its refused records are not reported again.
 */
class ReportedOffsets {
  /** For sinks that read nothing again. */
  static final ReportedOffsets NONE =
      new ReportedOffsets() {
        @Override
        void add(SinkRecord record) {}
      };

  private final Map<TopicPartition, NavigableSet<Long>> offsets = new ConcurrentHashMap<>();

  boolean contains(SinkRecord record) {
    NavigableSet<Long> its = offsets.get(OffsetSpans.partition(record));
    return its != null && its.contains(record.originalKafkaOffset());
  }

  void add(SinkRecord record) {
    offsets
        .computeIfAbsent(OffsetSpans.partition(record), partition -> new ConcurrentSkipListSet<>())
        .add(record.originalKafkaOffset());
  }

  /** What lies before these offsets is not read again. */
  void written(Map<TopicPartition, Long> next) {
    next.forEach(
        (partition, offset) -> {
          NavigableSet<Long> its = offsets.get(partition);
          if (its != null) {
            its.headSet(offset).clear();
          }
        });
  }

  /** Another task has the partitions now. */
  void forget(Iterable<TopicPartition> partitions) {
    partitions.forEach(offsets::remove);
  }
}
