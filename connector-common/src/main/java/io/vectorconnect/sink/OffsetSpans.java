package io.vectorconnect.sink;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The lowest and the last offset of every partition in a batch, by original coordinates. They
 * differ in order where the consumer was set back while the batch was filled.
 */
final class OffsetSpans {
  private record Span(long first, long last) {}

  private final Map<TopicPartition, Span> spans = new HashMap<>();

  void add(SinkRecord record) {
    long offset = record.originalKafkaOffset();
    spans.merge(
        partition(record),
        new Span(offset, offset),
        (old, added) -> new Span(Math.min(old.first(), added.first()), added.last()));
  }

  /** The partition that a record was read from, whatever transforms made of it. */
  static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }

  boolean isEmpty() {
    return spans.isEmpty();
  }

  /** Where a consumer goes on after this batch. */
  Map<TopicPartition, Long> next() {
    Map<TopicPartition, Long> next = new HashMap<>();
    spans.forEach((partition, span) -> next.put(partition, span.last() + 1));
    return next;
  }

  /** Where a consumer begins to read this batch again. */
  Map<TopicPartition, Long> first() {
    Map<TopicPartition, Long> first = new HashMap<>();
    spans.forEach((partition, span) -> first.put(partition, span.first()));
    return first;
  }
}
