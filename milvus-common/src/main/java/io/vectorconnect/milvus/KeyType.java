package io.vectorconnect.milvus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The two types of primary keys: their order in Milvus, and filters for them.
 *
 * <p>A filter about a field that no filter can name is a {@link
 * org.apache.kafka.connect.errors.ConnectException}: see {@link Filter#name}.
 */
public enum KeyType {
  INT64 {
    @Override
    public int compare(String a, String b) {
      return Long.compare(Long.parseLong(a), Long.parseLong(b));
    }

    @Override
    public Optional<String> above(String field, String key) {
      long value = Long.parseLong(key);
      // By >=, which needs no literal for the smallest number.
      return value == Long.MAX_VALUE
          ? Optional.empty()
          : Optional.of(Filter.name(field) + " >= " + (value + 1));
    }

    @Override
    public String upTo(String field, String key) {
      long value = Long.parseLong(key);
      String name = Filter.name(field);
      return value == Long.MIN_VALUE ? name + " < " + (value + 1) : name + " <= " + value;
    }

    @Override
    public String any(String field) {
      String name = Filter.name(field);
      return name + " < 0 or " + name + " >= 0";
    }
  },

  VARCHAR {
    @Override
    public int compare(String a, String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> above(String field, String key) {
      return Optional.of(Filter.name(field) + " > " + Filter.literal(key));
    }

    @Override
    public String upTo(String field, String key) {
      return Filter.name(field) + " <= " + Filter.literal(key);
    }

    @Override
    public String any(String field) {
      return Filter.name(field) + " >= " + Filter.literal("");
    }
  };

  /** The order in which Milvus sorts keys: strings by their UTF-8 bytes. */
  public abstract int compare(String a, String b);

  /** The filter for keys above {@code key}, or empty when there can be none. */
  public abstract Optional<String> above(String field, String key);

  /** The filter for keys up to and including {@code key}. */
  public abstract String upTo(String field, String key);

  /** A filter that every key passes; an empty one is refused by some servers. */
  public abstract String any(String field);

  /**
   * The filter for the rows of these keys: the one form of filter by which every server deletes.
   *
   * @param keys Longs or Strings
   */
  public String anyOf(String field, Iterator<?> keys) {
    List<String> literals = new ArrayList<>();
    keys.forEachRemaining(
        key ->
            literals.add(
                key instanceof String text ? Filter.literal(text) : Filter.literal((Long) key)));
    return Filter.in(field, literals);
  }
}
