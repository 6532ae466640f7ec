package io.vectorconnect.milvus.source.log;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records that Milvus's own library (pkg/v2 of 2.6.7) wrote to Kafka, and the changes that they
 * are: three topics with several collections, transactions, replicated and encrypted messages.
 */
final class RecordedLog {
  static final String FIRST = "by-dev-rootcoord-dml_0";
  static final String SECOND = "by-dev-rootcoord-dml_1";
  static final String THIRD = "by-dev-rootcoord-dml_2";

  static final long PRODUCTS = 462103285742600001L;
  static final long NOTES = 462103285742600002L;
  static final long SECRET = 462103285742600003L;
  static final long LATER = 462103285742600004L;

  private RecordedLog() {}

  static LogChannel channel(String topic, long collection, int shard) {
    return new LogChannel("%s_%dv%d".formatted(topic, collection, shard), topic);
  }

  /** The records of one topic, by offset. */
  static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return lines("records.jsonl").stream()
        .filter(line -> line.get("topic").getAsString().equals(topic))
        .map(RecordedLog::record)
        .toList();
  }

  private static ConsumerRecord<byte[], byte[]> record(JsonObject line) {
    JsonElement value = line.get("value");
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            line.get("topic").getAsString(),
            0,
            line.get("offset").getAsLong(),
            null,
            value.isJsonNull() ? null : Base64.getDecoder().decode(value.getAsString()));
    line.getAsJsonObject("headers")
        .entrySet()
        .forEach(
            header ->
                record
                    .headers()
                    .add(
                        header.getKey(),
                        header.getValue().getAsString().getBytes(StandardCharsets.US_ASCII)));
    return record;
  }

  /** The changes of one shard, in order. */
  static List<Map<String, Object>> expected(LogChannel channel) {
    return lines("expected.jsonl").stream()
        .filter(line -> line.get("topic").getAsString().equals(channel.topic()))
        .filter(line -> line.get("vchannel").getAsString().equals(channel.shard()))
        .map(RecordedLog::map)
        .toList();
  }

  private static List<JsonObject> lines(String file) {
    try (InputStream in = RecordedLog.class.getResourceAsStream("streaming-log/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> map(JsonObject object) {
    return object.entrySet().stream()
        .collect(
            TreeMap::new,
            (map, entry) -> map.put(entry.getKey(), value(entry.getValue())),
            TreeMap::putAll);
  }

  /** JSON as Java's own types; whole numbers are Long. */
  static Object value(JsonElement element) {
    if (element.isJsonNull()) {
      return null;
    }
    if (element instanceof JsonArray array) {
      return array.asList().stream().map(RecordedLog::value).collect(Collectors.toList());
    }
    if (element instanceof JsonObject object) {
      return map(object);
    }
    if (element.getAsJsonPrimitive().isNumber()) {
      String text = element.getAsString();
      return text.matches("-?\\d+")
          ? (Object) Long.valueOf(text)
          : number(Double.parseDouble(text));
    }
    return element.getAsJsonPrimitive().isBoolean()
        ? (Object) element.getAsBoolean()
        : element.getAsString();
  }

  static Object number(double value) {
    return value == Math.rint(value) ? (Object) (long) value : value;
  }
}
