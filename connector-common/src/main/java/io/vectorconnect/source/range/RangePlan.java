package io.vectorconnect.source.range;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/**
 * How the keys of one collection are divided into ranges that are scanned separately.
 *
 * <p>n bounds make n + 1 ranges: up to and including the first bound, then from each bound
 * (excluded) to the next (included), and finally everything above. The connector makes the plan
 * once, and every source offset contains it. The plan does not depend on the number of tasks, which
 * may change at any time.
 *
 * @param bounds keys in the order of the store, as text
 */
public record RangePlan(List<String> bounds) {
  /** The largest number of ranges: as many offsets are looked up for a collection. */
  public static final int MAX_RANGES = 256;

  /** Below this, one range is as fast as many. */
  private static final long SMALL = 20_000;

  private static final long ROWS_PER_RANGE = 100_000;
  private static final int MAX_AUTOMATIC = 64;

  private static final JsonFactory JSON = new JsonFactory();

  /** Copies the bounds. */
  public RangePlan {
    bounds = List.copyOf(bounds);
    if (bounds.size() >= MAX_RANGES) {
      throw new IllegalArgumentException("more than " + MAX_RANGES + " ranges");
    }
  }

  /** All keys in one range. */
  public static RangePlan whole() {
    return new RangePlan(List.of());
  }

  /** The number of ranges that so many rows want, read by so many tasks at the most. */
  public static int automaticSize(long rows, int tasks) {
    if (rows < SMALL) {
      return 1;
    }
    return (int) Math.min(MAX_AUTOMATIC, Math.max(tasks, rows / ROWS_PER_RANGE + 1));
  }

  /** The number of ranges. */
  public int size() {
    return bounds.size() + 1;
  }

  /** The ranges, in order. */
  public List<KeyRange> ranges() {
    List<KeyRange> ranges = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      ranges.add(
          new KeyRange(
              i, i == 0 ? null : bounds.get(i - 1), i == bounds.size() ? null : bounds.get(i)));
    }
    return ranges;
  }

  /** The number of the range in which a key lies, by the store's order of keys. */
  public int rangeOf(String key, Comparator<String> order) {
    int low = 0;
    int high = bounds.size();
    while (low < high) { // the first bound that is not below the key
      int middle = (low + high) >>> 1;
      if (order.compare(bounds.get(middle), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * A short name of the plan: the first 8 bytes of the SHA-256 of {@link #toJson}, in hexadecimal.
   */
  public String fingerprint() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(toJson().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /** The form that a plan has in an offset: a JSON array of its bounds. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartArray();
      for (String bound : bounds) {
        generator.writeString(bound);
      }
      generator.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * Reads {@link #toJson} back.
   *
   * @throws DataException when the text is no plan
   */
  public static RangePlan fromJson(String json) {
    List<String> bounds = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      boolean array = parser.nextToken() == JsonToken.START_ARRAY;
      while (array && parser.nextToken() == JsonToken.VALUE_STRING) {
        bounds.add(parser.getText());
      }
      if (!array || parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
        throw new DataException("a range plan is a JSON array of strings");
      }
    } catch (IOException e) {
      throw new DataException("a range plan is a JSON array of strings", e);
    }
    if (bounds.size() >= MAX_RANGES) {
      throw new DataException("a range plan has at most " + MAX_RANGES + " ranges");
    }
    return new RangePlan(bounds);
  }
}
