package io.vectorconnect.milvus.source.log;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The end of a channel's topic.
 *
 * @param first the oldest offset that is still there
 * @param end the offset that the next record will have
 * @param last the last record; empty when the topic is
 */
record LogTail(long first, long end, Optional<ConsumerRecord<byte[], byte[]>> last) {
  /** Whether the topic is in the form of Milvus 2.6 and later now. */
  boolean isStreaming() {
    return last.filter(LogDecoder::isStreaming).isPresent();
  }

  /**
   * Where to start reading to find every later change. That is the end, but in the newer form
   * transactions may be open there: the last record says where to start to find them whole.
   */
  long start() {
    long confirmed =
        last.flatMap(record -> LogDecoder.decode(record).lastConfirmed())
            .map(Long::parseLong)
            .orElse(end);
    return Math.max(first, Math.min(confirmed, end));
  }
}
