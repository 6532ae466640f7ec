package io.vectorconnect.sink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What tells a record from one at the same offset of another topic of the same name: Kafka never
 * changes a record's timestamp, and two loads hardly have the same one at the same offset.
 *
 * @param offset its offset
 * @param timestamp milliseconds since 1970; 0 where the record has none
 * @param hash half of SHA-256 over its key and value as the sink sees them, in hexadecimal digits
 */
public record RecordProof(long offset, long timestamp, String hash) {
  /** Digits of a hash. */
  public static final int HASH_LENGTH = 32;

  /** What a record is, compared with a proof of the same offset. */
  enum Comparison {
    /** The same record. */
    SAME,
    /** Another record: the topic was created again. */
    OTHER,
    /** The same timestamp and other content. */
    UNCLEAR
  }

  /** The proof that a record gives. */
  public static RecordProof of(SinkRecord record) {
    Long timestamp = record.timestamp();
    MessageDigest digest = sha256();
    add(digest, record.key());
    add(digest, record.value());
    String hash = HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
    return new RecordProof(
        record.originalKafkaOffset(), timestamp == null ? 0 : Math.max(0, timestamp), hash);
  }

  /** Compares a record at the same offset. */
  Comparison compare(SinkRecord record) {
    RecordProof other = of(record);
    if (other.timestamp != timestamp) {
      return Comparison.OTHER;
    }
    if (other.hash.equals(hash)) {
      return Comparison.SAME;
    }
    // Without timestamps, only the content tells. With them, a converter may have been changed.
    return timestamp == 0 ? Comparison.OTHER : Comparison.UNCLEAR;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Each value after its kind, and what has parts after their number. */
  private static void add(MessageDigest digest, Object value) {
    if (value instanceof byte[] bytes) {
      add(digest, 'b', bytes.length);
      digest.update(bytes);
    } else if (value instanceof ByteBuffer buffer) {
      add(digest, 'b', buffer.remaining());
      digest.update(buffer.duplicate());
    } else if (value instanceof Struct struct) {
      List<Field> fields = struct.schema().fields();
      add(digest, 's', fields.size());
      fields.forEach(field -> add(digest, struct.getWithoutDefault(field.name())));
    } else if (value instanceof List<?> list) {
      add(digest, 'l', list.size());
      list.forEach(element -> add(digest, element));
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, element) -> sorted.put(String.valueOf(key), element));
      add(digest, 'm', sorted.size());
      sorted.forEach(
          (key, element) -> {
            addText(digest, key);
            add(digest, element);
          });
    } else {
      addText(
          digest,
          value instanceof Date date ? Long.toString(date.getTime()) : String.valueOf(value));
    }
  }

  private static void addText(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(digest, 't', bytes.length);
    digest.update(bytes);
  }

  private static void add(MessageDigest digest, char kind, int length) {
    digest.update(ByteBuffer.allocate(Integer.BYTES + 1).put((byte) kind).putInt(length).flip());
  }
}
