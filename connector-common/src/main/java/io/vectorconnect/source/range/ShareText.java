package io.vectorconnect.source.range;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The form of a {@link TaskShare} in a task's configuration: a JSON array with an element for each
 * unit. The element is the unit's name where it has one range; else it is an array of the name, the
 * bounds, the numbers of the task's ranges and the fingerprints of superseded plans. A long text is
 * compressed.
 */
final class ShareText {
  /** Connect writes a task's configuration as one message, and brokers take 1 MiB by default. */
  private static final int MAX_CONFIG_BYTES = 950_000;

  private static final int LONG = 100_000;
  private static final String GZIP = "gzip:";
  private static final JsonFactory JSON = new JsonFactory();

  private ShareText() {}

  static String write(List<TaskShare.Entry> entries) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (TaskShare.Entry entry : entries) {
        if (entry.plan().size() == 1 && entry.superseded().isEmpty()) {
          json.writeString(entry.unit());
        } else {
          write(json, entry);
        }
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.getBuffer().length() > LONG ? compress(text.toString()) : text.toString();
  }

  private static void write(JsonGenerator json, TaskShare.Entry entry) throws IOException {
    json.writeStartArray();
    json.writeString(entry.unit());
    strings(json, entry.plan().bounds());
    json.writeStartArray();
    for (int range : entry.ranges()) {
      json.writeNumber(range);
    }
    json.writeEndArray();
    strings(json, entry.superseded().stream().sorted().toList());
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, List<String> strings) throws IOException {
    json.writeStartArray();
    for (String string : strings) {
      json.writeString(string);
    }
    json.writeEndArray();
  }

  static List<TaskShare.Entry> parse(String text) {
    String plain = text.startsWith(GZIP) ? decompress(text.substring(GZIP.length())) : text;
    List<TaskShare.Entry> entries = new ArrayList<>();
    try (JsonParser json = JSON.createParser(plain)) {
      expect(json, JsonToken.START_ARRAY);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        entries.add(
            json.currentToken() == JsonToken.VALUE_STRING
                ? new TaskShare.Entry(json.getText(), RangePlan.whole(), List.of(0), Set.of())
                : entry(json));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private static TaskShare.Entry entry(JsonParser json) throws IOException {
    expect(json, JsonToken.VALUE_STRING);
    String unit = json.getText();
    RangePlan plan = new RangePlan(strings(json));
    List<Integer> ranges = strings(json).stream().map(Integer::valueOf).toList();
    Set<String> superseded = new HashSet<>(strings(json));
    expect(json, JsonToken.END_ARRAY);
    return new TaskShare.Entry(unit, plan, ranges, superseded);
  }

  private static List<String> strings(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    List<String> strings = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      strings.add(json.getText());
    }
    return strings;
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.nextToken() != token) {
      throw new IOException("a task's ranges are not as the connector wrote them");
    }
  }

  private static String compress(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return GZIP + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String decompress(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks that Connect can store a task's configuration.
   *
   * @throws ConnectException when it is too long
   */
  static void requireRoom(Map<String, String> config) {
    long bytes =
        config.entrySet().stream()
            .mapToLong(e -> bytes(e.getKey()) + bytes(e.getValue()) + "'':'',".length())
            .sum();
    if (bytes > MAX_CONFIG_BYTES) {
      throw new ConnectException(
          "a task's configuration would have %d bytes, and Kafka's default limit for a message allows %d: raise tasks.max, lower scan.ranges, or divide what is read among several connectors"
              .formatted(bytes, MAX_CONFIG_BYTES));
    }
  }

  /** As JSON text, in which Connect writes it. */
  private static long bytes(String text) {
    long quoted = text == null ? 0 : text.chars().filter(c -> c == '"' || c == '\\').count();
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length + quoted;
  }
}
