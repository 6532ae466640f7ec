package io.vectorconnect.milvus.source.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Chooses the form of each record of a topic by its headers: after an upgrade of Milvus, the new
 * form follows the old one in the same topic.
 */
final class LogDecoder {
  private static final int BASE = 36;

  private LogDecoder() {}

  /** Whether a record is in the form of Milvus 2.6 and later. */
  static boolean isStreaming(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(StreamingLogDecoder.VERSION) != null;
  }

  /**
   * Reads the head of a record.
   *
   * @throws ConnectException when it is not a message of Milvus
   */
  static LogMessage decode(ConsumerRecord<byte[], byte[]> record) {
    LogPlace place = LogPlace.of(record);
    if (!isStreaming(record)) {
      if (record.value() == null) {
        throw LogMessage.refused(place, "", "it is empty");
      }
      return OldLogDecoder.decode(place, record.value());
    }
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(
          header.key(),
          header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
    }
    headers.computeIfPresent(
        StreamingLogDecoder.LAST_CONFIRMED, (name, offset) -> decimal(place, offset));
    return StreamingLogDecoder.decode(
        place,
        headers,
        record.value() == null
            ? ByteString.EMPTY // a body without fields
            : UnsafeByteOperations.unsafeWrap(record.value()));
  }

  /** In Kafka, a message's ID is its offset. */
  private static String decimal(LogPlace place, String offset) {
    try {
      return Long.toString(Long.parseLong(offset, BASE));
    } catch (NumberFormatException e) {
      throw LogMessage.refused(
          place, "", "its header _lc is not an offset in base 36, as Milvus writes it to Kafka");
    }
  }
}
