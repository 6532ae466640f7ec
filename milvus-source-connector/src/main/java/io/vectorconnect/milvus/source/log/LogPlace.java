package io.vectorconnect.milvus.source.log;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a message is in Milvus's log.
 *
 * @param topic the physical channel
 * @param order a number that grows along the log: the Kafka offset, or the time tick where Milvus
 *     itself delivers the messages in the order of their time ticks
 * @param from where to start reading to find this message again
 * @param next where to start reading to find everything that follows it
 * @param name the place in words, for an error message
 */
record LogPlace(String topic, long order, String from, String next, String name) {
  /** The place of a record in Kafka. */
  static LogPlace of(ConsumerRecord<?, ?> record) {
    return kafka(record.topic(), record.offset());
  }

  /** The place of an offset in Kafka. */
  static LogPlace kafka(String topic, long offset) {
    return new LogPlace(
        topic, offset, Long.toString(offset), Long.toString(offset + 1), "offset " + offset);
  }
}
