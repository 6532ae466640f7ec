package io.vectorconnect.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the first record of each partition with the one that its position was stored with: a
 * topic that was deleted and created again under the same name has other records at the same
 * offsets, and is read from its beginning.
 */
final class PositionCheck {
  private static final Logger log = LoggerFactory.getLogger(PositionCheck.class);

  /** Partitions whose first record has not come yet. */
  private final Map<TopicPartition, Position> pending = new HashMap<>();

  /** Partitions that were checked since they came to this task. */
  private final Set<TopicPartition> known = new HashSet<>();

  /**
   * What a check of some records came to.
   *
   * @param due the records that are to be written
   * @param checked the partitions that were checked
   * @param again partitions that are to be read from their beginning
   */
  record Result(
      Collection<SinkRecord> due, Set<TopicPartition> checked, Set<TopicPartition> again) {}

  /**
   * Where the consumer is to be set: to the record that proves a position, unless it was delivered
   * or the partition was checked before; then to where it goes on.
   */
  Map<TopicPartition, Long> starts(
      Map<TopicPartition, Position> positions, Collection<SinkRecord> delivered) {
    pending.keySet().removeAll(positions.keySet());
    Map<TopicPartition, Long> starts = new HashMap<>();
    positions.forEach(
        (partition, position) -> starts.put(partition, start(partition, position, delivered)));
    return starts;
  }

  private long start(
      TopicPartition partition, Position position, Collection<SinkRecord> delivered) {
    if (position.proof().isEmpty() || known.contains(partition)) {
      return position.next();
    }
    long proved = position.proof().get().offset();
    for (SinkRecord record : delivered) {
      if (record.originalKafkaOffset() == proved
          && OffsetSpans.partition(record).equals(partition)) {
        long from = from(partition, position, record);
        return from == Long.MAX_VALUE ? 0 : from;
      }
    }
    pending.put(partition, position);
    return proved;
  }

  void forget(Collection<TopicPartition> partitions) {
    pending.keySet().removeAll(partitions);
    known.removeAll(partitions);
  }

  Set<TopicPartition> pending() {
    return pending.keySet();
  }

  /**
   * Checks records, without remembering that it did: the same ones may come once more.
   *
   * @throws ConnectException when a record has the timestamp of the stored one and other content
   */
  Result check(Collection<SinkRecord> records) {
    if (pending.isEmpty()) {
      return new Result(records, Set.of(), Set.of());
    }
    List<SinkRecord> due = new ArrayList<>(records.size());
    Map<TopicPartition, Long> from = new HashMap<>();
    Set<TopicPartition> again = new HashSet<>();
    for (SinkRecord record : records) {
      TopicPartition partition = OffsetSpans.partition(record);
      Position position = pending.get(partition);
      if (position != null && !from.containsKey(partition)) {
        from.put(partition, from(partition, position, record));
        if (from.get(partition) == Long.MAX_VALUE) {
          again.add(partition);
        }
      }
      if (record.originalKafkaOffset() >= from.getOrDefault(partition, 0L)) {
        due.add(record);
      }
    }
    return new Result(due, Set.copyOf(from.keySet()), again);
  }

  /** From which offset on records of this delivery are due; none of them if it is the maximum. */
  private static long from(TopicPartition partition, Position position, SinkRecord first) {
    RecordProof proof = position.proof().orElseThrow();
    long offset = first.originalKafkaOffset();
    if (offset < proof.offset()) {
      log.warn(
          "Partition {} has fewer records than were written of it: the topic was created again, and is read from offset {}",
          partition,
          offset);
      return offset;
    }
    if (offset > proof.offset()) {
      log.warn(
          "The record at offset {} of {} is gone (retention or compaction): whether the topic is still the one whose records were written up to offset {} is taken for granted",
          proof.offset(),
          partition,
          position.next() - 1);
      return position.next();
    }
    return switch (proof.compare(first)) {
      case SAME -> position.next();
      case OTHER -> {
        log.warn(
            "The record at offset {} of {} is another one than was written: the topic was created again, and is read from its beginning",
            offset,
            partition);
        yield Long.MAX_VALUE;
      }
      case UNCLEAR ->
          throw new ConnectException(
              "the record at offset %d of %s has the timestamp of the one that was written, and other content: a converter or transform was changed, or the topic was created again with the same timestamps. Set the connector's offset of this partition by Connect's REST API: to %d to go on, or to 0 to start over"
                  .formatted(offset, partition, position.next()));
    };
  }

  /**
   * The records of a check were taken.
   *
   * @param fresh partitions whose positions were looked up for it
   */
  void done(Result result, Set<TopicPartition> fresh) {
    pending.keySet().removeAll(result.checked());
    known.addAll(result.checked());
    known.addAll(fresh);
    known.removeAll(pending.keySet());
  }
}
